"""The line or lines under a question that say who answers: name, title, hospital, tier, department.

A saved page gives `杜俊秋 副主任医师` and `淮安市第二人民医院 三甲` on two lines; other markup of the same page breaks them
into four, joins them into one, or loses the space between. All of them parse to the same `Credentials`.

Words come in three strengths. A title like 主任医师 stands for itself; one like 院长 or 专家 needs a hospital under it; one that
we have never seen needs a hospital with its tier under it and a question above it. Hospitals and tiers likewise.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from corpus.record import parse_date

_HAN = r"[\u4e00-\u9fff\u3400-\u4dbf\U00020000-\U000323af〇]"

# Titles. The first group is spelled out, since it must be found inside 杜俊秋副主任医师; as a word of its own any title
# counts that ends in one of the crafts.
_RANKS = ("副主任", "主任", "主治", "主管", "住院", "执业", "助理", "执业助理", "特级", "高级", "中级", "初级", "")
_CRAFTS = ("医师", "中医师", "药师", "中药师", "护师", "技师", "检验师", "康复师", "营养师")
_OTHER_TITLES = (
    "主任医生", "副主任医生", "主治医生", "全科医生", "乡村医生", "住院医生", "家庭医生", "口腔医师", "规培医师", "博士生导师", "硕士生导师", "副教授", "教授", "讲师",
    "研究员", "副研究员", "心理咨询师", "心理治疗师", "康复治疗师", "健康管理师", "公共营养师", "护士长",
)  # fmt: skip
TITLES = (*(rank + craft for craft in _CRAFTS for rank in _RANKS), *_OTHER_TITLES)
_TITLE_SET = frozenset(TITLES)
_TITLE = "|".join(sorted(map(re.escape, _TITLE_SET), key=len, reverse=True))
_NOTE = r"(?:[(（][^()（）]{1,10}[)）])?"
_TITLE_WORD = re.compile(
    rf"(?:{_TITLE}|{_HAN}{{2,10}}(?:医师|药师|护师|技师|营养师|咨询师|治疗师|管理师|检验师|康复师|教授|研究员|导师|护士|护士长|医士|药士|助产士))"
    rf"{_NOTE}"
)
_WEAK_TITLE_WORD = re.compile(
    rf"(?:{_HAN}{{0,6}}(?:主任|院长|所长|站长|馆长|专家|博士|硕士|院士|住院医|医师|药师|大夫|护士|医士|药士|助产士|顾问|理事|委员|教师|助教|学者))"
    rf"{_NOTE}"
)
_UNKNOWN_TITLE = re.compile(rf"{_HAN}{{2,10}}{_NOTE}")

# Tiers.
_TIER = r"(?:公立|私立|民营)?(?:[一二三]级[甲乙丙特]等|[一二三][甲乙丙特]|[123]甲|[一二三]级)(?:医院)?"
_WEAK_TIER = re.compile(
    r"民营|私立|公立|未定级|未评级|未定等|无等级|其他|其它|社区|基层|专科|综合|合资|外资|村级|乡镇|三级未定等|二级未定等|[一二三]级(?:综合|专科)"
)
_TIER_ALONE = re.compile(rf"{_TIER}$")
_BRACKETED_TIER = re.compile(rf"(?<![师授])[(（]({_TIER}|{_WEAK_TIER.pattern})[)）]")
# 李四（主任医师、教授）; behind another title, 主任医师（教授） is one.
_BRACKETED_TITLE = re.compile(
    rf"(?<={_HAN})(?<![师授])(?<!院长|士长|主任|专家|博士|硕士|院士|护士|究员)(?<!主任医生|主治医生|全科医生|乡村医生|住院医生|家庭医生)"
    rf"[(（]((?:{_TITLE})(?:[、,，/\s]+(?:{_TITLE}))*+)[)）]"
)

# Places.
_PLACE = (
    r"(?:医院|医学院|科学院|中心|诊所|卫生院|卫生所|卫生室|卫生站|服务站|服务中心站|门诊部?|分院|总院|[一二三四五六七八九十]院|院区|保健院|保健所|保健站|防治[院所站]"
    r"|研究[院所]|研所|医务室|医务所|疗养院|康复院|护理院|养老院|集团|药房|药店|医馆|国医堂|本部|[东南西北]院|医联体|急救站)"
    r"(?:[(（][^()（）]{1,20}[)）])?"
)
_HOSPITAL_JOINED = re.compile(rf"(.{{2,40}}?{_PLACE})({_TIER})?$")
_DEPARTMENT_ALONE = re.compile(rf"{_HAN}{{1,12}}(?:科|中心|门诊)$")

# Names. Lazy where a title follows, so that in 杜俊秋副主任医师 the longest title wins and not the longest name.
_DOT = "·•・‧∙⋅･"
_NAME = rf"(?:{_HAN}{{2,15}}?|{_HAN}{{1,15}}?(?:·{_HAN}{{1,15}}?){{1,3}}·?|[A-Z][A-Za-z.'-]{{1,30}}?)"
_DOCTOR_JOINED = re.compile(rf"({_NAME})({_TITLE}){_NOTE}$")
_DOCTOR_NAME = re.compile(rf"{_NAME}$")
_ONE_HAN = re.compile(rf"{_HAN}$")
_LATIN_NAME = re.compile(r"(?:[A-Z][A-Za-z'-]*\.?|Dr\.)$")
_DOTTED = re.compile(rf"(?<={_HAN})[{_DOT}](?={_HAN})")
_NO_NAMES = {*_RANKS, "医生", "医师", "姓名", "职称", "咨询", "推荐", "专家", "值班", "坐诊", "擅长", "门诊", "好评率", "回复", "已回答"}
# What sentences begin with where they speak of doctors and hospitals.
_NO_NAME_START = re.compile(
    r"请|找|去|到|可以|可在|可到|可去|建议|推荐|咨询|前往|由|让|应该|应到|最好|尽快|及时|需要|就诊|挂|看|转|首选|选择|例如|比如|我院|本院|我们|[您你他她]"
)
_NO_LONG_NAME = re.compile(r"[的了吗是有找去到请和与及或在可要不为给向]")
_LONGEST_PLAIN_NAME = 4

# Buttons and marks that pages set into the same lines.
_NO_CREDENTIALS = {
    "咨询", "去咨询", "在线咨询", "立即咨询", "免费咨询", "图文咨询", "电话咨询", "已认证", "认证", "实名认证", "平台认证", "已实名", "在线", "关注", "+关注", "挂号", "去挂号", "预约挂号",
    "问医生", "向TA提问", "向Ta提问", "去提问", "去问诊", "立即问诊", "问诊", "医保定点", "主页", "个人主页", "查看主页", "回答", "答", "答主",
}  # fmt: skip

# What pages say of a doctor beside the credentials, and no part of them.
_MERITS = re.compile(r"从[业医]\s*+\d{1,2}\s*+(?:\+\s*+)?年|好评率?\s*+(?:[:：]\s*+)?\d{1,3}(?:\.\d{1,2})?\s*+[%％]")
_DATE = re.compile(r"(?<![\d.])(?:19|20)\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}日?(?![\d.])(?:\s{1,3}\d{1,2}:\d{2}(?::\d{2})?)?")
_SEPARATORS = re.compile(r"[\s|｜/,，、•]+")
_LABEL = re.compile(r"^(?:答主|回答者|回答医生|医生|医师|姓名|职称|医院|所在医院|执业医院|所属医院|单位|等级|科室)\s*[:：]\s*")

# Longest header that markup can break a doctor's credentials into.
MAX_LINES = 6
_MAX_LINE_LENGTH = 70
_MAX_LOOSE_LENGTH = 30
_LINE_IS_PROSE = re.compile(r"[。?？!！;；:：…]$|[。?？!！;；]")


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who answers; None for what is not given.

    Attributes:
        lines: how many visible lines it took.
        published: the day in one of them, which is the answer's.
        department_line: the last of them holds a department and nothing else, so it may be the answer's.
    """

    lines: int
    doctor: str | None = None
    doctor_title: str | None = None
    hospital: str | None = None
    hospital_tier: str | None = None
    department: str | None = None
    department_line: bool = False
    published: date | None = None

    def without_department_line(self) -> Credentials:
        """The same without its last line."""
        return replace(self, lines=self.lines - 1, department=None, department_line=False)


