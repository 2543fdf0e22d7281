"""The tagger's network in torch: MiniLM (Wang et al., NeurIPS 2020) with features of case, and three heads.

Several networks of one shape train side by side: every parameter has a leading axis of members, and a layer of all members
is one batched product. On a GPU six small networks then cost little more than one.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from pipelines.models.tagging import ATTRIBUTION_LABELS, ENTITY_LABELS, FEATURES

#: Size of the vectors whose products say which source and content belong to which cue.
LINK_SIZE = 64


def read_pretrained(folder: Path) -> dict[str, np.ndarray[Any, Any]]:
    """The encoder's weights from ``model.safetensors``, word embeddings rounded to one byte and one scale a row.

    They are frozen, so that what is trained is trained on exactly the embeddings that ship.
    """
    from safetensors.numpy import load_file

    weights = {name.removeprefix("bert."): value for name, value in load_file(folder / "model.safetensors").items()}
    words = weights["embeddings.word_embeddings.weight"].astype(np.float32)
    scale = np.abs(words).max(axis=1) / 127
    scale[scale == 0] = 1.0
    kept: dict[str, np.ndarray[Any, Any]] = {
        "words": np.rint(words / scale[:, None]).astype(np.int8),
        "scale": scale.astype(np.float32),
        "positions": (weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0]),
        "norm.weight": weights["embeddings.LayerNorm.weight"],
        "norm.bias": weights["embeddings.LayerNorm.bias"],
    }
    for k in range(64):
        old = f"encoder.layer.{k}."
        if old + "attention.self.query.weight" not in weights:
            break
        new = f"layers.{k}."
        parts = [weights[f"{old}attention.self.{part}.weight"].T for part in ("query", "key", "value")]
        kept[new + "qkv.weight"] = np.concatenate(parts, axis=1)
        kept[new + "qkv.bias"] = np.concatenate([weights[f"{old}attention.self.{p}.bias"] for p in ("query", "key", "value")])
        for name, theirs in (("out", "attention.output.dense"), ("up", "intermediate.dense"), ("down", "output.dense")):
            kept[f"{new}{name}.weight"] = weights[f"{old}{theirs}.weight"].T
            kept[f"{new}{name}.bias"] = weights[f"{old}{theirs}.bias"]
        for name, theirs in (("norm1", "attention.output.LayerNorm"), ("norm2", "output.LayerNorm")):
            kept[f"{new}{name}.weight"] = weights[f"{old}{theirs}.weight"]
            kept[f"{new}{name}.bias"] = weights[f"{old}{theirs}.bias"]
    return kept


class Taggers(nn.Module):  # type: ignore[misc,unused-ignore]
    """``members`` networks of one shape.

    Args:
        pretrained: as :func:`read_pretrained` gives it.
        layers: for each member the pretrained layers that it takes.
        seed: of the new parameters.
    """

    def __init__(
        self, pretrained: dict[str, np.ndarray[Any, Any]], layers: list[list[int]], seed: int, dropout: float = 0.1
    ) -> None:
        super().__init__()
        self.members = len(layers)
        self.depth = len(layers[0])
        self.heads = 12
        self.dropout = dropout
        words = torch.from_numpy(pretrained["words"]).float() * torch.from_numpy(pretrained["scale"])[:, None]
        self.register_buffer("words", words, persistent=False)
        made = torch.Generator().manual_seed(seed)
        width = words.shape[1]
        sizes = {"attribution": len(ATTRIBUTION_LABELS), "entities": len(ENTITY_LABELS), "links": 4 * LINK_SIZE}
        start: dict[str, list[Tensor]] = {}
        for name in ("positions", "norm.weight", "norm.bias"):
            start[name] = [torch.from_numpy(pretrained[name].astype(np.float32))] * self.members
        start["features"] = [torch.zeros(FEATURES, width)] * self.members
        for k in range(self.depth):
            for part in ("qkv", "out", "up", "down", "norm1", "norm2"):
                for kind in ("weight", "bias"):
                    start[f"layers.{k}.{part}.{kind}"] = [
                        torch.from_numpy(np.ascontiguousarray(pretrained[f"layers.{chosen[k]}.{part}.{kind}"], dtype=np.float32))
                        for chosen in layers
                    ]
        for head, size in sizes.items():
            start[f"{head}.weight"] = [torch.randn(width, size, generator=made) * 0.02 for _ in layers]
            start[f"{head}.bias"] = [torch.zeros(size)] * self.members
        self.parameters_by_name = nn.ParameterDict(
            {name.replace(".", "/"): nn.Parameter(torch.stack(values)) for name, values in start.items()}
        )

    def get(self, name: str) -> Tensor:
        """A parameter of all members."""
        return self.parameters_by_name[name.replace(".", "/")]

    def _linear(self, x: Tensor, name: str) -> Tensor:
        m, b, t, width = x.shape
        weight, bias = self.get(name + ".weight"), self.get(name + ".bias")
        if self.members == 1:
            return functional.linear(x, weight[0].T, bias[0])
        return torch.baddbmm(bias[:, None], x.reshape(m, b * t, width), weight).view(m, b, t, -1)

    def _norm(self, x: Tensor, name: str) -> Tensor:
        weight, bias = self.get(name + ".weight"), self.get(name + ".bias")
        if self.members == 1:
            return functional.layer_norm(x, x.shape[-1:], weight[0], bias[0], 1e-12)
        return functional.layer_norm(x, x.shape[-1:], eps=1e-12) * weight[:, None, None] + bias[:, None, None]

    def _drop(self, x: Tensor) -> Tensor:
        return functional.dropout(x, self.dropout, self.training)

    def forward(self, ids: Tensor, features: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Scores of attribution labels, of labels of names, and link vectors; all tensors start members x batch x subwords."""
        m, b, t = ids.shape
        which = torch.arange(m, device=ids.device)[:, None, None]
        x = functional.embedding(ids, self.words) + self.get("positions")[:, None, :t] + self.get("features")[which, features]
        x = self._drop(self._norm(x, "norm"))
        width = x.shape[-1]
        seen = mask.reshape(m * b, 1, 1, t)
        for k in range(self.depth):
            qkv = self._linear(x, f"layers.{k}.qkv").view(m * b, t, 3, self.heads, width // self.heads)
            q, key, value = (part.transpose(1, 2) for part in qkv.unbind(2))
            mixed = functional.scaled_dot_product_attention(
                q, key, value, attn_mask=seen, dropout_p=self.dropout if self.training else 0.0
            )
            mixed = mixed.transpose(1, 2).reshape(m, b, t, width)
            x = self._norm(x + self._drop(self._linear(mixed, f"layers.{k}.out")), f"layers.{k}.norm1")
            inner = functional.gelu(self._linear(x, f"layers.{k}.up"))
            x = self._norm(x + self._drop(self._linear(inner, f"layers.{k}.down")), f"layers.{k}.norm2")
        x = self._drop(x)
        return self._linear(x, "attribution"), self._linear(x, "entities"), self._linear(x, "links")

    def member(self, k: int) -> dict[str, np.ndarray[Any, Any]]:
        """One member's parameters, without the word embeddings."""
        return {
            name.replace("/", "."): value[k].detach().float().cpu().numpy() for name, value in self.parameters_by_name.items()
        }


class Plain(nn.Module):  # type: ignore[misc,unused-ignore]
    """One network in the plainest operations, for export: weights as :meth:`Taggers.member` gives them."""

    def __init__(
        self, weights: dict[str, np.ndarray[Any, Any]], words: np.ndarray[Any, Any], scale: np.ndarray[Any, Any]
    ) -> None:
        super().__init__()
        self.depth = 1 + max(int(name.split(".")[1]) for name in weights if name.startswith("layers."))
        self.heads = 12
        self.width = int(words.shape[1])
        self.register_buffer("words", torch.from_numpy(words))
        self.register_buffer("scale", torch.from_numpy(scale))
        self.names = {name: name.replace(".", "_") for name in weights}
        for name, value in weights.items():
            self.register_parameter(
                self.names[name], nn.Parameter(torch.from_numpy(np.ascontiguousarray(value, dtype=np.float32)))
            )

    def get(self, name: str) -> Tensor:
        """A parameter."""
        return getattr(self, self.names[name])  # type: ignore[no-any-return,unused-ignore]

    def _linear(self, x: Tensor, name: str) -> Tensor:
        return torch.matmul(x, self.get(name + ".weight")) + self.get(name + ".bias")

    def _norm(self, x: Tensor, name: str) -> Tensor:
        return functional.layer_norm(x, (self.width,), self.get(name + ".weight"), self.get(name + ".bias"), 1e-12)

    def forward(self, ids: Tensor, features: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Scores of the labels of both heads side by side, and link vectors; inputs are batch x subwords."""
        b, t = ids.shape
        x = self.words[ids].float() * self.scale[ids].unsqueeze(-1)
        x = self._norm(x + self.get("positions")[:t] + self.get("features")[features], "norm")
        width = self.width
        size = width // self.heads
        far = (1.0 - mask[:, None, None, :].float()) * -10000.0
        for k in range(self.depth):
            weight, bias = self.get(f"layers.{k}.qkv.weight"), self.get(f"layers.{k}.qkv.bias")
            q, key, value = (
                (torch.matmul(x, weight[:, i * width : (i + 1) * width].contiguous()) + bias[i * width : (i + 1) * width])
                .view(b, t, self.heads, size)
                .permute(0, 2, 1, 3)
                for i in range(3)
            )
            scores = torch.matmul(q, key.transpose(-1, -2)) / math.sqrt(size) + far
            mixed = torch.matmul(torch.softmax(scores, dim=-1), value).permute(0, 2, 1, 3).reshape(b, t, width)
            x = self._norm(self._linear(mixed, f"layers.{k}.out") + x, f"layers.{k}.norm1")
            inner = functional.gelu(self._linear(x, f"layers.{k}.up"))
            x = self._norm(self._linear(inner, f"layers.{k}.down") + x, f"layers.{k}.norm2")
        return torch.cat([self._linear(x, "attribution"), self._linear(x, "entities")], dim=-1), self._linear(x, "links")
