"""The tasks that ``counterclaim evaluate`` knows: what they measure, on which format, beside which anchors."""

from __future__ import annotations

import importlib
import json
import math
import os
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from pipelines.progress import say
from pipelines.settings import PROJECT_ROOT

#: Where ``evaluate all`` keeps its figures, under version control.
RESULTS: Final = PROJECT_ROOT / "tests" / "benchmarks" / "results"
#: Gold that ships with the project, one folder a task as in any ``--data``.
SHIPPED_GOLD: Final = PROJECT_ROOT / "data" / "gold"


class EvaluationError(RuntimeError):
    """A task could not be measured; the message names the data and the reason."""


@dataclass(frozen=True, slots=True)
class Yardstick:
    """What a figure is held against: the best published or measured, what must be reached, what we are after."""

    anchor: str
    floor: float | None = None
    goal: float | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """One task: ``function`` (``module:name``) takes the path of the gold set and gives metric -> figure.

    ``whole`` are its arguments for measuring everything, where it draws a sample otherwise.
    """

    name: str
    function: str
    folder: str
    what: str
    yardsticks: Mapping[str, Yardstick]
    whole: Mapping[str, object] = field(default_factory=dict)

    def load(self) -> Callable[..., dict[str, float]]:
        """The measuring function."""
        module, name = self.function.split(":")
        function: Callable[..., dict[str, float]] = getattr(importlib.import_module(module), name)
        return function

    def gold_in(self, data: Path) -> Path | None:
        """Where the task's gold lies: in ``data``, else with the project; None where in neither."""
        return next((place for place in (data / self.folder, SHIPPED_GOLD / self.folder) if place.exists()), None)


TASKS: Final[dict[str, Task]] = {
    task.name: task
    for task in (
        Task(
            "extraction",
            "pipelines.evaluation.extraction:evaluate_extraction",
            "extraction",
            "html/*.html.gz with gold.jsonl: bodies and metadata of real pages",
            {
                "body_f1": Yardstick("0.954 trafilatura 2.3.1", 0.960, 0.975),
                "body_f1_below_half": Yardstick("0.008 trafilatura 2.3.1"),
                "title_loose": Yardstick("0.864 trafilatura 2.3.1", 0.93, 0.97),
                "date_same_day": Yardstick("0.902 trafilatura 2.3.1", 0.92, 0.96),
                "authors_set": Yardstick("0.640 trafilatura 2.3.1", 0.74, 0.88),
            },
        ),
        Task(
            "copies",
            "pipelines.evaluation.copies:evaluate_copies",
            "corpora",
            "*.parquet of articles that data/gold/copies has a list for: wire copies and reposts, beside the sample's",
            {
                "natural.f1": Yardstick("0.79 recall MinHash; 0.996 containment", 0.95, 0.98),
                "made.f1": Yardstick("0.79 recall MinHash; 0.996 containment", 0.95, 0.99),
                "sample.f1": Yardstick("none published", 0.95, 1.0),
            },
        ),
        Task(
            "attribution",
            "pipelines.evaluation.attribution:evaluate_attribution",
            "attribution",
            "polnear_*.jsonl.gz: sources, cues and contents",
            {
                "source_f1": Yardstick("0.832 CofeNet; 0.107 rules", 0.80, 0.85),
                "cue_f1": Yardstick("0.753 CofeNet; 0.228 rules", 0.72, 0.77),
                "content_f1": Yardstick("0.729 CofeNet; 0.056 rules", 0.66, 0.75),
            },
        ),
        Task(
            "entities",
            "pipelines.evaluation.entities:evaluate_entities",
            "entities",
            "*.jsonl.gz with tokens and tags: mentions of persons, organizations, places",
            {"worldwide_newswire_dev.f1": Yardstick("0.778 first MiniLM tagger", 0.85, 0.92)},
        ),
        Task(
            "reading",
            "pipelines.evaluation.reading:evaluate_reading",
            "reading",
            "*.jsonl with text, quantities, times, claims: values, dates, modality and polarity (ships in data/gold/reading)",
            {
                "quantity_f1": Yardstick("0.638 quantulum3, value alone", 0.95),
                "date_f1": Yardstick("0.437 dateparser, a moment within", 0.93),
                "modality_f1": Yardstick("none published", 0.92),
                "polarity_f1": Yardstick("none published", 0.92),
            },
        ),
        Task(
            "linking",
            "pipelines.evaluation.linking:evaluate_linking",
            "linking",
            "ELEVANT *.jsonl.gz: mentions of one entity under one id",
            {
                "cluster_b3_f1": Yardstick("none published", 0.80, 0.90),
                "link_precision": Yardstick("none published", 0.90, 0.95),
                "link_recall": Yardstick("0.471 prior baseline, micro-F1", None, 0.50),
            },
        ),
        Task(
            "stories",
            "pipelines.evaluation.stories:evaluate_stories",
            "stories",
            "*.jsonl.gz with article_id, story_id: articles of one event",
            {"allsides_dev.b3_f1": Yardstick("0.914 TF-IDF average linkage, 3-day window", 0.92, 0.95)},
        ),
        Task(
            "relations",
            "pipelines.evaluation.relations:evaluate_relations",
            "relations/dev.parquet",
            "*.parquet with premise, hypothesis, label, source: pairs of sentences",
            {
                "Emergent.macro_f1": Yardstick("0.43 first cross-encoder", 0.62, 0.75),
                "LingNLI.macro_f1": Yardstick("0.585 first cross-encoder", 0.70, 0.80),
            },
            {"most_per_source": None},
        ),
        Task(
            "contradictions",
            "pipelines.evaluation.contradictions:evaluate_contradictions",
            "contradictions",
            "articles.jsonl.gz with pairs.jsonl: contradictions between whole articles, and between given sentences",
            {
                "precision": Yardstick("nobody publishes this", 0.50, 0.90),
                "recall": Yardstick("nobody publishes this", 0.20, 0.60),
                "pair_ap": Yardstick("0.195 similarity; 0.312 NLI; 0.585 tuned", 0.66),
                "contradiction_f1": Yardstick("0.37 similarity; 0.433 NLI; 0.585 tuned", 0.62, 0.85),
                "precision_at_recall_35": Yardstick("nobody publishes this", 0.75),
            },
        ),
    )
}


