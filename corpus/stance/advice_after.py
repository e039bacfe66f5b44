"""What the rest of its clause makes of a word that no negation before it governs: 热敷没用, 热敷不可取, 热敷过, 热敷后加重, 手术可以缓一缓."""

from __future__ import annotations

import re

from corpus.stance import Around, Role, Stance
from corpus.stance.advice_signs import PAST_AFTER, is_meant
from corpus.stance.unguided import UNGUIDED_AFTER

#: What is not enough by itself: 光吃药不行, 单纯补钙没用, 靠按摩治不好 refuse nothing. 只要 and 只能 tell to do it.
BY_ITSELF = re.compile("(?:光(?![疗照子敏动线滑])|只(?![要需能有好得是会])|仅仅?(?!需|能|有|限)|单单?(?!位|个|元)|单纯|一味|靠)[^,]{0,6}$")
#: Behind such a word, says that it is not enough.
FALLS_SHORT = re.compile("不|没|无|难|有限|有害|禁")
#: A refusal at the end of the clause, with more between than `HARMFUL` takes: 布洛芬6个月以下不用, 含服硝苯地平降压的办法不要用.
_REFUSED_AT_END = re.compile(
    "^[^,可能应宜须要]{0,16}?(?:不(?:要|宜|能|可|应|建议|推荐|主张)?(?:再)?(?:用|吃|服|做)|不可取|不推荐|不建议|禁用|忌用|慎用|别(?:再)?(?:用|吃|服))(?:了|的)?$"
)
_FOR_THEM = re.compile("以下|以内|者|患者|病人|的人|孕妇|孕期|哺乳|新生儿|婴儿")
_NOT_NOW = re.compile(
    "(?:不|不得不|被迫|单纯?|光|只|靠|我是|是一[名位个]|作为|以免|免得|防止|已经?|曾经?|以前|之前|既往|上次|当时|刚刚?|一直在?|正在|目前在|有过|原来|因为|由于|除了|除|除非|如果不|若不|没有|没|未|无|(?:并非|不是)(?:靠|用|吃|做|打|喝|去)?|比|代替|替代|等于|等同于|不如|停|暂缓|推迟|不(?:排斥|反对|拒绝|禁止)|导致|引起|造成|致|怕|担心|害怕|说的|所谓的?|什么|哪种|哪些|非|(?:拒绝|抗拒|抵触|排斥|拒)(?:做|用|吃|打)?)$"
)
#: Said of few, or beside something better: 很少需要手术, 极少数人才要, 与其吃药.
_OF_FEW = re.compile(
    "(?:(?:很|极|较|非常|比较|鲜)少(?!吃|喝|活动|运动)|极?少数|个别|(?:有的|有些|一些|(?<!大)部分)(?:人|患者|病人|情况|病例|孩子|医生)|罕见|万不得已|实在不行|与其)[^,、]{0,8}$"
)
_PAST_BEFORE = re.compile("(?:已经?|曾经?|以前|之前|既往|上次|当时|刚刚?|昨天|前天|去年|多次|有)[^,]{0,6}$")
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
#: Says that it does not help, or is not needed: 热敷没用, 手术不是必须.
USELESS = re.compile(
    "^(?:治疗|疗法|的?方法|一般|其实|不但|不仅|不光|非但|也|都|均|是|就(?!是)|并|本身|目前|药物?|片|类|往往|通常|可能|效果|的|等){0,4}(?:对(?!于?你|于?您)[^,]{0,6}?)?(?:没有?(?:什么|多大|太大|任何|明显|特别)?(?:用(?!过|药|完|上)|用处|必要|意义|作用|帮助|效果?|好处)|无用|不必要|不需要(?!担心|紧张|害怕)|(?:作用|用处|意义|帮助|效果)(?:并)?不大|解决不了|不能解决|不管用|不顶用|治不好|不能治|治不了|不起作用|无济于事|不是必须|不解决|(?:不用|不必)(?:再?[做吃打喝查]了?|了)$)"
)
#: Says that it is to be left, or does harm: 热敷不可取, 牛奶不要喝, 按摩反而加重.
HARMFUL = re.compile(
    "^(?![^,]{0,6}(?:不(?:要|能|可以?|应该?|宜|建议|主张|得|许)|别)(?:随意|随便|自行|擅自|突然|轻易|马上|立即)?停)(?:治疗|等|之类|的?方法|的?做法|的?说法|的(?=[都均也])|这种|一般|也|都|是|并|就(?=[先暂不别停])|先|本身|药物?|类|食物|食品|东西|运动|尽量|最好|一定|要|应|应该|均|均应|反而|只会|可能|容易|往往|会|可|更|让|使|这些){0,4}(?:对[^,]{0,6}?)?(?:不可取|不行(?!时)|不宜|不建议|不推荐|不主张|禁用|禁忌|禁止|慎用|避免|不能(?:用|做|吃|喝|碰|再|随便|乱)|不要(?:用(?!力)|做|吃|喝|碰|再|乱|随便)?(?=$|,|了|的|。)|不要(?:吃|喝|碰|做|再|乱|沾)|不可(?:以|用|取)|有害|不合适|不适合|不适用|少吃|少喝|少碰|少用|别(?:吃|喝|用|做|碰|再)|不吃|不喝|不碰|忌|戒|加重|诱发|刺激(?!性)|不利|弊大于利|弊多利少|得不偿失|划不来|划不着|不划算|不值[得当]?|坏处多|害处多|害处大|伤|要?少(?!量)|(?:错误|不对)的|停(?![了掉药用服]{0,2}(?:之|以)?[后又再]|[经留顿滞诊]))"
)
#: Without a mark between, what must not be done may be the next thing: 注意保暖不能吃辛辣食物.
_OF_SOMETHING_ELSE = re.compile("^(?:不(?:能|要|可以?|宜)|别|忌|戒|少|避免)再?(?:吃|喝|用|做|碰|沾|服)?[^,了的太过多再]{2}")
#: Useless for the whole of it: 贴膏药不解决根本问题.
_PARTLY = re.compile("根本|根子|病根|所有|全部|一切|彻底")
#: 输液可以停了 says that it is not needed any more; 热退后可以停 says so of some later day.
_MAY_STOP = re.compile("^(?:治疗|药物?|[也都均就现在已经]){0,4}(?:可以?|能)先?停(?![药经留顿滞诊]|[了掉用服]{0,2}(?:之|以)?[后又再])")
_LATER = re.compile("后|时|再|等到?|天|周")
#: What is said of the last in a list with 都 is said of all (针灸、推拿都没用); without it of that one, and the others are open.
_LIST_GOES_ON = re.compile("^(?:(?:、|和|及|与|或者?|以及)[^,、和及与或都均也不没无别禁忌慎少多要可就]{1,8}+){1,5}+")
#: Said of what stands before it, and not of what may follow (热敷、低盐饮食并禁忌辛辣).
_REFUSED = re.compile(
    "^(?:就|是|也|并|其实){0,2}(?:不可取|不行|不合适|不适合|有害|(?:错误|不对)的|(?:不宜|不建议|不推荐|不主张|禁用|禁忌|慎用)(?=$|了|的))"
)
_IF = re.compile("如果|若|假如|要是|倘若|万一|一旦|当(?!天|地|日|归)|对于?[^,]{1,8}(?:者|的人)|如(?!果|何|此|下|今)|有.{0,6}(?:者|的人)")
_IF_AFTER = re.compile("(?:时|者|的(?!话)|再|,?(?:可|应|就|则|要|考虑|需|才|请|及时|建议))")


