"""What a question is asked for where nothing is happening: a term is looked up, a danger feared or guarded against, something not done yet."""

from __future__ import annotations

import re

from corpus.happening.doubts import Doubt
from corpus.happening.kin import PEOPLE
from corpus.happening.when import NUMBER, PRESENT

_LOOKUP = re.compile(
    "什么是|什么叫|啥是|啥叫|何为|何谓|(?:是|有)?(?:什么|啥|几个|哪个)意思|(?:有哪些|有什么|有啥|什么|哪些|哪几种|啥|典型|常见|早期|主要|的|前期|晚期)(?:的)?(?:症状|表现|前兆|征兆|先兆|特征|类型|分类|病因|机制|并发症|危害|信号)(?!吗|嘛|么|吧|啊|呀|了)"
    "|症状(?:有|是|都)|前兆(?:有|是)|有哪些|有哪几|英文|拼音|怎么(?:读|写|念|拼)|定义|发病率|死亡率|存活率|致死率|生存率|发生率|百科|区别|哪个国家|(?:有|什么|哪些)(?:什么)?副作用|什么坏处|多少钱|费用|价格|收费|医保|报销|保险|意外险|理赔|赔不赔|(?:能|会|给)赔|赔(?:吗|多少)|机制|机理|病理|重疾|工资|待遇|"
    "(?:的|正确|标准|具体|详细|基本|急救|操作|抢救)(?:现场|紧急|院前|家庭)?(?:急救|操作|抢救|治疗|处理|诊断|自救|判断)?(?:标准|机制|原理|步骤|流程|指南|方法|知识|常识|口诀|体位|手法|要点|原则|措施|顺序|首选)|多少算|算不算高|正常值|怎么(?:形成|造成|来)的|为(?:啥|什么)(?:叫|多|会有|有|容易|高发|不能)|带(?:什么|啥|哪些)|(?<!没)(?<!没有)(?<!不用)准备(?:什么|啥|哪些)|时(?:身边|旁边)?(?:的)?(?:人|家属)?(?:该|应该|怎么|如何)(?!办)|发作时|最佳治疗|黄金(?:治疗)?时间|会(?:不会)?影响|多久(?:内)?送|"
    "(?:患者|病人|的人).{0,8}(?:宜|饮食|护理|注意|能吃|可以吃)|宜食|忌食|怎么(?:彻底)?(?:护理|根治)|能不能(?:治愈|根治)|能(?:治愈|根治)|(?:能|多久|多长时间).{0,3}(?:痊愈|治愈)|注意事项|须注意|(?:哪个|哪种|啥|什么)(?:牌子|好)|哪里(?:买|有卖)|能活(?:多久|几年)|会?遗传(?!性|了)|传染|怎么(?:练|考|学)|教程|功效|好发|高发|多见于|在人群|人群中|比例|科学依据|推荐|"
    "怎么用这个|造句|近义词|同一样|是?一回事(?!.{0,3}(?:突然|现在))|几种|一般(?:怎么|如何)(?:治疗|诊断)|诊断依据|术前|术后(?:饮食|护理|注意|能|可以|多久)|后遗症|疫苗(?!.{0,6}(?:没打|来得及|还|针眼|后|完|出血|没))|自杀率|热线|电话多少|证书|证怎么|最(?:常见|容易|多)"
)
_NOT_LOOKUP = re.compile("是不是|是否|算不算.{0,3}(?:中风|心梗)|像(?!什么)|怀疑|救命|救救|怎么办|咋办|咋整|怎么急救|先做什么|怎么救|快不行")
#: What is asked of an illness by its name; alone it is no look-up, for it is asked of one that is there as well.
NAME_LOOKUP = re.compile(
    "怎么回事|咋回事|是什么|是啥|为什么|为啥|什么原因|原因|挂(?:什么|哪个|啥)科|怎么(?:治|引起|检查|确诊|判断|诊断|调理|得)|能治|治好吗|严重吗|多久|几天|饮食|吃什么|吃啥|注意|会.{0,8}吗|能.{0,10}(?:吗|不$)|可以.{0,10}(?:吗|不$)|"
    "手术|高危|风险|概率|几率|史|患者|病人.{0,6}(?:能|吃|饮食|护理)|护理|用药|检查|怎么看|好发|好治"
)
_PREVENT = re.compile(
    "预防|防止|怎么防|咋防|如何防|防(?:溺水|中毒|猝死|跌倒|触电|蛇|中暑|噎|烫|呛|摔)|避免|杜绝|以免|免得|才不会|才不|怎样才|怎么才能?(?:不|给|让)|怎么装|有没有可能|备(?:着|用|点|什么|哪些)|提前准备|安全教育|减少.{0,6}风险|注意什么"
)
#: Before a word, says that it is feared or may come; counts only where the illness is asked of by its name.
WORRY_LEFT = re.compile(
    r"(?:(?<!不)怕(?!是|不是)|害怕(?!是)|担心(?!是)|担忧|生怕|唯恐|会不会(?!是|要|已经)|将来|以后(?:会|要是|怕|得)|(?:会|能|可能|容易|易|可以|是否|要)(?:不会)?.{0,3}(?:导致|引起|引发|诱发|造成|得|变成|发展成)|(?:会|能)(?:不会|不能)?(?:直接|马上)?(?:让人)?|至于|要命的|号称)[^,。]{0,16}$"
)
#: The same, in words that count anywhere.
WORRY_SURE = re.compile(
    r"(?:哪天(?!早上|一觉|睡|醒|死|没)|有朝一日|(?<!不)怕(?!是|不是|有)|害怕(?!是)|担心(?!是)|生怕|唯恐|以后(?:会|要是|怕|得)|将来|会不会(?!是|要|已经)|(?:会|可能|容易|能)(?:导致|引起|引发|诱发|造成))[^,。]{0,16}$"
)
_CONDITION = re.compile(
    "如果(?!能|可以|我(?:不在|死|走|没|消失|离开|不存在|从没)|没有我|没我|一觉|哪天|睡|死|消失)|要是(?!能|可以|我(?:死|走|没|消失|离开|不存在|从没)|没我|不用|不再|一觉|哪天|早上|明天|睡|死|消失|没有我|我不在)|假如(?!我(?:不在|死|走|没|消失|离开)|没有我)|假设|万一|倘若|若是|一旦|遇到.{0,12}(?:怎么|该|应该|如何)|碰到.{0,12}(?:怎么|该|应该)|下次|[说讲怕]补上会|说[^,。]{0,6}会(?=低血糖|昏|晕|中毒|死|瘫|瞎|大出血)|什么情况|哪些情况|什么时候(?:需要|要|应该|该)"
)

