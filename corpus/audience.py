"""For whom: whose body a question is about, and whom an answer addresses.

An answer that is right for an adult can harm an infant, and what an expectant mother may take is not what her mother may
take. So both are read for the same groups (`lexicon/audience.toml`): stage of life, pregnancy and what lies around it,
sex, and illnesses or medicines that change what is right. A question is read whole; a record by what it is titled, by
its department and by the sentence that it begins with, since a doctor who says further down 孕妇禁用 does not write for
the pregnant. A title is mostly somebody's question, and read as one. Of which sex somebody is counts of a record only where
that has to do with what it is about: what stops a father's nosebleed stops a mother's. Where nothing is said nothing is
assumed, but a question that names no stage of life is taken to be asked by an adult for themselves, as most are.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import Enum
from itertools import chain
from pathlib import Path

from corpus.ages import loose_ages
from corpus.brackets import expand
from corpus.clean import search_key
from corpus.happening.negated import is_negated
from corpus.measures import BABY, NUMBER, find_measures
from corpus.patient import Patient, find_patient
from corpus.patient_choice import SELF, is_child
from corpus.record import DoctorAnswer

AUDIENCE = Path(__file__).parent / "lexicon" / "audience.toml"

NEWBORN_DAYS = 28
INFANT_DAYS = 365
CHILD_YEARS = 13
ADULT_YEARS = 18
OLD_YEARS = 60
#: Characters of an answer in which it says for whom it is written; what comes later is mostly an aside (孕妇或在水里发作的).
LEAD = 14

_DEPARTMENTS = {
    "儿科": "儿童",
    "新生儿科": "新生儿",
    "儿保科": "儿童",
    "儿童保健科": "儿童",
    "产科": "孕妇",
    "老年科": "老人",
    "老年病科": "老人",
    "男科": "男性",
    "妇科": "女性",
}
#: What follows a group that an answer warns rather than addresses: 孕妇禁用, 肾功能不全者慎用.
_WARNED = re.compile(
    r"^(?:者|患者|的人|人群)?(?:(?:和|及|、|或|与|以及)\w{1,4}?(?:者|患者|的人|人群)?){0,4}(?:均|都|也|应|要|须|最好)?(?:禁用|禁止|禁忌|慎用|慎服|忌用|忌服|除外|不宜|不能|不可|不要|不用|避免|例外|不适用|先问|先咨询|正常|没问题|没病)"
)
#: The same in a question, where 孕妇不能吃 asks for the pregnant.
_FORBIDDEN = re.compile(r"^(?:者|患者|的人|人群)?(?:禁用|禁止|禁忌|慎用|慎服|忌用|忌服|除外)")
_EXCLUDED = re.compile(r"(?:除了?|排除|除外|并非|不是|非|而不是|不适合|不适用于|没有|无|未|没)$")
#: What a nursing mother was: 生完快五年, 三年前顺产, 刚生完那会儿.
_YEARS = r"(?:[一二两三四五六七八九十\d]+|好几|好多|多|几)年"
_LONG_AGO_AFTER = re.compile(
    rf"^[^,。]{{0,6}}?(?:快|都|已经|有|过了)?{_YEARS}|^(?:孩子|娃)?(?:那会儿?|那时候?|那年|当年|早走出来)|^[^,。]{{0,4}}[,。]?(?:如今|现在)?(?:娃|孩子)都?上(?:幼儿园|小学|初中|高中|大学)"
)
_LONG_AGO_BEFORE = re.compile("(?:年前|当年|年轻时候?|年轻那会儿?|那时候?|那年)[^,。]{0,6}$")
#: What somebody fears, asks about or is checked for.
_DOUBTED_BEFORE = re.compile(
    "(?:怕|怀疑|担心|疑似|以为|会不会|是不是|算不算|不算|不是|排除了?|预防|筛查?|遗传)(?:自己|我)?(?:就|也)?(?:是|得|会|有|成|了|变成|要得)*$"
)
_CURED_AFTER = re.compile(
    "^(?!,?[^,。停断没不]{0,2}[吃服用]着?药[^,。]{0,4}没(?:再犯|犯过))(?:病|症)?,?[^,。能怎可]{0,4}?(?:(?:早就?|都|已经)(?:治好|好了|痊愈|断根)|治好(?:了|十|好几)|痊愈|断根|排除|没再犯|没犯过)|^(?:病|症)?(?:研究|科普|科(?!学)|吗$)|^[^,。]{0,6}没(?:疼|痛)过"
)
#: A pregnancy that ends: who speaks of it is pregnant, unless it is over: 宫外孕手术后三个月, 上次胎停.
_ENDS = frozenset({"宫外孕", "胎停", "先兆流产", "流产先兆", "先兆性流产", "稽留流产", "葡萄胎", "异位妊娠"})
_ENDED_AFTER = re.compile(
    "^(?:育|孕|史|的史)?(?:史|[^,。]{0,6}?(?:后(?!果|期|面)|过(?!敏|程|多)|做完|切了)|了?(?:[一两二三四五六七八九十几\\d]+次|[^,。]{0,4}[多几半一两二三四五六七八九十\\d]年))"
)
_ENDED_BEFORE = re.compile(
    "(?:以前|之前|前年|去年|年前|月前|上次|上回|上一?胎|曾经?|有过|得过|做(?:的|过|了|完)|[一两二三四五六七八九十几\\d]次|预防|避免|怎么会?得)[^,。]{0,6}$"
)
#: A pregnancy that somebody fears for or means for later: 以后会不会怀不上, 怕影响将来要孩子.
_LATER_BEFORE = re.compile("(?:以后|将来|今后|日后|往后|未来|怕|担心)(?:不会|就|都|也|还|能|会|再|我|她|的){0,3}$")
#: What may harm it; but 会影响备孕吗 asks who means to have a child now.
_HARMED_BEFORE = re.compile("(?:会不会|会|影响|导致|造成|害得|容易|变得)(?:就|都|也|还|能|再|我|她|的){0,3}$")
#: Illnesses that pass: who had one as a child need not have it now.
_PASSES = frozenset({"哮喘", "胃溃疡", "癫痫", "甲状腺病"})
_HAD_BEFORE = re.compile(rf"(?:小时候|以前|{_YEARS}前|早年|年轻时候?|曾经|原来)[^,。]{{0,3}}(?:得过|有过|患过|犯过)$")
_TOO_LONG = 2_000
#: Whom an answer for anybody may not be right for.
_CAREFUL = frozenset({"新生儿", "婴儿", "儿童", "孕妇", "哺乳期", "备孕", "肾病", "肝病", "抗凝"})
_LIFE_STATE = frozenset({"life", "state"})
_GROWN = frozenset({"青少年", "成人", "老人"})
_STATES = frozenset({"孕妇", "哺乳期", "备孕"})
_MOTHERS = frozenset({"孕妇", "哺乳期"})
_YOUNG = frozenset({"新生儿", "婴儿", "儿童"})
#: What a mother asks for herself and for a child: 还能喂奶吗.
_MAY_NURSE = re.compile("(?:能|可以|敢)(?:喂奶|喂母乳|哺乳)")
#: What only a child has that is born.
_BORN = re.compile(
    "岁|出生|生下来的?|生出来|满月|早产儿|喝奶|吃奶|吐奶|奶粉|幼儿园|小学|大宝|二宝|老大|儿子|女儿|闺女|(?:孩子|小孩|宝宝|宝贝|娃)[^,。]{0,6}?(?:发烧|发热|咳|拉肚|腹泻|疹|感冒|鼻涕|水痘|哭|吃了|得了|误)"
)
#: What nobody finds out by asking.
_GIVEN = frozenset({"肾病", "肝病", "抗凝", "免疫低下", "蚕豆病", "青霉素过敏"})
_SEXES = frozenset({"男性", "女性"})
_SEXED_DEPARTMENT = re.compile("妇|产科|男科|泌尿|生殖|乳腺|计划生育")
#: All men or women, and no single one: 女性贫血, but not 我是一名女性 and 患者女性,35岁.
_ALL_OF_A_SEX = re.compile(r"(?<![名位个是人者者性别,:])[男女](?:性(?!患者|朋友)|人|士)(?![,。\s\d是])")
#: How a body grows is asked for children and adolescents alike.
_HALF_GROWN = frozenset({"儿童", "青少年"})
_GROWTH = re.compile(
    "长个|长高|身高|个子|骨龄|骨骺|生长激素|性早熟|(?:生长|第二性征|乳房|身体|胸部?|没|不|二次)发育|发育(?:期|早|晚|迟|慢|快)|青春期|变声|初潮|生长痛|增高|矮小"
)
#: A pregnancy that is over, of which the department of the pregnant tells as well.
_NO_LONGER = re.compile("(?:流产|宫外孕|异位妊娠|胎停|葡萄胎|引产|人流|清宫|刮宫)[^,。]{0,4}?(?:后|过|了)")
#: Weeks by themselves are mostly of a pregnancy: 33周了, 媳妇三十六周, 糖耐26周没过.
_LATE_WEEKS = re.compile(
    r"(?:^|[,。\s]|媳妇|老婆|妻子|嫂子?|[我她姐妹]|糖耐|四维|nt|\d胎)(?:都|已经|现在|快)*(?:1[2-9]|[23]\d|4[0-2]|十[二三四五六七八九]|[二三]十[一二三四五六七八九]?|四十[一二]?)周(?!岁|年|前|末|[一二三四五六日])"
)
_TOLD_WEEKS = re.compile(
    rf"(?:(?<![避备不])孕|怀孕|怀(?!疑)|妊娠)(?:了|已经|到|都|有|第)*{NUMBER}(?:多|个半|个多|个)?(?:周|月|星期|礼拜)(?!前)"
)
_MAN = re.compile("男[孩性人士生的友朋宝方子]|爸|爹|爷|公公|老公|丈夫|儿子|孙子|哥|弟|伯|叔|舅(?!妈)|小伙")
_WOMAN = re.compile("女[孩性人士生的友朋宝方子儿]|妈|娘|奶奶|婆|妻|媳妇|闺女|姐|妹|姑|姨|婶|嫂|丫头")
#: Whose age is nobody's: 三个月的小猫.
_PET = re.compile("大?的?小?(?:奶?(?:[猫狗]|兔(?!唇))(?!咬|抓|挠|毛|叫|舔)|仓鼠|鹦鹉|泰迪|金毛|柯基|宠物)")
#: A sex between marks or beside an age: 女38, 男 45, 本人男。
_SEX_TYPED = re.compile(r"(?:^|[,。\s]|本人|患者|性别:?)([男女])(?=[,\s]*[\d一二三四五六七八九十]|[,。\s]|$)")
#: Who has a husband's family is a woman, and the reverse.
_HUSBANDS = frozenset({"老公", "丈夫", "婆婆", "公公", "公婆", "婆家", "男朋友", "男友"})
_WIVES = frozenset({"老婆", "妻子", "岳母", "岳父", "丈母娘", "丈人", "老丈人", "女朋友", "女友"})


class Fit(Enum):
    """How a record's audience stands to the asker's, the better first.

    SAME: nothing speaks against it. NEAR: a neighbouring stage of life, or the other sex where that matters. PRESUMED: the asker
    names nobody, the record is for a child or an expectant mother. UNSAID: it does not speak of the asker's group or illness. OTHER: it
    is for another stage of life.
    """

    SAME = "same"
    NEAR = "near"
    PRESUMED = "presumed"
    UNSAID = "unsaid"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The data file, compiled: for each group its dimension, words and longer words that mean something else; what has to do with a sex."""

    dimension: dict[str, str]
    words: dict[str, re.Pattern[str]]
    strike: dict[str, re.Pattern[str]]
    bound: re.Pattern[str]
    near: dict[str, frozenset[str]]


