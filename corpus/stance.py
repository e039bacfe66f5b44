"""What a doctor's sentence says of a word in it: do it, leave it, it is not needed, or nothing that counts.

The same words are advice in one clause and a warning in the next: 热敷, 不要热敷, 热敷没用, 热敷过吗, 热敷后加重. So whether
a wording supports a point (`corpus.points`) is read from what stands around it in its clause. `corpus.clauses` reads
patients, who tell what they have; this reads doctors, who say what to do, so that the two share little more than the idea:
here 不要 and 避免 are advice of their own and no denial. Where a clause can be read either way nothing is read from it,
because a point that no doctor made is worse than one that is missed.

All of it works on the search key of one sentence (half width, lower case).
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from corpus.hearsay import is_hearsay, is_taken_back


class Stance(StrEnum):
    """FOR: do it, or it is so. AGAINST: leave it. NEEDLESS: it is not needed, does not help, or need not be so.

    UNGUIDED: leave it unless a doctor says so (不乱用利尿剂, 别自己吃布洛芬).
    """

    FOR = "for"
    AGAINST = "against"
    NEEDLESS = "needless"
    UNGUIDED = "unguided"


class Role(StrEnum):
    """What kind of word it is, which decides what sign it needs.

    ACT: something to do; the word suffices. USE: a drug or a treatment's name; must be said to be used. TEST: must be said to
    be done, and not what it showed. PLACE: a department to go to. HARM: something to avoid; must be said to be avoided.
    CAUSE: must be said to cause.
    """

    ACT = "act"
    USE = "use"
    TEST = "test"
    PLACE = "place"
    HARM = "harm"
    CAUSE = "cause"


#: What ends a clause. The mark of a list (、) does not: 避免熬夜、饮酒 is one piece of advice.
_CLAUSE_END = re.compile(r"[,;:!?。…()\[\]【】\s]+|\.(?!\d)")
#: A clause that holds little more than its word goes on with what the clause before it said (查血常规,尿常规).
_BARE = 3
_REACH_BACK = 4

_ASKS = re.compile(r"(?:[?]|吗|呢|么|没有?|了没)[?!。]*$")
#: A clause that leaves open what to do: by its form, by a word that asks, by one that asks for no answer, or by what it hangs on.
_UNDECIDED = re.compile(
    "(?P<verb>[^时,])(?:不|没)(?P=verb)|(?P<act>[^,])可不(?P=act)|可有可无"  # 要不要, 吃不吃, 可做可不做; 时不时 is often
    "|是否|能否|可否|有无|与否|多大(?!关系|作用|用|意义|必要|帮助|效果)|什么时候|什么情况|哪些(?:药|人|情况)|哪种|为什么|为何"
    "|难道|谁说|何必|何苦|何须|怎么(?:能|可能|会)|岂|哪(?:里|儿|有|能)(?!不)|凭什么|用得着"
    "|不(?:代表|等于|意味着?|说明)"
    "|取决于|因人而异|(?:要看|得看|^看)[^,看]{0,8}(?:情况|病情|结果|程度)$|(?:(?<!看)看(?!看)|视)[^,]{0,10}(?:而定|再定|来定|再说|再决定|来决定)|决定[^,]{0,6}还是|是[^,]{1,8}还是|由[^,]{1,8}决定"
)
#: What decides between two may be told in a clause of its own: 手术还是保守治疗，取决于分型.
_CHOICE = re.compile(
    "还是[^;。!?]{0,16}(?:取决于|因人而异|(?:看|视)[^,]{0,10}(?:情况|病情|结果|程度|类型|分型|大小|位置|而定)|[由让][^,]{1,8}决定)"
)
#: A negation in form that is none in meaning.
_NO_NEGATION = re.compile(
    "别嘌|金刚|过氧|免疫|王不留行|防风|鹅不食草|不要忘记?了?|不要忽视|不(?:可|能|要)忽视|不要?忘|别忘了?|不能缺少?|不可缺少|必不可少|不可少|不能少|离不开|不只是?|不仅仅?是?|不但|不光|不止|不单|不能不|不可不|不可避免|不要不"
    "|不(?:能|可以?)?(?:排除|除外)|不用说|不要紧|特别|分别|个别|区别|性别|级别|识别|鉴别|类别|差别|别的|别人|别处|至少|多少|不少|减少(?=复发|发作|症状)|缺少|很少|少量|少许|少数|少见|少年|年少|失禁|禁忌症|不断|不同(?!意)|不错|不良|不适(?![合宜用])|不佳|不足|不全|不舒服|不舒|不久|不太好|不明|不规律|不调"
    "|不(?:用|要|必|需要)?(?:太|过于|过度|过分)?(?:担心|紧张|害怕|着急(?!$|[去上到做动开用吃服打输住手])|焦虑|惊慌|恐慌|怕|慌)"
)
#: Who is told not to stop something is told to go on with it.
_GO_ON = re.compile(
    "(?:不要|不能|不可以?|不宜|不应该?|不建议|不主张|不得|不许|切勿|切莫|勿|别)(?:随意|随便|自行|擅自|私自|突然|骤然|轻易|立即|马上|过早|盲目|再)?(?:停用|停止|暂停|停掉)"
)
_AGAINST = re.compile(
    "不要|不能|不可以|不可|不宜|不建议|不主张|不推荐|不提倡|不应该?|不得|不许|不准|切忌|切勿|切莫|勿|忌|禁止|禁忌|禁用|禁|别|避免|避开|杜绝|停止|停用|减少|远离|防止|慎用|谨慎|慎重"
    "|不适合|不适宜|不吃|不喝|不做|(?:最好|尽量|暂时?|先|目前)不要?|不再|谢绝|戒|少(?=吃|喝|食|饮|用|做|抽|碰|接触|搬|提|熬|看|玩|走|爬|去|有)|少$|限制|控制|不(?:抽|沾|熬|穿|提|搬|用手)|拒绝|脱离|预防|防(?!晒|治|护|范|疫|御)|停(?=掉|吃|喝|服)|当心|小心|注意不|以免|免"
)
#: What forbids something to do. 戒, 少 and 控制 do not: 戒酒、减重、控制血压 are three pieces of advice.
_FORBIDS = re.compile(
    "不要|不能|不可以|不可|不宜|不建议|不主张|不推荐|不提倡|不赞成|不同意|反对|不应该?|不得|不许|不准|切忌|切勿|切莫|勿|忌|禁止|禁忌|禁用|禁|别|避免|杜绝|停止|停用|(?<!呼吸)暂停(?![次时综指])|停掉|慎用|不适合|不适宜|不适用于?|不支持|不鼓励|不赞同|甭|莫(?=吃|用|做|去|打|喝|服|乱|再|给|碰|滥|随)|不吃|不喝|不做|(?:最好|尽量|暂时?|先|目前)不要?|不再|少(?=做|用|吃|喝|食|饮|抽)"
    "|不(?=(?:乱|胡乱|滥|自己|自行|擅自|私自|随便|随意|盲目)(?!缓解|消退|好|恢复|停|吸收|愈|主))|不(?:给|加用|服用?(?!从)|使用(?!过)|选用?|涂|抹|含服|联用|合用)"
)
#: A refusal by halves is one no less: 不太建议, 不是很推荐, 不怎么需要, 不是特别需要; what somebody seldom does (不怎么喝水) is no advice.
_HALF = "(?:太|大|怎么|怎样|很|特别|十分|那么|这么|非常|甚)"
_SOFTENED = re.compile(
    f"不(?:(?:是)?{_HALF}(?=建议|推荐|主张|提倡|赞成|赞同|同意|支持|鼓励|适合|适宜|合适|可取|宜|需要?|必要|应该?|可以|能)|是(?=建议|推荐|主张|提倡|需要|必要))"
)
_SELDOM = re.compile(f"不(?:是)?{_HALF}(?:用|吃|做|喝|服|打|去|敢|想|愿意|喜欢|爱)[^,]{{0,3}}$")
#: 没到要手术的程度, 达不到输液的指征.
_NOT_SO_FAR = re.compile("(?:没有?|未|不)(?:严重|发展|坏|重)?达?到[^,]{0,4}$|达不到[^,]{0,4}$")
_SO_FAR = re.compile("^(?:治疗|处理)?的?(?:程度|地步|标准|指征|份上|那一步)")
#: 不吃抗生素好不了 says that it is needed.
_MUST_BE_BEFORE = re.compile("不(?:去|吃|用|做|打|喝|服用?|挂|进行|接受|靠)?$")
_OR_NEVER_WELL = re.compile(
    "(?:治疗)?(?:是|就|也|都|很|肯定|一般|根本|怕){0,2}(?:好不了|治不好|不会好|不能好|难好|难以(?:痊愈|治愈)|好不起来|不行|不成|不可以?|退不[了下]|控制不[了住])(?:的|了)?"
)
#: What is done with the word comes behind it, and may be anything: 别把降压药停了, 不要把抗生素当消炎药吃.
_TAKES_IT = re.compile("把|将(?!来)")
#: Not yet; whether one day is open (不急着手术, 目前不做).
_PUT_OFF = re.compile("(?:不急(?:[于着]|需?要?)|不着急|不忙着?|(?:暂时?|目前|先)不)$")
_NEEDLESS = re.compile(
    "不需要?|无需|不必要?|无须|毋须|没有?[^,]{0,3}必要|用不[着上到]|犯不[着上]|(?:谈不上|不至于)(?:到|去|非?要|需要|得)?|不用|不认为(?:有必要|需要|应该|要)?|不一定(?:非|就|都|马上|立刻){0,2}(?:要|需要?|得)?|不急(?:[于着]|需?要?)|不着急|不忙着?|未必需?要?|不太需要|没有?指征|不是必须"
    "|(?:并非|并?不是)说?(?:人人|个个|所有人?|每[^,]{1,5})?(?:都|一定|必须|必需|非)(?:一定|必须)?(?:非?得|非?要|需要?)?"
)
_DENIES_CAUSE = re.compile(
    "(?:谈不上|算不上|(?:不一定|未必|不见得|不全|不都|并不|不会|并非|不单纯|不)是?(?:因为?|由于?|因)?|不像)[^,]{0,1}$"
)
_UNLIKE = re.compile(
    "不(?=因|由)|不是|不[太大]?可能是?|不能说是?|不考虑|谈不上|算不上|说不上|(?:没有?|无)证据(?:表明|证明|显示)|并非|不像|不一定|不都|不会是|非|未必|不见得|不全|不单纯|没有|无|未见"
)
#: Words before which a negation ends: 不要热敷,而是冷敷 / 不要紧张应该多喝水.
_TURN = re.compile(
    "但是|但|而是|而要|而应|改为|改成|改用|应该|(?<!不)应|(?<!不)(?<!无)需要|(?<!不)建议|(?<!不)可以|(?<!不)可(?!能)|(?<!不)要(?!是|么)|最好(?!不|别)|(?<!不)必须|同时|然后|再(?!次|用|吃|喝|做|去)|并(?!发|非|不)"
)
#: Before a negation it turns it round, or says that somebody else might have said so: 并非不能, 不是说不能, 没人说不能, 不|反对.
_TURNED_ROUND = re.compile(
    "(?:不是|并非|没有?(?:什么|太大|多大)?必要|不必|无需|没有?|未必|不见得|不一定|不等于|不代表|不意味着?|不可能|(?:没|没有|无)人|我没|(?<!要)不)(?:就|也|都|是|说过?|讲|要求|认为|一定|完全|绝对|规定)*$"
)
#: Between a negation and its word: how much, how often or at once, how, when, by itself, to what end or what is thought of it,
#: and not whether (不要过度拉伸, 不要一发烧就, 不能说).
_QUALIFIED = re.compile(
    "过度|过量|过多|过早|过分|过快|长时间|长期|大量|滥|乱|剧烈|太|过|用力|强行|暴力|大力|[那这]么|那样|刻意|特别|整[天夜日]|全"
    "|频繁|反复|一次|每|天天|次次|时时|一直|始终|终身|一辈子|经常|常常|常规|总|老|人人|个个|一[^,、]{1,5}就"
    "|盲目|自行|擅自|私自|随意|随便|自己|轻易|贸然|直接|空腹|同时|快速|非[得要]?"
    "|突然|立即|立刻|马上|急于|急着|着急|忙着|首选|一开始|现在就"
    "|只|单|仅|一味|光|靠|依赖|代替|替代|耽误|延误|放弃|停|中断|间断|耽搁|忽略|为了"
    "|说|认为|以为|觉得|当[成作]|怪|信|指望|怕|担心|顾虑|谈|怀疑|排斥|拒绝|抗拒|顾着|纠结"
)
#: What is not enough by itself: 光吃药不行, 单纯补钙没用, 靠按摩治不好 refuse nothing. 只要 and 只能 tell to do it.
_BY_ITSELF = re.compile("(?:光(?![疗照子敏动线滑])|只(?![要需能有好得是会])|仅仅?(?!需|能|有|限)|单单?(?!位|个|元)|单纯|一味|靠)[^,]{0,6}$")
_FALLS_SHORT = re.compile("不|没|无|难|有限|有害|禁")
#: The word brings its own verb along, so a negation that does not touch it belongs to something else (不要紧张多喝水).
_OWN_VERB = re.compile(
    "多|注意|适当|适度|适量|及时|尽快|尽早|及早|早|马上|立即|立刻|保持|加强|坚持|定期|规律|按时|应|要|可|建议|必须|每|保证|放松|调整|调节|去|到|来|做|查|看|拨打|叫|打|送|增|合理|进一步|控制|监测|(?:水|大便|饮食|作息|情绪|心情|心理|睡眠|营养)"
)
#: A wording that says how much or how often: told not to, somebody may still do it (不要长期用, 不用多喝水).
_HOW_MUCH = re.compile(
    "多(?!糖)|长期|大量|足量|适当|适度|适量|坚持|持续|经常|规律|定期|按时|及时|尽快|尽早|及早|早(?!孕)|马上|立即|当天|大(?!便)|加强|绝对|每"
)
#: A wording may bring a modal verb along, which belongs to the negation before it (暂时不|需要手术, 没到|要手术的程度), or to the word that it
#: ends (没必|要手术); 主|要手术 is no wording at all, and 只|要手术就能好 no advice.
_MODAL = re.compile("需要?|要|应该?|可以|建议|必须")
_LENDS_A_MODAL = re.compile("(?:不|没|未|无需|用不着|达|非)[^,、]{0,5}$|必$")
_CUTS_A_WORD = re.compile("[主重次紧首只]$")
#: A verb that any act may begin with, so that a negation anywhere before it in its clause may reach it: 不用每次感冒都去医院.
_ANY_VERB = re.compile("去|到|来|做|查|看|打|送|叫|拨打")
#: Without a doctor: 别自己吃, 不擅自加用; of what somebody takes already it is the dose, or the end, that is spoken of (别自己停).
_ALONE = "(?:自己|自行|擅自|私自|随便|随意|胡乱|乱|滥|盲目|贸然)"
_TAKES = "(?:使用|应用|服用|口服|含服|注射|加用|选用|用|吃|服|喝|给|涂|抹|买|打|输|点|滴|贴|含|加(?![量倍减大])|补)"
_UNGUIDED = re.compile(
    f"(?:再|去|先|在家|给(?:孩子|宝宝|老人|他|她))*{_ALONE}(?:再|去|先|在家|乱|反复|给(?:孩子|宝宝|老人|他|她)|上)*{_TAKES}*(?:点|些|任何|其他|别的|家里的?|成人的?|强效|[^,、停换减]{{0,2}}、)*"
)
_UNGUIDED_AFTER = re.compile(
    f"^(?:类|药物?|片|软膏|药膏|、[^,、不别]{{1,6}})*(?:都|也|均|千万|一定)?(?:不要|不能|不可以?|不宜|不应该?|不得|切勿|切莫|切忌|勿|别|不){_ALONE}(?:去|乱|先|再)*{_TAKES}(?!停)"
)
#: What is not for some people is no less than forbidden to them: 6个月以下不用布洛芬, 哮喘者不用.
_NOT_FOR = re.compile(
    "(?:以下|以内|[^或]者|患者|病人|的人|孕妇|孕期|孕早期|哺乳期?|新生儿|婴儿|过敏|病史|不全|未满[^,]{1,4}|不满[^,]{1,4})(?:都|均|也|一律|一般|最好|先|就){0,2}不用$"
)
#: A refusal at the end of the clause, with more between than `_HARMFUL` takes: 布洛芬6个月以下不用, 含服硝苯地平降压的办法不要用.
_REFUSED_AT_END = re.compile(
    "^[^,可能应宜须要]{0,16}?(?:不(?:要|宜|能|可|应|建议|推荐|主张)?(?:再)?(?:用|吃|服|做)|不可取|不推荐|不建议|禁用|忌用|慎用|别(?:再)?(?:用|吃|服))(?:了|的)?$"
)
_FOR_THEM = re.compile("以下|以内|者|患者|病人|的人|孕妇|孕期|哺乳|新生儿|婴儿")
_TOUCH = 2
_LIGHT = re.compile("(?:马上|立即|立刻|特意|专门|急着|急于|再|太|过早|盲目|自己|自行|随便|经常|频繁|过|去|一定|非要?|每天|总)?")
_GAP = 8

#: Behind a word that is warned of: how much or how long of it, and not whether (避免热敷过久, 不要喝牛奶太多).
_TOO_MUCH_AFTER = re.compile(
    "^(?:的?(?:时间|次数|量|力度|力量|温度|剂量|用量|水温))?(?:过|太|超过)(?!敏)|^[^,]{0,2}(?:时间|次数|温度|力度)(?:过|太)"
)
#: What is left, or stopped, for the time before something: 手术前停用阿司匹林, 睡前不要热敷.
_BEFORE_SOMETHING = re.compile("(?<!目)(?<!之)前(?!列|臂|期)[^,]{0,6}$")
#: Said of those only who are named before it: 肾功能较差时不宜用.
_FOR_SOME = re.compile("(?:(?<!没)有|患|若|如果|对于?|功能|过敏|史)[^,]{0,12}(?:时|者|的人?|患者)[^,]{0,4}(?:不|禁|慎|别|避免|忌|无需)")
#: A medicine that somebody takes already, or what comes of it, is no advice to take it.
_IN_USE = re.compile(
    "(?:原来|原先|之前|以前|平时|目前|现在|一直|你|您|他|她)(?:自己|在)?(?:吃|用|服|打|开)的(?!是)|正在(?:吃|用|服|打|输)|(?<!现)在(?:吃|用|服)|已在(?:吃|用|服)|误服|误食|元凶|致畸|(?:吃|用|服|打)(?:着|过|了)|含有?的?成分|药里的?|服药期间|用药期间|只要能"
)
_AFTER_SOMETHING = re.compile("(?:术后|治疗后|停药后|过量|过度|大量)[^,]{0,2}$|(?<![需要应议可])长期(?:大量)?(?:吃|服用?|用)?[^,]{0,10}$")
_NOT_NOW = re.compile(
    "(?:不|不得不|被迫|单纯?|光|只|靠|我是|是一[名位个]|作为|以免|免得|防止|已经?|曾经?|以前|之前|既往|上次|当时|刚刚?|一直在?|正在|目前在|有过|原来|因为|由于|除了|除|除非|如果不|若不|没有|没|未|无|(?:并非|不是)(?:靠|用|吃|做|打|喝|去)?|比|代替|替代|等于|等同于|不如|停|暂缓|推迟|不(?:排斥|反对|拒绝|禁止)|导致|引起|造成|致|怕|担心|害怕|说的|所谓的?|什么|哪种|哪些|非|(?:拒绝|抗拒|抵触|排斥|拒)(?:做|用|吃|打)?)$"
)
#: Said of few, or beside something better: 很少需要手术, 极少数人才要, 与其吃药.
_OF_FEW = re.compile(
    "(?:(?:很|极|较|非常|比较|鲜)少(?!吃|喝|活动|运动)|极?少数|个别|(?:有的|有些|一些|(?<!大)部分)(?:人|患者|病人|情况|病例|孩子|医生)|罕见|万不得已|实在不行|与其)[^,、]{0,8}$"
)
_PAST_BEFORE = re.compile("(?:已经?|曾经?|以前|之前|既往|上次|当时|刚刚?|昨天|前天|去年|多次|有)[^,]{0,6}$")
_PAST_AFTER = re.compile(
    "^[^,]{0,3}(?:长时间|很久|多天|多年|几天|\\d+[天周年])了|^(?:治疗|检查|药物?)?(?:过(?!量|多|度|敏|程|大|早|重|热|高|强|久|猛|于)|了(?!解))"
)
_ASIDE_AFTER = re.compile(
    "^(?:治疗|药物?|类药?物?|检查|等)?(?:过量|过多|过度|过敏|中毒|史|不当|不足|不够|依赖|成瘾|耐药|的?副作用|的?不良反应|(?:也?可能|也?会|也?能|可|都会|容易|反而会?|常)?(?:引起|导致|诱发|造成|使(?!用)|让|影响|加重|增加|掩盖|损害|损伤|伤)|的?(?:患者|病人|孩子|时候|情况|禁忌|风险|费用|价格|目的|机会|概率|原理|作用|成分|副作用|味道|剂量|并发症|切口|伤口|名称)|费用|期间|失败|与否|还是|或者?不|吗|么|呢|[^,]{0,12}的人(?!群)|[^,]{0,8}的(?:会|可能)|[^,]{0,6}(?:停用?|暂停)(?:至少|\\d|[一两二三四几])|的(?:要|应|可|需|$)|者(?!,|可以|应)|有(?:很大|一定)?(?:风险|副作用)|多少钱|(?:之|以)?前(?!列|臂|后)|(?:之|以)?后(?!,|再|即|可以|，|可缓|要|多|休|注|避|应|尽|早|复|继|期))"
)
#: What the word is worse than, what it does not do, or that it has time: 热敷不如冷敷, 布洛芬不会上瘾, 补钙不是万能的, 吃药等于白吃, 手术可以缓一缓.
_SET_BACK_AFTER = re.compile(
    "^(?:治疗|药物?|检查|类|片|的(?:效果|作用))?[^,、]{0,4}?(?:(?<![才就])不会|不如|不比|比不上|不及(?!时)|不是(?:万能|唯一|首选|目的|根本|办法)|是[^,]{0,3}(?:最后|万不得已|下策|无奈)"
    "|虽|固然|作用有限|效果有限|只治标|治标|不一定|(?:等于)?白[花费吃做补打搭]|暂缓|缓一缓|推迟|延后|不(?:着)?急|可以不)"
)
#: 热敷无效时手术: that it may fail says neither that it helps nor that it does not.
_FAILS_AFTER = re.compile(
    "^[^,]{0,4}(?:只能|无效|(?:效果|疗效)?不(?:好|佳|明显|大|理想)|失败|控制不(?:好|住)|不能控制|没好转|不见好|限量|减量|减半|控制在|要?限制|适量(?!吃|喝|运)|不(?:能|可|宜)?过量|不超过|太慢|过快)"
    "|^[^,]{0,12}(?:限量|控制在[^,]{0,3}[掌克两份个杯斤])|^[^,、]{0,12}(?:别多|不宜多|不要多|不能多)(?:吃|喝)"
)
_USELESS = re.compile(
    "^(?:治疗|疗法|的?方法|一般|其实|不但|不仅|不光|非但|也|都|均|是|就(?!是)|并|本身|目前|药物?|片|类|往往|通常|可能|效果|的|等){0,4}(?:对(?!于?你|于?您)[^,]{0,6}?)?(?:没有?(?:什么|多大|太大|任何|明显|特别)?(?:用(?!过|药|完|上)|用处|必要|意义|作用|帮助|效果?|好处)|无用|不必要|不需要(?!担心|紧张|害怕)|(?:作用|用处|意义|帮助|效果)(?:并)?不大|解决不了|不能解决|不管用|不顶用|治不好|不能治|治不了|不起作用|无济于事|不是必须|不解决|(?:不用|不必)(?:再?[做吃打喝查]了?|了)$)"
)
_HARMFUL = re.compile(
    "^(?![^,]{0,6}(?:不(?:要|能|可以?|应该?|宜|建议|主张|得|许)|别)(?:随意|随便|自行|擅自|突然|轻易|马上|立即)?停)(?:治疗|等|之类|的?方法|的?做法|的?说法|的(?=[都均也])|这种|一般|也|都|是|并|就(?=[先暂不别停])|先|本身|药物?|类|食物|食品|东西|运动|尽量|最好|一定|要|应|应该|均|均应|反而|只会|可能|容易|往往|会|可|更|让|使|这些){0,4}(?:对[^,]{0,6}?)?(?:不可取|不行(?!时)|不宜|不建议|不推荐|不主张|禁用|禁忌|禁止|慎用|避免|不能(?:用|做|吃|喝|碰|再|随便|乱)|不要(?:用(?!力)|做|吃|喝|碰|再|乱|随便)?(?=$|,|了|的|。)|不要(?:吃|喝|碰|做|再|乱|沾)|不可(?:以|用|取)|有害|不合适|不适合|不适用|少吃|少喝|少碰|少用|别(?:吃|喝|用|做|碰|再)|不吃|不喝|不碰|忌|戒|加重|诱发|刺激(?!性)|不利|弊大于利|弊多利少|得不偿失|划不来|划不着|不划算|不值[得当]?|坏处多|害处多|害处大|伤|要?少(?!量)|(?:错误|不对)的|停(?![了掉药用服]{0,2}(?:之|以)?[后又再]|[经留顿滞诊]))"
)
#: Without a mark between, what must not be done may be the next thing: 注意保暖不能吃辛辣食物.
_OF_SOMETHING_ELSE = re.compile("^(?:不(?:能|要|可以?|宜)|别|忌|戒|少|避免)再?(?:吃|喝|用|做|碰|沾|服)?[^,了的太过多再]{2}")
#: A test that only guides a hand: 在超声引导下穿刺.
_GUIDES = re.compile("^(?:检查)?的?(?:引导|监视|监护|定位|辅助|指引|介导)(?:之)?下")
#: What something is and no more: 退热只是对症处理.
_NO_MORE_THAN = re.compile("(?:只|仅仅?|不过|无非)是$")
_REFUSES_ITSELF = re.compile("不要|别|避免|勿")
#: Who cannot do something, and whom nobody forbids it: 因不能面诊.
_UNABLE = re.compile("(?:因为?|由于|网上|线上|这里|平台)[^,]{0,4}$")
#: Useless for the whole of it: 贴膏药不解决根本问题.
_PARTLY = re.compile("根本|根子|病根|所有|全部|一切|彻底")
#: 输液可以停了 says that it is not needed any more; 热退后可以停 says so of some later day.
_MAY_STOP = re.compile("^(?:治疗|药物?|[也都均就现在已经]){0,4}(?:可以?|能)先?停(?![药经留顿滞诊]|[了掉用服]{0,2}(?:之|以)?[后又再])")
_LATER = re.compile("后|时|再|等到?|天|周")
#: What is stopped has been named before it, so that this hands nothing on: 二甲双胍要暂停,问医生.
_STOPPED = re.compile("(?:暂停|停掉)了?(?=,|$)")
#: What is said of the last in a list with 都 is said of all (针灸、推拿都没用); without it of that one, and the others are open.
_LIST_GOES_ON = re.compile("^(?:(?:、|和|及|与|或者?|以及)[^,、和及与或都均也不没无别禁忌慎少多要可就]{1,8}+){1,5}+")
#: Said of what stands before it, and not of what may follow (热敷、低盐饮食并禁忌辛辣).
_REFUSED = re.compile(
    "^(?:就|是|也|并|其实){0,2}(?:不可取|不行|不合适|不适合|有害|(?:错误|不对)的|(?:不宜|不建议|不推荐|不主张|禁用|禁忌|慎用)(?=$|了|的))"
)
_IF = re.compile("如果|若|假如|要是|倘若|万一|一旦|当(?!天|地|日|归)|对于?[^,]{1,8}(?:者|的人)|如(?!果|何|此|下|今)|有.{0,6}(?:者|的人)")
_IF_AFTER = re.compile("(?:时|者|的(?!话)|再|,?(?:可|应|就|则|要|考虑|需|才|请|及时|建议))")

_USE_BEFORE = re.compile(
    "(?:(?<!常)用(?!过|药史|于)|常用|服(?!务)|吃(?!过)|涂|抹|擦|选|给予?|予|加用|配合|注射|静滴|输(?!卵)|滴|喷|补充|建议|推荐|治疗|应用|需要?|首选|联合|贴|敷|开具|再开|备|进行|做|采取|采用|接受|考虑|喝|洗|吸入|必要时|可(?!能|引|致|见))"
)
_USE_DENIED = re.compile("引起|导致|诱发|造成|副作用|不良反应|禁忌|中毒|过敏|耐药|影响|损害|评估|会使|成瘾")
_USE_AFTER = re.compile(
    "^(?:片|胶囊|颗粒|口服液|软膏|乳膏|膏|丸|栓|类|等|、|或|和|及|药物?|的|这?一?类|注射液|滴眼液|凝胶|混悬液|缓释片|分散片){0,4}[^,不别勿禁忌慎]{0,4}?(?:治疗|口服|外用|外涂|外擦|涂抹|涂擦|冲洗|泡洗|效果|缓解|控制|即可|都可以|可以|服用|使用|吃|喝|试试|调理|静滴|含服|缓解|降|止|改善|预防|保护|\\d)"
)
_TEST_BEFORE = re.compile(
    "查(?!出|到|过|体)|做|检(?!出)|验(?!证)|测|拍|进行|完善|建议|需|应(?!激)|可(?!能)|排除|监测|照|看(?!到|出|见)|必要时|定期|要|去|再|包括"
)
_TEST_RESULT = re.compile(
    "^(?:检查|检测|化验|检验|监测|单|报告单?|片子?)?(?:的)?(?:结果|显示|提示|示(?!例)|正常|异常|偏|升高|增高|降低|下降|没|无(?!创|痛)|未|报告|上|阳性|阴性|值|里|中(?!心|医)|是(?!否)|为|高(?!压)|低|指标|发现|说|水平|>|<|=|≥|≤|\\d|太|达|在|稳定|控制|好|都|也|不|通过|已|明显|轻度|较|能(?:发现|看|确|显|诊)|可以?(?:发现|看|确|显|诊|帮)|单|的|超过|到|大于|小于|低于|高于|和尿|没有|有|表现)"
)
_PLACE_BEFORE = re.compile("看|挂|到|去|来|在|找|转|往|咨询|请|送|上|就诊|预约|由|回|联系|或|和|、|及|问|可|建议|让")
_PLACE_AFTER = re.compile(
    "^(?:(?:或|、)[^,]{1,8}?)?(?:门诊|专科|的?专业|医院|急诊|的){0,2}(?:就诊|看|检查|门诊|就医|进一步|急诊|评估|随访|面诊|咨询|治疗|医生|大夫|挂号|诊治|专科|系统|复查|处理|专家|会诊|明确|做|查|确诊|调)"
)
_CAUSE_BEFORE = re.compile(
    "由|因(?!此|而)|与|跟|同(?!时|房|样)|和|见于|原因|诱因|病因|考虑|可能|多是|多为|常为|常是|属于|诊断|怀疑|主要是|主要有|主要为|常见|包括|比如|例如|如(?!果)|像|是(?!否)|为|有(?!助|利|效)|受|来自|来源于"
)
#: The clause speaks of causes at all.
_SPEAKS_OF_CAUSES = re.compile("由|因(?!此|而)|与|跟|见于|原因|诱因|病因|考虑|可能|多是|多为|主要是|常见|引起|导致|有关|诱发|造成")
#: Names what it may be right before the word; a disease needs this, for diseases are named for many reasons.
_CAUSE_NAMED = re.compile(
    "(?:由于?|因为?|与|跟|见于|原因(?:是|有|为|包括|可能)*|考虑(?:是|为|有|可能)*|可能(?:是|为|由|有|患|存在)|多(?:是|为|由|因|见于)|属于|诊断(?:是|为)?|怀疑(?:是|为|有)?|主要(?:是|由|为)|常(?:是|为|由|见)(?:于|的?有|的?是)?|像是?|(?:就|应该|应当|这|还|大概|估计|不排除|考虑|症状)是|不排除|有无|符合|患有|排查|存在)[^,]{0,2}$"
)
_CAUSE_AFTER = re.compile(
    "^[^,]{0,14}(?:引起|导致|所致|造成|诱发|引发|有关|相关|的?原因(?!不明)|的?缘故|而致|致使|惹的|的可能性?(?!不大|很?小|较?[小低]|不高|不)|可能性(?:较?大|大|比较大)|可能$|的情况$|的表现|就?都?也?会(?:产生|出现))"
)
_CAUSE_DENIED_AFTER = re.compile(
    "^[^,]{0,8}(?:无关|没有?(?:什么|直接|多大|太大|必然|任何|明显|一定)?的?(?:关系|联系|相关)|关系不大|不相关|不会(?:引起|导致)|的?可能性?(?:不大|很?小|较?[小低]|不高)|可能不大)"
    "|^[^,因]{0,8}不是(?:其|它)?的?(?:主要|常见|直接|真正|根本)?的?原因(?!之)"
)
#: 跟受凉没关系 denies a cause; 偶尔熬夜没关系 says that it does no harm.
_NO_MATTER_AFTER = re.compile("^[^,]{0,8}没有?(?:什么|多大|太大)?关系")
_NAMES_RELATION = re.compile("(?:与|和|跟|同)[^,]{0,8}$")
#: Neither one nor the other: 很难说是受凉, 不确定是否.
_UNSURE = re.compile("(?:难说|不好说|说不准|看不出|[不无]法?[能敢]?确定)[^,]{0,4}$")
#: Ruled out, or to be ruled out, or less likely than what comes after: 可以排除感染引起的, 与其说是缺钙.
_NOT_RULED_OUT = re.compile("不(?:能|可以?)?(?:完全)?(?:排除|除外)")
#: When it is not ruled out something is told, and nothing of what it is: 不能排除心梗时不要按摩.
_AS_LONG_AS = re.compile("^[^,]{0,2}(?:时|之?前|以前|的?情况下|者|的(?:患者|病人|人|话)|就|[不别勿禁慎])")
_RULED_OUT = re.compile("(?:排除|与其说?)[^,]{0,4}$")
#: What is the cause where it is so: 不是细菌感染时不要用, 如果不是缺钙.
_ONLY_IF = re.compile("(?:如果|若|假如|要是|倘若|万一|只要)")
_ONLY_IF_AFTER = re.compile("^(?:引起|导致|所致|造成)?(?:时(?!间)|者|的(?!问题|原因|缘故)(?=[^,])|[^,]{0,4}就(?!是))")
#: What is told to be avoided is told elsewhere (避免劳累), and names no cause.
_TO_AVOID_BEFORE = re.compile("(?:避免|防止|预防|以免|不要|减少|控制|切忌|忌|戒|别|少|勿)[^,]{0,8}$")
#: The word is a patient's, or what is explained, and explains nothing.
_NO_CAUSE_AFTER = re.compile(
    "^(?:者|患者|病人|的人|治疗|的?症状|的?表现有|的?(?:病因|类型)|科|药|术|史|检查|的?治疗|的?预防|(?:是|属于?)(?:[一个]|指|由|因|常见|慢性)"
    "|[^,]{0,3}(?:和|与|跟|由|因)[^,]*(?:有关|相关|引起|所致|导致|造成))"
)
#: The word is what something leads to, or what is treated, and no cause.
_EFFECT_BEFORE = re.compile(
    "(?:影响到?|存在|(?:引起|导致|造成|诱发|引发|致|继发|合并|并发|预防|防止|避免|控制|治疗|抗|以免|容易|出现|伴有?|发生|加重|加剧|消除|减少|缓解|减轻|增加|改善|表现为|症状是|会有|排除|变成|发展为|转为|转成|治|缓解|根治|防|出现了|感到|觉得|有无|得|患|缓冲|没有|注意|调节|掌握|监测|检查|查|做|清除|称为?|叫做?|俗称|例如|属|针对|对)(?:[^,]{0,1}|[^,]{0,6}、|[^,]{0,4}和|局部|反复|严重|一些|各种|这种|慢性|急性|患者的?|再次|继发性?|病情|相应的?))$"
)
#: Who leaves it already is told nothing: 不熬夜的人也会失眠.
_WHO_DOES_NOT = re.compile("^[^,]{0,8}?(?:的(?:人(?!群)|患者|男性|女性)|者)(?:也|都|还|同样|很|可能|会|就|更|往往|容易|[^,]{0,6}好转)")


#: What may follow a medicine's name and ends its clause no less than the name would.
_FORM = re.compile("(?:缓释|控释|分散|肠溶)?(?:片|胶囊|颗粒|口服液|类|药物?|治疗|疗法)?")
_NOT_ABSTAINED = re.compile(
    "(?:(?<!必须)(?<!必需)(?:不|没有?|未|无法|难以|已经?|曾经?|以前|之前|才刚?|正在|刚刚?|(?:如果|若|只要|一旦|会|虽然?|即使)[^,]{0,4}))$"
)
_ABSTAINED = re.compile(
    "^(?:了(?!吧)|过|(?:已|都|才)?(?:有|快|近)?[\\d一二两三四五六七八九十半几多]+(?:年|个月|天|周)|失败|成功|后(?!,?(?:再|才能))|以后|之后|期间|过程|门诊|药|治疗|困难|引起|导致|日|多年|很久|者|的人)"
)


@dataclass(frozen=True, slots=True)
class _Around:
    """What stands around a word: `left` reaches to the beginning of its clause and `right` to the end of it.

    `carried` is what the clauses before it hand on to a clause that is little more than the word; else it is empty. `rest` is
    what comes after the clause, where the word ends it.
    """

    clause: str
    left: str
    right: str
    carried: str
    rest: str


class Sentence:
    """The search key of one sentence, cut into clauses."""

    def __init__(self, key: str) -> None:
        self.key = key
        self._clauses = list(_clauses(key))
        self._asks = bool(_ASKS.search(key)) or key.endswith(("吗", "吗。"))

    def stance(self, start: int, end: int, role: Role, *, listed: bool = True) -> Stance | None:
        """What the sentence says of the word at [start, end); None where it says nothing that counts.

        `listed`: for a CAUSE, whether a sign anywhere in the clause will do; a disease's name needs one that touches it.
        """
        around = self._around(start, end)
        if self._is_open(start, around):
            return None
        if role is Role.CAUSE:
            return _cause(around, listed)
        if role is Role.HARM:
            return _harm(around)
        return _advice(around, role, self.key[start:end])

    def abstains(self, start: int, end: int) -> Stance | None:
        """What the sentence says of a word that tells to leave something by itself (戒烟, 忌酒): AGAINST; None where it is not told.

        不用戒烟, 不戒烟, 已经戒烟三年, 戒烟后 and 要不要戒烟 tell nobody to.
        """
        around = self._around(start, end)
        if self._is_open(start, around):
            return None
        left = _plain(around.left)
        if _governed(_NEEDLESS, left, _GAP) is not None or _NOT_ABSTAINED.search(left):
            return None
        if _ABSTAINED.match(around.right) or _WHO_DOES_NOT.match(around.right):
            return None
        if _BY_ITSELF.search(left) and _FALLS_SHORT.search(around.right):
            return None
        return None if _USELESS.match(around.right) else Stance.AGAINST

    def _is_open(self, start: int, around: _Around) -> bool:
        """Whether the clause of a word asks, leaves open, or tells what others do and say, or is taken back by the next."""
        clause = around.clause
        if self._asks or _UNDECIDED.search(clause) or _ASKS.search(clause) or is_taken_back(around.rest):
            return True
        number = self._number(start)
        if is_hearsay(clause, self.key[slice(*self._clauses[number - 1])] if number else ""):
            return True
        return bool(_CHOICE.search(self.key[self._clauses[number][0] :])) and "还是" in clause

    def around(self, start: int, end: int) -> tuple[list[str], str, str]:
        """The clauses before the one that a word at [start, end) stands in, nearest first, and its own before and behind the word."""
        number = self._number(start)
        first, last = self._clauses[number]
        before = []
        for one, other in zip(self._clauses[number - 1 :: -1] if number else [], self._clauses[number:0:-1], strict=True):
            if re.search("[;:。!?]", self.key[one[1] : other[0]]):
                break
            before.append(self.key[slice(*one)])
        return before, self.key[first:start], self.key[end : max(last, end)]

    def rest_after(self, start: int) -> str:
        """The clauses behind the one that a place lies in, with commas between, to where the sentence or its half ends."""
        number = self._number(start)
        following: list[str] = []
        for one, other in pairwise(self._clauses[number:]):
            if re.search("[;:。!?]", self.key[one[1] : other[0]]):
                break
            following.append(self.key[slice(*other)])
        return ",".join(following)

    def clause_of(self, start: int) -> str:
        """The clause that a place lies in."""
        return next((self.key[first:last] for first, last in self._clauses if first <= start < last), self.key)

    def _number(self, start: int) -> int:
        """The number of the clause that a place lies in; of a mark, the last."""
        return next((at for at, (first, last) in enumerate(self._clauses) if first <= start < last), len(self._clauses) - 1)

    def _around(self, start: int, end: int) -> _Around:
        number = self._number(start)
        first, last = self._clauses[number]
        last = max(last, end)
        carried = ""
        listed = "、" in self.key[first:last] and self.key[max(first - 1, 0) : first] in ("(", ":")
        if start - first + last - end <= _BARE or listed:
            carried = ",".join(self.key[slice(*clause)] for clause in self._clauses[max(number - _REACH_BACK, 0) : number])
        rest = self.key[last:] if _FORM.fullmatch(self.key, end, last) else ""
        return _Around(self.key[first:last], self.key[first:start], self.key[end:last], carried, rest)


def _clauses(key: str) -> Iterator[tuple[int, int]]:
    start = 0
    for mark in _CLAUSE_END.finditer(key):
        if mark.start() > start:
            yield start, mark.start()
        start = mark.end()
    if start < len(key):
        yield start, len(key)


def _plain(left: str) -> str:
    """What precedes a word, without negations that are none."""
    return _NO_NEGATION.sub(lambda found: "~" * len(found[0]), left)


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    return next(iter(deque(pattern.finditer(text), maxlen=1)), None)


class _Negation(NamedTuple):
    """A negation that governs a word: what precedes it, and what stands between it and the word."""

    before: str
    between: str


def _governed(pattern: re.Pattern[str], left: str, reach: int) -> _Negation | None:
    """The last such negation before a word; None if it does not govern it."""
    found = _last(pattern, left)
    if found is None:
        return None
    negation = _Negation(left[: found.start()], left[found.end() :])
    between = negation.between
    if _TURN.search(between):
        return None
    if len(between) <= reach:
        return negation if reach > _TOUCH or _LIGHT.fullmatch(between) else None
    # A list hands a negation on to its last item: 不要热敷、按摩、拔罐.
    return negation if reach > _TOUCH and ("、" in between[-8:] or re.search("和|及|或", between)) else None


def _is_double(negation: _Negation) -> bool:
    """Whether a negation is turned round by another: 并非不能, 没人说不要, 不得不."""
    return bool(_TURNED_ROUND.search(negation.before)) or negation.between.startswith(("不", "没"))


def _advice(around: _Around, role: Role, word: str) -> Stance | None:
    if (modal := _MODAL.match(word)) and (_LENDS_A_MODAL.search(around.left) or _CUTS_A_WORD.search(around.left)):
        around, word = replace(around, left=around.left + modal[0]), word[modal.end() :]
        if _CUTS_A_WORD.search(around.left[: -len(modal[0])]):
            return None
    around = replace(around, left=_SOFTENED.sub("不", around.left), right=_SOFTENED.sub("不", around.right))
    plain = _plain(around.left)
    if _SELDOM.search(plain) or _NO_MORE_THAN.search(plain) or _GUIDES.match(around.right):
        return None
    if _MUST_BE_BEFORE.search(plain) and _OR_NEVER_WELL.fullmatch(around.right):
        return Stance.FOR
    if _NOT_SO_FAR.search(plain):
        return Stance.NEEDLESS if _SO_FAR.match(around.right) else None
    left = _GO_ON.sub(lambda found: "~" * len(found[0]), plain)
    if _IN_USE.search(around.clause) or _AFTER_SOMETHING.search(left):
        return None
    reach = _TOUCH if _OWN_VERB.match(word) else _GAP
    for pattern, stance in ((_NEEDLESS, Stance.NEEDLESS), (_FORBIDS, Stance.AGAINST)):
        negation = _governed(pattern, left, reach)
        if negation is None:
            continue
        if _REFUSES_ITSELF.match(word):
            break  # 避免熬夜避免过度紧张: the wording has a negation of its own
        return None if role is Role.ACT and _HOW_MUCH.match(word) else _refused(negation, stance, around, left, role)
    if (_ANY_VERB.match(word) or not _OWN_VERB.match(word)) and _has_open_negation(left):
        return None
    if not _OWN_VERB.match(word) and _is_handed_a_negation(around, left):
        return None
    return _after(around, left, role)


def _refused(negation: _Negation, stance: Stance, around: _Around, left: str, role: Role) -> Stance | None:
    """What a negation says that governs the word: `stance`, something narrower, or nothing that counts."""
    before, between = negation
    if (
        _TAKES_IT.search(between)
        or _UNABLE.search(before)
        or _is_double(negation)
        or _BY_ITSELF.search(before)
        or _BEFORE_SOMETHING.search(before)
        or _TOO_MUCH_AFTER.match(around.right)
    ):
        return None
    if stance is Stance.AGAINST and role is Role.USE and _UNGUIDED.fullmatch(between):
        return Stance.UNGUIDED
    if _QUALIFIED.search(between) or _PUT_OFF.search(left[: len(left) - len(between)]) or _FOR_SOME.search(left):
        return None
    if stance is Stance.NEEDLESS and role is Role.USE and _NOT_FOR.search(left[: len(left) - len(between)]):
        return Stance.AGAINST
    return stance


def _has_open_negation(left: str) -> bool:
    """Whether a negation before the word, too far off in its clause to govern it, may reach it: 不要自己点含散瞳成分的眼药水."""
    here = (_last(pattern, left) for pattern in (_NEEDLESS, _FORBIDS))
    return any(found and not _TURN.search(left[found.end() :]) for found in here)


def _is_handed_a_negation(around: _Around, left: str) -> bool:
    """Whether a negation in the clause that the word's goes on from may reach it: 不要受凉,热敷."""
    carried = _STOPPED.sub("", around.carried)
    handed_on = _last(_NEEDLESS, carried) or _last(_FORBIDS, _plain(carried))
    return bool(handed_on) and not _TURN.search(left)


