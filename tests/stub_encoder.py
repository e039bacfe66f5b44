"""An encoder without weights: character bigrams hashed into a vector, and each a token. Texts that share bigrams are near each other."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

DIMENSION = 64


class StubEncoder:
    name = "stub"
    dimension = DIMENSION
    prompts = {"query": "", "document": ""}
    max_tokens = 512
    gives_tokens = True

    def __init__(self, fingerprint: str = "stub-1") -> None:
        self.fingerprint = fingerprint
        self.encoded: list[str] = []

    def encode_questions(self, questions: Sequence[str]) -> np.ndarray:
        return self._encode(questions)

    def encode_passages(self, passages: Sequence[str]) -> np.ndarray:
        return self._encode(passages)

    def encode_questions_with_tokens(self, questions: Sequence[str]) -> tuple[np.ndarray, list[np.ndarray]]:
        return self.encode_questions(questions), tokens_of(questions)

    def encode_passages_with_tokens(self, passages: Sequence[str]) -> tuple[np.ndarray, list[np.ndarray]]:
        return self.encode_passages(passages), tokens_of(passages)

    def _encode(self, texts: Sequence[str]) -> np.ndarray:
        self.encoded += texts
        vectors = np.zeros((len(texts), DIMENSION), np.float32)
        for row, text in enumerate(texts):
            for bigram in bigrams_of(text):
                vectors[row, zlib.crc32(bigram) % DIMENSION] += 1
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)


def bigrams_of(text: str) -> list[bytes]:
    return [text[at : at + 2].encode() for at in range(max(len(text) - 1, 1))]


def tokens_of(texts: Sequence[str]) -> list[np.ndarray]:
    """A bigram is a token, with a direction of its own."""
    return [np.array([_token(bigram) for bigram in bigrams_of(text)], np.float32).reshape(-1, DIMENSION) for text in texts]


@lru_cache(maxsize=10_000)
def _token(bigram: bytes) -> np.ndarray:
    vector = np.random.default_rng(zlib.crc32(bigram)).standard_normal(DIMENSION)
    return vector / np.linalg.norm(vector)
