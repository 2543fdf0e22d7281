"""Training the cross-encoder on prepared arrays: torch alone, so that it runs where the rest of the project is not installed.

What goes in is made by :mod:`pipelines.training.entailment_data`: sentences as token ids, and pairs of them with labels. Three
heads on one encoder: the three classes of inference, the five relations of news pairs, and whether a pair that the search met
is a contradiction. The order of stages is that of :mod:`pipelines.training.entailment`; here are the stages. A small student
learns the probabilities of a larger teacher on pairs that nobody has labelled (Hinton, Vinyals and Dean 2015).
"""

# torch has no place among the dependencies, so its types are unknown where the project is checked.
# mypy: disable-error-code="misc, untyped-decorator, no-any-return, unused-ignore, import-not-found, import-untyped"
from __future__ import annotations

import json
import math
import time
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
import torch
from torch import nn

from pipelines.training.checkpoints import in_bfloat16

#: The classes of the three heads, in the order of their logits.
NLI_LABELS: Final = ("entailment", "neutral", "contradiction")
NEWS_LABELS: Final = ("contradiction", "update", "corroboration", "compatible", "unrelated")
FOUND_LABELS: Final = ("other", "contradiction")
NLI, NEWS, FOUND = 0, 1, 2
#: Where a news class starts from: the class of inference that is nearest to it.
_STARTS_AS: Final = (2, 1, 0, 1, 1)
#: What the search head is told of a pair called a contradiction, and of one that is none as far as anybody has seen.
_IS, _IS_NOT = 0.95, 0.02
#: The label of a pair of the search that may or may not be one (:data:`entailment_data.UNSURE`).
_UNSURE: Final = -2
#: A title is left out where fewer tokens are free.
_LEAST_TITLE: Final = 8

Arrays = dict[str, np.ndarray]
Targets = Mapping[int, np.ndarray]


@dataclass(frozen=True)
class Recipe:
    """How to train. Rates are for AdamW with a linear warm-up over a tenth of the steps and a linear decay."""

    context: str = "title"  # bare, title: what stands after a sentence
    public_epochs: float = 3.0
    public_rate: float = 1.2e-4
    public_batch: int = 256
    news_epochs: float = 4.0
    news_rate: float = 8e-5
    batch: int = 32
    public_share: float = 0.5  # weight of the loss on public pairs beside the news pairs
    search_share: float = 0.3  # weight of the loss on pairs that the search proposes
    bare_share: float = 0.3  # of the pairs that have titles: how many are read without
    dropout: float = 0.1
    layer_decay: float = 0.95
    smoothing: float = 0.05
    ema: float = 0.99
    soft_epochs: float = 8.0  # inference again, with the teacher's opinion
    soft_rate: float = 1.2e-4
    distil_epochs: float = 5.0
    distil_rate: float = 1e-4
    refine_epochs: float = 2.0  # bare sentences, with labels of what the teacher or the search took for contradictions
    refine_rate: float = 5e-5
    refine_frozen: int = 3  # of the lowest layers, how many stay as they are
    refine_public: float = 0.2  # public pairs seen beside each labelled one; with 3 inference is better and the news are worse
    refine_public_share: float = 0.3  # weight of the loss on them
    taught_share: float = 0.3  # of a labelled pair's target: the teacher's opinion, in the last stage
    taught_ratio: float = 0.6  # pairs without a label seen beside each labelled one, the likeliest contradictions more often
    mean_share: float = 0.5  # of the weights that a further training ends in, the others are those that it began with


class Kept(Protocol):
    """Where a training is kept, see :class:`pipelines.training.checkpoints.Checkpoint`."""

    def load(self) -> dict[str, Any] | None:
        """What was saved last."""

    def save(self, state: dict[str, Any]) -> None:
        """Replace it."""


@dataclass(frozen=True)
class Session:
    """Where a training runs, for how long at most, who is told of it, and where it is kept so that it goes on after a kill."""

    device: str = "cpu"
    seconds: float | None = None
    log: Callable[[str], None] = print
    checkpoint: Kept | None = None


#: Seconds between two checkpoints.
_CHECKPOINT_EVERY: Final = 120.0


class CrossEncoder(nn.Module):
    """An encoder with three linear heads over the first token and the mean of all, through one tanh layer."""

    def __init__(self, encoder: nn.Module, width: int, dropout: float = 0.1) -> None:
        super().__init__()
        self.encoder = encoder
        self.mix = nn.Linear(2 * width, width)
        self.dropout = nn.Dropout(dropout)
        self.nli = nn.Linear(width, len(NLI_LABELS))
        self.news = nn.Linear(width, len(NEWS_LABELS))
        self.found = nn.Linear(width, len(FOUND_LABELS))

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor | None = None) -> Any:
        """Logits of the heads, ``(pairs, 3)``, ``(pairs, 5)`` and ``(pairs, 2)``."""
        extra = {} if token_type_ids is None else {"token_type_ids": token_type_ids}
        hidden = self.encoder(input_ids=input_ids, attention_mask=attention_mask, **extra).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
        mean = (hidden * mask).sum(1) / mask.sum(1)
        pooled = self.dropout(torch.tanh(self.mix(torch.cat([hidden[:, 0], mean], dim=-1))))
        return self.nli(pooled), self.news(pooled), self.found(pooled)

    def start_news_heads(self) -> None:
        """Let the heads of the news start from the inference head's opinion."""
        with torch.no_grad():
            self.news.weight.copy_(self.nli.weight[list(_STARTS_AS)])
            self.news.bias.copy_(self.nli.bias[list(_STARTS_AS)])
            self.found.weight.copy_(torch.stack([self.nli.weight[:2].mean(0), self.nli.weight[2]]))
            self.found.bias.copy_(torch.stack([self.nli.bias[:2].mean() + 2.0, self.nli.bias[2]]))


