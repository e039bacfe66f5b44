"""What in a doctor's answer is not the doctor's: what others say, believe or do, what used to be so, and what the next clause takes back.

听说要热敷, 很多人喜欢输液, 以前认为 tell what somebody else thinks; what the doctor says of it comes after, and seldom the same. Works on
clauses of a search key.
"""

from __future__ import annotations

import re

_PEOPLE = "(?:(?<![个本])人|家长|父母|妈妈?|宝妈|老人|长辈|奶奶|婆婆|姥姥|爷爷|患者|病人|病友|朋友|孕妇|男性|女性|亲戚|邻居|同事|同学|医院|诊所|大夫)们?"
_SOME = "(?:有的?|有些|很多|许多|不少|好多|好些|常有|经常有|多数|大多数?|部分|一些|个别|其他|别的?|外面的?)"
#: Somebody else's words or doings; what the doctor says of them comes after, and seldom the same. Where it is from, who says it, who does it.
_NOT_THE_DOCTORS = re.compile(
    "听说|听人说|据说|传说|相传|网上|网传|网友|抖音|朋友圈|民间|偏方|广告|误区|误解|偏见|谣言|误以为|以为|俗话|老话|说法|所谓|理解的|(?<!老)人家|都说(?!明)|有文献|有报道|没(?:有)?人?(?:说|要求)|^说(?![明实白到来真不])"
    "|(?:你|您|患者|家属)(?:自己)?(?:所|的)?(?:说|描述|提到|问)(?!明)|(?:外院|当地|基层)[^,]{0,4}(?:让|叫|要求|说|建议)"
    f"|{_PEOPLE}(?:常|总|都|里|也|就)?(?:说(?!明)|讲|告诉|觉得|认为|非要|非得|喜欢|习惯)|(?:传统(?:观念|上)?|习惯上|有?(?:一些|些)?观点)(?:都|也)?(?:说|讲|认为|主张)"
    f"|{_SOME}{_PEOPLE}[^,需应可]{{0,6}}(?:说|问|相信|主张|建议|爱|要求|希望|担心|害怕|自己|自行|擅自|私自|总|经常|长期|老是|一[^,般定些直样]|就|为了|会给|给)"
    f"|别人|{_SOME}人[^,]{{0,3}}(?:做|吃|用|喝|打|靠)|(?:我们|我|本)(?:科|院|医院|这里|这边|这儿)[^,]{{0,3}}(?:不(?!要|能|建议|推荐|主张)|没)"
)
#: A clause that is all of what somebody else says, so that the next is theirs as well: 有人说，补钙有用.
_THEY_SAY = re.compile("(?:说|讲|认为|觉得|主张|以为|问)$")
#: What used to be so; 睡觉以前 is no such time, nor is what somebody has used until now.
_FORMERLY = re.compile("^(?:在|而|但)?(?:过去|以前|从前|早年|早些年|前些年|早先|以往|旧时|当年|当时|那时候?|原先|曾经)")
#: The clause after the word is nothing but a negation (吃抗生素 不用), or says what harm comes of it (长期服用,会损伤肾).
_TAKEN_BACK = re.compile(
    "[, ]+(?:可能|会|可|容易|反而|都|也){0,2}(?:造成|导致|引起|加重|损害|损伤)"
    "|[,;: 。]+(?:但|但是|可是|不过|其实|实际上|事实上|现在|目前|我(?:看|认为|觉得|说)|真的?|实在|完全|根本|这|那|都|也|并|就|是|很|非常|已经?){0,3}"
    "(?:不用|不需要|不必|没有?(?:什么)?必要|不要|不行|不可以|不能|没用|用不着|犯不着|不是这样|不对|不对的|错误|错|误区|别信|不要信|不科学|不可信|不可靠|不现实|夸大"
    "|(?:没有?|缺乏|无)(?:科学)?(?:根据|依据|道理|证据)|证据不足|(?:作用|效果)(?:有限|不大)|少用|[用做]得少|不(?:这么|这样)(?:看|做|认为|主张)|不(?:提倡|主张|推荐|用))"
    "(?:了|的)?(?:$|[,;: 。!])"
    "|[,;: 。]+(?:这种?|此|该|上述|这样的?|以上|那种?)(?:[^,]{1,6}的)?(?:做法|办法|方法|方式|说法|看法|观点|想法|观念|法|用法|吃法|做|吃|用|说)?(?:并|都|均|也|就|是|很|其实){0,2}(?:不要|不可取|不能|不宜|不行|不对|错|不推荐|不建议|不主张|不科学|没有?(?:道理|根据|依据)|误区|禁|危险|不安全|没用|不用)"
    "|[,;: 。]+(?:是|这是|也是|就是|属于)[^,]{0,6}(?:误区|误解|偏见|错误)"
)


def is_hearsay(clause: str, before: str) -> bool:
    """Whether a clause tells somebody else's words or doings; `before` is the clause before it, which may say that it does."""
    if _NOT_THE_DOCTORS.search(clause) or _FORMERLY.match(clause):
        return True
    return bool(_THEY_SAY.search(before) and _NOT_THE_DOCTORS.search(before))


def is_taken_back(rest: str) -> bool:
    """Whether what follows a clause, from its mark on, takes it back: 吃抗生素，不用."""
    return bool(_TAKEN_BACK.match(rest))
