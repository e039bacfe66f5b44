"""What the pages share across visits: the encoder, the searcher and the counts, opened once for each generation.

Opening takes seconds, most of them for the encoder. So it begins as soon as somebody has the page open, or a new generation is
published under an open page, and not with the first question.
"""

from __future__ import annotations

import contextlib
import logging
import os
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, cast

import streamlit as st

from corpus.paths import INDEX_FOLDER
from corpus.record import DoctorAnswer
from index import answers
from index.encoder import EncoderError, TextEncoder, load_encoder
from index.generation import DamagedError, Generation, IndexFolder, IndexFolderError
from index.holdings import Holdings, Overview
from index.lease import GoneError
from index.milvus.address import is_milvus
from index.opened import OpenIndex
from index.places import open_index, published_name
from index.search import Arm, Searcher
from search_app.settings import is_off, setting_of

log = logging.getLogger(__name__)

#: Threads of this name open an index.
OPENING = "open-index"
#: Any question will do: the first one reads tables that the next ones find read.
FIRST_QUESTION = "头疼怎么办"


class HoldingsStore(Protocol):
    """What the corpus page asks of the records (`index.holdings.Holdings`, `index.milvus.store.MilvusStore`)."""

    def overview(self) -> Overview:
        """All counts."""

    def newest(self, limit: int) -> list[DoctorAnswer]:
        """The records with the latest dates."""

    def longest(self, limit: int) -> list[DoctorAnswer]:
        """The records with the longest answers."""

    def matching(self, text: str, limit: int, offset: int = 0) -> tuple[int, list[DoctorAnswer]]:
        """How many records have every word of a text in their question, and some of those."""


@dataclass(frozen=True, slots=True)
class OpenHoldings:
    """What a generation holds, opened without the encoder.

    Attributes:
        generation: held, so that no builder deletes it.
        store: its records.
        overview: its counts.
    """

    generation: Generation | OpenIndex
    store: HoldingsStore
    overview: Overview


def index_address() -> str:
    """The index that the page serves; `DOCTOR_ANSWERS_INDEX` names another than data/index/: a folder, or `milvus:URI`."""
    return os.environ.get("DOCTOR_ANSWERS_INDEX") or str(INDEX_FOLDER)


def status_is_shown() -> bool:
    """Whether readers see the index's status, and with it where things lie on the machine: `DOCTOR_ANSWERS_STATUS=off` hides it from strangers."""
    return not is_off(setting_of("DOCTOR_ANSWERS_STATUS", "on"))


def ranking_arm() -> Arm:
    """Whose scores rank what readers see: with a second look at the best, unless `DOCTOR_ANSWERS_SECOND_LOOK` says off."""
    return Arm.FUSED if is_off(setting_of("DOCTOR_ANSWERS_SECOND_LOOK", "on")) else Arm.RERANKED


def index_folder() -> Path:
    """The same where it is a folder."""
    return Path(index_address())


def served_name() -> str | None:
    """The published generation's name; None where there is none, or where nobody can be asked."""
    try:
        return published_name(index_address())
    except IndexFolderError:
        return None


def current_searcher() -> Searcher:
    """A searcher over the published generation. A new generation is picked up at the next question.

    Raises:
        IndexFolderError, EncoderError: with a sentence for whoever runs the page.
    """
    address = index_address()
    return _searcher(address, _published(address))


def open_ahead() -> None:
    """Begin to open the published generation, where nobody has yet; whoever asks meanwhile waits for the rest only."""
    address = index_address()
    try:
        _opening(address, _published(address))
    except IndexFolderError as error:
        log.warning("%s", error)


def current_count() -> int:
    """How many records the published generation holds; told without the encoder.

    Raises:
        IndexFolderError: with a sentence for whoever runs the page.
    """
    address = index_address()
    return int(_opened(address, _published(address)).manifest.counts["records"])


def current_holdings() -> OpenHoldings:
    """The records and counts of the published generation.

    Raises:
        IndexFolderError: with a sentence for whoever runs the page.
    """
    address = index_address()
    return _holdings(address, _published(address))


def _published(address: str) -> str:
    """What is kept open is kept under this name: the published generation's, or in a folder the newest's while CURRENT is lost."""
    name = published_name(address)
    return name or ("" if is_milvus(address) else next(iter(IndexFolder(Path(address)).names()), ""))


@st.cache_resource(max_entries=2, show_spinner=False)
def _opened(address: str, name: str) -> Generation | OpenIndex:
    """The generation of that name; where it is damaged or gone, whichever can be read.

    CURRENT may be replaced between a look at it and the opening. Opening whatever it says by then would keep one generation under
    another's name, and serve it again when that other one is rolled back to.
    """
    if not is_milvus(address) and (index := IndexFolder(Path(address))).current_name() is not None:
        with contextlib.suppress(DamagedError, GoneError):
            return index.open_generation(name)
    return open_index(address)  # warns, falls back, and moves what is damaged out of the way


@st.cache_resource(max_entries=2, show_spinner=False)
def _opening(address: str, generation: str) -> threading.Thread:
    thread = threading.Thread(target=_open_ahead, args=(address, generation), name=OPENING, daemon=True)
    thread.start()
    return thread


def _open_ahead(address: str, generation: str) -> None:
    try:
        _searcher(address, generation)
    except (IndexFolderError, EncoderError) as error:
        log.warning("%s", error)  # the next question says so to whoever asks


@st.cache_resource(max_entries=2, show_spinner=False)
def _searcher(address: str, generation: str) -> Searcher:
    opened = _opened(address, generation)
    searcher = Searcher(opened, _encoder(opened.manifest.encoder["name"], opened.manifest.encoder["fingerprint"]))
    # While all others wait: tables that a question loads are loaded by each that finds them missing, and 32 first questions
    # at once took 50 seconds of a processor and 1.1 GB where one takes 1.3 s and a quarter of that.
    searcher.search(FIRST_QUESTION, arm=ranking_arm())
    return searcher


@st.cache_resource(max_entries=2, show_spinner=False)
def _holdings(address: str, generation: str) -> OpenHoldings:
    opened = _opened(address, generation)
    store = Holdings(opened.path / answers.FILE) if isinstance(opened, Generation) else cast(HoldingsStore, opened.store)
    return OpenHoldings(opened, store, store.overview())


@st.cache_resource(max_entries=1, show_spinner=False)
def _encoder(name: str, fingerprint: str) -> TextEncoder:
    encoder = load_encoder(name, threads=1)
    encoder.encode_questions(["预热"])
    return encoder
