"""Lower layers that a run does not change: computed once for each text, then remembered.

A text that comes back (an answer stands in some thirty graded lists) then costs the upper layers only, and the way back ends where they
begin: with eight of twelve layers frozen a step costs a third (layer freezing: Lee et al., "What Would Elsa Do? Freezing Layers During
Transformer Fine-Tuning", 2019, who lose a tenth of what fine-tuning gains with three quarters of the layers frozen).
"""

from __future__ import annotations

from typing import Any

import torch
from sentence_transformers import SentenceTransformer
from torch import Tensor
from transformers import BertModel
from transformers.masking_utils import create_bidirectional_mask


class FrozenLayers:
    """The first layers of an encoder, frozen, and what came out of them for every text so far (half precision, in memory).

    Args:
        model: an encoder whose first module holds a `BertModel`, without dropout. The embeddings and its first `count` layers stop learning.
        count: layers, at least 1 and fewer than the encoder has.

    Raises:
        ValueError: the encoder is of another kind, or has no layer left to learn.
    """

    def __init__(self, model: SentenceTransformer, count: int) -> None:
        bert = model[0].auto_model
        if not isinstance(bert, BertModel):
            raise ValueError(f"只会冻结 BertModel 的层，而这个编码器是 {type(bert).__name__}")
        if not 0 < count < len(bert.encoder.layer):
            raise ValueError(f"frozen_layers 应在 1 到 {len(bert.encoder.layer) - 1} 之间，而不是 {count}")
        self._model = model
        self._bert = bert
        self._count = count
        self._known: dict[bytes, Tensor] = {}
        for module in (bert.embeddings, *bert.encoder.layer[:count]):
            module.requires_grad_(False)

    def embed(self, features: dict[str, Any]) -> Tensor:
        """Sentence embeddings [texts, dimension] of a batch, as the encoder itself gives them.

        Args:
            features: `input_ids` and `attention_mask` [texts, tokens], padded on the right.
        """
        ids, mask = features["input_ids"], features["attention_mask"]
        hidden = self._lower(ids, mask)
        attention = create_bidirectional_mask(config=self._bert.config, inputs_embeds=hidden, attention_mask=mask)
        for layer in self._bert.encoder.layer[self._count :]:
            hidden = layer(hidden, attention)
        upper = {**features, "token_embeddings": hidden}
        for module in list(self._model)[1:]:
            upper = module(upper)
        return upper["sentence_embedding"]

    @torch.no_grad()
    def _lower(self, ids: Tensor, mask: Tensor) -> Tensor:
        """float32 [texts, tokens, width], zero where padded: what the frozen layers give."""
        lengths = mask.sum(dim=1).tolist()
        keys = [row[:length].cpu().numpy().tobytes() for row, length in zip(ids, lengths, strict=True)]
        missing = [place for place, key in enumerate(keys) if key not in self._known]
        if missing:
            longest = max(lengths[place] for place in missing)
            shown = mask[missing, :longest]
            hidden = self._bert.embeddings(ids[missing, :longest])
            attention = create_bidirectional_mask(config=self._bert.config, inputs_embeds=hidden, attention_mask=shown)
            for layer in self._bert.encoder.layer[: self._count]:
                hidden = layer(hidden, attention)
            for row, place in zip(hidden, missing, strict=True):
                self._known[keys[place]] = row[: lengths[place]].half()
        found = torch.zeros(*ids.shape, self._bert.config.hidden_size, device=ids.device)
        for row, key, length in zip(found, keys, lengths, strict=True):
            row[:length] = self._known[key]
        return found
