"""For whom, and when, a doctor's sentence says something: below an age, where an illness is present, if something happens.

`corpus.audience` knows some groups of people (孕妇, 肾病); a sentence names many more. 6个月以下不用, 有肾结石者不宜, 细菌感染时才用
are right for those whom they name, and harm when they are shown as advice for anybody. Each condition is kept as plain text
beside a point, and `Asker.meets` says whether somebody is known to meet it; what we cannot read, nobody is known to meet.

All of it works on the search key of one sentence.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from corpus.ages import loose_ages
from corpus.audience import ADULT_YEARS, CHILD_YEARS, INFANT_DAYS, NEWBORN_DAYS, OLD_YEARS, spoken_of
from corpus.clean import search_key
from corpus.lexicon import MEDICAL_TERMS, load_medical_terms
from corpus.measures import BABY, NUMBER, find_measures, read_number
from corpus.patient import find_patient

#: What a condition begins with: an age in days, from and below (`岁:0-180`), or what must be there: all (`若:发热 咳嗽`) or any (`若:肾结石|痛风`). Groups have no colon.
_AGE, _IF = "岁:", "若:"
#: A sentence that is meant for the case that something grave happens; nobody meets it.
SAFETY_NET = "若:危急"
#: A condition that is there and not understood.
UNREAD = "若:"

_YEAR, _OLDEST = 365, 130 * 365
_DAYS = {"岁": _YEAR, "周岁": _YEAR, "月": 30, "周": 7, "天": 1}
_STAGES = {
    "新生儿": (0, NEWBORN_DAYS),
    "婴儿": (0, INFANT_DAYS),
    "儿童": (INFANT_DAYS, CHILD_YEARS * _YEAR),
    "青少年": (CHILD_YEARS * _YEAR, ADULT_YEARS * _YEAR),
    "成人": (ADULT_YEARS * _YEAR, OLD_YEARS * _YEAR),
    "老人": (OLD_YEARS * _YEAR, _OLDEST),
}
_BELOW = "未满|不满|不到|小于|不足|低于|[<≤]"
_ABOVE = "年满|满|大于|超过|[>≥]"
_LIMIT = re.compile(
    rf"(?P<before>{_BELOW}|{_ABOVE})?(?P<n>{NUMBER})个?(?P<half>半)?(?P<unit>周?岁|月|周|天)(?P<more>半)?龄?"
    r"(?P<after>及?以下|以内|之?内|及?以上|以后|之?后|之?前|起)?"
)
_RANGE = re.compile(rf"(?P<low>{NUMBER})(?:个?(?P<lowunit>周?岁|月))?[-~至到](?P<high>{NUMBER})(?P<unit>周?岁)(?!以[内上])")
#: How a limit in months and days is told; more than three days (超过3天) are no age.
_OF_BABIES = re.compile("未满|不满|不到|不足|小于|年满|以下|以内|以上")
#: Months and days are as often how long something lasts: 疼了3个月以上, 连吃3周以上.
_LASTS = re.compile("(?:持续|连续|病程|超过|至少|稳定|坚持|发病|[疼痛烧服吃用治打停了]|术后|产后|发热|最晚|最近|每|第|前|后|近|再|过)$")
_OF_A_CHILD = re.compile(f"^(?:的|大|龄)*(?:{BABY}|小儿|幼儿|新生儿|早产儿|者|不|禁|慎|别|忌|勿|避免|才|可以?|请|一律|$)")

#: Who is spoken of: 肾结石者, 有溃疡的人. 患者 by itself is whoever reads it.
_PERSON = re.compile(
    r"(?<![或前后学医记作读使老])者|患者|病人|病友|的(?:人|孩子|老人|女性|男性|宝宝)(?!群?都)|人群|体质|病史|家族史|过敏史"
)
_TIME = re.compile("(?<![平同及按小随有定暂临当这那此到准一])时(?![间常而刻机期辰])|(?:的)?情况下|期间|之后再?")
_IF_WORDS = "如果|若|假如|(?<!主)(?<!需)要是|倘若|万一|一旦|除非"
_HAS_IF = re.compile(_IF_WORDS)
_SUPPOSED = re.compile(f"{_IF_WORDS}|(?<![所自])有[^,;]{{1,12}}的$")
#: What stands in a condition and narrows nothing down.
_SAYS_NOTHING = frozenset({"发作", "疼痛", "症状", "不适", "不舒服", "难受", "药物", "治疗", "检查", "疾病", "手术", "急性", "慢性"})
_ILLNESS = frozenset({"disease", "symptom"})
#: 120 is told straight out where no more than this stands before it in its sentence.
_STRAIGHT = re.compile(
    "(?:这|那|它|属于?|是|急症|急诊|危险|要命|的?情况|很|非常|比较|不能|别|不要|再?等|拖|耽搁|了|所以|因此|请|您|你|家属|家人|一定|必须|需要?|应该?|当即|要|得|该|就|都|先|再|去|到|来|看"
    "|现在|今天|今晚|当天|当晚|马上|立即|立刻|尽快|赶紧|赶快|直接|最好|建议|可以?|同时|医院|最近的?|附近的?|有条件|大|三甲|联系|自己|人|让|[,、])*"
)
_NET = re.compile(
    "如果|若|一旦|万一|要是|假如|出现|持续|加重|不缓解|无效|仍|反复|不退|不好转|恶化|超过|伴有?|不见好|没好转|未见|以上[^,]{0,4}$|时,?$"
)


@dataclass(frozen=True, slots=True)
class Asker:
    """What is known of somebody who asks: the question with other words for it, days of age (from, below), groups."""

    named: str
    ages: tuple[tuple[int, int], ...]
    groups: frozenset[str]

    @staticmethod
    def of(question: str, named: str, groups: Collection[str]) -> Asker:
        """From a question, all its words and their synonyms as one text, and the asker's groups; who names no age is an adult."""
        key = search_key(question)
        text = find_patient(key).text
        told = {
            (days, days + 1)
            for measure in (*find_measures(text), *loose_ages(text))
            if (days := _in_days(measure.name, measure.value)) is not None
        }
        stages = {_STAGES[group] for group in groups if group in _STAGES}
        # A number knows better than a word, unless it belongs to somebody else than the groups say.
        fits = {age for age in told if not stages or any(low <= age[0] < high for low, high in stages)}
        return Asker(named, tuple(fits or stages or {_STAGES["成人"]}), frozenset(groups))

    def meets(self, condition: str) -> bool:
        """Whether this person is known to meet a condition, or to be of a group, kept in `Mention.groups`."""
        if condition.startswith(_AGE):
            low, high = map(int, condition.removeprefix(_AGE).split("-"))
            return all(low <= youngest and oldest <= high for youngest, oldest in self.ages)
        if condition.startswith(_IF):
            words = condition.removeprefix(_IF)
            if "|" in words:
                return any(word in self.named for word in words.split("|"))
            return bool(words) and all(word in self.named for word in words.split())
        return condition in self.groups


