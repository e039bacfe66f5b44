"""For whom, and when, a doctor's sentence says something: below an age, where an illness is present, if something happens.

`corpus.audience` knows some groups of people (孕妇, 肾病); a sentence names many more. 6个月以下不用, 有肾结石者不宜, 细菌感染时才用
are right for those whom they name, and harm when they are shown as advice for anybody. Each condition is kept as plain text
beside a point, and `Asker.meets` says whether somebody is known to meet it; what we cannot read, nobody is known to meet. What must
not be there (没有糖尿病的可以, 非孕妇, 除非感染) is kept as well, and everybody meets it who does not name it (`corpus.denials`).

All of it works on the search key of one sentence.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from corpus.ages import loose_ages
from corpus.audience import ADULT_YEARS, CHILD_YEARS, INFANT_DAYS, NEWBORN_DAYS, OLD_YEARS, spoken_of, vocabulary
from corpus.clean import search_key
from corpus.denials import (
    EXCEPTION,
    HOW,
    SET_APART,
    denied,
    illnesses,
    is_doubtful,
    leaves_out_unknown,
    named,
    without_absences,
    without_names,
)
from corpus.measures import BABY, NUMBER, Measure, find_measures, read_number
from corpus.patient import find_patient
from corpus.synonyms import synonyms_of

#: What a condition begins with: an age in days, from and below (`岁:0-180`); a temperature in °C, from and below (`温:38.5-45`); what must be there, all (`若:发热 咳嗽`) or any (`若:肾结石|痛风`);
#: what must not (`非:糖尿病`), an illness or a group. Groups themselves have no colon.
_AGE, _TEMPERATURE, _IF, _WITHOUT = "岁:", "温:", "若:", "非:"
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
_SUPPOSED = re.compile(f"{_IF_WORDS}|的话|(?<![所自])有[^,;]{{1,12}}的$")
#: What stands in a condition and narrows nothing down.
_SAYS_NOTHING = frozenset({"发作", "疼痛", "症状", "不适", "不舒服", "难受", "药物", "治疗", "检查", "疾病", "手术", "急性", "慢性"})
#: Who has no complaint at all; whoever asks is not known to be one of them (没有症状的结石不用手术).
_NO_COMPLAINT = re.compile("(?:(?<!有)没有?|(?<!有)无)(?:任何|明显|什么)?(?:症状|不适|不舒服|难受)(?:者|的|时|患者|病人)")
#: Said of somebody who is well in something that we may not know: 血糖不高的, 肾功能正常的, 感染不重可以不用. What it is said to must
#: follow, or 保持情绪稳定 would be one.
_IS_WELL = "(?:正常|良好|稳定|平稳|达标|没问题|(?<!说)不(?:算|太|是很|很|那么)?(?:高|重|严重|厉害|痛|疼|肿|红|烧|喘|明显|剧烈)|较轻|(?:没有?|无)(?:异常|大碍)|没(?:破|断|毛病|问题)|没事(?!的时候|时)|未破|完整|阴性|(?:功能|控制得?|身体|体质|状况|心脏?|肝|肾|胃)好)了?"
_WELL = re.compile(rf"(?:{_IS_WELL}|[偏过较升增][高低]|[高低](?=的[人可]|者))(?=的|者|时|就|则|也?可|一般|无需|不)")
_ENDS_WELL = re.compile(f"{_IS_WELL}$")
#: How little of an illness; that it needs no more is not said of all of it: 轻微感染不用抗生素.
_MILD_CASE = re.compile("(?:轻微|轻度|轻症|轻型|较轻)[^,]*(?:不用|不需|不必|无需|必要|不一定|未必)")
#: A denial in a condition, and what it denies.
_LACKS = re.compile(
    "(?:(?<!有)没(?:有|(?!有))|(?<!有)无(?![论法效力痛菌糖创痰])|未(?![成满婚来必育]))"
    "(?!(?:明显|什么|任何|太大|得到|见到?|及时)*(?:好转|缓解|改善|见?效|条件|时间|办法|禁忌|必要|关系|事|起色|作用|用|控制|减轻|消退|恢复|痊愈|治好|退烧|症状|反应|尿|劲|力气|精神|呼吸|心跳|脉搏|意识|食欲|胃口|奶|大便|排便|抗体|免疫))(?P<what>[^,;者时就可不能要应]*)"
)
_KNOWN_LACK = re.compile(f"(?:{HOW}|#|、|和|及|与|或者?|以及|没有?|无|话|患者|病人|人|群|情况|下|表现|症状|病?史|期间?|时)*")
_END_OF_LACK = re.compile("(?<=#)(?:病?史|症状|表现|情况)?的")
_DOES_NOT = re.compile("(?<!是)不(?![少同管仅只舒适良全足明好要含])[^,#的者]{1,5}(?:的人?|者)(?=也?[可就不能应要]|一般|$)")
#: Up to here a clause may be for whom the rest is.
_WHOSE = re.compile("者|患者|病人|的(?=人(?![工参体流乳])|孩子|老人|[女男]|也?[可就不能应要]|一般|建议|推荐|话|$)|就|则|时")
_PROVIDED = re.compile("只要|如果|若|假如|要是|倘若")
#: A measured value as a limit: 38.5以下, 血压超过160/100, 结节不到1厘米. How long and how much something is done for is none, nor 40度的温水.
_VALUE = r"(?:\d+(?:\.\d+)?(?:/\d+)?|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九两])"
_SCALE = "(?:度(?:[一二三四五六七八九半]|\\d)?|℃|mmhg|mmol(?:/l)?|μmol(?:/l)?|umol(?:/l)?|毫?摩尔?|毫米汞柱|厘米|毫米|cm|mm|公分|分|级|万)?"
_NO_VALUE = "(?!\\d|\\.\\d|[-~至到]|[几多余来一二三四五六七八九十百千]|\\s*(?:个?小时|分钟|秒|天|日|周|个?月|年|岁|次|毫升|ml|升|杯|克|g|毫克|mg|片|粒|步|公里|遍|下|组|碗|餐|顿|支|袋|包|点|斤|勺|滴|%))"
_VALUE_LIMIT = re.compile(
    f"{_VALUE}{_SCALE}(?:及|或)?(?:以[下上内]|之[下间])|(?:[不没]?(?:超过?|到)|不?[高低大小]于|不?达到?|[<>≤≥])(?:了)?{_VALUE}{_NO_VALUE}"
    r"|\d{2,3}(?:\.\d)?(?:/\d+)?度?(?:就|才)"
    r"|(?<!水温)(?<!\d)(?:3[5-9]|4[0-2]|三十[五六七八九]|四十[一二]?)(?:\.\d)?(?:度|℃)(?!(?:左右)?(?:的?[温热]?水|的$))"
)
#: A limit of fever, the one of these that we read: 38.5以上, 超过38.5度, 不到38度5. A value without a side (38.5度，可用) is none.
_FEVER_LIMIT = re.compile(
    r"(?P<not>[不没未](?:能|要)?)?(?P<word>超过?|高于|大于|(?<!\d)达?到|低于|小于|不足|[<≤>≥])?(?<![\d.])(?P<degrees>(?:3[6-9]|4[0-2])(?:\.\d)?)(?:度(?P<tenth>\d|半)?|℃)?"
    r"(?P<side>(?:及|或)?(?:以|之)?[上下])?(?![\d毫cmμu/])"
)
_FEVERISH = re.compile("[烧热]|体温")
_LESS = frozenset({"低于", "小于", "不足", "<", "≤"})
_COLDEST, _HOTTEST = 30.0, 45.0
_NO_BODY = re.compile("水温|室温|温水|热水|水浴|环境|空调")
#: Not yet known not to be there: 没有排除肠梗阻之前, 不能排除心梗时, 排除骨折前.
_MAY_BE = re.compile("(?:没有?|未|不能|无法|尚未|难以|不)(?:完全)?(?:排除|除外)|(?:排除|除外)[^,]{1,12}(?:之前|以前|前(?!列|臂))")
#: Other words by which a question may tell that somebody has something after all, beside its synonyms and the last two characters of its
#: name: 39度 and 高烧 are a fever, 胳膊断了 a fracture.
_TOLD_AS = {
    "热": "热(?!敷|水|毛巾)|烧(?!伤|心|烤)",
    "烧": "热(?!敷|水|毛巾)|烧(?!伤|心|烤)",
    "骨折": "断了|断裂|骨裂|裂了|摔断",
    "咳嗽": "咳",
    "呕吐": "吐",
    "腹泻": "泻|拉稀|拉水|拉肚",
    "妇": "孕|怀",
    "哺乳期": "喂奶|母乳|哺乳|奶水",
    "糖尿病": "血糖|糖友",
    "肾病": "肾",
    "肾功能不全": "肾",
    "肝功能不全": "肝",
    "肝病": "肝",
    "心脏病": "心脏|心梗|支架|搭桥",
    "出血": "流血|带血|见血|[便咯吐尿]血",
    "感染": "发炎|化脓|流脓|脓",
}
#: From here on a value tells of a fever, or of a high pressure.
_FEVER, _HIGH_PRESSURE = 37.3, {"sbp": 140, "dbp": 90}
_EVEN_IF = re.compile("(?:即使|即便|哪怕|就算|尽管|虽然?|无论|不管)")
_ALSO = re.compile("^(?:的(?:人|孩子|老人|患者)?|者|患者)?(?:也(?![不没无非])|仍|同样|一样)")
_UNLESS = re.compile("(?:但|但是)?除非")
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
    """What is known of somebody who asks.

    Attributes:
        named: the question with other words for it.
        there: the same without what it says is not there (`corpus.ruled_out`). What must not be there is looked for in all that is
            named: who speaks of 高血压 at all is not told what those without it may do.
        ages: days of age, from and below.
        groups: who it is.
    """

    named: str
    there: str
    ages: tuple[tuple[int, int], ...]
    groups: frozenset[str]

    @staticmethod
    def of(question: str, named: str, there: str, groups: Collection[str]) -> Asker:
        """From a question, both texts of its words and their synonyms, and the asker's groups; who names no age is an adult."""
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
        return Asker(named, there, tuple(fits or stages or {_STAGES["成人"]}), frozenset(groups))

    def meets(self, condition: str) -> bool:
        """Whether this person is known to meet a condition, or to be of a group, kept in `Mention.groups`."""
        if condition.startswith(_AGE):
            low, high = map(int, condition.removeprefix(_AGE).split("-"))
            return all(low <= youngest and oldest <= high for youngest, oldest in self.ages)
        if condition.startswith(_TEMPERATURE):
            from_, below = map(float, condition.removeprefix(_TEMPERATURE).split("-"))
            measured = [measure.value for measure in _measures_in(self.named) if measure.name == "temp"]
            # 白天38，夜里39.5: the highest decides what is to be done.
            return bool(measured) and from_ <= max(measured) < below
        if condition.startswith(_WITHOUT):
            word = condition.removeprefix(_WITHOUT)
            return word not in self.groups and not any(told.search(self.named) for told in _told_as(word)) and not self._measured(word)
        if condition.startswith(_IF):
            words = condition.removeprefix(_IF)
            if "|" in words:
                return any(word in self.there for word in words.split("|"))
            return bool(words) and all(word in self.there for word in words.split())
        return condition in self.groups

    def _measured(self, word: str) -> bool:
        """Whether the question tells an illness by a value: 39度, 血压180/110."""
        if word[-1] in "热烧":
            return any(measure.name == "temp" and measure.value >= _FEVER for measure in _measures_in(self.named))
        return "血压" in word and any(
            measure.value >= _HIGH_PRESSURE.get(measure.name, measure.value + 1) for measure in _measures_in(self.named)
        )


