"""Training the tagger: an ensemble that never saw what it labels teaches the one that ships.

1. Teachers, of a larger encoder where there is one: the annotated documents fall into as many parts as there are teachers;
   each is trained on all parts but its own. Each set of guidelines for names has a head of its own in them.
2. Soft labels: each annotated document gets the opinion of the teacher that never saw it (so that it is no echo), documents
   without labels the mean of all (Hinton et al. 2015; self-training with an ensemble).
3. Students: trained on the annotators' labels and the soft ones.

Steps, not seconds, say when training ends; a limit in seconds may end it sooner, and the record says after how many. Each
stage is a function of its own, so that teachers and students may be trained in processes side by side.

On a CPU all this takes hours: what is done stands in the work folder, and a run that was killed goes on where it was
(:class:`Progress`) to the weights that it would have reached.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
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
    best_paths,
    spans_of,
    windows,
)
from pipelines.training.checkpoints import Checkpoint, in_bfloat16, multiplies_bfloat16, partial_of, replace_text
from pipelines.training.tagger_data import LONGEST
from pipelines.training.tagger_network import LINK_SIZE, Arrays, Network, depth_of, lowest_layers

#: Lengths of batches (by sixteen: some 4 % of what is read is padding, not 11 %).
_LENGTHS: Final = tuple(range(16, LONGEST + 1, 16))
_LABELS: Final = (len(ATTRIBUTION_LABELS), len(ENTITY_LABELS))
#: Corpora of names by the guidelines that they follow; the first are the product's, others help teachers only.
GUIDES: Final = ("worldwide", "wnut17", "gum", "re3d")


@dataclass(slots=True)
class Shape:
    """A student: so many of the lowest layers, with so many neurons in each feed-forward part (None: all)."""

    depth: int
    inner: int | None = None


@dataclass(slots=True)
class Plan:
    """How to train: the recipe. What made the shipped weights says their card."""

    teachers: int = 3
    #: lowest layers of the students' own encoder that teachers get: two thirds of the time of six, and students of four read as
    #: well as those of six (see the card of the weights that ship).
    teacher_layers: int = 4
    cuts: int = 3
    teacher_steps: int = 1_700
    student_steps: int = 4_000
    batch: int = 3_072
    teacher_rate: float = 2e-4
    teacher_head_rate: float = 1e-3
    #: the rate of a teacher's layer against that of the layer above.
    teacher_decay: float = 1.0
    rate: float = 2e-4
    head_rate: float = 1e-3
    dropout: float = 0.1
    warmup: float = 0.06
    #: part of the annotated documents that no network sees: they choose between students.
    selection: float = 0.04
    seed: int = 11
    students: dict[str, Shape] = field(default_factory=lambda: {"l4": Shape(4)})


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
    #: which of :data:`GUIDES` the names of a window follow.
    guide: Tensor
    #: probabilities of the teachers, both heads side by side.
    soft: Tensor | None = None

    def to(self, device: torch.device) -> Windows:
        """The same with what is used in batches on a device."""
        moved = {
            name: getattr(self, name).to(device) for name in ("ids", "features", "is_word", "attribution", "entities", "guide")
        }
        return replace(self, **moved, soft=None if self.soft is None else self.soft.to(device))


def cut_windows(data: Prepared, docs: Sequence[int], cuts: int, seed: int) -> Windows:
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
    guide = [GUIDES.index(data.corpora[doc]) if data.corpora[doc] in GUIDES else 0 for doc, *_ in pieces]
    return Windows(
        torch.from_numpy(ids), torch.from_numpy(features), torch.from_numpy(length), torch.from_numpy(is_word),
        torch.from_numpy(attribution), torch.from_numpy(entities),
        torch.tensor([p[0] for p in pieces]), torch.tensor([p[1] for p in pieces]),
        torch.from_numpy(link_window), torch.tensor([(w, a, b) for w, a, b in links], dtype=torch.int64).reshape(-1, 3),
        torch.tensor(guide),
    )  # fmt: skip


class _Batches:
    """Endless batches of windows of about one length."""

    def __init__(self, lengths: np.ndarray[Any, Any], pool: np.ndarray[Any, Any], batch: int, seed: int) -> None:
        self._chooser = np.random.default_rng(seed)
        bucket = np.searchsorted(_LENGTHS, lengths)
        self._sizes = [max(1, batch // length) for length in _LENGTHS]
        self._pools = [pool[bucket[pool] == k] for k in range(len(_LENGTHS))]
        weight = np.array([len(p) / size for p, size in zip(self._pools, self._sizes, strict=True)])
        self._weight = weight / weight.sum()
        self._queues = [np.zeros(0, dtype=np.int64) for _ in _LENGTHS]

    def draw(self) -> tuple[int, np.ndarray[Any, Any]]:
        """A length, and windows."""
        k = int(self._chooser.choice(len(_LENGTHS), p=self._weight))
        size = self._sizes[k]
        while len(self._queues[k]) < size:
            self._queues[k] = np.concatenate([self._queues[k], self._chooser.permutation(self._pools[k])])
        rows, self._queues[k] = self._queues[k][:size], self._queues[k][size:]
        return _LENGTHS[k], rows

    def state(self) -> dict[str, Any]:
        """Where it stands, for :meth:`restore`."""
        return {"chooser": self._chooser.bit_generator.state, "queues": list(self._queues)}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on where :meth:`state` was taken."""
        self._chooser.bit_generator.state = state["chooser"]
        self._queues = list(state["queues"])


