"""Posting lists on the disk: for every term the records that have it and what it adds to their BM25 score.

Written in one pass over the documents with bounded memory: counts go to spool files, one for each range of terms, and each range
is then sorted by itself. What stays in memory is the vocabulary (some hundred bytes a term) and four bytes a document. The
weights are bm25s's own, bit for bit.
"""

from __future__ import annotations

import contextlib
import json
import logging
import shutil
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import bm25s
import numpy as np
from bm25s.scoring import _score_idf_lucene, _score_tfc_lucene

from index.arrays import map_array
from index.terms import term_of

TERMS, STARTS, ROWS, WEIGHTS, PEAKS, ABOUT = "terms.npy", "starts.npy", "rows.npy", "weights.npy", "peaks.npy", "words.json"
K1, B = 1.5, 0.75

#: Spool files, a power of two: a sixty-fourth of all postings is sorted in memory at a time (about 40 bytes a posting).
_RANGES = 64
#: Postings that are counted before they go to the spool files.
_SPOOLED = 1 << 21

logging.getLogger("bm25s").setLevel(logging.WARNING)  # it sets itself to DEBUG and reports every step

_SPOOL = ".spool"
_POSTING = np.dtype([("term", "<i4"), ("row", "<i4"), ("count", "<i4")])


@dataclass(frozen=True, slots=True)
class Postings:
    """The posting lists of an index, memory-mapped; term t's list is `rows[starts[t]:starts[t + 1]]`.

    Attributes:
        documents: how many documents were indexed.
        terms: `term_of` each token, ascending, uint64 [terms].
        starts: int64 [terms + 1].
        rows: row numbers, ascending within a list, int32 [postings].
        weights: what the term adds to the row's score, float32 [postings].
        peaks: the highest weight of each list, float32 [terms].
    """

    documents: int
    terms: np.ndarray
    starts: np.ndarray
    rows: np.ndarray
    weights: np.ndarray
    peaks: np.ndarray

    def weights_of(self, term: int, rows: np.ndarray) -> np.ndarray:
        """What a term adds to each of these rows (int32, ascending), float32 [rows]."""
        start, end = int(self.starts[term]), int(self.starts[term + 1])
        places = np.searchsorted(self.rows[start:end], rows)
        places[places == end - start] = 0
        places += start
        return np.where(self.rows[places] == rows, self.weights[places], np.float32(0))


def open_postings(folder: Path) -> Postings:
    """Memory-map the posting lists of a folder, also those that bm25s itself saved (index format 2)."""
    if not (folder / ABOUT).exists():
        return _of_bm25s(folder)
    arrays = (map_array(folder / name) for name in (TERMS, STARTS, ROWS, WEIGHTS, PEAKS))
    return Postings(int(json.loads((folder / ABOUT).read_bytes())["documents"]), *arrays)


def _of_bm25s(folder: Path) -> Postings:
    bm25 = bm25s.BM25.load(folder, mmap=True, allow_pickle=False, show_progress=False)
    data, indices, indptr = (np.asarray(bm25.scores[name]) for name in ("data", "indices", "indptr"))
    # bm25s adds an empty token that has no list; its lists are in the order of its own numbers, here they must be in that of the terms.
    tokens = {token: number for token, number in bm25.vocab_dict.items() if number < len(indptr) - 1}
    terms = np.array([term_of(token) for token in tokens], dtype=np.uint64)
    order = np.argsort(terms)
    numbers = np.fromiter(tokens.values(), dtype=np.int64, count=len(tokens))[order]
    lengths = np.diff(indptr)[numbers]
    starts = np.concatenate([[0], np.cumsum(lengths)])
    takes = np.repeat(indptr[numbers] - starts[:-1], lengths) + np.arange(starts[-1])
    weights = data[takes]
    return Postings(int(bm25.scores["num_docs"]), terms[order], starts, indices[takes], weights, _peaks(weights, starts))


def write_postings(documents: Iterable[Sequence[str]], folder: Path) -> None:
    """Write the posting lists of the documents' tokens, rows from 0 in their order.

    Raises:
        OSError: the disk is full.
    """
    spool = folder / _SPOOL
    spool.mkdir(parents=True)
    try:
        counts = _Counts(spool)
        for document in documents:
            counts.add(document)
        counts.close()
        _write_lists(counts, folder)
    finally:
        shutil.rmtree(spool, ignore_errors=True)