def print_tasks(console: Console) -> None:
    """The tasks as a table."""
    table = Table("task", "--data", header_style="bold")
    for task in TASKS.values():
        table.add_row(task.name, task.what)
    table.add_row(
        "all",
        "a folder with one folder a task, beside what ships in data/gold; writes tests/benchmarks/results/quality.json and .md",
    )
    console.print(table)


def run_evaluation(task: str, data: Path, json_file: Path | None, console: Console, *, whole: bool = False) -> dict[str, float]:
    """Measure ``task`` (or ``all``) on ``data``, print the figures, and write them where asked.

    Args:
        task: its name, or ``all``.
        data: the gold set; with ``all`` a folder with one folder a task.
        json_file: where the figures go as JSON; None: nowhere.
        console: where they are printed.
        whole: whether a task that draws a sample measures everything instead.

    Raises:
        EvaluationError: there is no such task, no such data, or a task could not be measured; with ``all``, the others
            are measured and written all the same.
    """
    if not data.exists():
        raise EvaluationError(f"{data}: no such file or folder")
    if task == "all":
        return _run_all(data, json_file, console, whole)
    if task not in TASKS:
        raise EvaluationError(f"no task {task!r}; there are {', '.join(TASKS)}, all")
    figures = _measure(TASKS[task], data, whole)
    _print_figures(TASKS[task], figures, console)
    _write_json(json_file, figures)
    return figures


