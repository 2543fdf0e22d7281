"""The sample that ships: what is committed is what its source makes, and its gold holds what it says."""

import csv
import dataclasses
import gzip
import importlib.util
import json
import re
import sys
from collections import Counter
from pathlib import Path

import pytest
import trafilatura

from pipelines.read.sentences import split_sentences

SAMPLE = Path(__file__).resolve().parents[3] / "data" / "sample"


def _load_builder():
    spec = importlib.util.spec_from_file_location("build_sample", SAMPLE / "build_sample.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["build_sample"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


build = _load_builder()


@pytest.fixture(scope="module")
def source():
    return build.load_source()


@pytest.fixture(scope="module")
def files(source):
    return build.render(source)


@pytest.fixture(scope="module")
def gold_articles():
    with gzip.open(SAMPLE / "gold" / "articles.jsonl.gz", "rt", encoding="utf-8") as lines:
        return {record["article_id"]: record for record in map(json.loads, lines)}


@pytest.fixture(scope="module")
def gold_pairs():
    return [json.loads(line) for line in (SAMPLE / "gold" / "pairs.jsonl").read_text("utf-8").splitlines()]


def sides(pairs):
    return [pair[side] for pair in pairs for side in ("a", "b")]


# What is committed


def test_committed_files_are_what_the_source_makes(files):
    assert build.differences(files) == [], "run: python data/sample/build_sample.py"


def test_the_same_source_gives_the_same_bytes(source, files):
    assert build.render(build.load_source()) == files
    packed = files["gold/articles.jsonl.gz"]
    assert packed[3] == 0, "no file name in the gzip header"
    assert packed[4:8] == b"\0\0\0\0", "no time in the gzip header"


def test_a_missing_changed_or_superfluous_page_is_found(files, tmp_path):
    for path, content in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    assert build.differences(files, tmp_path) == []
    pages = [path for path in files if path.endswith(".html")]
    (tmp_path / pages[0]).unlink()
    (tmp_path / pages[1]).write_bytes(files[pages[1]] + b" ")
    (tmp_path / "pages" / "old.html").write_text("left over")
    assert build.differences(files, tmp_path) == sorted([pages[0], pages[1], "pages/old.html"])


def test_enough_outlets_families_stories_and_pages(source, files):
    families = Counter(outlet.publisher_family for outlet in source.outlets.values() if not outlet.is_wire_agency)
    assert len(source.outlets) >= 8
    assert sum(count > 1 for count in families.values()) >= 3, "publishers with several outlets"
    assert sum(count == 1 for count in families.values()) >= 2, "independent outlets"
    assert any(outlet.is_wire_agency for outlet in source.outlets.values())
    assert {outlet.layout for outlet in source.outlets.values()} == set(build.LAYOUTS)
    assert {outlet.has_json_ld for outlet in source.outlets.values()} == {True, False}
    assert len(source.stories) >= 10
    assert sum(path.endswith(".html") for path in files) >= 60


def test_outlets_are_those_of_the_warehouse(source):
    """The seeds name an outlet and its publisher as the pages do, or the warehouse would not know them again."""
    seeds = SAMPLE.parents[1] / "dbt_project" / "seeds"
    with (seeds / "publisher_families.csv").open(encoding="utf-8", newline="") as lines:
        families = {row["publisher_family_id"]: row["name"] for row in csv.DictReader(lines)}
    with (seeds / "sample_outlets.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    known = {
        (r["outlet_id"], r["name"], r["domain"], families[r["publisher_family_id"]], r["is_wire_agency"] == "true") for r in rows
    }
    assert {(o.outlet_id, o.name, o.domain, o.publisher_family, o.is_wire_agency) for o in source.outlets.values()} == known


def test_every_story_is_told_by_several_families(source):
    for story in source.stories:
        outlets = {article.outlet for article in story.articles}
        assert len(outlets) >= 4, story.story
        assert len({source.outlets[name].publisher_family or name for name in outlets}) >= 3, story.story


def test_the_wire_is_reprinted_and_articles_are_updated(source):
    articles = source.articles
    reprints = [article for article in articles.values() if article.copy_of]
    updated = [article for article in articles.values() if article.version_of]
    assert len(reprints) >= 3
    assert len(updated) >= 2
    for article in reprints:
        origin = articles[article.copy_of]
        assert source.outlets[origin.outlet].is_wire_agency, article.id
        assert article.title != origin.title, article.id
        theirs, ours = set(re.findall(r"\w+", origin.text)), set(re.findall(r"\w+", article.text))
        assert 0.6 <= len(theirs & ours) / len(ours) < 1, f"{article.id} is no copy with small edits"
    for article in updated:
        first = articles[article.version_of]
        assert (article.url, article.published_at) == (first.url, first.published_at)
        assert article.paragraphs != first.paragraphs


# Pages


def test_pages_hold_every_paragraph_and_extraction_finds_it_without_the_clutter(source, files):
    for path, article in build._page_paths(source):
        found = trafilatura.extract(files[path].decode(), include_comments=False).split("\n")
        assert [line for line in found if line != article.title] == article.paragraphs, path


def test_pages_say_where_and_when_they_were_published(source, files):
    for path, article in build._page_paths(source):
        metadata = trafilatura.extract_metadata(files[path].decode())
        assert (metadata.url, metadata.title) == (article.url, article.title), path
        assert metadata.date == article.published_at.date().isoformat(), path
        assert metadata.sitename == source.outlets[article.outlet].name, path


def test_titles_carry_the_outlet_and_only_some_pages_json_ld(source, files):
    for path, article in build._page_paths(source):
        page, outlet = files[path].decode(), source.outlets[article.outlet]
        assert re.search(rf"<title>.+ [|–-] {re.escape(outlet.name)}</title>", page), path
        found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page)
        assert bool(found) == outlet.has_json_ld, path
        if found:
            record = json.loads(found.group(1))
            assert record["headline"] == article.title
            assert record["@type"] == "NewsArticle"


