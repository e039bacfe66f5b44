"""What a typed value means, in the words that records use: 空腹7.2要不要吃药 is about 血糖高, 血小板60 about 血小板低.

A vector knows that 7.2 is a number and not on which side of normal it lies, so 空腹7.2 found answers about low blood sugar. What counts as
high or low stands in `corpus/lexicon/values.toml`; a value on the border, of a child where children differ, or beside a word that makes it
something else (血压计用了10年) means nothing. It widens what is searched and is shown; it is no judgement of a result.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from corpus.clean import search_key
from corpus.lexicon import VALUES
from corpus.measures import NO_VALUE, Measure, find_measures, read_number

#: Whose intervals an entry may have beside everybody's, by the groups of `corpus.audience`, and whose hold where it has none.
_OWN = {
    "newborn": ({"新生儿"}, "children"),
    "children": ({"新生儿", "婴儿", "儿童"}, "means"),
    "expecting": ({"孕妇"}, "means"),
    "nursing": ({"哺乳期"}, "means"),
}

#: What may stand between the name of a quantity and its value.
_BETWEEN = (
    "(?:[:=>≥<,、()（）↑↓→* ]|结果|报告|化验|检查|抽血|体检|复查|指标|数值|水平|浓度|值|显示|医生说|说|这次|上次|今天|昨天|今早|早上|早晨|晚上|刚刚?|最近|目前|现在"
    "|一直|平时|经常|都|总|老|已经|还|又|就|也|才|只|仅|有|是|为|在|到|达|了|出来|测|量|查|得|做|从|由|大概|大约|差不多|将近|接近|快|超过|超|高达|最高|最低|小于|大于|低于|高于"
    "|高|低|偏|升|降|涨|飙|跳|剩|掉|跌|不到|左右|第一次|不稳定?|[每一1]分钟?|[我他她]|宝宝|孩子|老人|我妈|我爸|老公|老婆){0,7}?"
)
#: Digits, or Chinese numerals of two characters at least: 一 in 饭后一阵恶心 is no value. Taken whole or not at all.
_NUMBER = r"(?>\d{1,7}(?:\.\d{1,3})?|[零一二两三四五六七八九十百]{2,6}(?:点[一二三四五六七八九几])?|[一二两三四五六七八九十]点[一二三四五六七八九几])"
#: 血糖升了2 tells a change and no value.
_NO_CHANGE = "(?<![升涨高低降快慢少掉跌多][了出])"
#: What follows a number that is no such value: 血糖仪用了3年, 血压每天2次, 7以下, 白细胞3+, 两千八; nor what it was before (从13降到6).
_NOT_AFTER = (
    r"(?![\d.%+:]|[一二两三四五六七八九十百千零几余亿]|[./、~-]\d|[到至]\d| ?(?:[多来几]个?|个)?(?:万?(?:块|元|毛)|天|年|个?月(?!经)|周|星期|礼拜|岁|楼|层|号|日|点(?!几)|分钟|小时|钟头|秒"
    r"|h(?![a-z])|种|片|粒|颗|盒|瓶|支|针|袋|杯|碗|口|滴|级|阵|会儿|斤|公斤|kg|米|倍|项|张|份|代|单位|iu|ml|毫升|[毫微]克(?!/|每)|[mμu]g(?!/)|人份)"
    r"|个|[以之](?:下|上|内|间|前)|多?(?:左右)?(?:又|再|一下子?)*[降升涨掉跌变减](?:到|成|至|为))"
)
#: Nor this, except of what is counted a minute.
_NOT_COUNTED = "(?![次下回])"
#: 血压计, 心率手环, 血糖仪, 尿酸药: things that are called after what they measure.
_THINGS = "(?!计|仪|表|带|手环|手表|试纸|药|针|片|贴|检测|监测|监护|科|门诊|茶|本)"
#: Before a measure and in it: what is compared with (低于140 is not high), and when it was so.
_LOOK_BACK = 4
_LESS_THAN = re.compile("小于|低于|少于|不到|不足|没到|<|[不没未别](?:要|能)?(?:超过?|高于|大于)")
_MORE_THAN = re.compile("大于|高于|超过|超出|>")
_FORMER = re.compile("以前|之前|原来|原先|过去|去年|曾经")
_NOT_A_BODY = re.compile("水温|室温|气温|洗澡|泡澡|奶温|空调|备孕")
_HAS_DIGIT = re.compile(r"[\d一二两三四五六七八九十百]")
_AFTER_MEASURE = re.compile(_NOT_AFTER)
#: 11点5 is said for 11.5; of a time, 11点50, the minutes have two digits.
_SPOKEN_POINT = re.compile(r"(?<=\d)点(?=\d(?!\d|分|刻))")


@dataclass(frozen=True, slots=True)
class Value:
    """A value that says something, found at [start, end) of the search key.

    Attributes:
        quantity: what was measured.
        typed: the part of the search key that says so.
        number: in the units of the table.
        words: what records call it, the plainest first.
        contrary: what they call a value on the other side.
    """

    quantity: str
    typed: str
    number: float
    words: tuple[str, ...]
    contrary: tuple[str, ...]
    start: int
    end: int

    def to_dict(self) -> dict[str, Any]:
        """The contract of `scripts/search.py --json`."""
        return {"quantity": self.quantity, "typed": self.typed, "words": list(self.words)}


@dataclass(frozen=True)
class _Quantity:
    """An entry of the table; `ranges` by whose they are, with the keys of `_OWN` and `means`."""

    name: str
    pattern: re.Pattern[str] | None
    measure: str
    low: float
    high: float
    rescale: tuple[tuple[float, float, float], ...]
    negative: bool
    opposed: bool
    unless: re.Pattern[str] | None
    ranges: dict[str, list[dict[str, Any]]]

    def words(self, number: float, groups: Collection[str], typed: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What the value means for somebody of these groups, and what one on the other side would.

        Nothing on the border, or where nobody can tell (低于140 is not high).
        """
        ranges = self._ranges(next((name for name, (own, _) in _OWN.items() if not own.isdisjoint(groups)), "means"))
        open_end = "from" if _LESS_THAN.search(typed) else "below" if _MORE_THAN.search(typed) else ""
        for each in ranges:
            if each.get("from", -float("inf")) <= number < each.get("below", float("inf")):
                if open_end in each:
                    break
                other_side = "below" if "from" in each else "from"
                contrary = (word for other in ranges if self.opposed and other_side in other for word in other["words"])
                return tuple(each["words"]), tuple(dict.fromkeys(contrary))
        return (), ()

    def _ranges(self, whose: str) -> list[dict[str, Any]]:
        return self.ranges[whose] if whose in self.ranges else self._ranges(_OWN[whose][1])