@functools.cache
def vocabulary() -> Vocabulary:
    """The groups and their words, in the order of the data file."""
    with AUDIENCE.open("rb") as file:
        data = tomllib.load(file)
    dimension = {group: name for name in ("life", "state", "sex", "condition") for group in data[name]}
    words = {group: _any_of(data[name][group]) for group, name in dimension.items()}
    strike = {group: _any_of(longer) for group, longer in data["not"].items()}
    bound = _any_of(data["bound"]["words"])
    return Vocabulary(dimension, words, strike, bound, {group: frozenset(others) for group, others in data["near"].items()})


def _any_of(wordings: Iterable[str]) -> re.Pattern[str]:
    words = chain.from_iterable(map(expand, wordings))
    return re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))


def asked_for(question: str) -> tuple[str, ...]:
    """The groups of the person that a question is about, in the order of the data file; empty when it names none.

    Where several people appear (我怀孕五个月，我老公这两天恶心呕吐) it is the one whose complaint it is (`corpus.patient`).
    """
    key = search_key(question[:_TOO_LONG])
    return groups_of(find_patient(key), key)


def groups_of(patient: Patient, key: str) -> tuple[str, ...]:
    """The groups of somebody whom a question with this search key could be about, in the order of the data file."""
    found = set(read_groups(patient.text, asks=True))
    if patient.name in ("", SELF) and patient.text != key and all(map(is_child, patient.bystanders)):
        # 宝宝还吃母乳，我想避孕: the clause about the baby says what its mother is.
        found |= _MOTHERS & set(read_groups(key, asks=True))
    if patient.name in ("", SELF) and not found & (_SEXES | _MOTHERS):
        if _HUSBANDS & set(patient.bystanders):
            found.add("女性")
        elif _WIVES & set(patient.bystanders):
            found.add("男性")
    return _ordered(found)


