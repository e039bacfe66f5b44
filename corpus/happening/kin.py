"""How a question names the people in it: relations, friends, whoever is no animal and no figure of a story."""

from __future__ import annotations

#: Relations, friends and whoever else somebody has: 我妈, 室友, 老伴. A pattern in one group.
KIN = (
    r"(?:爸|妈|爹|娘|父亲|母亲|老公|老婆|丈夫|妻子|爱人|媳妇|婆婆|公公|岳父|岳母|丈母娘|老丈人|爷爷|奶奶|姥姥|姥爷|外公|外婆|阿公|阿婆|哥|姐|弟|妹|叔|伯|"
    r"姑|姨|舅|婶|嫂|儿子|女儿|闺女|孩子|小孩|娃|宝宝|宝贝|孙子|孙女|侄|外甥|同学|室友|同事|朋友|闺蜜|男友|女友|男朋友|女朋友|对象|老板|邻居|师傅|工友|老伴|老头|老汉|老太|家)"
)
#: Whoever is a human being; alternatives of a pattern, without a group.
PEOPLE = rf"{KIN}|我|俺|咱|病人|患者|老人|大爷|大妈|大叔|大哥|大姐|小伙|姑娘|男的|女的|婴儿|新生儿|孕妇"
