"""When it is that a question tells of: now, once and over, or for months and years."""

from __future__ import annotations

import re

from corpus.happening.doubts import Doubt

#: A number as people write it, with those that count loosely: 三, 12, 好几, 半.
NUMBER = r"[\d一二两三四五六七八九十几多半好]+"

#: Says that it is now, or that it was yesterday.
PRESENT = re.compile(
    "现在|刚才|刚刚|刚(?!好|需|性|果)|今天|今日|今早|今晚|今晨|今夜|今儿|今朝|今个|今(?:上|中|下)午|昨天|昨晚|昨夜|昨儿|昨日|前天|前晚|这会|此刻|眼下|目前|当下|正在|正(?=抽|疼|痛|流|吐|喘|发)"
    "|这两天|这几天|这几日|最近|这阵|近来|近日|又犯|复发了|又开始|又(?:疼|痛|晕|抽|吐|喘|昏|发作)|分钟(?:之|以)?前|小时(?:之|以)?前|个钟头?(?:之|以)?前|这次|这回|昨下午|天没亮|这一刻"
)
_ACUTE = re.compile(
    PRESENT.pattern + "|突然|忽然|猛地|一下子|加重|越来越|快不行|救命|救救|急急|怎么急救|先做什么|止不住|叫不醒|手足口|高烧|冷汗"
)
_CHRONIC = re.compile(
    rf"(?:{NUMBER}个?[多来]?|很多|多|大半)年(?:了|多|来|$)|{NUMBER}个?多?月(?:了|多|来)|长期(?!透析|导管|管|吃|服|用|口服|卧床|吸氧|打|注射|喝|激素|化疗)|常年(?!吃|服|用|打)|一直都?这样|经常|老是|(?<!孩子)(?<!宝宝)(?<!娃)总是|总爱|老觉得|总觉得|老感觉|总感觉|总想着?|(?<!一)动不动|反复|每次|每到|隔三差五|时不时|好久了|从小(?!腿|臂|肚|腹|便|凳|车|床|路|巷|店|屋|坡|山|桥|楼|船|孩|娃|到大)"
)
_LENGTH = re.compile(rf"(?:{NUMBER}个?[多来]?|很多|多|大半)年(?:了|多|来)?|{NUMBER}个?多?月(?:了|多|来)")
#: A complaint of weeks, whatever 最近 it also says; only a word of this very hour outweighs it.
_CHRONIC_SURE = re.compile(
    rf"(?:最近|近期|近来|这段时间|这阵子?)[^,。]{{0,6}}(?:总是|总|老是|老(?!人|公|婆|爸|妈|师|爷|太|伴|头)|经常|常常|时常)|有时候?(?:会|就|也|还)?|一段时间|几乎每天|每天都|终年|至今|后遗症|恢复期|康复期|{NUMBER}年来|多年来|(?:二|三|四|五|六|七|八|九)十(?:多|来)天(?:了|,|$)|间断|阵发性(?!的?(?:哭|腹|肚|绞))|偶发"
)
_NOW = re.compile(
    "突然|忽然|猛地|一下子|刚(?!好|需|性|果|开始)|今天|今早|今晚|今晨|今儿|现在(?!几乎|每|经常|还经常|有时)|昨晚|昨天|昨夜|此刻|正在|救命|加重|越来越|快不行|叫不醒|止不住|半夜|分钟前|小时前"
)
#: What stands before a length of time that is no illness's: 怀孕六个多月了, 宝宝才五个月了.
_SAYS_HOW_OLD = re.compile("(?:怀(?:孕|着|了|上)?|孕|宝宝|孩子|娃儿?|婴儿|儿子|女儿|闺女)(?:也|已经?|才|刚|都|有|快|满|出生)*$")
_PAST_DATE = re.compile(
    rf"(?<![\d一二三四五六七八九十])(?:[09]\d|[零〇九][零〇一二三四五六七八九])年(?!了|多|来|级|龄)|去年|前年|上年|往年|(?:{NUMBER}|很多|多|若干)个?(?:年|月)(?:之|以)?前|{NUMBER}(?:周|星期|礼拜)(?:之|以)?前|半个?月前|小时候|小的时候|年轻(?:时|的时候|那会)|当年|那年|那时候?|那会儿?|上个?月|"
    rf"上上|早年|年初|(?:怀|生)(?:老大|大宝|头胎|一胎|第一胎)|(?:19|20)\d\d年|儿时|童年|{NUMBER}岁(?:那年|的时候|时)"
)
_PAST_LOOSE = re.compile(
    r"以前|前阵子?|前段时间|前些(?:天|日子)|暑假里|寒假里|刚出院那阵|(?<!小时)(?<!分钟)(?<!天)(?<!钟)之前(?!都?好好|没)|曾|从前(?!胸|面|额|往)|(?:得|做|有|患|发|住|犯|出|打|中|开|晕|抽|吐|摔|撞|喝|吃|闹|被?咬|烫|烧|割|流|断|骨折|溺水|中毒|骨裂|自杀|自残)过(?!去|来)|病史|既往|后遗症|康复期|恢复期|"
    r"(?:术|病|产)后(?:恢复|康复|饮食|保养|护理|复查)|老毛病"
)
_OUTCOME = re.compile(
    "手术|钢板|内固定|住院|住了|出院|康复|恢复|治好|救回来|救过来|抢救|查出来?是|确诊|支架|痊愈|医好|拆线|后来|送.{0,2}医院|好了|诊断|说是"
)
#: Behind a word, says that it has been: 中风过, 中风史.
ASPECT_PAST = re.compile(
    r"^史|^(?:了)?(?:血|倒|风|毒|水|伤)?过(?!去|敏|来|程|度|量|高|低|快|慢|多|少|大|小|紧|猛|热|街|路|马路|河|桥|夜|节|年|期|劲|后|量服|了(?!几|好)|不|会|世|重|快|一会|后|半|头|[一二两三四五六七八九十几\d])"
)


def lasting_marks(text: str) -> list[tuple[int, bool]]:
    """(where it stands, whether it is a bare length of time) of whatever says that a complaint is old."""
    marks: list[tuple[int, bool]] = []
    if not _ACUTE.search(text):
        marks.extend(
            (found.start(), bool(_LENGTH.fullmatch(found[0])))
            for found in _CHRONIC.finditer(text)
            if not (_LENGTH.fullmatch(found[0]) and _SAYS_HOW_OLD.search(text, max(found.start() - 12, 0), found.start()))
        )
    if not _NOW.search(text):
        marks.extend((found.start(), False) for found in _CHRONIC_SURE.finditer(text))
    return marks


def mark_past(texts: list[str], doubts: list[set[Doubt]]) -> None:
    """A past date holds up to the last word of how it ended; 以前 and 得过 in their own clause only."""
    number = 0
    while number < len(texts):
        clause = texts[number]
        now = PRESENT.search(clause)
        if _PAST_DATE.search(clause) and not now:
            last = _past_ends(texts, number)
            for own in doubts[number : last + 1]:
                own.add(Doubt.PAST)
            number = last
        elif _PAST_LOOSE.search(clause) and not now:
            doubts[number].add(Doubt.PAST)
        number += 1


def _past_ends(texts: list[str], first: int) -> int:
    last = first
    for number in range(first + 1, len(texts)):
        now = PRESENT.search(texts[number])
        if _OUTCOME.search(texts[number]):
            # 打的钢板现在走路利索: what stands between is past, what is now is not.
            last = number - 1 if now else number
        if now:
            break
    return last
