"""What whoever runs the page sets in the environment: words that turn something off or on, however they are written."""

from __future__ import annotations

import os

_OFF = frozenset({"", "0", "off", "no", "false"})
_ON = frozenset({"1", "on", "yes", "true"})


def setting_of(name: str, default: str) -> str:
    """What a variable says, `default` where it is not set."""
    return os.environ.get(name, default).strip()


def is_off(setting: str) -> bool:
    """Whether a setting turns something off; one that is empty does."""
    return setting.lower() in _OFF


def is_on(setting: str) -> bool:
    """Whether a setting turns something on without saying more."""
    return setting.lower() in _ON
