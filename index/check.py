"""Whether a generation whose bytes are right also makes sense: its stores agree, and it answers questions known to be in it."""

from __future__ import annotations

import errno
import hashlib
import importlib.metadata
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import numpy as np

from corpus.audience import AUDIENCE
from corpus.lexicon import PATIENT, SYNONYMS
from corpus.points import POINTS
from corpus.segment import lexical_tokens, lexicon_files
from index import answers, units, vectors, words
from index.answers import AnswerStore
from index.arrays import map_array
from index.encoder import TextEncoder
from index.manifest import DamagedError, Generation, UnreadableError, unread
from index.token_codes import width_of
from index.token_vectors import TokenVectors
from index.units import EMBEDDINGS, QUESTION
from index.vectors import VectorIndex
from index.words import WordIndex

_PASSING = (errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EACCES, errno.EIO)
_PASSING_SQLITE = ("SQLITE_CANTOPEN", "SQLITE_IOERR", "SQLITE_NOMEM", "SQLITE_BUSY", "SQLITE_LOCKED")
#: Cosine of a question with itself, encoded in another batch or by another library's version.
FOUND_AGAIN = 0.98


def check(generation: Generation, encoder: TextEncoder | None = None) -> None:
    """Open every store of a generation as a reader would: counts agree, and golden questions find themselves.

    Args:
        generation: its bytes have been verified.
        encoder: encodes the golden questions; without one their stored embeddings are asked for instead.

    Raises:
        DamagedError: says what does not agree.
        UnreadableError: a store cannot be opened just now, which says nothing of it.
    """
    try:
        segmentation = segmentation_identity()
    except OSError as error:
        raise UnreadableError(f"词典文件 {error.filename} 读不到（{error.strerror}）；请把本项目的文件补全") from error
    try:
        _check(generation, encoder, segmentation)
    except DamagedError:
        raise
    except OSError as error:
        raise unread(Path(error.filename or generation.path), error) from error
    except Exception as error:  # a store that cannot be read raises whatever its library raises
        what = f"{generation.path} 打不开（{type(error).__name__}: {error}）"
        if _may_pass(error):
            raise UnreadableError(f"{what}，未必损坏；请检查内存、磁盘和可打开的文件数（ulimit -n）后再试") from error
        raise DamagedError(what) from error


def _may_pass(error: Exception) -> bool:
    """Whether a library failed for want of memory or descriptors, or at the disk, and not at what the file says."""
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorname", "").startswith(_PASSING_SQLITE)
    # FAISS puts the system's words into its own error.
    return isinstance(error, MemoryError) or any(os.strerror(code) in str(error) for code in _PASSING)


def segmentation_identity() -> dict[str, str]:
    """What the tokens, audiences and points stored in an index depend on: jieba's version and the lexicon files."""
    files = (*lexicon_files(), SYNONYMS, AUDIENCE, PATIENT, POINTS)
    identity = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
    return {"jieba": importlib.metadata.version("jieba"), **identity}


def _check(generation: Generation, encoder: TextEncoder | None, segmentation: dict[str, str]) -> None:
    path, manifest = generation.path, generation.manifest
    store = AnswerStore(path / answers.FILE)
    word_index = WordIndex.open(path / words.FOLDER)
    vector_index = VectorIndex.open(path / vectors.FILE)
    unit_table = map_array(path / units.FILE)
    embeddings = map_array(path / EMBEDDINGS)
    found = {
        "记录": (len(store), manifest.counts["records"]),
        "词索引的记录": (len(word_index), manifest.counts["records"]),
        "单元": (len(unit_table), manifest.counts["units"]),
        "向量": (len(vector_index), manifest.counts["units"]),
        "嵌入": (len(embeddings), manifest.counts["units"]),
        "维数": (vector_index.dimension, manifest.encoder["dimension"]),
        "嵌入的维数": (embeddings.shape[1], manifest.encoder["dimension"]),
    }
    for what, (there, expected) in found.items():
        if there != expected:
            raise DamagedError(f"{path}：{what}有 {there}，清单说应为 {expected}")
    codes = TokenVectors.of_generation(generation)
    if codes is None and manifest.encoder.get("tokens"):
        raise DamagedError(f"{path} 里没有词向量，清单说应有")
    if codes is not None and (problem := codes.problem(len(unit_table), width_of(embeddings.shape[1]))):
        raise DamagedError(f"{path}：{problem}")
    # Other words are cut by another lexicon; such an index is refused by the searcher, with a sentence of its own.
    is_our_segmentation = manifest.segmentation == segmentation
    embed = encoder.encode_questions if encoder is not None else None
    for golden in manifest.golden:
        question, row = golden["question"], golden["row"]
        if store.get([row])[0].question != question:
            raise DamagedError(f"{path}：检验问题“{question[:30]}”不在第 {row} 条记录里")
        tokens = lexical_tokens(question) if is_our_segmentation else []
        if tokens and not word_index.scores(tokens)[row] > 0:
            raise DamagedError(f"{path}：词索引答不出检验问题“{question[:30]}”")
        if not _is_found_again(question, row, unit_table, embeddings, vector_index, embed):
            raise DamagedError(f"{path}：向量索引答不出检验问题“{question[:30]}”")


def _is_found_again(
    question: str,
    row: int,
    unit_table: np.ndarray,
    embeddings: np.ndarray,
    vector_index: VectorIndex,
    embed: Callable[[list[str]], np.ndarray] | None,
) -> bool:
    """Whether the vector index has a unit as near to a record's question as that question is to itself."""
    if embed is not None:
        vector = embed([question[: units.MAX_QUESTION]])[0]
    else:
        own = np.flatnonzero((unit_table["row"] == row) & (unit_table["kind"] == QUESTION))
        if not len(own):
            return False
        vector = embeddings[own[0]]
    _, similarities = vector_index.search(np.asarray(vector, dtype=np.float32), 1)
    # No cosine is above 1: a vector that is longer than it should be would stand before every other.
    return bool(len(similarities)) and bool(FOUND_AGAIN <= similarities[0] <= 2 - FOUND_AGAIN)
