"""A saved page of our own making, in the layout of an encyclopaedia's, and the same page in several markups."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape


@dataclass(frozen=True)
class Block:
    question: str
    doctor: str
    title: str
    hospital: str
    tier: str
    answer: str


TITLE = "打嗝停不下来的常见原因"
DATE = "2025-11-03"
VIEWS = "1.2万次浏览"
BODY = [
    "打嗝多由吃得太快、喝碳酸饮料或受凉引起，膈肌受刺激后不由自主地收缩。",
    "持续超过两天:要想到胃食管反流、药物或神经方面的问题，应到消化内科检查。",
]
DISCLAIMER = "本内容不能作为治疗依据,如有不适请到医院进行科学治疗"
DISEASE = "呃逆"
DEFINITION = "呃逆就是打嗝，是膈肌突然收缩、声门随即关闭发出的短促声音。多数几分钟内自己停止。"
MENU = ["了解疾病", "自测工具", "行动指南", "延展阅读"]
BRAND = "示例医典 | 为大家写的医学百科"
BLOCKS = [
    Block(
        "打嗝怎么快速止住?",
        "示例甲",
        "副主任医师",
        "示例市第一人民医院",
        "三甲",
        "可以先憋气十几秒，再小口喝温水。仍不停时，轻压眉头内侧。超过两天要去消化内科。",
    ),
    Block(
        "婴儿打嗝要紧吗",
        "示例乙",
        "主任医师",
        "示例省妇幼保健院",
        "三甲",
        "婴儿打嗝大多不要紧，竖起来拍背几分钟就好。若伴有吐奶、哭闹不吃，要看儿科，因为也可能是胃食",
    ),
    Block(
        "打嗝和胃病有关系吗",
        "阿依古丽·买买提",
        "主治医师",
        "示例县中医院",
        "二甲",
        "有时有关。反流性食管炎的人常在饭后打嗝、反酸。戒烟酒，晚饭少吃，症状反复就做胃镜。",
    ),
]
TRUNCATED = [False, True, False]


def as_text() -> str:
    lines = [TITLE, "", f"发布于  {DATE}", "", VIEWS, ""]
    for paragraph in BODY:
        lines += [paragraph, ""]
    lines += [DISCLAIMER, "了解疾病", DISEASE, DEFINITION, "了解详情", *MENU, BRAND, ""]
    for block in BLOCKS:
        lines += [block.question, f"{block.doctor} {block.title}", f"{block.hospital} {block.tier}", block.answer]
    return "\n".join([*lines, "免费咨询"])


def as_cards() -> str:
    """div and span, the credentials as separate spans without a blank between, a script, hidden parts, a footer."""
    blocks = "".join(
        f'<div class="card"><div class="q"><a href="/q">{escape(block.question)}</a></div>'
        f'<div class="d"><span>{block.doctor}</span><span>{block.title}</span></div>'
        f'<div class="h"><span>{block.hospital}</span><span class="tier">{block.tier}</span></div>'
        f'<div class="a">{escape(block.answer)}</div></div>'
        for block in BLOCKS
    )
    body = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in BODY)
    menu = "".join(f"<a>{word}</a>" for word in MENU)
    return (
        "<!DOCTYPE html><html><head><meta charset='utf-8'><title>别处的标题</title><style>.q{}</style>"
        "<link rel='canonical' href='https://example.com/hiccup'></head><body>"
        "<script>var doctor='脚本 主任医师';</script><nav><a>首页</a><a>登录</a></nav>"
        f"<h1>{TITLE}</h1><div>发布于 {DATE}</div><div>{VIEWS}</div>{body}<div>{DISCLAIMER}</div>"
        f"<div>了解疾病</div><div>{DISEASE}</div><div>{DEFINITION}</div><a>了解详情</a><div>{menu}</div><div>{BRAND}</div>"
        f"<p style='display:none'>隐藏 主任医师</p><p hidden>隐藏</p>{blocks}<button>免费咨询</button>"
        "<footer>Copyright 2025 示例网 版权所有</footer></body></html>"
    )


def as_sections() -> str:
    """article, section, headings, paragraphs broken by <br>, inline emphasis, comments, white space everywhere."""
    blocks = "\n".join(
        f"""
        <section>
          <h3>
            {escape(block.question)}
          </h3><!-- 医生 主任医师 -->
          <p><b>{block.doctor}</b> <i>{block.title}</i><br>{block.hospital} <em>{block.tier}</em></p>
          <p>{escape(block.answer[:10])}<strong>{escape(block.answer[10:14])}</strong>{escape(block.answer[14:])}</p>
        </section>"""
        for block in BLOCKS
    )
    body = "<br><br>".join(BODY)
    items = "".join(f"<li>{word}</li>" for word in MENU)
    return f"""<html><body>
      <main><article><h1>{TITLE}</h1><p>发布于&nbsp;&nbsp;{DATE}</p><p>{VIEWS}</p><div>{body}</div><p>{DISCLAIMER}</p></article>
      <aside><h2>了解疾病</h2><h4>{DISEASE}</h4><p>{DEFINITION}</p><button>了解详情</button></aside>
      <ul>{items}</ul><p>{BRAND}</p>{blocks}
      <a class="button">免费咨询</a></main></body></html>"""


def as_table() -> str:
    """A table, the credentials in cells of one row, and a definition list for the disease."""
    rows = "".join(
        f"<tr><td colspan=2>{escape(block.question)}</td></tr><tr><td>{block.doctor}</td><td>{block.title}</td></tr>"
        f"<tr><td>{block.hospital}</td><td>{block.tier}</td></tr><tr><td colspan=2>{escape(block.answer)}</td></tr>"
        for block in BLOCKS
    )
    paragraphs = "".join(f"<dd>{escape(paragraph)}</dd>" for paragraph in BODY)
    return (
        f"<body><table><tr><th>{TITLE}</th></tr><tr><td>发布于 {DATE}</td></tr><tr><td>{VIEWS}</td></tr></table><dl>{paragraphs}</dl>"
        f"<p>{DISCLAIMER}</p><dl><dt>了解疾病</dt><dt>{DISEASE}</dt><dd>{DEFINITION}</dd></dl><p>了解详情</p>"
        f"<p>{' '.join(MENU)}</p><p>{BRAND}</p><table>{rows}</table><p>免费咨询</p></body>"
    )


def as_inline() -> str:
    """Inline elements that only a style sheet makes into lines, without any white space; one row of badges, the tier first."""
    blocks = "".join(
        f'<div><a class="q">{escape(block.question)}</a><span>{block.doctor}</span><span>{block.title}</span><em>{block.tier}</em>'
        f"<span>{block.hospital}</span><button>去咨询</button><p>{escape(block.answer)}<a>[查看全文]</a></p><i>赞 {number}</i></div>"
        for number, block in enumerate(BLOCKS, start=11)
    )
    body = "".join(f"<p>{paragraph}</p>" for paragraph in BODY)
    return (
        f"<nav><a>疾病库</a></nav><h1>{TITLE}</h1><span>发布于{DATE}</span><span>{VIEWS}</span>{body}<p>{DISCLAIMER}</p>"
        f"<h2>了解疾病</h2><h3>{DISEASE}</h3><p>{DEFINITION}</p><a>了解详情</a><p>{BRAND}</p>{blocks}"
        "<aside><p>热门文章</p><p>别的病怎么办</p><p>广告</p></aside>"
    )


MARKUPS = {"cards": as_cards, "sections": as_sections, "table": as_table, "inline": as_inline}
