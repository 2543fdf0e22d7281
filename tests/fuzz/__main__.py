"""A longer run by hand, or one input again: ``python -m tests.fuzz KIND [--seed N] [--count N] [--only NUMBER]``."""

from __future__ import annotations

import argparse
import faulthandler
import sys
import tempfile
from pathlib import Path

from tests.fuzz.fuzzing import fuzz, peak_megabytes
from tests.fuzz.kinds import KINDS


def main() -> None:
    """Fuzz, print, fail where anything did."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=[*KINDS, "all"])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=1_000)
    parser.add_argument("--only", type=int)
    arguments = parser.parse_args()
    failed = False
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        for kind in KINDS if arguments.kind == "all" else [arguments.kind]:
            numbers = range(arguments.count) if arguments.only is None else [arguments.only]
            faulthandler.dump_traceback_later(600, repeat=True)
            for start in range(0, len(numbers), 200):
                report = fuzz(kind, arguments.seed, numbers[start : start + 200], Path(folder))
                lines = [
                    f"{kind}: {report.inputs} inputs, {dict(report.statuses)}",
                    f"slowest {report.slowest[0]:.2f} s {report.slowest[1]}",
                ]
                lines += report.failures
                sys.stdout.write("\n".join(lines) + f"\n{kind}: {peak_megabytes():.0f} MB\n")
                sys.stdout.flush()
                failed = failed or bool(report.failures)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
