"""Whether a doctor's clause tells to do something, to leave it, or that it is not needed: 要热敷, 不要热敷, 不用热敷.

Here is read what stands before the word, above all the negation that governs it (`corpus.stance.negation_reach`), which may be narrower than it looks:
不要长期用 and 不用每次都去医院 refuse nothing. Where none does, the rest of the clause speaks (`corpus.stance.advice_after`).
"""

from __future__ import annotations

import re
from dataclasses import replace

from corpus.stance import Around, Role, Stance
from corpus.stance.advice_after import BY_ITSELF, said_after
from corpus.stance.negation_reach import GAP, NEEDLESS, TOUCH, TURN, Negation, governing, is_double, last_match, without_seeming_negations
from corpus.stance.unguided import UNGUIDED

#: Who is told not to stop something is told to go on with it.
_GO_ON = re.compile(
    "(?:不要|不能|不可以?|不宜|不应该?|不建议|不主张|不得|不许|切勿|切莫|勿|别)(?:随意|随便|自行|擅自|私自|突然|骤然|轻易|立即|马上|过早|盲目|再)?(?:停用|停止|暂停|停掉)"
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
#: What is not for some people is no less than forbidden to them: 6个月以下不用布洛芬, 哮喘者不用.
_NOT_FOR = re.compile(
    "(?:以下|以内|[^或]者|患者|病人|的人|孕妇|孕期|孕早期|哺乳期?|新生儿|婴儿|过敏|病史|不全|未满[^,]{1,4}|不满[^,]{1,4})(?:都|均|也|一律|一般|最好|先|就){0,2}不用$"
)

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
#: A test that only guides a hand: 在超声引导下穿刺.
_GUIDES = re.compile("^(?:检查)?的?(?:引导|监视|监护|定位|辅助|指引|介导)(?:之)?下")
#: What something is and no more: 退热只是对症处理.
_NO_MORE_THAN = re.compile("(?:只|仅仅?|不过|无非)是$")
_REFUSES_ITSELF = re.compile("不要|别|避免|勿")
#: Who cannot do something, and whom nobody forbids it: 因不能面诊.
_UNABLE = re.compile("(?:因为?|由于|网上|线上|这里|平台)[^,]{0,4}$")
#: What is stopped has been named before it, so that this hands nothing on: 二甲双胍要暂停,问医生.
_STOPPED = re.compile("(?:暂停|停掉)了?(?=,|$)")


def advice(around: Around, role: Role, word: str) -> Stance | None:
    """What a clause says of something to do, to use or to go to; None where it says nothing that counts. `word`: its wording there."""
    if (modal := _MODAL.match(word)) and (_LENDS_A_MODAL.search(around.left) or _CUTS_A_WORD.search(around.left)):
        around, word = replace(around, left=around.left + modal[0]), word[modal.end() :]
        if _CUTS_A_WORD.search(around.left[: -len(modal[0])]):
            return None
    around = replace(around, left=_SOFTENED.sub("不", around.left), right=_SOFTENED.sub("不", around.right))
    plain = without_seeming_negations(around.left)
    if _SELDOM.search(plain) or _NO_MORE_THAN.search(plain) or _GUIDES.match(around.right):
        return None
    if _MUST_BE_BEFORE.search(plain) and _OR_NEVER_WELL.fullmatch(around.right):
        return Stance.FOR
    if _NOT_SO_FAR.search(plain):
        return Stance.NEEDLESS if _SO_FAR.match(around.right) else None
    left = _GO_ON.sub(lambda found: "~" * len(found[0]), plain)
    if _IN_USE.search(around.clause) or _AFTER_SOMETHING.search(left):
        return None
    reach = TOUCH if _OWN_VERB.match(word) else GAP
    for pattern, stance in ((NEEDLESS, Stance.NEEDLESS), (_FORBIDS, Stance.AGAINST)):
        negation = governing(pattern, left, reach)
        if negation is None:
            continue
        if _REFUSES_ITSELF.match(word):
            break  # 避免熬夜避免过度紧张: the wording has a negation of its own
        return None if role is Role.ACT and _HOW_MUCH.match(word) else _refused(negation, stance, around, left, role)
    if (_ANY_VERB.match(word) or not _OWN_VERB.match(word)) and _has_open_negation(left):
        return None
    if not _OWN_VERB.match(word) and _is_handed_a_negation(around, left):
        return None
    return said_after(around, left, role)


def _refused(negation: Negation, stance: Stance, around: Around, left: str, role: Role) -> Stance | None:
    """What a negation says that governs the word: `stance`, something narrower, or nothing that counts."""
    before, between = negation
    if (
        _TAKES_IT.search(between)
        or _UNABLE.search(before)
        or is_double(negation)
        or BY_ITSELF.search(before)
        or _BEFORE_SOMETHING.search(before)
        or _TOO_MUCH_AFTER.match(around.right)
    ):
        return None
    if stance is Stance.AGAINST and role is Role.USE and UNGUIDED.fullmatch(between):
        return Stance.UNGUIDED
    if _QUALIFIED.search(between) or _PUT_OFF.search(left[: len(left) - len(between)]) or _FOR_SOME.search(left):
        return None
    if stance is Stance.NEEDLESS and role is Role.USE and _NOT_FOR.search(left[: len(left) - len(between)]):
        return Stance.AGAINST
    return stance


def _has_open_negation(left: str) -> bool:
    """Whether a negation before the word, too far off in its clause to govern it, may reach it: 不要自己点含散瞳成分的眼药水."""
    here = (last_match(pattern, left) for pattern in (NEEDLESS, _FORBIDS))
    return any(found and not TURN.search(left[found.end() :]) for found in here)


def _is_handed_a_negation(around: Around, left: str) -> bool:
    """Whether a negation in the clause that the word's goes on from may reach it: 不要受凉,热敷."""
    carried = _STOPPED.sub("", around.carried)
    handed_on = last_match(NEEDLESS, carried) or last_match(_FORBIDS, without_seeming_negations(carried))
    return bool(handed_on) and not TURN.search(left)