class _Counts:
    """How often each document has each token, in spool files by ranges of terms, each in the order of the documents.

    Attributes:
        terms: of each token in the order of first appearance.
        lengths: tokens of each document.
        frequencies: how many documents have each token, int64, by the order of first appearance.
    """

    def __init__(self, spool: Path) -> None:
        self.terms = array("Q")
        self.lengths = array("i")
        self.frequencies = np.zeros(0, dtype=np.int64)
        self._numbers: dict[str, int] = {}
        self._by_term: dict[int, int] = {}
        self._waiting = array("i")
        self._files = contextlib.ExitStack()
        self._paths = [spool / f"{number:03}" for number in range(_RANGES)]
        self._spools: list[BinaryIO] = [self._files.enter_context(path.open("wb")) for path in self._paths]

    def add(self, tokens: Sequence[str]) -> None:
        """Count the next document."""
        row = len(self.lengths)
        self.lengths.append(len(tokens))
        for number, count in Counter([self._number(token) for token in tokens]).items():
            self._waiting.extend((number, row, count))
        if len(self._waiting) >= 3 * _SPOOLED:
            self._spool()

    def _number(self, token: str) -> int:
        number = self._numbers.get(token)
        if number is None:
            term = term_of(token)
            number = self._by_term.setdefault(term, len(self.terms))
            if number == len(self.terms):
                self.terms.append(term)
            self._numbers[token] = number
        return number

    def _spool(self) -> None:
        postings = np.frombuffer(self._waiting, dtype=_POSTING)
        ranges = _range_of(np.frombuffer(self.terms, dtype=np.uint64))[postings["term"]]
        added = np.bincount(postings["term"], minlength=len(self.terms))
        added[: len(self.frequencies)] += self.frequencies
        self.frequencies = added
        postings = postings[np.argsort(ranges, kind="stable")]
        ends = np.cumsum(np.bincount(ranges, minlength=_RANGES))
        for file, piece in zip(self._spools, np.split(postings, ends[:-1]), strict=True):
            file.write(piece.tobytes())
        self._waiting = array("i")

    def close(self) -> None:
        """What was counted is on the disk."""
        if self._waiting:
            self._spool()
        self._files.close()

    def ranges(self) -> Iterator[np.ndarray]:
        """The postings [postings] of each range of terms, in the order of the terms."""
        for path in self._paths:
            yield np.fromfile(path, dtype=_POSTING)
            path.unlink()


def _range_of(terms: np.ndarray) -> np.ndarray:
    return (terms >> np.uint64(64 - _RANGES.bit_length() + 1)).astype(np.uint8)


def _write_lists(counts: _Counts, folder: Path) -> None:
    """Sort each range by term and write it, with the weights that the whole corpus gives."""
    terms = np.frombuffer(counts.terms, dtype=np.uint64) if counts.terms else np.zeros(0, dtype=np.uint64)
    order = np.argsort(terms)
    place_of = np.empty(len(order), dtype=np.int32)
    place_of[order] = np.arange(len(order), dtype=np.int32)
    starts = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(counts.frequencies[order])])
    documents = len(counts.lengths)
    lengths = np.frombuffer(counts.lengths, dtype=np.int32) if documents else np.zeros(0, dtype=np.int32)
    mean = lengths.astype(np.int64).mean() if documents else 0.0
    idf = np.array([_score_idf_lucene(int(frequency), documents) for frequency in counts.frequencies], dtype=np.float32)
    peaks = np.zeros(len(terms), dtype=np.float32)
    with _array_file(folder / ROWS, np.dtype("<i4"), starts[-1]) as rows, _array_file(folder / WEIGHTS, np.dtype("<f4"), starts[-1]) as out:
        first = 0
        for postings in counts.ranges():
            if not len(postings):
                continue
            postings = postings[np.argsort(place_of[postings["term"]], kind="stable")]
            # As bm25s computes it: a float32 idf times a share in float64, rounded once to float32.
            share = _score_tfc_lucene(postings["count"].astype(np.float32), lengths[postings["row"]], mean, K1, B)
            weights = (idf[postings["term"]] * share).astype(np.float32)
            rows.write(postings["row"].tobytes())
            out.write(weights.tobytes())
            last = int(place_of[postings["term"][-1]]) + 1
            peaks[first:last] = _peaks(weights, starts[first : last + 1] - starts[first])
            first = last
    np.save(folder / TERMS, terms[order], allow_pickle=False)
    np.save(folder / STARTS, starts, allow_pickle=False)
    np.save(folder / PEAKS, peaks, allow_pickle=False)
    (folder / ABOUT).write_text(json.dumps({"documents": documents, "method": "lucene", "k1": K1, "b": B}) + "\n", encoding="ascii")


def _peaks(weights: np.ndarray, starts: np.ndarray) -> np.ndarray:
    return np.maximum.reduceat(weights, starts[:-1]) if len(weights) else np.zeros(0, dtype=np.float32)


@contextlib.contextmanager
def _array_file(path: Path, dtype: np.dtype, length: int) -> Iterator[BinaryIO]:
    """An .npy file whose content is written piece by piece. No map: writing into one kills the process when the disk is full."""
    with path.open("wb") as file:
        header = {"descr": np.lib.format.dtype_to_descr(dtype), "fortran_order": False, "shape": (int(length),)}
        np.lib.format.write_array_header_1_0(file, header)
        yield file
