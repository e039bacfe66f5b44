"""What is installed is what was chosen: pinned, with hashes, under licences that let the program be passed on."""

from __future__ import annotations

import re

import pytest
from list_licences import Licence, licences

from corpus.paths import ROOT

PINNED = re.compile(r"([A-Za-z0-9._-]+)==([^\s;\\]+)")


def pins(file: str) -> dict[str, str]:
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    return {found[1].lower(): found[2] for line in lines if (found := PINNED.match(line))}


def test_the_lock_has_every_requirement_with_its_version_and_hashes() -> None:
    locked = pins("requirements.lock")
    assert {name: version for name, version in pins("requirements.txt").items() if name != "torch"}.items() <= locked.items()
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    blocks = re.findall(r"^\S+==\S+ \\\n(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+", text, re.MULTILINE)
    assert len(blocks) == len(locked) >= 40


def test_every_licence_is_named_and_none_binds_who_passes_the_program_on() -> None:
    found = list(licences())
    assert len(found) >= 40
    assert [item.name for item in found if not item.licence or item.is_strong_copyleft] == []


@pytest.mark.parametrize(
    ("licence", "binds"),
    [
        ("AGPL-3.0-only", True),
        ("GNU General Public License v3 (GPLv3)", True),
        ("LGPL-2.1", False),
        ("GPL-3.0-or-later WITH GCC-exception-3.1", False),
        ("MIT", False),
    ],
)
def test_which_licences_bind(licence: str, binds: bool) -> None:
    assert Licence("x", "1", licence).is_strong_copyleft is binds
