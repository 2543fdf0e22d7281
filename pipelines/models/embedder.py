"""Sentence embeddings on the CPU: MiniLM-L6 as int8 ONNX, mean of the tokens, unit length.

Two sentences about one thing lie near each other even where they share no word, which is what proposing pairs to compare needs.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from pipelines.models.runtime import ALONE, OnnxModel

Floats = npt.NDArray[np.float32]

SHIPPED: Final = Path(__file__).resolve().parents[2] / "data" / "models" / "embedder"
#: Tokens kept of a text.
_MOST_TOKENS: Final = 64
_WIDTH: Final = 384


class Embedder:
    """Weights in a folder: ``model.onnx`` and ``tokenizer.json``.

    Raises:
        FileNotFoundError: one of the files is missing; the message names it.
    """

    def __init__(self, folder: Path, threads: int = 1) -> None:
        for name in ("model.onnx", "tokenizer.json"):
            if not (folder / name).is_file():
                raise FileNotFoundError(f"{folder / name} is missing: the folder holds no embedder")
        self.folder = folder
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(_MOST_TOKENS)
        self._model = OnnxModel(folder / "model.onnx", threads)

    def embed(self, texts: Sequence[str]) -> Floats:
        """Unit vectors, ``(texts, 384)``; of an empty text too.

        Each text by itself, as in the cross-encoder: what lies near a sentence must not depend on what else was embedded.
        """
        tokens = [np.array(one.ids, np.int64) for one in self._tokenizer.encode_batch(list(texts))]
        vectors = np.zeros((len(tokens), _WIDTH), np.float32)
        rows = [{"input_ids": ids, "attention_mask": np.ones_like(ids)} for ids in tokens]
        for at, found in self._model.run(rows, batch_tokens=ALONE):
            vectors[at] = found["embedding"]
        return vectors


@lru_cache(maxsize=2)
def load_embedder(folder: Path = SHIPPED, threads: int = 1) -> Embedder | None:
    """The embedder in a folder, None where the folder holds none; loaded once a process."""
    return Embedder(folder, threads) if (folder / "model.onnx").is_file() else None
