"""A training run: from a base encoder and pairs to a finished sentence-transformers folder.

The loop, the checkpoints and the schedule of the learning rate are sentence-transformers' trainer; what is ours is which pairs
meet in a batch (`schedule`) and how a batch is encoded (`objective`). The same recipe runs on a CPU and on a GPU.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from datasets import Dataset, DatasetDict
from sentence_transformers import SentenceTransformer, SentenceTransformerTrainer, SentenceTransformerTrainingArguments
from sentence_transformers.base.sampler import DefaultBatchSampler
from sentence_transformers.sentence_transformer.evaluation import InformationRetrievalEvaluator, SequentialEvaluator
from torch.utils.data import SequentialSampler
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments
from transformers.trainer_utils import get_last_checkpoint

from corpus.atomic import atomic_folder
from index.base_encoder import SMALL, base_folder
from index.benchmark import Benchmark
from index.training.graded import GradedList, read_graded_sources
from index.training.listwise import GradedListLoss
from index.training.objective import LengthSortedRankingLoss
from index.training.pairs import Pair, read_sources
from index.training.precision import autocast, autocast_type
from index.training.recipe import Recipe, RecipeError
from index.training.schedule import schedule, sharing_blocks

#: Of a bench, so that a look at it takes a minute: questions, and documents beside those that answer them.
BENCH_QUESTIONS, BENCH_DOCUMENTS = 200, 1_500

Report = Callable[[str], None]


def train(recipe: Recipe, checkpoints: Path, out: Path, *, benches: Sequence[Benchmark] = (), report: Report = print) -> None:
    """Learn a recipe and write the encoder to `out` in half precision.

    Args:
        recipe: what to learn, from what, and how.
        checkpoints: folder for checkpoints; a run of the same recipe that was interrupted goes on from the last one.
        out: the finished folder; must not exist.
        benches: looked at every `evaluate_every` steps. They choose nothing by themselves.
        report: told in sentences what happens.

    Raises:
        RecipeError: a pair file cannot be used, or `out` exists.
    """
    _refuse_taken(out)
    model = load_trainable(recipe)
    longest = model.max_seq_length
    model.max_seq_length = recipe.max_tokens
    for module in model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = recipe.dropout
    ordered = _order(recipe, read_sources(recipe), read_graded_sources(recipe), model, report)
    trainer = _trainer(recipe, model, ordered, checkpoints / recipe.identity, benches, report)
    last = get_last_checkpoint(str(checkpoints / recipe.identity)) if (checkpoints / recipe.identity).is_dir() else None
    if last:
        report(f"从检查点继续：{last}")
    trainer.train(resume_from_checkpoint=last)
    model.max_seq_length = longest
    finish(recipe, model, out, trainer.state.log_history)
    report(f"完成：{out}")


def load_trainable(recipe: Recipe) -> SentenceTransformer:
    """The encoder that a recipe starts from, in float32 whatever it is stored in."""
    folder = recipe.resolve(recipe.base) if recipe.base else base_folder(SMALL)
    if not (folder / "modules.json").exists():
        raise RecipeError(f"base {folder} 不是 sentence-transformers 文件夹")
    # On a CPU the plain attention learns 1.3 times faster than torch's fused one, whose backward pass is slow there.
    settings = {} if torch.cuda.is_available() else {"attn_implementation": "eager"}
    return SentenceTransformer(str(folder), local_files_only=True, model_kwargs=settings).float()


def finish(recipe: Recipe, model: SentenceTransformer, out: Path, history: Sequence[Mapping[str, Any]] = ()) -> None:
    """Average with the starting weights where the recipe says so, and write the folder in half precision.

    Averaging (Wortsman et al., "Robust fine-tuning of zero-shot models", CVPR 2022) keeps more of what the base could do.
    """
    _refuse_taken(out)  # another run may have written there in the hours since this one began
    model = model.to("cpu")
    if recipe.average_with_base:
        base = load_trainable(recipe).to("cpu").state_dict()
        share = recipe.average_with_base
        model.load_state_dict({name: share * base[name] + (1 - share) * value for name, value in model.state_dict().items()})
    settings = {name: value for name, value in asdict(recipe).items() if name != "folder"}
    with atomic_folder(out, "modules.json") as staging:
        model.half().save_pretrained(str(staging), create_model_card=False)
        model.float()
        (staging / "recipe.json").write_text(json.dumps(settings, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        if history:
            (staging / "history.json").write_text(json.dumps(list(history), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _refuse_taken(out: Path) -> None:
    if out.exists():
        raise RecipeError(f"{out} 已经存在；请换一个 --out，或先把它移走")


class _InOrder(DefaultBatchSampler):
    """Batches of consecutive rows: `schedule` has put them in order."""

    def __init__(self, dataset: Dataset, batch_size: int, drop_last: bool, **settings: Any) -> None:
        super().__init__(SequentialSampler(dataset), batch_size, drop_last, **settings)


def _order(
    recipe: Recipe,
    sources: Mapping[str, list[Pair]],
    graded: Mapping[str, list[GradedList]],
    model: SentenceTransformer,
    report: Report,
) -> DatasetDict:
    rng = np.random.default_rng(recipe.seed)
    ordered = {}
    hard = [source for source in recipe.sources if source.hard_batches and source.repeat and not source.graded]
    answers = (pair.positive for source in hard for pair in sources[source.name])
    known = _vectors(list(dict.fromkeys(answers)), model)
    for source in recipe.sources:
        if not source.repeat:
            continue
        if source.graded:
            ordered[source.name] = _columns(graded[source.name], source.repeat, recipe.lists_together, rng)
            report(f"{source.name}：{len(graded[source.name])} 个评了级的列表，共学 {len(ordered[source.name])} 次")
            continue
        pairs = sources[source.name]
        vectors = np.stack([known[pair.positive] for pair in pairs]) if source.hard_batches else None
        rows = schedule(pairs, recipe.batch_size, rng, repeat=source.repeat, vectors=vectors)
        ordered[source.name] = Dataset.from_dict({"query": [pair.query for pair in rows], "positive": [pair.positive for pair in rows]})
        report(f"{source.name}：{len(pairs)} 对，共学 {len(rows)} 次")
    return DatasetDict(ordered)


def _columns(lists: Sequence[GradedList], repeat: int, together: int, rng: np.random.Generator) -> Dataset:
    """Graded lists, shuffled anew for each pass, one row a list; beside its question another one that is drawn each time."""
    candidates = [row.candidates for row in lists]
    rows = [lists[number] for _ in range(repeat) for number in sharing_blocks(candidates, together, rng)]
    columns: dict[str, list[Any]] = {
        "query": [row.query for row in rows],
        "other": [str(rng.choice(row.others)) if row.others else row.query for row in rows],
    }
    for place in range(len(rows[0].candidates) if rows else 0):
        columns[f"candidate_{place + 1}"] = [row.candidates[place] for row in rows]
    return Dataset.from_dict({**columns, "labels": [list(row.grades) for row in rows]})


def _vectors(answers: Sequence[str], model: SentenceTransformer) -> dict[str, np.ndarray]:
    """Vectors of distinct answers, the starting encoder's: what topics are told apart by."""
    if not answers:
        return {}
    with torch.inference_mode(), autocast(model.device, autocast_type(model.device)):
        vectors = model.encode_document(list(answers), batch_size=64, convert_to_tensor=True).float().cpu().numpy()
    return dict(zip(answers, vectors, strict=True))


