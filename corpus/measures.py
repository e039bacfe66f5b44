"""Numbers in a typed question and what they measure: temperatures, pressures, laboratory values, durations, ages, weeks.

People write them in digits and in words (三十九度五, 血压两百一, 孕38周, 宝宝20天, 尿半天没有), and a number counts only with what
it measures beside it. Values outside what a living body can show are left out, as they are typing errors or other things.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain


@dataclass(frozen=True, slots=True)
class Measure:
    """A number with what it measures, found at [start, end): a temperature, a blood pressure, an age in days, ..."""

    name: str
    value: float
    start: int
    end: int


_DIGITS = {"零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
#: A number in digits or in Chinese, for `read_number`.
NUMBER = r"(?:\d{1,5}(?:\.\d{1,2})?|[一二两三四五六七八九十百零半几]{1,6}(?:点[一二三四五六七八九])?)"
#: 血糖一直高, 血压一下子: no value at all.
NO_VALUE = re.compile(r"一(?:直|点(?![一二三四五六七八九\d])|下|般|样|定|些|会|次|天|夜|晚|测|量|查|个|到|高|低|上|升|降|旦|向|路)")
_HAS_NUMBER = re.compile(r"[\d一二两三四五六七八九十百半几]|hi\b|满月|爆表")
#: Who may be of an age in days or months.
BABY = "(?:宝宝|宝贝|宝|孩子|小孩|娃儿?|婴儿|小囡|毛毛|儿子|女儿|闺女|崽崽?|小家伙|孙子|孙女|小子|丫头|外甥|侄子|侄女|妹妹|弟弟|老二|二胎|大宝|二宝|小宝)"
_BORN = "(?:出生|生下来|刚生|生下|落地|出世)"


def read_number(text: str) -> float | None:
    """A number in digits or in Chinese (三十九点五, 两百一, 一百八); none if it cannot be read."""
    if re.fullmatch(r"\d+(?:\.\d+)?", text):
        return float(text)
    whole, _, fraction = text.partition("点")
    if whole == "半":
        return 0.5
    # 两百一 is 210 and 一百二三 is about 120: digits straight after 百 count tens.
    whole = re.sub("百([一二三四五六七八九])[一二三四五六七八九]?$", r"百\1十", whole.replace("半", "").replace("几", "三"))
    total = digit = 0
    for character in whole:
        if character in _DIGITS:
            digit = _DIGITS[character]
        else:
            total, digit = total + (digit or 1) * (100 if character == "百" else 10), 0
    return total + digit + _DIGITS.get(fraction, 0) / 10 if whole else None


# name, pattern with one group (or two, of which the second is a decimal after 度 or a lower pressure), what is plausible
_MEASURES: tuple[tuple[str, re.Pattern[str], float, float], ...] = (
    (
        "temp",
        re.compile(rf"(?:烧|体温|高热|发热|低烧|腋温|耳温|肛温|肛门温度)[^。,]{{0,6}}?({NUMBER})(?:度([\d一二三四五六七八九半])?|°c|°)?"),
        30,
        43.5,
    ),
    ("temp", re.compile(rf"(?<![\d.])({NUMBER})(?:度([\d一二三四五六七八九半])?|°c)(?!的?(?:水|酒|天|近视|房|室|角|白酒))"), 34, 43.5),
    ("temp", re.compile(r"(?<![\d./])((?:3[5-9]|4[0-2])\.\d)(?![\d周kg公斤岁/]|mm|cm)()"), 35, 43),
    ("sbp", re.compile(rf"(?:血压|高压|收缩压|bp)[^。,\d一二两三四五六七八九十百]{{0,8}}({NUMBER})()"), 40, 300),
    ("sbp", re.compile(r"(?<!\d)(\d{2,3})/\d{2,3}()(?!\d)"), 60, 300),
    ("dbp", re.compile(r"(?<!\d)\d{2,3}/(\d{2,3})()(?!\d)"), 30, 200),
    ("dbp", re.compile(rf"(?:低压|舒张压)[^。,\d一二两三四五六七八九十百]{{0,8}}({NUMBER})()"), 30, 200),
    ("glucose", re.compile(rf"(?:血糖|测糖|餐后糖)[^。,\d一二两三四五六七八九十百]{{0,8}}({NUMBER})()"), 0.3, 80),
    ("potassium", re.compile(rf"(?:血钾|钾离子|钾)[^。,\d一二两三四五六七八九十]{{0,5}}({NUMBER})()"), 1, 12),
    (
        "heart_rate",
        re.compile(
            rf"(?:心率|心跳|脉搏|脉率)[^。,\d一二两三四五六七八九十百]{{0,8}}(?:[一1每]分钟)?[^。,\d一二两三四五六七八九十百]{{0,3}}({NUMBER})()(?!年|天|岁)"
        ),
        15,
        300,
    ),
    (
        "spo2",
        re.compile(rf"(?:血氧|氧饱|spo2|指氧|指脉氧|指夹|夹手指|手指夹|夹的那个|夹指)[^。,\d一二两三四五六七八九十百]{{0,8}}({NUMBER})()"),
        30,
        100,
    ),
    ("hemoglobin", re.compile(rf"(?:血红蛋白|血色素|hb)[^。,\d一二两三四五六七八九十百]{{0,6}}({NUMBER})()"), 15, 220),
    ("platelets", re.compile(rf"血小板[^。,\d一二两三四五六七八九十百]{{0,6}}({NUMBER})()(?!万|倍|年)"), 1, 1000),
    ("inr", re.compile(rf"inr[^。,\d一二两三四五六七八九十百]{{0,5}}({NUMBER})()"), 1, 20),
    ("bilirubin", re.compile(rf"(?:黄疸|胆红素)[^。,\d一二两三四五六七八九十百]{{0,6}}({NUMBER})()(?!天|周|个|月)"), 1, 500),
    (
        "breaths",
        re.compile(
            rf"(?:呼吸|喘气?)[^。,\d一二两三四五六七八九十百]{{0,6}}(?:[一1每]分钟)?[^。,\d一二两三四五六七八九十百]{{0,3}}({NUMBER})()(?:多)?(?:次|下)"
        ),
        5,
        150,
    ),
)
#: Nobody counts an illness in dozens of weeks, so these are of a pregnancy: 33周了, 36周半夜腿肿.
_WEEKS_ALONE = r"(?:^|[,。])(1[2-9]|[23]\d|4[0-2])周(?!岁|年|前)"
_WEEKS = re.compile(
    rf"(?:孕|怀孕|怀|孕期|身孕|妊娠)[^。,\d一二两三四五六七八九十]{{0,4}}({NUMBER})(多)?(个半|个多|个)?(周|月|星期|礼拜)|(?<![\d一二三四五六七八九十])({NUMBER})周多?(?:的?孕妇|孕|,?了?(?:羊水|胎|宫缩|见红|破水|规律宫缩|血压))|{_WEEKS_ALONE}"
)
_DURATION = re.compile(rf"({NUMBER})(?:来|多)?(个)?(半)?(?:多)?(分钟?|刻钟|小时|钟头|钟|秒钟?)(半)?(?!钟?(?:之|以)?前|一次|一趟|一回)")
_AGE_UNIT = "天|日|周|月|星期|礼拜"
_AGE = re.compile(
    rf"{BABY}(?:才|刚|刚刚|现在|今年|大约|快|还|是|{_BORN}|第|满|不|不到|到|不足|,)*+(?P<n1>{NUMBER})(?P<h1>个)?(?P<b1>半)?(?:多)?(?P<u1>{_AGE_UNIT})(?!前|没|不|就|了?(?:还|没|不)|来)"
    rf"|(?<![前这近过没头好后])(?P<n2>{NUMBER})(?P<h2>个)?(?P<b2>半)?(?:多)?(?P<u2>{_AGE_UNIT})(?:大|龄)?的?{BABY}"
    rf"|{_BORN}[^。,]{{0,4}}?(?:第|才|刚|了|已经)*(?P<n3>{NUMBER})(?P<h3>个)?(?P<b3>半)?(?:多)?(?P<u3>{_AGE_UNIT})"
    rf"|(?<!第)(?P<n4>{NUMBER})(?P<h4>个)?(?P<b4>半)?(?:多)?(?P<u4>月|天)大(?!腿|便|小便|小腿|腹|拇|片|块|概|量|哭|把|口|笑|汗|夫)"
    rf"|^(?P<n5>{NUMBER})(?P<h5>个)(?P<b5>半)?(?:多)?(?P<u5>月)(?:大|发烧|的|喘|宝|吐|拉|不|抽|咳|感冒|流鼻|哭|湿疹|长牙|出牙)"
)
#: 脸肿得像满月 is a face, and no age.
_FULL_MONTH = re.compile("(?<![像似])(?<!如同)(?:才|刚|快|还没|没|未|不到|不)?满月(?!脸|面容|似的|一样)")
_YEARS = re.compile(rf"(?<![\d一二两三四五六七八九十])({NUMBER})(?:来|多)?岁(半)?(?!的时候|那年|时)")
#: An age whose 岁 is left out, as in speaking: 俺爹八十一, 婆婆70了, 男的42. Two digits, and nothing that is counted after them.
_RELATIVE = "(?:爸|爹|妈|娘|爷|奶|公|婆|姥|哥|姐|弟|妹|叔|伯|姨|姑|舅|嫂|丈夫|媳妇|爱人|对象|老伴|男的?|女的?|男性|女性|本人)"
_BARE_YEARS = re.compile(rf"{_RELATIVE}(?:,|今年|快|都|已经|刚)*([1-9]\d|[二三四五六七八九]十[一二三四五六七八九]?)()(?=[,。;!?了有得]|$)")
#: What only babies do or get.
INFANCY = re.compile("哭闹|闹觉|夜醒|奶粉|辅食|尿布|尿不湿|五联|百白破|预防针|喂药")
#: An age in months that stands by itself (打完五联针发烧, 六个月, 哭闹), which only what babies do keeps apart from how long something lasts.
_BARE_MONTHS = re.compile(rf"(?:^|[,。])({NUMBER})个(半)?月(?=[,。])")
_GLUCOSE_OFF_SCALE = re.compile(
    "血糖.{0,10}?(?:(?<![a-z])(?:hi|high)(?![a-z])|爆表|测不出来?太高|高到测不|高到顶|顶格|超出?(?:量程|上限))|(?:血糖仪|血糖).{0,8}显示(?:high|hi)"
)
_GLUCOSE_LOW_OFF_SCALE = re.compile("血糖.{0,10}?(?:(?<![a-z])low?(?![a-z])|低到测不)")


def find_measures(text: str) -> list[Measure]:
    """Every number in the text that says what it measures: temp, sbp, dbp, glucose, ..., minutes, weeks, age_days, age_years."""
    if not _HAS_NUMBER.search(text):
        return []
    found: list[Measure] = []
    for name, pattern, low, high in _MEASURES:
        found.extend(_plain_measures(name, pattern, low, high, text))
    found.extend(Measure("glucose", 35.0, hit.start(), hit.end()) for hit in _GLUCOSE_OFF_SCALE.finditer(text))
    found.extend(Measure("glucose", 1.5, hit.start(), hit.end()) for hit in _GLUCOSE_LOW_OFF_SCALE.finditer(text))
    found.extend(_durations(text))
    found.extend(_weeks(text))
    found.extend(_ages(text))
    return found


def _plain_measures(name: str, pattern: re.Pattern[str], low: float, high: float, text: str) -> list[Measure]:
    found = []
    for hit in pattern.finditer(text):
        value = None if NO_VALUE.match(text, hit.start(1)) else read_number(hit[1])
        if value is None:
            continue
        if hit[2]:
            value += 0.5 if hit[2] == "半" else (read_number(hit[2]) or 0) / 10
        if low <= value <= high:
            found.append(Measure(name, value, hit.start(), hit.end()))
    return found


def _durations(text: str) -> list[Measure]:
    found = []
    for hit in _DURATION.finditer(text):
        value = read_number(hit[1])
        if value is None or hit[4].startswith("秒"):
            continue
        value += 0.5 if (hit[3] or hit[5]) and hit[1] != "半" else 0.0
        minutes = value * {"分": 1, "刻": 15}.get(hit[4][0], 60)
        found.append(Measure("minutes", minutes, hit.start(), hit.end()))
    return found


def _weeks(text: str) -> list[Measure]:
    found = []
    for hit in _WEEKS.finditer(text):
        value = read_number(hit[1] or hit[5] or hit[6])
        if value is None:
            continue
        if hit[4] == "月":
            value = (value + (0.5 if hit[3] == "个半" else 0.0)) * 4.35
        if 1 <= value <= 44:
            found.append(Measure("weeks", value, hit.start(), hit.end()))
    return found


def _ages(text: str) -> list[Measure]:
    found = []
    for hit in _AGE.finditer(text):
        group = next(number for number in "12345" if hit["n" + number])
        value = read_number(hit["n" + group])
        if value is None:
            continue
        value += 0.5 if hit["b" + group] and hit["n" + group] != "半" else 0.0
        days = value * {"月": 30, "周": 7, "星期": 7, "礼拜": 7}.get(hit["u" + group], 1)
        found.append(Measure("age_days", days, hit.start(), hit.end()))
    found.extend(Measure("age_days", 28.0, hit.start(), hit.end()) for hit in _FULL_MONTH.finditer(text))
    for hit in chain(_YEARS.finditer(text), _BARE_YEARS.finditer(text)):
        value = read_number(hit[1])
        if value is not None and value <= 120:
            found.append(Measure("age_years", value + (0.5 if hit[2] else 0.0), hit.start(), hit.end()))
    if INFANCY.search(text):
        for hit in _BARE_MONTHS.finditer(text):
            value = read_number(hit[1])
            if value is not None and value <= 36:
                found.append(Measure("age_days", 30 * (value + (0.5 if hit[2] else 0.0)), hit.start(1), hit.end()))
    return found