def _ordered(groups: Collection[str]) -> tuple[str, ...]:
    return tuple(group for group in vocabulary().dimension if group in groups)


def read_groups(text: str, *, asks: bool = False) -> tuple[str, ...]:
    """Every group that a text speaks of as present, in the order of the data file.

    Where it `asks`, 孕妇不能吃螃蟹吗 is about the pregnant; where it tells, they are warned.
    """
    key = search_key(text[:_TOO_LONG])
    warned = _FORBIDDEN if asks else _WARNED
    found = _named(key, warned, asks=asks)
    ages = _stages(key)
    if (
        "哺乳期" in found
        and (ages | found) & _YOUNG
        and "妈" not in key
        and "哺乳期" not in _named(_MAY_NURSE.sub("#", key), warned, asks=asks)
    ):
        found.discard("哺乳期")  # 宝宝吐奶后还能喂奶吗 is asked for the child
    is_born = bool((ages | found) & {"新生儿", "婴儿"})
    if (_LATE_WEEKS.search(key) and not is_born and "男性" not in found) or (asks and _TOLD_WEEKS.search(key)):
        found.add("孕妇")
    if ages:
        # 3岁的宝宝 is no infant, and 八十岁的孩子他爷爷 no child: a number knows better than a word.
        found = {group for group in found if vocabulary().dimension[group] != "life"} | ages
    elif "新生儿" in found:
        found -= {"婴儿", "儿童"}
    elif {"婴儿", "儿童"} <= found and not re.search("宝宝|小宝", key):
        found -= {"儿童"}
    if "孕妇" in found and not ages and not _BORN.search(key):
        found -= _YOUNG  # 怀孕三个月对宝宝有影响吗: a child that is carried is not the patient
    if "青少年" in found and not ages:
        found -= {"儿童"}
    if "老人" in found:
        found -= {"成人"} if re.search(BABY, key) else {"成人", "婴儿"}
    if asks and not found & _SEXES and (typed := _SEX_TYPED.search(key)):
        found.add("男性" if typed[1] == "男" else "女性")
    if found >= _SEXES:
        # 男孩乳腺有硬块: a word for a man or a woman knows better than one for an organ.
        said = {sex for sex, words in (("男性", _MAN), ("女性", _WOMAN)) if words.search(key)}
        found -= _SEXES - said if said else set()
    return _ordered(found)


