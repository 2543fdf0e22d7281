"""Training the tagger: an ensemble that never saw what it labels teaches the one that ships.

1. Teachers: the annotated documents fall into as many parts as there are teachers; each is trained on all parts but its own.
2. Soft labels: each annotated document gets the opinion of the teacher that never saw it (so that it is no echo), documents
   without labels the average of all (Hinton et al. 2015; self-training with an ensemble).
3. Students: trained on the annotators' labels and the soft ones.

Steps, not seconds, say when training ends; a limit in seconds may end it sooner, and the record says after how many.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from pipelines.models.tagging import (
    ATTRIBUTION_LABELS,
    CLS,
    ENTITY_LABELS,
    SEP,
    SPECIAL_FEATURE,
    Encoded,
    allowed_transitions,
    best_paths,
    spans_of,
    windows,
)
from pipelines.training.tagger_network import LINK_SIZE, Taggers

#: Subwords of a window, special tokens included; lengths of batches.
LONGEST: Final = 384
_LENGTHS: Final = (32, 64, 96, 128, 192, 256, 320, 384)
_LABELS: Final = (len(ATTRIBUTION_LABELS), len(ENTITY_LABELS))


@dataclass(slots=True)
class Plan:
    """How to train. ``seconds`` are limits of a stage; None: none."""

    teachers: int = 6
    cuts: int = 3
    teacher_steps: int = 1_900
    student_steps: int = 3_600
    batch: int = 9_216
    rate: float = 3e-4
    head_rate: float = 1e-3
    warmup: float = 0.06
    #: part of the annotated documents that no network sees: they choose between students.
    selection: float = 0.04
    seed: int = 11
    teacher_seconds: float | None = None
    student_seconds: float | None = None
    #: name -> for each member the pretrained layers that it takes.
    students: dict[str, list[list[int]]] = field(default_factory=lambda: {"l6": [[0, 1, 2, 3, 4, 5]]})


@dataclass(slots=True)
class Prepared:
    """Documents as flat arrays, see :func:`save_prepared`."""

    encoded: list[Encoded]
    attribution: list[np.ndarray[Any, Any]]
    entities: list[np.ndarray[Any, Any]]
    links: list[list[tuple[int, int]]]
    names: list[str]
    corpora: list[str]


def save_prepared(path: Path, examples: Sequence[Any]) -> None:
    """Write examples (:class:`~pipelines.training.tagger_data.Example`) as one compressed file of arrays."""
    flat: dict[str, Any] = {
        "ids": np.concatenate([e.encoded.ids for e in examples]).astype(np.uint16),
        "features": np.concatenate([e.encoded.features for e in examples]).astype(np.uint8),
        "firsts": np.concatenate([e.encoded.firsts for e in examples]).astype(np.uint16),
        "subwords": np.array([len(e.encoded.ids) for e in examples], dtype=np.int32),
        "words": np.array([len(e.encoded.firsts) for e in examples], dtype=np.int32),
        "attribution": np.concatenate([e.attribution for e in examples]).astype(np.int8),
        "entities": np.concatenate([e.entities for e in examples]).astype(np.uint32),
        "links": np.array([(k, a, b) for k, e in enumerate(examples) for a, b in e.links], dtype=np.int32).reshape(-1, 3),
        "names": np.array(json.dumps([[e.name, e.corpus] for e in examples])),
    }
    np.savez_compressed(path, **flat)


def load_prepared(path: Path) -> Prepared:
    """Read what :func:`save_prepared` wrote; offsets of characters are not kept."""
    flat = np.load(path)
    at = np.concatenate([[0], np.cumsum(flat["subwords"])])
    words = np.concatenate([[0], np.cumsum(flat["words"])])
    ids, features = flat["ids"].astype(np.int64), flat["features"].astype(np.int64)
    firsts, attribution, entities = flat["firsts"].astype(np.int64), flat["attribution"].astype(np.int64), flat["entities"]
    none = np.zeros(0, dtype=np.int64)
    count = len(at) - 1
    links: list[list[tuple[int, int]]] = [[] for _ in range(count)]
    for doc, a, b in flat["links"].tolist():
        links[doc].append((a, b))
    names = json.loads(str(flat["names"]))
    return Prepared(
        [Encoded(ids[a:b], features[a:b], firsts[c:d], none, none)
         for (a, b), (c, d) in zip(pairwise(at), pairwise(words), strict=True)],
        [attribution[c:d] for c, d in pairwise(words)],
        [entities[c:d].astype(np.int64) for c, d in pairwise(words)],
        links, [n for n, _ in names], [c for _, c in names],
    )  # fmt: skip


@dataclass(slots=True)
class Windows:
    """Windows of documents as tensors, windows x subwords; labels stand at the first subword of each word."""

    ids: Tensor
    features: Tensor
    length: Tensor
    is_word: Tensor
    attribution: Tensor
    entities: Tensor
    doc: Tensor
    cut: Tensor
    link_window: Tensor
    links: Tensor
    #: log probabilities of the teachers, both heads side by side.
    soft: Tensor | None = None


def cut_windows(data: Prepared, docs: Sequence[int], cuts: int, seed: int, device: torch.device) -> Windows:
    """Cut documents into windows, each document in ``cuts`` ways that differ in where its windows begin."""
    chooser = np.random.default_rng(seed)
    pieces: list[tuple[int, int, int, int]] = []
    for doc in docs:
        encoded = data.encoded[doc]
        for cut in range(cuts):
            first = None if cut == 0 else int(chooser.integers(60, LONGEST - 2))
            made = windows(encoded, LONGEST - 2, first)
            if cut and len(made) == 1:
                break
            pieces += [(doc, cut, a, b) for a, b in made]
    n = len(pieces)
    ids = np.zeros((n, LONGEST), dtype=np.int32)
    features = np.full((n, LONGEST), SPECIAL_FEATURE, dtype=np.uint8)
    is_word = np.zeros((n, LONGEST), dtype=bool)
    attribution = np.full((n, LONGEST), -1, dtype=np.int8)
    entities = np.zeros((n, LONGEST), dtype=np.int32)
    length = np.zeros(n, dtype=np.int32)
    links: list[tuple[int, int, int]] = []
    for k, (doc, _, a, b) in enumerate(pieces):
        encoded = data.encoded[doc]
        size = b - a
        ids[k, 0], ids[k, 1 : size + 1], ids[k, size + 1] = CLS, encoded.ids[a:b], SEP
        features[k, 1 : size + 1] = encoded.features[a:b]
        length[k] = size + 2
        lo, hi = np.searchsorted(encoded.firsts, [a, b])
        at = encoded.firsts[lo:hi] - a + 1
        is_word[k, at] = True
        attribution[k, at] = data.attribution[doc][lo:hi]
        entities[k, at] = data.entities[doc][lo:hi]
        for cue, other in data.links[doc]:
            if lo <= cue < hi and lo <= other < hi:
                links.append((k, int(encoded.firsts[cue]) - a + 1, int(encoded.firsts[other]) - a + 1))
    links.sort()
    by_window = np.array([w for w, _, _ in links], dtype=np.int64)
    link_window = np.searchsorted(by_window, np.arange(n + 1))
    to = {"device": device}
    return Windows(
        torch.from_numpy(ids).to(**to), torch.from_numpy(features).to(**to), torch.from_numpy(length),
        torch.from_numpy(is_word).to(**to), torch.from_numpy(attribution).to(**to), torch.from_numpy(entities).to(**to),
        torch.tensor([p[0] for p in pieces]), torch.tensor([p[1] for p in pieces]),
        torch.from_numpy(link_window), torch.tensor([(w, a, b) for w, a, b in links], dtype=torch.int64).reshape(-1, 3),
    )  # fmt: skip


class _Batches:
    """Endless batches of windows of one length, for several members at once, each from windows of its own."""

    def __init__(self, lengths: np.ndarray[Any, Any], pools: list[np.ndarray[Any, Any]], batch: int, seed: int) -> None:
        self._chooser = np.random.default_rng(seed)
        bucket = np.searchsorted(_LENGTHS, lengths)
        self._sizes = [max(1, batch // length) for length in _LENGTHS]
        self._pools = [[pool[bucket[pool] == k] for pool in pools] for k in range(len(_LENGTHS))]
        usable = [all(len(p) for p in by_member) for by_member in self._pools]
        weight = np.array([
            np.mean([len(p) for p in by_member]) / size if ok else 0.0
            for by_member, size, ok in zip(self._pools, self._sizes, usable, strict=True)
        ])  # fmt: skip
        self._weight = weight / weight.sum()
        self._queues: list[list[np.ndarray[Any, Any]]] = [[np.zeros(0, dtype=np.int64) for _ in pools] for _ in _LENGTHS]

    def draw(self) -> tuple[int, np.ndarray[Any, Any]]:
        """A length, and windows as members x batch."""
        k = int(self._chooser.choice(len(_LENGTHS), p=self._weight))
        size = self._sizes[k]
        rows = []
        for member, pool in enumerate(self._pools[k]):
            queue = self._queues[k][member]
            while len(queue) < size:
                queue = np.concatenate([queue, self._chooser.permutation(pool)])
            rows.append(queue[:size])
            self._queues[k][member] = queue[size:]
        return _LENGTHS[k], np.stack(rows)


def _loss(net: Taggers, data: Windows, rows: np.ndarray[Any, Any], length: int, hard: float) -> Tensor:
    """The sum over members of the losses of their batches; ``hard`` is the weight of annotators' labels against soft ones."""
    device = data.ids.device
    m, b = rows.shape
    index = torch.from_numpy(rows.reshape(-1)).to(device)
    ids, features = data.ids[index, :length].view(m, b, length), data.features[index, :length].view(m, b, length).long()
    mask = torch.arange(length, device=device) < data.length[rows.reshape(-1)].to(device).view(m, b, 1)
    features = _without_case(features) if net.training else features
    with torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda"):
        attribution, entities, links = net(ids.long(), features, mask)
    attribution, entities, links = attribution.float(), entities.float(), links.float()
    is_word = data.is_word[index, :length].view(m, b, length)
    words = is_word.sum((1, 2)).clamp(min=1)
    log_a, log_e = functional.log_softmax(attribution, -1), functional.log_softmax(entities, -1)
    gold_a = data.attribution[index, :length].view(m, b, length).long()
    known_a = gold_a >= 0
    gold_e = data.entities[index, :length].view(m, b, length).long()
    known_e = gold_e > 0
    loss_a = -(log_a.gather(-1, gold_a.clamp(min=0)[..., None])[..., 0]) * known_a
    bits = (gold_e[..., None] >> torch.arange(_LABELS[1], device=device)) & 1
    loss_e = -torch.logsumexp(log_e.masked_fill(bits == 0, -30.0), -1) * known_e
    total = ((loss_a + loss_e).sum((1, 2)) / words).sum() * hard
    if data.soft is not None:
        soft = data.soft[index, :length].view(m, b, length, -1).float()
        soft_a, soft_e = soft[..., : _LABELS[0]], soft[..., _LABELS[0] :]
        # Where annotators spoke soft labels have what weight is left, elsewhere all.
        weight_a = torch.where(known_a, 1.0 - hard, 1.0) * is_word
        weight_e = torch.where(known_e, 1.0 - hard, 1.0) * is_word
        total = (
            total
            - ((soft_a.exp() * log_a).sum(-1) * weight_a + (soft_e.exp() * log_e).sum(-1) * weight_e).sum((1, 2)).div(words).sum()
        )
    return total + 0.2 * _link_loss(data, rows, length, gold_a, links)