@dataclass(slots=True)
class Progress:
    """Where a training stands, in a folder, so that one that was killed goes on.

    Files are replaced whole, and each bears the ``key`` of what is trained on what: those of another plan, other data or another
    encoder are not taken up.
    """

    folder: Path
    key: str

    def checkpoint(self, stage: str) -> Checkpoint:
        """The file in which a network being trained is kept."""
        return Checkpoint(self.folder / f"{stage}.pt", self.key)

    def keep(self, soft: np.ndarray[Any, Any], unlabelled: np.ndarray[Any, Any], record: dict[str, Any]) -> None:
        """Keep what the teachers so far think of both sets of windows, and the record so far."""
        path = self.folder / "opinions.npz"
        np.savez(partial_of(path), soft=soft, unlabelled=unlabelled, record=np.array(json.dumps(record)), key=np.array(self.key))
        os.replace(partial_of(path), path)

    def kept(self) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], dict[str, Any]] | None:
        """What :meth:`keep` wrote last; None: nothing, or of another training."""
        path = self.folder / "opinions.npz"
        if not path.is_file():
            return None
        with np.load(path) as stored:
            if str(stored["key"]) != self.key:
                return None
            return stored["soft"], stored["unlabelled"], json.loads(str(stored["record"]))

    def forget(self, plan: Plan) -> None:
        """Remove what is only of use to a training that goes on; the next one of this plan begins anew."""
        names = [f"{stage}.pt" for stages in stages_of(plan) for stage in stages] + ["opinions.npz"]
        for name in names:
            (self.folder / name).unlink(missing_ok=True)
            partial_of(self.folder / name).unlink(missing_ok=True)
        written = self.folder / "record.json"
        record = json.loads(written.read_text(encoding="utf-8")) if written.is_file() else {}
        if record.pop("key", None):
            replace_text(written, json.dumps(record, indent=1))


#: Steps between two checkpoints: about two minutes of a CPU.
_CHECKPOINT_STEPS: Final = 100


def key_of(plan: Plan, *parts: Arrays | Prepared) -> str:
    """What tells one training from another: the plan, the data and the encoders, digested."""
    digest = hashlib.blake2b(json.dumps([asdict(plan), _LENGTHS], sort_keys=True).encode(), digest_size=16)
    for part in parts:
        if isinstance(part, Prepared):
            digest.update(json.dumps([part.names, part.corpora, part.links]).encode())
            for encoded, attribution, entities in zip(part.encoded, part.attribution, part.entities, strict=True):
                for array in (encoded.ids, encoded.features, encoded.firsts, attribution, entities):
                    digest.update(np.ascontiguousarray(array).tobytes())
        else:
            for name in sorted(part):
                digest.update(name.encode() + np.ascontiguousarray(part[name]).tobytes())
    return digest.hexdigest()


