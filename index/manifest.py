"""The manifest of a generation: what the generation says of itself, and every file's size and hash.

A generation's name is its manifest's time and hash, so that whoever knows the name can check the manifest, and with the
manifest every byte of the rest.
"""

from __future__ import annotations

import dataclasses
import errno
import hashlib
import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

FORMAT_VERSION = 3
#: Formats that are read. In format 2 every vector index is exact and bm25s itself saved the words.
READABLE = frozenset({2, 3})
MANIFEST = "manifest.json"
#: What to do about a generation that is not whole.
REMEDY = "请运行 python scripts/rebuild_index.py 重建，或加 --rollback 退回上一代"

#: What the system says where something else lies in a file's place, or nothing; every other error may pass.
ABSENT = frozenset({errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ELOOP, errno.EINVAL, errno.ENXIO})

NAME = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{16}")
STAMP = "%Y%m%dT%H%M%SZ"


class IndexFolderError(Exception):
    """The index cannot be used; the message (Chinese) says what is wrong, where, and what to do."""


class NoIndexError(IndexFolderError):
    """There is no index in the folder."""


class DamagedError(IndexFolderError):
    """A generation is not as it was published."""


class ForeignError(DamagedError):
    """A generation is of a format that this program does not know: nothing is wrong with it, so it stays where it is."""


class UnreadableError(IndexFolderError):
    """A generation cannot be looked at just now (too many open files, no rights, no memory), which says nothing of its bytes."""


class BusyError(IndexFolderError):
    """Another builder holds the lock."""


def unread(path: Path, error: OSError) -> DamagedError | UnreadableError:
    """What it means that a generation's file could not be read: it is not there as published, or it cannot be read just now."""
    if error.errno in ABSENT:
        return DamagedError(f"{path} 读不到（{error.strerror}）")
    return UnreadableError(
        f"{path} 现在读不了（{error.strerror or error}），未必损坏；请检查权限、内存、磁盘和可打开的文件数（ulimit -n）后再试"
    )


def stored_path(path: str) -> str:
    """A path as a manifest holds it: what is no UTF-8 in a file's name is spelled out; the rest stays, so that the file is found by it."""
    return path.encode("utf-8", "backslashreplace").decode()


@dataclass(frozen=True)
class Manifest:
    """What a generation says of itself.

    Attributes:
        created: UTC, ISO 8601, whole seconds; the time in the generation's name.
        counts: records, units, and records by kind.
        encoder: name, fingerprint, dimension, prompts, max_tokens, and whether the vectors of its tokens are kept (`tokens`; nothing of it in
            generations of before those were).
        segmentation: jieba's version and the SHA-256 of each lexicon file.
        libraries: versions of what wrote the files.
        sources: the paths the corpus was read from (`stored_path`).
        vector_index: which kind it is and why (`index.vector_kinds.VectorKind`); empty in format 2.
        golden: questions that the index must find again: [{question, row}].
        files: relative path -> {size, sha256}.
    """

    created: str
    counts: dict[str, int]
    encoder: dict[str, Any]
    segmentation: dict[str, str]
    libraries: dict[str, str]
    sources: list[str] = field(default_factory=list)
    vector_index: dict[str, Any] = field(default_factory=dict)
    golden: list[dict[str, Any]] = field(default_factory=list)
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    format_version: int = FORMAT_VERSION

    def to_bytes(self) -> bytes:
        """As it is stored: UTF-8 JSON with sorted keys."""
        return (json.dumps(dataclasses.asdict(self), ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()

    def generation_name(self) -> str:
        """`<time>-<hash>`: the name that a generation with this manifest has."""
        time = datetime.fromisoformat(self.created).astimezone(UTC).strftime(STAMP)
        return f"{time}-{hashlib.sha256(self.to_bytes()).hexdigest()[:16]}"

    @staticmethod
    def from_bytes(content: bytes, path: Path) -> Manifest:
        """Raises DamagedError for what is no manifest, ForeignError for one of another format version."""
        try:
            fields = json.loads(content)
            version = fields["format_version"]
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise DamagedError(f"{path} 已损坏，读不出来") from error
        if version not in READABLE:
            known = "、".join(map(str, sorted(READABLE)))
            raise ForeignError(f"{path} 的格式版本是 {version}，本程序只认 {known}；请用相应版本的程序，或重建索引")
        try:
            return Manifest(**fields)
        except TypeError as error:
            raise DamagedError(f"{path} 缺少或多出字段：{error}") from error


@dataclass(frozen=True)
class Generation:
    """A published generation, verified.

    Attributes:
        path: its folder.
        manifest: what it says of itself.
        lease: while this lives, no builder deletes the generation; None where nobody could.
    """

    path: Path
    manifest: Manifest
    lease: object | None = field(default=None, compare=False, repr=False)

    @property
    def name(self) -> str:
        """`<time>-<hash>`."""
        return self.path.name
