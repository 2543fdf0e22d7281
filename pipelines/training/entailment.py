"""``counterclaim train entailment``: from data and an encoder to the folder that the comparison loads.

The stages are those of :mod:`pipelines.training.entailment_core`. A larger encoder, given as the teacher, makes the soft labels
that the small one learns; without one an ensemble of the small one does. The same command runs with and without a GPU: it only
takes longer without.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

#: Name of the trained encoder, in every row that it decided.
NAME: Final = "minilm-l6-news-1"


def train(
    data: Path,
    out: Path,
    encoder: Path,
    *,
    teacher: Path | None = None,
    labels: Sequence[Path] = (),
    seeds: Sequence[int] = (1, 2),
    most_public: int | None = None,
    most_free: int = 26_000,
    log: Callable[[str], None] = print,
) -> dict[str, Any]:
    """Train the cross-encoder and write ``model.onnx`` (int8), ``tokenizer.json`` and ``config.json`` to ``out``.

    Args:
        data: the folder with ``relations/``, ``contradictions/`` and ``stories/``.
        out: where to write.
        encoder: folder of the encoder to start from (``config.json``, ``tokenizer.json``, ``model.safetensors``).
        teacher: folder of a larger one with the same tokens, whose opinion of unlabelled pairs the small one learns.
        labels: more hand-labelled pairs, by article and offsets.
        seeds: of the ensemble that teaches.
        most_public: at most so many public pairs (for trying things out).
        most_free: at most so many pairs without a label.
        log: is told what happens.

    Returns:
        What is known of the run: pairs of each set, seconds, bytes of the model.

    Raises:
        ImportError: torch and transformers are not installed.
        ValueError: the data lack a file or a column.
    """
    try:
        import torch
        from tokenizers import Tokenizer

        from pipelines.training import entailment_core as core
        from pipelines.training.entailment_export import export_int8
    except ImportError as error:
        raise ImportError(f"training needs torch, transformers and onnx: {error}") from error
    from pipelines.models.embedder import load_embedder
    from pipelines.training.entailment_data import prepare

    began = time.monotonic()
    device = "cuda" if torch.cuda.is_available() else "cpu"
    tokenizer = Tokenizer.from_file(str(encoder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    embedder = load_embedder()
    arrays = prepare(data, tokenizer, labels, embedder.embed if embedder else None, most_public=most_public, most_free=most_free)
    log(f"{len(arrays['public_left']):,} public pairs, {len(arrays['news_left']):,} labelled, on {device}")
    small = core.Recipe(context="title", news_rate=8e-5, batch=32, generated_weight=0.0, unlabelled_epochs=4.0, public_epochs=3.0)
    big = core.Recipe(
        context="title", public_epochs=1.2, public_rate=6e-5, news_epochs=3.0, news_rate=3.5e-5, batch=32, generated_weight=0.0,
        public_share=0.4, layer_decay=0.93,
    )  # fmt: skip
    rows = np.arange(len(arrays["news_left"]))
    student, kind = core.load_encoder(encoder, small.dropout, device)
    core.public_stage(student, kind, arrays, small, 1, device, log)
    start = core.trained_state(student)
    recipe, folder = (big, teacher) if teacher is not None else (small, encoder)
    master, its_kind = core.load_encoder(folder, recipe.dropout, device)
    if teacher is not None:
        core.public_stage(master, its_kind, arrays, recipe, 1, device, log)
    else:
        core.set_state(master, start)
    soft_public, _ = core.predict(
        master, its_kind, core.pairs_of(arrays, "public", "bare"), context=False, device=device, both_ways=False
    )
    public_state = core.trained_state(master)
    free = np.arange(len(arrays["free_left"])) if "free_left" in arrays else np.zeros(0, int)
    soft = np.zeros((len(free), len(core.NEWS_LABELS)), np.float32)
    for seed in seeds:
        core.set_state(master, public_state)
        core.news_stage(master, its_kind, arrays, rows, recipe, seed, device, log)
        if len(free):
            _, news = core.predict(
                master, its_kind, core.pairs_of(arrays, "free", "title"), context=True, device=device, both_ways=False
            )
            soft += np.exp(news) / len(seeds)
    if len(free):
        again = core.public_task(arrays, small, small.public_batch)
        again.target = (0.4 * again.target + 0.6 * np.exp(soft_public)).astype(np.float32)
        core.fit(
            student, kind, [again], epochs=2.2, rate=small.public_rate, recipe=small, seed=7, device=device, log=log, name="soft"
        )
        student.start_news_head()
        core.distil(student, kind, arrays, free, soft, rows, np.exp(soft_public), small, 1, device, log)
    else:
        core.news_stage(student, kind, arrays, rows, small, 1, device, log)
    config = {"name": NAME, "context": "title", "max_tokens": 160, "temperature": 1.0}
    size = export_int8(student, encoder / "tokenizer.json", out, config)
    report = {
        "public": len(arrays["public_left"]), "labelled": len(rows), "unlabelled": len(free), "bytes": size, "device": device,
        "seconds": round(time.monotonic() - began),
    }  # fmt: skip
    (out / "training.json").write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    return report