@functools.lru_cache(maxsize=32)
def _measures_in(named: str) -> tuple[Measure, ...]:
    """The measures in what an asker told; many conditions are read of one asker."""
    return tuple(find_measures(named))


@functools.cache
def _told_as(word: str) -> tuple[re.Pattern[str], ...]:
    """By what a question tells that an illness or a group is there: its name or the head of it, synonyms, and what people say."""
    words = "|".join(map(re.escape, (word, word[-2:], *synonyms_of(word))))
    return tuple(re.compile(told) for told in (words, *(told for end, told in _TOLD_AS.items() if word.endswith(end))))


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
    before, left = [EXCEPTION.sub("#", clause) for clause in before], EXCEPTION.sub("#", left)
    nearest = next(iter(before), "")
    found = {*_ages(left), *(_ages(right) if refused else ()), *(_ages(nearest) if _opens(nearest) else ())}
    texts = [left[: last.end()] for pattern in (_PERSON, _TIME) if (last := _last(pattern, left))]
    if supposed:
        texts.extend(clause for clause in (left, *before[:2]) if _SUPPOSED.search(clause) and not _is_exception(clause, left))
    if refused and (last := _last(_PERSON, right)):
        texts.append(right[: last.end()])
    if _opens(nearest):
        texts.append(nearest)
    for text in texts:
        found.update(_stated(text, any_of=refused or "或" in text))
    degrees, others = zip(*map(_temperatures, (left, nearest)), strict=True)
    found.update(*degrees)
    if any(_VALUE_LIMIT.search(text) or _MAY_BE.search(text) for text in others) or (
        supposed and (_ENDS_WELL.search(nearest) or (refused and _MILD_CASE.search(left)))
    ):
        found.add(UNREAD)
    return tuple(sorted(found))