_WILL_PREVENT = re.compile("预防|怎么防|如何防|避免|防止|平时(?:要|该|应该)?注意|学学|想学|培训|课程|教程|以防")
_ASKS_FOR_SELF = re.compile("注意(?:什么|些|啥|哪些)|要不要(?:去)?(?:查|检查|体检)|要紧吗|会不会也")
#: What the sight of it did to the asker.
_AFTERMATH = re.compile("噩梦|恶梦|阴影|走出来|缓不过来|后怕|震惊|好难过|很难过|想念|想(?:他|她|我奶奶|我爷爷)$")
_ME_TOO = re.compile("(?:我|俺|咱).{0,6}也")
_OTHERS = re.compile(
    "邻居|同事|朋友|同学|亲戚|隔壁|楼上|楼下|小区|单位|公司|领导|老板|网友|村里|群里|明星|有人|别人|人家|昨天看到|我们班|战友|老乡|同桌"
)
#: Asks what to do now.
CALLS_FOR_HELP = re.compile("怎么办|咋办|咋整|急救(?!课|员|证|培训|知识)|救命|怎么救|叫不醒|先做什么|还没送|现在怎么")
#: 去年得的, said after the illness: a date that stands alone dates what was told before it.
_DATED = re.compile(
    rf"^(?:现在|到现在|如今|到今天)?(?:都|已经)?(?:隔了|过去了?|过了)(?:快)?{NUMBER}(?:年|个月)(?:多)?了?$|^(?:这|那)?(?:是|都是)?(?:我|他|她)?(?:在)?(?:去年|前年|上个?月|小时候|(?:{NUMBER}|很多|好多)个?(?:年|月)(?:之|以)?前)(?:就)?(?:得|犯|发|做|摔|查|确诊|咬|出|发生|住院|伤|手术|治)?(?:出来)?的(?:事|病|时候)?(?:情)?了?$"
)
#: 我还没吃, 先问问: whatever was asked before it has not happened.
_NOT_DONE_YET = re.compile(
    r"^(?:我|他|她|孩子|宝宝|但|不过|现在)*(?:都|也)?还没(?:敢)?(?:吃|喝|用|打|服|混|买|做)(?:呢|过|上|药)?(?:就|先|才)?(?:来)?(?:问问|问一下)?$|^先(?:来)?问(?:问|一下)|^提前(?:问|了解)|^打算|没敢(?:吃|用|喝)$"
)
#: Behind a word, asks what to do about it, so that it is not looked up: 休克怎么办.
QUESTION_AFTER = re.compile(r"^(?:了)?(?:怎么办|咋办|咋整|怎么急救|怎么救)")


def mark_lookups(texts: list[str], doubts: list[set[Doubt]]) -> None:
    """A term looked up or a danger guarded against; a condition (如果) holds in the next clause too."""
    condition = -2
    for number, (clause, own) in enumerate(zip(texts, doubts, strict=True)):
        if _LOOKUP.search(clause) and not _NOT_LOOKUP.search(clause):
            own.add(Doubt.LOOKUP)
            if number and not re.search(f"{PEOPLE}|{PRESENT.pattern}|突然", texts[number - 1]):
                doubts[number - 1].add(Doubt.LOOKUP)
        if _PREVENT.search(clause):
            own.add(Doubt.WORRY)
        if _CONDITION.search(clause) and not PRESENT.search(clause):
            condition = number
        if number - condition <= 1:
            own.add(Doubt.WORRY)


def mark_intentions(texts: list[str], doubts: list[set[Doubt]]) -> None:
    """What the question turns out to be for: prevention after somebody else's illness, or something not done yet."""
    for number, clause in enumerate(texts):
        hopes = (
            _WILL_PREVENT.search(clause)
            or _AFTERMATH.search(clause)
            or (_ASKS_FOR_SELF.search(clause) and any(_ME_TOO.search(other) for other in texts[:number]))
        )
        if hopes and not any(CALLS_FOR_HELP.search(other) for other in texts):
            others = next((before for before in range(number) if _OTHERS.search(texts[before])), number)
            for own in doubts[others:number]:
                own.add(Doubt.STORY)
        if _DATED.search(clause):
            for own in doubts[:number]:
                own.add(Doubt.PAST)
        if _NOT_DONE_YET.search(clause):
            for own in doubts[:number]:
                own.add(Doubt.WORRY)