@dataclass(slots=True)
class _Found:
    """What has been read so far, and how sure each part of it is."""

    doctor: str | None = None
    title: str | None = None
    title_strength: int = 0  # 3 stands for itself, 2 needs a hospital, 1 needs one with its tier and a question above
    hospital: str | None = None
    tier: str | None = None
    department: str | None = None
    tier_is_sure: bool = False
    loose: bool = False  # a part was taken for its place alone
    lines_of_places: list[int] = field(default_factory=list)

    @property
    def is_enough(self) -> bool:
        """A doctor needs a title that we know, or a hospital; a hospital without a doctor needs its tier."""
        if self.doctor:
            return self.title_strength == 3 or (self.hospital is not None and (self.title_strength == 2 or self.tier is not None))
        return self.hospital is not None and self.tier_is_sure


def parse_credentials(lines: Sequence[str], *, after_question: bool = False) -> Credentials | None:
    """Credentials that begin with the first of `lines`, or None when it does not begin any.

    A doctor needs a title beside the name; a hospital without a doctor needs its tier. So a sentence that ends
    in 医院 or 主任医师 is not taken for credentials.

    Args:
        lines: visible lines; at most `MAX_LINES` are looked at.
        after_question: the line above may be a question; then a name, a title or a hospital of a kind that we do not
            know is taken for what its place says, as long as the other line is one that we know.
    """
    best: Credentials | None = None
    tokens: list[tuple[str, int]] = []
    published: date | None = None
    for count, line in enumerate(lines[:MAX_LINES], start=1):
        line = _LABEL.sub("", line.strip())
        if not line or len(line) > _MAX_LINE_LENGTH or _LINE_IS_PROSE.search(line) or _DATE.fullmatch(line):
            break
        new = _tokens(line)
        if not new:  # a button
            if best is None and count == 1:
                break
            if best and not best.department_line:
                best = replace(best, lines=count)
            continue
        tokens += [(token, count) for token in new]
        published = published or (parse_date(day[0]) if (day := _DATE.search(line)) else None)
        found = _parse_tokens(tokens, after_question and all(len(other) <= _MAX_LOOSE_LENGTH for other in lines[:count]))
        if found is None:
            if count == 1 and _is_name(line) and (len(line) <= _LONGEST_PLAIN_NAME or "·" in _DOTTED.sub("·", line)):
                continue  # a name alone: its title may stand on the next line
            break
        if found.is_enough:
            department_line = bool(best and found.department and not best.department and len(new) == 1)
            best = Credentials(count, found.doctor, found.title, found.hospital, found.tier, found.department, department_line, published)
    return best


