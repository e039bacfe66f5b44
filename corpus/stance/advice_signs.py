"""The sign that a word needs to be advice: something to do needs none, a drug must be said to be used, a test to be done, a department to be gone to."""

from __future__ import annotations

import re

from corpus.stance import Around, Role

#: It has been done already: 热敷过, 输液3天了.
PAST_AFTER = re.compile(
    "^[^,]{0,3}(?:长时间|很久|多天|多年|几天|\\d+[天周年])了|^(?:治疗|检查|药物?)?(?:过(?!量|多|度|敏|程|大|早|重|热|高|强|久|猛|于)|了(?!解))"
)

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


def is_meant(around: Around, left: str, role: Role) -> bool:
    """Whether the sign is there that a word of this role needs."""
    if role is Role.ACT:
        return True
    before = f"{around.carried},{left}"[-30:] if around.carried else left[-14:]
    if role is Role.USE:
        if _USE_DENIED.search(around.right):
            return False
        return bool(_USE_BEFORE.search(before) or _USE_AFTER.match(around.right))
    if role is Role.TEST:
        if _TEST_RESULT.match(around.right) or PAST_AFTER.match(around.right):
            return False
        return bool(_TEST_BEFORE.search(before) or re.match("^[^,]{0,3}(?:检查|化验|检测|排除|监测)", around.right))
    return bool(_PLACE_BEFORE.search(before[-10:]) or _PLACE_AFTER.match(around.right))
