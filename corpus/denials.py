"""What a doctor's sentence says is not there: 没有糖尿病的, 未见骨折, 非孕妇, 除孕妇外, 糖尿病人除外, 停止哺乳后.

A denial that is missed turns a condition into its reverse: 没有颅内出血的患者可以按摩 would be shown to exactly those whom it
harms. So a name is read as denied only where the words between are known, and as doubtful where a denial stands near it and they are
not; for whom a sentence with a doubtful name is said is not understood (`corpus.conditions.UNREAD`).

All of it works on the search key of one sentence, or of part of one.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from corpus.audience import vocabulary
from corpus.clean import search_key
from corpus.lexicon import MEDICAL_TERMS, load_medical_terms

_ILLNESS = frozenset({"disease", "symptom"})

#: Parts of the body, and sides of them, that narrow an illness: 颅内出血, 下肢深静脉血栓. 没有胃口 and 没有尿 are complaints.
_WHERE = (
    "口腔|呼吸道|消化道|泌尿道|泌尿系统?|尿路|生殖道"
    "|[头颈项肩背胸腹腰臀髋腿膝踝足脚腕肘臂指趾骨脊椎柱髓颅脑心肺肝胆脾胃肠肾宫巢腺皮肤肌关节血管动静脉神经淋巴上下左右前后内外双两侧端段部位肢体深浅枢局]"
)
#: Between a denial and what it denies: 没有明显的发热, 无严重高血压, 不再发热, 未见腰椎骨折, 不在孕期.
HOW = (
    "合并|伴有?|患有?|得过?|出现|发生|发现|存在|继发|明显|明确|确切|任何|其他|别的|严重|轻度|中度|中?重度|基础|急性|慢性|活动性|细菌|病毒|真菌|什么|很|太|特别"
    f"|查[出到]|检出|提示|[看查]?见到?|看到|处于|处在|在|再|的|{_WHERE}"
)
_HOW = f"(?:{HOW})*"
#: Says that something is not there: 没有糖尿病的, 无发热者, 不发烧就不用. 有没有 and 是不是 ask; what is hoped for is no condition
#: either: 为了不抽筋，要补钙; 补钙就不抽筋了. 没有胃口 denies no fever that is told after it.
_ABSENT = re.compile(rf"(?:(?<!有)没有?|(?<!有)无|未|(?:(?<![是要想会能让使就了])|(?<=只要))不(?![是少])|(?<![除莫并])非)(?!胃口){_HOW}$")
#: The same only of somebody, or of some case, that is set apart (不是肺炎时) or supposed; else it tells what something is not.
_IS_NOT = re.compile(rf"(?:(?<!是)不是|并非|不属于)(?:因为?|由于?)?{_HOW}$")
SET_APART = re.compile(
    "^[^,]{0,3}?(?:者|患者|病人|人群|时|情况下|就|可|不|应|要|的(?=$|人|话|孩子|老人|宝宝|[女男]|成人|患者|病人|可|不|就|要|应))"
)
_SUPPOSED_NOT = re.compile("(?:如果|若|假如|要是|只要|倘若)[^,]{0,6}(?:不是|并非|不属于)[^,]*$")
#: What has been excluded is not there; that it is to be (查血排除感染) says nothing.
_RULED_OUT = re.compile(rf"(?<![没未不]有)(?<![没未不能要])(?:排除|除外)了?{_HOW}$")
_ONCE_RULED_OUT = re.compile("^[^,]{0,2}?(?:者|之?后|时|的话|(?:的)?情况下|的(?=可(?!能)|[,不应就人患病]|$)|,?(?:才|方)可?)")
_IS_RULED_OUT = re.compile(rf"(?:已经?|如果|若|只要)[^,]{{0,4}}(?:排除|除外)了?{_HOW}$|(?<![没未不])(?:排除|除外)了{_HOW}$")
#: For all but those: 除孕妇外, 除了孕妇, 孕妇以外, 糖尿病人除外, 孕妇和儿童例外. Who is named with 还 or 也 (除了孕妇，儿童也) is one more.
_BUT = "(?<![排解消去切清根免摘扫祛拔戒拆刮铲剔割驱])除(?![非外螨皱疤菌颤湿臭根痘斑毛夕])"
_OUTSIDE = "(?:以|之)?外(?![伤用敷科面出涂地来感源部侧阴耳])"
_BUT_BEFORE = re.compile(rf"{_BUT}(?P<open>了|开)?[^,;外]{{0,12}}$")
_OUTSIDE_AFTER = re.compile(rf"^[^,;]{{0,12}}?{_OUTSIDE}")
_WHO = "(?:的?(?:患者|病人|者|人群?|妇女|女性|宝宝|孩子|老人|婴幼?儿|新生儿|儿童|病史|史|期))?"
_EXCEPT_AFTER = re.compile(rf"^(?:{_WHO}(?:、|和|及|与|或者?|以及)[^,;时]{{1,8}}?)*{_WHO}(?:均|都|应|是)?(?:以外|之外|除外|例外|不算)")
_EXCEPTING = re.compile(rf"除外{_HOW}$")
_ONE_MORE = re.compile("[也还又]|同样")
#: All of what an exception says, with whom it leaves out.
EXCEPTION = re.compile(
    rf"{_BUT}(?:了|开)?(?P<but>[^,;]{{1,16}}?){_OUTSIDE}|(?P<who>[^,;]{{1,16}}?)(?:除外|例外)(?![后了])|{_BUT}(?:了|开)(?P<only>[^,;]{{1,16}})"
)
#: Somebody, or a state, and not something to do: 除皮肤破损者外 but not 除热敷外; what all the others may (都) is told to somebody.
_SOMEBODY = re.compile("(?:者|人|人群|期|史|女性?|孩子|儿童|[岁月周天度\\d]以[下上内])$")
_ALL_OTHERS = re.compile("都|均|其[他余]")
_SOMETHING = re.compile("(?:剂量|药物?|片|治疗|检查|手术|食物|运动)$")
_LISTED = re.compile("[#、和及与或以者患病人群的女性妇期史均都应等在有伴合并]*")
#: What is over: 停止哺乳后, 孕期结束后, 感冒痊愈后.
_OVER_BEFORE = re.compile("(?:停止|结束|终止|不再)了?$")
_OVER_AFTER = re.compile("^期?(?:已经?)?(?:完全|彻底)?(?:(?:结束|过去|停止|痊愈|治愈|治好|排除)了?|好了)(?:之后|以后|后|再|才|的|者|,|$)")
_THEN = re.compile("^[^,]{0,3}?(?:之后|以后|后|的|者)")
#: A denial goes on to the end of its list: 无发热、咳嗽者; without a mark 没有发热咳嗽 does, and 不咳嗽痰多 does not.
_LIST_GOES_ON = re.compile("(?:、|和|及|与|或者?|以及|也?没有?|也?无|也?不)(?:伴有?|有)?")
_MAY_DENY = re.compile("[没无未不非除外停结过痊愈治好]")
_NONE = re.compile("(?:没有|无)$")
#: A denial near a name, with words between that we do not know; advice (不要给肾结石患者用) and 无症状 deny nothing of it.
_NEAR = re.compile(
    "(?:(?<!有)没有?|(?<!有)无(?![论法效力痛菌糖创]|症状)|未(?![成满婚来必])|(?<![除莫])非(?![常典酒小霍甾])|(?<!是)不(?![少要能可宜建推主得应该让许同管论仅但只光断]))[^,;的#]{0,8}$"
)
_UNLESS = re.compile("除非(?P<what>[^,;。!?]*)(?P<rest>[^;。!?]*)")


class Named(NamedTuple):
    """An illness or a group that a text names, and where."""

    name: str
    start: int
    end: int


@functools.lru_cache(maxsize=2_048)
def denied(text: str) -> tuple[Named, ...]:
    """The illnesses and groups that a text says are not there."""
    if not _MAY_DENY.search(text):
        return ()
    found: list[Named] = []
    end_of_list, goes_on = -1, False  # of a list that began with something denied; whether it needs no mark
    dimension = vocabulary().dimension
    ill = {place[1:] for place in illnesses(text)}
    # Who stops 降压药 has 高血压 still, though that is a word of the group.
    may_end = {place for place in named(text) if place[1:] in ill or dimension.get(place.name) != "condition"}
    for place in named(text):
        _, start, end = place
        before, between = text[:start], text[max(end_of_list, 0) : start]
        is_listed = end_of_list >= 0 and (start < end_of_list or (goes_on and not between) or bool(_LIST_GOES_ON.fullmatch(between)))
        if is_listed or _is_denied(before, text[end:]) or (place in may_end and _is_over(before, text[end:])):
            found.append(place)
            end_of_list, goes_on = max(end, end_of_list), (goes_on and is_listed) or bool(_NONE.search(before))
    return tuple(found)


def _is_denied(before: str, after: str) -> bool:
    return bool(
        _ABSENT.search(before)
        or (_IS_NOT.search(before) and (SET_APART.match(after) or (_SUPPOSED_NOT.search(before) and not after.partition(",")[0])))
        or (_RULED_OUT.search(before) and _ONCE_RULED_OUT.match(after))
        or _IS_RULED_OUT.search(before)
        or _EXCEPT_AFTER.match(after)
        or _is_left_out(before, after)
    )


def _is_over(before: str, after: str) -> bool:
    return bool(_OVER_AFTER.match(after) or (_OVER_BEFORE.search(before) and _THEN.match(after)))


def _is_left_out(before: str, after: str) -> bool:
    """Whether a name between these is who a sentence is not said of: 除[孕妇]外."""
    if _EXCEPTING.search(before) and _ALL_OTHERS.search(after.partition(",")[0]):
        return True
    but = _BUT_BEFORE.search(before)
    return bool(but and (but["open"] or _OUTSIDE_AFTER.match(after)) and not _ONE_MORE.search(after.partition(",")[0]))


def without_absences(text: str) -> str:
    """A text without the illnesses and groups that it says are not there, for what it is about (非孕妇可以热敷); of the same length."""
    return _struck(text, denied(text))


def without_exceptions(sentence: str) -> str:
    """A whole sentence without those as well for whom the rest does not hold: 除非怀孕，一般可以做CT; but 除非怀孕，才用 is for them."""
    places = list(denied(sentence))
    for unless in _UNLESS.finditer(sentence):
        if "才" not in unless["rest"]:
            places.extend(place for place in named(sentence) if unless.start("what") <= place.start < unless.end("what"))
    return _struck(sentence, places)


def without_names(text: str) -> str:
    """A text without the illnesses and groups that it names, there or not."""
    return _struck(text, named(text))


def _struck(text: str, places: Iterable[Named]) -> str:
    for _, start, end in places:
        text = f"{text[:start]}{'#' * (end - start)}{text[end:]}"
    return text


def is_doubtful(text: str) -> bool:
    """Whether a denial stands near a name that it may be of: 没有做过手术的糖尿病人 is none, 没有陈旧骨折的 may be one."""
    present = without_absences(text)
    return bool(_MAY_DENY.search(text)) and any(_NEAR.search(present[: place.start]) for place in named(present))


def leaves_out_unknown(text: str, *, after: bool = False) -> bool:
    """Whether a text leaves out somebody whom we do not know: 皮肤破损者除外, 除6个月以下婴儿外. `after`: it is what follows the advice."""
    present = without_absences(text)
    for found in EXCEPTION.finditer(present):
        who, rest = found["but"] or found["who"] or found["only"], present[found.end() :]
        if "#" in who:
            if not _LISTED.fullmatch(who):
                return True
        elif (
            _SOMEBODY.search(who)
            or _ALL_OTHERS.search(rest)
            or (found["who"] and not _SOMETHING.search(who))
            or (after and not _SOMETHING.search(who) and not _ONE_MORE.search(rest))
        ):
            return True
    return False


@functools.lru_cache(maxsize=2_048)
def illnesses(text: str) -> tuple[Named, ...]:
    """The diseases and symptoms that a text names, longest at a place, and where."""
    terms, lengths = _terms()
    found, at = [], 0
    while at < len(text):
        length = next((size for size in lengths.get(text[at], ()) if at + size <= len(text) and text[at : at + size] in terms), 0)
        if length:
            found.append(Named(text[at : at + length], at, at + length))
        at += length or 1
    return tuple(found)


@functools.lru_cache(maxsize=2_048)
def named(text: str) -> tuple[Named, ...]:
    """The illnesses and groups that a text names, in the order of their places; 胃溃疡 is both, 宫外孕 is no group."""
    ill = illnesses(text)
    return tuple(sorted((*ill, *_groups(text, ill)), key=lambda place: place[1:]))


def _groups(text: str, ill: tuple[Named, ...]) -> Iterator[Named]:
    book = vocabulary()
    for group, dimension in book.dimension.items():
        places = [hit.span() for hit in book.words[group].finditer(text)] if dimension != "sex" else []
        if not places:
            continue
        longer = [hit.span() for hit in book.strike[group].finditer(text) if hit[0][0] not in "没无未不非"] if group in book.strike else []
        if dimension != "condition":  # who denies 先兆流产 denies no pregnancy
            longer.extend(place[1:] for place in ill)
        for start, end in places:
            if not any(first <= start and end <= last for first, last in longer):
                yield Named(group, start, end)


@functools.cache
def _terms() -> tuple[frozenset[str], dict[str, tuple[int, ...]]]:
    """The terms, and for each first character how long those are that begin with it, longest first."""
    terms = frozenset(
        term for name, kind in load_medical_terms(MEDICAL_TERMS).items() if kind in _ILLNESS and len(term := search_key(name)) > 1
    )
    lengths: dict[str, set[int]] = {}
    for term in terms:
        lengths.setdefault(term[0], set()).add(len(term))
    return terms, {first: tuple(sorted(sizes, reverse=True)) for first, sizes in lengths.items()}
