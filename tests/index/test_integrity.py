"""Every byte of an index folder is accounted for: by readers, who fall back, and by `--verify`, which tells everything."""

from __future__ import annotations

import errno
import hashlib
import json
import logging
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from corpus.paths import ROOT, is_private, private_folder
from index import integrity, units, words
from index.audit import audit
from index.build import build_index
from index.check import check
from index.generation import IndexFolder, IndexFolderError
from index.integrity import Stamps, verify
from index.manifest import MANIFEST, DamagedError, ForeignError, Generation, UnreadableError
from index.resume import InterruptedWork
from index.search import Searcher
from index.steps import Step
from tests.index.some_records import numbered
from tests.stub_encoder import StubEncoder


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("original") / "index"
    for count in (4, 6):
        build_index([numbered(number) for number in range(count)], folder, StubEncoder())
    return folder


@pytest.fixture
def folder(original: Path, tmp_path: Path) -> Path:
    """A copy of an index of two generations, the newer with six records."""
    shutil.copytree(original, tmp_path / "index")
    return tmp_path / "index"


@pytest.fixture
def stamps(tmp_path: Path) -> Stamps:
    return Stamps(tmp_path / "stamps")


def files_of(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.name != ".lock")


def current(folder: Path) -> Path:
    return folder / "generations" / str(IndexFolder(folder).current_name())


def flip(path: Path, at: int, bit: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1 << bit
    path.write_bytes(content)


def test_a_whole_index_has_no_problems(folder: Path) -> None:
    found = audit(folder)
    assert (found.problems, found.notes) == ([], [])
    assert found.generations == IndexFolder(folder).names()
    assert found.files == len(files_of(folder)) - 1  # but CURRENT
    assert (folder / ".lock").stat().st_size == 0


def test_every_flipped_byte_is_told_by_its_file(folder: Path) -> None:
    generator = random.Random(7)
    flips = 0
    for file in files_of(folder):
        content = file.read_bytes()
        places = {0, len(content) - 1} | {generator.randrange(len(content)) for _ in range(3)}
        for at in places:
            flip(file, at, generator.randrange(8))
            problems = audit(folder).problems
            assert any(str(file) in problem for problem in problems), (file, at)
            assert all("重建" in problem or "删掉" in problem for problem in problems)
            file.write_bytes(content)
            flips += 1
    assert flips >= 80
    assert audit(folder).problems == []


def swap(folder: Path) -> Path:
    """A file of one generation in the other's place."""
    new, old = (folder / "generations" / name for name in IndexFolder(folder).names())
    shutil.copy(old / "answers.sqlite", new / "answers.sqlite")
    return new / "answers.sqlite"


def cut(folder: Path) -> Path:
    file = current(folder) / "embeddings.npy"
    os.truncate(file, file.stat().st_size - 1)
    return file


def lose(folder: Path) -> Path:
    file = current(folder) / "units.npy"
    file.unlink()
    return file


def lose_manifest(folder: Path) -> Path:
    file = current(folder) / MANIFEST
    file.unlink()
    return file


def replace_by_link(folder: Path) -> Path:
    file = current(folder) / "vectors.faiss"
    file.rename(folder.parent / "elsewhere")
    file.symlink_to(folder.parent / "elsewhere")
    return file


def exchange_folders(folder: Path) -> Path:
    """The older generation under the newer one's name."""
    new, old = (folder / "generations" / name for name in IndexFolder(folder).names())
    shutil.rmtree(new)
    shutil.copytree(old, new)
    return new / MANIFEST


@pytest.mark.parametrize("damage", [swap, cut, lose, lose_manifest, replace_by_link, exchange_folders])
def test_a_damaged_generation_is_fallen_back_from_and_stays_reported(
    folder: Path, damage: Callable[[Path], Path], stamps: Stamps, caplog: pytest.LogCaptureFixture
) -> None:
    bad, good = IndexFolder(folder).names()
    file = damage(folder)
    assert any(str(file) in problem for problem in audit(folder).problems)
    with caplog.at_level(logging.WARNING):
        assert IndexFolder(folder, stamps=stamps).open().name == good
    assert str(file) in caplog.text
    assert f"已退回到 {good}；请运行 python scripts/rebuild_index.py 重建" in caplog.text
    assert [entry.name for entry in (folder / "quarantine").iterdir()] == [bad]
    problems = audit(folder).problems
    assert any("quarantine" in problem and bad in problem for problem in problems)
    assert any("CURRENT" in problem for problem in problems)


def republish(generation: Path, **changes: object) -> Path:
    """Give a generation another manifest, with the name that goes with it."""
    content = json.loads((generation / MANIFEST).read_bytes()) | changes
    written = (json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
    (generation / MANIFEST).write_bytes(written)
    named = generation.with_name(f"{generation.name[:17]}{hashlib.sha256(written).hexdigest()[:16]}")
    generation.rename(named)
    (generation.parent.parent / "CURRENT").write_text(f"{named.name}\n")
    return named


def test_a_manifest_of_the_future_is_fallen_back_from_and_left_where_it_is(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    _, old = IndexFolder(folder).names()
    named = republish(current(folder), format_version=99)
    with pytest.raises(ForeignError, match=r"格式版本是 99.*请用相应版本的程序"):
        verify(named)
    assert IndexFolder(folder).open().name == old
    assert named.is_dir()
    assert str(named / MANIFEST) in caplog.text
    assert any(str(named / MANIFEST) in problem for problem in audit(folder).problems)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"counts": {"records": 7, "units": 12}}, "记录有 6，清单说应为 7"),
        ({"counts": {"records": 6, "units": 13}}, "单元有 12，清单说应为 13"),
        ({"golden": [{"question": "第1个问题怎么办", "row": 2}]}, "不在第 2 条记录里"),
    ],
)
def test_stores_that_disagree_with_the_manifest_are_damage(
    folder: Path, changes: dict, words: str, caplog: pytest.LogCaptureFixture
) -> None:
    _, old = IndexFolder(folder).names()
    named = republish(current(folder), **changes)
    assert IndexFolder(folder).open().name == old
    assert words in caplog.text
    assert (folder / "quarantine" / named.name).is_dir()