def spoken_of(key: str) -> tuple[str, ...]:
    """Every group whose words stand in a search key, addressed or warned (孕妇禁用); the sexes are left out."""
    pattern, groups = _people()
    if not pattern.search(key):
        return ()
    words = vocabulary().words
    return tuple(group for group in groups if words[group].search(key) and words[group].search(_without_longer(key, group)))


@functools.cache
def _people() -> tuple[re.Pattern[str], tuple[str, ...]]:
    """Any word of any group but the sexes, and those groups."""
    book = vocabulary()
    groups = tuple(group for group, dimension in book.dimension.items() if dimension != "sex")
    return re.compile("|".join(book.words[group].pattern for group in groups)), groups


def _named(key: str, warned: re.Pattern[str], *, asks: bool) -> set[str]:
    book = vocabulary()
    found = set()
    for group, pattern in book.words.items():
        struck = _without_longer(key, group)
        places = [hit.span() for hit in pattern.finditer(struck)]
        if any(not (asks and _is_over(group, struck, *place)) and not _is_excluded(struck, *place, warned) for place in places):
            found.add(group)
    return found


def _is_over(group: str, key: str, start: int, end: int) -> bool:
    """Whether what a word of a group names is past, feared or not known yet: 生完快五年, 小时候得过哮喘, 怕是青光眼, 怀疑自己甲亢."""
    before, after = key[max(start - 12, 0) : start], key[end : end + 14]
    if group == "备孕":
        return bool(_LATER_BEFORE.search(before) or (key[start:end] != "备孕" and _HARMED_BEFORE.search(before)))
    if group == "孕妇":
        return key[start:end] in _ENDS and bool(_ENDED_BEFORE.search(before) or _ENDED_AFTER.match(after))
    if group == "哺乳期":
        return bool(_LONG_AGO_BEFORE.search(before) or _LONG_AGO_AFTER.match(after))
    if vocabulary().dimension[group] == "condition":
        return bool(_DOUBTED_BEFORE.search(before) or _CURED_AFTER.match(after) or (group in _PASSES and _HAD_BEFORE.search(before)))
    return False


