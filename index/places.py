"""An index by its address, wherever it lies: a folder, or `milvus:URI`. What commands and the page open."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from index.encoder import TextEncoder, load_encoder
from index.generation import Generation, IndexFolder
from index.milvus import address as milvus
from index.opened import OpenIndex
from index.search import Searcher

if TYPE_CHECKING:
    from index.milvus.publishing import MilvusGenerations


def open_index(address: str | Path) -> Generation | OpenIndex:
    """The published generation of an index, verified.

    Raises:
        IndexFolderError: there is none, none that is whole, or the server cannot be reached.
    """
    if not milvus.is_milvus(address):
        return IndexFolder(Path(address)).open()
    return _in_milvus(address).open()


def open_searcher(address: str | Path, encoder: TextEncoder | None = None, *, warm: bool = True) -> Searcher:
    """A searcher over the published generation, with the encoder it was built with; `warm` as for `Searcher`.

    Raises:
        IndexFolderError: as `open_index`.
        EncoderError: the encoder cannot be loaded.
    """
    index = open_index(address)
    return Searcher(index, encoder or load_encoder(index.manifest.encoder["name"], threads=1), warm=warm)


def published_name(address: str | Path) -> str | None:
    """The name of the published generation; None where there is none.

    Raises:
        IndexFolderError: the server cannot be asked.
    """
    if not milvus.is_milvus(address):
        return IndexFolder(Path(address)).current_name()
    return _in_milvus(address).current_name()


def _in_milvus(address: str | Path) -> MilvusGenerations:
    # pymilvus is not among what the product needs to run.
    from index.milvus.engine import shared_engine
    from index.milvus.publishing import MilvusGenerations

    parsed = milvus.parse(str(address))
    return MilvusGenerations(shared_engine(parsed), parsed.alias)