def _trainer(
    recipe: Recipe,
    model: SentenceTransformer,
    ordered: DatasetDict,
    checkpoints: Path,
    benches: Sequence[Benchmark],
    report: Report,
) -> SentenceTransformerTrainer:
    query, passage = (model.prompts.get(kind) or "" for kind in ("query", "document"))
    right = {source.name: passage if source.positive == "passage" else query for source in recipe.sources}
    prompts = {
        name: {column: query if column in ("query", "other") else right[name] for column in dataset.column_names if column != "labels"}
        for name, dataset in ordered.items()
    }
    evaluate = recipe.evaluate_every if benches else 0
    arguments = SentenceTransformerTrainingArguments(
        output_dir=str(checkpoints),
        num_train_epochs=1,
        max_steps=recipe.steps or -1,
        per_device_train_batch_size=recipe.batch_size,
        learning_rate=recipe.learning_rate,
        weight_decay=recipe.weight_decay,
        warmup_steps=recipe.warmup,
        lr_scheduler_type="linear",
        seed=recipe.seed,
        prompts=prompts,
        batch_sampler=_InOrder,
        multi_dataset_batch_sampler="proportional",
        save_steps=recipe.save_every,
        save_total_limit=1,
        eval_strategy="steps" if evaluate else "no",
        eval_steps=evaluate or None,
        logging_steps=10,
        report_to=[],
        disable_tqdm=False,
        dataloader_drop_last=True,
    )
    contrastive = LengthSortedRankingLoss(
        model,
        temperature=recipe.temperature,
        symmetric=recipe.symmetric,
        mini_batch_tokens=recipe.mini_batch_tokens,
        cached=recipe.cached_gradients,
        autocast=autocast_type(model.device),
    )
    listwise = GradedListLoss(
        model,
        temperature=recipe.temperature,
        sharpness=recipe.grade_sharpness,
        unjudged=recipe.unjudged_grade,
        spare_near=recipe.spare_near_unjudged,
        other_weight=recipe.other_question_weight,
        learnt_answers=recipe.learnt_answers,
        mini_batch_tokens=recipe.mini_batch_tokens,
        autocast=autocast_type(model.device),
    )
    graded = {source.name for source in recipe.sources if source.graded}
    loss: dict[str, torch.nn.Module] = {name: listwise if name in graded else contrastive for name in ordered}
    evaluator = SequentialEvaluator([_evaluator(bench) for bench in benches]) if evaluate else None
    return SentenceTransformerTrainer(
        model=model, args=arguments, train_dataset=ordered, loss=loss, evaluator=evaluator, callbacks=[_Sentences(report)]
    )