def absences(before: list[str], left: str, right: str, after: str = "") -> tuple[str, ...]:
    """What must not be there for something to be said: 没有糖尿病的可以, 孩子不发烧，可以, 不用抗生素，除非感染.

    Takes what `conditions` takes, and `after`, the clauses behind its own with commas between: 可以吃香蕉，肾功能不全者除外.
    """
    clauses, following = [left, *before[:2]], [right, *filter(None, after.split(","))]
    groups = vocabulary().dimension
    absent = [name for text in clauses for name, start, end in denied(text) if not _is_conceded(text, start, end)]
    absent.extend(name for name, _, end in denied(right) if name in groups or SET_APART.match(right[end:]))
    absent.extend(name for text in following if EXCEPTION.search(text) for name, *_ in denied(text))
    absent.extend(name for text in (*following[1:], *clauses) if _is_exception(text, left) for name, *_ in named(text))
    found = {_WITHOUT + name for name in absent if name not in _SAYS_NOTHING}
    if (
        _NO_COMPLAINT.search(left)
        or _is_of_the_well(left, before)
        or any(map(leaves_out_unknown, (*clauses, right)))
        or leaves_out_unknown(after, after=True)
    ):
        found.add(UNREAD)
    return tuple(sorted(found))


def _temperatures(text: str) -> tuple[set[str], str]:
    """Limits of fever that a text names, as conditions, and the text without them: 38.5以上 is 温:38.5-45."""
    found: set[str] = set()

    def read(limit: re.Match[str]) -> str:
        side, word = limit["side"] or "", limit["word"] or ""
        is_fever = "." in limit["degrees"] or "度" in limit[0] or "℃" in limit[0] or _FEVERISH.search(text)
        if not (is_fever and (side or word)) or _NO_BODY.search(text[: limit.start()][-4:]):
            return limit[0]
        value = float(limit["degrees"]) + (0.5 if limit["tenth"] == "半" else int(limit["tenth"] or 0) / 10)
        is_below = side.endswith("下") if side else (word in _LESS) != bool(limit["not"])
        found.add(f"{_TEMPERATURE}{_COLDEST if is_below else value:g}-{value if is_below else _HOTTEST:g}")
        return "#"

    rest = _FEVER_LIMIT.sub(read, text)
    return found, rest


