"""Where an index in Milvus is: `milvus:URI` or `milvus:URI#alias`, as commands and the page take it beside a folder."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from index.manifest import IndexFolderError

PREFIX = "milvus:"
DEFAULT_ALIAS = "doctor_answers"

_ALIAS = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")
_REMOTE = re.compile(r"(https?|tcp|unix):")


@dataclass(frozen=True, slots=True)
class MilvusAddress:
    """A server, or a milvus-lite file, and the alias that is published there.

    Attributes:
        uri: `http://host:19530`, with `/database` after it where there is one; or the path of a milvus-lite file, ending in `.db`.
        alias: readers ask by it; collections are named after it.
    """

    uri: str
    alias: str = DEFAULT_ALIAS

    @property
    def file(self) -> Path | None:
        """The file of milvus-lite; None for a server."""
        return None if _REMOTE.match(self.uri) else Path(self.uri)

    def __str__(self) -> str:
        return f"{PREFIX}{self.uri}" + ("" if self.alias == DEFAULT_ALIAS else f"#{self.alias}")


def is_milvus(text: object) -> bool:
    """Whether an index's address means Milvus and not a folder."""
    return str(text).startswith(PREFIX)


def parse(text: str) -> MilvusAddress:
    """`milvus:URI` or `milvus:URI#alias`; the prefix may be missing.

    Raises:
        IndexFolderError: it is no such address.
    """
    uri, _, alias = text.removeprefix(PREFIX).partition("#")
    alias = alias or DEFAULT_ALIAS
    if not _ALIAS.fullmatch(alias):
        raise IndexFolderError(f"“{alias}”不能做别名：只能用字母、数字和下划线，不以数字开头，最多 100 个")
    address = MilvusAddress(uri, alias)
    if address.file and address.file.suffix != ".db":
        raise IndexFolderError(f"“{uri}”不是 Milvus 的地址：应像 http://主机:19530，或是以 .db 结尾的 milvus-lite 文件")
    return address
