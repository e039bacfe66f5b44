"""Several encoders trained from the same weights averaged into one.

Encoders fine-tuned from one base by different recipes lie in one basin of the loss, and the mean of their weights is often better
than any of them, above all on data that none was trained on (Wortsman et al., "Model soups: averaging weights of multiple
fine-tuned models improves accuracy without increasing inference time", ICML 2022). It costs nothing when the encoder is used.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import torch
from sentence_transformers import SentenceTransformer

from corpus.atomic import atomic_folder
from index.training.recipe import RecipeError


def average_encoders(members: Sequence[tuple[Path, float]], out: Path) -> None:
    """The weighted mean of encoders, written in half precision; tokenizer and settings are the first one's.

    Args:
        members: sentence-transformers folders with their shares, which need not sum to 1.
        out: the finished folder; must not exist.

    Raises:
        RecipeError: no member, a share of 0 or less, weights of another shape, another tokenizer or other prompts, or `out` exists.
    """
    if not members or any(share <= 0 for _, share in members):
        raise RecipeError("平均至少要一个编码器，比例都要大于 0")
    if out.exists():
        raise RecipeError(f"{out} 已经存在；请换一个名字，或先把它移走")
    whole = sum(share for _, share in members)
    first: SentenceTransformer | None = None
    mean: dict[str, torch.Tensor] = {}
    for folder, share in members:
        if not (folder / "modules.json").exists():
            raise RecipeError(f"{folder} 不是 sentence-transformers 文件夹")
        model = SentenceTransformer(str(folder), device="cpu", local_files_only=True).float()
        state = model.state_dict()
        if first is None:
            first = model
            mean = {name: torch.zeros_like(value) if value.is_floating_point() else value for name, value in state.items()}
        _check_alike(first, model, folder)
        for name, value in state.items():
            if value.is_floating_point():
                mean[name] += value * (share / whole)
    assert first is not None
    first.load_state_dict(mean)
    shares = {folder.name: round(share / whole, 4) for folder, share in members}
    with atomic_folder(out, "modules.json") as staging:
        first.half().save_pretrained(str(staging), create_model_card=False)
        (staging / "average.json").write_text(json.dumps(shares, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _check_alike(first: SentenceTransformer, other: SentenceTransformer, folder: Path) -> None:
    if _shapes(first) != _shapes(other):
        raise RecipeError(f"{folder} 的权重形状和第一个编码器不同，不能平均")
    if _tokenizer(first) != _tokenizer(other) or first.prompts != other.prompts:
        raise RecipeError(f"{folder} 的分词器或提示语和第一个编码器不同，不能平均")


def _shapes(model: SentenceTransformer) -> dict[str, torch.Size]:
    return {name: value.shape for name, value in model.state_dict().items()}


def _tokenizer(model: SentenceTransformer) -> str:
    return str(model.tokenizer.backend_tokenizer.to_str())
