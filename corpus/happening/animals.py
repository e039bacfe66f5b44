"""Whether it happens to an animal: 狗狗抽搐, and not 被狗咬."""

from __future__ import annotations

import re

from corpus.happening.doubts import Doubt
from corpus.happening.kin import PEOPLE

_PET = re.compile(
    r"(?<![被让给遭着叫和跟逗怕遛养喂抱买撸带与成累像似])(?<!热)(?<!熊)(?<!像小)(?<!像只)(?<!似小)(?:(?:我|俺)家|我)?(?:的)?(?:小|大|老|母|公|黑|白|黄|田园|流浪|只)?(?:狗狗|狗子|狗(?!叫|疫|针|吠|粮|绳|毛|血|头|咬|抓|挠|啃|舔|伤|窝|牌|屎|肉|追|扑|日|仗|腿|跑|主)|猫咪|猫猫|猫(?!着|腰|咬|抓|挠|毛|粮|腻|眼|爪|薄荷|砂|屎|耳朵|追|舔|伤)|泰迪|布偶|金毛|拉布拉多|哈士奇|二哈|柯基|柴犬|比熊|博美|边牧|萨摩耶|阿拉斯加|法斗|英短|美短|加菲|橘猫|蓝猫|"
    r"仓鼠|兔子|兔兔|乌龟|小龟|鹦鹉|金鱼|锦鲤|龙猫|豚鼠|荷兰猪|刺猬|宠物|毛孩子|母鸡|公鸡|小鸡(?!鸡)|鸡群|鸡苗|鸭子(?!声|嗓|叫|腔|音)|大鹅|小鹅|母猪|小猪|仔猪|猪仔|猪圈|小牛|母牛|牛犊|羊羔|山羊|小羊|母羊|鸽子|蜥蜴|守宫)"
)
_PET_ACTS = re.compile(
    r"^(?![^,。]{0,2}[被让给遭])[^,。]{0,3}(?:咬|抓|挠|啃|舔|扑|撞|追|踢|顶|绊|蹬|送人|送走|送给|托付|托人)(?!了?(?:东西|电线|拖鞋|骨头))"
)
_VET = re.compile("兽医|宠物医院|宠物店|动物医院|养殖场的?(?:鸡|猪|牛|羊|鸭)|养(?:鸡|猪|牛|羊|鸭|猫|狗)场")
_HURT_BY_PET = re.compile(
    "(?:被|让|给|遭|着).{0,8}(?:咬|抓|挠|舔|啃|踢|顶|伤)|(?:狗|猫|猴|猪|马|牛|鼠)[^,。]{0,3}把[^,。]{0,3}(?:我|他|她|孩子|人|娃|宝|妈|爸|奶|爷|儿子|女儿|手|脚|腿|脸)[^,。]{0,6}(?:咬|抓|挠|啃|叼)|(?:狗|猫|兔子|仓鼠|猪|牛|马|鼠|猴|鹅).{0,3}(?:咬|抓|挠)(?:的|了|破|伤|到)?(?:我|俺|他|她|人|孩子|小孩|娃|宝|爸|妈|爷|奶|的?(?:手|脚|腿|脸|脖|头|脑|胳|耳|嘴|眼|鼻|肩|背|屁股|大腿|小腿|膝|指|肚|胸|腰|胯)|一口|一下|一道|几道|几口|好几|两|三|出血|见血|流血|破|[,。 ]|$)"
)
_HUMAN = re.compile(rf"(?:{PEOPLE})(?!家(?:的)?(?:狗|猫|小|母|泰|金|布|乌|宠|养|仓|兔))")


def mark_animals(text: str, texts: list[str], doubts: list[set[Doubt]]) -> None:
    """A clause about an animal, and those after it until a human being appears; all of them for a vet."""
    if _HURT_BY_PET.search(text) and not _pet_is_hurt(text):
        return
    vet = bool(_VET.search(text))
    animal = False
    first = -1
    for number, (clause, own) in enumerate(zip(texts, doubts, strict=True)):
        if _is_about_pet(clause):
            animal = True
            first = number if first < 0 else first
        elif animal and _HUMAN.search(clause):
            animal = False
        if animal or vet:
            own.add(Doubt.ANIMAL)
    if first > 0 and not any(_HUMAN.search(clause) for clause in texts[:first]):
        for own in doubts[:first]:
            own.add(Doubt.ANIMAL)


def _is_about_pet(clause: str) -> bool:
    return any(not _PET_ACTS.match(clause[found.end() :]) for found in _PET.finditer(clause))


def _pet_is_hurt(text: str) -> bool:
    """我家狗被蛇咬了: the animal stands before the passive, and is the one that was hurt."""
    return any(
        re.match(r"(?:刚才?|又|今天|昨天|也)?(?:被|让|给|遭)(?!我|人)", text[found.end() : found.end() + 6])
        for found in _PET.finditer(text)
    )