def _evaluator(bench: Benchmark) -> InformationRetrievalEvaluator:
    """Part of a bench: the first questions, their documents, and others evenly spread."""
    questions: dict[str, Any] = dict(list(bench.questions.items())[:BENCH_QUESTIONS])
    right = {document for question in questions for document in bench.qrels[question]}
    texts: dict[str, Any] = {record.id: record.answer for record in bench.records()}
    others = [document for document in texts if document not in right]
    spread = others[:: max(len(others) // BENCH_DOCUMENTS, 1)]
    return InformationRetrievalEvaluator(
        queries=questions,
        corpus={document: texts[document] for document in (*sorted(right), *spread) if document in texts},
        relevant_docs={question: set(bench.qrels[question]) for question in questions},
        name=bench.name,
        batch_size=64,
        write_csv=False,
        mrr_at_k=[10],
        ndcg_at_k=[10],
        accuracy_at_k=[1],
        precision_recall_at_k=[100],
        map_at_k=[100],
    )


class _Sentences(TrainerCallback):
    """Says how each look at the benches went."""

    def __init__(self, report: Report) -> None:
        self._report = report

    def on_evaluate(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **others: Any) -> None:
        figures = {name.removeprefix("eval_"): value for name, value in (others.get("metrics") or {}).items()}
        shown = "，".join(f"{name.split('_')[0]} {100 * value:.1f}" for name, value in figures.items() if name.endswith("cosine_ndcg@10"))
        self._report(f"第 {state.global_step} 步，部分基准的 nDCG@10：{shown}")