def said_after(around: Around, left: str, role: Role) -> Stance | None:
    """What the rest of its clause says of a word; `left`: what stands before it, without negations that are none."""
    right = _said_of_it(around.right)
    if right is None or (BY_ITSELF.search(left) and FALLS_SHORT.search(right)):
        return None
    if USELESS.match(right):
        return None if _PARTLY.search(right) or _IF.search(around.clause) or _IF_AFTER.search(around.right[-4:]) else Stance.NEEDLESS
    if _MAY_STOP.match(right):
        return None if _IF.search(around.clause) or _LATER.search(left) else Stance.NEEDLESS
    if _OF_FEW.search(around.left) or _is_set_back(around.right) or _is_set_back(right):
        return None
    if role is Role.USE and UNGUIDED_AFTER.match(around.right):
        return Stance.UNGUIDED
    if _NOT_NOW.search(left) or _PAST_BEFORE.search(left) or any(_ASIDE_AFTER.match(behind) for behind in (around.right, right)):
        return None
    if role is not Role.PLACE and HARMFUL.match(right):
        return None if role is Role.ACT and _OF_SOMETHING_ELSE.match(right) else Stance.AGAINST
    if role in (Role.ACT, Role.USE) and PAST_AFTER.match(around.right):
        return None
    if _REFUSED_AT_END.match(right):
        return Stance.AGAINST if role is Role.USE and _FOR_THEM.search(right) else None
    return Stance.FOR if is_meant(around, left, role) else None


def _said_of_it(right: str) -> str | None:
    """What stands behind a word, or behind the list that it stands in; None if it may be said of the list's last alone."""
    listed = _LIST_GOES_ON.match(right)
    if not listed:
        return right
    rest = right[listed.end() :]
    if rest.startswith(("都", "均")):
        return rest
    return None if USELESS.match(rest) or _REFUSED.match(rest) or _MAY_STOP.match(rest) else right


def _is_set_back(right: str) -> bool:
    """Whether what follows a word says that it fails, has time, or is not the best there is."""
    return bool(_FAILS_AFTER.match(right) or _SET_BACK_AFTER.match(right))
