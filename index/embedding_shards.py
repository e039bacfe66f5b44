"""Embedding a corpus on several machines: its texts cut into shards, each embedded by whoever is free, the vectors fed to a build.

    FOLDER/<fingerprint>/<shard>.jsonl     the texts to embed: {"kind", "text"}, a line each; <shard> is a hash of them
    FOLDER/<fingerprint>/<shard>.parquet   their vectors by content hash: columns `hash` (16 bytes) and `vector`

The folder is one that all machines see. A shard whose Parquet file is there is done, and a file is there whole or not at all: so
whatever was interrupted goes on where it stopped, and two that embed the same shard do no harm. Names are hashes of the content, so a
corpus that has only been added to embeds only its new shards. Shards of what has gone from the corpus stay, texts and all, until somebody
deletes them (`strangers` names them). `scripts/embed_with_ray.py` gives the shards to Ray; any other queue would do.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from corpus.atomic import atomic_writer
from corpus.record import DoctorAnswer
from index.arrays import no_directions
from index.embedding_cache import CachedEncoder, text_hash
from index.encoder import TextEncoder
from index.manifest import IndexFolderError
from index.units import QUESTION, units_of

TEXTS, VECTORS = ".jsonl", ".parquet"
#: Texts of a shard: some minutes' work for a processor.
SHARD = 4_096

_KINDS = ("question", "passage")
_READ = 4_096
_PIECE = 64


def write_shards(records: Iterable[DoctorAnswer], folder: Path, fingerprint: str, size: int = SHARD) -> Iterator[Path]:
    """Write the units' texts of some records as shards, each text once in its shard; the file of each as it is written.

    Args:
        records: read once.
        folder: the common folder.
        fingerprint: of the encoder that is to embed them.
        size: texts of a shard; the last record's units stay together, so it may be a few more.
    """
    waiting: dict[str, None] = {}
    for record in records:
        for unit in units_of(record):
            kind = _KINDS[unit.kind != QUESTION]
            waiting[json.dumps({"kind": kind, "text": unit.text}, ensure_ascii=False)] = None
        if len(waiting) >= size:
            yield _write_shard(waiting, folder / fingerprint)
            waiting = {}
    if waiting:
        yield _write_shard(waiting, folder / fingerprint)


def _write_shard(lines: Iterable[str], folder: Path) -> Path:
    content = "".join(f"{line}\n" for line in lines).encode()
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
    vectors = np.zeros((len(texts), encoder.dimension), dtype=np.float32)
    for kind, encode in zip(_KINDS, (encoder.encode_questions, encoder.encode_passages), strict=True):
        places = [place for place, text in enumerate(texts) if text["kind"] == kind]
        places.sort(key=lambda place: len(texts[place]["text"]))  # a batch is padded to its longest
        for start in range(0, len(places), _PIECE):
            piece = places[start : start + _PIECE]
            vectors[piece] = encode([texts[place]["text"] for place in piece])
    table = pa.table(
        {
            "hash": pa.array([text_hash(text["kind"], text["text"]) for text in texts], pa.binary(16)),
            "vector": pa.FixedSizeListArray.from_arrays(pa.array(vectors.ravel()), encoder.dimension),
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
    return sum(cache.put(hashes, vectors) for file in files for hashes, vectors in _read(file, cache.dimension))


def _read(file: Path, dimension: int) -> Iterator[tuple[list[bytes], np.ndarray]]:
    try:
        with pq.ParquetFile(file) as opened:
            for batch in opened.iter_batches(_READ, columns=["hash", "vector"]):
                vectors = batch["vector"].flatten().to_numpy(zero_copy_only=False).astype(np.float32).reshape(len(batch), dimension)
                if len(no_directions(vectors)):
                    raise ValueError("长度不是 1 的向量")
                yield batch["hash"].to_pylist(), vectors
    except (pa.ArrowException, OSError, ValueError, KeyError) as error:
        raise IndexFolderError(
            f"{file} 已损坏（{str(error).splitlines()[0][:120]}）。请删去它，再运行 scripts/embed_with_ray.py"
        ) from error