def test_no_page_points_to_a_real_site(files):
    allowed = re.compile(r"(?:www\.)?[a-z0-9]+\.example|schema\.org|ogp\.me")
    for path, content in files.items():
        text = gzip.decompress(content) if path.endswith(".gz") else content
        hosts = set(re.findall(r"https?:\\?/\\?/([^/\"'\s<>]+)", text.decode()))
        assert [host for host in hosts if not allowed.fullmatch(host)] == [], path


def test_the_digest_pastes_its_articles_one_after_the_other(source, files):
    pasted = [story for story in source.stories if story.digest]
    assert pasted
    for story in pasted:
        lines = files[build._digest_path(story.digest)].decode().splitlines()
        assert lines[0] == "Wednesday, March 4, 2026"
        assert lines[2] == story.digest.title
        assert [line for line in lines if line][-2:] == ["More...", "No comments:"]
        articles = [source.articles[name] for name in story.digest.articles]
        assert 3 <= len(articles) <= 4
        wanted = [line for article in articles for line in article.lines]
        assert [line for line in lines if line in set(wanted)] == wanted
        assert "VARDA TODAY" in lines
        assert "MIRA OSTEN and JON FELD FOR THE DAILY LANTERN" in lines


# Gold


def test_every_quote_lies_within_one_sentence_of_its_article(gold_articles, gold_pairs):
    problems = []
    for side in sides(gold_pairs):
        text = gold_articles[side["article"]]["text"]
        start = text.find(side["quote"])
        end = start + len(side["quote"])
        around = [sentence for sentence in split_sentences(text) if sentence.start < end and start < sentence.end]
        if start < 0 or len(around) != 1:
            problems.append(f"{side['article']}, {len(around)} sentences: {side['quote']}")
    assert problems == []


def test_gold_articles_have_the_fields_of_the_format(source, gold_articles):
    for record in gold_articles.values():
        assert {"article_id", "event", "outlet", "url", "published_on", "title", "text", "page"} <= record.keys()
        assert record["text"].split("\n", 1)[0] == record["title"]
        assert (SAMPLE / record["page"]).is_file()
    current = {article.version_of or article.id: article.id for article in source.articles.values()}
    assert set(current.values()) <= gold_articles.keys()


def test_every_relation_kind_and_level_occurs(gold_pairs):
    kinds = Counter(pair["kind"] for pair in gold_pairs if pair["relation"] == "contradiction")
    assert {pair["relation"] for pair in gold_pairs} == set(build.RELATIONS)
    assert set(kinds) == set(build.KINDS)
    assert min(kinds.values()) >= 3, kinds
    assert {(pair["relation"] == "contradiction", pair["level"]) for pair in gold_pairs} == {
        (True, "outlet"),
        (True, "source"),
        (False, None),
    }


def test_every_story_has_every_relation(source):
    for story in source.stories:
        assert {pair.relation for pair in story.pairs} == set(build.RELATIONS), story.story


