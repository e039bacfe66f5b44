"""BM25 as sparse vectors that we compute: a document's weights, so that the inner product with a question's tokens is its score.

An engine's own BM25 counts how common a word is by segment, so a record's score depends on where it lies and changes with every
upsert. These weights are those of `index.words` (Lucene's variant, k1 1.5, b .75; Kamphuis et al., "Which BM25 Do You Mean?",
ECIR 2020): the scores are the same as of the local index, up to rounding.

A token's dimension is a hash of it, so that neither builder nor reader needs a vocabulary. Two of n tokens share a dimension n times
in 2**32: among a million tokens one in about 4,300 does, and then both count as one.
"""

from __future__ import annotations

import hashlib
import math
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from index.postings import K1, B

#: No token has it; a document without tokens is stored with it, since a sparse vector must not be empty.
NO_TOKEN = 0

_LARGEST = 2**32 - 2  # the highest dimension that Milvus takes
_TERM = np.dtype([("dimension", "<u4"), ("count", "<u4")])


@lru_cache(maxsize=1 << 17)
def dimension_of(token: str) -> int:
    """The dimension of a token, in [1, 2**32 - 2]."""
    digest = hashlib.blake2b(token.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return 1 + int.from_bytes(digest, "little") % _LARGEST


def question_vector(tokens: Sequence[str], synonyms: Sequence[str] = (), synonym_weight: float = 0.0) -> dict[int, float]:
    """What a document's vector is multiplied with: 1 for every token as often as it stands there, and the synonyms' share."""
    weights: dict[int, float] = {}
    for words, weight in ((tokens, 1.0), (synonyms, synonym_weight)):
        for token in words:
            dimension = dimension_of(token)
            weights[dimension] = weights.get(dimension, 0.0) + weight
    return weights


class DocumentWeights:
    """The sparse vectors of a corpus, made in two passes, since a weight depends on all documents.

    The first pass (`add`) leaves the counts in a file; what is held in memory is the document frequency of each dimension and a
    length for each document.
    """

    def __init__(self, path: Path) -> None:
        """With a file for the counts, which is made anew."""
        self._path = path
        self._file = path.open("wb")
        self._frequency: Counter[int] = Counter()
        self._lengths = array("L")
        self._terms = array("L")

    def add(self, tokens: Sequence[str]) -> None:
        """Count the next document."""
        counts = Counter(map(dimension_of, tokens))
        self._frequency.update(counts.keys())
        self._lengths.append(len(tokens))
        self._terms.append(len(counts))
        self._file.write(np.array(list(counts.items()), dtype=_TERM).tobytes())

    def __iter__(self) -> Iterator[dict[int, float]]:
        """The vector of each document in the order added, when all are."""
        self._file.close()
        documents = len(self._lengths)
        mean_length = max(sum(self._lengths) / max(documents, 1), 1e-9)
        with self._path.open("rb") as file:
            for length, count in zip(self._lengths, self._terms, strict=True):
                terms = np.frombuffer(file.read(count * _TERM.itemsize), dtype=_TERM)
                scale = K1 * (1 - B + B * length / mean_length)
                yield {
                    int(dimension): self._idf(int(dimension), documents) * float(times) / (float(times) + scale)
                    for dimension, times in terms.tolist()
                } or {NO_TOKEN: 1.0}

    def _idf(self, dimension: int, documents: int) -> float:
        frequency = self._frequency[dimension]
        return math.log(1 + (documents - frequency + 0.5) / (frequency + 0.5))
