"""Transformers of two layers with random weights over ten characters, a token each."""

from __future__ import annotations

from pathlib import Path

import torch
from sentence_transformers.base.modules import Transformer
from tokenizers import Regex, Tokenizer, models, pre_tokenizers, processors
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast, Qwen2Config, Qwen2Model

ALPHABET = "甲乙丙丁戊己庚辛壬癸"
WIDTH = 32

_SIZES = {"hidden_size": WIDTH, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 64, "max_position_embeddings": 64}


def toy_transformer(folder: Path, *, padded_left: bool = False) -> Transformer:
    """One of BERT's kind; or, padded on the left, of a decoder's (Qwen2), which asks for no position where a text starts."""
    vocabulary = {piece: number for number, piece in enumerate(["[CLS]", "[PAD]", "[SEP]", "[UNK]", *ALPHABET])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex("."), "isolated")
    tokenizer.post_processor = processors.TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 0), ("[SEP]", 2)])
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        model_max_length=64,
        padding_side="left" if padded_left else "right",
    )
    torch.manual_seed(0)
    sizes = {"vocab_size": len(vocabulary), "pad_token_id": 1, **_SIZES}
    model = Qwen2Model(Qwen2Config(num_key_value_heads=4, **sizes)) if padded_left else BertModel(BertConfig(**sizes))
    model.save_pretrained(folder)
    fast.save_pretrained(folder)
    found = Transformer(str(folder), max_seq_length=64)
    found.processor = fast
    return found
