"""The line or lines under a question that say who answers: name, title, hospital, tier, department.

A saved page gives `杜俊秋 副主任医师` and `淮安市第二人民医院 三甲` on two lines; other markup of the same page breaks them
into four, joins them into one, or loses the space between. All of them parse to the same `Credentials`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_RANKS = ("副主任", "主任", "主治", "主管", "住院", "执业", "助理", "")
_CRAFTS = ("医师", "中医师", "药师", "护师", "技师", "检验师", "康复师", "营养师")
_OTHER_TITLES = (
    "主任医生",
    "副主任医生",
    "主治医生",
    "全科医生",
    "乡村医生",
    "主任中药师",
    "副主任中药师",
    "中药师",
    "口腔医师",
    "执业助理医师",
    "博士生导师",
    "硕士生导师",
    "住院医生",
    "副教授",
    "教授",
    "讲师",
    "研究员",
    "副研究员",
    "心理咨询师",
    "心理治疗师",
    "康复治疗师",
    "护士长",
)
TITLES = (*(rank + craft for craft in _CRAFTS for rank in _RANKS), *_OTHER_TITLES)
_TITLE = "|".join(sorted(map(re.escape, set(TITLES)), key=len, reverse=True))
_TIER = r"(?:[一二三]级[甲乙丙特]等|[一二三][甲乙丙特]|[123]甲|[一二三]级)(?:医院)?"
_PLACE = (
    r"(?:医院|医学院|中心|诊所|卫生院|卫生所|卫生室|卫生站|门诊部?|分院|院区|保健院|防治[院所]|研究[院所]|医务室|疗养院|集团|药房|本部|[东南西北]院)"
    r"(?:[(（][^()（）]{1,20}[)）])?"
)
# Lazy, so that in 杜俊秋副主任医师 the longest title wins and not the longest name.
_NAME = r"(?:[\u4e00-\u9fff\u3400-\u4dbf·•]{2,15}?|[A-Z][A-Za-z.]{1,30}?)"
_DEPARTMENT = r"[\u4e00-\u9fff]{1,12}(?:科|中心|门诊)"

_NO_NAMES = {*_RANKS, "医生", "医师", "姓名", "职称", "咨询"}

# Buttons and marks that pages set into the same lines.
_NO_CREDENTIALS = {
    "咨询",
    "去咨询",
    "在线咨询",
    "立即咨询",
    "已认证",
    "认证",
    "实名认证",
    "在线",
    "关注",
    "挂号",
    "去挂号",
    "预约挂号",
    "问医生",
    "向TA提问",
}

_SEPARATORS = re.compile(r"[\s|｜/,，、•]+")
_DOCTOR_JOINED = re.compile(rf"({_NAME})({_TITLE})$")
_DOCTOR_NAME = re.compile(rf"{_NAME}$")
_TITLE_ALONE = re.compile(rf"(?:{_TITLE})$")
_HOSPITAL_JOINED = re.compile(rf"(.{{2,40}}{_PLACE})({_TIER})?$")
_BRACKETED_TIER = re.compile(rf"[(（]({_TIER})[)）]")
_TIER_ALONE = re.compile(rf"{_TIER}$")
_DEPARTMENT_ALONE = re.compile(rf"{_DEPARTMENT}$")
_LABEL = re.compile(r"^(?:答主|回答者|回答医生|医生|医师|姓名|职称|医院|单位|等级|科室)\s*[:：]\s*")

# Longest header that markup can break a doctor's credentials into.
MAX_LINES = 6
_MAX_LINE_LENGTH = 70


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who answers; None for what is not given. `lines` is how many visible lines it took."""

    lines: int
    doctor: str | None = None
    doctor_title: str | None = None
    hospital: str | None = None
    hospital_tier: str | None = None
    department: str | None = None


def parse_credentials(lines: Sequence[str]) -> Credentials | None:
    """Credentials that begin with the first of `lines`, or None when it does not begin any.

    A doctor needs a title beside the name; a hospital without a doctor needs its tier. So a sentence that ends
    in 医院 or 主任医师 is not taken for credentials.
    """
    best: Credentials | None = None
    tokens: list[str] = []
    for count, line in enumerate(lines[:MAX_LINES], start=1):
        line = _LABEL.sub("", line.strip())
        if not line or len(line) > _MAX_LINE_LENGTH or line.endswith(("。", "?", "？", "!", "！", ";", "；", ":", "：")):
            break
        tokens += [
            token for token in _SEPARATORS.split(_BRACKETED_TIER.sub(r" \1", line)) if token.strip("·") and token not in _NO_CREDENTIALS
        ]
        parsed = _parse_tokens(tokens, count)
        if parsed is None:
            if count == 1 and _DOCTOR_NAME.fullmatch(line) and (len(line) <= 4 or "·" in line):
                continue  # a name alone: its title may stand on the next line
            break
        if parsed.doctor or parsed.hospital_tier:
            best = parsed
    return best


def _parse_tokens(tokens: Sequence[str], lines: int) -> Credentials | None:
    """All tokens as name, titles, department, hospital, tier in this order (tier and department may also stand elsewhere after the name); else None."""
    rest = list(tokens)
    doctor = title = hospital = tier = department = None
    if rest and (found := _DOCTOR_JOINED.fullmatch(rest[0])) and found[1] not in _NO_NAMES:
        doctor, title = found.groups()
        rest.pop(0)
    elif len(rest) > 1 and rest[0] not in _NO_NAMES and _DOCTOR_NAME.fullmatch(rest[0]) and _TITLE_ALONE.fullmatch(rest[1]):
        doctor, title = rest.pop(0), rest.pop(0)
    elif len(rest) > 2 and _DOCTOR_NAME.fullmatch(rest[0]) and _DEPARTMENT_ALONE.fullmatch(rest[1]) and _TITLE_ALONE.fullmatch(rest[2]):
        doctor, department, title = rest.pop(0), rest.pop(0), rest.pop(0)
    if doctor:
        doctor = doctor.removesuffix("医生") or doctor
        while rest and _TITLE_ALONE.fullmatch(rest[0]):
            title = f"{title} {rest.pop(0)}"
    while rest:
        token = rest.pop(0)
        if hospital is None and (found := _HOSPITAL_JOINED.fullmatch(token)) and (rest or found[2] or doctor):
            if department is None and doctor and not found[2] and _DEPARTMENT_ALONE.fullmatch(token) and token.endswith("门诊"):
                department = token
                continue
            hospital, tier = found[1], found[2] or tier
        elif tier is None and _TIER_ALONE.fullmatch(token):
            tier = token
        elif department is None and _DEPARTMENT_ALONE.fullmatch(token):
            department = token
        else:
            return None
    if hospital is None and (doctor is None or title == "医师"):
        return None
    return Credentials(lines, doctor, title, hospital, tier, department)
