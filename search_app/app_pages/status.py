"""The status page, for whoever runs the program: which index is served, whether it is whole, and how to look after it."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path

import streamlit as st

from corpus.paths import ROOT
from corpus.record import KIND_NAMES
from index.audit import Audit, audit
from index.generation import IndexFolder, IndexFolderError
from index.history import history
from index.milvus.address import is_milvus
from search_app.components.facts import facts, generation_list, problem_list, size, token_vectors_told
from search_app.components.served import draw_served
from search_app.feedback_store import FeedbackError, FeedbackStore, feedback_path
from search_app.operator_commands import commands
from search_app.resources import index_address, index_folder

# Clicks that come faster than this share one audit: it reads every byte.
_SHARED_SECONDS = 10


@st.cache_resource(ttl=_SHARED_SECONDS, max_entries=1, show_spinner=False)
def audited(folder: str) -> tuple[Audit, datetime, float]:
    """An audit, when it ended and how many seconds it took."""
    start = time.monotonic()
    return audit(Path(folder)), datetime.now().astimezone(), time.monotonic() - start


def local(created: str) -> str:
    """A time of the manifest, on this machine's clock."""
    return datetime.fromisoformat(created).astimezone().strftime("%Y-%m-%d %H:%M:%S（UTC%z）")


def feedback_kept() -> str:
    """Whether readers are asked for their opinion, and how many have given one."""
    path = feedback_path()
    if path is None:
        return "没有打开（环境变量 DOCTOR_ANSWERS_FEEDBACK=on）"
    try:
        return f"已打开，{len(FeedbackStore(path))} 条，在 {path}"
    except FeedbackError as error:
        return str(error)


st.title("运行状态", anchor=False)
if is_milvus(index_address()):
    draw_served(index_address(), [("读者意见", feedback_kept())])
    st.stop()
folder = index_folder()
try:
    generations = history(IndexFolder(folder))
except IndexFolderError as error:
    st.error("索引文件夹读不了。", icon=":material/error:")
    st.code(str(error), language=None, wrap_lines=True)
    st.stop()

current = next((one for one in generations if one.is_current), None)
if not generations:
    st.error("还没有索引，不能搜索。请用下面的第一条命令建一个。", icon=":material/error:")
elif current is None:
    st.warning("CURRENT 缺失或已损坏，页面改用最新的一代。请重建索引。", icon=":material/warning:")
elif current.problem:
    st.error("当前的一代不完整，页面会退回较早的一代。请重建索引。", icon=":material/error:")
elif not current.is_our_lexicon:
    st.error("当前的一代是用另一版词典或 jieba 建的，不能搜索。请重建索引，未变的嵌入会沿用。", icon=":material/error:")
else:
    st.success("索引可用。", icon=":material/check_circle:")

manifest = current.manifest if current else None
if current and manifest:
    counts, encoder = manifest.counts, manifest.encoder
    kinds = "，".join(f"{name} {counts[kind]}" for kind, name in KIND_NAMES.items() if counts.get(kind))
    st.html(
        facts(
            [
                ("当前的一代", current.name),
                ("建成时间", local(manifest.created)),
                ("语料", "、".join(manifest.sources) or "没有记下"),
                ("记录", f"{counts['records']} 条（{kinds}）"),
                ("单元", f"{counts['units']} 个（问题与段落，每个一条向量）"),
                ("向量索引", str(manifest.vector_index.get("why", "逐个比较，结果精确"))),
                ("逐词向量", token_vectors_told(encoder)),
                ("编码器", f"{encoder['name']}，{encoder['dimension']} 维，最长 {encoder['max_tokens']} 个词元"),
                ("编码器指纹", str(encoder["fingerprint"])),
                ("建库所用", "，".join(f"{name} {version}" for name, version in sorted(manifest.libraries.items()))),
                ("大小", f"{size(current.size)}，{len(manifest.files)} 个文件"),
                ("位置", str(folder.resolve())),
                ("读者意见", feedback_kept()),
            ]
        )
    )

st.subheader("核对", anchor=False)
st.markdown("打开时只核对改动过的文件；这里把每一代的每个字节与发布时相比，大的索引要几分钟。")
if st.button("逐字节核对", icon=":material/fact_check:"):
    with st.spinner("正在核对……"):
        try:
            found, ended, seconds = audited(str(folder))
        except (IndexFolderError, OSError) as error:
            st.error("没能核对完。", icon=":material/error:")
            st.code(str(error), language=None, wrap_lines=True)
            st.stop()
    when = f"{ended:%H:%M:%S} 核对，用时 {seconds:.1f} 秒"
    if found.problems:
        st.error(f"有 {len(found.problems)} 处与发布时不同（{when}）。", icon=":material/error:")
        st.html(problem_list(found.problems))
    else:
        st.success(
            f"与发布时一致：{len(found.generations)} 代，{found.files} 个文件，{size(found.size)}（{when}）。", icon=":material/verified:"
        )
    if found.notes:
        st.html(problem_list(found.notes))

if generations:
    st.subheader("各代索引", anchor=False)
    st.html(generation_list(generations))

st.subheader("命令", anchor=False)
st.markdown("在终端里、项目的文件夹里运行：")
st.code(str(ROOT), language=None, wrap_lines=True)
for command in commands(folder, manifest):
    st.markdown(f"**{command.purpose}**")
    st.code(command.line, language=None, wrap_lines=True)
