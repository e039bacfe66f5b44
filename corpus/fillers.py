"""What people say while they think or greet: 嗯 那个 就是说, 医生你好我想问一下. Dictated questions are full of it, and it shares words with any record."""

from __future__ import annotations

import re

_START = "(?:^|(?<=[,，、。…！!\\s]))"
_DOCTOR = "(?:医生|大夫|主任|专家|老师|教授)们?"
# Only what greets: 你好转了吗 and 你好点没 ask something.
_HELLO = "(?:你|您)们?好(?![转点些多像不久几奇了吗得起过没])啊?呀?"
# Only the asker's own asking: 我妈想问一下 names who is ill, 去医院问一下 what was done.
_ASKING = (
    f"(?:(?:(?:我|俺|咱)(?:就|是|只)*|就)?想要?(?:请教|咨询|请问|问)(?:一下|下|一问|问)?|请问一?下|(?:麻烦|跟您?|向您?)(?:请教|咨询|问)一?下)"
    f"(?:[您你](?![他她的们])|{_DOCTOR}(?![说开让给的是]))?(?:啊|哈|哦|的?是(?!不是|否))?"
)
# 额头 and 那个来了 (the period) say something; so do 就是 and 然后 in 不是就是 and 饭然后, which stay stop words only.
_FILLER = re.compile(
    "[嗯呃唔诶欸]+|额{2,}|(?<![\u4e00-\u9fff])额(?![\u4e00-\u9fff])|(?:然后)?(?:就是说|就是那个|就是这个|就是呢|怎么说呢|怎么讲呢|我跟你说|我跟您说|你知道吧|你知道吗|您知道吧)"
    "|(?<![在有这把吃用对给打])(?:那个)+(?=[,，、…\\s]|就是|什么(?!时候|原因|药))|(?<![在有这把吃用对给打])那个(?=[它他她](?:就|老|总|会|一|的|这|那|,|，))"
    f"|{_START}(?:那个|就是|然后|这个|反正就是)(?=[,，、…\\s]|我|他|她|就是|然后)"
    f"|{_START}(?:{_DOCTOR}[,，]?{_HELLO}|{_HELLO}[,，]?{_DOCTOR}(?![说开让给的])|{_HELLO}(?=[,，。!！\\s]|我|俺|请|想|麻烦))"
    f"|(?<![\u4e00-\u9fff]){_ASKING}|(?<=[好啊呀那])(?=[我俺咱]){_ASKING}"
)
_MARKS = re.compile(r"[,，、…\s]*([,，、…\s])")


def without_fillers(text: str) -> str:
    """The text without its fillers; as it is where nothing else would be left. Idempotent."""
    while True:  # each pass takes something away, or it ends
        rest = _FILLER.sub("", text)
        if rest == text or not re.search(r"\w", rest):
            return text
        text = _MARKS.sub(r"\1", rest).strip(" ,，、。!！")
