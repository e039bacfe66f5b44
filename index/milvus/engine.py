"""The few calls of Milvus that the index needs; whatever fails, fails with a sentence (Chinese) and never with a library's exception.

`pymilvus` is asked for only here, and only when an address means Milvus: the product runs without it.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from index.manifest import IndexFolderError, NoIndexError
from index.milvus.address import MilvusAddress

#: Holds `user:password` or an API key of the server; it is never put in an address, where it would be shown.
TOKEN_VARIABLE = "MILVUS_TOKEN"  # noqa: S105

_SECONDS = 20
_LONG = 1_800  # loading and indexing a large collection
_CONNECT_SECONDS = 10
_BATCH = 500
# pymilvus would ask every ten seconds whether an idle server is there; milvus-lite's takes that for an attack and hangs up.
_CHANNEL = {"grpc.keepalive_time_ms": 300_000, "grpc.keepalive_permit_without_calls": False}
#: What one query may bring back is bounded by the server (`quotaAndLimits.limits.maxQueryResultWindow`).
MOST_RESULTS = 16_384


class EngineError(IndexFolderError):
    """Milvus did not do what it was asked; the message (Chinese) says what and what to do."""


class Engine:
    """A connection to one server. Safe for concurrent use."""

    def __init__(self, address: MilvusAddress, *, create: bool = False) -> None:
        """Connect.

        Args:
            address: the server; a milvus-lite file is opened by this process alone.
            create: make a milvus-lite file that is not there.

        Raises:
            NoIndexError: there is no such file.
            EngineError: pymilvus is not installed, or the server cannot be reached.
        """
        self.uri = address.uri
        self._client = self._connect(address, create=create)

    def _connect(self, address: MilvusAddress, *, create: bool) -> Any:
        file = address.file
        if file is not None and not file.exists() and not create:
            raise NoIndexError(f"没有 {file}。请先运行：python scripts/rebuild_index.py --target milvus --uri {address.uri}")
        os.environ.setdefault("GRPC_VERBOSITY", "NONE")  # its core writes to stderr by itself, e.g. that a process has forked
        try:
            import pymilvus
        except ImportError as error:
            raise EngineError("没有安装 pymilvus。请先运行：pip install -r requirements-milvus.txt") from error
        # They print a traceback of every failure, which we tell in a sentence; grpc's is of calls that milvus-lite does not have, and
        # that pymilvus does without.
        for name in ("pymilvus", "milvus_lite", "grpc"):
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
        try:
            token = os.environ.get(TOKEN_VARIABLE, "")
            return pymilvus.MilvusClient(self.uri, token=token, timeout=_CONNECT_SECONDS, grpc_options=_CHANNEL)
        except Exception as error:
            raise EngineError(_why_not_open(address, error)) from error

    def close(self) -> None:
        """End the connection; a milvus-lite file is then free for another process."""
        self._client.close()
        if not self.uri.endswith(".db"):
            return
        from milvus_lite.server_manager import server_manager_instance

        server_manager_instance.release_server(self.uri)

    def _call(self, call: Callable[..., Any], *arguments: Any, timeout: int = _SECONDS, **options: Any) -> Any:
        try:
            return call(*arguments, timeout=timeout, **options)
        except Exception as error:  # pymilvus raises its own, grpc's and plain ones
            raise EngineError(f"Milvus（{self.uri}）没有做成 {call.__name__}：{_short(error)}。请看服务是否正常，再试一次") from error

    def version(self) -> str:
        """The server's version."""
        return str(self._call(self._client.get_server_version))

    def schema(self) -> Any:
        """A new schema without fields beyond those that will be added."""
        return self._client.create_schema(auto_id=False, enable_dynamic_field=False)

    def indexes(self) -> Any:
        """A new list of indexes."""
        return self._client.prepare_index_params()

    def collections(self) -> list[str]:
        """The names of all collections."""
        return list(self._call(self._client.list_collections))

    def has(self, name: str) -> bool:
        """Whether there is a collection or an alias of this name."""
        return bool(self._call(self._client.has_collection, name))

    def create(self, name: str, schema: Any, indexes: Any) -> None:
        """Make a collection."""
        self._call(self._client.create_collection, name, schema=schema, index_params=indexes)

    def insert(self, name: str, rows: list[dict[str, Any]]) -> None:
        """Put rows into a collection."""
        if rows:
            self._call(self._client.insert, name, rows, timeout=_LONG)

    def finish(self, name: str) -> None:
        """Make what was put in durable and searchable."""
        self._call(self._client.flush, name, timeout=_LONG)
        self.load(name)

    def load(self, name: str) -> None:
        """Load a collection; one that is loaded already stays so."""
        self._call(self._client.load_collection, name, timeout=_LONG)

    def is_loaded(self, name: str) -> bool:
        """Whether a collection is in the server's memory, or on its way there."""
        from pymilvus.client.types import LoadState

        return self._call(self._client.get_load_state, name)["state"] not in (LoadState.NotLoad, LoadState.NotExist)

    def release(self, name: str) -> None:
        """Take a collection out of the server's memory."""
        self._call(self._client.release_collection, name)

    def drop(self, name: str) -> None:
        """Delete a collection; one that is not there is none."""
        self._call(self._client.drop_collection, name)

    def alias_target(self, alias: str) -> str | None:
        """The collection that an alias stands for; None where there is no such alias."""
        if alias not in self._call(self._client.list_aliases).get("aliases", []):
            return None
        return str(self._call(self._client.describe_alias, alias)["collection_name"])

    def point(self, alias: str, collection: str) -> None:
        """Let an alias stand for a collection, in one step for every reader."""
        change = self._client.create_alias if self.alias_target(alias) is None else self._client.alter_alias
        self._call(change, collection, alias)

    def count(self, name: str, expression: str = "") -> int:
        """How many rows of a collection there are, or pass."""
        found = self._call(
            self._client.query, name, filter=expression, output_fields=["count(*)"], consistency_level="Strong", timeout=_LONG
        )
        return int(found[0]["count(*)"])

    def get(self, name: str, keys: Sequence[int] | Sequence[str], fields: Sequence[str]) -> Iterator[dict[str, Any]]:
        """The rows with these primary keys, in any order."""
        for start in range(0, len(keys), _BATCH):
            yield from self._call(self._client.get, name, ids=list(keys[start : start + _BATCH]), output_fields=list(fields))

    def query(
        self, name: str, expression: str, fields: Sequence[str], *, limit: int = MOST_RESULTS, offset: int = 0
    ) -> list[dict[str, Any]]:
        """Rows that pass, in any order."""
        return list(self._call(self._client.query, name, filter=expression, output_fields=list(fields), limit=limit, offset=offset or None))

    def search(
        self, name: str, field: str, vector: Any, limit: int, expression: str = "", fields: Sequence[str] = (), **parameters: Any
    ) -> list[tuple[int, float, dict[str, Any]]]:
        """The nearest rows by inner product, best first: (primary key, inner product, fields)."""
        found = self._call(
            self._client.search,
            name,
            data=[vector],
            anns_field=field,
            limit=limit,
            filter=expression,
            output_fields=list(fields),
            search_params={"metric_type": "IP", "params": parameters},
        )
        return [(hit.id, float(hit.distance), dict(hit.get("entity") or {})) for hit in found[0]]


@lru_cache(maxsize=4)
def shared_engine(address: MilvusAddress) -> Engine:
    """The connection that all readers of this process share. What could not be opened is tried again the next time."""
    return Engine(address)


def _short(error: Exception) -> str:
    return str(getattr(error, "message", "") or error or type(error).__name__).splitlines()[0][:200]


def _why_not_open(address: MilvusAddress, error: Exception) -> str:
    file = address.file
    if file is None:
        return f"连不上 Milvus（{address.uri}）：{_short(error)}。请看地址、端口和防火墙，服务是否已启动；要密码的，放在环境变量 {TOKEN_VARIABLE} 里"
    if not Path(file).parent.is_dir():
        return f"没有文件夹 {file.parent}，不能在里面放 {file.name}"
    try:
        import milvus_lite  # noqa: F401
    except ImportError:
        return "没有安装 milvus-lite，开不了 .db 文件。请先运行：pip install -r requirements-milvus.txt"
    return (
        f"打不开 {file}（{_short(error)}）：多半是另一个程序正开着它，milvus-lite 的文件一次只能由一个程序打开。"
        f"请关掉那个程序，或用 milvus-lite server 开一个端口，大家都连 http://127.0.0.1:端口"
    )
