"""The second look at names: trained over a finished tagger, whose encoder is left as it is, on one CPU core in an hour.

The encoder's vectors of all words are computed once, with the weights of one byte that ship. It has learned the annotated
documents, and is surer of them than of new ones; so each is also shown with other names in it, of which it is as unsure as of
those of documents it never saw (F1 of 0.82 by itself, as on dev; 0.86 on the documents as written).
"""

from __future__ import annotations

import copy
import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from scipy.special import log_softmax, softmax
from torch import Tensor, nn
from torch.nn import functional

from pipelines.models.naming import INPUTS, PARTS, REACH, TABLE_ROWS, WordLists, inputs_of
from pipelines.models.tagger import Tagger
from pipelines.models.tagging import ENTITY_LABELS, FEATURES, Encoded, Ints, best_paths, spans_of
from pipelines.read.gazetteers import clue_words, load_gazetteer
from pipelines.training.tagger_data import silver_texts, worldwide_documents

Array = np.ndarray[Any, Any]

#: Lists of words that stand in names or beside them, of :func:`pipelines.read.gazetteers.clue_words`.
_CLUES: Final = (
    "arabic", "calendar", "compass", "east_asian", "function", "not_acronyms", "of_heads_org", "of_heads_place", "org_heads",
    "org_nouns", "other_heads", "owners", "particles", "peoples", "place_heads", "place_nouns", "place_prefix", "speech",
    "state_nouns", "teams", "title", "title_lower", "weak_heads", "titles_capital_only",
)  # fmt: skip
#: Lists of words in small letters, which say as much of the same word with a capital.
_FOLDED: Final = (
    "common", "function", "speech", "org_nouns", "place_nouns", "state_nouns", "title_lower", "given", "owners", "calendar",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Way:
    """How documents are written to learn from, see :func:`~pipelines.training.tagger_data.worldwide_documents`."""

    line: int = 1
    piece: int | None = None
    swapped: float = 0.0
    seed: int = 0


#: A line a sentence, as the corpus has them; a line a paragraph, as articles have them; in pieces, as feeds have them, where
#: little of a document is elsewhere.
AS_WRITTEN: Final = (Way(), Way(line=3), Way(piece=5))
#: The encoder has learned the documents: under other names it is as unsure of them as of new ones.
UNDER_OTHER_NAMES: Final = (
    Way(piece=5, swapped=0.7, seed=1),
    Way(swapped=0.7, seed=2),
    Way(line=3, piece=12, swapped=0.7, seed=3),
)
#: Documents without labels, of :func:`~pipelines.training.tagger_data.silver_texts`.
SILVER: Final[dict[str, int]] = {"articles": 800, "stories": 0, "entries": 2_500}
#: Words between two documents of a batch, so that neither sees the other.
_GAP: Final = 2
NO_LABEL: Final = -100
#: The encoder's log probabilities are cut off here: below, they differ without meaning.
LEAST_LOG: Final = -8.0
#: Words of a document without labels that is worth reading.
_FEWEST_WORDS: Final = 8


@dataclass(slots=True)
class NamesPlan:
    """How the network is made and trained."""

    width: int = 160
    affix_size: int = 16
    shape_size: int = 16
    dropout: float = 0.3
    #: of what the network knows of the spelling, which is learned by heart soonest.
    parts_dropout: float = 0.5
    #: of a teacher, each takes every document in every way; with more what was held out is read worse.
    epochs: int = 2
    #: of the network that ships, which learns from the teachers' opinions.
    taught_epochs: int = 1
    taught_dropout: float = 0.2
    taught_parts_dropout: float = 0.3
    #: each learns from documents as they are written and under other names, one after the other.
    teachers: int = 4
    #: of the target of an annotated word: the annotators' part.
    labels_share: float = 0.3
    #: words of a step.
    batch: int = 4_000
    rate: float = 2e-3
    weight_decay: float = 0.01
    warmup: int = 50
    #: of the running mean of the weights, which is what ships.
    mean: float = 0.995
    #: one in so many documents is held out to measure on; 0: none.
    held_out: int = 0
    seed: int = 0


@dataclass(slots=True)
class Document:
    """A document: what the network takes (half precision: there are millions of words), and the label of each word.

    ``labels``: :data:`NO_LABEL` where nobody annotated. ``taught``: what the teachers say, words x labels.
    """

    name: str
    inputs: dict[str, Array]
    labels: Ints
    taught: Array | None = None


def word_lists() -> WordLists:
    """The read room's lists of names and words, as the network sees them."""
    gazetteer = load_gazetteer()
    other = set(gazetteer.places) - set(gazetteer.countries) - set(gazetteer.capitals)
    names = {
        "country": gazetteer.countries, "capital": gazetteer.capitals, "place": other,
        "organization": gazetteer.organizations, "seat": gazetteer.seats,
    }  # fmt: skip
    words = {
        "given": gazetteer.given_names, "demonym": {word for name in gazetteer.demonyms for word in name.split()},
        "common": gazetteer.common_words, **{name: clue_words(name) for name in _CLUES},
    }  # fmt: skip
    return WordLists(names, words, _FOLDED)


def prepare(
    folder: Path, data: Path, lists: WordLists, *, silver: Mapping[str, int] = SILVER, say: Callable[[str], None] = print
) -> tuple[list[list[Document]], list[list[Document]], list[Document]]:
    """Documents as the tagger in ``folder`` sees them.

    Annotated ones in each of :data:`AS_WRITTEN` and of :data:`UNDER_OTHER_NAMES`, and others that nobody annotated.

    Args:
        folder: a tagger.
        data: folder with ``entities/`` and what :func:`~pipelines.training.tagger_data.silver_texts` reads.
        lists: lists of names and words.
        silver: how many documents without labels.
        say: gets a line now and then.

    Raises:
        FileNotFoundError: a corpus is missing.
        ModelError: there is no tagger in ``folder``, or its encoder does not give its vectors.
    """
    tagger = Tagger(folder)

    def seen(name: str, text: str, encoded: Encoded, labels: Ints) -> Document:
        states, log = tagger.first_opinion(encoded)
        return Document(name, _halved(inputs_of(lists, text, encoded, states, log)), labels)

    def in_ways(ways: Sequence[Way]) -> list[list[Document]]:
        made = []
        for way in ways:
            begun = time.monotonic()
            made.append([seen(*document) for document in worldwide_documents(data, tagger.tokenizer, **asdict(way))])
            say(f"{len(made[-1])} documents ({way}) through the encoder in {time.monotonic() - begun:.0f} s")
        return made

    unread = []
    for number, text in enumerate(silver_texts(data, **silver)):
        encoded = tagger.encode(text)
        if len(encoded.firsts) >= _FEWEST_WORDS:
            unread.append(seen(f"silver {number}", text, encoded, np.full(len(encoded.firsts), NO_LABEL, dtype=np.int64)))
    say(f"{len(unread)} documents without labels")
    return in_ways(AS_WRITTEN), in_ways(UNDER_OTHER_NAMES), unread


def _halved(inputs: dict[str, Array]) -> dict[str, Array]:
    return {name: array.astype(np.float16) if array.dtype == np.float32 else array for name, array in inputs.items()}


class SecondLookNetwork(nn.Module):  # type: ignore[misc,unused-ignore]
    """The network: what is known of each word, then convolutions over its neighbours, added to the encoder's opinion.

    Args:
        plan: its sizes.
        states: size of the encoder's vectors.
        numbers: columns of ``numbers``.
    """

    def __init__(self, plan: NamesPlan, states: int, numbers: int) -> None:
        super().__init__()
        self.plan = plan
        labels = len(ENTITY_LABELS)
        self.table = nn.Embedding(TABLE_ROWS, plan.affix_size)
        nn.init.normal_(self.table.weight, std=0.1)
        self.shapes = nn.Embedding(FEATURES, plan.shape_size)
        self.into = nn.ModuleDict(
            {
                "opinion": nn.Linear(plan.shape_size + labels, plan.width, bias=False),
                "states": nn.Linear(states, plan.width),
                "parts": nn.Linear(PARTS * plan.affix_size, plan.width, bias=False),
                "numbers": nn.Linear(numbers, plan.width, bias=False),
            }
        )
        self.norm = nn.LayerNorm(plan.width)
        self.convolutions = nn.ModuleList([nn.Conv1d(plan.width, plan.width, 3, padding=1) for _ in range(REACH)])
        self.norms = nn.ModuleList([nn.LayerNorm(plan.width) for _ in range(REACH)])
        self.out = nn.Linear(plan.width, labels)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)
        self.trust = nn.Parameter(torch.ones(1))

    def _drop(self, x: Tensor, share: float) -> Tensor:
        return functional.dropout(x, share, self.training)

    def forward(
        self, *, ids: Tensor, features: Tensor, numbers: Tensor, states: Tensor, log: Tensor, is_word: Tensor | None = None
    ) -> Tensor:
        """Scores of labels, words x labels; see :data:`pipelines.models.naming.INPUTS`.

        ``is_word``: 1 a word, 0 a gap between documents; nothing of a gap reaches its neighbours.
        """
        within = 1.0 if is_word is None else is_word[:, None]
        most = self.plan.dropout
        log = log.clamp(min=LEAST_LOG)
        x = (
            self.into["opinion"](torch.cat([self._drop(self.shapes(features), 0.1), 0.25 * log], -1))
            + self.into["states"](self._drop(states, most))
            + self.into["parts"](self._drop(self.table(ids).flatten(-2), self.plan.parts_dropout))
            + self.into["numbers"](self._drop(numbers, 0.1))
        )
        x = self._drop(self.norm(functional.gelu(x)), 0.7 * most) * within
        for convolution, norm in zip(self.convolutions, self.norms, strict=True):
            near = functional.gelu(convolution(x.T[None])[0].T)
            x = norm(x + self._drop(near, 0.7 * most)) * within
        return self.trust * log + self.out(x)


