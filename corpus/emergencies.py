"""What a typed question is warned of: the emergencies that rules name, or else that it sounds like one.

Rules speak first, since they know what it is and what to do until help comes. Where none fires and the question still sounds like an
emergency (`corpus.emergency_likelihood`), the warning says so and no more.
"""

from __future__ import annotations

from corpus.emergency_likelihood import likelihood, load_table
from corpus.red_flags import Action, RedFlag, find_red_flags

SOUNDS_URGENT = "sounds-urgent"
_CONDITION = "要尽快处理的急症"
_ADVICE = (
    "有人叫不醒、喘不上气、大出血、抽搐或者疼得受不了，请立即拨打120；没有这些，也请尽快去医院急诊看一看。"
    "拿不准时可以打120问。如果是有了伤害自己的念头，可以打12356，有人会听您说。"
)


def find_emergencies(question: str) -> tuple[RedFlag, ...]:
    """The emergencies of a question, most urgent first; none for most questions. Never raises on any text."""
    flags = find_red_flags(question)
    if flags:
        return flags
    sounds = likelihood(question)
    if sounds.probability < load_table().threshold:
        return ()
    return (RedFlag(_CONDITION, Action.EMERGENCY_ROOM, _ADVICE, sounds.words, SOUNDS_URGENT),)
