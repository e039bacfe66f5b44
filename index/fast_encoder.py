"""A fast way to run an encoder on a CPU: OpenVINO, in bfloat16 where the processor computes in it.

The first time an encoder is loaded, its whole sentence-transformers pipeline (transformer, pooling, normalisation) is converted
and kept beside the other models under a hash of the encoder's files, with what else is needed to run it: the tokenizer, the
prompts, the fingerprint. From then on neither torch nor transformers is imported, which is most of the start-up time. The
conversion is checked against the original before it is kept: an encoder that cannot be converted, or comes out different, is
run by torch as before.

Shapes are rounded up, since OpenVINO prepares its kernels once a shape. Each stream is one thread: two threads on one question
wait for each other on a busy machine.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import queue
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from corpus.atomic import atomic_folder
from corpus.paths import MODEL_FOLDER
from index.arrays import unit_rows

if TYPE_CHECKING:
    import tokenizers
    from sentence_transformers import SentenceTransformer

FOLDER = MODEL_FOLDER / "openvino"
#: Goes into the hash that a conversion is kept under: raise it when the conversion changes.
VERSION = 2

#: A conversion is kept only if every check text's vector has at least this cosine with the original's.
LEAST_COSINE = 0.995
_CHECK_TEXTS = (
    "感冒",
    "半夜小腿老抽筋咋回事",
    "孩子发烧39.5度，吃了退烧药还是反复，要不要去医院",
    "血压波动时不要自行停药，应在家连续测量一周，记录早晚的数值，再带着记录到心血管内科调整方案。" * 4,
)
#: Measured on two cores with 1 MiB of cache each: 2,048 tokens are a tenth slower, 512 like 1,024.
_BATCH_TOKENS = 1_024
#: To how many tokens lengths are rounded up. Passages come by the thousand, so each width is used often; a question that is the first
#: of its width waits until kernels are prepared for it. Measured: 8 for passages too is a twentieth slower.
_ROUND_QUESTION, _ROUND_PASSAGE = 8, 4

log = logging.getLogger(__name__)


class ConversionError(Exception):
    """An encoder that OpenVINO cannot run as it is; torch runs it instead."""


class FastEncoder:
    """A converted encoder; the attributes are those of `index.encoder.Encoder`. Safe to use from several threads.

    Args:
        name: what it was asked for by.
        folder: a conversion made by `convert`.
        streams: texts encoded side by side, one thread each; None for one a core.
    """

    def __init__(self, name: str, folder: Path, streams: int | None = None) -> None:
        import openvino
        import tokenizers

        settings = json.loads((folder / "encoder.json").read_text(encoding="utf-8"))
        self.name = name
        self.dimension: int = settings["dimension"]
        self.fingerprint: str = settings["fingerprint"]
        self.prompts: dict[str, str] = settings["prompts"]
        self.max_tokens: int = settings["max_tokens"]
        self._pad: int = settings["pad"]
        # A tokenizer without padding and truncation of its own keeps no state, so threads may share it.
        self._tokenizer: tokenizers.Tokenizer = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        core = openvino.Core()
        self.precision = "bf16" if "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES") else "f32"
        # Float32 kernels of AVX2 add up in another order for another number of texts. One by one is as fast there (14 passages a second both).
        self._batch_tokens = _BATCH_TOKENS if self.precision == "bf16" else 0
        streams = streams or os.cpu_count() or 1
        compiled = core.compile_model(
            str(folder / "model.xml"),
            "CPU",
            {
                "NUM_STREAMS": streams,
                "INFERENCE_NUM_THREADS": streams,
                "INFERENCE_PRECISION_HINT": self.precision,
                "ENABLE_CPU_PINNING": False,
            },
        )
        #: Whether it gives vectors of tokens: a layer behind the pooling makes those of texts longer or shorter.
        width = compiled.output(1).partial_shape[-1]
        self.gives_tokens = width.is_static and width.get_length() == self.dimension
        self._streams = streams
        self._requests: queue.SimpleQueue[Any] = queue.SimpleQueue()
        for _ in range(streams):
            self._requests.put(compiled.create_infer_request())

    def encode_questions(self, questions: Sequence[str]) -> np.ndarray:
        """float32 array [len(questions), dimension]; rows have length 1."""
        return self._encode(self.prompts["query"], questions, _ROUND_QUESTION)

    def encode_passages(self, passages: Sequence[str]) -> np.ndarray:
        """float32 array [len(passages), dimension]; rows have length 1."""
        return self._encode(self.prompts["document"], passages, _ROUND_PASSAGE)

    def encode_questions_with_tokens(self, questions: Sequence[str]) -> tuple[np.ndarray, list[np.ndarray]]:
        """The vectors, float32 [len(questions), dimension], and for each question float32 [tokens, dimension]; rows have length 1."""
        return self._encode_with_tokens(self.prompts["query"], questions, _ROUND_QUESTION)

    def encode_passages_with_tokens(self, passages: Sequence[str]) -> tuple[np.ndarray, list[np.ndarray]]:
        """The vectors, float32 [len(passages), dimension], and for each passage float32 [tokens, dimension]; rows have length 1."""
        return self._encode_with_tokens(self.prompts["document"], passages, _ROUND_PASSAGE)

    def _encode(self, prompt: str, texts: Sequence[str], rounded: int) -> np.ndarray:
        vectors = np.zeros((len(texts), self.dimension), np.float32)

        def keep(request: Any, batch: list[int]) -> None:
            vectors[batch] = request.get_output_tensor(0).data

        self._run([found.ids for found in self._tokenizer.encode_batch([prompt + text for text in texts])], rounded, keep)
        return unit_rows(vectors)

    def _encode_with_tokens(self, prompt: str, texts: Sequence[str], rounded: int) -> tuple[np.ndarray, list[np.ndarray]]:
        encoded = self._tokenizer.encode_batch([prompt + text for text in texts])
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        states = [np.zeros((0, self.dimension), np.float32) for _ in texts]

        def keep(request: Any, batch: list[int]) -> None:
            vectors[batch] = request.get_output_tensor(0).data
            found = request.get_output_tensor(1).data
            for row, number in enumerate(batch):
                states[number] = unit_rows(found[row, own_tokens(encoded[number].offsets, len(prompt), self.max_tokens)])

        self._run([found.ids for found in encoded], rounded, keep)
        return unit_rows(vectors), states

    def _run(self, ids: list[list[int]], rounded: int, keep: Callable[[Any, list[int]], None]) -> None:
        """Encode texts that are token ids already; `keep` is told of each batch that is done, with the numbers of its texts."""
        tokens = [self._cut(one) for one in ids]
        widths = [self._width(len(ids), rounded) for ids in tokens]
        batches = _batches(widths, self._batch_tokens)
        # With one batch to encode there is nothing to run side by side.
        requests = [self._requests.get()]
        try:
            while len(requests) < min(self._streams, len(batches)) and not self._requests.empty():
                try:
                    requests.append(self._requests.get_nowait())
                except queue.Empty:
                    break
            running: list[tuple[Any, list[int]]] = []
            for batch in batches:
                if len(running) == len(requests):
                    _collect(running.pop(0), keep)
                request = next(one for one in requests if all(one is not other for other, _ in running))
                request.start_async(self._inputs([tokens[number] for number in batch], widths[batch[0]]))
                running.append((request, batch))
            for job in running:
                _collect(job, keep)
        finally:
            for request in requests:
                # One that has failed says so again at every wait; it must go back all the same, or later questions wait for it for ever.
                with contextlib.suppress(Exception):
                    request.wait()
                self._requests.put(request)

    def _cut(self, ids: list[int]) -> list[int]:
        """At most `max_tokens`, the closing token kept, as the library does it."""
        return ids if len(ids) <= self.max_tokens else [*ids[: self.max_tokens - 1], ids[-1]]

    def _width(self, length: int, rounded: int) -> int:
        """To how many tokens a text of that many is padded."""
        return min(-(-length // rounded) * rounded, max(self.max_tokens, 1))

    def _inputs(self, tokens: list[list[int]], width: int) -> dict[str, np.ndarray]:
        ids = np.full((len(tokens), width), self._pad, np.int64)
        mask = np.zeros((len(tokens), width), np.int64)
        for row, one in enumerate(tokens):
            ids[row, : len(one)] = one
            mask[row, : len(one)] = 1
        return {"input_ids": ids, "attention_mask": mask}


def own_tokens(offsets: Sequence[tuple[int, int]], prompt: int, most: int) -> np.ndarray:
    """The places of a text's own tokens among those of its prompt (characters 0 to `prompt`) and of its ends, which span nothing.

    Args:
        offsets: the characters that each token spans, the prompt's included.
        prompt: how many characters the prompt has.
        most: tokens after which the encoder cuts off, the closing one kept; 0 for never.
    """
    spans = np.array(offsets, dtype=np.int64).reshape(-1, 2)
    return np.flatnonzero((spans[:, 1] > prompt) & (spans[:, 1] > spans[:, 0]) & (np.arange(len(spans)) < (most or len(spans) + 1) - 1))


def _collect(job: tuple[Any, list[int]], keep: Callable[[Any, list[int]], None]) -> None:
    request, batch = job
    request.wait()
    keep(request, batch)


def _batches(widths: list[int], most: int) -> list[list[int]]:
    """Numbers of texts that are padded to one width, at most so many tokens together (one text has as many as it has), widest first.

    Of one width only: how far a text is padded changes the last bits of its vector, and an index that is updated shall have the
    vectors of one that is built from nothing, whatever a text was encoded with.
    """
    batches: list[list[int]] = []
    last = 0
    for number in sorted(range(len(widths)), key=lambda number: -widths[number]):
        width = widths[number]
        if not batches or width != last or (len(batches[-1]) + 1) * width > most:
            batches.append([])
        last = width
        batches[-1].append(number)
    return batches


def conversion_of(model_folder: Path) -> Path:
    """Where the conversion of an encoder's folder lies or will lie: under a hash of all its files."""
    digest = hashlib.sha256(f"{VERSION}".encode())
    for file in sorted(path for path in model_folder.rglob("*") if path.is_file() and path.suffix != ".md"):
        digest.update(file.relative_to(model_folder).as_posix().encode() + b"\0")
        with file.open("rb") as content:
            digest.update(hashlib.file_digest(content, "sha256").digest())
    return FOLDER / digest.hexdigest()[:16]


