"""The README's examples: made from a run on the sample, and checked against one by tests/integration/test_readme.py.

``python -m tests.readme HOME`` writes them anew from the run under HOME (`make readme`).
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

from pipelines.settings import PROJECT_ROOT

README: Final = PROJECT_ROOT / "README.md"

#: The first five questions of a researcher.
QUESTIONS: Final = (
    (
        "Who contradicts others most, and out of how much that could be compared?",
        """
select o.name as outlet, sum(d.claims_compared) as compared, sum(d.contradictions) as contradictions,
       sum(d.outlet_level) as outlet_level, sum(d.contradictions) / nullif(sum(d.claims_compared), 0) as rate
from outlet_contradictions_daily as d join dim_outlets as o using (outlet_id)
group by all order by rate desc nulls last, outlet limit 5
""",
    ),
    (
        "Which two outlets contradict each other most, beside what they say alike?",
        """
select outlet_a_id, outlet_b_id, shared_stories, corroborations, contradictions
from outlet_pair_contradictions
order by contradictions desc, outlet_a_id, outlet_b_id limit 5
""",
    ),
    (
        "About what, in which words, and on whose word?",
        """
select c.kind, a.attribution_path as path_a, c.text_a, b.attribution_path as path_b, c.text_b
from fct_contradictions as c
join fct_claims as a on a.claim_id = c.claim_a_id join fct_claims as b on b.claim_id = c.claim_b_id
where c.level = 'source' and greatest(a.hop_count, b.hop_count) > 0
order by c.score desc, c.contradiction_id limit 3
""",
    ),
    (
        "Whose word does an outlet rely on without naming anybody?",
        """
select outlet_id, sum(claims) as attributed_claims, sum(anonymous_claims) as anonymous,
       sum(anonymous_claims) / sum(claims) as share
from source_reliance group by all order by share desc, outlet_id limit 5
""",
    ),
    (
        "Who had a story first, and how long did the others take?",
        """
select s.title, c.outlet_id, c.lag_minutes
from story_coverage as c join dim_stories as s using (story_id)
where c.status = 'covered' and s.outlet_count > 3
order by s.first_published_at, s.story_id, c.lag_minutes, c.outlet_id limit 6
""",
    ),
)


def counterclaim(home: Path, *arguments: str) -> str:
    """What ``counterclaim ARGUMENTS`` prints, at the width of the README."""
    result = subprocess.run(
        [sys.executable, "-m", "pipelines.cli", *arguments, "--home", str(home)],
        env={**os.environ, "COLUMNS": "118"},
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return "\n".join(line.rstrip() for line in result.stdout.strip("\n").splitlines())


def sections(home: Path) -> dict[str, str]:
    """The made sections of the README, by name."""
    report = counterclaim(home, "report").split("Where to look next")[0].rstrip()
    questions = [
        f"**{question}**\n\n```sql\n{query.strip()}\n```\n\n```text\n{counterclaim(home, 'sql', query)}\n```"
        for question, query in QUESTIONS
    ]
    return {"run": f"The run ends with this:\n\n```text\n{report}\n```", "queries": "\n\n".join(questions)}


def with_sections(text: str, made: dict[str, str]) -> str:
    """``text`` with the made sections between their markers."""
    for name, section in made.items():
        marked = re.compile(rf"(<!-- {name}:start -->\n).*?(<!-- {name}:end -->)", re.DOTALL)
        text, count = marked.subn(lambda match, section=section: f"{match[1]}{section}\n{match[2]}", text)
        if count != 1:
            raise ValueError(f"{README} has no place for {name}")
    return text


if __name__ == "__main__":
    README.write_text(with_sections(README.read_text(encoding="utf-8"), sections(Path(sys.argv[1]))), encoding="utf-8")
