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
from dataclasses import dataclass
from enum import StrEnum


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
_UNDECIDED = re.compile(
    "是否|能否|可否|要不要|需不需要|能不能|可不可以|该不该|用不用|有没有|有无|是不是|会不会|好不好|(?:你|您|患者)(?:自己)?(?:所|的)?(?:说|描述|提到|问)(?!明)"
    "|决定[^,]{0,6}还是|是[^,]{1,8}还是|听说|有人说|据说|网上|民间|误区|误以为|以为|多大|什么时候|哪些药|哪种"
)
#: The clause after the word is nothing but a negation (吃抗生素 不用), or says what harm comes of it (长期服用,会损伤肾).
_TAKEN_BACK = re.compile(
    "[, ]+(?:可能|会|可|容易|反而|都|也){0,2}(?:造成|导致|引起|加重|损害|损伤)|[,;: 。]+(?:不用|不需要|不必|没必要|不要|不行|不可以|不能|没用)(?:了|的)?(?:$|[,;: 。!])"
    "|[,;: 。]+(?:这种?|此|该|上述|这样的?|以上)(?:[^,]{1,6}的)?(?:做法|办法|方法|方式|法|用法|吃法|做|吃|用)?(?:并|都|均|也|就|是|很|其实){0,2}(?:不要|不可取|不能|不宜|不行|不对|错|不推荐|不建议|不主张|禁|危险|不安全|没用|不用)"
)
#: A negation in form that is none in meaning.
_NO_NEGATION = re.compile(
    "别嘌|金刚|过氧|免疫|王不留行|防风|鹅不食草|不要忘记?了?|不要忽视|不(?:可|能|要)忽视|不要?忘|别忘了?|不能缺少?|不可缺少|必不可少|不可少|不能少|离不开|不能?只|不能?仅|不能?光|不能单|不要只|不要光|不只是?|不仅仅?是?|不但|不光|不止|不单|不得不|不能不|不可不|不可避免|不要不"
    "|不排除|不用说|不要紧|特别|分别|个别|区别|性别|级别|识别|鉴别|类别|差别|别的|别人|别处|至少|多少|不少|减少(?=复发|发作|症状)|缺少|很少|少量|少许|少数|少见|少年|年少|失禁|禁忌症|不断|不同|不错|不良|不适|不佳|不佳|不足|不全|不舒服|不舒|不久|不太好|不明|不规律|不调"
    "|不(?:用|要|必|需要)?(?:太|过于|过度|过分)?(?:担心|紧张|害怕|着急|焦虑|惊慌|恐慌|怕|慌)"
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
    "不要|不能|不可以|不可|不宜|不建议|不主张|不推荐|不提倡|不应该?|不得|不许|不准|切忌|切勿|切莫|勿|忌|禁止|禁忌|禁用|禁|别|避免|杜绝|停止|停用|(?<!呼吸)暂停(?![次时综指])|停掉|慎用|不适合|不适宜|不吃|不喝|不做|(?:最好|尽量|暂时?|先|目前)不要?|不再|少(?=做|用|吃|喝|食|饮|抽)"
    "|不(?=(?:乱|胡乱|滥|自己|自行|擅自|私自|随便|随意|盲目)(?!缓解|消退|好|恢复|停|吸收|愈|主))|不(?:给|加用|服用?(?!从)|使用(?!过)|选用?|涂|抹|含服|联用|合用)"
)
_NEEDLESS = re.compile(
    "不需要?|无需|不必要?|无须|毋须|没必要|没有必要|用不着|不用|不一定(?:非)?(?:要|需要?|得)?|不急于|不急着|未必需?要?|不太需要|没有?指征|不是必须"
    "|(?:并非|并?不是)(?:人人|个个|所有人?)?(?:都|一定|必须|必需)(?:一定|必须)?(?:非?得|非?要|需要?)?"
)
_DENIES_CAUSE = re.compile("(?:(?:不一定|未必|不见得|不全|不都|并不|不会|并非|不单纯|不)是?(?:因为?|由于?|因)?|不像)[^,]{0,1}$")
_UNLIKE = re.compile("不(?=因|由)|不是|并非|不像|不一定|不都|不会是|非|未必|不见得|不全|不单纯|没有|无|未见")
#: Words before which a negation ends: 不要热敷,而是冷敷 / 不要紧张应该多喝水.
_TURN = re.compile(
    "但是|但|而是|而要|而应|改为|改成|改用|应该|(?<!不)应|(?<!不)(?<!无)需要|(?<!不)建议|(?<!不)可以|(?<!不)可(?!能)|(?<!不)要(?!是|么)|最好(?!不|别)|(?<!不)必须|同时|然后|再(?!次|用|吃|喝|做|去)|并(?!发|非|不)"
)
#: Between a negation and its word: how much of it, not whether (不要过度拉伸).
_QUALIFIED = re.compile(
    "过度|过量|过多|过早|过分|盲目|自行|擅自|私自|随意|随便|长时间|长期|大量|滥|乱|频繁|剧烈|只|单纯?|仅|一味|光|空腹|突然|立即|立刻|马上|急于|太|过|自己|轻易|用力|反复|同时|一次|经常|总|老|强行|暴力|贸然|直接|常规|首选|一开始|急着|着急|忙着|过快|快速|依赖|代替|替代|耽误|延误|放弃|停|中断|间断|耽搁|忽略"
)
#: The word brings its own verb along, so a negation that does not touch it belongs to something else (不要紧张多喝水).
_OWN_VERB = re.compile(
    "多|注意|适当|适度|适量|及时|尽快|尽早|及早|早|马上|立即|立刻|保持|加强|坚持|定期|规律|按时|应|要|可|建议|必须|每|保证|放松|调整|调节|去|到|来|做|查|看|拨打|叫|打|送|增|合理|进一步|控制|监测|(?:水|大便|饮食|作息|情绪|心情|心理|睡眠|营养)"
)
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

