"""Ages that are told without saying so: 今年七十三, 女38, 我30, 8个月烧39.

What `corpus.measures` calls an age says 岁, 月大 or the like, or stands where nothing else can be meant (婆婆70了; 六个月 where a baby's
doings are told), and rules of danger may rely on it. These are looser: good enough to tell for whom a question is.
"""

from __future__ import annotations

import re

from corpus.measures import BABY, INFANCY, NUMBER, Measure, read_number

#: Two digits that nothing is counted by.
_TWO_DIGITS = r"([1-9]\d|[二三四五六七八九]?十[一二三四五六七八九]?)(?![\da-z一二三四五六七八九十.:：/%~+°几余来后码小指罩楼]|多?[个年次天块元斤克千万百号月日度点分秒周片粒毫公厘米趟回级期瓶针支倍层例名位袋盒种条层楼路栋])"
_WHO = (
    "(?:爸|爹|妈|娘|爷|奶|公|婆|姥|哥|姐|弟|妹|叔|伯|姨|姑|舅|嫂|夫|媳妇|爱人|对象|老伴|丈人|岳母|母亲|父亲|儿子|女儿|闺女|孙子|孙女|外甥|侄子|侄女|老太|太太|大妈|嬷|老师|同事|朋友"
    "|小伙子?|小子|丫头|囡|妗子|姑娘|大的|小的|男的?|女的?|男性|女性|本人|他|她|我|俺|伊|佢)"
)
#: A number alone between marks is an age beside a person only; laboratories give numbers alone as well.
_PERSON_BEFORE = rf"{_WHO}[^,。\s\d]{{0,6}}"
#: 女儿39,吃美林: where a fever is told, these are temperatures.
_FEVER = re.compile("烧|热|温|°|美林")
_DEGREES = range(34, 43)
_LOOSE_YEARS = (
    re.compile(rf"今年(?:都|已经|刚|快|虚岁|周岁|满|才|有|也|就|,|\s)*{_TWO_DIGITS}"),
    re.compile(rf"{_WHO}(?:,|\s|都|已经|快|刚|也|才|现在)*{_TWO_DIGITS}"),
    re.compile(r"(?<![\d.])([1-9]\d)(?:,|\s)*(?:男|女)(?=[,。性士的生]|\s|$)"),
    re.compile(rf"(?:^|[,。\s]){_TWO_DIGITS}了(?=[,。\s还也能吃想才就没不身血老]|$)"),
    re.compile(rf"(?<![\d.])(?<!百分之){_TWO_DIGITS}的人"),
    re.compile(rf"^{_TWO_DIGITS}[多整]?(?=[,。\s](?!\d))"),
    re.compile(rf"{_PERSON_BEFORE}[,。\s](?:都|快|才|刚|整)?{_TWO_DIGITS}[多整]?(?=[,。\s](?!\d)|$)"),
    re.compile(r"(?<![二三四五六七八九])(十[一二三四五六七八九])[一二三四五六七八九]?(?:岁)?的(?:娃|孩子|小子|丫头|闺女|姑娘|小伙)"),
)
_FIRST_BIRTHDAY = re.compile("(?<![\\d一二三四五六七八九十])周岁(半)?(?!以)")
_SMALL_MONTHS = re.compile(
    rf"(?:才|刚刚?满|未满|月龄(?:是|为)?|(?:^|[,。\s]|现在|今天)(?:都|快|已经|也|就)*)(?:({NUMBER})个|(俩|仨)个?)(半)?月(?:半|大|多)?(?:了|的)?(?:宝|娃)?(?=[,。\s]|$)(?![^。]{{0,12}}(?:月经|例假|姨妈))"
)
_SMALL_DAYS = re.compile(rf"(?:才|刚|今天第|刚满)(?:十来|({NUMBER}))天(?=[,。\s]|$)")
_CHILD_WORD = re.compile(
    f"{BABY}|{INFANCY.pattern}|乖孙|侄|外孙|小囡|囡囡|囝|伢|仔|姑娘|宝爸|宝妈|疫苗|吃奶|喝奶|阴囊|出生|娘胎|黄疸|头围|坐|爬|抬头|吐奶|月的?宝"
)
_INFANT_MONTHS = re.compile(
    rf"(?:^|[,。\s])(?:({NUMBER})个|(俩|仨)个?)(半)?月(?:大|多)?的?(?:宝|娃|毛|,|\s)*(?=高?烧|发[烧热]|拉|吐|咳|喘|流鼻|鼻塞|[起出]疹|湿疹|红疹|便秘|枕秃|辅食|厌奶|夜醒|哭|不?肯?吃奶|喝奶|翻身|不会|会不会|坐|爬|长牙|出牙|打疫苗|打针)"
)


def loose_ages(text: str) -> list[Measure]:
    """Ages that are told without saying so (今年七十三, 女38, 我30, 8个月烧39): good enough to tell for whom a question is, too loose for danger."""
    found: list[Measure] = []
    is_fever = bool(_FEVER.search(text))
    for pattern in _LOOSE_YEARS:
        for hit in pattern.finditer(text):
            value = read_number(hit[1])
            if value is not None and not (is_fever and value in _DEGREES):
                found.append(Measure("age_years", value, hit.start(1), hit.end(1)))
    found.extend(Measure("age_years", 1.5 if hit[1] else 1.0, hit.start(), hit.end()) for hit in _FIRST_BIRTHDAY.finditer(text))
    # Months alone are how long something lasts, unless a child is spoken of or the question begins with them.
    months = [hit for hit in _INFANT_MONTHS.finditer(text) if hit.start() == 0 and hit[1] != "半"]
    if _CHILD_WORD.search(text):
        months = list(_INFANT_MONTHS.finditer(text))
        months += _SMALL_MONTHS.finditer(text)
        found.extend(Measure("age_days", read_number(hit[1] or "十") or 10.0, hit.start(), hit.end()) for hit in _SMALL_DAYS.finditer(text))
    for hit in months:
        value = read_number(hit[1]) if hit[1] else {"俩": 2.0, "仨": 3.0}[hit[2]]
        if value is not None and value <= 24:
            found.append(Measure("age_days", 30 * (value + (0.5 if hit[3] else 0.0)), hit.start(), hit.end()))
    return list({(measure.name, measure.value): measure for measure in found}.values())