def _is_of_the_well(left: str, before: list[str]) -> bool:
    """Whether something is said of who is well, in words that name no illness: 血糖不高的, 没有皮肤破损的，可以; such a reader is not known.

    What is denied by name (没有糖尿病的) is read by `corpus.denials`.
    """
    whose = _last(_WHOSE, left)
    heads = [left[: whose.end()]] if whose else []
    heads.extend(text for text in (left, *before[:2]) if _PROVIDED.search(text))
    heads.extend(text for text in before[:1] if _opens(text))
    for text in heads:
        unnamed = without_names(text)
        if _lacks_unknown(text) or any(state.search(unnamed) for state in (_DOES_NOT, _ENDS_WELL, _WELL)):
            return True
    return bool(_WELL.search(without_names(left)))


def _lacks_unknown(text: str) -> bool:
    """Whether what a text says is not there is more than the illnesses and groups that we know."""
    for lack in _LACKS.finditer(without_absences(text)):
        what = _END_OF_LACK.split(lack["what"])[0]
        if "#" not in what or not _KNOWN_LACK.fullmatch(what):
            return True
    return False


def _is_conceded(text: str, start: int, end: int) -> bool:
    """Whether what is denied there makes no difference: 没有高血压的也要少吃盐, 即使不发烧."""
    return bool(_EVEN_IF.search(text[:start]) or _ALSO.match(text[end:]))


def _is_exception(clause: str, said: str) -> bool:
    """Whether a clause tells when that does not hold: 除非感染，否则不用抗生素; but 除非感染，才用抗生素 wants it."""
    return bool(_UNLESS.match(clause)) and "才" not in said


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
    if is_doubtful(text):
        yield UNREAD
        return
    present = without_absences(text)
    words = [word for word, *_ in illnesses(present) if word not in _SAYS_NOTHING and not spoken_of(word)]
    if words and not (any_of and spoken_of(text)):  # 有痛风石或肾结石的人: the group is the condition
        yield _IF + ("|" if any_of else " ").join(words)
    elif not words and _HAS_IF.search(text) and present == text and not (spoken_of(text) or any(True for _ in _ages(text))):
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
