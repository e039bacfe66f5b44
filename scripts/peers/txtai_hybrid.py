"""txtai's hybrid search: FAISS and its own BM25, content in SQLite."""

from __future__ import annotations

from pathlib import Path

from peers.task import Task


class TxtaiHybrid:
    """As its documentation sets up hybrid search; character bigrams, since its default tokenizer does not cut Chinese into words."""

    def load(self, task: Task) -> None:
        """The library and the encoder."""
        from txtai import Embeddings

        self._task = task
        self._models: dict[str, object] = {}  # shared, so that opening an index does not load the encoder once more
        self._embeddings = Embeddings(
            models=self._models,
            path=task.encoder,
            method="sentence-transformers",
            backend="faiss",
            hybrid=True,
            content=True,
            gpu=False,
            scoring={"method": "bm25", "terms": True, "normalize": True, "tokenizer": {"ngrams": 2}},
        )

    def build(self, folder: Path) -> dict[str, float]:
        """Index all texts and save."""
        self._embeddings.index((name, text, None) for name, text in self._task.texts())
        self._embeddings.save(str(folder))
        return {}

    def open(self, folder: Path) -> None:
        """Load the saved index."""
        from txtai import Embeddings

        self._embeddings = Embeddings(models=self._models)
        self._embeddings.load(str(folder))

    def encode(self, question: str) -> None:
        """As its search encodes."""
        self._embeddings.batchtransform([question], "query")

    def search(self, question: str, count: int) -> list[str]:
        """Its own fusion, ids and texts."""
        return [found["id"] for found in self._embeddings.search(question, count)]

    rank = search