def _in_days(name: str, value: float) -> int | None:
    return {"age_days": int(value), "age_years": int(value * _YEAR)}.get(name)


def is_event(condition: str) -> bool:
    """Whether a condition is something that is there or happens, and not who somebody is."""
    return condition.startswith(_IF)


def conditions(before: list[str], left: str, right: str, *, refused: bool, supposed: bool = True) -> tuple[str, ...]:
    """The conditions that something is said under.

    Args:
        before: the clauses of its sentence before its own, nearest first.
        left: its own clause before it.
        right: its own clause behind it.
        refused: whether it is warned of; only then what stands behind it says for whom (布洛芬6个月以下不用).
        supposed: whether 如果 matters too.
    """
    nearest = next(iter(before), "")
    found = {*_ages(left), *(_ages(right) if refused else ()), *(_ages(nearest) if _opens(nearest) else ())}
    texts = [left[: last.end()] for pattern in (_PERSON, _TIME) if (last := _last(pattern, left))]
    if supposed:
        texts.extend(clause for clause in (left, *before[:2]) if _SUPPOSED.search(clause))
    if refused and (last := _last(_PERSON, right)):
        texts.append(right[: last.end()])
    if _opens(nearest):
        texts.append(nearest)
    for text in texts:
        found.update(_stated(text, any_of=refused or "或" in text))
    return tuple(sorted(found))


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    return next(reversed([*pattern.finditer(text)]), None)


