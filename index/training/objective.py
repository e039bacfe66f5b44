"""The objective: contrastive learning over a large batch in little memory, without padding short texts to the longest."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.losses import CachedMultipleNegativesRankingLoss
from torch import Tensor

from index.training.precision import autocast


class LengthSortedRankingLoss(CachedMultipleNegativesRankingLoss):
    """`CachedMultipleNegativesRankingLoss` whose mini-batches hold texts of like length.

    The library's loss (GradCache: Gao et al., "Scaling Deep Contrastive Learning Batch Size under Memory Limited Setup", 2021)
    takes the texts as they come and pads each mini-batch to its longest; patients' texts differ so much in length that half of
    that is padding. Sorting each column first and putting the embeddings back in order gives the same loss and gradients.

    Args:
        model: what learns.
        temperature: cosines are divided by it.
        symmetric: add the loss of finding the question of an answer.
        mini_batch_tokens: tokens encoded together.
        cached: encode the batch twice, first without and then with what the way back needs, a mini-batch at a time. Without it the
            batch is encoded once and all of it kept: a quarter faster, and 4 to 10 GB for 100 pairs on this encoder.
        autocast: type of the fast matrix products, None for float32.
    """

    def __init__(
        self,
        model: SentenceTransformer,
        *,
        temperature: float,
        symmetric: bool = True,
        mini_batch_tokens: int = 2_500,
        cached: bool = True,
        autocast: torch.dtype | None = None,
    ) -> None:
        directions = ("query_to_doc", "doc_to_query") if symmetric else ("query_to_doc",)
        super().__init__(
            model,
            scale=1 / temperature,
            mini_batch_num_tokens=mini_batch_tokens,
            directions=directions,  # type: ignore[arg-type]
            partition_mode="per_direction",
        )
        self._autocast = autocast
        self._cached = cached
        self._places: list[Tensor] = []

    def forward(self, sentence_features: Iterable[dict[str, Tensor]], labels: Tensor) -> Tensor:
        """The loss of a batch, a scalar; one dictionary of token tensors a column."""
        columns = []
        self._places = []
        for features in sentence_features:
            order = torch.argsort(features["attention_mask"].sum(dim=1))
            self._places.append(torch.argsort(order))
            columns.append({name: value[order] if isinstance(value, Tensor) else value for name, value in features.items()})
        if self._cached:
            return super().forward(columns, labels)
        kept = [[reps for reps, _ in self.embed_minibatch_iter(column, with_grad=True, copy_random_state=False)] for column in columns]
        return self.calculate_loss(kept)

    def calculate_loss(self, reps: list[list[Tensor]], labels: Tensor | None = None, *, with_backward: bool = False) -> Tensor:
        """The loss over the whole batch, its embeddings back in the order of the pairs."""
        ordered = [torch.cat(column)[places] for column, places in zip(reps, self._places, strict=True)]
        if not with_backward:
            return super().calculate_loss([[column] for column in ordered], labels)
        # The library goes back once for each chunk of the batch; the way through our reordering can be gone only once.
        leaves = [column.detach().requires_grad_() for column in ordered]
        loss = super().calculate_loss([[leaf] for leaf in leaves], labels, with_backward=True)
        torch.autograd.backward(ordered, [leaf.grad for leaf in leaves])
        return loss

    def embed_minibatch(self, sentence_feature: dict[str, Tensor], *arguments: Any, **settings: Any) -> tuple[Tensor, Any]:
        """Embed a mini-batch in the fast type; float32 embeddings."""
        with autocast(sentence_feature["input_ids"].device, self._autocast):
            embeddings, state = super().embed_minibatch(sentence_feature, *arguments, **settings)
        return embeddings.float(), state
