"""Training the cross-encoder on prepared arrays: torch alone, so that the same file runs where the project is not installed.

What goes in is made by :mod:`pipelines.training.entailment_data`: sentences as token ids, and pairs of them with labels. The
recipe: a *public stage* on natural-language inference, a *news stage* on hand-labelled and generated pairs of news sentences
with public pairs mixed in, and a *distillation* in which a small student learns the averaged probabilities of an ensemble on
pairs that nobody has labelled (Hinton, Vinyals and Dean 2015). Two heads on one encoder: the three classes of inference, and
the five relations of news pairs.
"""

# torch has no place among the dependencies, so its types are unknown where the project is checked.
# mypy: disable-error-code="misc, untyped-decorator, no-any-return, unused-ignore, import-not-found, import-untyped"
from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from torch import nn

#: The classes of the two heads, in the order of their logits.
NLI_LABELS: Final = ("entailment", "neutral", "contradiction")
NEWS_LABELS: Final = ("contradiction", "update", "corroboration", "compatible", "unrelated")
#: Where a news class starts from: the class of inference that is nearest to it.
_STARTS_AS: Final = (2, 1, 0, 1, 1)

Arrays = dict[str, np.ndarray]


@dataclass(frozen=True)
class Recipe:
    """How to train. Rates are for AdamW with a linear warm-up over a tenth of the steps and a linear decay."""

    context: str = "bare"  # bare, title, full: what stands after a sentence
    public_epochs: float = 2.0
    public_rate: float = 1.2e-4
    news_epochs: float = 4.0
    news_rate: float = 8e-5
    batch: int = 64
    public_batch: int = 256
    public_share: float = 0.5  # public pairs mixed into the news stage, a share of its batches' size
    generated_weight: float = 0.4
    dropout: float = 0.1
    layer_decay: float = 0.95
    smoothing: float = 0.05
    ema: float = 0.99
    unlabelled_epochs: float = 3.0
    seeds: tuple[int, ...] = (1, 2, 3)


class CrossEncoder(nn.Module):
    """An encoder with two linear heads over the first token and the mean of all, through one tanh layer."""

    def __init__(self, encoder: nn.Module, width: int, dropout: float = 0.1) -> None:
        super().__init__()
        self.encoder = encoder
        self.mix = nn.Linear(2 * width, width)
        self.dropout = nn.Dropout(dropout)
        self.nli = nn.Linear(width, len(NLI_LABELS))
        self.news = nn.Linear(width, len(NEWS_LABELS))

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor | None = None) -> Any:
        """Logits of both heads, ``(pairs, 3)`` and ``(pairs, 5)``."""
        extra = {} if token_type_ids is None else {"token_type_ids": token_type_ids}
        hidden = self.encoder(input_ids=input_ids, attention_mask=attention_mask, **extra).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
        mean = (hidden * mask).sum(1) / mask.sum(1)
        pooled = self.dropout(torch.tanh(self.mix(torch.cat([hidden[:, 0], mean], dim=-1))))
        return self.nli(pooled), self.news(pooled)

    def start_news_head(self) -> None:
        """Let the news head start from the inference head's opinion."""
        with torch.no_grad():
            self.news.weight.copy_(self.nli.weight[list(_STARTS_AS)])
            self.news.bias.copy_(self.nli.bias[list(_STARTS_AS)])


@dataclass
class Kind:
    """What an encoder needs around its tokens: ``cls``, ``sep`` (between: ``sep`` once or twice), ``pad``; a type per side."""

    cls: int
    sep: int
    pad: int
    seps_between: int = 1
    has_types: bool = True
    to_own: np.ndarray | None = field(default=None, repr=False)  # the tokenizer's id -> the encoder's


