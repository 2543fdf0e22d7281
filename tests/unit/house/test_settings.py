"""Settings: from the command line, the environment and one file, in that order, and never silently wrong."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipelines.settings import SettingsError, export_models, load_settings


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_the_command_line_wins_over_the_environment_and_that_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "counterclaim.toml").write_text('workers = 3\nbatch_documents = 7\nhome = "from-file"\n')
    monkeypatch.setenv("COUNTERCLAIM_WORKERS", "5")
    monkeypatch.setenv("COUNTERCLAIM_HOME", "from-environment")
    settings = load_settings(home=Path("given"))
    assert settings.home == tmp_path / "given"
    assert (settings.workers, settings.batch_documents) == (5, 7)
    assert load_settings().home == tmp_path / "from-environment"


def test_everything_that_a_run_writes_lies_under_home(tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path / "elsewhere")
    for path in (settings.warehouse, settings.published, settings.pages, settings.dagster_home, settings.dbt_target):
        assert path.is_relative_to(tmp_path / "elsewhere")


@pytest.mark.parametrize(
    ("text", "named"), [("workers = 0", "workers"), ('workers = "many"', "workers"), ("wrokers = 2", "wrokers")]
)
def test_an_unusable_setting_is_named_with_its_file(tmp_path: Path, text: str, named: str) -> None:
    (tmp_path / "counterclaim.toml").write_text(text)
    with pytest.raises(SettingsError, match=named) as caught:
        load_settings()
    assert "counterclaim.toml" in str(caught.value)


def test_a_settings_file_that_is_named_must_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNTERCLAIM_CONFIG", "nowhere.toml")
    with pytest.raises(SettingsError, match=r"nowhere\.toml, which is no file"):
        load_settings()


def test_no_endpoint_is_set_and_one_needs_a_model(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not load_settings().endpoint_url
    monkeypatch.setenv("COUNTERCLAIM_ENDPOINT_URL", "http://127.0.0.1:8080/v1")
    with pytest.raises(SettingsError, match="endpoint_model is not: name the model"):
        load_settings()
    monkeypatch.setenv("COUNTERCLAIM_ENDPOINT_MODEL", "tiny")
    assert load_settings().endpoint_model == "tiny"


@pytest.mark.parametrize("url", ["127.0.0.1:8080/v1", "ftp://judge.example", "https://", "https://key@judge.example/v1"])
def test_an_endpoint_is_a_web_address_that_holds_no_secret(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("COUNTERCLAIM_ENDPOINT_URL", url)
    monkeypatch.setenv("COUNTERCLAIM_ENDPOINT_MODEL", "tiny")
    with pytest.raises(SettingsError, match="endpoint_url"):
        load_settings()


def test_the_choice_of_models_reaches_the_processes_that_load_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNTERCLAIM_ENTAILMENT", "large")
    monkeypatch.setenv("COUNTERCLAIM_TAGGER", "~/tagger")
    export_models(load_settings())
    assert os.environ["COUNTERCLAIM_ENTAILMENT"] == str(tmp_path / "large")
    assert os.environ["COUNTERCLAIM_TAGGER"] == str(Path("~/tagger").expanduser())