def looks_like_credentials(line: str) -> bool:
    """A line that nobody writes in a sentence: a name with a title, or a hospital with its tier."""
    line = _LABEL.sub("", line.strip())
    if len(line) > _MAX_LOOSE_LENGTH or _LINE_IS_PROSE.search(line) or not (tokens := _tokens(line)):
        return False
    if any(_TIER_ALONE.fullmatch(token) for token in tokens[1:]) and _HOSPITAL_JOINED.fullmatch(tokens[0]):
        return True
    joined = _DOCTOR_JOINED.fullmatch(tokens[0])
    if joined and _is_name(joined[1]):
        return True
    if len(tokens) == 2 and tokens[0] in _TITLE_SET and _is_name_behind_title(tokens[1]):
        return True
    if len(tokens) < 2 or not _is_name(tokens[0]):
        return False
    return bool(
        _TITLE_WORD.fullmatch(tokens[1]) or (len(tokens) == 2 and _is_plain_name(tokens[:1]) and _WEAK_TITLE_WORD.fullmatch(tokens[1]))
    )


def is_tier(text: str) -> bool:
    """Whether a text says what tier a hospital is of (`三级甲等综合医院`, `未定级`), and not something else of a doctor."""
    bare = re.sub(r"\s+", "", text)
    return bool(re.match(_TIER, bare) or _WEAK_TIER.fullmatch(bare))


def has_shape_of_credentials(line: str) -> bool:
    """Two words and no sentence: all that can be said of a name and a title, or a hospital and a tier, that nobody knows."""
    return (
        len(line) <= _MAX_LOOSE_LENGTH
        and not _LINE_IS_PROSE.search(line)
        and len(_tokens(line)) == 2
        and not re.search(r"\d|[，,、]", line)
    )


def _tokens(line: str) -> list[str]:
    line = _DATE.sub(" ", _MERITS.sub(" ", line))
    line = _DOTTED.sub("·", _BRACKETED_TIER.sub(r" \1 ", _BRACKETED_TITLE.sub(r" \1 ", line)))
    return [token for token in _SEPARATORS.split(line) if token.strip(_DOT) and token not in _NO_CREDENTIALS]