def test_another_dimension_is_damage(folder: Path) -> None:
    generation = verify(current(folder))
    wrong = replace(generation.manifest, encoder=generation.manifest.encoder | {"dimension": 32})
    with pytest.raises(DamagedError, match="维数有 64，清单说应为 32"):
        check(Generation(generation.path, wrong))


def test_another_lexicon_is_refused_with_a_sentence_and_not_quarantined(folder: Path) -> None:
    named = republish(current(folder), segmentation={"jieba": "0.1"})
    with pytest.raises(IndexFolderError, match=r"另一版词典.*重建"):
        Searcher.open(folder, StubEncoder())
    assert named.is_dir()
    assert not (folder / "quarantine").exists()


def test_vectors_of_other_units_are_damage(folder: Path) -> None:
    generation = verify(current(folder))
    embeddings = np.load(generation.path / units.EMBEDDINGS)
    np.save(generation.path / units.EMBEDDINGS, -embeddings)
    with pytest.raises(DamagedError, match="向量索引答不出"):
        check(generation)
    shutil.rmtree(generation.path / words.FOLDER)
    with pytest.raises(DamagedError, match="读不到"):
        check(generation)


@pytest.mark.parametrize("content", [b"", b"x", b"20260101T000000Z-0123456789abcdef\n", b"\xff\xfe"])
def test_a_wrong_current_is_told_and_fallen_back_from(folder: Path, content: bytes) -> None:
    newest = IndexFolder(folder).names()[0]
    (folder / "CURRENT").write_bytes(content)
    assert any("CURRENT" in problem for problem in audit(folder).problems)
    assert IndexFolder(folder).open().name == newest
    assert not (folder / "quarantine").exists()


@pytest.mark.parametrize("place", ["stray", "generations/stray", "generations/{}/stray", "generations/{}/words/stray", "quarantine/stray"])
def test_files_that_nobody_published_are_told(folder: Path, place: str) -> None:
    stray = folder / place.format(IndexFolder(folder).names()[1])
    stray.parent.mkdir(exist_ok=True)
    stray.write_text("x")
    assert any(str(stray) in problem for problem in audit(folder).problems)


def test_a_lock_with_content_is_told_and_debris_is_only_noted(folder: Path) -> None:
    (folder / "generations" / ".staging-x").mkdir()
    (folder / "generations" / ".staging-x" / "half").write_text("x")
    found = audit(folder)
    assert found.problems == []
    assert ".staging-x" in found.notes[0]
    (folder / ".lock").write_text("1")
    assert any(".lock" in problem for problem in audit(folder).problems)


def test_a_generation_renamed_is_told(folder: Path) -> None:
    old = folder / "generations" / IndexFolder(folder).names()[1]
    old.rename(old.with_name("20200101" + old.name[8:]))
    assert any("名字与" in problem for problem in audit(folder).problems)


