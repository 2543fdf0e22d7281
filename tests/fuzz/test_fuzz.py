"""2,000 damaged and hostile inputs: each ends as a row, in time, within memory."""

from __future__ import annotations

import faulthandler
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.tables import FETCH_STATUSES
from tests.fuzz.fuzzing import fuzz, make_input, peak_megabytes
from tests.fuzz.kinds import KINDS

SEED = 2026
#: Inputs of each kind, 2,000 in all with the 20 examples a kind that hypothesis makes: pages cost most.
COUNTS = {"page": 400, "digest": 300, "warc": 400, "feed": 400, "sitemap": 400}
#: What one kind's inputs may add to the memory held; one that keeps what it reads would add gigabytes.
MAX_GROWTH_MEGABYTES = 1_000
#: Longer than any kind takes: then something hangs, where it does is printed, and the run ends.
HANGS_AFTER_SECONDS = 400


@pytest.mark.parametrize("kind", KINDS)
def test_every_mutated_input_ends_as_a_row_in_time_and_within_memory(kind: str, tmp_path: Path) -> None:
    before = peak_megabytes()
    faulthandler.dump_traceback_later(HANGS_AFTER_SECONDS, exit=True)
    try:
        report = fuzz(kind, SEED, range(COUNTS[kind]), tmp_path)
    finally:
        faulthandler.cancel_dump_traceback_later()
    assert report.failures == []
    assert report.inputs == COUNTS[kind]
    assert report.statuses["parse_error"] > 0, "no mutation broke anything"
    assert report.statuses["ok"] > 0, "every mutation broke everything"
    assert peak_megabytes() - before < MAX_GROWTH_MEGABYTES


def pieces(kind: str) -> st.SearchStrategy[bytes]:
    """Parts of seeds, tags, and any bytes, in any order: what no mutation of a whole makes."""
    seeds = KINDS[kind].seeds()
    parts = st.builds(
        lambda seed, start, length: seed[start % len(seed) :][:length],
        st.sampled_from(seeds), st.integers(0, 100_000), st.integers(1, 3_000),
    )  # fmt: skip
    tags = st.sampled_from(
        [b"<p>", b"</p>", b"<!--", b"]]>", b"<item>", b"<loc>", b"WARC/1.0\r\n", b"Content-Length: 7\r\n\r\n", b"{", b"["]
    )
    return st.lists(st.one_of(parts, tags, st.binary(max_size=50)), max_size=12).map(b"".join)


@pytest.mark.parametrize("kind", KINDS)
def test_any_bytes_end_as_a_row(kind: str, tmp_path: Path) -> None:
    @settings(max_examples=20, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(pieces(kind))
    def run(data: bytes) -> None:
        statuses = KINDS[kind].end(data, tmp_path)
        assert statuses
        assert set(statuses) <= set(FETCH_STATUSES)

    run()


def test_an_input_is_the_same_whenever_it_is_made() -> None:
    for kind in KINDS:
        assert make_input(kind, SEED, 7) == make_input(kind, SEED, 7)
        assert len({make_input(kind, SEED, number) for number in range(20)}) > 15