def _is_name(text: str) -> bool:
    if text in _NO_NAMES or text in _TITLE_SET or _NO_NAME_START.match(text) or not _DOCTOR_NAME.fullmatch(text):
        return False
    return "·" in text or len(text) <= _LONGEST_PLAIN_NAME or text.isascii() or not _NO_LONG_NAME.search(text)


def _parse_tokens(tokens: Sequence[tuple[str, int]], loose: bool) -> _Found | None:
    """All tokens (each with its line) as a doctor and then places, or places and then a doctor; else None."""
    found = _Found()
    rest = _take_doctor(list(tokens), found, loose)
    while rest:
        number = rest[0][1]
        of_line = [token for token, line in rest if line == number]
        later = rest[len(of_line) :]
        if found.doctor is None and found.hospital:  # 某市医院 三甲, and the doctor under it
            rest = _take_doctor(rest, found, loose)
            if found.doctor:
                continue
        if not _take_places(of_line, found, loose):
            return None
        rest = later
    if found.doctor is None and found.hospital is None:
        return None
    return found


def _take_doctor(tokens: list[tuple[str, int]], found: _Found, loose: bool) -> list[tuple[str, int]]:
    """Set name, title and perhaps department; the tokens that remain."""
    words = [token for token, _ in tokens]
    if words and (joined := _DOCTOR_JOINED.fullmatch(words[0])) and _is_name(joined[1]) and not _TITLE_WORD.fullmatch(joined[1]):
        found.doctor, found.title, found.title_strength = joined[1].strip("·"), words[0][len(joined[1]) :], 3
        if found.title == "医师":
            found.title_strength = 2
        used = 1
    else:
        used = _take_name_and_title(words, found, loose) or _take_title_and_name(tokens, found)
    if not used:
        return tokens
    if found.doctor and len(found.doctor) > 3:  # 何医生 is how a page may call somebody, 王某医生 is a name and a mark
        found.doctor = found.doctor.removesuffix("医生")
    while (
        used < len(words) and found.title_strength >= 2 and (_TITLE_WORD.fullmatch(words[used]) or _WEAK_TITLE_WORD.fullmatch(words[used]))
    ):
        found.title = f"{found.title} {words[used]}"
        used += 1
    return tokens[used:]


def _take_name_and_title(words: Sequence[str], found: _Found, loose: bool) -> int:
    """Name, perhaps a department, title; how many words they are, 0 where there are none."""
    for length in range(1, min(5, len(words))):
        name = _name_of(words[:length], loose)
        if name is None:
            continue
        at = length
        department = None
        if at + 1 < len(words) and _DEPARTMENT_ALONE.fullmatch(words[at]) and _title_strength(words[at + 1], False) == 3:
            department, at = words[at], at + 1
        strength = _title_strength(words[at], loose)
        if strength and (strength == 3 or _is_plain_name(words[:length])):
            found.doctor, found.title, found.title_strength, found.department = name, words[at], strength, department
            return at + 1
    return 0


def _take_title_and_name(tokens: Sequence[tuple[str, int]], found: _Found) -> int:
    """`主任医师 教授 李四` in one line; how many words they are. What stands behind a title may be anything, so it needs a hospital."""
    words = [token for token, line in tokens if line == tokens[0][1]] if tokens else []
    at = 0
    while at < len(words) and (words[at] in _TITLE_SET or (at and _title_strength(words[at], False))):
        at += 1
    if not at or at == len(words) or not _is_name_behind_title(words[at]):
        return 0
    found.doctor, found.title, found.title_strength = words[at], " ".join(words[:at]), 2
    return at + 1


def _is_name_behind_title(word: str) -> bool:
    """A short name and no place; four characters (在线问诊) are seldom one there."""
    is_short = len(word) < _LONGEST_PLAIN_NAME or "·" in word or word.isascii()
    return is_short and _is_plain_name([word]) and not _looks_like_place(word) and not _WEAK_TIER.fullmatch(word)


def _title_strength(word: str, loose: bool) -> int:
    if _TITLE_WORD.fullmatch(word) and word != "医师":
        return 3
    if _WEAK_TITLE_WORD.fullmatch(word):
        return 2
    is_place = (
        _HOSPITAL_JOINED.fullmatch(word) or _TIER_ALONE.fullmatch(word) or _WEAK_TIER.fullmatch(word) or _DEPARTMENT_ALONE.fullmatch(word)
    )
    return int(loose and bool(_UNKNOWN_TITLE.fullmatch(word)) and not is_place)