def _said_of_it(right: str) -> str | None:
    """What stands behind a word, or behind the list that it stands in; None if it may be said of the list's last alone."""
    listed = _LIST_GOES_ON.match(right)
    if not listed:
        return right
    rest = right[listed.end() :]
    if rest.startswith(("都", "均")):
        return rest
    return None if _USELESS.match(rest) or _REFUSED.match(rest) or _MAY_STOP.match(rest) else right


def _after(around: _Around, left: str, role: Role) -> Stance | None:
    right = _said_of_it(around.right)
    if right is None or (_BY_ITSELF.search(left) and _FALLS_SHORT.search(right)):
        return None
    if _USELESS.match(right):
        return None if _PARTLY.search(right) or _IF.search(around.clause) or _IF_AFTER.search(around.right[-4:]) else Stance.NEEDLESS
    if _MAY_STOP.match(right):
        return None if _IF.search(around.clause) or _LATER.search(left) else Stance.NEEDLESS
    if _OF_FEW.search(around.left) or _is_set_back(around.right) or _is_set_back(right):
        return None
    if role is Role.USE and _UNGUIDED_AFTER.match(around.right):
        return Stance.UNGUIDED
    if _NOT_NOW.search(left) or _PAST_BEFORE.search(left) or any(_ASIDE_AFTER.match(behind) for behind in (around.right, right)):
        return None
    if role is not Role.PLACE and _HARMFUL.match(right):
        return None if role is Role.ACT and _OF_SOMETHING_ELSE.match(right) else Stance.AGAINST
    if role in (Role.ACT, Role.USE) and _PAST_AFTER.match(around.right):
        return None
    if _REFUSED_AT_END.match(right):
        return Stance.AGAINST if role is Role.USE and _FOR_THEM.search(right) else None
    return Stance.FOR if _is_meant(around, left, role) else None