def batch_of(documents: Sequence[Document]) -> dict[str, Tensor]:
    """Documents one after the other with a gap between them."""
    feed = {name: torch.from_numpy(_in_a_row([document.inputs[name] for document in documents])) for name in INPUTS}
    feed["is_word"] = torch.cat([torch.cat([torch.ones(len(d.labels)), torch.zeros(_GAP)]) for d in documents])
    return feed


def _in_a_row(arrays: Sequence[Array]) -> Array:
    """Arrays one after the other with gaps of zeros, in full precision."""
    gap = np.zeros((_GAP, *arrays[0].shape[1:]), dtype=arrays[0].dtype)
    made = np.concatenate([part for array in arrays for part in (array, gap)])
    return made.astype(np.float32) if made.dtype == np.float16 else made


def predict(network: SecondLookNetwork, document: Document) -> Array:
    """Scores of the labels of a document's words."""
    network.eval()
    with torch.no_grad():
        return network(**batch_of([document]))[:-_GAP].numpy()  # type: ignore[no-any-return]


def score(documents: Sequence[Document], scores: Sequence[Array]) -> dict[str, float]:
    """Exact-span F1 over persons, organizations and places, together as ``names`` and each by itself."""
    kinds = ("person", "organization", "place")
    count = dict.fromkeys(((what, kind) for what in ("right", "both") for kind in kinds), 0)
    for document, their in zip(documents, scores, strict=True):
        log = log_softmax(their.astype(np.float32), axis=-1)
        (path,) = best_paths(log[None], np.array([len(log)]))
        found, gold = (set(spans_of(labels.tolist(), ENTITY_LABELS)) for labels in (path, document.labels))
        for kind in kinds:
            count["right", kind] += sum(span[2] == kind for span in found & gold)
            count["both", kind] += sum(span[2] == kind for span in found) + sum(span[2] == kind for span in gold)
    figures = {kind: 2 * count["right", kind] / max(1, count["both", kind]) for kind in kinds}
    both, right = (sum(count[what, kind] for kind in kinds) for what in ("both", "right"))
    return {name: round(value, 4) for name, value in (figures | {"names": 2 * right / max(1, both)}).items()}


