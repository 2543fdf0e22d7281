"""Signals: what was weighed when a pair was called a contradiction, kept in its row so that every score can be explained."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

#: Signal -> its value and what it adds to the log-odds; None where nothing was added up.
Signals = Mapping[str, tuple[float, float | None]]

#: What is seen of a sentence alone; of a pair, both together and how they differ.
_OF_EACH: Final = {
    "words": "words of the sentence (logarithm)",
    "quotes": "a quotation in it",
    "cites": "a source that it cites",
    "denies": "whether it denies",
    "negates": "whether it negates",
    "argues": "whether it argues against somebody",
    "names": "names in it (logarithm)",
    "values": "values in it (logarithm)",
    "moments": "days and times in it (logarithm)",
    "accuses": "whether it accuses",
    "alleges": "whether it alleges something",
    "supposes": "whether it supposes something",
    "expects": "whether it is about what is to come",
}
#: What each signal is, for whoever asks why.
MEANINGS: Final[Mapping[str, str]] = {
    "constant": "where the model starts from: most pairs are no contradiction",
    "cosine": "how alike the words of the two are",
    "contained": "how much of the shorter stands in the longer",
    "shared_names": "names that both have",
    "shared_words": "words that both have",
    "one_contests": "one contests something",
    "one_calls_false": "one calls something false",
    "one_denying_phrase": "one has a denying phrase",
    "both_contest": "both deny something",
    "one_denies_x_contained": "one denies, and much of the shorter stands in the longer",
    "one_denies_x_cosine": "one denies, and the two are alike",
    "denied_and_alleged": "one denies what the other alleges",
    "one_alleges": "one alleges something",
    "one_negates": "one negates, the other does not",
    "one_negates_x_contained": "one negates, and much of the shorter stands in the longer",
    "both_negate": "both negate",
    "crossed": "words that one negates and the other affirms",
    "crossed_share": "how much of what one negates the other affirms",
    "negated_alike": "words that both negate",
    "opposites": "pairs of opposite words",
    "opposites_x_cosine": "opposite words in sentences that are alike",
    "one_argues": "one argues against somebody",
    "both_argue": "both argue against somebody",
    "both_cited": "both cite a source",
    "one_cited": "one cites a source, the other speaks for itself",
    "same_speaker": "both cite the same named speaker",
    "two_speakers": "the two cite different named speakers",
    "reader_denies": "in one, whoever is cited denies",
    "reader_denies_x_contained": "in one, whoever is cited denies, and much of the shorter stands in the longer",
    "one_expects": "one is about what is to come, the other is not",
    "number_conflict": "how surely two numbers of one slot cannot both hold",
    "number_agrees": "how surely two numbers of one slot agree",
    "day_conflict": "how surely two days of one event cannot both hold",
    "day_agrees": "how surely two days of one event agree",
    "asks": "one asks a question",
    "numbers_differ": "both give numbers of like things, and none meet",
    "numbers_meet": "both give numbers of like things, and some meet",
    "days_differ": "both give days or times, and none meet",
    "days_meet": "both give days or times, and some meet",
    "polarity_apart": "the claims of the one are negated, those of the other are not",
    "hops": "actors between the outlet and what is claimed, on the side that has more",
    "news_contradiction": "the cross-encoder: odds of a contradiction",
    "news_update": "the cross-encoder: odds of an update",
    "news_corroboration": "the cross-encoder: odds of a corroboration",
    "news_unrelated": "the cross-encoder: odds of no relation",
    "nli_contradiction": "the cross-encoder: odds that one contradicts the other, by public pairs",
    "nli_contradiction_max": "the same, in the order in which it is greater",
    "nli_entailment_max": "the cross-encoder: odds that one follows from the other, in the order in which they are greater",
    "nli_entailment_min": "the same, in the order in which they are less",
    "likely": "the cross-encoder: odds of a contradiction between sentences met by a search",
    "near": "how near the two are by their words, among all of the two articles",
    "near_squared": "the same, squared",
    "rank_least": "rank of the one among the likes of the other, the better of the two ranks (logarithm)",
    "rank_most": "the same, the worse of the two ranks",
    "below_best_least": "how far the two are from the best match that either has, at least",
    "below_best_most": "the same, at most",
    "place_first": "how far down its article the sentence that stands higher is (logarithm)",
    "place_last": "the same of the one that stands lower",
    "depth": "how far down their articles both are, together",
    "depth_most": "the same of the one that stands lower",
    "one_leads": "one is of the lead of its article",
    "both_lead": "both are of the leads of their articles",
    "asked_odds": "log-odds of a contradiction by what is cheap to see, before the cross-encoder was asked",
    "asked_rank": "rank of the pair by that, among those of the two articles (logarithm)",
    "likely_rank": "rank of the pair by the cross-encoder, among those of the two articles (logarithm)",
    "above_rivals_least": "how far it is likelier than the other pairs of either sentence, at least",
    "above_rivals_most": "the same, at most",
    "likeliest": "the cross-encoder: odds of the likeliest pair of the two articles",
    "below_likeliest": "how far this pair is from the likeliest",
    "given_odds": "log-odds of a contradiction by the final model of given pairs",
    "given_rank": "rank of the pair by that, among those of the two articles (logarithm)",
    "below_best_given": "how far this pair is from the likeliest by that",
    "likely_others": "other pairs of the two articles that are likely (logarithm)",
    **{f"{name}_both": f"{what}: both together" for name, what in _OF_EACH.items()},
    **{f"{name}_apart": f"{what}: the difference of the two" for name, what in _OF_EACH.items()},
}


def meaning_of(name: str) -> str | None:
    """What a signal is, also the product of two (``this*that``); None for one of another version."""
    meanings = [MEANINGS.get(one) for one in name.split("*")]
    return ", times ".join(one for one in meanings if one) if all(meanings) else None


def as_json(weighed: Signals | None) -> str | None:
    """A JSON object of signal -> [value, share], in the order given, rounded to what a reader can use."""
    if weighed is None:
        return None
    rounded = {name: [round(value, 4), None if share is None else round(share, 5)] for name, (value, share) in weighed.items()}
    return json.dumps(rounded, separators=(",", ":"))