def _is_set_back(right: str) -> bool:
    """Whether what follows a word says that it fails, has time, or is not the best there is."""
    return bool(_FAILS_AFTER.match(right) or _SET_BACK_AFTER.match(right))


def _is_meant(around: _Around, left: str, role: Role) -> bool:
    """Whether the sign is there that a word of this role needs."""
    if role is Role.ACT:
        return True
    before = f"{around.carried},{left}"[-30:] if around.carried else left[-14:]
    if role is Role.USE:
        if _USE_DENIED.search(around.right):
            return False
        return bool(_USE_BEFORE.search(before) or _USE_AFTER.match(around.right))
    if role is Role.TEST:
        if _TEST_RESULT.match(around.right) or _PAST_AFTER.match(around.right):
            return False
        return bool(_TEST_BEFORE.search(before) or re.match("^[^,]{0,3}(?:检查|化验|检测|排除|监测)", around.right))
    return bool(_PLACE_BEFORE.search(before[-10:]) or _PLACE_AFTER.match(around.right))


def _harm(around: _Around) -> Stance | None:
    """Something to avoid counts only where a clause, or the list it stands in, tells to."""
    left = _plain(around.left)
    if _governed(_NEEDLESS, left, _GAP) is not None or re.search("(?:如果|若|因|由于|因为|可以?|可能)[^,]{0,2}$", left):
        return None
    negation = _governed(_AGAINST, left, _GAP)
    if _WHO_DOES_NOT.match(around.right):
        return None
    if negation and (_is_double(negation) or re.search("把|将|拿", negation.between)):
        return None  # 不要把白酒塞进牙洞 does not tell to drink none
    if negation or (re.search("不$", left) and not around.right.startswith(("吗", "是"))):
        return Stance.AGAINST
    if around.carried and (found := _last(_AGAINST, _plain(around.carried))) and not _TURN.search(around.carried[found.end() :]):
        return Stance.AGAINST
    return Stance.AGAINST if _HARMFUL.match(around.right) else None


