from __future__ import annotations

from pathlib import Path

import pytest

from corpus.importer import ImportReport, import_records
from corpus.paths import STARTER_CORPUS
from index.build import build_index
from index.embedding_cache import CachedEncoder
from index.encoder import Encoder, load_encoder
from index.search import Searcher
from tests import pages


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The real default encoder (made fast on first use: about a quarter of a minute)."""
    return load_encoder()


@pytest.fixture(scope="session")
def remembering_encoder(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> CachedEncoder:
    """The real default encoder, which embeds a text once: for the tests that index the whole starter corpus (minutes each)."""
    return CachedEncoder(encoder, tmp_path_factory.mktemp("embeddings"))


@pytest.fixture(scope="session")
def starter_searcher(remembering_encoder: CachedEncoder, tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    """Over the whole starter corpus, with the real encoder."""
    folder = tmp_path_factory.mktemp("starter") / "index"
    build_index(import_records([STARTER_CORPUS], ImportReport()), folder, remembering_encoder)
    return Searcher.open(folder, remembering_encoder)


@pytest.fixture(scope="session")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("corpus") / "saved-page"
    path.write_text(pages.as_text(), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def real_index(tmp_path_factory: pytest.TempPathFactory, page_file: Path, encoder: Encoder) -> Path:
    """An index over our own saved page, with the real encoder."""
    folder = tmp_path_factory.mktemp("real") / "index"
    build_index(import_records([page_file], ImportReport()), folder, encoder)
    return folder
