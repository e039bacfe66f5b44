"""An audit of an index folder: every byte of every file as it was published, or a sentence that says which is not.

Stricter than a reader, who needs one whole generation: here the older generations count, CURRENT, what lies in quarantine,
and files that nobody published. It changes nothing and trusts no stamp.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from corpus.regular import read_regular
from index.check import check
from index.generation import CURRENT, DEBRIS, GENERATIONS, LOCK, QUARANTINE, IndexFolder
from index.integrity import check_hashes, file_states, read_manifest
from index.lease import GoneError, Lease
from index.manifest import MANIFEST, NAME, REMEDY, DamagedError, Generation, Manifest, UnreadableError

_LONGEST = 1 << 16  # of CURRENT, which holds a name


@dataclass
class Audit:
    """What an audit found.

    Attributes:
        problems: sentences (Chinese), each with the file and what to do; empty where all is as published.
        notes: what is no damage and worth knowing.
        generations: those that are whole, newest first.
        files, size: how many files were compared, and their bytes.
    """

    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    generations: list[str] = field(default_factory=list)
    files: int = 0
    size: int = 0


def audit(folder: Path) -> Audit:
    """Compare everything under an index folder with what was published there."""
    found = Audit()
    index = IndexFolder(folder)
    if not folder.is_dir():
        found.problems.append(f"没有这个索引文件夹：{folder}。请先运行：python scripts/rebuild_index.py --index {folder}")
        return found
    names = index.names()
    if not names:
        found.problems.append(f"{folder} 里没有一代索引。{REMEDY}")
    found.problems += _current_problems(index, names)
    for name in names:
        path = index.generations_path / name
        try:
            with _held(path):
                _audit_generation(path, found)
        except GoneError:  # a builder takes it away
            continue
        except UnreadableError as error:
            found.problems.append(str(error))
        except DamagedError as error:
            if name in index.names():
                found.problems.append(f"{error}。{_remedy(name, index, names)}")
    _strangers(index, found)
    return found


@contextlib.contextmanager
def _held(path: Path) -> Iterator[None]:
    """No builder deletes the generation while it is looked at. Raises GoneError where one does already."""
    try:
        lease = Lease(path)
    except OSError:  # told by who reads the manifest
        lease = None
    yield
    del lease


def _current_problems(index: IndexFolder, names: list[str]) -> Iterator[str]:
    path = index.path / CURRENT
    todo = f"{REMEDY}"
    try:
        content = read_regular(path, _LONGEST)
    except OSError as error:
        yield f"{path} 读不到（{error.strerror}）。{todo}"
        return
    if path.is_symlink():
        yield f"{path} 不是普通文件。{todo}"
    name = index.current_name()
    if name is None or content != f"{name}\n".encode("ascii"):
        yield f"{path} 的内容与发布时不同。{todo}"
    elif name not in names:
        yield f"{path} 指的 {name} 不在 {index.generations_path} 里。{todo}"


def _audit_generation(path: Path, found: Audit) -> None:
    """Raises DamagedError at the first file that differs; files too many are told one by one."""
    manifest = read_manifest(path)
    found.problems += _extra_files(path, manifest)
    states = file_states(path, manifest)
    check_hashes(path, manifest)
    if manifest.generation_name() != path.name:
        raise DamagedError(f"{path} 的名字与 {path / MANIFEST} 不符，应为 {manifest.generation_name()}")
    check(Generation(path, manifest))
    found.generations.append(path.name)
    found.files += len(states)
    found.size += sum(size for size, *_ in states.values())


def _extra_files(path: Path, manifest: Manifest) -> Iterator[str]:
    published = {MANIFEST, *manifest.files}
    for file in sorted(path.rglob("*")):
        relative = file.relative_to(path).as_posix()
        if relative not in published and (file.is_symlink() or not file.is_dir()):
            yield f"{file} 不是发布时有的文件。请查明来历后删掉"


def _remedy(name: str, index: IndexFolder, names: list[str]) -> str:
    if name != index.current_name() and len(names) > 1:
        return "它不是当前的一代：可以删掉这个文件夹，或重建索引"
    return REMEDY


def _strangers(index: IndexFolder, found: Audit) -> None:
    """What lies in the index folder beside CURRENT and the generations."""
    debris = {path for pattern in DEBRIS for path in index.path.glob(pattern)}
    lock = index.path / LOCK
    quarantine = index.path / QUARANTINE
    if debris:
        found.notes.append(
            f"有 {len(debris)} 处未完成的重建留下的文件（如 {min(debris)}），不影响搜索；若没有重建正在进行，下次重建时会清掉，加 --resume 可接着做"
        )
    if lock.exists() and (not lock.is_file() or lock.stat().st_size):
        found.problems.append(f"{lock} 应为空文件。没有重建正在进行时可以删掉")
    if quarantine.is_dir():
        for entry in sorted(quarantine.iterdir()):
            found.problems.append(f"{entry} 是损坏后被隔离的一代。看过之后请删掉这个文件夹；若还没有重建索引，请先重建")
    elif quarantine.exists():
        found.problems.append(f"{quarantine} 应为文件夹。请查明来历后删掉")
    expected = {index.path / CURRENT, lock, quarantine, index.path / GENERATIONS} | debris
    entries = [*index.path.iterdir(), *(index.generations_path.iterdir() if index.generations_path.is_dir() else ())]
    for entry in sorted(entries):
        is_generation = entry.parent == index.generations_path and NAME.fullmatch(entry.name) and entry.is_dir()
        if entry not in expected and not is_generation:
            found.problems.append(f"{entry} 不是发布时有的文件。请查明来历后删掉")