@dataclass
class Kind:
    """What an encoder needs around its tokens: ``cls``, ``sep`` (between: ``sep`` once or twice), ``pad``; a type per side."""

    cls: int
    sep: int
    pad: int
    seps_between: int = 1
    has_types: bool = True
    to_own: np.ndarray | None = field(default=None, repr=False)  # the tokenizer's id -> the encoder's


@dataclass(frozen=True)
class Pairs:
    """Pairs of sentences as rows of a table of token ids.

    ``tokens, offsets`` are the table; ``left``/``right`` rows in it; ``titles`` (pairs, 2) the rows of what stands after each
    (-1: nothing), None where nothing is known of that.
    """

    tokens: np.ndarray
    offsets: np.ndarray
    left: np.ndarray
    right: np.ndarray
    titles: np.ndarray | None = None
    most: int = 160

    def __len__(self) -> int:
        return len(self.left)

    def parts(self, *, context: bool) -> np.ndarray:
        """How many tokens of sentence, title, sentence and title fit, ``(pairs, 4)``; the longer sentence gives way first.

        As :func:`pipelines.models.cross_encoder.join_sides` does at run time.
        """
        size = np.append(np.diff(self.offsets), 0)
        room = self.most - 4
        half = room // 2
        a, b = size[self.left].astype(int), size[self.right].astype(int)
        over = a + b > room
        both = over & (a > half) & (b > half)
        cut_a, cut_b = over & ~both & (a > half), over & ~both & (a <= half)
        a, b = np.where(both, half, np.where(cut_a, room - b, a)), np.where(both, room - half, np.where(cut_b, room - a, b))
        made = np.zeros((len(a), 4), int)
        made[:, 0], made[:, 2] = a, b
        if context and self.titles is not None:
            left = room - a - b
            made[:, 1] = np.where(left > _LEAST_TITLE, np.minimum(size[self.titles[:, 0]], left // 2), 0)
            left = left - made[:, 1]
            made[:, 3] = np.where(left > _LEAST_TITLE, np.minimum(size[self.titles[:, 1]], left), 0)
        return made


class Inputs:
    """What an encoder reads of some pairs: ids padded to the longest, where the second side begins, where all ends."""

    def __init__(self, pairs: Pairs, kind: Kind, device: str, *, context: bool, turned: bool) -> None:
        count = pairs.parts(context=context)
        starts = np.zeros(count.shape, int)
        titles = pairs.titles if pairs.titles is not None else np.full((len(pairs), 2), -1)
        rows = np.stack([pairs.left, titles[:, 0], pairs.right, titles[:, 1]], axis=1)
        order = (2, 3, 0, 1) if turned else (0, 1, 2, 3)
        count, rows = count[:, order], rows[:, order]
        first = 1 + count[:, 0] + count[:, 1]
        self.second = first + kind.seps_between
        self.length = self.second + count[:, 2] + count[:, 3] + 1
        starts[:, 0], starts[:, 1], starts[:, 2] = 1, 1 + count[:, 0], self.second
        starts[:, 3] = self.second + count[:, 2]
        ids = np.full((len(pairs), int(self.length.max(initial=1))), kind.pad, np.int32)
        at = np.arange(len(pairs))
        ids[:, 0] = kind.cls
        for more in range(kind.seps_between):
            ids[at, first + more] = kind.sep
        ids[at, self.length - 1] = kind.sep
        own = kind.to_own if kind.to_own is not None else np.arange(65_536)
        for part in range(4):
            many = count[:, part]
            row = np.repeat(at, many)
            within = np.arange(len(row)) - np.repeat(np.cumsum(many) - many, many)
            begins = pairs.offsets[np.maximum(rows[:, part], 0)]
            ids[row, np.repeat(starts[:, part], many) + within] = own[pairs.tokens[np.repeat(begins, many) + within]]
        self.ids = torch.from_numpy(ids).to(device)
        self.ends = torch.from_numpy(np.stack([self.second, self.length], axis=1)).to(device)

    def batch(self, rows: torch.Tensor, width: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Ids and ends of some pairs, ``width`` columns or all there are."""
        return self.ids[rows, :width], self.ends[rows]


def _feed(ids: torch.Tensor, ends: torch.Tensor, kind: Kind) -> dict[str, torch.Tensor]:
    at = torch.arange(ids.shape[1], device=ids.device)
    mask = at < ends[:, 1:]
    made = {"input_ids": ids.long(), "attention_mask": mask.long()}
    if kind.has_types:
        made["token_type_ids"] = (mask & (at >= ends[:, :1])).long()
    return made


def batches(size: np.ndarray, batch: int, rng: np.random.Generator) -> list[np.ndarray]:
    """Rows in batches of alike length, in random order."""
    jitter = size + rng.uniform(0, 8, len(size))
    ordered = np.argsort(jitter, kind="stable")
    cut = [ordered[at : at + batch] for at in range(0, len(ordered), batch)]
    rng.shuffle(cut)  # type: ignore[arg-type]
    return cut


def _nearest(queue: list[np.ndarray], size: np.ndarray, width: int) -> np.ndarray:
    """Take the batch out of a queue whose pairs are about as long as those that it is read with; the last one without any."""
    if not width:
        return queue.pop()
    return queue.pop(int(np.argmin([abs(int(size[rows[-1]]) - width) for rows in queue])))


class Average:
    """An exponential moving average of a model's weights, what is measured and kept."""

    def __init__(self, model: nn.Module, decay: float) -> None:
        self.decay, self.steps = decay, 0
        self.shadow = [p.detach().clone() for p in _learning(model).values()]

    @torch.no_grad()
    def update(self, model: nn.Module) -> None:
        """Move towards the model as it is now; faster while it is young."""
        self.steps += 1
        keep = min(self.decay, (1 + self.steps) / (10 + self.steps))
        torch._foreach_lerp_(self.shadow, [p.detach() for p in _learning(model).values()], 1 - keep)

    @torch.no_grad()
    def store(self, model: nn.Module) -> None:
        """Put the average into the model."""
        _put(self.shadow, list(_learning(model).values()))


def _learning(model: nn.Module) -> dict[str, nn.Parameter]:
    """The parameters that training changes."""
    return {name: parameter for name, parameter in model.named_parameters() if parameter.requires_grad}


@torch.no_grad()
def _put(values: Sequence[torch.Tensor], into: Sequence[torch.Tensor]) -> None:
    for value, place in zip(values, into, strict=True):
        place.copy_(value)


def _groups(model: CrossEncoder, rate: float, decay: float) -> list[dict[str, Any]]:
    """Parameters with a rate that shrinks towards the input, no weight decay for biases and norms."""
    depth = 1 + max((int(n.split("layer.")[1].split(".")[0]) for n, _ in model.named_parameters() if "layer." in n), default=0)
    groups: dict[tuple[float, float], list[nn.Parameter]] = {}
    for name, parameter in model.named_parameters():
        if not parameter.requires_grad:
            continue
        if "layer." in name:
            up = depth - int(name.split("layer.")[1].split(".")[0])
        else:
            up = depth + 1 if name.startswith("encoder") else 0
        weight_decay = 0.01 if parameter.ndim > 1 else 0.0
        groups.setdefault((rate * decay**up, weight_decay), []).append(parameter)
    return [{"params": p, "lr": r, "weight_decay": w, "top": r} for (r, w), p in groups.items()]


@dataclass
class Task:
    """Pairs with what is known of them: for one head or several probabilities ``(pairs, classes)``, and a weight a pair."""

    pairs: Pairs
    targets: Targets
    weight: np.ndarray
    batch: int
    context: bool = False
    flips: bool = False  # whether the sides may change places (for the inference head they may not)
    share: float = 1.0  # of its mean loss in the sum
    bare_share: float = 0.0  # how many of the pairs are read without context

    def variants(self, kind: Kind, device: str) -> tuple[list[Inputs], list[float]]:
        """The ways in which a pair is read, and how often each."""
        turns = (False, True) if self.flips else (False,)
        ways = [(True, 1 - self.bare_share), (False, self.bare_share)] if self.context else [(False, 1.0)]
        made = [(context, turned, share / len(turns)) for context, share in ways for turned in turns if share > 0]
        return [Inputs(self.pairs, kind, device, context=c, turned=t) for c, t, _ in made], [share for *_, share in made]


def fit(
    model: CrossEncoder,
    kind: Kind,
    tasks: Sequence[Task],
    *,
    epochs: float,
    rate: float,
    recipe: Recipe,
    seed: int,
    session: Session,
    name: str = "",
) -> CrossEncoder:
    """Train on the first task for so many epochs, a batch of each other task beside each of its batches; the average is kept.

    Args:
        model: what is trained, in place.
        kind: of its encoder.
        tasks: what on; the first sets the length of an epoch.
        epochs: of the first task.
        rate: the highest of AdamW.
        recipe: everything else.
        seed: of order, flips and dropout.
        session: where; its seconds, where they are too few for the epochs, let the rate fall with the time instead. One that
            was kept in its checkpoint goes on to the same weights (on one device; seconds make that depend on the clock).
        name: what the log calls it.
    """
    if epochs <= 0:
        return model
    device, seconds, log = session.device, session.seconds, session.log
    began = kept = time.monotonic()
    shown = -1e9
    rng = np.random.default_rng(seed)
    torch.manual_seed(seed)
    read = [task.variants(kind, device) for task in tasks]
    longest = [np.max([inputs.length for inputs in variants], axis=0) for variants, _ in read]
    targets = [{head: torch.from_numpy(t.astype(np.float32)).to(device) for head, t in task.targets.items()} for task in tasks]
    weights = [torch.from_numpy(task.weight.astype(np.float32)).to(device) for task in tasks]
    steps = max(1, round(math.ceil(len(tasks[0].pairs) / tasks[0].batch) * epochs))
    optimiser = torch.optim.AdamW(_groups(model, rate, recipe.layer_decay), lr=rate, betas=(0.9, 0.98), eps=1e-6, fused=True)
    average = Average(model, recipe.ema)
    queues: list[list[np.ndarray]] = [[] for _ in tasks]
    # Pairs with titles are twice as long as those without: read together, half of a batch would be padding.
    groups = [group for group in ([at for at, t in enumerate(tasks) if t.context == c] for c in (True, False)) if group]
    model.train()
    use = in_bfloat16(device)
    first = 0
    before = session.checkpoint.load() if session.checkpoint is not None else None
    if before is not None:
        first, queues, average.steps = before["step"], before["queues"], before["averaged"]
        _put(before["weights"], list(_learning(model).values()))
        _put(before["average"], average.shadow)
        optimiser.load_state_dict(before["optimiser"])
        rng.bit_generator.state = before["rng"]
        torch.set_rng_state(before["random"][0])
        if device == "cuda" and len(before["random"]) > 1:
            torch.cuda.set_rng_state(before["random"][1])
        began -= before["seconds"]
        log(f"{name} goes on after step {first}/{steps}")
    for step in range(first, steps):
        passed = (time.monotonic() - began) / seconds if seconds is not None else 0.0
        done = max(step / steps, passed)
        if done >= 1:
            log(f"{name} out of time at step {step}/{steps}")
            break
        scale = min((done + 1 / steps) / 0.1, (1 - done) / 0.9, 1.0)
        for some in optimiser.param_groups:
            some["lr"] = some["top"] * scale
        optimiser.zero_grad(set_to_none=True)
        losses = []
        for group in groups:
            drawn, parts, width = [], [], 0
            for at in group:
                if not queues[at]:
                    queues[at] = batches(longest[at], tasks[at].batch, rng)
                rows = _nearest(queues[at], longest[at], width)
                width = max(width, int(longest[at][rows].max()))
                variants, often = read[at]
                way = rng.choice(len(variants), size=len(rows), p=often)
                drawn.append(torch.from_numpy(np.concatenate([rows[way == v] for v in range(len(variants))])).to(device))
                for v, inputs in enumerate(variants):
                    if (way == v).any():
                        parts.append(inputs.batch(torch.from_numpy(rows[way == v]).to(device), int(longest[at][rows].max())))
            ids = torch.cat([nn.functional.pad(ids, (0, width - ids.shape[1]), value=kind.pad) for ids, _ in parts])
            with use:
                out = model(**_feed(ids, torch.cat([ends for _, ends in parts]), kind))
            start = 0
            for at, rows in zip(group, drawn, strict=True):
                weight = weights[at][rows]
                for head, target in targets[at].items():
                    logits = out[head][start : start + len(rows)].float()
                    loss = -(target[rows] * torch.log_softmax(logits, dim=-1)).sum(-1)
                    losses.append(tasks[at].share * (loss * weight).sum() / weight.sum().clamp_min(1e-6))
                start += len(rows)
        total = torch.stack(losses).sum()
        total.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        average.update(model)
        if time.monotonic() - shown > 15:
            shown = time.monotonic()
            log(f"{name} step {step}/{steps} loss {float(total.detach()):.3f} {shown - began:.0f}s")
        if session.checkpoint is not None and time.monotonic() - kept > _CHECKPOINT_EVERY:
            session.checkpoint.save({
                "step": step + 1, "queues": queues, "rng": rng.bit_generator.state, "optimiser": optimiser.state_dict(),
                "weights": [p.detach() for p in _learning(model).values()], "average": average.shadow,
                "averaged": average.steps, "seconds": time.monotonic() - began,
                "random": [torch.get_rng_state(), *([torch.cuda.get_rng_state()] if device == "cuda" else [])],
            })  # fmt: skip
            kept = time.monotonic()
    average.store(model)
    return model


@dataclass
class Outputs:
    """Log-probabilities of a model: ``nli`` of the left entailing the right, ``back`` the other way; ``news``, ``found``."""

    nli: np.ndarray
    back: np.ndarray
    news: np.ndarray
    found: np.ndarray


@torch.inference_mode()
def predict(
    model: CrossEncoder, kind: Kind, pairs: Pairs, *, context: bool, device: str, both_ways: bool, batch: int = 512
) -> Outputs:
    """What a model thinks of pairs; the heads of the news averaged over both orders, ``back`` repeats ``nli`` if only one is."""
    model.eval()
    sizes = (len(NLI_LABELS), len(NEWS_LABELS), len(FOUND_LABELS))
    use = in_bfloat16(device)
    made = []
    for turned in (False, True) if both_ways else (False,):
        inputs = Inputs(pairs, kind, device, context=context, turned=turned)
        order = np.argsort(inputs.length, kind="stable")
        found = [np.zeros((len(pairs), size), np.float32) for size in sizes]
        for start in range(0, len(order), batch):
            rows = order[start : start + batch]
            ids, ends = inputs.batch(torch.from_numpy(rows).to(device), int(inputs.length[rows].max()))
            with use:
                out = model(**_feed(ids, ends, kind))
            for kept, logits in zip(found, out, strict=True):
                kept[rows] = torch.log_softmax(logits.float(), -1).cpu().numpy()
        made.append(found)
    one, other = made[0], made[-1]
    news, search = ((a + b) / 2 for a, b in zip(one[1:], other[1:], strict=True))
    news, search = (x - np.log(np.exp(x).sum(-1, keepdims=True)) for x in (news, search))
    return Outputs(one[0], other[0], news, search)


def hard(labels: np.ndarray, classes: int, smoothing: float) -> np.ndarray:
    """One-hot targets, smoothed."""
    made = np.full((len(labels), classes), smoothing / classes, np.float32)
    made[np.arange(len(labels)), labels] += 1 - smoothing
    return made


def average_precision(truth: np.ndarray, score: np.ndarray) -> float:
    """Average precision of ``score`` for the rows where ``truth`` holds, as scikit-learn reckons it (no ties expected)."""
    order = np.argsort(-score, kind="stable")
    hit = truth[order].astype(float)
    return float((np.cumsum(hit) / np.arange(1, len(hit) + 1) * hit).sum() / max(1.0, hit.sum()))


def best_f1(truth: np.ndarray, score: np.ndarray) -> float:
    """The F1 at the best threshold."""
    order = np.argsort(-score, kind="stable")
    hit = np.cumsum(truth[order])
    return float((2 * hit / (np.arange(1, len(order) + 1) + truth.sum())).max())


def macro_f1(truth: np.ndarray, judged: np.ndarray, classes: int = 3) -> float:
    """Mean F1 of the classes that occur in ``truth``."""
    found = []
    for label in range(classes):
        if (truth == label).any():
            right = float(((truth == label) & (judged == label)).sum())
            found.append(2 * right / max(1.0, (truth == label).sum() + (judged == label).sum()))
    return float(np.mean(found))


# --- what is done with them --------------------------------------------------------------------------------------------


def load_encoder(folder: Path, dropout: float, device: str, to_own: np.ndarray | None = None) -> tuple[CrossEncoder, Kind]:
    """A fresh cross-encoder from an encoder's folder: ``config.json``, ``tokenizer.json`` and weights.

    Weights are ``model.safetensors``, or ``weights.npz`` with half-precision or row-wise int8 arrays (``<name>`` and
    ``<name>__scale``). BERT and MPNet are known; where an encoder's ids differ from those that the pairs were made with,
    ``to_own`` (or ``to_own.npy`` in the folder) gives its own for each.

    Raises:
        ValueError: the folder holds another kind of encoder.
    """
    from transformers import BertConfig, BertModel, MPNetConfig, MPNetModel

    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    config = {
        k: v for k, v in config.items() if k not in ("architectures", "transformers_version", "_name_or_path", "torch_dtype")
    }
    config |= {"hidden_dropout_prob": dropout, "attention_probs_dropout_prob": dropout}
    kind_name = config.pop("model_type", "bert")
    encoder: nn.Module
    if kind_name == "bert":
        encoder = BertModel(BertConfig(**config), add_pooling_layer=False)
        kind = Kind(cls=101, sep=102, pad=0)
    elif kind_name == "mpnet":
        encoder = MPNetModel(MPNetConfig(**config), add_pooling_layer=False)
        kind = Kind(cls=0, sep=2, pad=1, seps_between=2, has_types=False)
    else:
        raise ValueError(f"{folder} holds a {kind_name} encoder; bert and mpnet are known")
    kind.to_own = np.load(folder / "to_own.npy") if (folder / "to_own.npy").exists() else to_own
    if (folder / "weights.npz").exists():
        stored = np.load(folder / "weights.npz")
        state = {}
        for name in stored.files:
            if not name.endswith("__scale"):
                array = stored[name].astype(np.float32)
                if f"{name}__scale" in stored.files:
                    array = array * stored[f"{name}__scale"].astype(np.float32)[:, None]
                state[name] = torch.from_numpy(array)
    else:
        from safetensors.torch import load_file

        state = load_file(folder / "model.safetensors")
    state = {name: weight.float() for name, weight in state.items() if "pooler" not in name and "position_ids" not in name}
    missing, unknown = encoder.load_state_dict(state, strict=False)
    if [name for name in missing if "position_ids" not in name] or unknown:
        raise ValueError(f"{folder}: missing {missing[:3]}, unknown {unknown[:3]}")
    with torch.random.fork_rng(devices=[]):
        # What no encoder brings along, the heads, begins alike in every run.
        torch.manual_seed(0)
        model = CrossEncoder(encoder, config["hidden_size"], dropout)
    # Half of a small encoder's weights are its word embeddings; with so few pairs of news they would only learn names.
    encoder.embeddings.word_embeddings.weight.requires_grad_(False)
    return model.to(device), kind


#: Subwords of a text that are embedded, texts at a time.
_EMBEDDED: Final = (96, 32)


def embedder_of(encoder: Path, device: str) -> Callable[[Sequence[str]], np.ndarray]:
    """What gives texts unit vectors, ``(texts, width)``: the mean over an encoder's tokens (Reimers and Gurevych 2019)."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(encoder / "tokenizer.json"))
    longest, many = _EMBEDDED
    tokenizer.no_padding()
    tokenizer.enable_truncation(longest - 2)
    model, kind = load_encoder(encoder, 0.0, device)
    model.eval()

    @torch.inference_mode()
    def embed(texts: Sequence[str]) -> np.ndarray:
        rows = [one.ids for one in tokenizer.encode_batch(list(texts), add_special_tokens=False)]
        order = sorted(range(len(rows)), key=lambda at: len(rows[at]))
        made = [np.zeros(0)] * len(rows)
        for start in range(0, len(order), many):
            some = order[start : start + many]
            width = max(len(rows[at]) for at in some) + 2
            ids = torch.full((len(some), width), kind.pad)
            for place, at in enumerate(some):
                ids[place, : len(rows[at]) + 2] = torch.tensor([kind.cls, *rows[at], kind.sep])
            # A single text: its end is also where a second side would begin.
            ends = torch.tensor([[len(rows[at]) + 2] * 2 for at in some])
            feed = {name: part.to(device) for name, part in _feed(ids, ends, kind).items()}
            hidden = model.encoder(**feed).last_hidden_state
            mask = feed["attention_mask"].unsqueeze(-1).to(hidden.dtype)
            vectors = nn.functional.normalize((hidden * mask).sum(1) / mask.sum(1), dim=-1).float().cpu().numpy()
            for at, vector in zip(some, vectors, strict=True):
                made[at] = vector
        return np.stack(made)

    return embed


def trained_state(model: CrossEncoder) -> dict[str, np.ndarray]:
    """The weights that training changes, in half precision."""
    return {
        name: weight.detach().cpu().numpy().astype(np.float16)
        for name, weight in model.state_dict().items()
        if "word_embeddings" not in name and "position_ids" not in name
    }


def set_state(model: CrossEncoder, state: dict[str, np.ndarray]) -> CrossEncoder:
    """Put :func:`trained_state` back."""
    model.load_state_dict({name: torch.from_numpy(array.astype(np.float32)) for name, array in state.items()}, strict=False)
    return model


@torch.no_grad()
def move_towards_start(model: CrossEncoder, start: Mapping[str, torch.Tensor], share: float) -> CrossEncoder:
    """Put the mean of what a model learnt and of what it began with into it; ``share`` is the weight of what it learnt.

    A further training gains where its pairs are and loses where they are not; on the way between the two ends most of the one
    is won before much of the other is lost (Wortsman et al. 2022, Robust fine-tuning of zero-shot models).
    """
    for name, weight in model.state_dict().items():
        if name in start and weight.is_floating_point():
            weight.copy_(torch.lerp(start[name].to(weight), weight, share))
    return model


def pairs_of(arrays: Arrays, name: str, rows: np.ndarray | None = None) -> Pairs:
    """One set of pairs of :func:`entailment_data.prepare`."""
    rows = np.arange(len(arrays[f"{name}_left"])) if rows is None else rows
    titles = arrays[f"{name}_title"][rows] if f"{name}_title" in arrays else None
    return Pairs(arrays["tokens"], arrays["offsets"], arrays[f"{name}_left"][rows], arrays[f"{name}_right"][rows], titles)


def folds_of(arrays: Arrays, name: str, count: int) -> np.ndarray:
    """The fold of each pair of a set: a story is in one, in all sets the same.

    Stories with hand-labelled pairs are dealt round in random order, those without by their name.
    """
    known = arrays["news_groups"]
    order = np.random.default_rng(5).permutation(len(known))
    fold = {story: int(at) % count for story, at in zip(known.tolist(), order, strict=True)}
    own = arrays[f"{name}_groups"].tolist()
    return np.asarray([fold.get(g, zlib.crc32(g.encode()) % count) for g in own], int)[arrays[f"{name}_group"]]


def public_task(
    arrays: Arrays, recipe: Recipe, batch: int, *, soft: np.ndarray | None = None, share: float = 1.0, focus: bool = False
) -> Task:
    """The public pairs with the three classes of inference.

    Args:
        arrays: of :func:`entailment_data.prepare`.
        recipe: for the smoothing.
        batch: pairs in one.
        soft: a teacher's probabilities, which make up half of the target.
        share: of the loss.
        focus: whether only sources whose texts are as long and as free as those of the news are taken.
    """
    label = arrays["public_label"].astype(int)
    target = hard(label, len(NLI_LABELS), recipe.smoothing)
    if soft is not None:
        target = 0.4 * target + 0.6 * soft
    rows = np.arange(len(label))
    if focus:
        rows = np.flatnonzero(np.isin(arrays["public_sources"][arrays["public_source"]], _FOCUS))
        rows = rows if len(rows) else np.arange(len(label))
    return Task(pairs_of(arrays, "public", rows), {NLI: target[rows]}, np.ones(len(rows)), batch, share=share)


#: Public sources that stay in the mix to the end: written by people about texts of several kinds, or headlines of the news.
_FOCUS: Final = ("LingNLI", "Emergent", "SNLI/MultiNLI", "FEVER", "CAD-NLI", "ClaimDiff")


def _is_target(is_contradiction: np.ndarray) -> np.ndarray:
    sure = np.where(is_contradiction, _IS, _IS_NOT)
    return np.stack([1 - sure, sure], axis=1)


def labelled_task(
    arrays: Arrays, rows: np.ndarray, recipe: Recipe, batch: int, *, soft: Outputs | None = None, soft_share: float = 0.5,
    share: float = 1.0,
) -> Task:  # fmt: skip
    """Hand-labelled pairs with the five relations; the search head learns from them too.

    With ``soft``, a teacher's opinion of ``rows`` (nan where it has none) makes up ``soft_share`` of the target: a student that
    sees few labels many times would learn them by heart.
    """
    label = arrays["news_label"][rows].astype(int)
    targets = {NEWS: hard(label, len(NEWS_LABELS), recipe.smoothing)}
    if recipe.search_share > 0:
        targets[FOUND] = _is_target(label == 0)
    if soft is not None:
        for head, target in targets.items():
            opinion = soft.news if head == NEWS else soft.found
            weight = np.where(np.isnan(opinion), 0.0, soft_share)
            targets[head] = (1 - weight) * target + weight * np.exp(np.nan_to_num(opinion))
    return Task(pairs_of(arrays, "news", rows), targets, np.ones(len(rows)), batch, recipe.context != "bare", True, share,
                recipe.bare_share)  # fmt: skip


def search_task(
    arrays: Arrays, rows: np.ndarray, recipe: Recipe, batch: int, *, soft: Outputs | None = None, share: float = 1.0
) -> Task:
    """Pairs that the search proposes; what nobody has named a contradiction is taken for none, which is not always so.

    Unsure ones teach nothing but the teacher's opinion. The few contradictions are shown again and again, so that they are a
    tenth of what is seen. With ``soft``, a teacher's opinion of ``rows`` makes up half of the target and is learnt by the other
    heads too.
    """
    label = arrays["search_label"][rows]
    truth, unsure = label == 0, label == _UNSURE
    target = _is_target(truth)
    targets: dict[int, np.ndarray] = {FOUND: target}
    if soft is not None:
        found = np.exp(soft.found)
        targets = {FOUND: np.where(unsure[:, None], found, (target + found) / 2), NEWS: np.exp(soft.news)}
    times = int(np.clip(0.1 * len(rows) / max(1, truth.sum()), 1, 20))
    seen = np.concatenate([np.arange(len(rows)), np.repeat(np.flatnonzero(truth), times - 1)])
    return Task(
        pairs_of(arrays, "search", rows[seen]), {head: probabilities[seen] for head, probabilities in targets.items()},
        np.where(unsure[seen] & (soft is None), 0.0, 1.0), batch, recipe.context != "bare", True, share, recipe.bare_share,
    )  # fmt: skip


def public_stage(model: CrossEncoder, kind: Kind, arrays: Arrays, recipe: Recipe, *, seed: int, session: Session) -> CrossEncoder:
    """Inference from the public pairs; the heads of the news then start from the inference head."""
    task = public_task(arrays, recipe, recipe.public_batch)
    fit(model, kind, [task], epochs=recipe.public_epochs, rate=recipe.public_rate, recipe=recipe, seed=seed,
        session=session, name="public")  # fmt: skip
    model.start_news_heads()
    return model


def soft_stage(  # noqa: PLR0917
    model: CrossEncoder,
    kind: Kind,
    arrays: Arrays,
    soft: np.ndarray,
    also: np.ndarray | None,
    recipe: Recipe,
    *,
    seed: int,
    session: Session,
) -> CrossEncoder:
    """Inference again, from a teacher's probabilities: on public pairs and, where ``also`` is given, on their hypotheses paired.

    Args:
        model: the student after its public stage.
        kind: of its encoder.
        arrays: of :func:`entailment_data.prepare`.
        soft: the teacher's probabilities of the public pairs, ``(pairs, 3)``.
        also: those of the pairs ``sibling``, which have no label.
        recipe: epochs and rate.
        seed: of order and dropout.
        session: where, and for how long at most.
    """
    tasks = [public_task(arrays, recipe, recipe.public_batch, soft=soft)]
    if also is not None and len(also):
        tasks.append(Task(pairs_of(arrays, "sibling"), {NLI: also}, np.ones(len(also)), recipe.public_batch // 2, share=0.5))
    fit(model, kind, tasks, epochs=recipe.soft_epochs, rate=recipe.soft_rate, recipe=recipe, seed=seed, session=session,
        name="soft")  # fmt: skip
    model.start_news_heads()
    return model


def news_stage(  # noqa: PLR0917
    model: CrossEncoder,
    kind: Kind,
    arrays: Arrays,
    rows: np.ndarray,
    search: np.ndarray,
    recipe: Recipe,
    *,
    seed: int,
    session: Session,
    soft_public: np.ndarray | None = None,
) -> CrossEncoder:
    """News relations from the hand-labelled pairs ``rows``; pairs ``search`` of the search and public pairs beside them."""
    tasks = [labelled_task(arrays, rows, recipe, recipe.batch)]
    if recipe.public_share > 0:
        tasks.append(public_task(arrays, recipe, recipe.batch // 2 or 1, soft=soft_public, share=recipe.public_share, focus=True))
    if recipe.search_share > 0 and len(search):
        tasks.append(search_task(arrays, search, recipe, recipe.batch, share=recipe.search_share))
    return fit(model, kind, tasks, epochs=recipe.news_epochs, rate=recipe.news_rate, recipe=recipe, seed=seed,
               session=session, name=f"news {seed}")  # fmt: skip


def distil(  # noqa: PLR0917
    model: CrossEncoder,
    kind: Kind,
    arrays: Arrays,
    free: np.ndarray,
    taught: Outputs,
    rows: np.ndarray,
    search: np.ndarray,
    taught_rows: Outputs | None,
    taught_search: Outputs | None,
    recipe: Recipe,
    *,
    seed: int,
    session: Session,
    soft_public: np.ndarray | None = None,
) -> CrossEncoder:
    """A student of a teacher: its opinion of unlabelled pairs ``free`` and of the search's; labelled and public pairs beside.

    Unlabelled pairs that the teacher takes for contradictions weigh up to four times as much: they are few.
    """
    weight = 1 + 3 * np.exp(taught.news[:, 0])
    heads = {NEWS: np.exp(taught.news), NLI: np.exp(taught.nli)}
    if recipe.search_share > 0:
        heads[FOUND] = np.exp(taught.found)
    # The inference head is asked of one order only, so these pairs keep theirs.
    tasks = [Task(pairs_of(arrays, "free", free), heads, weight, 2 * recipe.batch, recipe.context != "bare",
                  bare_share=recipe.bare_share)]  # fmt: skip
    tasks.append(labelled_task(arrays, rows, recipe, recipe.batch // 2 or 1, soft=taught_rows, share=0.5))
    tasks.append(public_task(arrays, recipe, 2 * recipe.batch, soft=soft_public, share=recipe.public_share, focus=True))
    if recipe.search_share > 0 and len(search):
        tasks.append(search_task(arrays, search, recipe, recipe.batch, soft=taught_search, share=recipe.search_share))
    return fit(model, kind, tasks, epochs=recipe.distil_epochs, rate=recipe.distil_rate, recipe=recipe, seed=seed,
               session=session, name=f"distil {seed}")  # fmt: skip


def refine(  # noqa: PLR0917
    model: CrossEncoder,
    kind: Kind,
    arrays: Arrays,
    rows: np.ndarray,
    taught_rows: Outputs | None,
    others: Sequence[tuple[str, np.ndarray, Outputs]],
    recipe: Recipe,
    *,
    seed: int,
    session: Session,
    soft_public: np.ndarray | None = None,
) -> CrossEncoder:
    """The last stage, short enough for a CPU: the labels once more, bare sentences, the lowest layers as they are.

    Titles are left out: the encoder is as good without and a third faster. What was labelled last are pairs that a model took
    for contradictions, so that it learns from its own mistakes (uncertainty and hard-negative sampling).

    Args:
        model: the student after its distillation.
        kind: of its encoder.
        arrays: of :func:`entailment_data.prepare`.
        rows: labelled pairs.
        taught_rows: a teacher's opinion of them, nan where it has none.
        others: sets of pairs whose labels are not trusted, as ``(name, rows, teacher's opinion)``.
        recipe: epochs, rate, how much is frozen.
        seed: of what is drawn.
        session: where, and for how long at most.
        soft_public: the teacher's probabilities of the public pairs.
    """
    for name, parameter in model.named_parameters():
        low = "layer." in name and int(name.split("layer.")[1].split(".")[0]) < recipe.refine_frozen
        if low or "embeddings" in name:
            parameter.requires_grad_(False)
    bare = replace(recipe, context="bare")
    tasks = [labelled_task(arrays, rows, bare, recipe.batch, soft=taught_rows, soft_share=recipe.taught_share)]
    rng = np.random.default_rng(seed)
    total = sum(len(drawn) for _, drawn, _ in others)
    steps = math.ceil(len(rows) / recipe.batch) * recipe.refine_epochs
    for name, known, said in others:
        if not len(known):
            continue
        count = min(len(known), round(recipe.taught_ratio * len(rows) * recipe.refine_epochs * len(known) / total))
        weight = 0.05 + np.exp(said.news[:, 0])
        drawn = np.sort(rng.choice(len(known), size=count, replace=False, p=weight / weight.sum()))
        targets = {NEWS: np.exp(said.news[drawn]), FOUND: np.exp(said.found[drawn])}
        tasks.append(
            Task(pairs_of(arrays, name, known[drawn]), targets, np.ones(count), max(1, round(count / steps)), flips=True,
                 share=0.4)
        )  # fmt: skip
    if recipe.refine_public > 0:
        batch = max(1, round(recipe.refine_public * recipe.batch))
        tasks.append(public_task(arrays, recipe, batch, soft=soft_public, share=recipe.refine_public_share, focus=True))
    return fit(model, kind, tasks, epochs=recipe.refine_epochs, rate=recipe.refine_rate, recipe=bare, seed=seed,
               session=session, name=f"refine {seed}")  # fmt: skip
