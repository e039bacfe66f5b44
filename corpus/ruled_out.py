"""A question without the illnesses that it says are not there: 孩子咳嗽三天，没有发烧 is about a cough.

To words and to vectors 没有发烧 is a fever, and records about fever come first. What is not there is taken out before a question is
searched; nothing is, where nothing else would be left to ask about (没得过水痘的大人会被传染吗), where the absence itself is asked about, and
where what is denied is no illness (没怀孕, 没退烧, 没去看感冒). What a doctor's sentence denies is another matter (`corpus.denials`): there it is a condition.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable

from corpus.asking import told_beside_asking
from corpus.clean import folded
from corpus.denials import Named, illnesses

#: Says of what follows it that it is not there. 有没有 and 是不是 ask; 没有好转的 and 不严重 deny something else, and 没感冒药 a medicine.
_NEGATED = re.compile(
    "(?:[也又还都就并]|一直|向来|一点儿?|从来?|目前|现在)*"
    "(?:(?<!有)没(?:有|得)?(?:再|过|出现|发生|发现|查[出到]|得过?|患过?|什么|任何|其他|明显的?|伴有?|合并)*"
    "|(?<!有)无(?:明显|任何|其他|伴有?)*"
    "|(?<![是要想会能让使就了动住时得好差对])不(?:再|怎么|太)?"
    "|(?<![是要])不是(?:什么)?|(?:已经?)?排除了|(?<=[超t片查生图验镜])(?:已经?)?排除"
    "|(?:体温正常[,、 ]*)?未(?:见|发现|出现|查[出到])(?:明显)?)$"
)
#: Between two illnesses of one list; 没有 and 无 deny all of it without a mark too (没有发烧咳嗽), 不 only the first.
_AND = re.compile("[、/]|[和跟与及或]者?|以及|还是|什么的")
_GOES_ON = re.compile("没|无|未|排除")
#: What belongs to a denied illness: 没有发烧的症状. With one of the others it is the name of something else: 没有感冒药, 没有过敏原.
_TAIL = re.compile("(?:的?(?:症状|情况|现象|表现|感觉|病史|迹象|毛病|问题)|史|什么的|之类的?|这些病?|等症状|等)*(?:了(?![吗么]))?")
_OTHER_THING = re.compile("药|灵|冲剂|颗粒|胶囊|疫苗|片|针|贴|膏|原|抗体|病毒|门诊|科|检查|标志|专家|患者|病人|前|后|以外|之外|那么|以前")
#: Whoever asks why, or whether that is well, asks about the absence; what was not there before (以前没高血压) is there now.
_ASKS_BEFORE = re.compile("(?:为什么|为啥|怎么|咋|为何)[^,。;!? ]{0,6}$")
_BEFORE_NOW = re.compile("(?:以前|之前|原来|原先|本来|过去|当初|起初|小时候|年轻时|[刚才]开始|时候?|[前后])[^,。;!? ]{0,3}$")
_ASKS_AFTER = re.compile("^(?:吧|嘛|就是|而是|还是)|^[,， ]*(?:是)?(?:怎么回事|咋回事|正常|为什么|为啥|什么原因|吗|行吗|可以吗|好吗|算)")
#: What a body should do; without it something is wrong.
_HEALTHY = frozenset({"出汗", "放屁", "流泪", "泌乳", "带下", "冲动", "打嗝"})
_MAY_DENY = re.compile("[没无未不]|排除")
_MARKS = re.compile(r"([,，、。;；!！?？\s])[,，、\s]+")
_CLAUSE = re.compile(r"[^,，、。;；!！?？\s]+")
#: Letters and digits that tell of something.
_LEAST_TOLD = 4
_EDGES = " ,，、。;；"


@functools.lru_cache(maxsize=256)
def without_ruled_out(question: str) -> str:
    """A cleaned question without the illnesses that it says are not there, and without the words that say so; mostly the question itself."""
    key = folded(question)
    if len(key) != len(question) or not _MAY_DENY.search(key):
        return question
    places = illnesses(key)
    absent = _absent(key, places)
    if not absent or (len(absent) == len(places) and not _tells_more(question, absent.values())):
        return question
    kept, at = [], 0
    for start, end in absent.values():
        kept.append(question[at:start])
        at = end
    kept.append(question[at:])
    return _MARKS.sub(r"\1", "".join(kept)).strip(_EDGES)


def _tells_more(question: str, absent: Iterable[tuple[int, int]]) -> bool:
    """Whether the clauses in which nothing is denied tell of something, in words that are no known illness: 手一直抖，查过没有甲亢."""
    clauses = (
        found for found in _CLAUSE.finditer(question) if not any(start < found.end() and found.start() < end for start, end in absent)
    )
    told = told_beside_asking("，".join(found[0] for found in clauses))
    return sum(letter.isalnum() for letter in told) >= _LEAST_TOLD


def _absent(key: str, places: tuple[Named, ...]) -> dict[Named, tuple[int, int]]:
    """The illnesses that are not there, and from where to where each is said not to be."""
    found: dict[Named, tuple[int, int]] = {}
    list_end, goes_on = -1, False  # of a list of what is not there, and whether it needs no mark
    for place in places:
        negated = _NEGATED.search(key[: place.start])
        is_listed = list_end >= 0 and bool((goes_on and key[list_end : place.start] == "") or _AND.fullmatch(key[list_end : place.start]))
        list_was, list_end = list_end, -1
        if not (negated or is_listed) or place.name in _HEALTHY:
            continue
        start = negated.start() if negated else list_was
        tail = _TAIL.match(key, place.end)
        end = tail.end() if tail else place.end
        told, rest = key[:start], key[end:]
        if _OTHER_THING.match(key, place.end) or _ASKS_BEFORE.search(told) or _BEFORE_NOW.search(told) or _ASKS_AFTER.match(rest):
            continue
        found[place] = (start, end)
        list_end, goes_on = end, bool(_GOES_ON.search(negated[0])) if negated else goes_on
    return found
