"""The tagger's network in torch: MiniLM (Wang et al., 2020) or MPNet (Song et al., 2020) with features of case, and heads."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from pipelines.models.tagging import ATTRIBUTION_LABELS, ENTITY_LABELS, FEATURES

#: Size of the vectors whose products say which source and content belong to which cue.
LINK_SIZE = 64
#: Subwords of a window at most, special tokens included.
MOST_SUBWORDS = 384


Arrays = dict[str, np.ndarray[Any, Any]]


def read_pretrained(folder: Path) -> Arrays:
    """The weights of a BERT or MPNet encoder from ``model.safetensors``, see :func:`as_pretrained`."""
    from safetensors.numpy import load_file

    return as_pretrained(load_file(folder / "model.safetensors"))


def as_pretrained(stored: Arrays) -> Arrays:
    """An encoder's weights under our names, word embeddings rounded to one byte and one scale a row.

    Word embeddings are frozen, so that what is trained is trained on exactly those that ship.

    Args:
        stored: the weights under the names of BERT or MPNet.
    """
    weights = {name.removeprefix("bert.").removeprefix("mpnet."): value for name, value in stored.items()}
    words = weights["embeddings.word_embeddings.weight"].astype(np.float32)
    scale = np.abs(words).max(axis=1) / 127
    scale[scale == 0] = 1.0
    positions = weights["embeddings.position_embeddings.weight"].astype(np.float32)
    if "embeddings.token_type_embeddings.weight" in weights:
        positions = positions + weights["embeddings.token_type_embeddings.weight"][0]
    else:
        # MPNet counts places from 2, as RoBERTa does.
        positions = positions[2:]
    kept: Arrays = {
        "words": np.rint(words / scale[:, None]).astype(np.int8),
        "scale": scale.astype(np.float32),
        "positions": positions[:MOST_SUBWORDS],
        "norm.weight": weights["embeddings.LayerNorm.weight"],
        "norm.bias": weights["embeddings.LayerNorm.bias"],
    }
    if "encoder.relative_attention_bias.weight" in weights:
        kept["relative"] = weights["encoder.relative_attention_bias.weight"].astype(np.float32)
    for k in range(64):
        old = f"encoder.layer.{k}."
        if old + "output.dense.weight" not in weights:
            break
        new = f"layers.{k}."
        bert = old + "attention.self.query.weight" in weights
        qkv = [old + f"attention.self.{p}" if bert else old + f"attention.attn.{p[0]}" for p in ("query", "key", "value")]
        kept[new + "qkv.weight"] = np.concatenate([weights[f"{name}.weight"].T for name in qkv], axis=1)
        kept[new + "qkv.bias"] = np.concatenate([weights[f"{name}.bias"] for name in qkv])
        out = ("attention.output.dense", "attention.output.LayerNorm") if bert else ("attention.attn.o", "attention.LayerNorm")
        for name, theirs in (("out", out[0]), ("up", "intermediate.dense"), ("down", "output.dense")):
            kept[f"{new}{name}.weight"] = weights[f"{old}{theirs}.weight"].T
            kept[f"{new}{name}.bias"] = weights[f"{old}{theirs}.bias"]
        for name, theirs in (("norm1", out[1]), ("norm2", "output.LayerNorm")):
            kept[f"{new}{name}.weight"] = weights[f"{old}{theirs}.weight"]
            kept[f"{new}{name}.bias"] = weights[f"{old}{theirs}.bias"]
    return kept


def lowest_layers(pretrained: Arrays, depth: int, inner: int | None = None, use: Sequence[Tensor] = ()) -> Arrays:
    """The first layers of an encoder, their feed-forward parts cut to the neurons that matter most.

    Args:
        pretrained: as :func:`as_pretrained` gives it.
        depth: layers kept.
        inner: neurons kept in each; None: all.
        use: for each layer how much each neuron fires, mean absolute value; without it the weights alone decide.
    """
    kept = {
        name: value for name, value in pretrained.items() if not name.startswith("layers.") or int(name.split(".")[1]) < depth
    }
    for k in range(depth if inner is not None else 0):
        up, bias, down = (f"layers.{k}.up.weight", f"layers.{k}.up.bias", f"layers.{k}.down.weight")
        matter = np.linalg.norm(kept[down].astype(np.float32), axis=1)
        matter = matter * (use[k].float().cpu().numpy() if use else np.linalg.norm(kept[up].astype(np.float32), axis=0))
        best = np.sort(np.argsort(-matter)[:inner])
        kept |= {up: kept[up][:, best], bias: kept[bias][best], down: kept[down][best]}
    return kept


def depth_of(weights: Arrays) -> int:
    """How many layers there are."""
    return 1 + max(int(name.split(".")[1]) for name in weights if name.startswith("layers."))


class Network(nn.Module):  # type: ignore[misc,unused-ignore]
    """The tagger's network, for training.

    Args:
        pretrained: as :func:`as_pretrained` or :func:`lowest_layers` gives it; all its layers are taken.
        seed: of the new parameters.
        guides: heads for names, one for each set of guidelines that the corpora follow; the first is what ships.
        dropout: share of values dropped in training.
    """

    def __init__(self, pretrained: Arrays, seed: int, *, guides: int = 1, dropout: float = 0.1) -> None:
        super().__init__()
        self.depth = depth_of(pretrained)
        self.heads = 12
        self.dropout = dropout
        self.guides = guides
        words = torch.from_numpy(pretrained["words"]).float() * torch.from_numpy(pretrained["scale"])[:, None]
        self.register_buffer("words", words, persistent=False)
        relative = pretrained.get("relative")
        self.register_buffer("relative", None if relative is None else torch.from_numpy(relative), persistent=False)
        made = torch.Generator().manual_seed(seed)
        width = words.shape[1]
        start = {
            name: torch.from_numpy(np.array(value, dtype=np.float32))
            for name, value in pretrained.items()
            if name not in ("words", "scale", "relative")
        }
        start["features"] = torch.zeros(FEATURES, width)
        sizes = {"attribution": len(ATTRIBUTION_LABELS), "entities": guides * len(ENTITY_LABELS), "links": 4 * LINK_SIZE}
        for head, size in sizes.items():
            start[f"{head}.weight"] = torch.randn(width, size, generator=made) * 0.02
            start[f"{head}.bias"] = torch.zeros(size)
        self.by_name = nn.ParameterDict({name.replace(".", "/"): nn.Parameter(value) for name, value in start.items()})

    def get(self, name: str) -> Tensor:
        """A parameter."""
        return self.by_name[name.replace(".", "/")]

    def _linear(self, x: Tensor, name: str) -> Tensor:
        return functional.linear(x, self.get(name + ".weight").T, self.get(name + ".bias"))

    def _norm(self, x: Tensor, name: str) -> Tensor:
        return functional.layer_norm(x, x.shape[-1:], self.get(name + ".weight"), self.get(name + ".bias"), 1e-12)

    def _drop(self, x: Tensor) -> Tensor:
        return functional.dropout(x, self.dropout, self.training)

    def forward(
        self, ids: Tensor, features: Tensor, mask: Tensor, use: list[Tensor] | None = None
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Scores of attribution labels, of labels of names (of all guidelines side by side), and link vectors.

        Args:
            ids: batch x subwords.
            features: the same.
            mask: the same; false beyond a window's end.
            use: gets for each layer how much each neuron of its feed-forward part fires.
        """
        b, t = ids.shape
        x = functional.embedding(ids, self.words) + self.get("positions")[:t] + self.get("features")[features]
        x = self._drop(self._norm(x, "norm"))
        width = x.shape[-1]
        seen = mask[:, None, None, :]
        if self.relative is not None:
            bias = self.relative[_buckets(t, len(self.relative), ids.device)].permute(2, 0, 1)[None]
            seen = bias.masked_fill(~seen, -1e4)
        for k in range(self.depth):
            qkv = self._linear(x, f"layers.{k}.qkv").view(b, t, 3, self.heads, width // self.heads)
            q, key, value = (part.transpose(1, 2) for part in qkv.unbind(2))
            seen = seen if seen.dtype == torch.bool else seen.to(q.dtype)
            # Attention itself is not dropped: on a CPU that would rule out the fused kernel, two fifths of a step's time.
            mixed = functional.scaled_dot_product_attention(q, key, value, attn_mask=seen)
            mixed = mixed.transpose(1, 2).reshape(b, t, width)
            x = self._norm(x + self._drop(self._linear(mixed, f"layers.{k}.out")), f"layers.{k}.norm1")
            inner = functional.gelu(self._linear(x, f"layers.{k}.up"))
            if use is not None:
                use.append(inner[mask].abs().mean(0))
            x = self._norm(x + self._drop(self._linear(inner, f"layers.{k}.down")), f"layers.{k}.norm2")
        x = self._drop(x)
        return self._linear(x, "attribution"), self._linear(x, "entities"), self._linear(x, "links")

    def weights(self) -> Arrays:
        """The parameters, without the word embeddings; of the heads for names the first."""
        made = {name.replace("/", "."): value.detach().float().cpu().numpy() for name, value in self.by_name.items()}
        for kind in ("weight", "bias"):
            made[f"entities.{kind}"] = made[f"entities.{kind}"][..., : len(ENTITY_LABELS)]
        return made


def _buckets(length: int, count: int, device: torch.device) -> Tensor:
    """Which of ``count`` distances lies between two places (T5, Raffel et al. 2020, as MPNet has it), length x length."""
    at = torch.arange(length, device=device)
    behind = at[:, None] - at[None, :]
    half = count // 2
    exact = half // 2
    far = behind.abs()
    log = exact + (torch.log(far.clamp(min=1).float() / exact) / math.log(128 / exact) * (half - exact)).long()
    return (behind < 0).long() * half + torch.where(far < exact, far, log.clamp(max=half - 1))