def is_safety_net(before: list[str], left: str, *, grave: bool) -> bool:
    """Whether a sentence sends somebody to a doctor in case of something only.

    Nearly every answer ends with 如果出现胸痛，立即拨打120 and the like: two answers of three in the starter corpus send to
    emergency care so, where no other point is made by one in five. That doctors agree there tells nothing about the
    question, and often names symptoms that nobody has. So such a sentence is a point only where the question is of an emergency
    itself; what is told straight out (立即拨打120, 马上去急诊清创) is one for anybody. A share of the corpus as the measure
    would have dropped both, and would change with what else is imported.
    """
    lead = ",".join([*reversed(before), left])
    lead = re.split("[;:。!?]", lead)[-1]
    return not _STRAIGHT.fullmatch(lead) if grave else bool(_NET.search(lead))


def _opens(clause: str) -> bool:
    """Whether a clause is nothing but a condition of the next: 有肾结石者, 6个月以下, 发热时."""
    return bool(
        re.search(
            r"(?:(?<![或])者|患者|病人|的人|人群|时|以下|以上|以内|的(?:孩子|宝宝|老人)|的情况下|的话|史|(?<!引起)(?<!所致)的)$", clause
        )
    ) and not re.search("[是由]", clause)


def _stated(text: str, *, any_of: bool) -> Iterator[str]:
    """What the words of a condition ask for, without what groups or ages say of it.

    `any_of`: whether one of them is enough. 水痘、呕吐者不用 forbids it to both; 发热、咳黄痰时可用 wants both.
    """
    words = [word for word in _illnesses(text) if word not in _SAYS_NOTHING and not spoken_of(word)]
    if words and not (any_of and spoken_of(text)):  # 有痛风石或肾结石的人: the group is the condition
        yield _IF + ("|" if any_of else " ").join(words)
    elif not words and _HAS_IF.search(text) and not (spoken_of(text) or any(True for _ in _ages(text))):
        yield UNREAD


def _ages(text: str) -> Iterator[str]:
    for hit in _RANGE.finditer(text):
        low, high = read_number(hit["low"]), read_number(hit["high"])
        if low is not None and high is not None and low < high:
            yield _age(low * _DAYS[hit["lowunit"] or hit["unit"]], (high + 1) * _DAYS[hit["unit"]])
    for hit in _LIMIT.finditer(text):
        value = read_number(hit["n"])
        side = f"{hit['before'] or ''}{hit['after'] or ''}"
        if value is None or not side:
            continue
        years = hit["unit"].endswith("岁")
        if not years and not (_OF_BABIES.search(side) and _is_an_age(text, hit)):
            continue
        days = (value + (0.5 if hit["half"] or hit["more"] else 0)) * _DAYS[hit["unit"]]
        below = bool(re.search("下|内|前", hit["after"] or "") or re.fullmatch(_BELOW, hit["before"] or ""))
        yield _age(0, days) if below else _age(days, _OLDEST)


def _is_an_age(text: str, hit: re.Match[str]) -> bool:
    before = text[: hit.start()]
    return not _LASTS.search(before) and bool(_OF_A_CHILD.match(text[hit.end() :])) and not re.search("孕|妊娠", before)


def _age(low: float, high: float) -> str:
    return f"{_AGE}{int(low)}-{int(high)}"


def _illnesses(text: str) -> list[str]:
    """The diseases and symptoms that a text names, longest at a place."""
    terms, longest = _terms()
    found, at = [], 0
    while at < len(text):
        length = next((size for size in range(min(longest, len(text) - at), 1, -1) if text[at : at + size] in terms), 0)
        if length:
            found.append(text[at : at + length])
        at += length or 1
    return found


@functools.cache
def _terms() -> tuple[frozenset[str], int]:
    words = frozenset(search_key(term) for term, kind in load_medical_terms(MEDICAL_TERMS).items() if kind in _ILLNESS)
    return words, max(map(len, words))
