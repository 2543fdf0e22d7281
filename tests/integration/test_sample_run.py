"""The main job on the sample: what a newcomer sees, and what an analyst may rely on."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from pipelines.explain import explain
from pipelines.settings import PROJECT_ROOT, load_settings
from pipelines.warehouse import query_published
from tests.integration.conftest import assert_same_state, command_line, state
from tests.readme import README, sections, with_sections
from tests.unit.models.test_endpoint import serving

Query = Callable[[str], pl.DataFrame]
Run = tuple[Path, subprocess.CompletedProcess[str]]


def test_the_run_ends_with_the_contradictions_per_outlet_and_where_to_look_next(sample_run: Run) -> None:
    home, result = sample_run
    assert result.returncode == 0, result.stderr
    assert "Contradictions per outlet" in result.stdout
    assert "Northwire" in result.stdout
    assert str(home / "published" / "counterclaim.duckdb") in result.stdout
    assert "counterclaim ui" in result.stdout
    for room in ("acquire", "clean", "read", "normalise", "compare", "count", "publish"):
        assert f"{room}: " in result.stderr


def test_the_examples_of_the_readme_are_what_the_sample_gives(sample_run: Run) -> None:
    text = README.read_text(encoding="utf-8")
    assert with_sections(text, sections(sample_run[0])) == text, "run `make readme` and read what changed"


def test_every_file_of_the_sample_is_accounted_for(sample: Query) -> None:
    files = [path for path in (PROJECT_ROOT / "data" / "sample" / "pages").rglob("*") if path.is_file()]
    fetches = sample("select status, error from raw.fetches")
    assert fetches.height == len(files)
    assert fetches.filter(pl.col("status") != "ok").rows() == []
    assert sample("select count(*) from raw.documents").item() == len(files)


def test_a_digest_gives_each_of_its_articles_to_its_own_outlet(sample: Query) -> None:
    pasted = sample(
        "select f.outlet_id, a.position from marts.fct_articles as f join raw.articles as a using (article_id)"
        " where a.document_id in (select document_id from raw.articles group by 1 having count(*) > 1)"
    )
    assert pasted.height >= 3
    assert pasted["outlet_id"].n_unique() == pasted.height


def test_every_span_is_exactly_the_words_it_stands_for(sample: Query) -> None:
    for table, words in (("claims", "t.text"), ("mentions", "t.surface")):
        wrong = f"substr(a.text, t.char_start + 1, t.char_end - t.char_start) <> {words}"
        assert sample(f"select count(*) from raw.{table} as t join raw.articles as a using (article_id)").item() > 100
        assert (
            sample(f"select count(*) from raw.{table} as t join raw.articles as a using (article_id) where {wrong}").item() == 0
        )
    for table in ("attributions", "quantities", "times"):
        inside = "t.char_start >= 0 and t.char_end > t.char_start and t.char_end <= length(a.text)"
        joined = f"from raw.{table} as t join raw.claims as c using (claim_id) join raw.articles as a using (article_id)"
        assert sample(f"select count(*) {joined}").item() > 10
        assert sample(f"select count(*) {joined} where not ({inside})").item() == 0


def test_wire_copy_points_at_the_agency_and_its_claims_count_once(sample: Query) -> None:
    copies = sample(
        "select c.outlet_id as copied_by, o.outlet_id as origin from marts.fct_articles as c"
        " join marts.fct_articles as o on o.article_id = c.origin_id where c.is_syndicated"
    )
    assert copies.height >= 3
    assert set(copies["origin"]) == {"northwire"}
    compared = sample(
        "select count(*) from analysis.claim_relations as r join raw.claims as c on c.claim_id in (r.claim_a_id, r.claim_b_id)"
        " join raw.articles as a using (article_id) where a.origin_id <> a.article_id"
    )
    assert compared.item() == 0


def test_an_article_that_changed_is_two_versions_and_only_the_last_counts(sample: Query) -> None:
    versions = sample(
        "select canonical_url, max(version_no) as n, sum(is_current::int) as current from raw.articles"
        " where canonical_url is not null group by 1"
    )
    assert versions.filter(pl.col("n") == 2).height == 3
    assert set(versions["current"]) == {1}


def test_contradictions_join_different_outlets_and_name_who_says_what(sample: Query) -> None:
    rows = sample("select * from marts.fct_contradictions")
    assert rows.height >= 10
    assert rows.filter(pl.col("outlet_a_id") == pl.col("outlet_b_id")).is_empty()
    assert {"number", "denial"} <= set(rows["kind"])
    assert set(rows["level"]) == {"outlet", "source"}
    assert rows["score"].is_between(0, 1).all()


def test_a_rate_has_a_denominator_or_is_null(sample: Query) -> None:
    rows = sample("select contradictions, claims_compared, contradiction_rate from marts.outlet_contradictions_daily")
    assert (
        rows.filter(pl.col("claims_compared") == 0)["contradiction_rate"].null_count()
        == rows.filter(pl.col("claims_compared") == 0).height
    )
    counted = rows.filter(pl.col("claims_compared") > 0)
    assert counted.height > 5
    assert (
        counted.select((pl.col("contradiction_rate") - pl.col("contradictions") / pl.col("claims_compared")).abs().max()).item()
        < 1e-9
    )


def test_what_is_published_opens_and_says_what_its_columns_mean(sample_run: Run) -> None:
    home, _ = sample_run
    result = command_line("sql", "select count(*) as n from fct_claims", "--format", "json", "--home", home)
    assert json.loads(result.stdout)["n"] > 100
    undescribed = command_line(
        "sql", "select table_name, column_name from duckdb_columns() where comment is null and not internal", "--format", "csv",
        "--home", home,
    )  # fmt: skip
    assert undescribed.stdout.splitlines() == ["table_name,column_name"]
    marts = {path.stem for path in (home / "published" / "marts").glob("*.parquet")}
    assert {"fct_contradictions", "outlet_contradictions_daily", "source_reliance"} <= marts


def test_a_contradiction_is_explained_in_context_with_whose_word_it_is(sample_run: Run, sample: Query) -> None:
    home, _ = sample_run
    settings = load_settings(home=home)
    ids = sample("select contradiction_id from marts.fct_contradictions")["contradiction_id"]
    texts = dict(sample("select article_id, text from raw.articles").iter_rows())
    for contradiction_id in ids:
        made = explain(settings, contradiction_id)
        assert made["decided_by"] in ("rules", "model")
        assert made["signals"]
        if made["decided_by"] == "model":
            assert 1 / (1 + math.exp(-made["log_odds"])) == pytest.approx(made["score"], abs=0.001)
        for side in made["sides"]:
            assert side["text"] in side["sentence"]
            around = [words for words in (side["before"], side["sentence"], side["after"]) if words]
            at = [texts[side["article_id"]].index(words) for words in around]
            assert at == sorted(at)
            assert len([hop["actor"] for hop in side["hops"]]) == side["attribution_path"].count(" > ")


def test_explain_on_the_command_line_prints_both_sides_and_says_where_ids_are_found(sample_run: Run, sample: Query) -> None:
    home, _ = sample_run
    [row] = sample(
        "select contradiction_id, text_a, text_b from marts.fct_contradictions where kind = 'denial' order by score desc limit 1"
    ).to_dicts()
    told = command_line("explain", row["contradiction_id"], "--home", home)
    assert told.returncode == 0, told.stderr
    flat = " ".join(told.stdout.split())
    for words in (row["text_a"], row["text_b"], "On the word of: ", "Slot: denial|", "not reviewed"):
        assert " ".join(words.split()) in flat
    made = json.loads(command_line("explain", row["contradiction_id"], "--json", "--home", home).stdout)
    assert [side["text"] for side in made["sides"]] == [row["text_a"], row["text_b"]]
    unknown = command_line("explain", "no-such-id", "--home", home)
    assert unknown.returncode == 2
    assert "no-such-id is no contradiction_id" in unknown.stderr
    assert "fct_contradictions" in unknown.stderr
    nowhere = command_line("explain", row["contradiction_id"], "--home", home / "nowhere")
    assert nowhere.returncode == 2
    assert "nothing has been published" in nowhere.stderr


def test_sql_that_is_wrong_says_so_in_a_line_and_exits_2(sample_run: Run) -> None:
    result = command_line("sql", "select nothing from nowhere", "--home", sample_run[0])
    assert result.returncode == 2
    assert "nowhere" in result.stderr
    assert "Traceback" not in result.stderr


def test_dbt_parses_the_project_once_for_all_its_steps(sample_run: Run) -> None:
    home, _ = sample_run
    log = (home / "logs" / "run.log").read_text(encoding="utf-8")
    assert log.count("Running with dbt=") == 2
    assert "full parse" not in log


def test_the_same_run_again_changes_no_id_and_adds_no_row(sample_run: Run, sample: Query) -> None:
    home, _ = sample_run
    sample("select 1")
    before = state(home)
    again = command_line("run", "--home", home)
    assert again.returncode == 0, again.stderr
    assert_same_state(before, state(home))


def test_what_a_person_dismissed_is_dismissed_again_in_a_warehouse_built_from_nothing(sample: Query, tmp_path: Path) -> None:
    # The sample stands for the later state: 66 more articles than the two that are read here, in another home.
    pages = ["northwire/varda-central-bank-cuts-rate.html", "varda-today/central-bank-confirms-recovery.html"]
    of_both = sample(
        "select c.contradiction_id from marts.fct_contradictions as c"
        " join marts.fct_articles as a on c.article_a_id = a.article_id"
        " join marts.fct_articles as b on c.article_b_id = b.article_id"
        " where a.url like '%varda-central-bank-cuts-rate' and b.url like '%central-bank-confirms-recovery'"
        " order by 1"
    )["contradiction_id"].to_list()
    project, home = tmp_path / "project", tmp_path / "home"
    for name in ("pipelines", "dbt_project"):
        shutil.copytree(PROJECT_ROOT / name, project / name, ignore=shutil.ignore_patterns("__pycache__", "target", "logs"))
    (project / "data").symlink_to(PROJECT_ROOT / "data")
    with (project / "dbt_project" / "seeds" / "reviews.csv").open("a", encoding="utf-8") as reviews:
        reviews.write(f"{of_both[0]},dismissed,a reader,2026-03-20,another count\n")
    inputs = [PROJECT_ROOT / "data" / "sample" / "pages" / page for page in pages]
    # An endpoint that refuses to answer costs a message, and nothing else.
    with serving(lambda _: (401, {}, b"who are you?")) as server:
        built = command_line("run", "--input", *inputs, "--home", home, project=project, COUNTERCLAIM_ENDPOINT_URL=server.url,
                             COUNTERCLAIM_ENDPOINT_MODEL="tiny", COUNTERCLAIM_ENDPOINT_BAND="1")  # fmt: skip
    assert built.returncode == 0, built.stderr
    assert "compare: endpoint:tiny: 1 asked" in built.stderr
    assert "HTTP 401 (who are you?)" in " ".join(built.stderr.split())
    rows = query_published(load_settings(home=home).published, "from fct_contradictions order by contradiction_id")
    # What else is told may depend on the story's other articles (rare words weigh more); what is told has the same id.
    assert of_both[0] in rows["contradiction_id"]
    assert set(rows["contradiction_id"]) <= set(of_both)
    assert rows.filter(pl.col("review_status") == "dismissed")["contradiction_id"].to_list() == of_both[:1]
    assert rows.filter(~pl.col("is_counted"))["contradiction_id"].to_list() == of_both[:1]
    told = explain(load_settings(home=home), of_both[0])
    assert (told["review_status"], told["is_counted"]) == ("dismissed", False)


@pytest.mark.parametrize("query", ["from fct_contradictions limit 1", "from outlet_coverage_daily limit 1"])
def test_the_queries_that_the_run_suggests_work(sample_run: Run, query: str) -> None:
    assert command_line("sql", query, "--home", sample_run[0]).returncode == 0