def _loss(net: Network, data: Windows, rows: np.ndarray[Any, Any], length: int, hard: float) -> Tensor:
    """The loss of a batch; ``hard`` is the weight of annotators' labels against soft ones."""
    device = data.ids.device
    index = torch.from_numpy(rows).to(device)
    ids, features = data.ids[index, :length], data.features[index, :length].long()
    mask = torch.arange(length, device=device) < data.length[rows].to(device)[:, None]
    features = _without_case(features) if net.training else features
    with in_bfloat16(device):
        attribution, entities, links = net(ids.long(), features, mask)
    attribution, links = attribution.float(), links.float()
    guide = data.guide[index]
    every = entities.float().view(len(rows), length, net.guides, _LABELS[1])
    entities = every[torch.arange(len(rows), device=device), :, guide] if net.guides > 1 else every[:, :, 0]
    is_word = data.is_word[index, :length]
    words = is_word.sum().clamp(min=1)
    log_a, log_e = functional.log_softmax(attribution, -1), functional.log_softmax(entities, -1)
    gold_a = data.attribution[index, :length].long()
    known_a = gold_a >= 0
    gold_e = data.entities[index, :length].long()
    # A student follows the first guidelines alone; what it knows of the others' documents comes from its teachers.
    known_e = (gold_e > 0) & ((guide < net.guides)[:, None])
    loss_a = -(log_a.gather(-1, gold_a.clamp(min=0)[..., None])[..., 0]) * known_a
    bits = (gold_e[..., None] >> torch.arange(_LABELS[1], device=device)) & 1
    loss_e = -torch.logsumexp(log_e.masked_fill(bits == 0, -30.0), -1) * known_e
    total = (loss_a + loss_e).sum() / words * hard
    if data.soft is not None:
        soft = data.soft[index, :length].float()
        # Where annotators spoke soft labels have what weight is left, elsewhere all.
        weight_a = torch.where(known_a, 1.0 - hard, 1.0) * is_word
        weight_e = torch.where(known_e, 1.0 - hard, 1.0) * is_word
        soft_a, soft_e = (soft[..., : _LABELS[0]] * log_a).sum(-1), (soft[..., _LABELS[0] :] * log_e).sum(-1)
        total = total - (soft_a * weight_a + soft_e * weight_e).sum() / words
    return total + 0.2 * _link_loss(data, rows, length, gold_a, links)


def _without_case(features: Tensor) -> Tensor:
    """Take the case from some windows: headlines, tweets and shouted pages come without or with too much of it."""
    device = features.device
    draw = torch.rand(len(features), device=device)[:, None]
    shape, rest = features >> 2, features & 3
    letters = shape <= 4
    changed = torch.where(
        draw < 0.04, torch.zeros_like(shape), torch.where(draw < 0.06, torch.full_like(shape, 2), torch.ones_like(shape))
    )
    return torch.where((draw < 0.08) & letters & (features < SPECIAL_FEATURE), changed * 4 + rest, features)


def _link_loss(data: Windows, rows: np.ndarray[Any, Any], length: int, gold: Tensor, links: Tensor) -> Tensor:
    """Binary cross entropy over pairs of a cue and a source or content of a window."""
    device = links.device
    pairs = []
    for k, window in enumerate(rows.tolist()):
        a, b = int(data.link_window[window]), int(data.link_window[window + 1])
        if b > a:
            made = data.links[a:b].clone()
            made[:, 0] = k
            pairs.append(made)
    if not pairs:
        return links.sum() * 0.0
    at = torch.cat(pairs).to(device)
    names = list(ATTRIBUTION_LABELS)
    vectors = links.view(len(rows), length, 4, LINK_SIZE)
    cues = (gold == names.index("B-cue")) | (gold == names.index("S-cue"))
    total = links.sum() * 0.0
    is_target = torch.zeros(len(rows), length, length, device=device)
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
    return total


