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
    model: CrossEncoder, tokenizer: Path, folder: Path, config: Mapping[str, Any], *, keep_full: Path | None = None
) -> int:
    """Write ``model.onnx`` (dynamic int8, weights per channel), ``tokenizer.json`` and ``config.json``; gives the bytes.

    Args:
        model: trained, on the CPU.
        tokenizer: its ``tokenizer.json``.
        folder: where to write.
        config: what is added to ``config.json``.
        keep_full: where the full-precision ONNX file goes too, for measuring the two side by side.
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic

    folder.mkdir(parents=True, exist_ok=True)
    model.eval().cpu().float()
    model.encoder.set_attn_implementation("eager")
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