def _name_of(words: Sequence[str], loose: bool) -> str | None:
    """The words as one name: 马 强 is 马强, David Smith stays two words."""
    if len(words) == 1 and _is_name(words[0]):
        return words[0]
    if len(words) > 1 and len(words) <= _LONGEST_PLAIN_NAME and all(map(_ONE_HAN.fullmatch, words)):
        return "".join(words)
    if all(map(_LATIN_NAME.fullmatch, words)) and len("".join(words)) > 1:
        return " ".join(words)
    # 李(小)明, and scripts that we do not know, between a question and a title that we know.
    if loose and len(words) == 1 and 2 <= len(words[0]) <= 12 and words[0][0].isalpha() and not _NO_NAME_START.match(words[0]):
        return words[0] if not _looks_like_place(words[0]) else None
    return None


def _is_plain_name(words: Sequence[str]) -> bool:
    name = "".join(words)
    return _is_name(name) and (len(name) <= _LONGEST_PLAIN_NAME or "·" in name or name.isascii())


def _looks_like_place(word: str) -> bool:
    return bool(
        _HOSPITAL_JOINED.fullmatch(word) or _TIER_ALONE.fullmatch(word) or _DEPARTMENT_ALONE.fullmatch(word) or _TITLE_WORD.fullmatch(word)
    )


def _take_places(words: Sequence[str], found: _Found, loose: bool) -> bool:
    """Set hospital, tier and department from the words of one line; False where they are something else."""
    places: list[str] = []
    unknown: list[str] = []
    tier: str | None = None
    department: str | None = None
    for at, word in enumerate(words):
        joined = _HOSPITAL_JOINED.fullmatch(word) if not _TIER_ALONE.fullmatch(word) else None
        is_department = _is_department(word) and found.department is None and department is None
        if joined and not (is_department and found.doctor and not joined[2] and (word.endswith("门诊") or found.hospital)):
            if any(map(_NO_NAME_START.match, [*unknown, word])) or (unknown and found.doctor is None):
                return False
            places += [*unknown, joined[1]]
            unknown.clear()
            tier = joined[2] or tier
        elif _TIER_ALONE.fullmatch(word) or (_WEAK_TIER.fullmatch(word) and (places or found.hospital or (at and found.doctor))):
            if found.tier or (tier and _TIER_ALONE.fullmatch(word) and _TIER_ALONE.fullmatch(tier)):
                return False
            tier = word if tier is None or _TIER_ALONE.fullmatch(word) else tier
        elif is_department:
            department = word
        else:
            unknown.append(word)
    if unknown and not _place_unknown(unknown, places, tier, found, loose):
        return False
    if places:
        if found.hospital:
            return False
        found.hospital = " ".join(places)
    if tier:
        found.tier, found.tier_is_sure = _plain_tier(tier), bool(_TIER_ALONE.fullmatch(tier))
    found.department = found.department or department
    return True


def _is_department(word: str) -> bool:
    return bool(_DEPARTMENT_ALONE.fullmatch(word)) and not _NO_NAME_START.match(word)


def _place_unknown(unknown: list[str], places: list[str], tier: str | None, found: _Found, loose: bool) -> bool:
    """Words of a line that we do not know: a hospital's name where its tier stands beside it under a doctor."""
    if found.doctor is None or found.hospital or sum(map(len, unknown)) > _MAX_LOOSE_LENGTH or any(map(_NO_NAME_START.match, unknown)):
        return False
    if tier and _TIER_ALONE.fullmatch(tier) and (found.title_strength == 3 or (loose and found.title_strength == 2)):
        places.extend(unknown)
        return True
    # Under a question and a doctor: a hospital that we know, and beside it a tier in the page's own words.
    if not (loose and places and len(unknown) == 1 and len(unknown[0]) <= 6):
        return False
    if tier is None and found.tier is None:
        found.tier = unknown[0]
    return True


def _plain_tier(tier: str) -> str:
    """`公立三甲`, `三甲医院` and `三甲` are one; the long forms are `normalise_tier`'s."""
    short = re.sub(r"^(?:公立|私立|民营)(?=.)|(?<=.)医院$|未定等$", "", tier)
    return short or tier
