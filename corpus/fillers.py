"""What people say while they think: 嗯 那个 就是说. Dictated questions are full of it, and it shares words with any record."""

from __future__ import annotations

import re

# 额头 and 那个来了 (the period) say something; so do 就是 and 然后 in 不是就是 and 饭然后, which stay stop words only.
_FILLER = re.compile(
    "[嗯呃唔诶欸]+|额{2,}|(?<![\u4e00-\u9fff])额(?![\u4e00-\u9fff])|(?:然后)?(?:就是说|就是那个|就是这个|就是呢|怎么说呢|怎么讲呢|我跟你说|你知道吧|你知道吗)"
    "|(?<![在有这把])(?:那个)+(?=[,，、…\\s]|就是|什么(?!时候|原因|药))|(?:^|(?<=[,，、。…\\s]))(?:那个|就是|然后|这个)(?=[,，、…\\s]|我|他|她|就是|然后)"
)
_MARKS = re.compile(r"[,，、…\s]*([,，、…\s])")


def without_fillers(text: str) -> str:
    """The text without its fillers; as it is where nothing else would be left. Idempotent."""
    while True:  # each pass takes something away, or it ends
        rest = _FILLER.sub("", text)
        if rest == text or not re.search(r"\w", rest):
            return text
        text = _MARKS.sub(r"\1", rest).strip(" ,，、")
