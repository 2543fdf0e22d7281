"""What the tagger learns from: documents under other names."""

from __future__ import annotations

import random

from pipelines.training.tagger_data import swap_names


def test_names_stand_under_one_other_of_their_type_throughout_a_document() -> None:
    sentences = [
        {"tokens": ["Ida", "Varga", "met", "Halmar", "Board", "in", "Oslo", "on", "Monday"],
         "tags": ["B-Person", "I-Person", "O", "B-Organization", "I-Organization", "O", "B-Location", "O", "B-Date"]},
        {"tokens": ["Varga", "left", "Oslo", "."], "tags": ["B-Person", "O", "B-Location", "O"]},
    ]  # fmt: skip
    known = {"Person": [("Cem", "Adan")], "Organization": [("Port", "of", "Alma")], "Location": [("Lund",)]}
    first, second = swap_names(sentences, known, 1.0, random.Random(0))
    assert first["tokens"] == ["Cem", "Adan", "met", "Port", "of", "Alma", "in", "Lund", "on", "Monday"]
    assert first["tags"] == [
        "B-Person", "I-Person", "O", "B-Organization", "I-Organization", "I-Organization", "O", "B-Location", "O", "B-Date",
    ]  # fmt: skip
    assert second["tokens"] == ["Adan", "left", "Lund", "."]
    assert sentences[0]["tokens"][0] == "Ida"
    # With some share a surname goes with the whole name, whichever of them comes first.
    for seed in range(40):
        first, second = swap_names(sentences, known, 0.5, random.Random(seed))
        assert (first["tokens"][:2], second["tokens"][0]) in ((["Ida", "Varga"], "Varga"), (["Cem", "Adan"], "Adan"))
    # With no share nothing changes.
    assert swap_names(sentences, known, 0.0, random.Random(0)) == sentences
