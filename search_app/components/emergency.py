"""The emergency banner: what to do now, above everything else on the page."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.red_flags import Action, RedFlag
from search_app.components.markup import escape

_CALLS = {
    Action.AMBULANCE: ("120",),
    Action.POLICE_OR_AMBULANCE: ("110", "120"),
    Action.EMERGENCY_ROOM: ("120",),
    Action.HOTLINE: ("12356",),
}
_NAMES = {"120": "急救", "110": "报警", "12356": "心理援助热线"}
_HEADLINES = {
    Action.AMBULANCE: "请先打 120，不要等",
    Action.POLICE_OR_AMBULANCE: "请先打 110 或 120，不要等",
    Action.EMERGENCY_ROOM: "请现在就去医院急诊",
    Action.HOTLINE: "您不是一个人，现在就有人可以听您说",
}


def emergency_banner(flags: Sequence[RedFlag]) -> str:
    """The banner's HTML for the emergencies that a question names, most urgent first; empty without any.

    `role="alert"` makes a screen reader say it at once; the numbers are links that a telephone dials.
    """
    if not flags:
        return ""
    first, *others = flags
    calls = "".join(f'<a class="call" href="tel:{number}">拨打 {number}（{_NAMES[number]}）</a>' for number in _CALLS[first.action])
    parts = [
        f'<section class="red-flag" role="alert" aria-label="紧急提醒"><h2>{_HEADLINES[first.action]}</h2>',
        f"<p>您说的情况可能是<strong>{escape(first.condition)}</strong>。{escape(first.advice)}</p>",
        f"<p>{calls}</p>",
    ]
    if others:
        parts.append(f"<p>也可能是：{escape('、'.join(flag.condition for flag in others))}。</p>")
    heard = "、".join(f"“{word}”" for word in first.matched)
    parts.append(f'<p class="why">因为您提到了{escape(heard)}。这是按字句提醒，不是诊断；如果不是这样，请往下看。</p>')
    return "".join(parts) + "</section>"