def convert(model: SentenceTransformer, fingerprint: str, folder: Path) -> None:
    """Convert a sentence-transformers encoder of text, check the result against it, and keep it in `folder`.

    Raises:
        ConversionError: it has no fast tokenizer, cannot be traced, or gives other vectors than the original.
    """
    backend = getattr(model.tokenizer, "backend_tokenizer", None)
    if backend is None:
        raise ConversionError("it has no fast tokenizer")
    with atomic_folder(folder, "encoder.json") as staging:
        _trace(model, staging / "model.xml")
        model.tokenizer.backend_tokenizer.save(str(staging / "tokenizer.json"))
        settings = {
            "fingerprint": fingerprint,
            "dimension": int(model.get_embedding_dimension() or 0),
            "prompts": {kind: model.prompts.get(kind) or "" for kind in ("query", "document")},
            "max_tokens": int(model.max_seq_length or 512),
            "pad": int(model.tokenizer.pad_token_id or 0),
        }
        (staging / "encoder.json").write_text(json.dumps(settings, ensure_ascii=False), encoding="utf-8")
        _check(model, FastEncoder("check", staging, streams=1))


def _trace(model: SentenceTransformer, path: Path) -> None:
    import openvino
    import torch

    class Pipeline(torch.nn.Module):
        """The encoder as a function of two tensors."""

        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            found = self.model({"input_ids": input_ids, "attention_mask": attention_mask})
            return found["sentence_embedding"], found["token_embeddings"]

    ids = torch.full((2, 16), int(model.tokenizer.pad_token_id or 0))
    mask = torch.ones_like(ids)
    mask[1, 9:] = 0  # a trace without padding would leave the mask out
    any_shape = openvino.PartialShape([-1, -1])
    try:
        with torch.inference_mode(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            traced = openvino.convert_model(
                Pipeline(), example_input={"input_ids": ids, "attention_mask": mask}, input=[any_shape, any_shape]
            )
    except Exception as error:  # whatever a model's own code raises under tracing
        raise ConversionError(f"it cannot be traced: {error}") from error
    openvino.save_model(traced, str(path), compress_to_fp16=True)


def _check(model: SentenceTransformer, fast: FastEncoder) -> None:
    """Raises ConversionError where the conversion gives other vectors; texts of several lengths together, so that masks count."""
    for encode, mine in ((model.encode_query, fast.encode_questions), (model.encode_document, fast.encode_passages)):
        original = unit_rows(np.asarray(encode(list(_CHECK_TEXTS), convert_to_numpy=True, show_progress_bar=False), dtype=np.float32))
        least = float(np.einsum("ij,ij->i", original, mine(_CHECK_TEXTS)).min())
        if least < LEAST_COSINE:
            raise ConversionError(f"the conversion gives other vectors (cosine {least:.4f})")
