"""sentence-transformers behind two verbs: `encode_questions` and `encode_passages`."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import threading
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np

from corpus.paths import ROOT
from index.arrays import unit_rows
from index.fast_encoder import FastEncoder, conversion_of, convert, own_tokens

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

DEFAULT_ENCODER = "default"
#: Where the encoder lies that `default` means: ours, in the repository.
DEFAULT_FOLDER = ROOT / "index" / "models" / "doctor-answer-encoder-zh"

log = logging.getLogger(__name__)


class EncoderError(Exception):
    """An encoder cannot be had; the message (Chinese) says what to do."""


class TextEncoder(Protocol):
    """What building and searching need of an encoder; tests bring their own."""

    name: str
    dimension: int
    fingerprint: str
    prompts: dict[str, str]
    max_tokens: int

    def encode_questions(self, questions: Sequence[str]) -> np.ndarray:
        """float32 array [len(questions), dimension]; rows have length 1."""

    def encode_passages(self, passages: Sequence[str]) -> np.ndarray:
        """float32 array [len(passages), dimension]; rows have length 1."""


@runtime_checkable
class TokenEncoder(Protocol):
    """A `TextEncoder` that also gives a vector for each token of a text, those of its prompt and of the text's ends left out.

    Attributes:
        gives_tokens: whether it does; what wraps another encoder may not.
    """

    gives_tokens: bool

    def encode_questions_with_tokens(self, questions: Sequence[str]) -> tuple[np.ndarray, list[np.ndarray]]:
        """The vectors, float32 [len(questions), dimension], and for each question float32 [tokens, dimension]; rows have length 1."""

    def encode_passages_with_tokens(self, passages: Sequence[str]) -> tuple[np.ndarray, list[np.ndarray]]:
        """The vectors, float32 [len(passages), dimension], and for each passage float32 [tokens, dimension]; rows have length 1."""


def token_encoder(encoder: TextEncoder) -> TokenEncoder | None:
    """The same encoder, None where it gives no vectors of tokens."""
    return encoder if isinstance(encoder, TokenEncoder) and encoder.gives_tokens else None


class Encoder:
    """Texts to unit vectors by sentence-transformers. Safe to use from several threads: one encodes at a time.

    Attributes:
        model: the sentence-transformers model.
        name: what it was asked for by: `default`, a folder, or a hub name.
        dimension: length of a vector.
        prompts: what is put before a question (`query`) and a passage (`document`).
        max_tokens: tokens after which the encoder cuts a text off, the prompt included.
        fingerprint: sixteen hex digits of a SHA-256 over weights, tokenizer and prompts; two encoders with the
            same fingerprint give the same vectors.
    """

    def __init__(self, name: str, model: SentenceTransformer) -> None:
        self.name = name
        self.model = model
        # A tokenizer of the Rust library keeps its padding settings in itself and fails when two threads use it.
        self._lock = threading.Lock()
        self.dimension = int(model.get_embedding_dimension() or 0)
        self.fingerprint = _fingerprint(model)
        self.prompts = {kind: model.prompts.get(kind) or "" for kind in ("query", "document")}
        self.max_tokens = int(model.max_seq_length or 0)

    @cached_property
    def gives_tokens(self) -> bool:
        """Whether it gives vectors of tokens: its tokenizer must say where each stands, and they must be as long as those of texts."""
        if not getattr(self.model.tokenizer, "is_fast", False):
            return False
        with self._lock:
            found: list[Any] = list(self.model.encode_query(["。"], output_value=None, show_progress_bar=False))
        return bool(found[0]["token_embeddings"].shape[-1] == self.dimension)

    def encode_questions(self, questions: Sequence[str], *, batch_size: int = 32) -> np.ndarray:
        """float32 array [len(questions), dimension]; rows have length 1."""
        return self._encode(self.model.encode_query, questions, batch_size)

    def encode_passages(self, passages: Sequence[str], *, batch_size: int = 32) -> np.ndarray:
        """float32 array [len(passages), dimension]; rows have length 1."""
        return self._encode(self.model.encode_document, passages, batch_size)

    def encode_questions_with_tokens(self, questions: Sequence[str]) -> tuple[np.ndarray, list[np.ndarray]]:
        """The vectors, float32 [len(questions), dimension], and for each question float32 [tokens, dimension]; rows have length 1."""
        return self._encode_with_tokens(self.model.encode_query, self.prompts["query"], questions)

    def encode_passages_with_tokens(self, passages: Sequence[str]) -> tuple[np.ndarray, list[np.ndarray]]:
        """The vectors, float32 [len(passages), dimension], and for each passage float32 [tokens, dimension]; rows have length 1."""
        return self._encode_with_tokens(self.model.encode_document, self.prompts["document"], passages)

    def _encode_with_tokens(self, encode: Callable[..., Any], prompt: str, texts: Sequence[str]) -> tuple[np.ndarray, list[np.ndarray]]:
        if not texts:
            return np.zeros((0, self.dimension), np.float32), []
        with self._lock:
            found: list[Any] = list(encode(list(texts), output_value=None, show_progress_bar=False))
            offsets = self.model.tokenizer([prompt + text for text in texts], return_offsets_mapping=True)["offset_mapping"]
        vectors = np.stack([one["sentence_embedding"].float().cpu().numpy() for one in found])
        # What pads a batch may stand before a text as well as behind it.
        states = [one["token_embeddings"][one["attention_mask"].bool()].float().cpu().numpy() for one in found]
        tokens = [unit_rows(one[own_tokens(spans, len(prompt), self.max_tokens)]) for one, spans in zip(states, offsets, strict=True)]
        return unit_rows(vectors), tokens

    def _encode(self, encode: Callable[..., Any], texts: Sequence[str], batch_size: int) -> np.ndarray:
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        with self._lock:
            vectors = encode(list(texts), batch_size=batch_size, show_progress_bar=False, convert_to_numpy=True)
        return unit_rows(np.asarray(vectors, dtype=np.float32))


def load_encoder(name: str = DEFAULT_ENCODER, *, threads: int | None = None, fast: bool = True) -> Encoder | FastEncoder:
    """An encoder by folder or hub name.

    Args:
        name: `default`, a sentence-transformers folder, or a hub name.
        threads: torch's threads for the whole process, where torch runs it. One is right for questions one at a time (with two,
            torch can stall for most of a second on a busy machine); None leaves torch's own choice, right for building. The fast
            way always gives a text one thread and encodes as many texts at once as there are cores.
        fast: run it by OpenVINO where that gives the same vectors (`index.fast_encoder`); False runs it by torch in float32.

    Raises:
        EncoderError: the model is not there, is no model, or cannot be fetched.
    """
    folder = _folder(name)
    converted = conversion_of(folder) if fast and folder is not None else None
    if converted is not None and (converted / "encoder.json").exists():
        try:
            return FastEncoder(name, converted)
        except Exception as error:  # whatever OpenVINO raises for a damaged file: torch still runs it
            log.warning("编码器的快速版本 %s 用不了（%s），改用较慢的；删掉这个文件夹会重新生成", converted, _first_line(error))
            converted = None
    encoder = _load_original(name, folder, threads)
    if converted is None:
        return encoder
    try:
        convert(encoder.model, encoder.fingerprint, converted)
        return FastEncoder(name, converted)
    except Exception as error:  # also whatever OpenVINO and the tokenizer raise where they cannot convert, write or compile
        log.warning("编码器“%s”没有快速版本（%s），用较慢的运行", name, _first_line(error))
        return encoder


def _load_original(name: str, folder: Path | None, threads: int | None) -> Encoder:
    quiet_libraries()
    import torch
    from sentence_transformers import SentenceTransformer

    if threads is not None:
        torch.set_num_threads(threads)
    try:
        model = SentenceTransformer(str(folder or name), device="cpu", local_files_only=folder is not None)
    except Exception as error:  # whatever the libraries raise for a missing or broken model
        raise EncoderError(f"编码器“{name}”装不上：{_first_line(error)}。请检查文件夹，或用 --encoder 换一个") from error
    model.eval()
    if any(parameter.dtype != torch.float32 for parameter in model.parameters()):
        model = model.float()
    return Encoder(name, model)


def _folder(name: str) -> Path | None:
    """The local folder of an encoder, or None for a hub name."""
    if name == DEFAULT_ENCODER:
        if not (DEFAULT_FOLDER / "modules.json").exists():
            raise EncoderError(f"默认编码器不在 {DEFAULT_FOLDER}：请用 git checkout 取回这个文件夹，或用 --encoder 指定别的编码器")
        return DEFAULT_FOLDER
    path = Path(name).expanduser()
    if path.is_dir():
        return path.resolve()
    if path.is_absolute() or name.startswith((".", "~")) or name.count("/") > 1 or path.exists():
        raise EncoderError(f"编码器文件夹不存在：{name}")
    return None


def quiet_libraries() -> None:
    """Keep the model libraries' own progress bars and reports off the terminal: our progress says what is going on."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    for library in ("sentence_transformers", "transformers", "huggingface_hub"):
        logging.getLogger(library).setLevel(logging.ERROR)
    with contextlib.suppress(ImportError):
        from transformers.utils import logging as transformers_logging

        transformers_logging.set_verbosity_error()
        transformers_logging.disable_progress_bar()


def _fingerprint(model: SentenceTransformer) -> str:
    digest = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(np.ascontiguousarray(tensor.detach().cpu().numpy()).data)
    backend = getattr(model.tokenizer, "backend_tokenizer", None)
    digest.update(backend.to_str().encode() if backend is not None else repr(model.tokenizer).encode())
    digest.update(repr(sorted(model.prompts.items())).encode())
    digest.update(repr([type(module).__name__ for module in model]).encode())
    return digest.hexdigest()[:16]


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