def is_held_out(name: str, one_in: int) -> bool:
    """Whether a document is kept to measure on; the same for all of its ways of being written."""
    return one_in > 0 and zlib.crc32(name.encode()) % one_in == 0


def train_second_look(
    written: Sequence[Sequence[Document]], swapped: Sequence[Sequence[Document]], unread: Sequence[Document], plan: NamesPlan,
    *, say: Callable[[str], None] = print,
) -> tuple[SecondLookNetwork, dict[str, Any]]:  # fmt: skip
    """Train the network that ships, and what taught it.

    One network learns from labels as the documents are written, the next under other names, and so on with other seeds: what
    they say together is better than any of them (by a point of F1), and one network of the same size learns to say it, from all
    documents and from others that nobody annotated (distillation of an ensemble, Hinton, Vinyals and Dean, 2015).

    Args:
        written: annotated documents in one or more ways of being written.
        swapped: the same under other names.
        unread: documents without labels.
        plan: how.
        say: gets a line an epoch.

    Returns:
        The network, and the record with the figures of what was held out.
    """
    held = [document for document in written[0] if is_held_out(document.name, plan.held_out)]
    kinds = [[d for way in ways for d in way if not is_held_out(d.name, plan.held_out)] for ways in (written, swapped)]
    teachers = []
    for number in range(plan.teachers):
        seed = plan.seed + number // 2
        teachers.append(fit_names(kinds[number % 2], replace(plan, seed=seed), held=held, name=f"teacher {number + 1}", say=say))
    pool = [replace(document, taught=_together(teachers, document)) for document in (*kinds[0], *kinds[1], *unread)]
    # Opinions are not learned by heart as labels are: less has to be dropped.
    taught = replace(plan, epochs=plan.taught_epochs, dropout=plan.taught_dropout, parts_dropout=plan.taught_parts_dropout)
    network = fit_names(pool, taught, held=held, name="network", say=say)
    record: dict[str, Any] = {"plan": asdict(plan), "documents": len(written[0]) - len(held), "unread": len(unread)}
    record["words"] = sum(len(document.labels) for document in pool)
    record["parameters"] = sum(p.numel() for p in network.parameters()) - network.table.weight.numel()
    record["table"] = network.table.weight.numel()
    if held:
        said = {
            "before": [d.inputs["log"] for d in held],
            "teachers": [np.log(np.maximum(_together(teachers, d), 1e-7)) for d in held],
            "after": [predict(network, d) for d in held],
        }
        record["held_out"] = {"documents": len(held), **{when: score(held, scores) for when, scores in said.items()}}
    return network, record