def test_pairs_join_outlets_never_reprints_and_never_twice(gold_articles, gold_pairs):
    seen = Counter()
    for pair in gold_pairs:
        a, b = (gold_articles[pair[side]["article"]] for side in ("a", "b"))
        assert a["event"] == b["event"] == pair["event"]
        assert a["outlet"] != b["outlet"] or (pair["relation"] == "update" and a["url"] == b["url"])
        assert a["copy_of"] is None
        assert b["copy_of"] is None
        seen[pair["relation"], pair["slot"], *sorted([a["article_id"], b["article_id"]])] += 1
    assert [key for key, count in seen.items() if count > 1] == []


# What the builder refuses


def _with_article(source, article_id, **changes):
    stories = [
        dataclasses.replace(
            story,
            articles=[dataclasses.replace(a, **changes) if a.id == article_id else a for a in story.articles],
        )
        for story in source.stories
    ]
    return dataclasses.replace(source, stories=stories)


def _with_pair(source, **changes):
    first, *others = source.stories
    pair = dataclasses.replace(first.pairs[0], **changes)
    return dataclasses.replace(source, stories=[dataclasses.replace(first, pairs=[pair]), *others])


def test_the_source_itself_has_no_problem(source):
    assert list(build.check(source)) == []


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("He spoke on Tuesday, March 2.", "Tuesday, March 2 is a Monday"),
        ("He will speak on Friday the 12th of March.", "is a Thursday"),
        ("He spoke on Monday, February 30.", "no such day"),
        ("Two  spaces.", "double spaces"),
        ("", "empty"),
    ],
)
def test_a_bad_line_is_refused_with_its_file_and_article(source, line, problem):
    paragraphs = [*source.articles["01-meridian-post"].paragraphs, line]
    messages = list(build.check(_with_article(source, "01-meridian-post", paragraphs=paragraphs)))
    assert len(messages) == 1
    assert messages[0].startswith("01-border-summit.yaml, article 01-meridian-post: ")
    assert problem in messages[0]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"outlet": "nobody"}, "not in outlets.yaml"),
        ({"url": "https://news.example/page"}, "its url is no page of https://www.meridianpost.example/"),
        ({"paragraphs": ["Too short."]}, "2 words, not 180 to 380"),
        ({"authors": ["Somebody Else"]}, "author Somebody Else is not in the byline"),
        ({"in_digest": True}, "in_digest have"),
        ({"copy_of": "01-northwire", "byline": None, "authors": []}, "has to credit the agency"),
        ({"version_of": "01-northwire"}, "another url, outlet or published_at than its first version"),
    ],
)
def test_a_bad_article_is_refused(source, changes, problem):
    assert problem in "\n".join(build.check(_with_article(source, "01-meridian-post", **changes)))


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"a": build.Side("01-northwire", "words that are not there")}, "not verbatim"),
        ({"a": build.Side("01-northwire", "the")}, "times"),
        ({"a": build.Side("02-northwire", "Nine dead")}, "no article 02-northwire in this story"),
        ({"b": build.Side("01-northwire", "Kestria has said that its units")}, "joins an outlet with itself"),
        ({"kind": None}, "a contradiction has a kind"),
        ({"relation": "update"}, "only a contradiction has a kind"),
        ({"relation": "quarrel", "kind": None, "level": None}, "relation 'quarrel' is none of"),
    ],
)
def test_a_bad_pair_is_refused_with_its_file_and_number(source, changes, problem):
    messages = list(build.check(_with_pair(source, **changes)))
    assert any(message.startswith("01-border-summit.yaml, pair 1 (") and problem in message for message in messages), messages


def test_a_misspelled_field_is_named(tmp_path):
    (tmp_path / "outlets.yaml").write_bytes((SAMPLE / "source" / "outlets.yaml").read_bytes())
    text = (SAMPLE / "source" / "01-border-summit.yaml").read_text("utf-8")
    (tmp_path / "01-border-summit.yaml").write_text(text.replace("    byline:", "    by_line:", 1), "utf-8")
    with pytest.raises(build.SourceError, match=r"01-border-summit\.yaml, article 01-northwire: unknown field by_line"):
        build.load_source(tmp_path)


# What a reader is told


def test_the_readme_lists_every_outlet_and_story(source):
    readme = (SAMPLE / "README.md").read_text("utf-8")
    missing = [name for name in (*source.outlets, *(story.story for story in source.stories)) if f"`{name}`" not in readme]
    assert missing == []
