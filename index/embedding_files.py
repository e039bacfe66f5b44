"""A generation's embeddings, and its tokens' codes, as a build writes them: what is known is copied, the rest is embedded."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from index import units
from index.answers import AnswerStore
from index.arrays import make_array, map_array, refuse_no_directions
from index.embed import embed_units, read_again
from index.encoder import TextEncoder
from index.generation import IndexFolder
from index.manifest import Generation, IndexFolderError
from index.progress import Progress
from index.resume import InterruptedWork
from index.steps import Hook, Step
from index.token_codes import width_of
from index.token_vectors import TokenVectors, TokenWriter
from index.units import EMBEDDINGS, QUESTION, Unit, units_of

_CHUNK = 1024  # texts sorted by length together, so that a batch pads little
_PIECE = 256  # texts after which the progress is told and kept; with 64 the cores wait for each other a twentieth of the time
_COPIED = 65_536  # units


@dataclass(frozen=True, slots=True)
class Embedding:
    """How the embeddings of a build came about.

    Attributes:
        reused: units that were copied from the last generation.
        resumed: units that an interrupted build had left.
    """

    reused: int
    resumed: int


def write_embeddings(
    store: AnswerStore,
    table: np.ndarray,
    index: IndexFolder,
    encoder: TextEncoder,
    work: InterruptedWork,
    staging: Path,
    *,
    progress: Progress,
    tokens: bool,
) -> Embedding:
    """Write `embeddings.npy` [units, dimension], and the codes of tokens beside it.

    Args:
        store: the staged records.
        table: their units (`index.units.UNIT`).
        index: its published generation may have embeddings under the same content hashes.
        encoder: embeds what is not known.
        work: what an interrupted build has left, and where this one's lies in case.
        staging: the folder to write in.
        progress: told of the units.
        tokens: keep the codes of tokens; the encoder gives their vectors.

    Raises:
        IndexFolderError: the encoder gives what is no embedding.
        OSError: the disk is full.
    """
    progress.start("编码", len(table))
    wanted = _of_records_that_ask(table) if tokens else np.zeros(len(table), dtype=bool)
    firsts = _first_alike(table["hash"])
    needed = np.zeros(len(table), dtype=bool)
    np.logical_or.at(needed, firsts, wanted)  # one text may stand in a record that asks and in one that does not
    needed = needed[firsts]
    old = _reusable(index, encoder)
    embeddings = make_array(staging / EMBEDDINGS, (len(table), encoder.dimension))
    old_tokens = TokenVectors.of_generation(old) if old is not None else None
    with closing(TokenWriter(staging, len(table), width_of(encoder.dimension), old_tokens)) as writer:
        reused = np.zeros(len(table), dtype=bool)
        if old is not None:
            reused = _copy_known(table, needed, old, old_tokens, embeddings, writer)
            progress.advance(int(reused.sum()))
        embedder = _Embedder(encoder, work, progress, index.hook, embeddings, writer)
        for number, unit in enumerate(unit for record in store for unit in units_of(record)):
            if not reused[number] and firsts[number] == number:
                embedder.put(number, replace(unit, with_tokens=bool(needed[number])))
        embedder.finish()
        repeats = np.flatnonzero(~reused & (firsts != np.arange(len(table))))
        for start in range(0, len(repeats), _COPIED):
            piece = repeats[start : start + _COPIED]
            embeddings[piece] = embeddings[firsts[piece]]
            writer.repeat(piece, firsts[piece])
        progress.advance(len(repeats))
        if tokens:
            writer.write(wanted)
    for start in range(0, len(embeddings), _COPIED):
        refuse_no_directions(embeddings[start : start + _COPIED], start)
    embeddings.flush()
    return Embedding(int(reused.sum()), embedder.resumed)


def _of_records_that_ask(table: np.ndarray) -> np.ndarray:
    """Which units are of a record that has a question; bool [units]."""
    asks = np.zeros(int(table["row"].max(initial=0)) + 1, dtype=bool)
    asks[table["row"][table["kind"] == QUESTION]] = True
    return asks[table["row"]]


def _first_alike(hashes: np.ndarray) -> np.ndarray:
    """For each unit the first one that has the same content hash, itself where it is the first; int64 [units]."""
    order = np.argsort(hashes, kind="stable")
    ordered = hashes[order]
    is_first = np.ones(len(hashes), dtype=bool)
    is_first[1:] = ordered[1:] != ordered[:-1]
    firsts = np.empty(len(hashes), dtype=np.int64)
    firsts[order] = order[np.maximum.accumulate(np.where(is_first, np.arange(len(hashes)), 0))]
    return firsts


def _reusable(index: IndexFolder, encoder: TextEncoder) -> Generation | None:
    """The published generation, where it was built with the same encoder."""
    try:
        # Hashed anew: damage that a stamp hides would be sealed into the new generation as right.
        old = index.open(thorough=True)
    except IndexFolderError:
        return None
    return old if old.manifest.encoder["fingerprint"] == encoder.fingerprint else None


def _copy_known(
    table: np.ndarray,
    needed: np.ndarray,
    old: Generation,
    old_tokens: TokenVectors | None,
    embeddings: np.ndarray,
    writer: TokenWriter,
) -> np.ndarray:
    """Copy what the old generation has of unchanged units, with the codes where those are needed; bool [units]: which were."""
    old_table = map_array(old.path / units.FILE)
    if not len(old_table):
        return np.zeros(len(table), dtype=bool)
    old_embeddings = map_array(old.path / EMBEDDINGS)
    has_codes = np.diff(old_tokens.starts) > 0 if old_tokens is not None else np.zeros(len(old_table), dtype=bool)
    order = np.lexsort((~has_codes, old_table["hash"]))  # of units with one hash, one with codes comes first
    hashes = old_table["hash"][order]
    places = np.minimum(np.searchsorted(hashes, table["hash"]), len(hashes) - 1)
    copied = (hashes[places] == table["hash"]) & (has_codes[order[places]] | ~needed)
    for start in range(0, len(table), _COPIED):
        piece = np.flatnonzero(copied[start : start + _COPIED]) + start
        embeddings[piece] = old_embeddings[order[places[piece]]]
        of_tokens = piece[needed[piece]]
        writer.copy(of_tokens, order[places[of_tokens]])
    return copied


class _Embedder:
    """Encodes units a chunk at a time, keeps what it has done for a build that may have to go on, and tells how far it is."""

    def __init__(
        self,
        encoder: TextEncoder,
        work: InterruptedWork,
        progress: Progress,
        hook: Hook,
        embeddings: np.ndarray,
        writer: TokenWriter,
    ) -> None:
        self.resumed = 0
        self._encoder = encoder
        self._work = work
        self._progress = progress
        self._hook = hook
        self._embeddings = embeddings
        self._writer = writer
        self._waiting: list[tuple[int, Unit]] = []

    def put(self, number: int, unit: Unit) -> None:
        """Take the unit of this number; it is encoded together with others."""
        self._waiting.append((number, unit))
        if len(self._waiting) == _CHUNK:
            self.finish()

    def finish(self) -> None:
        """Encode what waits, shortest first, in pieces small enough for the progress bar to move."""
        waiting, self._waiting = self._waiting, []
        done = self._work.get([unit.hash for _, unit in waiting])
        left: list[tuple[int, Unit]] = []
        for number, unit in waiting:
            kept = done.get(unit.hash)
            if kept is None or (unit.with_tokens and kept.codes is None):
                left.append((number, unit))
                continue
            self._embeddings[number] = kept.vector
            if kept.codes is not None:
                self._writer.put(number, read_again(unit, kept.codes))
            self.resumed += 1
        self._progress.advance(len(waiting) - len(left))
        for places, vectors, codes in embed_units(self._encoder, [unit for _, unit in left], _PIECE):
            self._embeddings[[left[place][0] for place in places]] = vectors
            for place, one in zip(places, codes or (), strict=codes is not None):
                self._writer.put(left[place][0], read_again(left[place][1], one))
            self._work.put([left[place][1].hash for place in places], vectors, codes)
            self._progress.advance(len(places))
            self._hook(Step.EMBEDDED)
