"""What a token is called in the files of the lexical arm: 64 bits of a hash, so that a vocabulary is one sorted, memory-mapped array.

A dictionary of all tokens would cost a reader a hundred bytes a token and seconds at every start. Two tokens that share a hash count
as one token; among ten million tokens that happens with a probability of 3 in a million.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np


def term_of(token: str) -> int:
    """The term of a token, in [0, 2**64)."""
    return int.from_bytes(hashlib.blake2b(token.encode(errors="surrogatepass"), digest_size=8).digest(), "big")


def places_of(tokens: Sequence[str], terms: np.ndarray) -> list[int]:
    """Where the tokens stand in `terms` (uint64, ascending), in their order; tokens that are not there are left out."""
    if not len(terms) or not tokens:
        return []
    wanted = np.array([term_of(token) for token in tokens], dtype=np.uint64)
    places = np.minimum(np.searchsorted(terms, wanted), len(terms) - 1)
    return places[terms[places] == wanted].tolist()
