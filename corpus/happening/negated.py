"""Whether a typed question denies a word: 没有发烧, 没有发烧咳嗽, 发烧倒没有.

What a doctor refuses or says is not needed is read by `corpus.stance.negation_reach`.
"""

from __future__ import annotations

import re

_NEGATION = re.compile(
    r"(?:(?<![是有会要能])(?:并|也|都|又|还|就)?(?:没有?|无|否认|未(?:见|曾|有|出现)?|不(?:是|会|再|太|怎么)?|从没(?:有)?|从来不|从来没有?|并非|毫无|(?:木|莫|冇|么)(?:有|得)|没人有?))$"
)
_NO_NEGATION = re.compile(
    r"(?:是不是|要不是|会不会是?|怕不是|莫不是|该不是|别不是|可不是|不会是|不就是|能不能|有没有|要不要|是不|忍不|止不|不得不|差不|来不|对不|好不|受不|挡不|扛不|控制不|不光|不仅|不只|不但|不止|不断|不小心|不慎|不知|没多久|没一会|没过多久|没几天|算不算是?)$"
)
#: 没几天, 没多久 say when, and deny nothing.
_SHORTLY = re.compile("没(?:几|多久|一会|过多久)")
_FILLER = re.compile(
    r"(?:任何|什么|出现|明显|再|怎么|太|很|特别|有|感觉到?|觉得|发生|啥|那么|别的|其他|过|谁|也|或者?|和|及|跟|与|以及|、|,(?=没|无|不)|(?<!不)(?<!没)到|的|这种|受|被|在|发)$"
)
#: Behind a word, denies it: 发烧倒没有.
NEGATED_AFTER = re.compile(
    r"^(?:倒是?|也|都|的情况|的症状|症状|这些?|什么的|啥的|现象)*(?:(?:从来|从)?没(?:有)?想过|从来没有?|没有|没得|都没|也没|不存在|不明显|无)(?:了|啊|的|过)?(?:$|[,。!?;、\s])"
)
#: Behind a word, says that it is as it should be: 呼吸正常.
FINE_AFTER = re.compile(
    "^(?:说话|走路|吃饭|睡觉|大小便|精神|、|和|跟)*(?:都|也|倒|还|一切|也都|全都|全|样样|吃饭)*(?:好好的|都好(?:$|[,。 ])|正常(?!吗|不|嘛)|挺好|没问题|没事(?!吗|吧)|好着呢|不受影响|(?:退|消)(?:了|下去|干净)(?!吗|么|没))"
)


def is_negated(text: str, start: int, negated_before: int = -1) -> bool:
    """Whether a negation stands directly before the word, with only fillers (任何, 出现, 、) or negated words between."""
    left = text[max(start - 16, 0) : start]
    for _ in range(6):
        if negated_before == start - (len(text[max(start - 16, 0) : start]) - len(left)) and negated_before > 0:
            return True
        if _NEGATION.search(left):
            return not _NO_NEGATION.search(left) and not _SHORTLY.match(text, start - 1)
        shorter = _FILLER.sub("", left)
        if shorter == left:
            return False
        left = shorter
    return False
