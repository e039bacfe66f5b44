"""Embeddings that a run keeps from one batch to the next, so that not every text has to be encoded again each time it is compared with.

An answer stands in some thirty graded lists. Encoding it again for each of them is most of what such lists cost, while a few steps move it
little: where it stood when it was last encoded serves as well, and only some of a batch's answers learn (cross-batch memory: Wang et al.,
"Cross-Batch Memory for Embedding Learning", CVPR 2020).
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

Embed = Callable[[dict[str, Tensor]], Tensor]


class RememberedEmbeddings:
    """Embeds a batch's texts, of which some learn and the others are remembered.

    Args:
        embed: token tensors [texts, tokens] to embeddings [texts, dimension] that learn.
        learnt: texts a batch that learn.
    """

    def __init__(self, embed: Embed, learnt: int) -> None:
        self._embed = embed
        self._learnt = learnt
        self._known: dict[bytes, Tensor] = {}
        self._last: dict[bytes, int] = {}
        self._batch = 0

    def embed(self, texts: dict[str, Tensor], uses: Tensor) -> Tensor:
        """Embeddings [texts, dimension]; gradients flow into those of the texts that learn, the most used and then the longest not encoded.

        Args:
            texts: `input_ids` and `attention_mask` [texts, tokens], padded on the right; each text once.
            uses: how often the batch compares each text [texts].
        """
        self._batch += 1
        lengths = texts["attention_mask"].sum(dim=1).tolist()
        keys = [row[:length].cpu().numpy().tobytes() for row, length in zip(texts["input_ids"], lengths, strict=True)]
        order = sorted(range(len(keys)), key=lambda place: (-int(uses[place]), self._last.get(keys[place], 0)))
        chosen, others = order[: self._learnt], order[self._learnt :]
        new = [place for place in others if keys[place] not in self._known]
        if new:
            with torch.no_grad():
                self._remember([keys[place] for place in new], self._embed(_rows(texts, new)))
        learning = self._embed(_rows(texts, chosen))
        self._remember([keys[place] for place in chosen], learning.detach())
        found = torch.stack([self._known[key] for key in keys])
        return found.index_copy(0, torch.tensor(chosen, device=found.device), learning)

    def _remember(self, keys: list[bytes], embeddings: Tensor) -> None:
        self._known.update(zip(keys, embeddings, strict=True))
        self._last.update(dict.fromkeys(keys, self._batch))


def _rows(texts: dict[str, Tensor], places: list[int]) -> dict[str, Tensor]:
    return {name: value[places] for name, value in texts.items()}
