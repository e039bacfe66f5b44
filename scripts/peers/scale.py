"""Our search among many more records than there are: what a question costs at 100,000.

The records are made of sentences of real ones, drawn by a seed, and get vectors between real passages' instead of their own: nothing is learnt
here about quality, and embedding them all would take half an hour. What a question costs does not depend on what the vectors say.
"""

from __future__ import annotations

import itertools
import random
import sys
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from corpus.record import DoctorAnswer, content_id
from corpus.segment import sentences
from index.build import build_index
from index.encoder import TextEncoder
from peers.ours import Ours
from peers.task import Task

_NOISE = 0.5  # length of what is added to the middle of two passages' vectors, before it is brought back to length 1
_SAMPLE = 256


class BlendingEncoder:
    """The product's encoder for questions; a passage gets a vector between two real passages' by the hash of its text."""

    def __init__(self, encoder: TextEncoder, passages: Sequence[str]) -> None:
        self.name, self.dimension, self.fingerprint = encoder.name, encoder.dimension, encoder.fingerprint
        self.prompts, self.max_tokens = encoder.prompts, encoder.max_tokens
        self._encoder = encoder
        self._real = encoder.encode_passages(passages)

    def encode_questions(self, questions: Sequence[str]) -> np.ndarray:
        """As the encoder does."""
        return self._encoder.encode_questions(questions)

    def encode_passages(self, passages: Sequence[str]) -> np.ndarray:
        """float32 array [len(passages), dimension]; rows have length 1 and depend on the text alone."""
        vectors = np.empty((len(passages), self.dimension), np.float32)
        for row, text in enumerate(passages):
            draw = np.random.default_rng(zlib.crc32(text.encode()))
            noise = draw.standard_normal(self.dimension) * _NOISE / np.sqrt(self.dimension)
            vectors[row] = self._real[draw.integers(len(self._real), size=2)].mean(axis=0) + noise
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def more_records(records: Sequence[DoctorAnswer], count: int, seed: int = 0) -> Iterator[DoctorAnswer]:
    """The records, then others up to `count`, each of as many sentences as a real one has, drawn from two others."""
    draw = random.Random(seed)  # noqa: S311 - a draw, not a secret
    cut = [[span.text for span in sentences(record.answer)] for record in records]
    yield from itertools.islice(records, count)
    for number in range(len(records), count):
        one, other, length = draw.choice(cut), draw.choice(cut), len(draw.choice(cut))
        # The number keeps a record that is drawn twice apart.
        answer = "\n".join([*draw.choices([*one, *other], k=length), f"第{number}条。"])
        yield DoctorAnswer(content_id("answer", "", answer, None, None), "", answer, "filler")


class OursAmongMany(Ours):
    """The product over `count` records; only questions are of interest."""

    def __init__(self, count: int, encoder: TextEncoder | None = None) -> None:
        super().__init__(encoder)
        self._count = count

    def build(self, folder: Path) -> dict[str, float]:
        """The task's records and made-up ones."""
        assert self._encoder is not None
        records = list(self._task.benchmark().records())
        step = max(len(records) // _SAMPLE, 1)
        encoder = BlendingEncoder(self._encoder, [record.answer for record in records[::step][:_SAMPLE]])
        build_index(more_records(records, self._count), folder, encoder)
        return {}


def main(arguments: Sequence[str]) -> None:
    """`COUNT TASK INDEX`: build an index of so many records."""
    count, task_file, folder = arguments
    contestant = OursAmongMany(int(count))
    contestant.load(Task.load(Path(task_file)))
    contestant.build(Path(folder))


if __name__ == "__main__":
    main(sys.argv[1:])
