"""What is said and not meant: 累得快猝死, 笑死, and what people say of money, idols and work."""

from __future__ import annotations

import re

_HAHA = re.compile("(?<!一)哈哈(?!功夫)|嘿嘿|hhh|233|笑死|狗头|表情包|社死|(?<!笑)嘻嘻|捂脸|dog")
_MOOD = "(?:多|少|写|背|做|堵|吵|闷|无聊|等|贵|气|笑|累|吓|烦|躁|丑|尴尬|馋|美|急|帅|看|穷|愁|忙|困|饿|酸|听|读|考|加班|甜|辣|激动|萌|撑|卷|吐槽|逗|乐|骂)"
_ALMOST = "(?:快|差点|想|要|恨不得|直想)"
_ME = "(?:我|俺|人|老子|本人|本宝宝|老娘)"
#: Before a word, says how much something is felt, and not that it happens: 累得快 猝死.
HYPERBOLE_LEFT = re.compile(
    rf"{_MOOD}(?:(?:得|的|到){_ME}(?:都|也|是|就|直)*{_ALMOST}*|(?:得|的|到)?{_ME}?(?:都|就|真|是|也)*{_ALMOST}+)(?:要|当场|原地|得)?$"
)

#: What people say of money, idols and work; together with one of the words below nobody is ill.
_FIGURATIVE_TALK = re.compile(
    "电脑|显示器|黑屏|气到|笑到|恐怖片|鬼片|鬼屋|过山车|蹦极|队友|打游戏|开黑|排位|股票|基金|跌停|涨停|满仓|账户|割肉|爱豆|官宣|偶像|追星|球队|主队|甲方|老板又|方案|卷子|考了|考试成绩|作业|论文|加班|逛街|逛一天|高跟鞋|步数|万步|步[,， ]|爬山|开玩笑|家人们|哎呀妈|服了|无语|绝了|原地|社死|破防|emo|阵亡|把人气|人气吐|气得|被气|气死|给我气|能把人|手机没电|电量|没电|关机了"
)
#: What people say figuratively, beside such talk.
FIGURATIVE_WORD = re.compile(
    "^(?:吐血|窒息|心梗了?|心肌梗塞|猝死|断气|裂开|(?:腿|脚|腰|手|胳膊)(?:都)?(?:要|快)?断了?|骨折|休克|晕倒|晕过去|心脏骤停|骤停|暴毙|脑溢血|脑梗|昏迷|大出血|要死|想死|大失血|中风|半身不遂|心碎|割|血压.{0,12}|去世|没气|抽过去|抽搐|抽风|一直|高血压)"
)
_SERIOUS = re.compile(
    "真的不是开玩笑|叫不醒|送医院|在地上|120|急救|怎么救|血块|楼顶|遗书|不想活|活不下去|活着没|告别|一口血|几口血|冒汗|出汗|说不出话"
)


def is_joking(text: str) -> bool:
    """Whether a question laughs at what it tells."""
    return bool(_HAHA.search(text))


def is_figurative(text: str) -> bool:
    """Whether a question speaks of money, idols, work or the like, and of nothing serious."""
    return bool(_FIGURATIVE_TALK.search(text)) and not _SERIOUS.search(text)
