"""Running an ONNX model over many inputs of different lengths on a CPU: sorted by length, batched by tokens, padded little."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import onnxruntime as ort

Row = Mapping[str, npt.NDArray[np.int64]]

#: Tokens of a batch, padding included: more gains nothing on a CPU and costs memory.
BATCH_TOKENS: Final = 2_048
#: As ``batch_tokens``: every row by itself. An int8 model scales what it computes by all that stands in the batch (dynamic
#: quantisation), so that in company a row's outputs would depend on its neighbours.
ALONE: Final = 1


class ModelError(RuntimeError):
    """A model that cannot be used; the message names its folder and what is wrong with it."""


class OnnxModel:
    """A model of which every input is batch x tokens (64-bit integers).

    Args:
        path: the ``.onnx`` file.
        threads: threads inside an operator; processes that share the work take one each.

    Raises:
        ModelError: the file is missing or no model.
    """

    def __init__(self, path: Path, threads: int = 1) -> None:
        if not path.is_file():
            raise ModelError(f"no model at {path}")
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        try:
            self._session = ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except Exception as error:
            raise ModelError(f"{path} is no model that onnxruntime can run: {error}") from error
        self.inputs: tuple[str, ...] = tuple(i.name for i in self._session.get_inputs())
        self.outputs: tuple[str, ...] = tuple(o.name for o in self._session.get_outputs())

    def answer(self, feed: Mapping[str, npt.NDArray[Any]]) -> dict[str, npt.NDArray[Any]]:
        """What the model says to inputs as they are, whatever their shapes and types."""
        return dict(zip(self.outputs, self._session.run(None, dict(feed)), strict=True))

    def run(
        self, rows: Sequence[Row], padding: Mapping[str, int] | None = None, batch_tokens: int = BATCH_TOKENS
    ) -> Iterator[tuple[npt.NDArray[np.int64], dict[str, npt.NDArray[Any]]]]:
        """Run the model over rows, short ones first.

        Args:
            rows: for each input of the model an array of the row's tokens; an input ``mask`` is made here where rows lack it.
            padding: what pads an input, 0 unless told.
            batch_tokens: tokens of a batch at most, unless one row has more.

        Yields:
            Indices of the rows of a batch, and the model's outputs for them, padded as the batch was.
        """
        padding = padding or {}
        named = next(iter(rows), {})
        lengths = np.array([len(next(iter(row.values()))) for row in rows], dtype=np.int64)
        order = np.argsort(lengths, kind="stable")
        at = 0
        while at < len(order):
            end = at + 1
            while end < len(order) and (end + 1 - at) * int(lengths[order[end]]) <= batch_tokens:
                end += 1
            batch = order[at:end]
            at = end
            longest = int(lengths[batch[-1]])
            feed = {}
            for name in named:
                feed[name] = np.full((len(batch), longest), padding.get(name, 0), dtype=np.int64)
                for k, row in enumerate(batch.tolist()):
                    feed[name][k, : lengths[row]] = rows[row][name]
            if "mask" in self.inputs and "mask" not in feed:
                feed["mask"] = (np.arange(longest) < lengths[batch][:, None]).astype(np.int64)
            yield batch, dict(zip(self.outputs, self._session.run(None, feed), strict=True))
