"""The same over a port: only the address is another."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.answers import Filters
from index.milvus.address import parse
from index.milvus.build import build_milvus
from index.milvus.engine import Engine, EngineError
from index.milvus.publishing import MilvusGenerations
from index.places import open_searcher, published_name
from tests.index.some_records import numbered
from tests.stub_encoder import StubEncoder

RECORDS = [numbered(number, department="骨科" if number % 2 else 'a"b') for number in range(6)]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen]]:
    pytest.importorskip("milvus_lite")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "milvus_lite",
        "server",
        "--data-dir",
        str(tmp_path / "data"),
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        assert process.poll() is None
        yield f"milvus:http://127.0.0.1:{port}", process
        process.kill()


@pytest.mark.slow
def test_publish_search_roll_back_and_lose_the_server(server: tuple[str, subprocess.Popen], closing_shared: Callable[[], None]) -> None:
    address, process = server
    parsed = parse(address)
    generations = MilvusGenerations(Engine(parsed), parsed.alias)
    first = build_milvus(RECORDS[:4], generations, StubEncoder()).index.name
    reader = open_searcher(address, StubEncoder())
    second = build_milvus(RECORDS, generations, StubEncoder()).index.name
    assert published_name(address) == second
    assert len(reader.search("第1个问题怎么办").results) == 4  # whoever reads the old one still can
    now = open_searcher(address, StubEncoder())
    assert {result.record.id for result in now.search("第1个问题怎么办", filters=Filters(departments=('a"b',))).results} == {
        "r0",
        "r2",
        "r4",
    }
    assert generations.rollback().name == published_name(address) == first
    process.kill()
    process.wait()
    with pytest.raises(EngineError, match="请看服务是否正常"):
        now.search("第5个问题怎么办")