#: Said of those only who are named before it: 肾功能较差时不宜用.
_FOR_SOME = re.compile("(?:有|患|若|如果|对于?|功能|过敏|史)[^,]{0,12}(?:时|者|的人?|患者)[^,]{0,4}(?:不|禁|慎|别|避免|忌|无需)")
#: A medicine that somebody takes already, or what comes of it, is no advice to take it.
_IN_USE = re.compile(
    "正在(?:吃|用|服|打|输)|(?<!现)在(?:吃|用|服)|已在(?:吃|用|服)|误服|误食|元凶|致畸|(?:吃|用|服|打)(?:着|过|了)|含有?的?成分|药里的?|服药期间|用药期间|只要能"
)
_AFTER_SOMETHING = re.compile("(?:术后|治疗后|停药后|过量|过度|大量)[^,]{0,2}$|(?<![需要应议可])长期(?:大量)?(?:吃|服用?|用)?[^,]{0,10}$")
_NOT_NOW = re.compile(
    "(?:不|单纯?|光|只|靠|我是|是一[名位个]|作为|以免|免得|防止|已经?|曾经?|以前|之前|既往|上次|当时|刚刚?|一直在?|正在|目前在|有过|原来|因为|由于|除了|除|除非|如果不|若不|没有|没|未|无|并非|不是|比|代替|替代|等于|等同于|不如|导致|引起|造成|致|怕|担心|害怕|说的|所谓的?|什么|哪种|哪些)$"
)
_PAST_BEFORE = re.compile("(?:已经?|曾经?|以前|之前|既往|上次|当时|刚刚?|昨天|前天|去年|多次|有)[^,]{0,6}$")
_PAST_AFTER = re.compile(
    "^[^,]{0,3}(?:长时间|很久|多天|多年|几天|\\d+[天周年])了|^(?:治疗|检查|药物?)?(?:过(?!量|多|度|敏|程|大|早|重|热|高|强|久|猛|于)|了(?!解))"
)
_ASIDE_AFTER = re.compile(
    "^(?:治疗|药物?|类药?物?|检查|等)?(?:过量|过多|过度|过敏|中毒|史|不当|不足|不够|依赖|成瘾|耐药|的?副作用|的?不良反应|(?:也?可能|也?会|也?能|可|都会|容易|反而会?|常)?(?:引起|导致|诱发|造成|使(?!用)|让|影响|加重|增加|掩盖|损害|损伤|伤)|的?(?:患者|病人|孩子|时候|情况|禁忌|风险|费用|价格|目的|机会|概率|原理|作用|成分|副作用|味道|剂量|并发症|切口|伤口|名称)|费用|期间|失败|与否|还是|或者?不|吗|么|呢|[^,]{0,12}的人(?!群)|[^,]{0,8}的(?:会|可能)|[^,]{0,6}(?:停用?|暂停)(?:至少|\\d|[一两二三四几])|的(?:要|应|可|需|$)|者(?!,|可以|应)|有(?:很大|一定)?(?:风险|副作用)|多少钱|(?:之|以)?前(?!列|臂|后)|(?:之|以)?后(?!,|再|即|可以|，|可缓|要|多|休|注|避|应|尽|早|复|继|期))"
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
    "^(?![^,]{0,6}(?:不(?:要|能|可以?|应该?|宜|建议|主张|得|许)|别)(?:随意|随便|自行|擅自|突然|轻易|马上|立即)?停)(?:治疗|等|之类|的?方法|的?做法|的?说法|的(?=[都均也])|这种|一般|也|都|是|并|就(?=[先暂不别停])|先|本身|药物?|类|食物|食品|东西|运动|尽量|最好|一定|要|应|应该|均|均应|反而|只会|可能|容易|往往|会|可|更|让|使|这些){0,4}(?:对[^,]{0,6}?)?(?:不可取|不行(?!时)|不宜|不建议|不推荐|不主张|禁用|禁忌|禁止|慎用|避免|不能(?:用|做|吃|喝|碰|再|随便|乱)|不要(?:用(?!力)|做|吃|喝|碰|再|乱|随便)?(?=$|,|了|的|。)|不要(?:吃|喝|碰|做|再|乱|沾)|不可(?:以|用|取)|有害|不合适|不适合|少吃|少喝|少碰|少用|别(?:吃|喝|用|做|碰|再)|不吃|不喝|不碰|忌|戒|加重|诱发|刺激(?!性)|不利|伤|要?少(?!量)|(?:错误|不对)的|停(?![了掉药用服]{0,2}(?:之|以)?[后又再]|[经留顿滞诊]))"
)
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
    "^[^,]{0,8}(?:无关|没有?(?:什么|直接|太大|必然)?关系|关系不大|不相关|不会(?:引起|导致)|的?可能性?(?:不大|很?小|较?[小低]|不高)|可能不大)"
    "|^[^,因]{0,8}不是(?:其|它)?的?(?:主要|常见|直接|真正|根本)?的?原因(?!之)"
)
#: What is told to be avoided is told elsewhere (避免劳累), and names no cause.
_TO_AVOID_BEFORE = re.compile("(?:避免|防止|预防|以免|不要|减少|控制|切忌|忌|戒|别|少|勿)[^,]{0,8}$")
#: The word is a patient's, or what is explained, and explains nothing.
_NO_CAUSE_AFTER = re.compile(
    "^(?:者|患者|病人|的人|治疗|的?症状|的?表现有|的?(?:病因|类型)|科|药|术|史|检查|的?治疗|的?预防|(?:是|属于?)(?:[一个]|指|由|因|常见|慢性)"
    "|[^,]{0,3}(?:和|与|跟|由|因)[^,]*(?:有关|相关|引起|所致|导致|造成))"
)
#: The word is what something leads to, or what is treated, and no cause.
_EFFECT_BEFORE = re.compile(
    "(?:(?:引起|导致|造成|诱发|引发|致|继发|合并|并发|预防|防止|避免|控制|治疗|抗|以免|容易|出现|伴有?|发生|加重|加剧|消除|减少|缓解|减轻|增加|改善|表现为|症状是|会有|排除|变成|发展为|转为|转成|治|缓解|根治|防|出现了|感到|觉得|有无|得|患|缓冲|没有|注意|调节|掌握|监测|检查|查|做|清除|称为?|叫做?|俗称|例如|属|针对|对)(?:[^,]{0,1}|[^,]{0,6}、|[^,]{0,4}和|局部|反复|严重|一些|各种|这种|慢性|急性|患者的?|再次|继发性?|病情|相应的?))$"
)


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
        if self._asks:
            return None
        around = self._around(start, end)
        if _UNDECIDED.search(around.clause) or _ASKS.search(around.clause) or _TAKEN_BACK.match(around.rest):
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
        if self._asks or _UNDECIDED.search(around.clause) or _ASKS.search(around.clause) or _TAKEN_BACK.match(around.rest):
            return None
        left = _plain(around.left)
        if _governed(_NEEDLESS, left, _GAP) is not None or _NOT_ABSTAINED.search(left) or _ABSTAINED.match(around.right):
            return None
        return None if _USELESS.match(around.right) else Stance.AGAINST

    def around(self, start: int, end: int) -> tuple[list[str], str, str]:
        """The clauses before the one that a word at [start, end) stands in, nearest first, and its own before and behind the word."""
        number = next((at for at, (first, last) in enumerate(self._clauses) if first <= start < last), len(self._clauses) - 1)
        first, last = self._clauses[number]
        before = []
        for one, other in zip(self._clauses[number - 1 :: -1] if number else [], self._clauses[number:0:-1], strict=True):
            if re.search("[;:。!?]", self.key[one[1] : other[0]]):
                break
            before.append(self.key[slice(*one)])
        return before, self.key[first:start], self.key[end : max(last, end)]

    def clause_of(self, start: int) -> str:
        """The clause that a place lies in."""
        return next((self.key[first:last] for first, last in self._clauses if first <= start < last), self.key)

    def _around(self, start: int, end: int) -> _Around:
        number = next((at for at, (first, last) in enumerate(self._clauses) if first <= start < last), len(self._clauses) - 1)
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


