"""Average linkage over scored pairs: groups of articles whose mean log-odds of being one event reach a threshold.

Linkage runs inside connected components of the pairs that reach the threshold, which changes nothing (two groups can only
join if one pair across them reaches it) and keeps the work sparse.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import scipy.sparse as sp
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse.csgraph import connected_components

from pipelines.compare.story_features import Floats, Ints

#: Mean log-odds between two groups from which they are one story. Two events told as one cost a comparison that finds
#: nothing, one event told as two costs every contradiction in it: hence below even odds. B-cubed F1 on the train sets is
#: flat from -1 to -2.
THRESHOLD: Final = -2.0
#: Log-odds of a pair that was never scored: too far apart in time, or hardly a word in common; and of the surest.
_NEVER, _SUREST = -13.0, 12.0
#: Largest group that linkage gets whole (a matrix of 8 bytes a cell); a larger one is first cut at a higher threshold.
_MOST_LINKED: Final = 3_000


def connected(size: int, left: Ints, right: Ints) -> Ints:
    """The number of the connected component of each of ``size`` rows."""
    graph = sp.coo_matrix((np.ones(len(left), np.int8), (left, right)), shape=(size, size))
    _, component = connected_components(graph, directed=False)
    return np.asarray(component, np.int64)


def link(size: int, left: Ints, right: Ints, scores: Floats) -> Ints:
    """A label for each of ``size`` rows, the smallest row of its group; pairs not named count as never scored."""
    labels = np.arange(size, dtype=np.int64)
    pending: list[tuple[Ints, float]] = [(np.arange(size, dtype=np.int64), THRESHOLD)]
    inside = np.full(size, -1, dtype=np.int64)
    while pending:
        members, least = pending.pop()
        inside[:] = -1
        inside[members] = np.arange(len(members))
        here = (inside[left] >= 0) & (inside[right] >= 0) & (scores >= least)
        component = connected(len(members), inside[left[here]], inside[right[here]])
        order = np.argsort(component, kind="stable")
        parts = np.split(members[order], np.flatnonzero(np.diff(component[order])) + 1)
        pending.extend((np.sort(part), least + 0.5) for part in parts if len(part) > _MOST_LINKED)
        small = [np.sort(part) for part in parts if 1 < len(part) <= _MOST_LINKED]
        _link_parts(small, left, right, scores, labels)
    return labels


def _link_parts(parts: list[Ints], left: Ints, right: Ints, scores: Floats, labels: Ints) -> None:
    """Average linkage inside each of ``parts``; writes the smallest member's number as the label of each group."""
    if not parts:
        return
    where = np.full(len(labels), -1, dtype=np.int64)
    place = np.zeros(len(labels), dtype=np.int64)
    for number, part in enumerate(parts):
        where[part] = number
        place[part] = np.arange(len(part))
    inner = np.flatnonzero((where[left] >= 0) & (where[left] == where[right]))
    inner = inner[np.argsort(where[left[inner]], kind="stable")]
    ends = np.searchsorted(where[left[inner]], np.arange(len(parts) + 1))
    for number, part in enumerate(parts):
        chosen = inner[ends[number] : ends[number + 1]]
        # Distance: how far a pair's log-odds lie below the surest. Condensed index of i < j is i*(2n-i-1)/2 + j-i-1.
        count = len(part)
        distances = np.full(count * (count - 1) // 2, _SUREST - _NEVER)
        i, j = place[left[chosen]], place[right[chosen]]
        distances[i * (2 * count - i - 1) // 2 + j - i - 1] = np.clip(_SUREST - scores[chosen], 0, _SUREST - _NEVER)
        groups = fcluster(linkage(distances, "average"), _SUREST - THRESHOLD, "distance")
        for group in np.unique(groups):
            together = part[groups == group]
            labels[together] = together.min()