def _without_case(features: Tensor) -> Tensor:
    """Take the case from some windows: headlines, tweets and shouted pages come without or with too much of it."""
    device = features.device
    draw = torch.rand(features.shape[:2], device=device)[..., None]
    shape, rest = features >> 2, features & 3
    letters = shape <= 4
    changed = torch.where(
        draw < 0.04, torch.zeros_like(shape), torch.where(draw < 0.06, torch.full_like(shape, 2), torch.ones_like(shape))
    )
    return torch.where((draw < 0.08) & letters & (features < SPECIAL_FEATURE), changed * 4 + rest, features)


def _link_loss(data: Windows, rows: np.ndarray[Any, Any], length: int, gold: Tensor, links: Tensor) -> Tensor:
    """Binary cross entropy over pairs of a cue and a source or content of a window."""
    device = links.device
    flat = rows.reshape(-1)
    pairs = []
    for k, window in enumerate(flat.tolist()):
        a, b = int(data.link_window[window]), int(data.link_window[window + 1])
        if b > a:
            made = data.links[a:b].clone()
            made[:, 0] = k
            pairs.append(made)
    if not pairs:
        return links.sum() * 0.0
    at = torch.cat(pairs).to(device)
    names = list(ATTRIBUTION_LABELS)
    gold = gold.view(-1, length)
    vectors = links.view(len(flat), length, 4, LINK_SIZE)
    cues = (gold == names.index("B-cue")) | (gold == names.index("S-cue"))
    total = links.sum() * 0.0
    is_target = torch.zeros(len(flat), length, length, device=device)
    is_target[at[:, 0], at[:, 1], at[:, 2]] = 1.0
    for part, head in (("source", 0), ("content", 2)):
        others = (gold == names.index(f"B-{part}")) | (gold == names.index(f"S-{part}"))
        pair = cues[:, :, None] & others[:, None, :]
        where = pair.nonzero(as_tuple=True)
        if not where[0].numel():
            continue
        score = (vectors[where[0], where[1], head] * vectors[where[0], where[2], head + 1]).sum(-1)
        loss = functional.binary_cross_entropy_with_logits(score, is_target[where], reduction="sum")
        total = total + loss / max(1, int(cues.sum()))
    return total * rows.shape[0]


