"""Whose body a typed question is about, where other people speak, are heard, are wished for or are compared with.

爷爷说拔罐能治，我肩膀疼 is about the asker, 爷爷说头晕 about the grandfather. So everybody who is named is asked what part they have.
Who advises, believes or forbids only speaks, unless what they say is a complaint of their own. A child that is wished for, feared for or
carried is not there as a patient, and a neighbour, a dead relative or one who is away is the patient only where nobody nearer is named.
What is said between one person and the next is said of the first, which needs no marks: people dictate their questions.
Of those who are left it is the likeliest by what speaks for each of them (`corpus.patient_choice`): whose complaints and age are told,
who was named first in a story, who asks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.clauses import split_clauses
from corpus.patient_choice import ASIDE, CHILD, COMPLAINT, NEAR, SELF, Evidence, Told, evidence_of, is_child, is_told_nothing, likeliest

#: What the words of those who have no part in it are overwritten with; it matches no word and is no mark.
STRUCK = "#"
#: Characters before the first person of a clause that are said of that person, whoever was told of before.
_LEAD = 12

_ELDER = "太奶奶|太爷爷|太姥姥|老奶奶|老爷爷|老大爷|老大娘|嫲嫲|阿嬷|阿嫲|嬷嬷|嗲嗲(?![的地])|嘎嘎(?![的地作响叫])|娭毑|阿爷|阿奶|外母|叔公|姑婆|姨婆|舅公|舅姥爷|祖母|祖父|爷爷|奶奶|姥姥|姥爷|外公|外婆|阿公|阿婆|老人家?|老爷子|老头子?|老太太|老伴|老两口|长辈"
_ADULT = (
    "大人(?!用?的|吃的|那样|一样)|爸爸妈妈|爸妈|爹妈|爹娘|公婆|老爸|老妈|老爹|老娘|老父亲|老母亲|爸爸|妈妈|父亲|母亲|爸|妈(?!祖|富隆|咪爱)|爹|娘(?!家)|婆婆|公公|岳父|岳母|丈母娘|老?丈人"
    "|老公|老婆|丈夫|妻子|媳妇|儿媳妇?|女婿|爱人|对象|男朋友|女朋友|男友|女友|那口子|当家的"
    "|先生(?!说)|太太|婆娘|婆姨|堂客|大伯|老姑|大姑|小姑子?|二姨(?!妈)|大姨(?!妈)|姨夫|姨父|姑父|姑丈|妗子|舅子|表嫂|堂嫂|大嫂|弟妹|孙媳妇|连襟|妯娌|哥哥|姐姐|弟弟|妹妹|哥|姐(?!夫)|弟(?!媳)|妹(?!夫)|姐夫|妹夫|嫂子|弟媳|舅舅|舅妈|姑姑|姑妈|(?<!大)姨妈(?![来没推不走量])|姨(?!妈)|叔叔|伯伯|婶婶?|表[哥姐弟妹]|堂[哥姐弟妹]|小舅子|小姨子|阿姨|大爷|大妈|大叔|大娘|小伙子?|姑娘"
)
_OUTSIDER = "婆家人?|娘家人?|朋友|同事|同学|室友|舍友|同屋|邻居|街坊|亲戚|闺蜜|网友|病友|工友|老乡|熟人|别人|人家|旁人|家里人|家人"
#: Whose 说 is a finding about somebody else: 医生说他股骨头坏死.
_MEDICAL = "医生|大夫|医师|护士|药师|药店的?人?|店员|校医|村医|郎中|专家|主任|老中医"
_PROFESSIONAL = f"{_MEDICAL}|护工|店家|老师|教师|班主任|月嫂|保姆|师傅|老板|教练|推销员?|导购|主播"
_NOUN = f"{CHILD}|{_ELDER}|{_ADULT}|{_OUTSIDER}|{_PROFESSIONAL}"
#: A person with whom it belongs to: 我家孩子, 孩子他爸, 同学的妈妈, 他妈. The head comes last.
_PERSON = re.compile(
    rf"(?:(?P<owner>(?>{_NOUN}|我们?|俺们?|咱们?|[他她](?!们)|别人|人家|家里|隔壁|小区里?))(?:家里?|班)?(?:的|[他她](?:们)?)?)?(?P<head>{_NOUN})(?:们)?(?P<plural>都)?"
    r"|(?P<grandma>[我俺]奶|[我俺]爷)(?=非|说|讲|让|叫|总|老|硬|天天|要|不|今年|一)"
    r"|(?P<self>我|俺|咱|本人|过门)(?!们|家|俩)|(?P<pronoun>[他她])(?!们|家|俩)"
)
_FEMALE = re.compile("妈|娘|奶奶|姥姥|外婆|阿婆|婆婆|老太太|老婆|妻子|媳妇|姐(?!夫)|妹(?!夫)|姨|姑|婶|嫂|女|闺|囡|丫头|岳母")
_MALE = re.compile("爸|爹|父|爷|外公|阿公|公公|老头|老公|丈夫|哥|弟(?!媳)|叔|伯|舅(?!妈)|男|儿子|孙子|侄子|岳父|丈人|[姐妹]夫|女婿|小子")

#: Advice after 说: whoever says it does not tell of their own body (说发烧要捂, 说是上火).
_ADVICE = re.compile(
    "是(?!不是)|[要能会得](?!不[要能会得]|命|死|厉害|很|不行|了|慌)|不能|不用|可以|没事|没关系|应该|应当|多[吃喝睡补]|少[吃喝]|别|吃点|喝点|捂|就[好行退]|正常|装|治|偏方"
)
_ADVERB = (
    "(?:们|都|也|就|却|倒是?|还是?|老是?|老爱|总是?|总爱|常|又|一直|天天|今天|昨天|刚才|刚刚|当时|之前|以前|一口|死活|坚决|再三|反复|居然|竟然|可|非得?|硬是?|偏偏?|一个劲儿?|"
    "打电话来?|来电话|这么|有点儿?|有些|特别|跟我|和我|对我|在旁边|在家|[他她])"
)
#: 说话结巴 and 怕冷 report nothing.
_SAY = r"(?:(?:说|讲)(?!话|不出|不清|不了|不利|不明|胡话|梦话|瞎话|错话|糊话|悄悄话|普通话)|认为|以为|觉得|怀疑|断定|咬定|坚持|主张|估计|猜|怕(?![冷热光风寒黑生水油痒声响吵高冻凉人]|打针|吃药)|担心|反映|强调|告诉|念叨|表示|感觉)"
_DO = "给|割|吃|喝|做|去|查|打|切|开|停|忍|住|多|少|补|捂|用|换|戒|别|先|再|等|减|剖|上|贴|抹|擦|洗|输|挂|泡|练|按|弄|试|要|生|回|来|看|找|马上|赶紧|尽快|千万|不要|定期"
_OBJECT = rf"(?:我|俺|咱|你|[他她]|大家|{_NOUN})"
#: What a bystander does to somebody else. 让狗咬了 is a passive, so 让 needs a person or something to be done.
_DIRECTS = re.compile(
    rf"(?:不)?(?:让|叫|喊)(?={_OBJECT}|{_DO})|(?:劝|催|建议|推荐|介绍|嘱咐|交代|叮嘱|吩咐)|不(?:许|准|同意)"
    rf"|(?:要|想|爱|不)?(?:给|帮|替|拿|喂|带|陪|嫌|怪|骂|笑话?|逼|拉|求|问|要|哄|骗|吓唬?)(?={_OBJECT})|(?:要|想|非)?喂(?=点|些|口)|(?:要)?拿.{{1,3}}(?:给|熏|擦|抹|喂)|(?:要)?(?:把|用).{{1,4}}(?:给|喂)|(?:非?要|想|打算)(?:抹|擦|涂|熬|煮|买|拿)"
)
#: What stands before somebody to whom something is done, who then does nothing: 给宝宝喂了药.
_TO = tuple("给把帮替为")
_TREATS = re.compile("让|叫|嘱|劝|推荐|建议|要|会|能|给|把|拿|用|开|看|提|查|告|来")
_SPEAKS = re.compile(_SAY)
_ADVERBS = re.compile(f"{_ADVERB}{{0,5}}")
#: A thing that somebody gave or an opinion that was heard: 同事给的软膏, 听邻居讲.
_HEARD_BEFORE = re.compile("(?:听|听了|据|按|照|问|托|找|被|叫|跟|和|像|比|不像|不如)$")
#: 初二的儿子膝盖鼓包, 他奶奶也有: whoever has it too is compared with.
_ALIKE = re.compile("(?:以前|当年|当时|年轻时|小时候)?也(?:是|有|这样|得过|一样|疼过|长过)(?!点|些)")
#: With whom somebody does what two do: 我跟老公备孕, 要跟老婆一起治吗.
_PARTNER = re.compile("老公|老婆|丈夫|妻子|媳妇|爱人|对象|男朋友|女朋友|男友|女友|女婿|那口子")
_TOGETHER_BEFORE = re.compile(
    "(?:^|[,。#]|[我俺]们?|自己|每次|经常|上次|昨[晚天]|[要想能会刚正在])(?:要|能|会|想|都|每次|经常|昨晚|昨天|在|正在|刚){0,4}[和跟与同]$"
)
_TOGETHER_AFTER = re.compile(
    "(?:[^,。]{0,5}?(?:备孕|同房|同床|做爱|爱爱|性生活|房事|行房|性行为|性交|亲热|接吻|发生关系|试管|要孩子|要个?孩子|要二胎|准备要|打算要|结婚|离婚|分居|异地))|(?:要不要|用不用|需不需要|需要|要|得|能|都)?(?:一起|一块儿?|同时)(?=治|查|检查|吃|用药|住|睡|洗)"
)
_HEARD_AFTER = re.compile("(?:家)?(?:说|讲|劝|忽悠|建议|介绍|推荐|给我?[买开带拿送配]?的|那(?:儿|里)|那样|那么|一样|一起|们?都)")

#: Nearer relatives come first: one who is dead, away, refuses or is well is seldom who the question is about.
_ASIDE_AFTER = re.compile(
    "(?:们)?(?:生前|去世|过世|当年|没了|走了|出差|不在|在外地|在外面|上班|联系不上|是(?:个|做|当)?(?:医生|护士|大夫|学医)|都?没事|都?好好的|都?好了|死活不|不肯|不愿|拒绝|抽烟|吸烟|急得|急死|着急|吵|天天催|催)"
    "|[^,。]{0,8}(?:走的|去世|过世|没事$|好了$)"
)
#: Whose illness is told because it may run in the family: 妈妈有糖尿病，我体检要查什么.
_HAS_AN_ILLNESS = re.compile("(?:他|她|们|也|都|那边|以前|就)*(?:有|得过?了?|患|查出|确诊)[^,。吗呢怎能]{1,8}(?:,|。|$)")
_ASKS_OF_HEREDITY = re.compile("遗传|会不会也?得|(?:我|俺)[^,。]{0,6}(?:体检|筛查|要查)")
#: Something made for them that somebody else wants to use: 给老人挑的血压计，我量出来.
_THEIR_THING = re.compile(
    "(?:买|挑|选|用|吃|喝|戴|穿|擦)的(?!时候)[^,。]{1,8},?(?:我|俺|大人|自己)|[^,。]{0,5}的[^,。的]{0,4}(?:药片?|药丸|药瓶|胰岛素|牙刷|毛巾|杯子)(?!量|效|物)|那边"
)
#: 我是护士 names no second person; 发烧的是我儿子 does.
_IS_ONE = re.compile(f"(?:是|当|做|作为)(?:个|一个|一名|名)?{STRUCK}*[^,。]{{0,2}}$")
_CLEFT = re.compile("(?:的|不|后|就|倒|会|还|要)(?:是|不是)[^,。]{0,4}$")
_OF_OTHERS = re.compile(f"(?:{_OUTSIDER}|隔壁|小区里?|{_PROFESSIONAL})")
_OTHERS_BEFORE = re.compile(
    "(?:别的|其他|其它|好几个|好多|很多|不少|许多|同龄的?|同月龄的?(?:邻居家?)?|班上的?|全班的?|带大的|周围的?|身边的?)$"
)

_WISHED = re.compile(
    "(?:生完|生了)(?:个)?(?:小孩|孩子|娃|宝宝|二胎|二宝|老二|大宝|老大)|"
    "(?:怀|生)(?:个|上|不上|不了|不出)?(?:小孩|孩子|娃|宝宝)|生(?:出来|下来)?的?(?:小孩|孩子|娃|宝宝)(?=[^,。]{0,3}(?:会|能|有没|有影响|缺|健康|正常|也))"
    "|(?:将来|以后|今后|未来|往后|日后)的?(?:生的?)?(?:小孩|孩子|宝宝|娃)|抱孙子|抱上孙子|当(?:妈|爹|爸|娘)的|做(?:儿女|子女|父母)的?"
)
_PLANNED = re.compile(
    "(?<![需不])(?<!不打算)(?<!没打算)(?<!不准备)(?<!没准备)(?<!不想)(?<!没想)要(?:个|上|一个)?(?:小孩|孩子|娃|宝宝|小宝宝|二宝|二胎|三胎|二娃|老二)(?!去|喝|吃|做|打|住|自己|多|少|每|空腹)"
)
_FEARED_FOR = re.compile(
    f"(?:传染|传|遗传|影响|过|连累|隔离|远离|接触|对|(?<!厉)害了?|(?<![烫烧咬摔冻晒抓刺割受])伤到)(?:给|到|着)?(?:{CHILD}|{_ELDER}|小人儿|家里?人)"
)
_STRAIN = "腰|手腕|胳膊|背|肩|膝|累|睡不|压力|失眠|虎口|手臂|脖"
_CARED_FOR = re.compile(
    rf"(?:抱|带|哄|背|养|看|接|送|陪|伺候|照顾|奶|喂)(?:着|大)?(?:{CHILD}|(?:瘫痪|生病|住院|卧床)?的?(?:{_ELDER}|{_ADULT}))(?=[^,。]{{0,6}}(?:{_STRAIN})|,我)"
)
#: 孩子把外婆的降压药当糖吃了: whose it was neither takes it nor tells what the child has.
_TAKES_THEIR_MEDICINE = re.compile(
    rf"{CHILD}[^,。]{{0,4}}(?:把|吃|吞|喝|拿|翻|误|偷)[^,。]{{0,4}}?(?P<medicine>(?:{_ELDER}|{_ADULT})的[^,。的]{{0,4}}(?:药片?|药丸|药瓶|胰岛素))"
)
#: Where somebody works is not how old they are: 幼儿园老师, 儿科护士, 在小学门口.
_WORKPLACE = re.compile(
    "(?:幼儿园|托班|小学|初中|高中|中学|儿科|儿童医院|产科|妇科|男科|老年科|新生儿科|养老院)(?=(?:[大中小]班)?的?(?:老师|教师|班主任|护士|医生|大夫|主任|保育员|阿姨|校长|保安|食堂|门口|附近|对面|旁边|上班|工作|教书|当|教|实习))"
    "|(?<=教)(?:小学|初中|高中|幼儿园)|(?:儿|妇|产|男)科(?=群)|(?:宝妈|孕妇|妈妈)群里?"
)
_OBSERVES = re.compile(
    "(?:就|也|都|还|真|现在|已经|又|一直|刚|今天|昨天|该|应|应该|不|没|能|可以|只|只能|赶紧|打算|准备|想|要|是不是)*+(?:给|让|叫|怕|担心|问|看|摸|发现|劝|带|陪|帮|替|喂(?!奶|母乳)|抱|说|听|知道|敢(?!下|动)|急|愁|吓|气|以为|当|怀疑|寻思|用|拿|伸手|掰|嫌|催|逼|管|信|"
    f"觉得(?:[他她]|{_NOUN}|是|可能|应该|没|挺))"
)
_ASKS_FOR_SELF = re.compile(
    "(?:用不用|要不要|需不需要|需要|能不能|可以|可不可以|该|会不会|能|也|得)[^,。]{0,4}(?:查|做(?!什么|啥)|打|吃|喝|得|接种|隔离|注意|防)"
)
_ONTO = re.compile("(?:传染|传|过|影响|连累|害)(?:给|到|了|着)?$")
_MODIFIES = re.compile(r"[^,。#]{0,8}(?:岁|个?月|天|周|大|半|年级|龄|的)多?的?$")


@dataclass(frozen=True, slots=True)
class Patient:
    """Whose body a question is about.

    Attributes:
        name: the noun that names them, `SELF` for the asker, empty where nobody is named.
        text: what is said of them, joined by commas; bystanders are overwritten.
        bystanders: the nouns of all others that are named.
    """

    name: str
    text: str
    bystanders: tuple[str, ...]


def find_patient(key: str) -> Patient:
    """Whose body a question is about; `key` is its search key (`corpus.clean.search_key`)."""
    people = _People(key)
    told = people.named()
    if not told:
        return people.patient(None)
    return people.patient(told[likeliest(people.evidence(told))])


def possible_patients(key: str) -> list[tuple[Patient, Evidence]]:
    """Everybody whom a question could be about, each with what speaks for them, to fit its weights."""
    people = _People(key)
    told = people.named()
    return [(people.patient(one), evidence) for one, evidence in zip(told, people.evidence(told), strict=True)]


def _is_noun(word: str) -> bool:
    """Whether a word names a person, as 孩子 does in 孩子班主任 and 我 does not in 我爸."""
    return bool(re.fullmatch(_NOUN, word))


def _strike(struck: list[str], start: int, end: int) -> None:
    struck[start:end] = STRUCK * (end - start)


class _People:
    """Everybody named so far in a question, and who is being told of."""

    def __init__(self, key: str) -> None:
        self._key = key
        self._struck = list(key)
        self._told: dict[str, Told] = {}
        self._current = ""
        self._bystanders: list[str] = []
        for pattern in (_WORKPLACE, _WISHED, _FEARED_FOR, _CARED_FOR):
            for hit in pattern.finditer(key):
                self._bystanders += re.findall(_NOUN, hit[0])
                _strike(self._struck, hit.start(), hit.end())
        for hit in _TAKES_THEIR_MEDICINE.finditer(key):
            self._bystanders += re.findall(_NOUN, hit["medicine"])
            _strike(self._struck, *hit.span("medicine"))
        for hit in _PLANNED.finditer(key):
            self._struck[hit.start() : hit.end()] = "备孕".ljust(len(hit[0]), STRUCK)
        for start, end in split_clauses(key):
            self._read_clause(start, end)

    def _read_clause(self, start: int, end: int) -> None:
        """Give every piece of a clause to whoever it is said of; what stands before a clause's first person is said of that person."""
        place, is_first = start, True
        for hit in _PERSON.finditer("".join(self._struck[:end]), start):
            before = self._current
            if not self._enter(hit, start, end):
                continue
            if is_first and (before in ("", self._current) or hit.start() - start <= _LEAD):
                self._say(self._current, place, hit.start())
            else:
                modifier = _MODIFIES.search(self._key, place, hit.start())
                cut = modifier.start() if modifier and self._current != SELF else hit.start()
                self._say(before, place, cut)
                self._say(self._current, cut, hit.start())
            place, is_first = hit.start("head") if _is_noun(hit["owner"] or "") else hit.start(), False
        self._say(self._current, place, end)

    def _say(self, name: str, start: int, end: int) -> None:
        if start < end:
            self._told.setdefault(name, Told(name)).spans.append((start, end))

    def _enter(self, hit: re.Match[str], start: int, end: int) -> bool:
        """Whether a person found becomes the one told of; a bystander is struck out instead."""
        after, before = self._key[hit.end() : end], "".join(self._struck[start : hit.start()])
        if hit["self"]:
            return self._enter_self(before, after)
        if hit["pronoun"]:
            return (not before or before[-1] in "喂给") and self._enter_pronoun(hit["pronoun"])
        owner, head = hit["owner"] or "", hit["head"] or "奶奶"
        if not owner and _IS_ONE.search(before) and not _CLEFT.search(before):
            return False
        if _is_noun(owner):
            self._say(self._same_as(owner), hit.start("owner"), hit.end("owner"))
        if self._is_bystander(head, before, after):
            _strike(self._struck, hit.start("head") if _is_noun(owner) else hit.start(), hit.end())
            self._bystanders.append(head)
            return False
        name = self._same_as(head)
        aside = (
            _OF_OTHERS.match(owner)
            or _OF_OTHERS.match(head)
            or owner in ("别人", "人家")
            or _OTHERS_BEFORE.search(before)
            or _ASIDE_AFTER.match(after)
            or _THEIR_THING.match(self._key, hit.end())
            or (_HAS_AN_ILLNESS.match(after) and _ASKS_OF_HEREDITY.search(self._key))
        )
        self._now(name, ASIDE if aside else NEAR, is_theirs=owner[:1] in ("他", "她"))
        return True

    def _now(self, name: str, rank: int, *, is_theirs: bool = False) -> None:
        told = self._told.setdefault(name, Told(name, is_theirs=is_theirs))
        told.rank = max(told.rank, rank)
        told.last = max((other.last for other in self._told.values()), default=0) + 1
        self._current = name

    def _same_as(self, head: str) -> str:
        """孩子 is the son who was named before, 老人 the grandfather."""
        for generic, kind in (("小孩|孩子|娃儿?|宝宝|宝贝|婴儿|小家伙|小朋友", CHILD), ("老人家?|老爷子|老太太", _ELDER)):
            if re.fullmatch(generic, head):
                known = [told for told in self._told.values() if told.rank == NEAR and re.fullmatch(kind, told.name)]
                return max(known, key=lambda told: told.last).name if known else head
        return head

    def _enter_self(self, before: str, after: str) -> bool:
        """我 is the one told of where nobody else is yet, or where the clause tells of my own body."""
        others = any(told.rank == NEAR and name != SELF for name, told in self._told.items())
        rest = _PERSON.split(after, maxsplit=1)[0] if after else ""
        own = COMPLAINT.search(rest) or (_ASKS_FOR_SELF.match(after) and rest == after)
        if others and not _ONTO.search(before) and (_OBSERVES.match(after) or not own):
            return False
        self._now(SELF, NEAR)
        return True

    def _enter_pronoun(self, pronoun: str) -> bool:
        """她 after a man is the woman named before him."""
        other, own = (_MALE, _FEMALE) if pronoun == "她" else (_FEMALE, _MALE)
        if self._current not in ("", SELF) and not other.search(self._current):
            return False
        known = [told for name, told in self._told.items() if name not in ("", SELF) and told.rank != ASIDE and not other.search(name)]
        known.sort(key=lambda told: (bool(own.search(told.name)), told.last))
        if not known:
            return False
        self._now(known[-1].name, NEAR)
        known[-1].pronouns += 1
        return True

    def _is_bystander(self, head: str, before: str, after: str) -> bool:
        if before[-1:] in _TO:
            return False
        if _HEARD_BEFORE.search(before) and _HEARD_AFTER.match(after):
            return True
        if _PARTNER.fullmatch(head) and _TOGETHER_BEFORE.search(before) and _TOGETHER_AFTER.match(after):
            return True
        if _ALIKE.match(after) and not is_child(head) and any(told.rank == NEAR for told in self._told.values()):
            return True
        adverbs = _ADVERBS.match(after)
        rest = after[adverbs.end() :] if adverbs else after
        says = _SPEAKS.match(rest)
        if says:
            return bool(re.fullmatch(_MEDICAL, head)) or not _is_own_complaint(rest[says.end() :])
        if re.fullmatch(_PROFESSIONAL, head) and _TREATS.match(rest):
            return True
        return bool(_DIRECTS.match(rest) or re.match("给我?[买开带拿送配]?的|那(?:儿|里)听", rest))

    def named(self) -> list[Told]:
        """Everybody who is told of, in the order in which they are first named; who only acts on others only where nobody else is."""
        everybody = [told for name, told in self._told.items() if name]
        return [told for told in everybody if not is_told_nothing(told, self._of(told))] or everybody

    def said(self, told: Told | None) -> str:
        """What is said of somebody, joined by commas; what is said before anybody is named is said of them too."""
        return self._of(*(self._told[name] for name in {told and told.name, ""} if name in self._told))

    def _of(self, *those: Told) -> str:
        spans = sorted(span for one in those for span in one.spans)
        text = ""
        for number, (start, end) in enumerate(spans):
            is_new = number and spans[number - 1][1] < start
            text += ("," if is_new else "") + "".join(self._struck[start:end])
        return text

    def evidence(self, told: Sequence[Told]) -> list[Evidence]:
        """What speaks for each of these as the patient."""
        return evidence_of(told, [self.said(one) for one in told], self._key)

    def patient(self, told: Told | None) -> Patient:
        """Somebody who is told of, as the patient."""
        others = [name for name, other in self._told.items() if name and other is not told]
        return Patient(told.name if told else "", self.said(told), tuple(dict.fromkeys([*self._bystanders, *others])))


def _is_own_complaint(said: str) -> bool:
    """Whether what somebody says is what they feel themselves: 说头晕, and neither 说是着凉 nor 说我脸色差."""
    said = re.sub(r"^(?:自己|[他她](?:自己)?|这两天|最近|一直|老|总|经常|有点)+", "", said)
    hit = COMPLAINT.search(said[:8])
    if not hit or _ADVICE.search(said[:14]):
        return False
    return not re.search(f"我|俺|{_NOUN}", said[: hit.start()])
