"""A tiny model file written by hand in ONNX's wire format (protobuf), so that no test needs a library to make one.

Look-ups: each subword's labels and link vectors come from tables by its id, or a pair's log-odds from the greatest of its
subwords'; the other inputs are there and unused.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence


def _number(value: int) -> bytes:
    made = b""
    while value > 127:
        made += bytes([value & 127 | 128])
        value >>= 7
    return made + bytes([value])


def _field(number: int, value: int | bytes | str) -> bytes:
    if isinstance(value, int):
        return _number(number << 3) + _number(value)
    data = value.encode() if isinstance(value, str) else value
    return _number(number << 3 | 2) + _number(len(data)) + data


def _value_info(name: str, kind: int, dims: Sequence[str | int]) -> bytes:
    shape = b"".join(_field(1, _field(2, d) if isinstance(d, str) else _field(1, d)) for d in dims)
    return _field(1, name) + _field(2, _field(1, _field(1, kind) + _field(2, shape)))


def _table(name: str, rows: Sequence[Sequence[float]]) -> bytes:
    flat = [x for row in rows for x in row]
    return (
        _field(1, len(rows)) + _field(1, len(rows[0])) + _field(2, 1) + _field(8, name)
        + _field(9, struct.pack(f"<{len(flat)}f", *flat))
    )  # fmt: skip


def lookup_model(
    labels: Sequence[Sequence[float]], links: Sequence[Sequence[float]], *, output: str = "links", states: bool = False
) -> bytes:
    """The bytes of a model that answers with the rows of two tables.

    ``output`` names the second answer; with ``states`` there is a third, which is the second again.
    """
    tables = [("label_table", "labels", labels), ("link_table", output, links)]
    answers = [*tables, ("link_table", "states", links)] if states else tables
    graph = b"".join(
        _field(1, _field(1, table) + _field(1, "ids") + _field(2, answer) + _field(4, "Gather")) for table, answer, _ in answers
    )
    graph += _field(2, "tiny") + b"".join(_field(5, _table(table, rows)) for table, _, rows in tables)
    graph += b"".join(_field(11, _value_info(name, 7, ("b", "t"))) for name in ("ids", "features", "mask"))
    graph += b"".join(_field(12, _value_info(answer, 1, ("b", "t", len(rows[0])))) for _, answer, rows in answers)
    return _field(1, 8) + _field(7, graph) + _field(8, _field(2, 17))


def second_look_model(table: Sequence[Sequence[float]], widths: dict[str, int]) -> bytes:
    """The bytes of a second look at names that goes by the case feature of a word alone.

    ``widths`` has the columns of each input, ``features`` among them with none.
    """
    graph = _field(1, _field(1, "table") + _field(1, "features") + _field(2, "labels") + _field(4, "Gather"))
    graph += _field(2, "tiny") + _field(5, _table("table", table))
    for name, width in widths.items():
        dims: tuple[str | int, ...] = ("w", width) if width else ("w",)
        graph += _field(11, _value_info(name, 7 if name in {"ids", "features"} else 1, dims))
    graph += _field(12, _value_info("labels", 1, ("w", len(table[0]))))
    return _field(1, 8) + _field(7, graph) + _field(8, _field(2, 17))


def pair_model(
    nli: Sequence[Sequence[float]], news: Sequence[Sequence[float]],
    inputs: Sequence[str] = ("input_ids", "attention_mask", "token_type_ids"), output: str = "news",
) -> bytes:  # fmt: skip
    """The bytes of a model whose two answers are the greatest rows of two tables over all ids; ``output`` names the second."""
    over_tokens = _field(5, _field(1, "axes") + _field(8, 1) + _field(20, 7))
    one_row = _field(5, _field(1, "keepdims") + _field(3, 0) + _field(20, 2))
    graph = b""
    for table, rows, answer in (("nli_table", nli, "nli"), ("news_table", news, output)):
        graph += _field(1, _field(1, table) + _field(1, "input_ids") + _field(2, f"of_{answer}") + _field(4, "Gather"))
        graph += _field(1, _field(1, f"of_{answer}") + _field(2, answer) + _field(4, "ReduceMax") + over_tokens + one_row)
        graph += _field(5, _table(table, rows)) + _field(12, _value_info(answer, 1, ("b", len(rows[0]))))
    graph += _field(2, "tiny") + b"".join(_field(11, _value_info(name, 7, ("b", "t"))) for name in inputs)
    return _field(1, 8) + _field(7, graph) + _field(8, _field(2, 17))
