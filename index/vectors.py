"""The vector arm: FAISS over the units' embeddings."""

from __future__ import annotations

import errno
import math
import threading
from pathlib import Path

import faiss
import numpy as np

from index.arrays import map_array
from index.units import EMBEDDINGS
from index.vector_kinds import SHORTLIST, VectorKind, make_index

FILE = "vectors.faiss"

#: Units that are scored from their embeddings at least, where an index has only codes of them.
_LEAST_SHORTLIST = 100

_FLAT = b"IxF"  # how FAISS's files of flat indexes begin, whatever the metric

_limit_lock = threading.Lock()


class VectorIndex:
    """Inner products of unit vectors (cosines). Which units are looked at depends on the index's kind; their scores are exact.

    Safe for concurrent searches: the index is read-only after it is built.
    """

    def __init__(self, index: faiss.Index, embeddings: np.ndarray | None = None) -> None:
        """An index, and the embeddings [units, dimension] where it has only codes of them."""
        self._index = index
        self._embeddings = embeddings

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._index.d)

    @staticmethod
    def build(embeddings: np.ndarray, path: Path, *, tried: np.ndarray | None = None) -> VectorKind:
        """Write an index of float32 `embeddings` [units, dimension]; unit i keeps the number i.

        An index of many units is read together with the file of the embeddings that lies beside it.

        Args:
            embeddings: rows of length 1.
            path: the file.
            tried: numbers of the units that are like what will be asked; a coarse index is tuned with them.
        """
        index, kind = make_index(embeddings, tried)
        try:
            faiss.write_index(index, str(path))
        except RuntimeError as error:  # what a failed write is told by; FAISS does not say why it failed
            path.unlink(missing_ok=True)
            raise OSError(errno.ENOSPC, f"FAISS 写不完文件（{str(error).splitlines()[0][:120]}）", str(path)) from error
        return kind

    @staticmethod
    def open(path: Path) -> VectorIndex:
        """Memory-map an index. One FAISS thread: for one question at a time that is faster than many.

        A damaged length in the file must not make FAISS ask for more memory than the file could fill.
        """
        faiss.omp_set_num_threads(1)
        with _limit_lock:  # FAISS has one limit for the whole process
            faiss.set_deserialization_vector_byte_limit(path.stat().st_size)
            index = faiss.read_index(str(path), _flags(path))
        if not isinstance(index, faiss.IndexIVF):
            return VectorIndex(index)
        lists = faiss.downcast_InvertedLists(index.invlists)  # type: ignore[arg-type]
        if hasattr(lists, "prefetch_nthread"):
            lists.prefetch_nthread = 0  # it would start that many threads at every question
        embeddings = map_array(path.with_name(EMBEDDINGS))
        return VectorIndex(index, embeddings)

    def search(self, question: np.ndarray, count: int, allowed: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """The `count` nearest units of one question vector [dimension], best first.

        Args:
            question: float32 vector of length 1.
            count: how many; fewer come back where fewer are allowed.
            allowed: bool [units], None for all.

        Returns:
            (unit numbers int64, cosines float32).
        """
        left = len(self) if allowed is None else int(np.count_nonzero(allowed))
        count = min(count, left)
        if count == 0:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        question = question.reshape(1, -1).astype(np.float32)
        if self._embeddings is None:
            return self._found(question, count, allowed)
        lists = int(self._index.nlist)  # type: ignore[attr-defined]
        # The allowed units lie spread over the lists: as many of them are looked at as without a filter.
        probes = min(lists, math.ceil(self._index.nprobe * len(self) / left))  # type: ignore[attr-defined]
        shortlist = min(left, max(SHORTLIST * count, _LEAST_SHORTLIST))
        units, _ = self._found(question, shortlist, allowed, probes)
        if len(units) < count:
            units, _ = self._found(question, shortlist, allowed, lists)
        units = np.sort(units)
        scores = self._embeddings[units] @ question[0]
        order = np.lexsort((units, -scores))[:count]
        return units[order], scores[order]

    def _found(
        self, question: np.ndarray, count: int, allowed: np.ndarray | None, probes: int | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """What FAISS finds, looking into so many lists, None where there are none."""
        wanted: dict[str, object] = {}
        if allowed is not None:
            # The selector keeps a pointer into `bitmap`, which must outlive the search.
            bitmap = np.packbits(allowed, bitorder="little")
            wanted["sel"] = faiss.IDSelectorBitmap(len(allowed), faiss.swig_ptr(bitmap))
        parameters: faiss.SearchParameters | None = None
        if probes is not None:
            parameters = faiss.SearchParametersIVF(nprobe=probes, **wanted)  # type: ignore[call-arg]
        elif wanted:
            parameters = faiss.SearchParameters(**wanted)  # type: ignore[call-arg]
        scores, units = self._index.search(question, count, params=parameters)
        found = units[0] >= 0
        return units[0][found], scores[0][found]


def _flags(path: Path) -> int:
    """How FAISS leaves this index in its file: it maps lists in one way and flat vectors in another, and cannot be told both.

    It has no mapped lists on Windows; there they are read.
    """
    with path.open("rb") as file:
        is_flat = file.read(3) == _FLAT
    if is_flat:
        return faiss.IO_FLAG_MMAP_IFC
    return faiss.IO_FLAG_MMAP | faiss.IO_FLAG_READ_ONLY if hasattr(faiss, "OnDiskInvertedLists") else 0