def train(
    net: Taggers,
    gold: Windows,
    pools: list[np.ndarray[Any, Any]],
    plan: Plan,
    *,
    steps: int,
    seconds: float | None,
    silver: Windows | None = None,
    hard: float = 1.0,
    seed: int = 0,
    say: Any = print,
) -> int:
    """Train all members; every other batch comes from ``silver`` if given. Returns the steps done."""  # fmt: skip
    heads = [p for n, p in net.parameters_by_name.items() if n.split("/")[0] in ("attribution", "entities", "links", "features")]
    known = {id(p) for p in heads}
    body = [p for p in net.parameters() if id(p) not in known]
    fused = gold.ids.device.type == "cuda"
    optimizer = torch.optim.AdamW(
        [{"params": body, "peak": plan.rate}, {"params": heads, "peak": plan.head_rate}],
        lr=plan.rate, weight_decay=0.01, fused=fused, betas=(0.9, 0.98),
    )  # fmt: skip
    batches = _Batches(gold.length.numpy(), pools, plan.batch, seed)
    unlabelled = None
    if silver is not None:
        every = np.arange(len(silver.length))
        unlabelled = _Batches(silver.length.numpy(), [every] * net.members, plan.batch, seed + 1)
    net.train()
    begun = time.monotonic()
    torch.manual_seed(seed)
    done = 0
    running = 0.0
    while done < steps:
        progress = done / steps
        if seconds is not None:
            progress = max(progress, (time.monotonic() - begun) / seconds)
        if progress >= 1:
            break
        factor = min(progress / plan.warmup, 1.0) if progress < plan.warmup else (1 - progress) / (1 - plan.warmup)
        for group in optimizer.param_groups:
            group["lr"] = group["peak"] * max(factor, 0.01)
        if unlabelled is not None and silver is not None and done % 2:
            length, rows = unlabelled.draw()
            loss = _loss(net, silver, rows, length, 0.0)
        else:
            length, rows = batches.draw()
            loss = _loss(net, gold, rows, length, hard)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 4.0 * net.members, foreach=True)
        optimizer.step()
        done += 1
        if done % 100 == 0:
            running = float(loss.detach()) / net.members
            say(f"step {done} loss {running:.3f} {time.monotonic() - begun:.0f}s")
    return done


