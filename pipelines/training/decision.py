"""Fitting the final model: a logistic regression over the cross-encoder's odds, values, denials and words.

Its inputs are cross-fitted (the encoder never saw the stories whose pairs it gives odds for), and so is what is said of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, precision_recall_curve
from sklearn.model_selection import GroupKFold

Floats = npt.NDArray[np.float64]
_STRENGTHS: Final = (0.003, 0.01, 0.03)
_FOLDS: Final = 5


def fit_decision(
    rows: Sequence[Mapping[str, float]],
    truth: Sequence[bool],
    groups: Sequence[str],
    *,
    least_precision: float | None = None,
    strengths: Sequence[float] = _STRENGTHS,
) -> tuple[dict[str, Any], Floats]:
    """Weights on the signals as they are, the threshold, and the cross-validated probability of each row.

    Args:
        rows: the signals of each pair; all with the same names.
        truth: whether each is a contradiction.
        groups: the story of each, kept together in cross-validation.
        strengths: of the penalty, the best of which is taken (scikit-learn's ``C``).
        least_precision: the threshold is the lowest with at least this cross-validated precision; None: the one of the best F1.

    Returns:
        ``{"weights": {signal: weight, "constant": ...}, "from": threshold, ...}`` and the probabilities.
    """
    names = sorted(rows[0])
    table = np.asarray([[row[name] for name in names] for row in rows], float)
    known = np.asarray(truth, bool)
    mean, spread = table.mean(0), table.std(0)
    spread[spread < 1e-6] = np.inf
    scaled = (table - mean) / spread
    tried = {strength: _cross_validated(scaled, known, groups, strength) for strength in strengths}
    best = max(tried, key=lambda strength: average_precision_score(known, tried[strength]))
    model = LogisticRegression(C=best, max_iter=2000).fit(scaled, known)
    weights = model.coef_[0] / spread
    constant = float(model.intercept_[0] - (weights * mean).sum())
    threshold = _threshold(known, tried[best], least_precision)
    judged = tried[best] >= threshold
    made: dict[str, Any] = {
        "weights": {"constant": round(constant, 5)} | {n: round(float(w), 5) for n, w in zip(names, weights, strict=True) if w},
        "from": round(threshold, 4),
        "pairs": len(rows),
        "strength": best,
        "cross_validated": {
            "average_precision": round(float(average_precision_score(known, tried[best])), 4),
            "precision": round(float(known[judged].mean()) if judged.any() else 0.0, 4),
            "recall": round(float(judged[known].mean()), 4),
        },
    }
    return made, tried[best]


def _cross_validated(table: Floats, truth: npt.NDArray[np.bool_], groups: Sequence[str], strength: float) -> Floats:
    found = np.zeros(len(truth))
    for train, held in GroupKFold(_FOLDS).split(table, truth, groups):
        model = LogisticRegression(C=strength, max_iter=2000).fit(table[train], truth[train])
        found[held] = model.predict_proba(table[held])[:, 1]
    return found


def _threshold(truth: npt.NDArray[np.bool_], score: Floats, least_precision: float | None) -> float:
    precision, recall, thresholds = precision_recall_curve(truth, score)
    precision, recall = precision[:-1], recall[:-1]
    if least_precision is None:
        return float(thresholds[np.argmax(2 * precision * recall / np.maximum(1e-9, precision + recall))])
    good = np.flatnonzero(precision >= least_precision)
    return float(thresholds[good[np.argmax(recall[good])]]) if len(good) else 0.99
