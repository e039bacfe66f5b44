from __future__ import annotations

from pathlib import Path

import pytest

from corpus.importer import ImportReport, import_records
from index.build import build_index
from index.encoder import Encoder, load_encoder
from tests import pages


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The real default encoder (made fast on first use: about a quarter of a minute)."""
    return load_encoder()


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
