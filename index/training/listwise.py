"""The objective for graded lists: the order in which a question's answers should come, not which one is the right one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import torch
from sentence_transformers import SentenceTransformer
from torch import Tensor
from torch.nn import functional

from index.training.precision import autocast
from index.training.remembered import RememberedEmbeddings

#: A logit whose probability is 0, yet finite: 0 times its logarithm must stay 0.
_LEFT_OUT = -1e6


class GradedListLoss(torch.nn.Module):
    """ListNet's top-one cross entropy over graded answers and those of the batch's other lists.

    The divergence of a softmax over `cosines / temperature` from one over `sharpness * grade` (Cao et al., "Learning to Rank: From
    Pairwise Approach to Listwise Approach", ICML 2007). An answer that stands in several lists of a batch is encoded once and keeps the
    grade it has for each question.

    Args:
        model: what learns.
        temperature: cosines are divided by it.
        sharpness: an answer graded one higher should be e^sharpness times as likely.
        unjudged: grade of the answers of other lists.
        spare_near: leave an answer of another list out of a question's loss where it lies nearer than the question's own on average.
        other_weight: how much the question beside the judged one counts, whose answers were graded for the other; with 0 it is not encoded.
        learnt_answers: so many of a batch's answers learn, those that most of its lists hold; the others stand where they stood when
            they were last encoded. 0 for all.
        mini_batch_tokens: tokens encoded together, texts of like length.
        autocast: type of the fast matrix products, None for float32.
    """

    def __init__(
        self,
        model: SentenceTransformer,
        *,
        temperature: float,
        sharpness: float,
        unjudged: float,
        spare_near: bool = False,
        other_weight: float = 0.5,
        learnt_answers: int = 0,
        mini_batch_tokens: int = 2_500,
        autocast: torch.dtype | None = None,
    ) -> None:
        super().__init__()
        self.model = model
        self._temperature = temperature
        self._sharpness = sharpness
        self._unjudged = unjudged
        self._spare_near = spare_near
        self._other_weight = other_weight
        self._remembered = RememberedEmbeddings(self._embed, learnt_answers) if learnt_answers else None
        self._mini_batch_tokens = mini_batch_tokens
        self._autocast = autocast

    def forward(self, sentence_features: Iterable[dict[str, Tensor]], labels: Tensor) -> Tensor:
        """The loss of a batch, a scalar.

        Args:
            sentence_features: token tensors of the judged question, of another question for the same answer, and of each candidate.
            labels: grades [lists, candidates].
        """
        columns = list(sentence_features)
        askers = 2 if self._other_weight else 1
        questions, asked = _distinct(columns[:askers])
        answers, offered = _distinct(columns[2:])
        lists, candidates = labels.shape
        own = offered.reshape(candidates, lists).T
        grades = torch.full((lists, len(answers["input_ids"])), self._unjudged, device=labels.device)
        grades = grades.scatter_reduce(1, own, labels.float(), "amax", include_self=True).repeat(askers, 1)
        passages = self._remembered.embed(answers, torch.bincount(offered)) if self._remembered else self._embed(answers)
        cosines = self._embed(questions)[asked] @ passages.T
        likely = cosines / self._temperature
        if self._spare_near:
            judged = torch.zeros_like(grades, dtype=torch.bool).scatter(1, own.repeat(askers, 1), True)
            usual = (cosines * judged).sum(dim=1, keepdim=True) / judged.sum(dim=1, keepdim=True)
            spared = ~judged & (cosines > usual)
            grades, likely = grades.masked_fill(spared, -torch.inf), likely.masked_fill(spared, _LEFT_OUT)
        wanted = (self._sharpness * grades).softmax(dim=1)
        each = functional.kl_div(likely.log_softmax(dim=1), wanted, reduction="none").sum(dim=1)
        weights = torch.ones(askers * lists, device=each.device)
        weights[lists:] = self._other_weight
        return (weights * each).sum() / weights.sum()

    def _embed(self, texts: dict[str, Tensor]) -> Tensor:
        """float32 [texts, dimension], rows of length 1; shortest first, so that a mini-batch pads little."""
        lengths = texts["attention_mask"].sum(dim=1)
        order = torch.argsort(lengths)
        parts = []
        start = 0
        while start < len(order):
            size = 1
            while start + size < len(order) and (size + 1) * int(lengths[order[start + size]]) <= self._mini_batch_tokens:
                size += 1
            chosen = order[start : start + size]
            longest = int(lengths[chosen].max())
            features = {name: value[chosen, :longest] for name, value in texts.items()}
            with autocast(chosen.device, self._autocast):
                embedded = self.model(features)["sentence_embedding"]
            parts.append(embedded.float())
            start += size
        return functional.normalize(torch.cat(parts)[torch.argsort(order)], dim=1)


def _distinct(columns: Sequence[dict[str, Tensor]]) -> tuple[dict[str, Tensor], Tensor]:
    """The texts of several columns, each once, and where each row (column by column) stands among them."""
    width = max(column["input_ids"].shape[1] for column in columns)
    names = [name for name, value in columns[0].items() if isinstance(value, Tensor) and value.dim() == 2]
    # Padding has a mask of 0, so that two texts are the same where masked pieces and masks are.
    stacked = {name: torch.cat([functional.pad(column[name], (0, width - column[name].shape[1])) for column in columns]) for name in names}
    mask = stacked["attention_mask"]
    _, places = torch.unique(torch.cat([stacked["input_ids"] * mask, mask], dim=1), dim=0, return_inverse=True)
    first = torch.full((int(places.max()) + 1,), len(places), device=places.device)
    first.scatter_reduce_(0, places, torch.arange(len(places), device=places.device), "amin")
    return {name: value[first] for name, value in stacked.items()}, places
