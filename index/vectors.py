"""The vector arm: FAISS over the units' embeddings."""

from __future__ import annotations

import errno
import threading
from pathlib import Path

import faiss
import numpy as np

FILE = "vectors.faiss"

_limit_lock = threading.Lock()


class VectorIndex:
    """Inner products of unit vectors (cosines), exact.

    Safe for concurrent searches: a FAISS Flat index is read-only after it is built.
    """

    def __init__(self, index: faiss.Index) -> None:
        self._index = index

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._index.d)

    @staticmethod
    def build(embeddings: np.ndarray, path: Path) -> None:
        """Write an index of float32 `embeddings` [units, dimension]; unit i keeps the number i."""
        index = faiss.IndexFlatIP(embeddings.shape[1])
        for start in range(0, len(embeddings), 65_536):
            index.add(np.ascontiguousarray(embeddings[start : start + 65_536], dtype=np.float32))
        try:
            faiss.write_index(index, str(path))
        except RuntimeError as error:  # what a failed write is told by; FAISS does not say why it failed
            path.unlink(missing_ok=True)
            raise OSError(errno.ENOSPC, f"FAISS 写不完文件（{str(error).splitlines()[0][:120]}）", str(path)) from error

    @staticmethod
    def open(path: Path) -> VectorIndex:
        """Memory-map an index. One FAISS thread: for one question at a time that is faster than many.

        A damaged length in the file must not make FAISS ask for more memory than the file could fill.
        """
        faiss.omp_set_num_threads(1)
        with _limit_lock:  # FAISS has one limit for the whole process
            faiss.set_deserialization_vector_byte_limit(path.stat().st_size)
            return VectorIndex(faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC))

    def search(self, question: np.ndarray, count: int, allowed: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """The `count` nearest units of one question vector [dimension], best first.

        Args:
            question: float32 vector of length 1.
            count: how many; fewer come back where fewer are allowed.
            allowed: bool [units], None for all.

        Returns:
            (unit numbers int64, cosines float32).
        """
        count = min(count, len(self) if allowed is None else int(np.count_nonzero(allowed)))
        if count == 0:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        parameters = None
        if allowed is not None:
            # The selector keeps a pointer into `bitmap`, which must outlive the search.
            bitmap = np.packbits(allowed, bitorder="little")
            selector = faiss.IDSelectorBitmap(len(allowed), faiss.swig_ptr(bitmap))
            parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
        scores, units = self._index.search(question.reshape(1, -1).astype(np.float32), count, params=parameters)
        found = units[0] >= 0
        return units[0][found], scores[0][found]
