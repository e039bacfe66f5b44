"""The recipe that everybody writes: `SentenceTransformer.encode` in float32 and a FAISS Flat index."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from peers.task import Task

#: Passages taken for each record wanted, so that enough distinct records are among them.
_PASSAGES_A_RECORD = 4


def load_float32(folder: str) -> Any:
    """The encoder by sentence-transformers, on the processor, in float32."""
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(folder, device="cpu").float()


class PlainUnits:
    """Over the product's passages, which it gets cut and cleaned."""

    def __init__(self, model: Any = None) -> None:
        self._model = model

    def load(self, task: Task) -> None:
        """The library and the encoder."""
        self._task = task
        self._model = self._model or load_float32(task.encoder)

    def _texts(self) -> list[tuple[str, str]]:
        return self._task.units()

    def build(self, folder: Path) -> dict[str, float]:
        """Encode all texts, add them to an index, write it."""
        names, texts = zip(*self._texts(), strict=True)
        start = time.perf_counter()
        vectors = self._model.encode_document(list(texts), normalize_embeddings=True, show_progress_bar=False)
        encoded = time.perf_counter()
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors, dtype=np.float32))
        folder.mkdir(parents=True)
        faiss.write_index(index, str(folder / "vectors.faiss"))
        (folder / "texts.json").write_text(json.dumps([names, texts], ensure_ascii=False), encoding="utf-8")
        return {"编码": encoded - start, "向量索引": time.perf_counter() - encoded}

    def open(self, folder: Path) -> None:
        """Read the index and the texts."""
        self._index = faiss.read_index(str(folder / "vectors.faiss"))
        self._names, self._texts_read = json.loads((folder / "texts.json").read_text(encoding="utf-8"))

    def encode(self, question: str) -> None:
        """One question in float32."""
        self._vector(question)

    def _vector(self, question: str) -> np.ndarray:
        vectors = self._model.encode_query([question], normalize_embeddings=True, show_progress_bar=False)
        return np.ascontiguousarray(vectors, dtype=np.float32)

    def search(self, question: str, count: int) -> list[str]:
        """Nearest texts, each record once."""
        wanted = min(_PASSAGES_A_RECORD * count, self._index.ntotal)
        _, places = self._index.search(self._vector(question), wanted)
        return list(dict.fromkeys(self._names[place] for place in places[0]))[:count]

    rank = search


class PlainRecords(PlainUnits):
    """Over the whole text of each record; the encoder cuts off what is too long for it."""

    def _texts(self) -> list[tuple[str, str]]:
        return self._task.texts()
