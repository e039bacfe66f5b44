"""An operator in a process of its own, who publishes, rolls back, and publishes what is damaged on the disk."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from multiprocessing.connection import Connection
from pathlib import Path

from corpus.record import DoctorAnswer
from index.build import build_index
from index.encoder import TextEncoder
from index.generation import IndexFolder
from index.steps import Step
from load_testing.editions import records_of

KEEP = 3
_SEED = 2_654_435_761  # a large odd number: the flipped bytes lie all over the files


class Act(StrEnum):
    """What an operator does to an index."""

    PUBLISH = "publish"
    ROLL_BACK = "roll back"
    #: A byte of the new generation flips after it is verified and before it becomes the published one.
    DAMAGE = "publish damaged"


@dataclass(frozen=True, slots=True)
class Done:
    """What an operator did.

    Attributes:
        act: what.
        generation: the one that CURRENT names since.
        detail: the damaged file; else empty.
        seconds: how long it took.
    """

    act: Act
    generation: str
    detail: str
    seconds: float


class OperatorError(RuntimeError):
    """The operator's process could not do what it was told."""


class Operator:
    """Does one thing at a time. Every publication is of a new edition; `editions` tells which generation holds which."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._edition = 0
        self.editions: dict[str, int] = {}

    def do(self, act: Act) -> Done:
        """Do it and wait.

        Raises:
            OperatorError: it could not be done.
        """
        if act is not Act.ROLL_BACK:
            self._edition += 1
        self._connection.send((act, self._edition))
        done = self._connection.recv()
        if not isinstance(done, Done):
            raise OperatorError(f"{act}: {done}")
        if act is not Act.ROLL_BACK:
            self.editions[done.generation] = self._edition
        return done


@contextmanager
def operator_of(index: Path, corpus: Sequence[DoctorAnswer], make_encoder: Callable[[], TextEncoder]) -> Iterator[Operator]:
    """An operator of an index folder, who builds from editions of a corpus.

    Args:
        index: the index folder.
        corpus: the records that editions are made of.
        make_encoder: called in the operator's process, so it must be a function of a module.
    """
    # A process, so that what a build takes is not counted as the readers' memory; spawned, since threads may run here.
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(there, index, list(corpus), make_encoder), daemon=True)
    process.start()
    there.close()
    try:
        yield Operator(here)
    finally:
        here.close()
        process.join(30)
        process.terminate()


def _serve(connection: Connection, index: Path, corpus: Sequence[DoctorAnswer], make_encoder: Callable[[], TextEncoder]) -> None:
    encoder = make_encoder()
    while True:
        try:
            act, edition = connection.recv()
        except (EOFError, OSError):
            return
        begin = time.monotonic()
        try:
            generation, detail = _do(act, edition, index, corpus, encoder)
            connection.send(Done(act, generation, detail, time.monotonic() - begin))
        except Exception as error:  # told to whoever gave the order
            connection.send(f"{type(error).__name__}: {error}")


def _do(act: Act, edition: int, index: Path, corpus: Sequence[DoctorAnswer], encoder: TextEncoder) -> tuple[str, str]:
    if act is Act.ROLL_BACK:
        return IndexFolder(index).rollback().name, ""
    folder = IndexFolder(index)
    damaged: list[str] = []

    def hook(step: Step) -> None:
        if act is Act.DAMAGE and step is Step.NAMED:
            damaged.append(_flip_a_byte(folder.generations_path / folder.names()[0], edition))

    folder.hook = hook
    built = build_index(records_of(edition, corpus), folder, encoder, keep=KEEP, sources=[f"edition {edition}"])
    return built.generation.name, "".join(damaged)


def _flip_a_byte(generation: Path, number: int) -> str:
    """Flip one bit in one of a generation's files, another one for each number; gives the file's name."""
    files = sorted(path for path in generation.rglob("*") if path.is_file() and path.stat().st_size)
    file = files[number % len(files)]
    at = number * _SEED % file.stat().st_size
    with file.open("r+b") as content:
        content.seek(at)
        byte = content.read(1)[0]
        content.seek(at)
        content.write(bytes([byte ^ 1 << number % 8]))
    return f"{file.relative_to(generation)}, byte {at}"
