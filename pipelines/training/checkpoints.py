"""What every training needs: files in which it stands, so that one that was killed goes on, and what its device can do."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import torch


def partial_of(path: Path) -> Path:
    """The file that is written before it takes the place of ``path``."""
    return path.with_name(f"{path.stem}.partial{path.suffix}")


def replace_text(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    partial_of(path).write_text(text, encoding="utf-8")
    os.replace(partial_of(path), path)


@dataclass(slots=True)
class Checkpoint:
    """A file that holds a network in training with all that decides how it goes on."""

    path: Path
    key: str

    def save(self, state: dict[str, Any]) -> None:
        """Replace what it held."""
        torch.save(state | {"key": self.key}, partial_of(self.path))
        os.replace(partial_of(self.path), self.path)

    def load(self) -> dict[str, Any] | None:
        """What it holds; None: nothing, or of another training."""
        if not self.path.is_file():
            return None
        # Written by this program: the states of numpy's generators are no tensors.
        state: dict[str, Any] = torch.load(self.path, weights_only=False, map_location="cpu")
        return state if state["key"] == self.key else None


@cache
def multiplies_bfloat16(device: torch.device) -> bool:
    """Whether a device has instructions for bfloat16; a CPU without them would only imitate it, slower than single precision."""
    if device.type == "cuda":
        return True
    able = torch.cpu.get_capabilities()
    return any(able.get(name, False) for name in ("amx_bf16", "avx512_bf16", "bf16", "sve_bf16"))


def in_bfloat16(device: torch.device | str) -> torch.autocast:
    """What multiplications run in on a device: bfloat16 where it has instructions for it (:func:`multiplies_bfloat16`)."""
    device = torch.device(device)
    return torch.autocast(device.type, torch.bfloat16, enabled=multiplies_bfloat16(device))
