"""List the licence of everything that the product needs to run, as the installed packages say it themselves."""

from __future__ import annotations

import argparse
import importlib.metadata
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from _console import ROOT, fail, run

_REQUIREMENT = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)")
# Licences that would bind who passes this program on; none may come in unseen.
_STRONG_COPYLEFT = re.compile(r"\b(?:AGPL|GPL|SSPL)|GNU (?:Affero )?General Public", re.IGNORECASE)
_EXCEPTION = re.compile(r"with .{0,40}exception|GCC", re.IGNORECASE)  # its runtime library, in the wheels of numpy and scipy


@dataclass(frozen=True, slots=True)
class Licence:
    """A package and what it says of its licence ("" where it says nothing)."""

    name: str
    version: str
    licence: str

    @property
    def is_strong_copyleft(self) -> bool:
        """Whether whoever passes the program on would be bound by it."""
        return bool(_STRONG_COPYLEFT.search(self.licence)) and not _EXCEPTION.search(self.licence)


def main() -> None:
    """Print name, version and licence; exit 2 where one is missing or strong copyleft."""
    parser = argparse.ArgumentParser(
        description="列出运行所需的每个包（连同它们的依赖）的版本与许可证；有缺失或强传染性的就以退出码 2 结束。"
    )
    parser.parse_args()
    found = sorted(licences(), key=lambda item: item.name)
    for item in found:
        print(f"{item.name}\t{item.version}\t{item.licence or '？'}")
    doubtful = [item.name for item in found if not item.licence or item.is_strong_copyleft]
    if doubtful:
        fail(f"这些包的许可证没有写明，或会约束本程序的再发布，请人工核对：{'、'.join(doubtful)}")


def licences() -> Iterator[Licence]:
    """Of the packages of requirements.txt and of all that they need here."""
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    waiting = [found[1] for line in text.splitlines() if (found := _REQUIREMENT.match(line))]
    seen: set[str] = set()
    while waiting:
        name = re.sub(r"[-_.]+", "-", waiting.pop()).lower()
        if name in seen:
            continue
        seen.add(name)
        try:
            metadata = importlib.metadata.metadata(name)
        except importlib.metadata.PackageNotFoundError:
            continue  # for another platform or an extra
        yield Licence(name, metadata["Version"], _licence(metadata))
        for requirement in importlib.metadata.requires(name) or []:
            if "extra ==" not in requirement and (found := _REQUIREMENT.match(requirement)):
                waiting.append(found[1])


def _licence(metadata: Any) -> str:
    """The SPDX expression, else the classifiers, else the first line of the free text."""
    expression = metadata.get("License-Expression")
    classifiers = [
        value.rsplit(" :: ", 1)[-1] for value in metadata.get_all("Classifier") or [] if value.startswith("License ::") and " :: " in value
    ]
    return expression or "; ".join(classifiers) or (metadata.get("License") or "").strip().split("\n")[0][:80]


if __name__ == "__main__":
    run(main)
