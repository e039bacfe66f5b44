"""How it ended: a doctor's all-clear, 好了, or a death."""

from __future__ import annotations

import re

from corpus.happening.doubts import Doubt
from corpus.happening.purposes import CALLS_FOR_HELP

_TREATED = re.compile(
    "(?:医生|大夫|医院|急诊|眼科|口腔科|检查|复查|产检|孕检|胎监|体检|拍了?片|ct|核磁|b超|彩超|化验|心电图|胃镜).{0,10}(?:没事|没问题|正常|没有问题|不要紧|没大碍|愈合|吸收|张开|无异常|没伤到|没啥|挺好|都好|良好|排除)"
    "|(?:啥|什么)(?:都|也)没查出|没查出(?:什么|啥|来|毛病|问题)|查.{0,6}(?:又|也|都)没(?:啥)?(?:毛病|问题|事|异常)"
    "|(?:已经?|都|也)?出院|拆线|拆了线|(?:已经?|都)(?:治好|痊愈|治愈|缝好|处理好)|治好了|康复了|康复期|康复训练|恢复期|恢复得|恢复(?:挺|很|不错)|伤口(?:都|早|已经?)?(?:长好|愈合|结痂|结疤)|结痂掉|(?:大便|便便|粑粑|屎)里.{0,3}(?:找|看|发现)(?:着|到)了|打完(?:了)?(?:全程|[三四五]针)|疫苗(?:全|都|也|已经)?打完了?|取出来了.{0,4}(?:没事|好)"
    "|(?:目前|现在|还|正)在?(?:住院|icu|监护室|重症)|在(?:icu|监护室|重症)|住院(?:已经?)?(?:了|一个|[\\d一二两三四五六七八九十]+)(?:天|周|个?(?:星期|礼拜|月))|(?<!表弟就)(?<!表妹就)(?<!别人就)(?<!邻居就)(?<!自己)拉出来了(?!行|吗)|排出来了|复查.{0,12}(?:[七八]点多|正常|好)|(?:手术|术)后.{0,4}(?:天|月|周).{0,6}(?:结痂|愈合)|刀口.{0,4}结痂"
    "|(?:医生|大夫|护士)[^,。]{0,4}说(?:这)?(?:是|属于)(?:假性|生理性|正常|功能性|良性)|(?:洗了胃|洗过胃|解毒|输完液|打了针).{0,6}(?:好了|没事|出来了)|控制得?(?:挺|很|不错|稳|好)|控制(?:住了|稳定)"
)
#: What a doctor said to expect is no all-clear.
_ADVISED = re.compile("是不是|再等|等等|等一等|就等着|交代|嘱咐|说过|叮嘱|让我们?出院|不去|不肯|没去|不敢去|去年|以前")
_WENT_HOME = re.compile("出院")
_WORSE = re.compile("刚才|刚刚|越来越|突然|忽然|今天.{0,6}又|现在.{0,8}(?:还|一直|更|又)")
_RESOLVED = re.compile(
    "(?<![不会该就买写备攒藏绑系想选打约关锁找穿装算排收做说配])(?<!应该)(?<!以为)(?<!安排)(?<!准备)(?<!收拾)好了(?!几|多|半|吗|没|嘛|么|吧|的)|好多了(?!吗|没)|没事了(?!吗|吧|么)|没事儿了|不疼了|不痛了|不喘了|不晕了|不吐了|不烧了|不肿了|退烧了|(?:包|肿|红|疹子|疙瘩)(?:也|都|已经|早|就|全)*(?:消|退)(?:了|下去)(?!吗|么|没)|缓解了(?!吗|没)|消失了|止住了|血止住|止血了|(?<!睡)(?<!昏)(?<!晕)(?<!背)(?<!死)(?<!抽)(?<!疼)(?<!痛)(?<!厥)(?<!闭)(?<!噎)(?<!扛)(?<!抗)(?<!劲)(?<!说.就)(?<!下就)过去了|正常了|恢复了|恢复正常|不流了|(?:自己|后来|已经|终于)(?:自己|就|也)?下去了|(?:一会儿?|一下|半天|分钟|片刻)(?:后)?就(?:好|止住|停|不流|恢复|缓过来)了|没再|(?<=[刺虫子片物骨币珠])拔出来了|(?:刺|异物|骨头|硬币|珠子|虫子|东西).{0,4}(?:拔|取|弄)出来了|吐出来了|咽下去了|弄出来了|自己(?:爬|飞)出来了"
)
#: Pain that ends because the nerves or the flesh are dead is no recovery.
_NUMB = re.compile("皮.{0,3}(?:白|焦|黑)|焦(?:黑|了)|没(?:有)?知觉|没(?:有)?感觉|发麻|肚子.{0,4}硬")
_PAINLESS = ("不疼了", "不痛了")
#: The dead need no ambulance; what killed them is a story.
_DEAD = re.compile(
    "(?:药|百草枯|敌敌畏|楼|吊|河|江|腕|车祸|心梗|脑溢血|中风|淹)(?:后|就|人|给|都|已经)*(?:死|没|走)(?:了|掉)(?!算|吧|一|多好|才|就好)|没(?:抢)?救(?:过来|回来|活)|(?:去|过)世(?:了|的|后|前)|人(?:已经|就|都)?(?:没|走)了(?!呼吸|气|知觉|意识|反应|脉)(?=[,。!?、]|$)|已经火化|办(?:完)?丧事|头七"
)
#: Who wants to follow the dead is in danger.
_GRIEF = re.compile(
    "想(?:死|走|去陪|跟着|一起|解脱|不开)|不想活|活不下去|活着|(?:我|俺|他|她|孩子|妈|爸).{0,6}也(?:喝|吃|不行|晕|倒|吐)|(?:去|想|要)陪|[攒藏]"
)
#: Somebody else's recovery, or a hope: says nothing of the danger told before.
_NOT_THIS_RECOVERY = re.compile(
    "说[^,。]{0,14}(?:过去了|好了|没事儿?了|不[疼痛]了)|以为|应该|听说|人家|[他她](?:姐|哥|弟|妹)[^,。]{0,10}好了|别人|邻居|大姐|同事|同学|亲戚|以前|上次|小时候|那时|去年|头胎|闺蜜|隔壁|是不是|算不算|就行|等.{0,6}好了|自己说"
)
_UNRESOLVED = re.compile(
    "没好|不见好|好不了|又(?:不行|开始|犯|来|疼|晕|抽|吐)|还是|仍|更(?:疼|重|厉害)|会不会|能好|才能|怎么才|早就好了吗|想.{0,6}就好|死.{0,4}就好"
)


def mark_endings(texts: list[str], doubts: list[set[Doubt]], soft: list[set[Doubt]]) -> None:
    """A doctor's all-clear, or 好了, reaches back over everything told before it, but not over what comes after."""
    treated = resolved = -1
    story = ",".join(texts)
    numb = bool(_NUMB.search(story))
    if _DEAD.search(story) and not CALLS_FOR_HELP.search(story) and not _GRIEF.search(story):
        for own in doubts:
            own.add(Doubt.PAST)
    for number, clause in enumerate(texts):
        if Doubt.PAST not in doubts[number] and _TREATED.search(clause) and not _UNRESOLVED.search(clause) and not _ADVISED.search(clause):
            # Who went home and is worse now (出院了, 刚才越来越疼) is not well.
            treated = treated if _WENT_HOME.search(clause) and any(_WORSE.search(other) for other in texts) else number
        better = _RESOLVED.search(clause)
        if better and not (numb and better[0] in _PAINLESS) and not _UNRESOLVED.search(clause) and not _NOT_THIS_RECOVERY.search(clause):
            resolved = number
    for own in doubts[: treated + 1]:
        own.add(Doubt.TREATED)
    for weak in soft[: resolved + 1]:
        weak.add(Doubt.RESOLVED)
