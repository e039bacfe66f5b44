"""Texts and units to what an index keeps of them: a vector each, and the codes of their tokens where a second look will read them."""

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


def embed_texts(
    encoder: TextEncoder, texts: Sequence[str], *, is_question: bool, with_tokens: bool
) -> tuple[np.ndarray, list[np.ndarray] | None]:
    """Embed questions or passages.

    Returns:
        (vectors, float32 [texts, dimension]; the codes of each text's tokens, uint8 [tokens, width], None where they are not wanted or the
        encoder gives no vectors of tokens).
    """
    of_tokens = token_encoder(encoder) if with_tokens else None
    if of_tokens is None:
        alone = encoder.encode_questions if is_question else encoder.encode_passages
        return np.asarray(alone(texts), dtype=np.float32), None
    together = of_tokens.encode_questions_with_tokens if is_question else of_tokens.encode_passages_with_tokens
    vectors, tokens = together(texts)
    return np.asarray(vectors, dtype=np.float32), [encode(one) for one in tokens]


def embed_units(encoder: TextEncoder, units: Sequence[Unit], piece: int) -> Iterator[Embedded]:
    """Embed units, at most `piece` together: those of one kind, shortest first, since a batch is padded to its longest.

    From an encoder that gives no vectors of tokens none are kept.
    """
    for kind in (QUESTION, PASSAGE):
        for with_tokens in (False, True):
            same = [place for place, unit in enumerate(units) if unit.kind == kind and unit.with_tokens == with_tokens]
            same.sort(key=lambda place: len(units[place].text))
            for start in range(0, len(same), piece):
                places = same[start : start + piece]
                texts = [units[place].text for place in places]
                yield Embedded(places, *embed_texts(encoder, texts, is_question=kind == QUESTION, with_tokens=with_tokens))
