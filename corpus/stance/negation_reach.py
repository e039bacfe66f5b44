"""How far a negation reaches in a doctor's clause: whether one that stands before a word governs it.

In 不要马上热敷 it governs 热敷, and in 不要热敷而是冷敷 it does not govern 冷敷. What is a negation in form only (不要忘记, 不可避免) is
struck out first. What a patient denies is read by `corpus.happening.negated`.
"""

from __future__ import annotations

import re
from collections import deque
from typing import NamedTuple

#: A negation in form that is none in meaning.
_NO_NEGATION = re.compile(
    "别嘌|金刚|过氧|免疫|王不留行|防风|鹅不食草|不要忘记?了?|不要忽视|不(?:可|能|要)忽视|不要?忘|别忘了?|不能缺少?|不可缺少|必不可少|不可少|不能少|离不开|不只是?|不仅仅?是?|不但|不光|不止|不单|不能不|不可不|不可避免|不要不"
    "|不(?:能|可以?)?(?:排除|除外)|不用说|不要紧|特别|分别|个别|区别|性别|级别|识别|鉴别|类别|差别|别的|别人|别处|至少|多少|不少|减少(?=复发|发作|症状)|缺少|很少|少量|少许|少数|少见|少年|年少|失禁|禁忌症|不断|不同(?!意)|不错|不良|不适(?![合宜用])|不佳|不足|不全|不舒服|不舒|不久|不太好|不明|不规律|不调"
    "|不(?:用|要|必|需要)?(?:太|过于|过度|过分)?(?:担心|紧张|害怕|着急(?!$|[去上到做动开用吃服打输住手])|焦虑|惊慌|恐慌|怕|慌)"
)
#: Says that something is not needed.
NEEDLESS = re.compile(
    "不需要?|无需|不必要?|无须|毋须|没有?[^,]{0,3}必要|用不[着上到]|犯不[着上]|(?:谈不上|不至于)(?:到|去|非?要|需要|得)?|不用|不认为(?:有必要|需要|应该|要)?|不一定(?:非|就|都|马上|立刻){0,2}(?:要|需要?|得)?|不急(?:[于着]|需?要?)|不着急|不忙着?|未必需?要?|不太需要|没有?指征|不是必须"
    "|(?:并非|并?不是)说?(?:人人|个个|所有人?|每[^,]{1,5})?(?:都|一定|必须|必需|非)(?:一定|必须)?(?:非?得|非?要|需要?)?"
)
#: Words before which a negation ends: 不要热敷,而是冷敷 / 不要紧张应该多喝水.
TURN = re.compile(
    "但是|但|而是|而要|而应|改为|改成|改用|应该|(?<!不)应|(?<!不)(?<!无)需要|(?<!不)建议|(?<!不)可以|(?<!不)可(?!能)|(?<!不)要(?!是|么)|最好(?!不|别)|(?<!不)必须|同时|然后|再(?!次|用|吃|喝|做|去)|并(?!发|非|不)"
)
#: Before a negation it turns it round, or says that somebody else might have said so: 并非不能, 不是说不能, 没人说不能, 不|反对.
_TURNED_ROUND = re.compile(
    "(?:不是|并非|没有?(?:什么|太大|多大)?必要|不必|无需|没有?|未必|不见得|不一定|不等于|不代表|不意味着?|不可能|(?:没|没有|无)人|我没|(?<!要)不)(?:就|也|都|是|说过?|讲|要求|认为|一定|完全|绝对|规定)*$"
)
#: How many characters may stand between a negation and its word: those of a light word only, where the word brings its own verb along, ...
TOUCH = 2
_LIGHT = re.compile("(?:马上|立即|立刻|特意|专门|急着|急于|再|太|过早|盲目|自己|自行|随便|经常|频繁|过|去|一定|非要?|每天|总)?")
#: ... or these, before any other word.
GAP = 8


def without_seeming_negations(left: str) -> str:
    """What precedes a word, without negations that are none."""
    return _NO_NEGATION.sub(lambda found: "~" * len(found[0]), left)


def last_match(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The last place in a text where a pattern is found."""
    return next(iter(deque(pattern.finditer(text), maxlen=1)), None)


class Negation(NamedTuple):
    """A negation that governs a word: what precedes it, and what stands between it and the word."""

    before: str
    between: str


def governing(pattern: re.Pattern[str], left: str, reach: int) -> Negation | None:
    """The last such negation before a word; None if it does not govern it."""
    found = last_match(pattern, left)
    if found is None:
        return None
    negation = Negation(left[: found.start()], left[found.end() :])
    between = negation.between
    if TURN.search(between):
        return None
    if len(between) <= reach:
        return negation if reach > TOUCH or _LIGHT.fullmatch(between) else None
    # A list hands a negation on to its last item: 不要热敷、按摩、拔罐.
    return negation if reach > TOUCH and ("、" in between[-8:] or re.search("和|及|或", between)) else None


def is_double(negation: Negation) -> bool:
    """Whether a negation is turned round by another: 并非不能, 没人说不要, 不得不."""
    return bool(_TURNED_ROUND.search(negation.before)) or negation.between.startswith(("不", "没"))