def train(
    net: Network,
    gold: Windows,
    pool: np.ndarray[Any, Any],
    plan: Plan,
    *,
    steps: int,
    rates: tuple[float, float],
    decay: float = 1.0,
    deadline: float | None = None,
    silver: Windows | None = None,
    hard: float = 1.0,
    seed: int = 0,
    checkpoint: Checkpoint | None = None,
    say: Any = print,
) -> int:
    """Train a network on windows of ``pool``; every other batch comes from ``silver`` if given. Returns the steps done.

    ``rates`` are the highest of the encoder and of the heads; each layer's is ``decay`` times that of the one above.
    ``deadline`` (of :func:`time.monotonic`) may end it sooner, with rates that fall to nothing by then.
    ``checkpoint`` is taken up where it stands, and renewed now and then.
    """
    groups: dict[float, list[Tensor]] = {}
    for name, parameter in net.by_name.items():
        first, *rest = name.split("/")
        if first in ("attribution", "entities", "links", "features"):
            rate = rates[1]
        else:
            rate = rates[0] * decay ** (net.depth - 1 - int(rest[0]) if first == "layers" else net.depth)
        groups.setdefault(rate, []).append(parameter)
    optimizer = torch.optim.AdamW(
        [{"params": group, "peak": rate} for rate, group in groups.items()],
        lr=rates[0], weight_decay=0.01, fused=True, betas=(0.9, 0.98),
    )  # fmt: skip
    batches = _Batches(gold.length.numpy(), pool, plan.batch, seed)
    unlabelled = None
    if silver is not None:
        unlabelled = _Batches(silver.length.numpy(), np.arange(len(silver.length)), plan.batch, seed + 1)
    net.train()
    begun = time.monotonic()
    torch.manual_seed(seed)
    done = 0
    taken_up = checkpoint.load() if checkpoint is not None else None
    if taken_up is not None:
        done = taken_up["done"]
        net.load_state_dict(taken_up["net"])
        optimizer.load_state_dict(taken_up["optimizer"])
        for made, state in zip((batches, unlabelled), taken_up["batches"], strict=True):
            if made is not None:
                made.restore(state)
        _restore_random(taken_up["random"], gold.ids.device)
        say(f"goes on after step {done}")
    while done < steps:
        progress = done / steps
        if deadline is not None:
            progress = max(progress, (time.monotonic() - begun) / max(deadline - begun, 1e-3))
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
        torch.nn.utils.clip_grad_norm_(net.parameters(), 4.0, foreach=True)
        optimizer.step()
        done += 1
        if done % 200 == 0:
            say(f"step {done} loss {float(loss.detach()):.3f} {time.monotonic() - begun:.0f}s")
        if checkpoint is not None and done % _CHECKPOINT_STEPS == 0:
            checkpoint.save({
                "done": done, "net": net.state_dict(), "optimizer": optimizer.state_dict(),
                "batches": [None if made is None else made.state() for made in (batches, unlabelled)],
                "random": _random(gold.ids.device),
            })  # fmt: skip
    return done


def _random(device: torch.device) -> list[Tensor]:
    """Where the generators stand that draw what is dropped."""
    return [torch.get_rng_state(), *([torch.cuda.get_rng_state(device)] if device.type == "cuda" else [])]


def _restore_random(states: list[Tensor], device: torch.device) -> None:
    torch.set_rng_state(states[0])
    if device.type == "cuda" and len(states) > 1:
        torch.cuda.set_rng_state(states[1], device)


