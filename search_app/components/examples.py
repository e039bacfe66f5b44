"""Questions to begin with, by topic: what people ask, in words that people use."""

from __future__ import annotations

from collections.abc import Mapping

#: Topic -> questions. The starter corpus answers each of them (tests/search_app/test_examples.py).
EXAMPLES: Mapping[str, tuple[str, ...]] = {
    "日常不适": ("半夜小腿老抽筋咋回事", "胃里反酸烧心怎么办", "晚上睡不着有什么办法"),
    "孩子": ("孩子发烧39度精神还行要去医院吗", "宝宝湿疹能用激素药膏吗", "手足口病要隔离几天"),
    "爸妈": ("血压高可以停药吗", "老人骨质疏松怎么补钙", "痛风能喝啤酒吗"),
    "女性与怀孕": ("怀孕了能吃感冒药吗", "痛经疼得厉害怎么缓解", "妊娠糖尿病怎么吃"),
    "用药": ("二甲双胍什么时候吃", "吃了头孢多久能喝酒", "阿司匹林要长期吃吗"),
    "体检报告": ("肺结节要不要手术", "甲状腺结节要紧吗", "脂肪肝能好吗"),
}
