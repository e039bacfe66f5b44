"""Chroma on the disk: HNSW over one vector a record, the texts beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from peers.plain import load_float32
from peers.task import Task

_BATCH = 1_000


class Chroma:
    """Its persistent client; vectors by sentence-transformers with the encoder's prompts, as the others have them."""

    def load(self, task: Task) -> None:
        """The library and the encoder."""
        import chromadb
        from chromadb.config import Settings

        self._task = task
        self._model = load_float32(task.encoder)
        self._client = lambda folder: chromadb.PersistentClient(str(folder), Settings(anonymized_telemetry=False))

    def build(self, folder: Path) -> dict[str, float]:
        """Encode and add, a batch at a time."""
        collection: Any = self._client(folder).create_collection("records", embedding_function=None, metadata={"hnsw:space": "cosine"})
        records = self._task.texts()
        for start in range(0, len(records), _BATCH):
            names, texts = zip(*records[start : start + _BATCH], strict=True)
            vectors = self._model.encode_document(list(texts), normalize_embeddings=True, show_progress_bar=False)
            collection.add(ids=list(names), documents=list(texts), embeddings=vectors)
        return {}

    def open(self, folder: Path) -> None:
        """The collection."""
        self._collection: Any = self._client(folder).get_collection("records", embedding_function=None)

    def encode(self, question: str) -> None:
        """One question in float32."""
        self._model.encode_query([question], normalize_embeddings=True, show_progress_bar=False)

    def search(self, question: str, count: int) -> list[str]:
        """Nearest records with their texts."""
        vector = self._model.encode_query([question], normalize_embeddings=True, show_progress_bar=False)
        found = self._collection.query(query_embeddings=vector, n_results=min(count, self._collection.count()))
        return list(found["ids"][0])

    rank = search
