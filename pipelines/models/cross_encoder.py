"""The cross-encoder at run time: two sentences in, how they stand to each other out, on the CPU.

One small encoder reads both sentences at once. Its heads: the three classes of natural-language inference (does the first
entail the second), the five relations of claims in the news, and whether a pair that a search met among all sentences of two
articles, where hardly one is a contradiction, is one. What it was trained on stands in the card beside its weights.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.special import log_softmax
from tokenizers import Tokenizer

from pipelines.models.runtime import ALONE, ModelError, OnnxModel, Row

Floats = npt.NDArray[np.float32]

#: Order of the classes in the two heads.
NLI_LABELS: Final = ("entailment", "neutral", "contradiction")
NEWS_LABELS: Final = ("contradiction", "update", "corroboration", "compatible", "unrelated")
#: Where the weights that come with the project are.
SHIPPED: Final = Path(__file__).resolve().parents[2] / "data" / "models" / "entailment"
_VARIABLE: Final = "COUNTERCLAIM_ENTAILMENT"
_LOG: Final = logging.getLogger("counterclaim.models")
_SPECIAL: Final = 3
#: Where the contradiction stands among the classes of the news head.
_AGAINST: Final = NEWS_LABELS.index("contradiction")


#: A sentence and the title of its article, empty where there is none.
Text = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Judgement:
    """Probabilities for pairs, a row each.

    ``nli`` (pairs, 3) of the first entailing the second, ``back`` the other way round, ``news`` (pairs, 5), averaged over both
    orders where both were read; ``found`` (pairs,) that a pair met in a search is a contradiction, of a model without that head
    the news head's word.
    """

    nli: Floats
    back: Floats
    news: Floats
    found: Floats


class CrossEncoder:
    """Weights in a folder: ``model.onnx``, ``tokenizer.json``, ``config.json``.

    Any encoder will do whose model takes ``input_ids`` and, if it likes, ``attention_mask`` and ``token_type_ids``, and gives
    ``nli``, ``news`` and, if it was taught what a search meets, ``found``, a row of log-odds a pair; ``config.json`` has the
    labels of the first two, and where they are not ``[CLS]`` and ``[SEP]`` the tokens before and between the sides
    (``cls_token``, ``sep_token``).

    Raises:
        FileNotFoundError: one of the files is missing; the message names it.
        ValueError: the configuration or the model does not fit this program.
        ModelError: ``model.onnx`` is no model.
    """

    def __init__(self, folder: Path, threads: int = 1) -> None:
        for name in ("model.onnx", "tokenizer.json", "config.json"):
            if not (folder / name).is_file():
                raise FileNotFoundError(f"{folder / name} is missing: the folder holds no cross-encoder")
        self.folder = folder
        self.config: dict[str, Any] = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        if tuple(self.config["nli_labels"]) != NLI_LABELS or tuple(self.config["news_labels"]) != NEWS_LABELS:
            raise ValueError(f"{folder / 'config.json'} has labels {self.config['nli_labels']} and {self.config['news_labels']}")
        self.name = str(self.config.get("name", folder.name))
        self._most = int(self.config.get("max_tokens", 160))
        self._uses_title = self.config.get("context", "bare") == "title"
        self._temperature = float(self.config.get("temperature", 1.0))
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._cls, self._sep = (
            self._special(self.config.get(name, token)) for name, token in (("cls_token", "[CLS]"), ("sep_token", "[SEP]"))
        )
        self._model = OnnxModel(folder / "model.onnx", threads)
        missing = {"input_ids"} - set(self._model.inputs) | {"nli", "news"} - set(self._model.outputs)
        unknown = set(self._model.inputs) - {"input_ids", "attention_mask", "token_type_ids"}
        if missing or unknown:
            raise ValueError(
                f"{folder / 'model.onnx'} is no cross-encoder of this program: it lacks {sorted(missing) or 'nothing'} and wants"
                f" {sorted(unknown) or 'nothing else'}"
            )
        self._has_found = "found" in self._model.outputs

    def _special(self, token: str) -> int:
        number = self._tokenizer.token_to_id(token)
        if number is None:
            raise ValueError(f"{self.folder / 'tokenizer.json'} has no token {token!r}")
        return int(number)

    def judge(
        self, pairs: Sequence[tuple[Text, Text]], *, with_titles: bool = True, both_ways: bool = True, back_from: float = 0.0
    ) -> Judgement:
        """Judge pairs of sentences.

        Args:
            pairs: the two sides of each; the order plays a part in ``nli`` only.
            with_titles: whether the titles are read too, where the encoder was trained with them.
            both_ways: whether each pair is read in both orders (twice the time); of one that is not ``back`` repeats ``nli``.
            back_from: probability of a contradiction by the news head, read in the first order, from which a pair is read in the
                other one too; 0: every pair. Most pairs that a search meets are told off by one reading.
        """
        if not pairs:
            none = np.zeros((0, len(NLI_LABELS)), np.float32)
            return Judgement(none, none, np.zeros((0, len(NEWS_LABELS)), np.float32), np.zeros(0, np.float32))
        sides = self._sides(pairs, with_titles and self._uses_title)
        nli, news, found = self._run(sides)
        back = nli
        if both_ways:
            turned = np.flatnonzero(_softmax(news)[:, _AGAINST] >= back_from)
            turned_nli, turned_news, turned_found = self._run([(b, a) for a, b in (sides[at] for at in turned.tolist())])
            back = nli.copy()
            back[turned] = turned_nli
            news[turned], found[turned] = _both(news[turned], turned_news), _both(found[turned], turned_found)
        share = _softmax(news)
        is_found = _softmax(found)[:, 1] if self._has_found else share[:, 0]
        return Judgement(_softmax(nli), _softmax(back), share, is_found)

    def _sides(self, pairs: Sequence[tuple[Text, Text]], with_titles: bool) -> list[tuple[list[int], list[int]]]:
        texts = list(dict.fromkeys(text for pair in pairs for side in pair for text in self._texts(side, with_titles)))
        encoded = self._tokenizer.encode_batch(texts, add_special_tokens=False)
        ids = {text: one.ids for text, one in zip(texts, encoded, strict=True)}
        made = []
        for pair in pairs:
            (a, *title_a), (b, *title_b) = ([ids[text] for text in self._texts(side, with_titles)] for side in pair)
            made.append(join_sides(a, b, title_a[0] if title_a else [], title_b[0] if title_b else [], self._most - _SPECIAL - 1))
        return made

    @staticmethod
    def _texts(side: Text, with_titles: bool) -> tuple[str, ...]:
        sentence, title = side
        return (sentence, f"[ {title} ]") if with_titles and title else (sentence,)

    def _run(self, rows: Sequence[tuple[list[int], list[int]]]) -> tuple[Floats, Floats, Floats]:
        """The heads' log-odds, the news head's cooled, one row a call; zeros of the search head where the model has none.

        An int8 model scales what it computes by all that stands in the batch (dynamic quantisation): together, a pair's
        probabilities moved by up to 0.1 with its neighbours; alone they do not, in two thirds of the time (measured on 2 cores).
        """
        nli, news, found = (np.zeros((len(rows), n), np.float32) for n in (3, 5, 2))
        for at, said in self._model.run([self._row(a, b) for a, b in rows], batch_tokens=ALONE):
            nli[at], news[at] = said["nli"], said["news"]
            if self._has_found:
                found[at] = said["found"]
        return nli, np.asarray(news / self._temperature, np.float32), found

    def _row(self, a: list[int], b: list[int]) -> Row:
        ids = np.array([self._cls, *a, self._sep, *b, self._sep], np.int64)
        types = np.zeros_like(ids)
        types[len(a) + 2 :] = 1
        row = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": types}
        return {name: row[name] for name in self._model.inputs}


def join_sides(a: list[int], b: list[int], title_a: list[int], title_b: list[int], room: int) -> tuple[list[int], list[int]]:
    """Both sides cut to ``room`` tokens together, the longer giving way first; titles fill what is left, as in training."""
    if len(a) + len(b) > room:
        half = room // 2
        if len(a) > half and len(b) > half:
            a, b = a[:half], b[: room - half]
        elif len(a) > half:
            a = a[: room - len(b)]
        else:
            b = b[: room - len(a)]
    left = room - len(a) - len(b)
    if left > _LEAST_TITLE and title_a:
        more = title_a[: left // 2]
        a, left = a + more, left - len(more)
    if left > _LEAST_TITLE and title_b:
        b = b + title_b[:left]
    return a, b


#: A title is left out where fewer tokens are free.
_LEAST_TITLE: Final = 8


def _both(logits: Floats, turned: Floats) -> Floats:
    """The mean of what is said of both orders, in log-probabilities; ``turned`` is of the same pairs turned round."""
    return np.asarray((log_softmax(logits, axis=-1) + log_softmax(turned, axis=-1)) / 2, np.float32)


def _softmax(logits: Floats) -> Floats:
    return np.asarray(np.exp(log_softmax(logits, axis=-1)), np.float32)


def entailment_folder() -> Path:
    """The folder of the cross-encoder in force: ``COUNTERCLAIM_ENTAILMENT``, else the one that ships."""
    named = os.environ.get(_VARIABLE)
    return Path(named).expanduser() if named else SHIPPED


def load_cross_encoder(folder: Path | None = None, threads: int | None = None) -> CrossEncoder | None:
    """A cross-encoder, loaded once a process; None where the folder holds none.

    Args:
        folder: where it is; the one in force unless told.
        threads: threads inside an operator; ``COUNTERCLAIM_MODEL_THREADS`` unless told.

    Raises:
        ModelError: the folder that ``COUNTERCLAIM_ENTAILMENT`` names holds no cross-encoder.
    """
    where = folder or entailment_folder()
    if folder is None and os.environ.get(_VARIABLE) and not (where / "model.onnx").is_file():
        raise ModelError(f"{_VARIABLE} names {where}, which holds no model.onnx")
    return _load(where, threads if threads is not None else int(os.environ.get("COUNTERCLAIM_MODEL_THREADS", "1")))


@lru_cache(maxsize=2)
def _load(folder: Path, threads: int) -> CrossEncoder | None:
    return CrossEncoder(folder, threads) if (folder / "model.onnx").is_file() else None


def load_judge(folder: Path | None = None, threads: int | None = None) -> tuple[CrossEncoder, dict[str, Any]] | None:
    """The cross-encoder and the weights of the final model that goes with it (``decision.json``); None where there is none.

    Arguments and errors as for :func:`load_cross_encoder`. One in force that brings no weights of its own gets those that ship,
    and a warning: they were fitted to another.
    """
    encoder = load_cross_encoder(folder, threads)
    if encoder is None:
        return None
    decision = encoder.folder / "decision.json"
    if not decision.is_file() and folder is None and (SHIPPED / "decision.json").is_file():
        _say_borrowed(encoder.folder)
        decision = SHIPPED / "decision.json"
    return (encoder, json.loads(decision.read_text(encoding="utf-8"))) if decision.is_file() else None


@cache
def _say_borrowed(folder: Path) -> None:
    _LOG.warning(
        "%s holds no decision.json: pairs are decided by weights and thresholds that were fitted to the encoder that ships",
        folder,
    )
