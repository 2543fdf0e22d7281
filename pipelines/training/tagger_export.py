"""From trained weights to what ships: an ONNX graph with fused attention, in full precision and with one-byte weights."""

from __future__ import annotations

import contextlib
import io
import warnings
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch

from pipelines.training.tagger_network import Plain

_INPUTS: Final = ("ids", "features", "mask")
_OUTPUTS: Final = ("labels", "links")


def export(
    weights: dict[str, np.ndarray[Any, Any]], words: np.ndarray[Any, Any], scale: np.ndarray[Any, Any], full: Path, small: Path
) -> None:
    """Write the network twice: ``full`` with weights of four bytes, ``small`` with weights of one (word embeddings always are).

    Activations of the small one are quantised as they come; weights by output channel, in seven bits, since eight overflow in
    the sums of processors without VNNI. The heads stay in full precision.
    """
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.transformers import optimizer

    net = Plain(weights, words, scale).eval()
    ids = torch.randint(1000, 20_000, (2, 48))
    mask = torch.ones_like(ids)
    mask[1, 30:] = 0
    axes = {name: {0: "windows", 1: "subwords"} for name in (*_INPUTS, *_OUTPUTS)}
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        torch.onnx.export(
            net, (ids, torch.zeros_like(ids), mask), str(full), input_names=list(_INPUTS), output_names=list(_OUTPUTS),
            dynamic_axes=axes, dynamo=False, opset_version=17,
        )  # fmt: skip
    fused = optimizer.optimize_model(str(full), model_type="bert", num_heads=net.heads, hidden_size=net.width)
    attention = fused.get_fused_operator_statistics()["Attention"]
    if attention != net.depth:
        raise RuntimeError(f"{attention} of {net.depth} attention layers fused: the graph would be slow")
    fused.save_model_to_file(str(full))
    heads = [
        node.name
        for node in onnx.load(str(full)).graph.node
        if node.op_type == "MatMul" and any(i.startswith(("attribution", "entities", "links")) for i in node.input)
    ]
    quantize_dynamic(
        full, small, per_channel=True, reduce_range=True, weight_type=QuantType.QInt8,
        op_types_to_quantize=["MatMul", "Attention"],
        nodes_to_exclude=heads, extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
    )  # fmt: skip
