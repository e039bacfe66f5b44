"""Embed a corpus on many machines with Ray; `rebuild_index.py --embeddings FOLDER` then builds from the vectors."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from _console import ROOT, fail, path_argument, positive_argument, run, say
from _reading import add_reading_options, list_rejections

from corpus.importer import ImportReport, import_records
from index.embedding_shards import SHARD, embed_shard, is_done, strangers, write_shards
from index.encoder import DEFAULT_ENCODER, TextEncoder, load_encoder


class ShardEmbedder:
    """One worker: loads the encoder once and embeds the shards that it is given."""

    def __init__(self, load: Callable[[], TextEncoder]) -> None:
        self._encoder = load()

    def __call__(self, batch: dict[str, Any]) -> dict[str, Any]:
        """Embed shards (`shard`: paths, which every machine sees); how many texts each had is added."""
        return batch | {"texts": [embed_shard(Path(str(shard)), self._encoder) for shard in batch["shard"]]}


def embed_all(shards: Sequence[Path], load: Callable[[], TextEncoder], *, workers: int, cpus: float, gpus: float) -> int:
    """Let Ray's workers embed shards; how many texts they embedded. Ray must have been started (`ray.init`).

    Args:
        shards: those that are not done.
        load: makes the encoder, in the worker.
        workers: how many at once.
        cpus: processors that each of them needs.
        gpus: GPUs that each of them needs; may be a fraction.
    """
    import ray.data

    done = ray.data.from_items([{"shard": str(shard)} for shard in shards], override_num_blocks=len(shards)).map_batches(
        ShardEmbedder,
        fn_constructor_args=(load,),
        batch_size=1,
        compute=ray.data.ActorPoolStrategy(size=min(workers, len(shards))),
        num_cpus=cpus,
        num_gpus=gpus or None,
    )
    return sum(row["texts"] for row in done.iter_rows())


def main() -> None:
    """Write the shards, embed those that are not done."""
    parser = argparse.ArgumentParser(
        description="把语料切成片，由 Ray 的各台机器编码，每片写成一个 Parquet 文件；中断后再运行，只编没编完的片。"
        "编好后用 rebuild_index.py --embeddings FOLDER 建索引。"
    )
    parser.add_argument(
        "--corpus", metavar="PATH", nargs="+", type=path_argument, required=True, help="文件或文件夹（import_corpus 能读的都行）"
    )
    parser.add_argument("--out", metavar="FOLDER", type=path_argument, required=True, help="放各片的文件夹，每台机器都要能以同一路径读写")
    parser.add_argument("--encoder", metavar="NAME_OR_PATH", default=DEFAULT_ENCODER, help="编码器，默认用自带的；每台机器上都要有")
    parser.add_argument("--shard", metavar="N", type=positive_argument, default=SHARD, help=f"一片大约几段文字，默认 {SHARD}")
    parser.add_argument("--token-vectors", action="store_true", help="也编逐词向量：给用 rebuild_index.py --token-vectors 建的索引")
    parser.add_argument("--workers", metavar="N", type=positive_argument, default=1, help="几个进程同时编码，默认 1")
    parser.add_argument("--gpus", metavar="X", type=float, default=0.0, help="每个进程要几块 GPU，可为小数，默认 0")
    parser.add_argument("--address", metavar="HOST:PORT", help="已有的 Ray 集群（auto 为本机所属的）；默认只用本机")
    add_reading_options(parser)
    arguments = parser.parse_args()
    try:
        import ray
    except ImportError:
        fail("没有安装 Ray。请先运行：pip install -r requirements-ray.txt")
    missing = [path for path in arguments.corpus if not path.exists()]
    if missing:
        fail("没有这个文件或文件夹：" + "、".join(map(str, missing)))
    name, out = arguments.encoder, arguments.out.resolve()
    fingerprint = load_encoder(name, threads=1).fingerprint
    report = ImportReport()
    records = import_records(arguments.corpus, report, format_name=arguments.format, columns=arguments.columns, limits=arguments.limits)
    try:
        shards = list(write_shards(records, out, fingerprint, arguments.shard, tokens=arguments.token_vectors))
    except OSError as error:
        fail(f"不能写入 {out}：{error.strerror or error}")
    list_rejections(report)
    say(report.summary())
    if others := strangers(shards, out, fingerprint):
        say(
            f"{out / fingerprint} 里还有 {len(others)} 个文件不属于这份语料（如 {others[0].name}）：是语料改动前的旧片，或别的语料的。"
            "旧片里仍有已从语料里删去的文字，确认不再需要后请删掉"
        )
    waiting = [shard for shard in shards if not is_done(shard)]
    say(f"{len(shards)} 片，其中 {len(shards) - len(waiting)} 片已编好")
    texts = 0
    if waiting:
        cpus = 1 if arguments.address else None
        try:
            ray.init(
                address=arguments.address,
                num_cpus=None if cpus else arguments.workers + 1,
                include_dashboard=None if cpus else False,
                log_to_driver=False,
                runtime_env={"env_vars": {"PYTHONPATH": f"{ROOT}:{ROOT / 'scripts'}"}},
            )
        except (ConnectionError, OSError, RuntimeError, ValueError) as error:
            fail(f"连不上 Ray（{arguments.address or '本机'}）：{str(error).splitlines()[0][:200]}")
        try:
            texts = embed_all(waiting, lambda: load_encoder(name, threads=1), workers=arguments.workers, cpus=1, gpus=arguments.gpus)
        except ray.exceptions.RayError as error:
            fail(f"有一片没能编码：{str(error).splitlines()[-1][:300]}。编好的片都留着，再运行会接着做")
        finally:
            ray.shutdown()
    print(f"编好了 {len(shards)} 片（这次 {len(waiting)} 片，{texts} 段文字），在 {out}")


if __name__ == "__main__":
    run(main)
