"""What a run reads, and how politely, comes from the settings unless the run says otherwise."""

from __future__ import annotations

from pathlib import Path

from pipelines.orchestration.assets.acquire import default_inputs, keeps_own, read_into
from pipelines.orchestration.follow import make_fetcher, make_policy
from pipelines.settings import SAMPLE_PAGES, load_settings
from pipelines.warehouse import Warehouse


def test_a_run_that_follows_outlets_does_not_read_the_sample(tmp_path: Path) -> None:
    assert default_inputs(load_settings(), follow=False) == [SAMPLE_PAGES]
    assert default_inputs(load_settings(), follow=True) == []
    assert default_inputs(load_settings(inputs=[tmp_path]), follow=True) == [tmp_path]


def test_the_sample_is_not_mixed_into_somebodys_own_articles(tmp_path: Path) -> None:
    assert default_inputs(load_settings(), follow=False, has_own=True) == []
    assert default_inputs(load_settings(inputs=[tmp_path]), follow=False, has_own=True) == [tmp_path]
    settings = load_settings(home=tmp_path / "home")
    warehouse = Warehouse.from_settings(settings)
    assert not keeps_own(warehouse)
    read_into(warehouse, settings, [SAMPLE_PAGES / "digest"], "first")
    assert not keeps_own(warehouse), "the sample alone"
    (tmp_path / "own.txt").write_text(
        "Bridge reopens\n\nThe bridge at Halden reopened on Monday, the harbour office said.", "utf-8"
    )
    read_into(warehouse, settings, [tmp_path / "own.txt"], "second")
    assert keeps_own(warehouse)


def test_outlets_are_not_followed_unless_told_to() -> None:
    settings = load_settings()
    assert (settings.follow, settings.allow_private) == (False, False)
    assert settings.delay_seconds >= 1


def test_the_settings_reach_the_fetcher() -> None:
    settings = load_settings(
        delay_seconds=3, total_seconds=7, max_redirects=1, refetch_hours=[2], user_agent="Desk", hosts_at_once=3
    )
    with make_fetcher(settings) as fetcher:
        limits = fetcher.limits
        assert (limits.delay_seconds, limits.total_seconds, limits.max_redirects, fetcher.agent) == (3, 7, 1, "Desk")
        assert limits.max_bytes == settings.max_document_bytes
    assert (make_policy(settings).refetch_hours, make_policy(settings).hosts_at_once) == ((2,), 3)
