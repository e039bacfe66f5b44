"""An encoder without weights: character bigrams hashed into a vector. Texts that share bigrams are near each other."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np


class StubEncoder:
    name = "stub"
    dimension = 64
    prompts = {"query": "", "document": ""}
    max_tokens = 512

    def __init__(self, fingerprint: str = "stub-1") -> None:
        self.fingerprint = fingerprint
        self.encoded: list[str] = []

    def encode_questions(self, questions: Sequence[str]) -> np.ndarray:
        return self._encode(questions)

    def encode_passages(self, passages: Sequence[str]) -> np.ndarray:
        return self._encode(passages)

    def encode_question_tokens(self, questions: Sequence[str]) -> list[np.ndarray]:
        return self._tokens(questions)

    def encode_passage_tokens(self, passages: Sequence[str]) -> list[np.ndarray]:
        return self._tokens(passages)

    def _tokens(self, texts: Sequence[str]) -> list[np.ndarray]:
        """A bigram is a token."""
        return [self._encode([text[at : at + 2] for at in range(max(len(text) - 1, 1))]) for text in texts]

    def _encode(self, texts: Sequence[str]) -> np.ndarray:
        self.encoded += texts
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in enumerate(texts):
            for at in range(max(len(text) - 1, 1)):
                vectors[row, zlib.crc32(text[at : at + 2].encode()) % self.dimension] += 1
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