def _cause(around: _Around, listed: bool) -> Stance | None:
    if _NOT_RULED_OUT.search(around.left) and _AS_LONG_AS.match(around.right):
        return None
    left = _plain(_NOT_RULED_OUT.sub("考虑为", around.left))
    if _NO_MATTER_AFTER.match(around.right) and not _NAMES_RELATION.search(left):
        return None
    if _CAUSE_DENIED_AFTER.match(around.right):
        return Stance.NEEDLESS
    if _RULED_OUT.search(left) or _UNSURE.search(left):
        return None
    causes = bool(_CAUSE_AFTER.match(around.right))
    denial = _last(_UNLIKE, left)
    if denial and len(left) - denial.end() <= 4 and not re.search("[^,]就是|而是|可能", left[denial.end() :]):
        if _ONLY_IF.search(left) or _ONLY_IF_AFTER.match(around.right):
            return None
        return Stance.NEEDLESS if _DENIES_CAUSE.search(left) or causes else None
    if _TO_AVOID_BEFORE.search(left) or (_EFFECT_BEFORE.search(left) and not causes) or _NO_CAUSE_AFTER.match(around.right):
        return None
    if causes:
        return Stance.FOR
    before = f"{around.carried},{left}" if around.carried else left
    if not listed:
        return Stance.FOR if _CAUSE_NAMED.search(left) else None
    return Stance.FOR if _CAUSE_BEFORE.search(before[-24:]) and _SPEAKS_OF_CAUSES.search(before) else None
