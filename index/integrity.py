"""Whether a generation's files are what was published: sizes and hashes before anything is parsed.

Hashing gigabytes at every start would be slow, so a reader that has hashed a generation once leaves a stamp, outside the
index folder, with each file's size, times and inode; while those stay as they are, the hashes are taken as known. A
builder and `--verify` never trust a stamp.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.metadata
import json
import logging
import platform
import time
from dataclasses import dataclass
from pathlib import Path

from corpus.atomic import atomic_writer
from corpus.paths import CACHE_FOLDER, is_private, private_folder
from corpus.regular import read_regular
from index.manifest import MANIFEST, NAME, DamagedError, Generation, Manifest, unread

STAMPS_FOLDER = CACHE_FOLDER / "verified"

# A file that changes twice within one tick of the file system's clock keeps its time. What is younger than that when it is
# hashed gets no stamp; where all times are whole seconds (FAT, some network drives) a tick may be two of them.
_TICK_NS = 100_000_000
_LONGEST_MANIFEST = 64 << 20
_COARSE_TICK_NS = 2_000_000_000
_LIBRARIES = ("faiss-cpu", "bm25s", "numpy", "jieba")

_OPEN_TO_OTHERS = (
    "%s 别的用户也能写，里面的校验记录不可信，所以每次打开索引都要重新校验（慢一些，不影响使用）；"
    "请删掉这个文件夹，用到时会重新生成。删了还是这样，就用 DOCTOR_ANSWERS_DATA 换一个位置"
)

#: A file's size, time of change, time of its inode's change, inode.
FileState = tuple[int, int, int, int]

log = logging.getLogger(__name__)


def read_manifest(path: Path) -> Manifest:
    """The manifest of a generation, whose hash its name holds (a staging folder's does not).

    Raises:
        DamagedError: it is missing or differs.
        UnreadableError: it cannot be read just now.
    """
    manifest_path = path / MANIFEST
    try:
        content = read_regular(manifest_path, _LONGEST_MANIFEST)
    except OSError as error:
        raise unread(manifest_path, error) from error
    if NAME.fullmatch(path.name) and not path.name.endswith(hashlib.sha256(content).hexdigest()[:16]):
        raise DamagedError(f"{manifest_path} 的内容与发布时不同")
    return Manifest.from_bytes(content, manifest_path)


def verify(path: Path) -> Generation:
    """A generation whose every byte is as it was published.

    Raises:
        DamagedError: says which file differs and how.
        UnreadableError: says which file cannot be read just now.
    """
    manifest = read_manifest(path)
    file_states(path, manifest)
    check_hashes(path, manifest)
    return Generation(path, manifest)


def file_states(path: Path, manifest: Manifest) -> dict[str, FileState]:
    """Relative path -> state of each of a generation's files, the manifest included.

    Raises:
        DamagedError: a file is missing, no ordinary file, or of another size.
        UnreadableError: one cannot be looked at just now.
    """
    states: dict[str, FileState] = {}
    for relative in (MANIFEST, *manifest.files):
        file = path / relative
        try:
            status = file.lstat()
        except OSError as error:
            raise unread(file, error) from error
        if not file.is_file() or file.is_symlink():
            raise DamagedError(f"{file} 不是普通文件")
        expected = manifest.files.get(relative, {}).get("size", status.st_size)
        if status.st_size != expected:
            raise DamagedError(f"{file} 有 {status.st_size} 字节，应为 {expected} 字节")
        states[relative] = (status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
    return states


def check_hashes(path: Path, manifest: Manifest) -> None:
    """Raises DamagedError for a file whose content differs, UnreadableError for one that cannot be read just now."""
    for relative, expected in manifest.files.items():
        try:
            found = sha256(path / relative)
        except OSError as error:
            raise unread(path / relative, error) from error
        if found != expected["sha256"]:
            raise DamagedError(f"{path / relative} 的内容与发布时不同")


def sha256(path: Path) -> str:
    """The SHA-256 of a file's content, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@dataclass(frozen=True)
class Stamps:
    """What this machine has hashed before, one small file a generation.

    A stamp that is lost costs time; one that is false could hide damage, so none is taken from a folder that others may write to.
    """

    folder: Path = STAMPS_FOLDER

    def knows(self, path: Path, states: dict[str, FileState]) -> bool:
        """Whether the generation was verified here, with these libraries, when its files were in these states."""
        try:
            return is_private(self.folder) and json.loads(self._file(path).read_bytes()) == _stamp(path, states)
        except (OSError, ValueError):
            return False

    def remember(self, path: Path, states: dict[str, FileState]) -> None:
        """Leave a stamp; stamps of generations that are gone go too. Where that cannot be done, nothing happens."""
        times = [max(changed, changed_inode) for _, changed, changed_inode, _ in states.values()]
        tick = _COARSE_TICK_NS if all(moment % 1_000_000_000 == 0 for moment in times) else _TICK_NS
        if time.time_ns() - max(times) < tick:
            return
        with contextlib.suppress(OSError):
            if not is_private(private_folder(self.folder)):
                log.warning(_OPEN_TO_OTHERS, self.folder)
                return
            for other in self.folder.glob("*.json"):
                with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
                    if not Path(json.loads(other.read_bytes())["path"]).exists():
                        other.unlink()
            with atomic_writer(self._file(path)) as file:
                file.write(json.dumps(_stamp(path, states)).encode())

    def _file(self, path: Path) -> Path:
        return self.folder / f"{hashlib.sha256(str(path.resolve()).encode(errors='surrogateescape')).hexdigest()[:32]}.json"


def _stamp(path: Path, states: dict[str, FileState]) -> dict[str, object]:
    return {
        "path": str(path.resolve()),
        "machine": platform.node(),
        "libraries": {name: importlib.metadata.version(name) for name in _LIBRARIES},
        "files": {relative: list(state) for relative, state in sorted(states.items())},
    }