def test_files_are_hashed_once_on_a_machine(folder: Path, stamps: Stamps, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[Path] = []
    monkeypatch.setattr(integrity, "_TICK_NS", 0)
    monkeypatch.setattr(integrity, "sha256", lambda path: hashed.append(path) or hashlib.sha256(path.read_bytes()).hexdigest())
    index = IndexFolder(folder, stamps=stamps)
    name = index.open().name
    first = len(hashed)
    assert first == len(files_of(current(folder))) - 1  # the manifest is checked by the name
    assert index.open().name == name
    assert len(hashed) == first
    index.open(thorough=True)
    assert len(hashed) == 2 * first
    # A byte flipped in a file that keeps its size and its time of change.
    file = current(folder) / "vectors.faiss"
    times = file.stat()
    flip(file, -1, 0)
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert index.open().name != name
    assert not [path for path in folder.rglob("*") if "stamp" in path.name]


def test_files_that_just_changed_get_no_stamp(folder: Path, stamps: Stamps, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(integrity, "_TICK_NS", 10**15)
    monkeypatch.setattr(integrity, "_COARSE_TICK_NS", 10**15)
    IndexFolder(folder, stamps=stamps).open()
    assert not stamps.folder.exists()


def test_a_stamp_that_others_may_have_written_is_not_taken(
    folder: Path, stamps: Stamps, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    hashed: list[Path] = []
    monkeypatch.setattr(integrity, "_TICK_NS", 0)
    monkeypatch.setattr(integrity, "sha256", lambda path: hashed.append(path) or hashlib.sha256(path.read_bytes()).hexdigest())
    index = IndexFolder(folder, stamps=stamps)
    index.open()
    whole = len(hashed)
    index.open()
    assert len(hashed) == whole
    left = files_of(stamps.folder)
    stamps.folder.chmod(0o777)
    assert index.open().name == index.current_name()
    assert len(hashed) == 2 * whole
    assert f"{stamps.folder} 别的用户也能写" in caplog.text
    assert files_of(stamps.folder) == left
    shutil.rmtree(stamps.folder)  # as the warning says
    index.open()
    index.open()
    assert len(hashed) == 3 * whole


@pytest.mark.skipif(os.name == "nt", reason="modes say nothing there")
@pytest.mark.parametrize(("mode", "private"), [(0o700, True), (0o755, True), (0o770, False), (0o707, False), (0o1777, False)])
def test_a_folder_that_others_may_write_to_is_not_private(tmp_path: Path, mode: int, private: bool) -> None:
    assert is_private(private_folder(tmp_path / "mine"))
    (tmp_path / "mine").chmod(mode)
    assert is_private(private_folder(tmp_path / "mine")) is private


@pytest.mark.parametrize(("owner", "private"), [(0, True), (1000, True), (1001, False)])
def test_a_folder_of_another_user_is_not_private_but_roots_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, owner: int, private: bool
) -> None:
    status = os.stat_result((0o40755, 0, 0, 2, owner, owner, 0, 0, 0, 0))
    monkeypatch.setattr(Path, "stat", lambda *_, **__: status)
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    assert is_private(tmp_path) is private


def test_a_builder_does_not_copy_damage_that_a_stamp_hides(folder: Path, tmp_path: Path) -> None:
    class Credulous(Stamps):
        def knows(self, *_: object) -> bool:
            return True

    flip(current(folder) / "embeddings.npy", -1, 6)
    index = IndexFolder(folder, stamps=Credulous(tmp_path / "s"))
    records = [numbered(number) for number in range(6)]
    built = build_index(records, index, StubEncoder()).generation
    fresh = build_index(records, tmp_path / "fresh", StubEncoder()).generation
    assert (built.path / "embeddings.npy").read_bytes() == (fresh.path / "embeddings.npy").read_bytes()


def test_old_generations_stay_while_readers_hold_them(folder: Path) -> None:
    searcher = Searcher.open(folder, StubEncoder())
    held = searcher.generation_name
    before = searcher.search("第2个问题怎么办").to_dict()
    for count in range(7, 10):
        build_index([numbered(number) for number in range(count)], folder, StubEncoder(), keep=1)
        assert searcher.search("第2个问题怎么办").to_dict() == before
    assert IndexFolder(folder).names() == [IndexFolder(folder).current_name(), held]
    del searcher
    build_index([numbered(1)], folder, StubEncoder(), keep=1)
    assert IndexFolder(folder).names() == [IndexFolder(folder).current_name()]


def test_rollback(folder: Path) -> None:
    new, old = IndexFolder(folder).names()
    assert IndexFolder(folder).rollback().name == old
    assert IndexFolder(folder).current_name() == old
    assert len(Searcher.open(folder, StubEncoder()).store) == 4
    assert audit(folder).problems == []
    with pytest.raises(IndexFolderError, match="没有更早而能用的一代"):
        IndexFolder(folder).rollback()
    built = build_index([numbered(1)], folder, StubEncoder()).generation.name
    assert IndexFolder(folder).names() == [built, new, old]


def test_rollback_passes_over_what_is_damaged_or_of_another_lexicon(folder: Path) -> None:
    _, old = IndexFolder(folder).names()
    for count in (7, 8):
        build_index([numbered(number) for number in range(count)], folder, StubEncoder(), keep=9)
    published, damaged, other, _ = IndexFolder(folder).names()
    flip(folder / "generations" / damaged / "vectors.faiss", 50, 3)
    republish(folder / "generations" / other, segmentation={})
    (folder / "CURRENT").write_text(f"{published}\n")
    assert IndexFolder(folder).rollback().name == old
    assert (folder / "quarantine" / damaged).is_dir()


def test_rollback_passes_over_what_could_not_serve(folder: Path) -> None:
    build_index([numbered(1)], folder, StubEncoder(), keep=9)
    published, unserved, old = IndexFolder(folder).names()
    index = IndexFolder(folder)
    refuses = {unserved: "用另一个编码器建的"}
    assert index.rollback(lambda generation: refuses.get(generation.name)).name == old
    (folder / "CURRENT").write_text(f"{published}\n")
    with pytest.raises(IndexFolderError, match=r"没有更早而能用的一代：都不行；都不行"):
        index.rollback(lambda _: "都不行")
    assert index.current_name() == published


def test_what_a_reader_moves_away_meanwhile_is_passed_over(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build_index([numbered(1)], folder, StubEncoder(), keep=9)
    _, middle, old = IndexFolder(folder).names()
    real = integrity.sha256

    def moved(path: Path) -> str:
        if path.parent.name == middle:
            (folder / "quarantine").mkdir(exist_ok=True)
            path.parent.rename(folder / "quarantine" / middle)
        return real(path)

    monkeypatch.setattr("index.integrity.sha256", moved)
    assert IndexFolder(folder).rollback().name == old


@pytest.mark.parametrize("code", [errno.EMFILE, errno.ENFILE, errno.EACCES, errno.EIO, errno.ENOMEM])
def test_what_cannot_be_read_just_now_is_not_taken_for_damaged(
    folder: Path, code: int, stamps: Stamps, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = IndexFolder(folder, stamps=stamps)
    new, old = index.names()
    real = integrity.sha256

    def fails(names: tuple[str, ...]) -> None:
        def read(path: Path) -> str:
            if any(name in path.parts for name in names):
                raise OSError(code, os.strerror(code), str(path))
            return real(path)

        monkeypatch.setattr("index.integrity.sha256", read)

    fails((new,))
    assert index.open(thorough=True).name == old
    fails((new, old))
    with pytest.raises(UnreadableError, match="未必损坏"):
        index.open(thorough=True)
    with pytest.raises(IndexFolderError, match="没有更早而能用的一代"):
        index.rollback()
    assert sum("未必损坏" in problem for problem in audit(folder).problems) == 2
    monkeypatch.setattr("index.integrity.sha256", real)
    assert index.names() == [new, old]
    assert not (folder / "quarantine").exists()
    assert index.open(thorough=True).name == new


def test_a_library_that_wants_memory_or_descriptors_says_nothing_of_the_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    generation = verify(current(folder))
    for error in (
        MemoryError(),
        RuntimeError(f"could not open x for reading: {os.strerror(errno.EMFILE)}"),
        sqlite_error("SQLITE_CANTOPEN"),
    ):
        monkeypatch.setattr("index.check.WordIndex.open", raising(error))
        with pytest.raises(UnreadableError, match="未必损坏"):
            check(generation)
    for error in (RuntimeError("read error in x: 0 != 8"), sqlite_error("SQLITE_CORRUPT")):
        monkeypatch.setattr("index.check.WordIndex.open", raising(error))
        with pytest.raises(DamagedError, match="打不开"):
            check(generation)


def sqlite_error(name: str) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("no matter")
    error.sqlite_errorname = name
    return error


def raising(error: Exception) -> Callable[[Path], object]:
    def opened(path: Path) -> object:
        raise error

    return opened


def test_vectors_that_are_no_directions_are_not_published(folder: Path) -> None:
    class Broken(StubEncoder):
        def encode_passages(self, passages: Sequence[str]) -> np.ndarray:
            return super().encode_passages(passages) * np.float32("nan")

    before = IndexFolder(folder).names()
    with pytest.raises(IndexFolderError, match="长度不是 1 的向量"):
        build_index([numbered(20)], folder, Broken())
    assert IndexFolder(folder).names() == before


def test_an_interrupted_build_goes_on_where_it_stopped(tmp_path: Path) -> None:
    records = [numbered(number) for number in range(300)]
    pieces = 0

    def stop(step: Step) -> None:
        nonlocal pieces
        pieces += step is Step.EMBEDDED
        if pieces == 2:
            raise KeyboardInterrupt

    def work() -> InterruptedWork:
        return InterruptedWork(tmp_path / "index", "stub-1", 64, tmp_path / "interrupted")

    with pytest.raises(KeyboardInterrupt):
        build_index(records, IndexFolder(tmp_path / "index", hook=stop), StubEncoder(), interrupted=work(), tokens=True)
    encoder = StubEncoder()
    built = build_index(records, tmp_path / "index", encoder, resume=True, interrupted=work(), tokens=True)
    assert built.resumed == 300  # the questions, in two pieces
    golden = {item["question"] for item in built.generation.manifest.golden}
    assert set(encoder.encoded) == {record.answer for record in records} | golden
    fresh = build_index(records, tmp_path / "fresh", StubEncoder(), tokens=True).generation
    for name in ("embeddings.npy", "tokens.npy", "token_starts.npy"):
        assert (built.generation.path / name).read_bytes() == (fresh.path / name).read_bytes()
    assert not list((tmp_path / "interrupted").rglob("*.sqlite*"))


def test_damaged_interrupted_work_is_embedded_again(tmp_path: Path) -> None:
    work = InterruptedWork(tmp_path / "index", "e", 2, tmp_path)
    work.put([b"a", b"b"], np.array([[1, 2], [3, 4]], np.float32))
    work.put([b"d", b"e"], np.array([[5, 6], [7, 8]], np.float32), [np.array([[9]], np.uint8), np.zeros((0, 1), np.uint8)])
    kept = work.get([b"a", b"b", b"c", b"d", b"e"])
    assert {key: one.vector.tolist() for key, one in kept.items()} == {b"a": [1, 2], b"b": [3, 4], b"d": [5, 6], b"e": [7, 8]}
    assert {key: one.codes if one.codes is None else one.codes.tolist() for key, one in kept.items()} == {
        b"a": None,
        b"b": None,
        b"d": [[9]],
        b"e": [],
    }
    work.close()
    file = next(tmp_path.rglob("*.sqlite"))
    content = file.read_bytes()
    codes = np.array([5, 6], np.float32).tobytes(), np.array([[9]], np.uint8).tobytes()
    content = content.replace(np.array([3, 4], np.float32).tobytes(), np.array([3, 5], np.float32).tobytes())
    at = content.index(codes[0])
    rest = content[at:].replace(codes[1], b"\x0a", 1)  # the codes lie behind the vector, in the same row
    file.write_bytes(content[:at] + rest)
    assert set(work.get([b"a", b"b", b"d"])) == {b"a"}
    work.close()
    file.write_bytes(b"junk" * 100)
    assert work.get([b"a"]) == {}


def command(*arguments: object) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "scripts/rebuild_index.py", *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr
    return done


@pytest.mark.slow
def test_the_command_verifies_removes_and_rolls_back(folder: Path) -> None:
    assert command("--verify", folder).returncode == 0
    removed = command("--remove", "r2", "--index", folder)
    assert (removed.returncode, removed.stdout[:8]) == (0, "已从 2 代索引")
    assert command("--remove", "r2", "--index", folder).returncode == 2
    # Nobody could search it: the encoder of these tests is known to no command.
    rolled = command("--rollback", "--index", folder)
    assert rolled.returncode == 2
    assert "的编码器载入不了" in rolled.stderr
    assert command("--verify", "--index", folder).returncode == 0
    file = min((current(folder) / "words").iterdir())
    flip(file, -1, 2)
    wrong = command("--verify", folder)
    assert wrong.returncode == 2
    assert f"{file} 的内容与发布时不同" in wrong.stderr
    assert "请运行 python scripts/rebuild_index.py 重建" in wrong.stderr
    assert command("--verify", folder / "absent").returncode == 2
    assert "路径是空的" in command("--verify", "").stderr
    assert command("--keep", "0").returncode == 2
