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
import onnxruntime as ort
from tokenizers import Tokenizer

Floats = npt.NDArray[np.float32]

SHIPPED: Final = Path(__file__).resolve().parents[2] / "data" / "models" / "embedder"
#: Tokens kept of a text, and in one call of the network.
_MOST_TOKENS: Final = 64
_TOKENS_A_CALL: Final = 4096
_WIDTH: Final = 384


class Embedder:
    """Weights in a folder: ``model.onnx`` and ``tokenizer.json``.

    Raises:
        FileNotFoundError: one of the files is missing; the message names it.
    """

    def __init__(self, folder: Path, threads: int = 0) -> None:
        for name in ("model.onnx", "tokenizer.json"):
            if not (folder / name).is_file():
                raise FileNotFoundError(f"{folder / name} is missing: the folder holds no embedder")
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(_MOST_TOKENS)
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        self._session = ort.InferenceSession(str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"])

    def embed(self, texts: Sequence[str]) -> Floats:
        """Unit vectors, ``(texts, 384)``; of an empty text too."""
        encoded = [one.ids for one in self._tokenizer.encode_batch(list(texts))]
        sizes = np.asarray([len(ids) for ids in encoded], dtype=np.int64)
        order = np.argsort(sizes, kind="stable")
        vectors = np.zeros((len(encoded), _WIDTH), np.float32)
        start = 0
        while start < len(order):
            end = start + 1
            while end < len(order) and sizes[order[end]] * (end + 1 - start) <= _TOKENS_A_CALL:
                end += 1
            batch = order[start:end]
            ids = np.zeros((len(batch), int(sizes[batch[-1]])), np.int64)
            mask = np.zeros_like(ids)
            for n, at in enumerate(batch):
                ids[n, : sizes[at]] = encoded[at]
                mask[n, : sizes[at]] = 1
            vectors[batch] = self._session.run(["embedding"], {"input_ids": ids, "attention_mask": mask})[0]
            start = end
        return vectors


@lru_cache(maxsize=2)
def load_embedder(folder: Path = SHIPPED, threads: int = 0) -> Embedder | None:
    """The embedder in a folder, None where the folder holds none; loaded once a process."""
    return Embedder(folder, threads) if (folder / "model.onnx").is_file() else None