def _together(networks: Sequence[SecondLookNetwork], document: Document) -> Array:
    """Probabilities of labels by the mean of the networks' log probabilities."""
    mean = np.mean([log_softmax(predict(network, document), axis=-1) for network in networks], axis=0)
    together: Array = softmax(mean, axis=-1).astype(np.float16)
    return together


def fit_names(
    pool: Sequence[Document], plan: NamesPlan, *, held: Sequence[Document] = (), name: str = "network",
    say: Callable[[str], None] = print,
) -> SecondLookNetwork:  # fmt: skip
    """Train a network on labels and on what documents were taught; gives the running mean of its weights.

    Args:
        pool: documents with labels, with teachers' opinions, or both.
        plan: how.
        held: documents to measure on.
        name: what the lines call it.
        say: gets a line an epoch.
    """
    torch.manual_seed(plan.seed)
    chooser = np.random.default_rng(plan.seed)
    network = SecondLookNetwork(plan, pool[0].inputs["states"].shape[1], pool[0].inputs["numbers"].shape[1])
    mean = copy.deepcopy(network)
    optimizer = torch.optim.AdamW(network.parameters(), lr=plan.rate, weight_decay=plan.weight_decay)
    steps = plan.epochs * sum(len(document.labels) for document in pool) // plan.batch + 1
    done = 0
    begun = time.monotonic()
    for epoch in range(plan.epochs):
        losses = []
        for part in _parts([pool[k] for k in chooser.permutation(len(pool))], plan.batch):
            network.train()
            feed = batch_of(part)
            target = torch.from_numpy(_in_a_row([_target(document, plan.labels_share) for document in part]))
            for group in optimizer.param_groups:
                group["lr"] = plan.rate * min(1.0, done / plan.warmup) * max(0.02, 1 - done / steps)
            loss = -(target * functional.log_softmax(network(**feed), -1)).sum() / target.sum()
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            done += 1
            with torch.no_grad():
                share = 1 - min(plan.mean, done / (done + 10))
                for kept, new in zip(mean.parameters(), network.parameters(), strict=True):
                    kept.lerp_(new, share)
            losses.append(float(loss.detach()))
        figures = score(held, [predict(mean, document) for document in held]) if held else {}
        say(f"{name}, epoch {epoch + 1}: loss {np.mean(losses):.4f}, {time.monotonic() - begun:.0f} s, held out {figures}")
    return mean.eval()  # type: ignore[no-any-return,unused-ignore]


def _target(document: Document, labels_share: float) -> Array:
    """What the network should say of a document's words: their labels, what was taught, or some of both."""
    known = document.labels != NO_LABEL
    target = np.zeros((len(document.labels), len(ENTITY_LABELS)), dtype=np.float32)
    target[np.flatnonzero(known), document.labels[known]] = 1.0
    if document.taught is None:
        return target
    share = np.where(known, labels_share, 0.0)[:, None].astype(np.float32)
    return share * target + (1 - share) * document.taught.astype(np.float32)


