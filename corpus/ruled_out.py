"""A question without the illnesses that it says are not there: 孩子咳嗽三天，没有发烧 is about a cough.

To words and to vectors 没有发烧 is a fever, and records about fever come first. What is not there is taken out before a question is
searched. To take out what is there, or what is asked about, is worse than to leave a denial in; so nothing is taken out where it may not be
denied (以为没骨折, 没有一天不头疼), where something else is (没感冒药, 没退烧, 没怀孕), where the absence itself is asked about, and where nothing
else is told (没得过水痘的大人会被传染吗). What a doctor's sentence denies is another matter (`corpus.denials`): there it is a condition.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from corpus.asking import told_beside_asking
from corpus.clean import folded
from corpus.denials import Named, illnesses
from corpus.lexicon import MEDICAL_TERMS, load_medical_terms

#: Says of what follows it that it is not there. 有没有 and 是不是 ask, 不严重 and 没有好转的 deny something else.
_NEGATED = re.compile(
    "(?:[也又还都就并]|一直|一点儿?|目前|现在|倒是?)*"
    "(?:(?P<none>(?<!有)没(?:有|得)?(?:再|过|出现|发生|发现有?|查[出到]来?|检?测出|看[到见]|得过?|患过?|觉得|感觉到?|什么|啥|怎么|任何|其他|明显的?|严重的?|伴[有随]?|合并)*"
    "|(?<!有)无(?:明显|任何|其他|伴有?)*|否认有?|未(?:见|发现|出现|查[出到]|检出)(?:明显)?|(?:已经?)?排除了)"
    "|(?P<not>(?<![是要想会能让使就了动住时得好差对这可怕莫岂巴])不(?:再|怎么|太)?)"
    "|(?P<other>(?<![是要可会怕莫还])不是(?:什么)?))$"
)
#: A denial that is none: doubled, doubted, feared, wished for, supposed, told by others, or over.
_NOT_SAID = re.compile(
    "(?:不(?:能说|可能|会|代表|等于|一定|见得|敢说|知道|清楚|确定)|未必|难道|谁说|怎么可能|几乎|差点|险些|以为|没有?[一哪几]|哪有|是否|会不会|能不能|万一|如果|假如|要是|若|希望|为了|既|所谓|反而"
    "|为什么|为啥|怎么|咋|为何|如何|怎样|什么|啥|哪[种个些项]|(?:网上|同事|邻居|朋友|听人?|别人|人家|有人|他们)说?|听说"
    "|以前|之前|原来|原先|本来|过去|当初|起初|小时候|年轻时|[刚才]开始)[^,。;!? ]{0,6}$"
    "|(?:疫苗|接种|卡介苗|预防针)[^,。;!? ]{0,6}$|(?:好像|可能|估计|感觉|觉得|怀疑|应该|应当|大概|怕|等|才|突然|第.胎)[^,。;!? ]{0,2}$"
    "|(?:不是|没有?|没法|很难|无|从[来小]?|向来|要么|平[常时]|白天|晚上|夜里|在家|空腹|[躺坐站]着|对[^,。;!? ]{1,4}|[时候前刻总年月])$"
)
#: What an illness shows by, or is told as: 没有发烧的症状.
_OF_IT = "症状|情况|现象|表现|感觉|病史|迹象|毛病|问题|样子|想法|念头|反应"
#: Behind a denied illness: the name goes on to something else (没感冒药), it was only so much (没有出血很多), or it was there then.
_OTHER_THING = re.compile(
    f"的(?!{_OF_IT})|(?:特效|表面|保护性?)*(?:药|灵|冲剂|颗粒|胶囊|疫苗|片|针|贴|膏|喷|糖浆|栓|丸|原|源|抗体|病毒|免疫|门诊|科|检查|筛查|标志|专家|医生|患者|病人|并发症|后遗症|家族|遗传|手术|眼?镜|物|子|量|感(?!冒)|引起|导致|造成|所致)"
    "|性|得|很|太|过\\d|到\\d|超过|以外|之外|那么|之?[前后]|以[前后]|时候?|有(?=[,。了\\d一两三几十点好]|$)|来得及"
)
_QUESTIONED = re.compile(
    "[啊呀]?\\?|了?[吗么呢呀吧嘛]|怎么[会咳还也]|是不是|说明|传染|严重吗|还[用要]|要补|[, ]*(?:是|算)?(?:怎么回事|咋回事|正常|为什么|为啥|什么原因|吗|行吗|可以吗|好吗|什么|好事|对[吧吗])"
    "|(?:也|还|就)?(?:会|能|可以|是不是)[^,。;!? ]{0,10}(?:吗|么|$)"
)
_EITHER_OR = re.compile("就是|而是|还是")
#: What was not there has come, or somebody else has it.
_COMES_AFTER_ALL = re.compile(
    "了?[,。; ]*[^,。;!?]{0,8}(?:又(?:开始|犯|来|长|起|有|复发|发作)|有(?=[,。;!?]|$)|得了(?=[,。;!?]|$)|查出来|是携带者|说[有是](?=[,。;!?]|$))"
)
#: Of one list, whose last illness must end its clause: 没有发烧、咳嗽三天了 denies no cough.
_AND = re.compile("[、/]|[和跟与及或]者?|以及")
_LIST_ENDS = re.compile("[,。;!?、/ ]|$|[和跟与及或]|以及|等|这些|的?(?:症状|情况|现象|表现)")
#: What goes with a denied illness: 没有发烧的症状.
_TAIL = re.compile(f"(?:的?(?:{_OF_IT})|史|体质|什么的|之类的?|这些病?|等症状|等|过)*(?:了(?![吗么]))?")
_DENIED_AFTER = re.compile("倒?(?:也|都|是)没有?(?=[,。;!? ]|$)")
#: What a body should do; without it something is wrong.
_HEALTHY = frozenset({"出汗", "放屁", "流泪", "泌乳", "带下", "冲动", "打嗝", "结痂", "孕吐"})
#: Whether it bled says how bad a bite is, whether what was sewn on lives, and how far a miscarriage has come.
_WOUND = re.compile("咬|抓|挠|划|扎|再植|造口|流产|[药人]流|同房|着床|月经|经期")
_BLEEDS_ON = frozenset("压糖脂氧常丝痰红清小栓管")
_DEGREE = frozenset("高低多干快慢大小")
_MAY_DENY = re.compile("[没无未不]|排除了|否认")
_MARKS = re.compile(r"([,，、。;；!！?？\s])[,，、。\s]+")
_CLAUSE = re.compile(r"[^,，、。;；!！?？\s]+")
_EDGES = " ,，、。;；"
_COMPLAINS = re.compile("[疼痛痒肿麻胀酸抖晕吐泻烧咳喘闷慌累困瘦胖硬血]")


class Absence(NamedTuple):
    """From where to where a question says that illnesses are not there, and how many."""

    start: int
    end: int
    names: int


@functools.lru_cache(maxsize=256)
def without_ruled_out(question: str) -> str:
    """A cleaned question without the illnesses that it says are not there, and without the words that say so; mostly the question itself."""
    key = folded(question)
    if len(key) != len(question) or not _MAY_DENY.search(key):
        return question
    places = illnesses(key)
    absent = [found for run in _runs(key, places) if (found := _absence(key, run))]
    if not absent or (sum(found.names for found in absent) == len(places) and not _complains(question, absent)):
        return question
    edges = [0, *(edge for found in absent for edge in found[:2]), len(question)]
    kept = [question[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True)]
    return _MARKS.sub(r"\1", "".join(kept)).strip(_EDGES)


def _runs(key: str, places: Iterable[Named]) -> list[list[Named]]:
    """The illnesses in runs that may be one list: nothing stands between them, or a mark of lists."""
    runs: list[list[Named]] = []
    for place in places:
        between = key[runs[-1][-1].end : place.start] if runs else None
        if between == "" or (between and _AND.fullmatch(between)):
            runs[-1].append(place)
        else:
            runs.append([place])
    return runs


def _absence(key: str, run: list[Named]) -> Absence | None:
    """What a question says of a run of illnesses: that the first, or all of them, are not there; None where it does not."""
    first, last = run[0], run[-1]
    if (behind := _DENIED_AFTER.match(key, last.end)) and not _NOT_SAID.search(key[: first.start]):
        return Absence(first.start, behind.end(), len(run))
    negated = _NEGATED.search(key[: first.start])
    if negated is None:
        return None
    # 没有 and 无 deny all of a list without marks too (没有发烧咳嗽), 不 only the first.
    is_list = bool(negated["none"]) or all(one.end < other.start for one, other in pairwise(run))
    names = len(run) if is_list and _LIST_ENDS.match(key, _end(key, last)) else 1
    end = _end(key, run[names - 1])
    if _may_be_there(key, run[:names], negated, end):
        return None
    return Absence(negated.start(), end, names)


def _end(key: str, place: Named) -> int:
    """Where what goes with a denied illness ends."""
    tail = _TAIL.match(key, place.end)
    return tail.end() if tail else place.end


def _may_be_there(key: str, run: list[Named], negated: re.Match[str], end: int) -> bool:
    """Whether illnesses with a denial before them may be there all the same, or be what is asked about."""
    first, last, told = run[0], run[-1], key[: negated.start()]
    return bool(
        not _HEALTHY.isdisjoint(place.name for place in run)
        or _NOT_SAID.search(told)
        # 缺不缺钙, 头晕不头晕 ask; 血压不高血脂高 denies no 高血脂.
        or told.endswith((first.name[0], first.name))
        or (negated["not"] and first.name[0] in _DEGREE)
        or (last.name.endswith("血") and (key[last.end : last.end + 1] in _BLEEDS_ON or _WOUND.search(key)))
        or _OTHER_THING.match(key, last.end)
        or _QUESTIONED.match(key, end)
        or (negated["other"] and _EITHER_OR.match(key, end))
        or _COMES_AFTER_ALL.match(key, end)
        or last.name.endswith(("并发症", "后遗症"))
        # 白天不发烧，晚上就烧; 从来没有头疼过，今天突然疼得像炸开
        or re.search(
            f"(?:就(?!是)|又|才|却|一|再|现在|最近|今天|这[次胎个回])[^,。;!?]{{0,6}}{re.escape(last.name[-1])}", key[end : end + 20]
        )
    )


def _complains(question: str, absent: Iterable[Absence]) -> bool:
    """Whether the clauses in which nothing is denied tell of a complaint in words that are no known illness: 手一直抖，查过没有甲亢."""
    clauses = (
        found for found in _CLAUSE.finditer(question) if not any(one.start < found.end() and found.start() < one.end for one in absent)
    )
    told = folded(told_beside_asking("，".join(found[0] for found in clauses)))
    return bool(_COMPLAINS.search(told)) or any(part in told for part in _parts_of_the_body())


@functools.cache
def _parts_of_the_body() -> tuple[str, ...]:
    return tuple(folded(name) for name, kind in load_medical_terms(MEDICAL_TERMS).items() if kind == "body" and len(name) > 1)