def _without_longer(key: str, group: str) -> str:
    """The key without the longer words in which a word of this group means something else."""
    longer = vocabulary().strike.get(group)
    return longer.sub(lambda hit: "#" * len(hit[0]), key) if longer else key


def _is_excluded(key: str, start: int, end: int, warned: re.Pattern[str]) -> bool:
    return bool(_EXCLUDED.search(key[max(start - 6, 0) : start])) or is_negated(key, start) or bool(warned.match(key[end : end + 14]))


def _stages(key: str) -> set[str]:
    """Stages of life by the numbers in a text; months of a pregnancy are none."""
    expecting = bool(
        re.search(
            "肚里|肚子里|个月肚子|肚子.{1,2}个月|怀孕|怀着|怀(?:了|的)?(?:[一二三四头]胎|老[大二三]|[大二三]宝)|身孕|孕|胎动|产检", key
        )
    )
    stages = set()
    measures = [measure for measure in find_measures(key) if not _PET.match(key, measure.end)]
    # 一岁八个月 is no infant: what stands beside an age in years is no second age.
    if all(measure.name != "age_years" for measure in measures):
        measures += [measure for measure in loose_ages(key) if not _PET.match(key, measure.end)]
    # 8个月娃三天没拉: of two the longer is the age.
    days = max((measure.value for measure in measures if measure.name == "age_days"), default=0)
    if days and not expecting and not any(measure.name == "age_years" and measure.value < CHILD_YEARS for measure in measures):
        stages.add("新生儿" if days <= NEWBORN_DAYS else "婴儿" if days <= INFANT_DAYS else "儿童")
    for measure in measures:
        if measure.name == "age_years" and not re.search("岁(?:时|那年|的时候)", key[measure.start : measure.end + 3]):
            stages.add(_stage_of(measure.value))
    return stages


def _stage_of(years: float) -> str:
    if years < 1:
        return "婴儿"
    if years < CHILD_YEARS:
        return "儿童"
    if years < ADULT_YEARS:
        return "青少年"
    return "成人" if years < OLD_YEARS else "老人"


def addressed(record: DoctorAnswer) -> tuple[str, ...]:
    """The groups that a record is written for: by its question, else by how its answer begins, and by its department.

    A sex is left out where neither what is asked nor the department has to do with it.
    """
    title = set(asked_for(record.question))
    lead = set(read_groups(re.split(r"[。！？\n]", record.answer[:LEAD], maxsplit=1)[0]))
    groups = title | ({group for group in lead if not _is_settled(group, title)} if title else lead)
    department = _DEPARTMENTS.get(record.department or "")
    if department and not _is_settled(department, groups) and not (department == "孕妇" and _NO_LONGER.search(record.question)):
        groups.add(department)
    if groups & _SEXES and not _is_bound_to_a_sex(record):
        groups -= _SEXES
    if groups & _HALF_GROWN and _GROWTH.search(record.question):
        groups |= _HALF_GROWN
    return _ordered(groups)