@torch.no_grad()  # type: ignore[untyped-decorator,unused-ignore]
def predict(
    net: Taggers, data: Windows, rows: np.ndarray[Any, Any], member: int | None
) -> Iterator[tuple[np.ndarray[Any, Any], Tensor]]:
    """Log probabilities of both heads side by side for windows; of one member, or the log of the mean of all."""
    net.eval()
    device = data.ids.device
    order = rows[np.argsort(data.length.numpy()[rows], kind="stable")]
    at = 0
    lengths = data.length.numpy()
    while at < len(order):
        size = max(1, 49_152 // int(lengths[order[min(len(order) - 1, at + 64)]]))
        part = order[at : at + size]
        at += size
        length = int(lengths[part].max())
        index = torch.from_numpy(part).to(device)
        ids = data.ids[index, :length].long().expand(net.members, -1, -1)
        features = data.features[index, :length].long().expand(net.members, -1, -1)
        mask = (torch.arange(length, device=device) < data.length[part].to(device)[:, None]).expand(net.members, -1, -1)
        with torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda"):
            attribution, entities, _ = net(ids, features, mask)
        both = [functional.log_softmax(attribution.float(), -1), functional.log_softmax(entities.float(), -1)]
        if member is None:
            made = torch.cat([x.exp().mean(0).clamp(min=1e-6).log() for x in both], -1)
        else:
            made = torch.cat([x[member] for x in both], -1)
        yield part, made


def score(net: Taggers, data: Windows, rows: np.ndarray[Any, Any], member: int | None) -> dict[str, float]:
    """Exact-span F1 of windows, each part of an attribution and each kind of name by itself; a quick measure."""
    right: dict[str, int] = {}
    found: dict[str, int] = {}
    gold: dict[str, int] = {}
    tables = [(ATTRIBUTION_LABELS, 0, data.attribution), (ENTITY_LABELS, _LABELS[0], data.entities)]
    for part, scores in predict(net, data, rows, member):
        for labels, offset, truth in tables:
            sequences, gold_paths = [], []
            for k, window in enumerate(part.tolist()):
                at = data.is_word[window].nonzero()[:, 0]
                their = truth[window, at].long().cpu().numpy()
                if labels is ENTITY_LABELS:
                    if not (their > 0).any():
                        continue
                    their = np.array([int(v & -v).bit_length() - 1 for v in their.tolist()])
                elif (their < 0).any():
                    continue
                sequences.append(scores[k, at, offset : offset + len(labels)].cpu().numpy())
                gold_paths.append(their)
            if not sequences:
                continue
            lengths = np.array([len(s) for s in sequences])
            padded = np.zeros((len(sequences), lengths.max(), len(labels)), dtype=np.float32)
            for k, s in enumerate(sequences):
                padded[k, : len(s)] = s
            paths = best_paths(padded, lengths, allowed_transitions(labels))
            for k, their in enumerate(gold_paths):
                mine = set(spans_of(paths[k, : lengths[k]].tolist(), labels))
                real = set(spans_of(their.tolist(), labels))
                for where, spans in ((right, mine & real), (found, mine), (gold, real)):
                    for _, _, name in spans:
                        where[name] = where.get(name, 0) + 1
    figures = {name: 2 * right.get(name, 0) / max(1, found.get(name, 0) + gold[name]) for name in sorted(gold)}
    three = ("person", "organization", "place")
    if any(name in gold for name in three):
        both = sum(found.get(n, 0) + gold.get(n, 0) for n in three)
        figures["names"] = 2 * sum(right.get(n, 0) for n in three) / max(1, both)
    return {name: round(value, 4) for name, value in figures.items()}


def fit(
    pretrained: dict[str, np.ndarray[Any, Any]], gold: Prepared, silver: Prepared, plan: Plan, out: Path, *, say: Any = print
) -> dict[str, Any]:
    """Train teachers and students; the students' weights go to ``out`` as ``<name>-<member>.npz``, the record comes back."""
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if device.type == "cuda":
        torch.backends.cuda.matmul.allow_tf32 = True
    begun = time.monotonic()
    record: dict[str, Any] = {"plan": asdict(plan), "device": device.type}
    # Annotators of one article stay in one part.
    keys = [
        name.rsplit(" ", 1)[0] if corpus == "polnear" else name for name, corpus in zip(gold.names, gold.corpora, strict=True)
    ]
    chooser = np.random.default_rng(plan.seed)
    unique = sorted(set(keys))
    chooser.shuffle(unique)
    held = int(len(unique) * plan.selection)
    fold_of = {key: (-1 if k < held else k % plan.teachers) for k, key in enumerate(unique)}
    fold = np.array([fold_of[key] for key in keys])
    every = cut_windows(gold, range(len(keys)), plan.cuts, plan.seed, device)
    fold_of_window = fold[every.doc.numpy()]
    is_selection = fold_of_window == -1
    unlabelled = cut_windows(silver, range(len(silver.names)), 1, plan.seed, device)
    say(f"windows: {len(every.length)} annotated, {len(unlabelled.length)} without labels, {time.monotonic() - begun:.0f}s")

    depth = 1 + max(int(n.split(".")[1]) for n in pretrained if n.startswith("layers."))
    net = Taggers(pretrained, [list(range(depth))] * plan.teachers, plan.seed).to(device)
    pools = [np.flatnonzero((fold_of_window != k) & ~is_selection) for k in range(plan.teachers)]
    record["teacher_steps"] = train(
        net, every, pools, plan, steps=plan.teacher_steps, seconds=plan.teacher_seconds, seed=plan.seed, say=say
    )
    first_cut = every.cut.numpy() == 0
    record["teachers"] = [score(net, every, np.flatnonzero((fold_of_window == k) & first_cut), k) for k in range(plan.teachers)]
    record["ensemble"] = score(net, every, np.flatnonzero(is_selection & first_cut), None)
    say(f"teachers {record['teachers']}\nensemble on selection {record['ensemble']} {time.monotonic() - begun:.0f}s")
    labels = sum(_LABELS)
    every.soft = torch.zeros(len(every.length), LONGEST, labels, dtype=torch.float16, device=device)
    unlabelled.soft = torch.zeros(len(unlabelled.length), LONGEST, labels, dtype=torch.float16, device=device)
    for k in range(plan.teachers):
        _fill(every.soft, net, every, np.flatnonzero(fold_of_window == k), k)
    _fill(unlabelled.soft, net, unlabelled, np.arange(len(unlabelled.length)), None)
    say(f"soft labels {time.monotonic() - begun:.0f}s")
    del net
    for number, (name, layers) in enumerate(plan.students.items()):
        student = Taggers(pretrained, layers, plan.seed + 1 + number).to(device)
        pool = np.flatnonzero(~is_selection)
        steps = train(
            student, every, [pool] * student.members, plan, steps=plan.student_steps, seconds=plan.student_seconds,
            silver=unlabelled, hard=0.5, seed=plan.seed + 100 + number, say=say,
        )  # fmt: skip
        record[name] = {"steps": steps, "selection": []}
        for member in range(student.members):
            figures = score(student, every, np.flatnonzero(is_selection & first_cut), member)
            record[name]["selection"].append(figures)
            say(f"{name} {layers[member]} {steps} steps: {figures} {time.monotonic() - begun:.0f}s")
            save_weights(out, f"{name}-{member}", student.member(member))
        (out / "record.json").write_text(json.dumps(record, indent=1))
        del student
    return record


def _fill(soft: Tensor, net: Taggers, data: Windows, rows: np.ndarray[Any, Any], member: int | None) -> None:
    for part, made in predict(net, data, rows, member):
        soft[torch.from_numpy(part).to(soft.device), : made.shape[1]] = made.half()


#: A file that comes back from elsewhere may have so many bytes at most.
_PART: Final = 15_000_000


def save_weights(out: Path, name: str, weights: dict[str, np.ndarray[Any, Any]]) -> None:
    """Write weights in half precision, in parts of at most 15 MB."""
    part: dict[str, np.ndarray[Any, Any]] = {}
    number = size = 0
    for key, value in weights.items():
        half = value.astype(np.float16)
        if size + half.nbytes > _PART:
            np.savez(out / f"{name}.{number}.npz", **part)  # type: ignore[arg-type]
            part, size, number = {}, 0, number + 1
        part[key] = half
        size += half.nbytes
    np.savez(out / f"{name}.{number}.npz", **part)  # type: ignore[arg-type]


def load_weights(folder: Path, name: str) -> dict[str, np.ndarray[Any, Any]]:
    """Read what :func:`save_weights` wrote.

    Raises:
        FileNotFoundError: there are no weights of that name.
    """
    parts = sorted(folder.glob(f"{name}.*.npz"))
    if not parts:
        raise FileNotFoundError(f"no weights {name}.*.npz in {folder}")
    return {key: value.astype(np.float32) for part in parts for key, value in np.load(part).items()}