def _parts(documents: Sequence[Document], words: int) -> Iterator[list[Document]]:
    """Documents in order, so many words together."""
    part: list[Document] = []
    size = 0
    for document in documents:
        part.append(document)
        size += len(document.labels)
        if size >= words:
            yield part
            part, size = [], 0
    if part:
        yield part


def export_names(network: SecondLookNetwork, path: Path) -> None:
    """Write the network as ONNX, in full precision: what goes into the first layer as one matrix, convolutions as another."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    weights = {name: value.detach().numpy() for name, value in network.state_dict().items()}
    nodes: list[Any] = []
    stored: list[Any] = []

    def store(name: str, value: Array) -> str:
        stored.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def add(operator: str, *inputs: str, domain: str = "", **attributes: Any) -> str:
        output = f"{operator}_{len(nodes)}"
        nodes.append(helper.make_node(operator, list(inputs), [output], name=output, domain=domain, **attributes))
        return output

    def numbers(name: str, *values: int) -> str:
        return store(name, np.array(values, dtype=np.int64))

    def normed(name: str, x: str) -> str:
        weight, bias = (store(f"{name}.{part}", weights[f"{name}.{part}"]) for part in ("weight", "bias"))
        return add("LayerNormalization", x, weight, bias, axis=-1, epsilon=1e-5)

    def with_bias(x: str, bias: Array, name: str) -> str:
        return add("BiasGelu", x, store(name, bias), domain="com.microsoft")

    log = add("Max", "log", store("least", np.array(LEAST_LOG, dtype=np.float32)))
    parts = add("Reshape", add("Gather", store("table", weights["table.weight"]), "ids"), numbers("row", 0, -1))
    shapes = add("Gather", store("shapes", weights["shapes.weight"]), "features")
    x = add("Concat", shapes, log, "states", parts, "numbers", axis=-1)
    # The factor before the log probabilities goes into the matrix.
    opinion = weights["into.opinion.weight"].T.copy()
    opinion[network.plan.shape_size :] *= 0.25
    into = np.concatenate([opinion, *(weights[f"into.{name}.weight"].T for name in ("states", "parts", "numbers"))])
    x = normed("norm", with_bias(add("MatMul", x, store("into", into)), weights["into.states.bias"], "into.bias"))
    zero = store("zeros", np.zeros((1, network.plan.width), dtype=np.float32))
    starts, ends, axis = (numbers("one", 1), numbers("last", -1), numbers("axis", 0))
    first, beyond = numbers("first", 0), numbers("beyond", np.iinfo(np.int64).max)
    for k in range(REACH):
        before = add("Concat", zero, add("Slice", x, first, ends, axis), axis=0)
        after = add("Concat", add("Slice", x, starts, beyond, axis), zero, axis=0)
        kernel = weights[f"convolutions.{k}.weight"]
        matrix = store(f"convolution.{k}", np.concatenate([kernel[:, :, place].T for place in range(3)]))
        near = add("MatMul", add("Concat", before, x, after, axis=-1), matrix)
        x = normed(f"norms.{k}", add("Add", with_bias(near, weights[f"convolutions.{k}.bias"], f"convolution.{k}.bias"), x))
    said = add("Add", add("MatMul", x, store("out", weights["out.weight"].T)), store("out.bias", weights["out.bias"]))
    nodes.append(helper.make_node("Add", [said, add("Mul", log, store("trust", weights["trust"]))], ["labels"], name="labels"))
    sizes = {"ids": PARTS, "numbers": network.into["numbers"].in_features, "states": network.into["states"].in_features}
    kinds = {"ids": TensorProto.INT64, "features": TensorProto.INT64}
    graph = helper.make_graph(
        nodes, "names",
        [
            helper.make_tensor_value_info(
                name, kinds.get(name, TensorProto.FLOAT),
                ["words"] if name == "features" else ["words", sizes.get(name, len(ENTITY_LABELS))],
            )
            for name in INPUTS
        ],
        [helper.make_tensor_value_info("labels", TensorProto.FLOAT, ["words", len(ENTITY_LABELS)])],
        stored,
    )  # fmt: skip
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)])
    model.ir_version = 9
    onnx.save(model, str(path))