def values_of(text: str, groups: Collection[str] = ()) -> tuple[Value, ...]:
    """The values in a text that mean something, in the order of the text.

    Where a quantity was measured several times and the values mean different things (血糖从13降到6), nobody can tell which of them is
    asked about, and none counts; so with 高压 and 低压, or the kinds of blood sugar, if one is high and another low.

    Args:
        text: a question.
        groups: of whom it is about (`corpus.audience.asked_for`): children and expecting mothers have other intervals.
    """
    return _values_of(search_key(text), tuple(sorted(groups)))


@functools.lru_cache(maxsize=256)
def _values_of(key: str, groups: tuple[str, ...]) -> tuple[Value, ...]:
    key = _SPOKEN_POINT.sub(".", key)
    if not _HAS_DIGIT.search(key):
        return ()
    measures = find_measures(key)
    found: list[Value] = []
    for quantity in _table():
        for number, start, end in _numbers(quantity, key, measures):
            if not any(start < other.end and other.start < end for other in found):
                words, contrary = quantity.words(number, groups, key[max(start - _LOOK_BACK, 0) : end])
                found.append(Value(quantity.name, key[start:end].strip(" ,。"), number, words, contrary, start, end))
    meanings: dict[str, set[str]] = {}
    for value in found:
        first = value.words[0] if value.words else ""
        meanings.setdefault(value.quantity, set()).add(first)
        if first:
            meanings.setdefault(f"any {_subject(value.quantity)}", set()).add(first)
    clear = (
        value for value in found if value.words and len(meanings[value.quantity]) == len(meanings[f"any {_subject(value.quantity)}"]) == 1
    )
    return tuple(sorted(clear, key=lambda value: value.start))


