"""From trained weights to what ships: an ONNX graph, in full precision and with one-byte weights.

The graph is written node by node instead of traced: it then holds exactly the operators that onnxruntime is fast at
on a CPU. Measured there (three layers, windows of 256 subwords): LayerNormalization after a plain addition takes a tenth of the
time of SkipLayerNormalization; MultiHeadAttention without a mask, for windows come one by one, does not write the whole
table of attention; together a fifth less than what the BERT optimizer of onnxruntime.transformers makes. Weights in
blocks (MatMulNBits, eight or four bits) took twice as long.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np

from pipelines.models.tagging import ATTRIBUTION_LABELS, ENTITY_LABELS

Array = np.ndarray[Any, Any]
_MICROSOFT: Final = "com.microsoft"
_HEADS: Final = 12
#: Largest value of a weight: seven bits, since eight overflow in the sums of processors without VNNI.
_MOST: Final = 63


def export(weights: dict[str, Array], words: Array, scale: Array, full: Path, small: Path) -> None:
    """Write the network twice: ``full`` with weights of four bytes, ``small`` with weights of one (word embeddings always are).

    Activations of the small one are quantised as they come, one scale for all of a window; weights by output channel. The
    heads and all sums stay in full precision.

    Args:
        weights: as :meth:`pipelines.training.tagger_network.Network.weights` gives them.
        words: word embeddings, one byte.
        scale: of each of their rows.
        full: the file in full precision.
        small: the file with one-byte weights.
    """
    import onnx

    for path, is_small in ((full, False), (small, True)):
        onnx.save(_Graph(weights, words, scale, is_small).model(), str(path))


class _Graph:
    """A graph in the making."""

    def __init__(self, weights: dict[str, Array], words: Array, scale: Array, is_small: bool) -> None:
        from onnx import TensorProto

        self._weights = weights
        self._words = words
        self._scale = scale
        self._is_small = is_small
        self._float = TensorProto.FLOAT
        self._nodes: list[Any] = []
        self._stored: list[Any] = []

    def model(self) -> Any:
        """The whole model: ``ids`` and ``features`` (windows x subwords) to ``labels``, ``links`` and ``states``."""
        from onnx import TensorProto, helper

        width = int(self._words.shape[1])
        depth = 1 + max(int(name.split(".")[1]) for name in self._weights if name.startswith("layers."))
        words = self._add("Cast", self._add("Gather", self._store("words", self._words), "ids"), to=self._float)
        scale = self._add("Gather", self._store("scale", self._scale.reshape(-1, 1).astype(np.float32)), "ids")
        zero = self._store("zero", np.array([0]))
        length = self._add("Shape", "ids", start=1, end=2)
        places = self._add("Slice", self._stored_weight("positions"), zero, length, zero)
        table = self._store("features.weight", self._weights["features"].astype(np.float32))
        features = self._add("Gather", table, "features")
        x = self._norm("norm", self._add("Add", self._add("Add", self._add("Mul", words, scale), places), features))
        sizes = self._store("sizes", np.array([width] * 3))
        for k in range(depth):
            layer = f"layers.{k}."
            qkv = self._many("Split", [self._biased(layer + "qkv", self._product(layer + "qkv", x)), sizes], 3, axis=-1)
            mixed = self._add("MultiHeadAttention", *qkv, domain=_MICROSOFT, num_heads=_HEADS)
            out = self._biased(layer + "out", self._product(layer + "out", mixed))
            x = self._norm(layer + "norm1", self._add("Add", out, x))
            up = self._add("BiasGelu", self._product(layer + "up", x), self._stored_weight(layer + "up.bias"), domain=_MICROSOFT)
            down = self._biased(layer + "down", self._product(layer + "down", up))
            x = self._norm(layer + "norm2", self._add("Add", down, x))
        heads = ("attribution", "entities", "links")
        weight = np.concatenate([self._weights[f"{head}.weight"] for head in heads], axis=1).astype(np.float32)
        bias = np.concatenate([self._weights[f"{head}.bias"] for head in heads]).astype(np.float32)
        answers = self._add("Add", self._add("MatMul", x, self._store("heads.weight", weight)), self._store("heads.bias", bias))
        labels = len(ATTRIBUTION_LABELS) + len(ENTITY_LABELS)
        links = weight.shape[1] - labels
        split = self._store("answers", np.array([labels, links]))
        self._nodes.append(helper.make_node("Split", [answers, split], ["labels", "links"], name="answers", axis=-1))
        self._nodes.append(helper.make_node("Identity", [x], ["states"], name="states"))
        axes = ["windows", "subwords"]
        graph = helper.make_graph(
            self._nodes, "tagger",
            [helper.make_tensor_value_info(name, TensorProto.INT64, axes) for name in ("ids", "features")],
            [
                helper.make_tensor_value_info(name, self._float, [*axes, size])
                for name, size in (("labels", labels), ("links", links), ("states", width))
            ],
            self._stored,
        )  # fmt: skip
        made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid(_MICROSOFT, 1)])
        made.ir_version = 9
        return made

    def _store(self, name: str, value: Array) -> str:
        from onnx import numpy_helper

        self._stored.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def _stored_weight(self, name: str) -> str:
        return self._store(name, self._weights[name].astype(np.float32))

    def _many(self, operator: str, inputs: list[str], count: int, domain: str = "", **attributes: Any) -> list[str]:
        from onnx import helper

        name = f"{operator}_{len(self._nodes)}"
        outputs = [f"{name}:{k}" for k in range(count)]
        self._nodes.append(helper.make_node(operator, inputs, outputs, name=name, domain=domain, **attributes))
        return outputs

    def _add(self, operator: str, *inputs: str, domain: str = "", **attributes: Any) -> str:
        return self._many(operator, list(inputs), 1, domain, **attributes)[0]

    def _biased(self, name: str, x: str) -> str:
        return self._add("Add", x, self._stored_weight(f"{name}.bias"))

    def _norm(self, name: str, x: str) -> str:
        weight, bias = self._stored_weight(f"{name}.weight"), self._stored_weight(f"{name}.bias")
        return self._add("LayerNormalization", x, weight, bias, axis=-1, epsilon=1e-12)

    def _product(self, name: str, x: str) -> str:
        """A matrix product; of the small one in the pattern that onnxruntime runs as one operator (DynamicQuantizeMatMul)."""
        weight = self._weights[f"{name}.weight"].astype(np.float32)
        if not self._is_small:
            return self._add("MatMul", x, self._store(f"{name}.weight", weight))
        scale = np.abs(weight).max(axis=0) / _MOST
        scale[scale == 0] = 1.0
        quantised, step, zero = self._many("DynamicQuantizeLinear", [x], 3)
        product = self._add(
            "MatMulInteger", quantised, self._store(f"{name}.quantised", np.rint(weight / scale).astype(np.int8)), zero,
            self._store(f"{name}.zero", np.zeros(weight.shape[1], dtype=np.int8)),
        )  # fmt: skip
        scales = self._add("Mul", step, self._store(f"{name}.scale", scale.astype(np.float32)))
        return self._add("Mul", self._add("Cast", product, to=self._float), scales)