def _run_all(data: Path, json_file: Path | None, console: Console, whole: bool) -> dict[str, float]:
    figures: dict[str, dict[str, float]] = {}
    problems: list[str] = []
    seconds: dict[str, float] = {}
    for task in TASKS.values():
        gold = task.gold_in(data)
        if gold is None:
            problems.append(f"{task.name}: {data / task.folder} is missing")
            continue
        say(f"evaluate: {task.name}")
        started = time.monotonic()
        try:
            figures[task.name] = _measure(task, gold, whole)
        except EvaluationError as error:
            problems.append(f"{task.name}: {error}")
            continue
        seconds[task.name] = round(time.monotonic() - started, 1)
        _print_figures(task, figures[task.name], console)
    flat = {f"{name}.{metric}": value for name, found in figures.items() for metric, value in found.items()}
    _write_json(json_file, flat)
    about: dict[str, object] = {
        "commit": commit(),
        "cores": os.cpu_count() or 0,
        "command": "counterclaim evaluate all --data ../shared/data" + " --whole" * whole,
        "measured_at": datetime.now(UTC).isoformat(timespec="minutes"),
        "seconds": seconds,
    }
    RESULTS.mkdir(parents=True, exist_ok=True)
    _write_json(RESULTS / "quality.json", {"about": about, **flat})
    (RESULTS / "quality.md").write_text(_markdown(figures, about), encoding="utf-8")
    say(f"wrote {RESULTS / 'quality.json'} and quality.md")
    if problems:
        raise EvaluationError("; ".join(problems))
    return flat


def _measure(task: Task, data: Path, whole: bool) -> dict[str, float]:
    try:
        figures = task.load()(data, **(task.whole if whole else {}))
    except EvaluationError:
        raise
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EvaluationError(f"{task.name} could not be measured on {data}: {type(error).__name__}: {error}") from error
    if not figures:
        raise EvaluationError(f"{data} holds nothing in the format of {task.name}: {task.what}")
    return {name: (value if math.isfinite(value) else float("nan")) for name, value in figures.items()}


def _print_figures(task: Task, figures: Mapping[str, float], console: Console) -> None:
    table = Table("metric", "measured", "anchor", "floor", "goal", title=task.name, title_justify="left", header_style="bold")
    table.columns[0].no_wrap = True
    for name, value in figures.items():
        yardstick = task.yardsticks.get(name)
        anchor, floor, goal = (yardstick.anchor, _figure(yardstick.floor), _figure(yardstick.goal)) if yardstick else ("", "", "")
        table.add_row(name, _figure(value), anchor, floor, goal)
    console.print(table)


def _markdown(figures: Mapping[str, Mapping[str, float]], about: Mapping[str, object]) -> str:
    lines = [
        "# Quality",
        "",
        f"Measured with `{about['command']}` at commit `{about['commit']}` on {about['cores']} cores,",
        f"{about['measured_at']} UTC.",
        "The figures of every corpus and source are in `quality.json`.",
        "",
        "| task | metric | measured | anchor | floor | goal |",
        "|---|---|--:|---|--:|--:|",
    ]
    for name, found in figures.items():
        chosen = [metric for metric in found if metric in TASKS[name].yardsticks or "." not in metric]
        for metric in chosen:
            yardstick = TASKS[name].yardsticks.get(metric, Yardstick(""))
            cells = (_figure(found[metric]), yardstick.anchor, _figure(yardstick.floor), _figure(yardstick.goal))
            lines.append(f"| {name} | {metric} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _figure(value: float | None) -> str:
    if value is None:
        return ""
    if math.isnan(value):
        return "n/a"
    return f"{value:,.0f}" if value == int(value) and abs(value) >= 2 else f"{value:.3f}"


def _write_json(path: Path | None, figures: Mapping[str, object]) -> None:
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        finite = {k: None if isinstance(v, float) and math.isnan(v) else v for k, v in figures.items()}
        path.write_text(json.dumps(finite, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def commit() -> str:
    """The commit measured, with a mark when the tree differs from it."""
    git = ["git", "-C", str(PROJECT_ROOT)]
    head = subprocess.run([*git, "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False).stdout.strip()
    status = [*git, "status", "--porcelain", "pipelines", "dbt_project", "data/models"]
    changed = subprocess.run(status, capture_output=True, check=False).stdout
    return (head or "unknown") + ("+" if changed else "")