@torch.no_grad()  # type: ignore[untyped-decorator,unused-ignore]
def predict(net: Network, data: Windows, rows: np.ndarray[Any, Any]) -> Iterator[tuple[np.ndarray[Any, Any], Tensor]]:
    """Probabilities of both heads side by side for windows."""
    net.eval()
    device = data.ids.device
    # On a CPU what lies between layers should fit the cache.
    most = 49_152 if device.type == "cuda" else 6_144
    lengths = data.length.numpy()
    order = rows[np.argsort(lengths[rows], kind="stable")]
    at = 0
    while at < len(order):
        # Padding counts: a batch is as long as its longest window, which is its last.
        size = np.arange(1, min(len(order) - at, 4_096) + 1)
        fits = int(np.searchsorted(size * lengths[order[at : at + len(size)]], most, side="right"))
        part = order[at : at + max(1, fits)]
        at += len(part)
        # Fast kernels of attention want lengths of a multiple of sixteen.
        length = min(LONGEST, -(-int(lengths[part].max()) // 16) * 16)
        index = torch.from_numpy(part).to(device)
        mask = torch.arange(length, device=device) < data.length[part].to(device)[:, None]
        with in_bfloat16(device):
            attribution, entities, _ = net(data.ids[index, :length].long(), data.features[index, :length].long(), mask)
        yield part, torch.cat([attribution.float().softmax(-1), entities[..., : _LABELS[1]].float().softmax(-1)], -1)


def score(data: Windows, predictions: Iterable[tuple[np.ndarray[Any, Any], Tensor]]) -> dict[str, float]:
    """Exact-span F1 of windows, each part of an attribution and each kind of name by itself; a quick measure."""
    right: dict[str, int] = {}
    found: dict[str, int] = {}
    gold: dict[str, int] = {}
    tables = [(ATTRIBUTION_LABELS, 0, data.attribution), (ENTITY_LABELS, _LABELS[0], data.entities)]
    for part, made in predictions:
        scores = made.clamp(min=1e-9).log()
        for labels, offset, truth in tables:
            sequences, gold_paths = [], []
            for k, window in enumerate(part.tolist()):
                at = data.is_word[window].nonzero()[:, 0]
                their = truth[window, at].long().cpu().numpy()
                if labels is ENTITY_LABELS:
                    if int(data.guide[window]) or not (their > 0).any():
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
            paths = best_paths(padded, lengths)
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


@dataclass(slots=True)
class Task:
    """What there is to learn from: annotated windows and others; which part each document is in (-1: the selection's)."""

    gold: Windows
    silver: Windows
    fold: np.ndarray[Any, Any]

    def rows(self, fold: int) -> np.ndarray[Any, Any]:
        """Annotated windows of a part, of documents cut in the first way: each word once."""
        return np.flatnonzero((self.fold == fold) & (self.gold.cut.numpy() == 0))

    def to(self, device: torch.device) -> Task:
        """The same on a device."""
        return Task(self.gold.to(device), self.silver.to(device), self.fold)


def set_up(gold: Prepared, silver: Prepared, plan: Plan) -> Task:
    """Cut documents into windows and deal the annotated ones out; the annotators of one article stay together."""
    keys = [
        name.rsplit(" ", 1)[0] if corpus == "polnear" else name for name, corpus in zip(gold.names, gold.corpora, strict=True)
    ]
    chooser = np.random.default_rng(plan.seed)
    unique = sorted(set(keys))
    chooser.shuffle(unique)
    held = max(1, int(len(unique) * plan.selection))
    fold_of = {key: (-1 if k < held else k % plan.teachers) for k, key in enumerate(unique)}
    fold = np.array([fold_of[key] for key in keys])
    every = cut_windows(gold, range(len(keys)), plan.cuts, plan.seed)
    return Task(every, cut_windows(silver, range(len(silver.names)), 1, plan.seed), fold[every.doc.numpy()])


def teach(
    task: Task, pretrained: Arrays, plan: Plan, number: int, *, deadline: float | None = None,
    checkpoint: Checkpoint | None = None, say: Any = print,
) -> tuple[Network, dict[str, Any]]:  # fmt: skip
    """Train a teacher on all parts but its own; gives it and its record."""
    net = Network(pretrained, plan.seed + number, guides=len(GUIDES)).to(task.gold.ids.device)
    pool = np.flatnonzero((task.fold != number) & (task.fold >= 0))
    steps = train(
        net, task.gold, pool, plan, steps=plan.teacher_steps, rates=(plan.teacher_rate, plan.teacher_head_rate),
        decay=plan.teacher_decay, deadline=deadline, seed=plan.seed + number, checkpoint=checkpoint, say=say,
    )  # fmt: skip
    return net, {"steps": steps, **score(task.gold, predict(net, task.gold, task.rows(number)))}


def opinions(net: Network, data: Windows, rows: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """What a network thinks of windows: probabilities in half precision, rows x subwords x labels."""
    made = np.zeros((len(rows), LONGEST, sum(_LABELS)), dtype=np.float16)
    place = {int(row): k for k, row in enumerate(rows)}
    for part, probabilities in predict(net, data, rows):
        made[[place[row] for row in part.tolist()], : probabilities.shape[1]] = probabilities.half().cpu().numpy()
    return made


def learn(
    task: Task, pretrained: Arrays, shape: Shape, plan: Plan, *, seed: int, deadline: float | None = None,
    checkpoint: Checkpoint | None = None, say: Any = print,
) -> tuple[Network, dict[str, Any]]:  # fmt: skip
    """Train a student on the annotators' labels and those of ``soft`` in both sets of windows; gives it and its record."""
    device = task.gold.ids.device
    pool = np.flatnonzero(task.fold >= 0)
    use: list[Tensor] = []
    if shape.inner is not None:
        whole = Network(pretrained, 0).to(device).eval()
        some = np.random.default_rng(seed).permutation(pool)[:64]
        with torch.no_grad():
            ids, features = task.gold.ids[some].long(), task.gold.features[some].long()
            whole(ids, features, torch.arange(LONGEST, device=device) < task.gold.length[some].to(device)[:, None], use)
        del whole
    net = Network(lowest_layers(pretrained, shape.depth, shape.inner, use), seed, dropout=plan.dropout).to(device)
    steps = train(
        net, task.gold, pool, plan, steps=plan.student_steps, rates=(plan.rate, plan.head_rate), deadline=deadline,
        silver=task.silver, hard=0.5, seed=seed, checkpoint=checkpoint, say=say,
    )  # fmt: skip
    return net, {"steps": steps, "shape": asdict(shape), **score(task.gold, predict(net, task.gold, task.rows(-1)))}


def fit(
    pretrained: Arrays, gold: Prepared, silver: Prepared, plan: Plan, out: Path, *, teacher: Arrays | None = None,
    say: Any = print,
) -> dict[str, Any]:  # fmt: skip
    """Train teachers and students one after another; the students' weights go to ``out``, the record comes back.

    A run that was killed goes on where it was; :meth:`Progress.forget` clears away what that takes.

    Args:
        pretrained: the encoder that students are made of.
        gold: annotated documents.
        silver: documents without labels.
        plan: how.
        out: folder for ``<student>.<part>.npz``, ``record.json`` and the :class:`Progress`.
        teacher: the encoder that teachers are made of, with the same subwords; None: the lowest layers of the students'.
        say: gets a line now and then.
    """
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if device.type == "cuda":
        torch.backends.cuda.matmul.allow_tf32 = True
    teacher = lowest_layers(pretrained, plan.teacher_layers) if teacher is None else teacher
    # Another precision comes to other weights: what one began the other does not take up.
    precision = "bfloat16" if multiplies_bfloat16(device) else "float32"
    progress = Progress(out, f"{key_of(plan, pretrained, teacher, gold, silver)} {precision}")
    record: dict[str, Any] = {
        "plan": asdict(plan), "device": device.type, "precision": precision, "teacher_layers": depth_of(teacher),
        "key": progress.key, "teachers": [],
    }  # fmt: skip
    task = set_up(gold, silver, plan)
    say(f"windows: {len(task.gold.length)} annotated, {len(task.silver.length)} without labels")
    on_device = task.to(device)
    labels = sum(_LABELS)
    kept = progress.kept()
    if kept is not None:
        soft, unlabelled, record = kept
    else:
        soft = np.zeros((len(task.gold.length), LONGEST, labels), dtype=np.float16)
        unlabelled = np.zeros((len(task.silver.length), LONGEST, labels), dtype=np.float16)
    chosen = np.flatnonzero(task.fold == -1)
    of_teachers, of_students = stages_of(plan)
    for number in range(len(record["teachers"]), plan.teachers):
        net, figures = teach(on_device, teacher, plan, number, checkpoint=progress.checkpoint(of_teachers[number]), say=say)
        record["teachers"].append(figures)
        say(f"teacher {number}: {figures}")
        own = np.flatnonzero(task.fold == number)
        soft[own] = opinions(net, on_device.gold, own)
        soft[chosen] += opinions(net, on_device.gold, chosen) / plan.teachers
        unlabelled += opinions(net, on_device.silver, np.arange(len(unlabelled))) / plan.teachers
        progress.keep(soft, unlabelled, record)
        del net
    record["ensemble"] = score(task.gold, [(task.rows(-1), torch.from_numpy(soft[task.rows(-1)]).float())])
    say(f"ensemble on the selection: {record['ensemble']}")
    on_device.gold.soft = torch.from_numpy(soft).to(device)
    on_device.silver.soft = torch.from_numpy(unlabelled).to(device)
    written = out / "record.json"
    before = json.loads(written.read_text(encoding="utf-8")) if written.is_file() else {}
    for number, (name, shape) in enumerate(plan.students.items()):
        if before.get("key") == progress.key and name in before:
            record[name] = before[name]
            continue
        checkpoint = progress.checkpoint(of_students[number])
        student, figures = learn(
            on_device, pretrained, shape, plan, seed=plan.seed + 100 + number, checkpoint=checkpoint, say=say
        )  # fmt: skip
        record[name] = figures
        say(f"{name}: {figures}")
        save_weights(out, name, student.weights())
        replace_text(written, json.dumps(record, indent=1))
    return record


def stages_of(plan: Plan) -> tuple[list[str], list[str]]:
    """What is trained one after another, by the names of their checkpoints: teachers, and students."""
    return [f"teacher-{number}" for number in range(plan.teachers)], [f"student-{name}" for name in plan.students]


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
