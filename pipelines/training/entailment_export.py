"""From trained weights to what ships: an int8 ONNX file beside its tokenizer and its configuration."""

# torch has no place among the dependencies, so its types are unknown where the project is checked.
# mypy: disable-error-code="misc, untyped-decorator, no-any-return, unused-ignore, import-not-found, import-untyped"
from __future__ import annotations

import json
import shutil
import tempfile
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from torch import nn

from pipelines.training.entailment_core import NEWS_LABELS, NLI_LABELS, CrossEncoder

_OPSET: Final = 17
_AXES: Final = {0: "pairs", 1: "tokens"}


class _Plain(nn.Module):
    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor) -> Any:
        return self.model(input_ids, attention_mask, token_type_ids)


def export_int8(
    model: CrossEncoder,
    tokenizer: Path,
    folder: Path,
    config: Mapping[str, Any],
    *,
    keep_full: Path | None = None,
    dither: int | None = None,
) -> int:
    """Write ``model.onnx`` (dynamic int8, weights per channel), ``tokenizer.json`` and ``config.json``; gives the bytes.

    Args:
        model: trained, on the CPU.
        tokenizer: its ``tokenizer.json``.
        folder: where to write.
        config: what is added to ``config.json``.
        keep_full: where the full-precision ONNX file goes too, for measuring the two side by side.
        dither: seed by which weights are rounded up or down at random (:func:`round_at_random`), for a model that was trained on
            from weights in one byte; None: to the nearest.
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic

    folder.mkdir(parents=True, exist_ok=True)
    model.eval().cpu().float()
    model.encoder.set_attn_implementation("eager")
    if dither is not None:
        round_at_random(model, dither)
    example = torch.ones((2, 8), dtype=torch.long)
    with tempfile.TemporaryDirectory(prefix="counterclaim-") as scratch, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        full = Path(scratch) / "full.onnx"
        names = ["input_ids", "attention_mask", "token_type_ids"]
        heads = ["nli", "news", "found"]
        axes = dict.fromkeys(names, _AXES) | {head: {0: "pairs"} for head in heads}
        torch.onnx.export(
            _Plain(model), (example, example, torch.zeros_like(example)), str(full), input_names=names,
            output_names=heads, dynamic_axes=axes, opset_version=_OPSET, dynamo=False,
        )  # fmt: skip
        quantize_dynamic(full, folder / "model.onnx", weight_type=QuantType.QInt8, per_channel=True)
        if keep_full is not None:
            shutil.copyfile(full, keep_full)
    shutil.copyfile(tokenizer, folder / "tokenizer.json")
    written = {"nli_labels": NLI_LABELS, "news_labels": NEWS_LABELS, **config}
    (folder / "config.json").write_text(json.dumps(written, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return (folder / "model.onnx").stat().st_size


@torch.no_grad()
def round_at_random(model: nn.Module, seed: int) -> None:
    """Put the weights of all linear layers on the steps of one byte, up or down with the odds that keep them right on average.

    Weights that were once rounded lie on these very steps, and a short training moves them by a tenth of one: rounded to the
    nearest they would all go back, and what was learnt with them (stochastic rounding: Gupta et al. 2015, Deep Learning with
    Limited Numerical Precision). What lies on a step stays there.
    """
    random = torch.Generator().manual_seed(seed)
    for layer in model.modules():
        if isinstance(layer, nn.Linear):
            steps = layer.weight.abs().amax(dim=1, keepdim=True).clamp_min(1e-12) / _STEPS
            at = layer.weight / steps
            # A hair's breadth from a step is on it: the division does not give whole numbers back exactly.
            at = torch.where((at - at.round()).abs() < 1e-3, at.round(), at)
            layer.weight.copy_(torch.floor(at + torch.rand(at.shape, generator=random)).clamp(-_STEPS, _STEPS) * steps)


#: What onnxruntime adds to the name of a weight that it has rounded.
_ROUNDED: Final = "_quantized"
#: Steps of one byte on either side of zero, as onnxruntime has them where zero is in the middle.
_STEPS: Final = 127


def weights_of(model: Path) -> dict[str, torch.Tensor]:
    """The weights in an ``model.onnx`` of :func:`export_int8`, as single-precision numbers under the names that torch gives them.

    So a training can go on from what ships, where the full precision is gone: a weight lies within half a step of one byte of
    what it was (ONNX operators ``DynamicQuantizeLinear`` and ``MatMulInteger``; steps a channel for weights, one for embeddings).

    Args:
        model: the ONNX file.

    Raises:
        ValueError: the file is not one of :func:`export_int8`.
    """
    import onnx
    from onnx import numpy_helper

    graph = onnx.load(str(model)).graph
    stored = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
    made = {
        name.removeprefix("model."): torch.from_numpy(np.array(array, np.float32))
        for name, array in stored.items()
        if name.startswith("model.") and name.endswith((".weight", ".bias"))
    }
    for node in graph.node:
        for name in node.input:
            if name not in stored or not name.endswith(_ROUNDED):
                continue
            base = name.removesuffix(_ROUNDED)
            zero = stored[f"{base}_zero_point"].astype(np.float32)
            weight = (stored[name].astype(np.float32) - zero) * stored[f"{base}_scale"].astype(np.float32)
            if node.op_type == "MatMulInteger":
                # A linear layer's weight is turned round for the multiplication, and named after the node where it lost its name.
                path = node.name.split("/MatMul")[0].split("/Gemm")[0].strip("/").replace("/", ".")
                base, weight = f"{path}.weight", np.ascontiguousarray(weight.T)
            made[base.removeprefix("model.")] = torch.from_numpy(weight)
    if "nli.weight" not in made:
        raise ValueError(f"{model}: no weights of a cross-encoder in one byte in it")
    return made