class Pairs:
    """Pairs of sentences as rows of a table of token ids, ready to be batched.

    ``sentences`` is ``(tokens, offsets)``; ``left``/``right`` are rows in it; ``extra_left``/``extra_right`` (-1: none) the
    rows of what stands after each when context is wanted.
    """

    def __init__(  # noqa: PLR0917
        self,
        tokens: np.ndarray,
        offsets: np.ndarray,
        left: np.ndarray,
        right: np.ndarray,
        extra: np.ndarray | None = None,
        most: int = 160,
    ) -> None:
        self.tokens, self.offsets, self.left, self.right, self.extra, self.most = tokens, offsets, left, right, extra, most

    def __len__(self) -> int:
        return len(self.left)

    def row(self, sentence: int) -> np.ndarray:
        """The token ids of a sentence."""
        return self.tokens[self.offsets[sentence] : self.offsets[sentence + 1]]

    def sides(self, at: int, context: bool) -> tuple[np.ndarray, np.ndarray]:
        """Both sides of a pair, cut to what fits, with what stands around them where ``context`` is wanted."""
        a, b = self.row(self.left[at]), self.row(self.right[at])
        most = self.most
        # The longer side gives way first.
        room = most - 4
        if len(a) + len(b) > room:
            half = room // 2
            if len(a) > half and len(b) > half:
                a, b = a[:half], b[: room - half]
            elif len(a) > half:
                a = a[: room - len(b)]
            else:
                b = b[: room - len(a)]
        if context and self.extra is not None:
            left = room - len(a) - len(b)
            for side, row in enumerate(self.extra[at]):
                if row >= 0 and left > 8:
                    more = self.row(row)[: left // (2 - side)]
                    left -= len(more)
                    if side == 0:
                        a = np.concatenate([a, more])
                    else:
                        b = np.concatenate([b, more])
        return a, b


def _turned(sides: tuple[np.ndarray, np.ndarray], turned: bool) -> tuple[np.ndarray, np.ndarray]:
    return (sides[1], sides[0]) if turned else sides


def collate(made: Sequence[tuple[np.ndarray, np.ndarray]], kind: Kind, device: str) -> dict[str, torch.Tensor]:
    """Token ids, mask and types of some pairs of token ids, padded to the longest."""
    length = max(len(a) + len(b) for a, b in made) + 2 + kind.seps_between
    length = min(512, (length + 7) // 8 * 8)
    ids = np.full((len(made), length), kind.pad, dtype=np.int64)
    mask = np.zeros((len(made), length), dtype=np.int64)
    types = np.zeros((len(made), length), dtype=np.int64)
    for n, (a, b) in enumerate(made):
        if kind.to_own is not None:
            a, b = kind.to_own[a], kind.to_own[b]
        second = 1 + len(a) + kind.seps_between
        ids[n, 0] = kind.cls
        ids[n, 1 : 1 + len(a)] = a
        ids[n, 1 + len(a) : second] = kind.sep
        ids[n, second : second + len(b)] = b
        ids[n, second + len(b)] = kind.sep
        mask[n, : second + len(b) + 1] = 1
        types[n, second : second + len(b) + 1] = 1
    batch = {"input_ids": ids, "attention_mask": mask}
    if kind.has_types:
        batch["token_type_ids"] = types
    return {name: torch.from_numpy(array).to(device, non_blocking=True) for name, array in batch.items()}


def lengths(pairs: Pairs, context: bool) -> np.ndarray:
    """Tokens of each pair, about."""
    size = np.diff(pairs.offsets)
    total = size[pairs.left] + size[pairs.right]
    if context and pairs.extra is not None:
        padded = np.append(size, 0)
        total = total + padded[pairs.extra].sum(1)
    return np.minimum(total + 3, pairs.most)


def batches(size: np.ndarray, rows: np.ndarray, batch: int, rng: np.random.Generator) -> list[np.ndarray]:
    """Rows in batches of alike length, in random order."""
    jitter = size[rows] + rng.uniform(0, 8, len(rows))
    ordered = rows[np.argsort(jitter, kind="stable")]
    cut = [ordered[at : at + batch] for at in range(0, len(ordered), batch)]
    rng.shuffle(cut)  # type: ignore[arg-type]
    return cut


class Average:
    """An exponential moving average of a model's weights, what is measured and kept."""

    def __init__(self, model: nn.Module, decay: float) -> None:
        self.decay, self.steps = decay, 0
        self.shadow = [p.detach().clone() for p in model.parameters()]

    @torch.no_grad()
    def update(self, model: nn.Module) -> None:
        """Move towards the model as it is now; faster while it is young."""
        self.steps += 1
        keep = min(self.decay, (1 + self.steps) / (10 + self.steps))
        torch._foreach_lerp_(self.shadow, [p.detach() for p in model.parameters()], 1 - keep)

    @torch.no_grad()
    def store(self, model: nn.Module) -> None:
        """Put the average into the model."""
        for mine, theirs in zip(self.shadow, model.parameters(), strict=True):
            theirs.copy_(mine)


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
    """Pairs with what is known of them. ``head`` 0: inference, 1: news; ``target`` probabilities ``(pairs, classes)``."""

    pairs: Pairs
    head: int
    target: np.ndarray
    weight: np.ndarray
    context: bool = False
    batch: int = 64
    flips: bool = False  # whether the sides may change places
    share: float = 1.0  # of its mean loss in the sum


def fit(
    model: CrossEncoder,
    kind: Kind,
    tasks: Sequence[Task],
    *,
    epochs: float,
    rate: float,
    recipe: Recipe,
    seed: int,
    device: str,
    deadline: float | None = None,
    log: Callable[[str], None] = print,
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
        device: ``cpu`` or ``cuda``.
        deadline: ``time.monotonic()`` at which to stop, whatever is left; the rate is planned from the epochs.
        log: is told how it goes.
        name: what the log calls it.
    """
    if epochs <= 0:
        return model
    rng = np.random.default_rng(seed)
    torch.manual_seed(seed)
    main = tasks[0]
    size = [lengths(task.pairs, task.context) for task in tasks]
    rows = [np.arange(len(task.pairs)) for task in tasks]
    per_epoch = math.ceil(len(main.pairs) / main.batch)
    steps = max(1, round(per_epoch * epochs))
    optimiser = torch.optim.AdamW(
        _groups(model, rate, recipe.layer_decay), lr=rate, betas=(0.9, 0.98), eps=1e-6, fused=device == "cuda"
    )
    average = Average(model, recipe.ema)
    queues: list[list[np.ndarray]] = [[] for _ in tasks]
    model.train()
    warm = max(1, steps // 10)
    began, shown = time.monotonic(), 0.0
    use = torch.autocast("cuda", dtype=torch.bfloat16) if device == "cuda" else torch.autocast("cpu", enabled=False)
    for step in range(steps):
        scale = min((step + 1) / warm, max(0.02, (steps - step) / max(1, steps - warm)))
        for group in optimiser.param_groups:
            group["lr"] = group["top"] * scale
        optimiser.zero_grad(set_to_none=True)
        chosen, sides = [], []
        for at, task in enumerate(tasks):
            if not queues[at]:
                queues[at] = batches(size[at], rows[at], task.batch, rng)
            drawn = queues[at].pop()
            flip = rng.random(len(drawn)) < 0.5 if task.flips else np.zeros(len(drawn), bool)
            sides += [_turned(task.pairs.sides(int(row), task.context), turned) for row, turned in zip(drawn, flip, strict=True)]
            chosen.append(drawn)
        batch = collate(sides, kind, device)
        with use:
            out = model(**batch)
        losses, start = [], 0
        for task, drawn in zip(tasks, chosen, strict=True):
            logits = out[task.head][start : start + len(drawn)].float()
            start += len(drawn)
            target = torch.from_numpy(task.target[drawn]).to(device)
            weight = torch.from_numpy(task.weight[drawn]).to(device)
            loss = -(target * torch.log_softmax(logits, dim=-1)).sum(-1)
            losses.append(task.share * (loss * weight).sum() / weight.sum().clamp_min(1e-6))
        total = torch.stack(losses).sum()
        total.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        average.update(model)
        if time.monotonic() - shown > 10:
            shown = time.monotonic()
            log(f"{name} step {step}/{steps} loss {float(total.detach()):.3f} {shown - began:.0f}s")
        if deadline is not None and time.monotonic() > deadline:
            log(f"{name} out of time at step {step}/{steps}")
            break
    average.store(model)
    return model


@torch.inference_mode()
def predict(
    model: CrossEncoder,
    kind: Kind,
    pairs: Pairs,
    *,
    context: bool,
    device: str,
    both_ways: bool,
    batch: int = 512,
) -> tuple[np.ndarray, np.ndarray]:
    """Log-probabilities of both heads, ``(pairs, 3)`` and ``(pairs, 5)``; the news head's averaged over both orders."""
    model.eval()
    size = lengths(pairs, context)
    order = np.argsort(size, kind="stable")
    nli = np.zeros((len(pairs), len(NLI_LABELS)), np.float32)
    news = np.zeros((len(pairs), len(NEWS_LABELS)), np.float32)
    use = torch.autocast("cuda", dtype=torch.bfloat16) if device == "cuda" else torch.autocast("cpu", enabled=False)
    for start in range(0, len(order), batch):
        rows = order[start : start + batch]
        for turned in (False, True) if both_ways else (False,):
            made = collate([_turned(pairs.sides(int(row), context), turned) for row in rows], kind, device)
            with use:
                one, two = model(**made)
            if not turned:
                nli[rows] = torch.log_softmax(one.float(), -1).cpu().numpy()
            news[rows] += torch.log_softmax(two.float(), -1).cpu().numpy() / (2 if both_ways else 1)
    news -= np.log(np.exp(news).sum(-1, keepdims=True))
    return nli, news


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


def load_encoder(folder: Path, dropout: float, device: str) -> tuple[CrossEncoder, Kind]:
    """A fresh cross-encoder from an encoder's folder: ``config.json``, ``tokenizer.json`` and weights.

    Weights are ``model.safetensors``, or ``weights.npz`` with half-precision or row-wise int8 arrays (``<name>`` and
    ``<name>__scale``). BERT and MPNet are known; an encoder's ids that differ from the tokenizer's that the pairs were made
    with are given by ``to_own.npy``.

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
    if (folder / "to_own.npy").exists():
        kind.to_own = np.load(folder / "to_own.npy")
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
    model = CrossEncoder(encoder, config["hidden_size"], dropout)
    # Half of a small encoder's weights are its word embeddings; with so few pairs of news they would only learn names.
    encoder.embeddings.word_embeddings.weight.requires_grad_(False)
    return model.to(device), kind


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


def pairs_of(arrays: Arrays, name: str, context: str, rows: np.ndarray | None = None) -> Pairs:
    """One set of pairs of :func:`entailment_data.prepare`, with what stands around the sentences as ``context`` says."""
    rows = np.arange(len(arrays[f"{name}_left"])) if rows is None else rows
    extra = None
    if context != "bare" and f"{name}_title" in arrays:
        extra = arrays[f"{name}_title" if context == "title" else f"{name}_before"][rows]
    return Pairs(arrays["tokens"], arrays["offsets"], arrays[f"{name}_left"][rows], arrays[f"{name}_right"][rows], extra)


def public_task(arrays: Arrays, recipe: Recipe, batch: int, share: float = 1.0) -> Task:
    """The public pairs with the three classes of inference."""
    label = arrays["public_label"].astype(int)
    return Task(
        pairs_of(arrays, "public", "bare"), 0, hard(label, 3, recipe.smoothing), np.ones(len(label), np.float32), False, batch,
        share=share,
    )  # fmt: skip


def labelled_task(  # noqa: PLR0917
    arrays: Arrays, name: str, rows: np.ndarray, recipe: Recipe, batch: int, share: float = 1.0
) -> Task:
    """Hand-labelled (``news``) or made pairs with the five relations."""
    label = arrays[f"{name}_label"][rows].astype(int)
    return Task(
        pairs_of(arrays, name, recipe.context, rows), 1, hard(label, 5, recipe.smoothing), np.ones(len(rows), np.float32),
        recipe.context != "bare", batch, True, share,
    )  # fmt: skip


def public_stage(  # noqa: PLR0917
    model: CrossEncoder,
    kind: Kind,
    arrays: Arrays,
    recipe: Recipe,
    seed: int,
    device: str,
    log: Callable[[str], None],
    deadline: float | None = None,
) -> CrossEncoder:
    """Inference from the public pairs; the news head then starts from the inference head."""
    task = public_task(arrays, recipe, recipe.public_batch)
    fit(model, kind, [task], epochs=recipe.public_epochs, rate=recipe.public_rate, recipe=recipe, seed=seed, device=device,
        log=log, name="public", deadline=deadline)  # fmt: skip
    model.start_news_head()
    return model


def news_stage(  # noqa: PLR0917
    model: CrossEncoder,
    kind: Kind,
    arrays: Arrays,
    rows: np.ndarray,
    recipe: Recipe,
    seed: int,
    device: str,
    log: Callable[[str], None],
    deadline: float | None = None,
) -> CrossEncoder:
    """News relations from the hand-labelled pairs ``rows``, made pairs of the same stories and public pairs beside them."""
    tasks = [labelled_task(arrays, "news", rows, recipe, recipe.batch)]
    if recipe.generated_weight > 0:
        kept = set(arrays["news_groups"][np.unique(arrays["news_group"][rows])].tolist())
        made = np.flatnonzero([arrays["made_groups"][g] in kept for g in arrays["made_group"]])
        tasks.append(labelled_task(arrays, "made", made, recipe, max(4, recipe.batch // 2), recipe.generated_weight))
    if recipe.public_share > 0:
        tasks.append(public_task(arrays, recipe, recipe.batch, recipe.public_share))
    return fit(model, kind, tasks, epochs=recipe.news_epochs, rate=recipe.news_rate, recipe=recipe, seed=seed, device=device,
               log=log, name=f"news {seed}", deadline=deadline)  # fmt: skip


def distil(  # noqa: PLR0917
    model: CrossEncoder,
    kind: Kind,
    arrays: Arrays,
    free: np.ndarray,
    target: np.ndarray,
    rows: np.ndarray,
    public_target: np.ndarray | None,
    recipe: Recipe,
    seed: int,
    device: str,
    log: Callable[[str], None],
    deadline: float | None = None,
) -> CrossEncoder:
    """A student of an ensemble: its probabilities on unlabelled pairs ``free``, the labelled pairs and public pairs beside."""
    soft = Task(
        pairs_of(arrays, "free", recipe.context, free), 1, target.astype(np.float32), np.ones(len(free), np.float32),
        recipe.context != "bare", 2 * recipe.batch, True,
    )  # fmt: skip
    public = public_task(arrays, recipe, recipe.batch, recipe.public_share)
    if public_target is not None:
        public.target = (0.5 * public.target + 0.5 * public_target).astype(np.float32)
    news = labelled_task(arrays, "news", rows, recipe, max(4, recipe.batch // 2), 0.5)
    return fit(
        model, kind, [soft, news, public], epochs=recipe.unlabelled_epochs, rate=recipe.news_rate, recipe=recipe, seed=seed,
        device=device, log=log, name=f"distil {seed}", deadline=deadline,
    )  # fmt: skip


def folds_of(arrays: Arrays, count: int) -> np.ndarray:
    """The fold of each labelled pair: a story is in one."""
    groups = arrays["news_groups"]
    order = np.random.default_rng(5).permutation(len(groups))
    return (order % count)[arrays["news_group"]]
