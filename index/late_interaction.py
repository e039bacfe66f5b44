"""A second look at the best candidates: how much of a question's words a record takes up, each word read in its context.

Every token of the question seeks the token of the record that is nearest to it, and the mean of these cosines is how much of the question
the record takes up (MaxSim: Khattab and Zaharia, "ColBERT: Efficient and Effective Passage Search via Contextualized Late Interaction over
BERT", SIGIR 2020). One vector a text forgets what stands beside the subject (since when, after what, in whom); this does not. The tokens are those
of the encoder that embeds, which was not trained for it: training a projection of them on graded lists made it worse (`docs/RANKING.md`).

A record is read as its question and the passage that fits best. The vectors of their tokens come from the pass that embedded them and lie in the
index (`index.token_vectors`), those of the question asked from the pass that embeds it: a second look encodes nothing. Only records with a
question of their own are looked at again: on answers that stand alone it gains nothing, and a text with a question takes up more by being longer.
And none changes places with one that is worth more to the asker, or of a better kind: it was tried, and whom a record is for was told worse.
"""

from __future__ import annotations

import numpy as np

#: How many of the best candidates are looked at again, and how much the likeness counts beside a fused score in [0, 1]. Twice the weight is .5 better
#: of nDCG@10 on the judged questions and worth nothing on others that readers compared blindly: what repeats the question at length comes first.
LOOKED_AT = 8
WEIGHT = 4.0


def taken_up(question: np.ndarray, record: np.ndarray) -> float:
    """The mean over the question's tokens of the cosine with the nearest of the record's; 0 where either has none.

    Args:
        question: float32 [tokens, dimension], rows of length 1.
        record: float32 [tokens, dimension], rows of any length but 0.
    """
    if not len(question) or not len(record):
        return 0.0
    similarity = question @ record.T
    similarity /= np.sqrt(np.einsum("ij,ij->i", record, record))
    return float(similarity.max(axis=1).mean())


def second_look(scores: np.ndarray, alike: np.ndarray) -> np.ndarray:
    """The same scores given out in another order: to the candidates by their score and their likeness together, float64 [candidates].

    So whatever is looked at again stays before what is not, and the score of a place keeps its meaning beside the others.

    Args:
        scores: fused scores of the candidates that may change places.
        alike: how much of the question each takes up.
    """
    given = np.empty_like(scores, dtype=np.float64)
    given[np.argsort(-(scores + WEIGHT * alike), kind="stable")] = np.sort(scores)[::-1]
    return given
