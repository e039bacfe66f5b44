"""A toy encoder to train on."""

from __future__ import annotations

from pathlib import Path

import pytest
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize, Pooling

from tests.toy_model import WIDTH, toy_transformer


@pytest.fixture(scope="session")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A two-layer BERT with random weights over ten characters."""
    folder = tmp_path_factory.mktemp("toy")
    modules = [toy_transformer(folder / "parts"), Pooling(WIDTH, pooling_mode="mean"), Normalize()]
    SentenceTransformer(modules=modules, prompts={"query": "", "document": ""}, device="cpu").save(str(folder / "model"))
    return folder / "model"
