"""What the status page tells of an index in Milvus: what is published there, and how to look after it."""

from __future__ import annotations

import streamlit as st

from corpus.paths import ROOT
from index.encoder import DEFAULT_ENCODER
from index.manifest import IndexFolderError
from index.milvus.searched import MilvusIndex
from index.places import open_index
from search_app.components.facts import facts, token_vectors_told
from search_app.operator_commands import milvus_commands


def draw_served(address: str, more: list[tuple[str, str]]) -> None:
    """Draw the published generation, further facts and the commands."""
    manifest = reading = None
    try:
        manifest = (index := open_index(address)).manifest
        reading = index.reading if isinstance(index, MilvusIndex) else None
    except IndexFolderError as error:
        st.error("索引不能用。", icon=":material/error:")
        st.code(str(error), language=None, wrap_lines=True)
    else:
        st.success("索引可用。", icon=":material/check_circle:")
        known = [
            ("当前的一代", index.name),
            ("建成时间", manifest.created),
            ("语料", "、".join(manifest.sources) or "没有记下"),
            ("记录", f"{manifest.counts['records']} 条"),
            ("单元", f"{manifest.counts['units']} 个（问题与段落，每个一条向量）"),
            ("逐词向量", token_vectors_told(manifest.encoder)),
            ("编码器", str(manifest.encoder["name"]) if manifest.encoder["name"] != DEFAULT_ENCODER else "自带的"),
            ("编码器指纹", str(manifest.encoder["fingerprint"])),
            ("建库所用", "，".join(f"{name} {version}" for name, version in sorted(manifest.libraries.items()))),
            ("位置", address),
        ]
        st.html(facts(known + more))
    st.subheader("命令", anchor=False)
    st.markdown("在终端里、项目的文件夹里运行：")
    st.code(str(ROOT), language=None, wrap_lines=True)
    for command in milvus_commands(address, manifest, reading):
        st.markdown(f"**{command.purpose}**")
        st.code(command.line, language=None, wrap_lines=True)
