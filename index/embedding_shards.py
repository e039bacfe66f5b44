"""Embedding a corpus on several machines: its texts cut into shards, each embedded by whoever is free, the vectors fed to a build.

    FOLDER/<fingerprint>/<shard>.jsonl     the texts to embed: {"kind", "text", "tokens"}, a line each; <shard> is a hash of them
    FOLDER/<fingerprint>/<shard>.parquet   their vectors by content hash: columns `hash` (16 bytes), `vector`, and `codes` of the tokens
                                           (`index.token_codes`) where the text's `tokens` says that they are kept

The folder is one that all machines see. A shard whose Parquet file is there is done, and a file is there whole or not at all: so
whatever was interrupted goes on where it stopped, and two that embed the same shard do no harm. Names are hashes of the content, so a
corpus that has only been added to embeds only its new shards. Shards of what has gone from the corpus stay, texts and all, until somebody
deletes them (`strangers` names them). `scripts/embed_with_ray.py` gives the shards to Ray; any other queue would do.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from corpus.atomic import atomic_writer
from corpus.record import DoctorAnswer
from index.arrays import no_directions
from index.embed import embed_units
from index.embedding_cache import CachedEncoder, text_hash
from index.encoder import TextEncoder
from index.manifest import IndexFolderError
from index.token_codes import width_of
from index.units import QUESTION, Unit, units_of

TEXTS, VECTORS = ".jsonl", ".parquet"
#: Texts of a shard: some minutes' work for a processor.
SHARD = 4_096

_KINDS = ("question", "passage")
_READ = 4_096
_PIECE = 64


def write_shards(
    records: Iterable[DoctorAnswer], folder: Path, fingerprint: str, size: int = SHARD, *, tokens: bool = False
) -> Iterator[Path]:
    """Write the units' texts of some records as shards, each text once in its shard; the file of each as it is written.

    Args:
        records: read once.
        folder: the common folder.
        fingerprint: of the encoder that is to embed them.
        size: texts of a shard; the last record's units stay together, so it may be a few more.
        tokens: have the codes of tokens made for the units that an index keeps them of.
    """
    waiting: dict[tuple[str, str], bool] = {}
    for record in records:
        for unit in units_of(record):
            kind = _KINDS[unit.kind != QUESTION]
            waiting[kind, unit.text] = (tokens and unit.with_tokens) or waiting.get((kind, unit.text), False)
        if len(waiting) >= size:
            yield _write_shard(waiting, folder / fingerprint)
            waiting = {}
    if waiting:
        yield _write_shard(waiting, folder / fingerprint)


def _write_shard(texts: Mapping[tuple[str, str], bool], folder: Path) -> Path:
    lines = ({"kind": kind, "text": text, "tokens": with_tokens} for (kind, text), with_tokens in texts.items())
    content = "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines).encode()
    path = folder / f"{hashlib.sha256(content).hexdigest()[:32]}{TEXTS}"
    if not path.exists():
        with atomic_writer(path) as file:
            file.write(content)
    return path


def strangers(shards: Iterable[Path], folder: Path, fingerprint: str) -> list[Path]:
    """Files of shards beside these: of an earlier state of the corpus, or of another corpus in the same folder."""
    ours = {path for shard in shards for path in (shard, shard.with_suffix(VECTORS))}
    return sorted(path for path in (folder / fingerprint).iterdir() if path.suffix in (TEXTS, VECTORS) and path not in ours)


def is_done(shard: Path) -> bool:
    """Whether a shard of texts has been embedded."""
    return shard.with_suffix(VECTORS).exists()


def embed_shard(shard: Path, encoder: TextEncoder) -> int:
    """Embed a shard of texts into its Parquet file; how many vectors that are, 0 for one that is done.

    Raises:
        IndexFolderError: the shard is meant for another encoder.
    """
    if shard.parent.name != encoder.fingerprint:
        raise IndexFolderError(f"{shard} 要用编码器 {shard.parent.name} 编码，这里的是 {encoder.fingerprint}。请让各机器用同一个编码器")
    if is_done(shard):
        return 0
    texts = [json.loads(line) for line in shard.read_text(encoding="utf-8").split("\n") if line]
    units = [Unit(_KINDS.index(text["kind"]), text["text"], with_tokens=text.get("tokens", False)) for text in texts]
    vectors = np.zeros((len(texts), encoder.dimension), dtype=np.float32)
    codes: list[bytes | None] = [None] * len(texts)
    for places, embedded, of_tokens in embed_units(encoder, units, _PIECE):
        vectors[places] = embedded
        for place, one in zip(places, of_tokens or (), strict=of_tokens is not None):
            codes[place] = one.tobytes()
    table = pa.table(
        {
            "hash": pa.array([text_hash(text["kind"], text["text"]) for text in texts], pa.binary(16)),
            "vector": pa.FixedSizeListArray.from_arrays(pa.array(vectors.ravel()), encoder.dimension),
            "codes": pa.array(codes, pa.binary()),
        }
    )
    content = io.BytesIO()
    pq.write_table(table, content)
    with atomic_writer(shard.with_suffix(VECTORS)) as file:
        file.write(content.getbuffer())
    return len(texts)


def feed(cache: CachedEncoder, folder: Path) -> int:
    """Put every vector of a common folder that the cache's encoder made into the cache; how many.

    Raises:
        IndexFolderError: nothing of this encoder is there, or a file is not as it was written.
    """
    files = sorted((folder / cache.fingerprint).glob(f"*{VECTORS}"))
    if not files:
        raise IndexFolderError(f"{folder} 里没有编码器 {cache.fingerprint} 编好的向量。请先用同一个编码器运行 scripts/embed_with_ray.py")
    return sum(cache.put(*batch) for file in files for batch in _read(file, cache.dimension))


def _read(file: Path, dimension: int) -> Iterator[tuple[list[bytes], np.ndarray, list[np.ndarray | None]]]:
    """Hashes, vectors and codes, some thousand texts at a time."""
    width = width_of(dimension)
    try:
        with pq.ParquetFile(file) as opened:
            names = [name for name in ("hash", "vector", "codes") if name in opened.schema_arrow.names]  # earlier files have no codes
            for batch in opened.iter_batches(_READ, columns=names):
                vectors = batch["vector"].flatten().to_numpy(zero_copy_only=False).astype(np.float32).reshape(len(batch), dimension)
                if len(no_directions(vectors)):
                    raise ValueError("长度不是 1 的向量")
                kept = batch["codes"].to_pylist() if "codes" in names else [None] * len(batch)
                codes = [None if one is None else np.frombuffer(one, np.uint8).reshape(-1, width) for one in kept]
                yield batch["hash"].to_pylist(), vectors, codes
    except (pa.ArrowException, OSError, ValueError, KeyError) as error:
        raise IndexFolderError(
            f"{file} 已损坏（{str(error).splitlines()[0][:120]}）。请删去它，再运行 scripts/embed_with_ray.py"
        ) from error
