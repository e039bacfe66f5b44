"""Which records are likely enough to answer a question: the list that is paged through, and that facets count.

A ranking has no end; a list that is counted needs one. A record belongs to it by the measure by which `Searcher` tells whether a
question is answered at all, and that measure looks at the record alone: so a filter takes records out of the list and never
brings others in, and a count beside an option is the length of the list after choosing it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corpus.clean import folded
from index.agreement import topics_of
from index.answers import Filters

if TYPE_CHECKING:
    from index.search import Candidates, Searcher

#: Share of the floor that is enough for a record which names what the question is about. Judged questions that a record answers, and that none
#: does (`tests/data/judgments.jsonl`, reporting half): 94.7 % answered and 25.0 % refused with 1/3, 94.4 and 28.1 with this, 90.4 and 38.3 without
#: (among 1,248 records).
NAMED = 1 / 2


def answering_rows(searcher: Searcher, prepared: str, filters: Filters | None = None) -> list[int]:
    """The rows, ascending, of the records that pass the filters and are likely to answer a prepared question.

    At most what both arms bring (`index.search.CANDIDATES` each). Without a calibration for the encoder, all of those.
    """
    found = searcher.candidates(prepared, filters)
    return found.rows[are_answering(searcher, found, prepared, filters)].tolist()


def are_answering(searcher: Searcher, found: Candidates, prepared: str, filters: Filters | None) -> np.ndarray:
    """Of a prepared question's candidates under these filters, which are likely to answer it, bool [candidates]; all, without a calibration.

    The likeliest that floors are measured by (`Searcher.floors`) is that of the whole index, so that a filter brings none in.
    """
    probabilities = searcher.probabilities(found)
    if probabilities is None:
        return np.ones(len(found.rows), dtype=bool)
    likeliest = searcher.best_probability(prepared) if filters else float(probabilities.max(initial=0.0))
    floors = searcher.floors(found, likeliest)
    passed = probabilities >= floors
    # Only a record that names what a question about health is about passes from a share of the floor; few need to be read for that.
    doubtful = np.flatnonzero(~passed & (probabilities >= floors * NAMED))
    if doubtful.size and found.health >= 0 and (topics := topics_of(prepared)):
        records = searcher.store.get(found.rows[doubtful].tolist())
        texts = [folded(f"{record.question}\n{record.answer}") for record in records]
        passed[doubtful] = [any(topic in text for topic in topics) for text in texts]
    return passed
