"""What the pages share across visits: the encoder, the searcher and the counts, opened once for each generation."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from corpus.paths import INDEX_FOLDER
from index import answers
from index.encoder import TextEncoder, load_encoder
from index.generation import Generation, IndexFolder
from index.holdings import Holdings, Overview
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
    return _searcher(str(folder), IndexFolder(folder).current_name() or "")


def current_holdings() -> OpenHoldings:
    """The records and counts of the published generation.

    Raises:
        IndexFolderError: with a sentence for whoever runs the page.
    """
    folder = index_folder()
    return _holdings(str(folder), IndexFolder(folder).current_name() or "")


@st.cache_resource(max_entries=2, show_spinner=False)
def _searcher(folder: str, generation: str) -> Searcher:
    opened = IndexFolder(Path(folder)).open()
    return Searcher(opened, _encoder(opened.manifest.encoder["name"], opened.manifest.encoder["fingerprint"]))


@st.cache_resource(max_entries=2, show_spinner=False)
def _holdings(folder: str, generation: str) -> OpenHoldings:
    opened = IndexFolder(Path(folder)).open()
    store = Holdings(opened.path / answers.FILE)
    return OpenHoldings(opened, store, store.overview())


@st.cache_resource(max_entries=1, show_spinner=False)
def _encoder(name: str, fingerprint: str) -> TextEncoder:
    encoder = load_encoder(name, threads=1)
    encoder.encode_questions(["预热"])
    return encoder