def _governed(pattern: re.Pattern[str], left: str, reach: int) -> str | None:
    """What stands between the last such negation and the word that it governs; None if none governs it."""
    found = _last(pattern, left)
    if found is None:
        return None
    between = left[found.end() :]
    if _TURN.search(between):
        return None
    if len(between) <= reach:
        return between if reach > _TOUCH or _LIGHT.fullmatch(between) else None
    # A list hands a negation on to its last item: 不要热敷、按摩、拔罐.
    return between if reach > _TOUCH and ("、" in between[-8:] or re.search("和|及|或", between)) else None


def _advice(around: _Around, role: Role, word: str) -> Stance | None:
    left = _GO_ON.sub(lambda found: "~" * len(found[0]), _plain(around.left))
    if _IN_USE.search(around.clause) or _AFTER_SOMETHING.search(left):
        return None
    reach = _TOUCH if _OWN_VERB.match(word) else _GAP
    for pattern, stance in ((_NEEDLESS, Stance.NEEDLESS), (_FORBIDS, Stance.AGAINST)):
        between = _governed(pattern, left, reach)
        if between is not None:
            if stance is Stance.AGAINST and role is Role.USE and _UNGUIDED.fullmatch(between):
                return Stance.UNGUIDED
            if stance is Stance.NEEDLESS and role is Role.USE and _NOT_FOR.search(left[: len(left) - len(between)]):
                stance = Stance.AGAINST
            return None if _QUALIFIED.search(between) or _FOR_SOME.search(left) else stance
    if not _OWN_VERB.match(word) and _is_doubtful(around, left):
        return None
    return _after(around, left, role, word)


