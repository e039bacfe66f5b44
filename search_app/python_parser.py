"""One thread at a time parses Python, where CPython would mix several up.

Before 3.11.8 CPython 3.11 counts how deep it parses for all threads together, and where collecting garbage lets another thread in,
`ast.parse` fails with `SystemError: AST constructor recursion depth mismatch` (github.com/python/cpython/issues/106905). On the page
two do parse at once: Streamlit compiles the pages' scripts while a thread opens the index, and numpy parses the head of each array.
Whoever had just typed a question found an empty box.
"""

from __future__ import annotations

import ast
import sys
import threading
from collections.abc import Callable
from functools import wraps
from typing import Any

#: The first version that counts for each call by itself. 3.12 lets nobody in while it parses.
_MENDED = (3, 11, 8)
_MARK = "_one_at_a_time"
_installing = threading.Lock()


def parse_one_at_a_time() -> None:
    """Let `ast.parse` wait for whoever else is in it; nothing where CPython needs no such help, or has it already."""
    if sys.version_info >= _MENDED:
        return
    with _installing:
        if not hasattr(ast.parse, _MARK):
            ast.parse = _one_at_a_time(ast.parse)


def _one_at_a_time(parse: Callable[..., Any]) -> Callable[..., Any]:
    # Collecting garbage may call what parses on this very thread: CPython still fails then, but nobody waits for ever.
    lock = threading.RLock()

    @wraps(parse)
    def waiting_parse(*arguments: Any, **options: Any) -> Any:
        with lock:
            return parse(*arguments, **options)

    setattr(waiting_parse, _MARK, True)
    return waiting_parse