def _is_bound_to_a_sex(record: DoctorAnswer) -> bool:
    """Whether it matters to what a record is about of which sex somebody is: 尿频, 月经, 男性脱发; no age or name of a relative tells that."""
    key = search_key((record.question or record.answer[:LEAD])[:_TOO_LONG])
    return bool(_SEXED_DEPARTMENT.search(record.department or "") or vocabulary().bound.search(key) or _ALL_OF_A_SEX.search(key))


def _is_settled(group: str, groups: set[str]) -> bool:
    """Whether the groups already say what this one would: a title 哺乳期感冒 is not for the infant whom the answer mentions."""
    dimension = vocabulary().dimension
    known = {dimension[other] for other in groups}
    return dimension[group] == "condition" or dimension[group] in known or (dimension[group] in _LIFE_STATE and bool(known & _LIFE_STATE))


def fit(asker: Iterable[str], audience: Iterable[str]) -> Fit:
    """How a record for `audience` fits an asker of the groups `asker`: the worst of what person, sex and illness say.

    An asker who names nobody is taken for an adult, neither old nor half grown. An illness that only the record names may be what the
    question is about; a medicine that is taken, or a weakness that one is known to have, would have been told.
    """
    asked, written = _with_sex(asker), _with_sex(audience)
    found = {
        _fit_of_person(_in(asked, _LIFE_STATE), _in(written, _LIFE_STATE), is_anybody=not asked),
        _fit_of_illness(_in(asked, {"condition"}), _in(written, {"condition"})),
    }
    sexes = (_in(asked, {"sex"}), _in(written, {"sex"}))
    if all(sexes) and sexes[0].isdisjoint(sexes[1]):
        found.add(Fit.NEAR)
    return max(found, key=list(Fit).index)


def note_for(asker: Iterable[str], audience: Iterable[str]) -> str:
    """The sentence (Chinese) that a page shows beside a record that is not written for the asker; empty where it is."""
    asked, written = tuple(asker), tuple(audience)
    found = fit(asked, written)
    if found is Fit.SAME:
        return ""
    # A mother's answer is a woman's; that needs no saying.
    others = [group for group in written if group not in asked and (group != "女性" or not set(written) & _STATES)]
    if others:
        return f"这条回答针对{'、'.join(others)}"
    careful = [group for group in asked if group in _CAREFUL and group not in written]
    return f"这条回答没有专门说到{'、'.join(careful)}，照着做之前请先问医生" if careful else ""


def _with_sex(groups: Iterable[str]) -> set[str]:
    given = set(groups)
    return given | {"女性"} if given & _MOTHERS else given


def _in(groups: set[str], dimensions: Collection[str]) -> set[str]:
    return {group for group in groups if vocabulary().dimension.get(group) in dimensions}


def _fit_of_person(asked: set[str], written: set[str], *, is_anybody: bool) -> Fit:
    """By stage of life, pregnancy and breast-feeding; who asks for two (产后, 新生儿) is served by an answer for either."""
    if asked & written or not asked | written:
        return Fit.SAME
    if not written:
        return Fit.UNSAID if asked & _CAREFUL else Fit.SAME
    if asked <= _GROWN:
        if written & _GROWN:
            # A father whose age is not told may be old; somebody of whom nothing is told is neither old nor half grown.
            return Fit.NEAR if asked or (is_anybody and "成人" not in written) else Fit.SAME
        if not asked or written & _STATES:
            return Fit.PRESUMED
    elif asked & _STATES and "成人" in written:
        return Fit.UNSAID  # who is pregnant is grown up too
    near = vocabulary().near
    return Fit.NEAR if any(written & near.get(group, frozenset()) for group in asked) else Fit.OTHER


def _fit_of_illness(asked: set[str], written: set[str]) -> Fit:
    """Who has two illnesses is served by an answer for either, but less by one for a third that they do not name."""
    if asked and not asked & written:
        return Fit.UNSAID
    if (written - asked) & _GIVEN:
        return Fit.NEAR
    return Fit.NEAR if asked - written and written - asked else Fit.SAME