def _is_doubtful(around: _Around, left: str) -> bool:
    """Whether a negation before the word may or may not reach it: too far off in its clause, or in the clause that it goes on from.

    不要自己点含散瞳成分的眼药水; 不要受凉,热敷.
    """
    here = (_last(pattern, left) for pattern in (_NEEDLESS, _FORBIDS))
    if any(found and not _TURN.search(left[found.end() :]) for found in here):
        return True
    carried = _STOPPED.sub("", around.carried)
    handed_on = _last(_NEEDLESS, carried) or _last(_FORBIDS, _plain(carried))
    return bool(handed_on) and not _TURN.search(left)


def _after(around: _Around, left: str, role: Role, word: str) -> Stance | None:
    right = around.right
    if listed := _LIST_GOES_ON.match(right):
        rest = right[listed.end() :]
        if rest.startswith(("都", "均")):
            right = rest
        elif _USELESS.match(rest) or _REFUSED.match(rest) or _MAY_STOP.match(rest):
            return None
    if _USELESS.match(right):
        return None if _IF.search(around.clause) or _IF_AFTER.search(around.right[-4:]) else Stance.NEEDLESS
    if _MAY_STOP.match(right):
        return None if _IF.search(around.clause) or _LATER.search(left) else Stance.NEEDLESS
    if any(_FAILS_AFTER.match(behind) for behind in (around.right, right)):
        return None
    if role is Role.USE and _UNGUIDED_AFTER.match(around.right):
        return Stance.UNGUIDED
    if _NOT_NOW.search(left) or _PAST_BEFORE.search(left) or any(_ASIDE_AFTER.match(behind) for behind in (around.right, right)):
        return None
    if role is not Role.PLACE and _HARMFUL.match(right):
        return Stance.AGAINST
    if role in (Role.ACT, Role.USE) and _PAST_AFTER.match(around.right):
        return None
    if role is Role.USE and _REFUSED_AT_END.match(right):
        return Stance.AGAINST if _FOR_THEM.search(right) else None
    return Stance.FOR if _is_meant(around, left, role) else None


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
    between = _governed(_AGAINST, left, _GAP)
    if between and re.search("把|将|拿", between):
        return None  # 不要把白酒塞进牙洞 does not tell to drink none
    if between is not None or (re.search("不$", left) and not around.right.startswith(("吗", "是"))):
        return Stance.AGAINST
    if around.carried and (found := _last(_AGAINST, _plain(around.carried))) and not _TURN.search(around.carried[found.end() :]):
        return Stance.AGAINST
    return Stance.AGAINST if _HARMFUL.match(around.right) else None


def _cause(around: _Around, listed: bool) -> Stance | None:
    left = _plain(around.left.replace("不排除", "考虑为"))
    if _CAUSE_DENIED_AFTER.match(around.right):
        return Stance.NEEDLESS
    causes = bool(_CAUSE_AFTER.match(around.right))
    denial = _last(_UNLIKE, left)
    if denial and len(left) - denial.end() <= 4 and not re.search("就是|而是|可能", left[denial.end() :]):
        return Stance.NEEDLESS if _DENIES_CAUSE.search(left) or causes else None
    if _TO_AVOID_BEFORE.search(left) or (_EFFECT_BEFORE.search(left) and not causes) or _NO_CAUSE_AFTER.match(around.right):
        return None
    if causes:
        return Stance.FOR
    before = f"{around.carried},{left}" if around.carried else left
    if not listed:
        return Stance.FOR if _CAUSE_NAMED.search(left) else None
    return Stance.FOR if _CAUSE_BEFORE.search(before[-24:]) and _SPEAKS_OF_CAUSES.search(before) else None
