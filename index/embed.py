"""Units to what an index keeps of them: a vector each, and the codes of their tokens where a second look will read them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from index.encoder import TextEncoder, token_encoder
from index.token_codes import encode
from index.units import PASSAGE, QUESTION, QUESTION_TOKENS, Unit


class Embedded(NamedTuple):
    """Some units, embedded together.

    Attributes:
        places: where they stand among those that were asked for.
        vectors: float32 [units, dimension]; rows have length 1.
        codes: of each unit's tokens, uint8 [tokens, width] (`index.token_codes`); None where they are not kept.
    """

    places: list[int]
    vectors: np.ndarray
    codes: list[np.ndarray] | None


def read_again(unit: Unit, codes: np.ndarray) -> np.ndarray:
    """What an index keeps of the codes of a unit's tokens, uint8 [tokens, width]: of a question's the first `QUESTION_TOKENS`."""
    return codes[:QUESTION_TOKENS] if unit.kind == QUESTION else codes


def embed_units(encoder: TextEncoder, units: Sequence[Unit], piece: int) -> Iterator[Embedded]:
    """Embed units, at most `piece` together: those of one kind, shortest first, since a batch is padded to its longest.

    From an encoder that gives no vectors of tokens none are kept.
    """
    of_tokens = token_encoder(encoder)
    for kind in (QUESTION, PASSAGE):
        for with_tokens in (False, True):
            same = [place for place, unit in enumerate(units) if unit.kind == kind and unit.with_tokens == with_tokens]
            same.sort(key=lambda place: len(units[place].text))
            for start in range(0, len(same), piece):
                places = same[start : start + piece]
                texts = [units[place].text for place in places]
                if with_tokens and of_tokens is not None:
                    together = of_tokens.encode_questions_with_tokens if kind == QUESTION else of_tokens.encode_passages_with_tokens
                    vectors, tokens = together(texts)
                    yield Embedded(places, np.asarray(vectors, dtype=np.float32), [encode(one) for one in tokens])
                else:
                    alone = encoder.encode_questions if kind == QUESTION else encoder.encode_passages
                    yield Embedded(places, np.asarray(alone(texts), dtype=np.float32), None)
