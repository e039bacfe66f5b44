"""Generations: the index on disk, whole or not at all.

    <index dir>/
      CURRENT                    the name of the published generation
      .lock                      empty; held by the one builder
      generations/<time>-<hash>/ manifest.json, answers.sqlite, units.npy, embeddings.npy, vectors.faiss, words/
      quarantine/                generations that failed their verification, for someone to look at

Publishing, in this order: (1) write everything in a staging folder; (2) fsync every file; (3) write the manifest with
each file's size and SHA-256; (4) verify what was written, as a reader would; (5) rename the staging folder to its name, which
holds the manifest's hash; (6) replace CURRENT atomically: **the commit point**; (7) remove generations beyond the ones kept.
A crash before (6) leaves the old generation published, and a staging folder that the next builder removes.

Readers open by CURRENT, check sizes and hashes before they parse anything, and fall back to the newest generation that
is whole. FAISS itself does not fsync and accepts a flipped byte silently: hence the hashes. Nothing is ever pickled.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import logging
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import filelock

from corpus.atomic import atomic_writer, fsync

FORMAT_VERSION = 2
KEPT_GENERATIONS = 3
MANIFEST = "manifest.json"

_NAME = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{16}")
_STAMP = "%Y%m%dT%H%M%SZ"
_STAGING_PREFIX = ".staging-"

log = logging.getLogger(__name__)


class IndexFolderError(Exception):
    """The index cannot be used; the message (Chinese) says what is wrong, where, and what to do."""


class NoIndexError(IndexFolderError):
    """There is no index in the folder."""


class DamagedError(IndexFolderError):
    """A generation is not as it was published."""


class BusyError(IndexFolderError):
    """Another builder holds the lock."""


@dataclass(frozen=True)
class Manifest:
    """What a generation says of itself.

    Attributes:
        created: UTC, ISO 8601.
        counts: records, units, and records by kind.
        encoder: name, fingerprint, dimension, prompts, max_tokens.
        segmentation: jieba's version and the SHA-256 of each lexicon file.
        libraries: versions of what wrote the files.
        sources: the paths the corpus was read from.
        golden: questions that the vectors must find again: [{question, row}].
        files: relative path -> {size, sha256}.
    """

    created: str
    counts: dict[str, int]
    encoder: dict[str, Any]
    segmentation: dict[str, str]
    libraries: dict[str, str]
    sources: list[str] = field(default_factory=list)
    golden: list[dict[str, Any]] = field(default_factory=list)
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    format_version: int = FORMAT_VERSION

    def to_bytes(self) -> bytes:
        """As it is stored: UTF-8 JSON with sorted keys."""
        return (json.dumps(dataclasses.asdict(self), ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()

    @staticmethod
    def from_bytes(content: bytes, path: Path) -> Manifest:
        """Raises DamagedError for what is no manifest, or one of another format version."""
        try:
            fields = json.loads(content)
            version = fields["format_version"]
        except (ValueError, TypeError, KeyError) as error:
            raise DamagedError(f"{path} 已损坏，读不出来") from error
        if version != FORMAT_VERSION:
            raise DamagedError(f"{path} 的格式版本是 {version}，本程序只认 {FORMAT_VERSION}；请用相应版本的程序，或重建索引")
        try:
            return Manifest(**fields)
        except TypeError as error:
            raise DamagedError(f"{path} 缺少或多出字段：{error}") from error


@dataclass(frozen=True)
class Generation:
    """A published generation, verified."""

    path: Path
    manifest: Manifest

    @property
    def name(self) -> str:
        """`<time>-<hash>`."""
        return self.path.name


class IndexFolder:
    """An index folder: its generations, and which one is published."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def generations_path(self) -> Path:
        """The folder of the generations."""
        return self.path / "generations"

    def names(self) -> list[str]:
        """The generations that lie here, newest first."""
        if not self.generations_path.is_dir():
            return []
        return sorted((entry.name for entry in self.generations_path.iterdir() if _NAME.fullmatch(entry.name)), reverse=True)

    def current_name(self) -> str | None:
        """What CURRENT says, or None where it is missing or says nothing sensible."""
        try:
            name = (self.path / "CURRENT").read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):
            return None
        return name if _NAME.fullmatch(name) else None

    def open(self) -> Generation:
        """The published generation, verified; else the newest whole one, with a warning.

        A damaged generation is moved to `quarantine/`, so that it is looked at once and not at every start.

        Raises:
            NoIndexError: no generation lies here.
            DamagedError: none of those that do is whole.
        """
        names = self.names()
        if not names:
            raise NoIndexError(f"{self.path} 里没有索引。请先运行：python scripts/rebuild_index.py --index {self.path}")
        current = self.current_name()
        if current is None:
            log.warning("%s 缺失或已损坏，改用最新的一代", self.path / "CURRENT")
        problems: list[str] = []
        for name in ([current] if current else []) + [name for name in names if name != current]:
            try:
                generation = verify(self.generations_path / name)
            except DamagedError as error:
                problems.append(str(error))
                log.warning("%s", error)
                self._quarantine(name)
                continue
            if problems:
                log.warning("已退回到 %s；请尽快重建索引", name)
            return generation
        raise DamagedError("没有一代索引是完好的：" + "；".join(problems) + "。请运行 python scripts/rebuild_index.py 重建")

    @contextlib.contextmanager
    def builder(self) -> Iterator[Path]:
        """Hold the builder's lock, with an empty staging folder; what is left in it afterwards is removed.

        Raises:
            BusyError: another builder holds the lock.
            IndexFolderError: the folder cannot be written.
        """
        try:
            self.generations_path.mkdir(parents=True, exist_ok=True)
            lock = filelock.FileLock(self.path / ".lock", timeout=0)
            lock.acquire()
        except filelock.Timeout as error:
            raise BusyError(f"另一个程序正在重建 {self.path}，请等它结束再试") from error
        except OSError as error:
            raise IndexFolderError(f"不能写入索引文件夹 {self.path}：{error.strerror or error}") from error
        staging: Path | None = None
        try:
            for leftover in self.generations_path.glob(f"{_STAGING_PREFIX}*"):
                shutil.rmtree(leftover, ignore_errors=True)
            staging = Path(tempfile.mkdtemp(prefix=_STAGING_PREFIX, dir=self.generations_path))
            staging.chmod(0o755)
            yield staging
        except OSError as error:
            raise IndexFolderError(
                f"写入索引时出错：{error.strerror or error}（{error.filename or self.path}）；已发布的索引没有改动"
            ) from error
        finally:
            if staging is not None:
                shutil.rmtree(staging, ignore_errors=True)
            lock.release()

    def seal(self, staging: Path, manifest: Manifest) -> Generation:
        """Steps 2 and 3: fsync the staged files, write the manifest that lists them."""
        files = {}
        for file in sorted(staging.rglob("*")):
            if file.is_file():
                fsync(file)
                files[file.relative_to(staging).as_posix()] = {"size": file.stat().st_size, "sha256": _sha256(file)}
        manifest = dataclasses.replace(manifest, files=files)
        path = staging / MANIFEST
        path.write_bytes(manifest.to_bytes())
        fsync(path)
        for folder in [*(entry for entry in staging.rglob("*") if entry.is_dir()), staging]:
            fsync(folder)
        return Generation(staging, manifest)

    def publish(self, sealed: Generation) -> Generation:
        """Steps 5 to 7: name the staged generation, make it current, remove old ones. The lock must be held."""
        created = datetime.fromisoformat(sealed.manifest.created)
        # Names sort by age: neither a clock that runs backwards nor two builds within a second may undo that.
        for newest in self.names()[:1]:
            created = max(created, datetime.strptime(newest[:16], _STAMP).replace(tzinfo=UTC) + timedelta(seconds=1))
        name = f"{created.strftime(_STAMP)}-{hashlib.sha256(sealed.manifest.to_bytes()).hexdigest()[:16]}"
        target = self.generations_path / name
        sealed.path.rename(target)
        fsync(self.generations_path)
        with atomic_writer(self.path / "CURRENT") as file:
            file.write(f"{name}\n".encode("ascii"))
        kept = [name, *(other for other in self.names() if other != name)][:KEPT_GENERATIONS]
        for old in self.names():
            if old not in kept:
                shutil.rmtree(self.generations_path / old, ignore_errors=True)
        return Generation(target, sealed.manifest)

    def _quarantine(self, name: str) -> None:
        path = self.generations_path / name
        with contextlib.suppress(OSError):  # a reader may not be allowed to; the warning has been given
            (self.path / "quarantine").mkdir(exist_ok=True)
            path.rename(self.path / "quarantine" / name)


def verify(path: Path) -> Generation:
    """A generation whose every byte is as it was published.

    Raises:
        DamagedError: says which file differs and how.
    """
    manifest_path = path / MANIFEST
    try:
        content = manifest_path.read_bytes()
    except OSError as error:
        raise DamagedError(f"{manifest_path} 读不到（{error.strerror}）") from error
    if _NAME.fullmatch(path.name) and not path.name.endswith(hashlib.sha256(content).hexdigest()[:16]):
        raise DamagedError(f"{manifest_path} 与发布时不同")
    manifest = Manifest.from_bytes(content, manifest_path)
    for relative, expected in manifest.files.items():
        file = path / relative
        try:
            size = file.stat().st_size
            if size != expected["size"]:
                raise DamagedError(f"{file} 有 {size} 字节，应为 {expected['size']} 字节")
            if _sha256(file) != expected["sha256"]:
                raise DamagedError(f"{file} 的内容与发布时不同")
        except OSError as error:
            raise DamagedError(f"{file} 读不到（{error.strerror}）") from error
    return Generation(path, manifest)


def now() -> str:
    """The present second in UTC, ISO 8601."""
    return datetime.now(UTC).replace(microsecond=0).isoformat()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
