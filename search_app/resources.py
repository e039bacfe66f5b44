"""What the pages share across visits: the encoder, the searcher and the counts, opened once for each generation."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from corpus.paths import INDEX_FOLDER
from index import answers
from index.encoder import TextEncoder, load_encoder
from index.generation import DamagedError, Generation, IndexFolder
from index.holdings import Holdings, Overview
from index.lease import GoneError
from index.search import Searcher


@dataclass(frozen=True, slots=True)
class OpenHoldings:
    """What a generation holds, opened without the encoder.

    Attributes:
        generation: held, so that no builder deletes it.
        store: its records.
        overview: its counts.
    """

    generation: Generation
    store: Holdings
    overview: Overview


def index_folder() -> Path:
    """The index that the page serves; `DOCTOR_ANSWERS_INDEX` names another than data/index/."""
    return Path(os.environ.get("DOCTOR_ANSWERS_INDEX") or INDEX_FOLDER)


def current_searcher() -> Searcher:
    """A searcher over the published generation. A new generation is picked up at the next question.

    Raises:
        IndexFolderError, EncoderError: with a sentence for whoever runs the page.
    """
    folder = index_folder()
    return _searcher(str(folder), _published(folder))


def current_holdings() -> OpenHoldings:
    """The records and counts of the published generation.

    Raises:
        IndexFolderError: with a sentence for whoever runs the page.
    """
    folder = index_folder()
    return _holdings(str(folder), _published(folder))


def _published(folder: Path) -> str:
    """What is kept open is kept under this name: the published generation's, or the newest's while CURRENT is lost."""
    index = IndexFolder(folder)
    return index.current_name() or next(iter(index.names()), "")


def _open(folder: str, name: str) -> Generation:
    """The generation of that name; where it is damaged or gone, whichever can be read.

    CURRENT may be replaced between a look at it and the opening. Opening whatever it says by then would keep one generation under
    another's name, and serve it again when that other one is rolled back to.
    """
    index = IndexFolder(Path(folder))
    if index.current_name() is not None:
        with contextlib.suppress(DamagedError, GoneError):
            return index.open_generation(name)
    return index.open()  # warns, falls back, and moves what is damaged out of the way


@st.cache_resource(max_entries=2, show_spinner=False)
def _searcher(folder: str, generation: str) -> Searcher:
    opened = _open(folder, generation)
    searcher = Searcher(opened, _encoder(opened.manifest.encoder["name"], opened.manifest.encoder["fingerprint"]))
    # While all others wait: tables that a question loads are loaded by each that finds them missing, and 32 first questions
    # at once took 50 seconds of a processor and 1.1 GB where one takes 1.3 s and a quarter of that.
    searcher.search("预热")
    return searcher


@st.cache_resource(max_entries=2, show_spinner=False)
def _holdings(folder: str, generation: str) -> OpenHoldings:
    opened = _open(folder, generation)
    store = Holdings(opened.path / answers.FILE)
    return OpenHoldings(opened, store, store.overview())


@st.cache_resource(max_entries=1, show_spinner=False)
def _encoder(name: str, fingerprint: str) -> TextEncoder:
    encoder = load_encoder(name, threads=1)
    encoder.encode_questions(["预热"])
    return encoder