def value_pairs(values: Collection[Value], text: str) -> tuple[tuple[str, str], ...]:
    """(value as it was typed, a word for it), as search keys, without the words that the text has already."""
    key = search_key(text)
    pairs = ((value.typed, search_key(word)) for value in values for word in value.words)
    return tuple(dict.fromkeys((typed, word) for typed, word in pairs if word not in key))


def contradicts(values: Collection[Value], asked: str, question: str) -> bool:
    """Whether a record's question is about the other side of one of these values: 低血糖怎么急救 to 空腹7.8.

    Not where whoever asks names that side (血糖16，怕低血糖). All are search keys; an answer's own words do not tell: it warns of side effects.
    """
    return any(
        not _names(value.contrary, asked) and _names(value.contrary, question) and not _names(value.words, question) for value in values
    )


def _names(words: Collection[str], text: str) -> bool:
    return any(search_key(word) in text for word in words)


def _subject(quantity: str) -> str:
    """高压 and 低压 are one thing's, and so are the three blood sugars."""
    return "血压" if quantity in ("高压", "低压") else "血糖" if quantity.endswith("血糖") else quantity


def _numbers(quantity: _Quantity, key: str, measures: list[Measure]) -> list[tuple[float, int, int]]:
    """(value in the table's units, start, end) of a quantity."""
    if quantity.unless and quantity.unless.search(key):
        return []
    if quantity.pattern is None:
        read = [
            (measure.value, measure.start, measure.end)
            for measure in measures
            if measure.name == quantity.measure and _is_measured(key, measure.start, measure.end)
        ]
    else:
        read = []
        for hit in quantity.pattern.finditer(key):
            value = read_number((hit["after"] or hit["before"]).removesuffix("点几"))
            if value is not None:
                value *= 10_000 if hit["tens"] else 1
                read.append((-value if quantity.negative else value, hit.start(), hit.end()))
    found = []
    for value, start, end in read:
        for least, below, factor in quantity.rescale:
            if least <= value < below:
                value *= factor
                break
        if quantity.low <= value <= quantity.high:
            found.append((value, start, end))
    return found


def _is_measured(key: str, start: int, end: int) -> bool:
    """Whether a measure is of somebody, now, and a value: 水温38度, 血压以前160, 150以下 and 高血压报销70% are not."""
    around = key[max(start - _LOOK_BACK, 0) : end]
    return not _FORMER.search(around) and not _NOT_A_BODY.search(around) and bool(_AFTER_MEASURE.match(key, end))


@functools.cache
def _table() -> tuple[_Quantity, ...]:
    return tuple(_quantity(entry) for entry in tomllib.loads(VALUES.read_text(encoding="utf-8"))["quantity"])


def _quantity(entry: dict[str, Any]) -> _Quantity:
    low, high = entry["plausible"]
    negative = entry.get("negative", False)
    return _Quantity(
        name=entry["name"],
        pattern=_pattern(entry["called"], negative=negative, counted=entry.get("counted", False)) if "called" in entry else None,
        measure=entry.get("measure", ""),
        low=low,
        high=high,
        rescale=tuple((least, below, factor) for least, below, factor in entry.get("rescale", ())),
        negative=negative,
        opposed=entry.get("opposed", False),
        unless=re.compile(entry["unless"]) if "unless" in entry else None,
        ranges={name: entry[name] for name in ("means", *_OWN) if name in entry},
    )


def _pattern(called: list[str], *, negative: bool, counted: bool) -> re.Pattern[str]:
    names = "|".join(f"(?:{name})" for name in called)
    sign = "-?" if negative else "(?<!-)"
    after = _NOT_AFTER if counted else _NOT_AFTER + _NOT_COUNTED
    return re.compile(
        rf"(?:{names}){_THINGS}{_BETWEEN}{sign}(?<!\d)(?!{NO_VALUE.pattern}){_NO_CHANGE}(?P<after>{_NUMBER})(?P<tens>万)?{after}"
        rf"|(?<![\d.])(?P<before>\d{{1,5}}(?:\.\d{{1,2}})?)的(?:{names})(?![\u4e00-\u9fff]?[计仪表])"
    )
