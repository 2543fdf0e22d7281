"""The whole pipeline as a measuring instrument: records in, a warehouse out, in a home of its own."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from pipelines.settings import load_settings
from pipelines.warehouse import Warehouse


def run_on_records(records: Iterable[Mapping[str, object]], folder: Path) -> Warehouse:
    """Run ``counterclaim run`` on ``records`` (fields as for --input) under ``folder``; gives the filled warehouse.

    A child process, so that nothing of this process's settings leaks in.

    Raises:
        RuntimeError: the run failed; the message ends with what it said.
    """
    folder.mkdir(parents=True, exist_ok=True)
    source = folder / "records.jsonl"
    with source.open("w", encoding="utf-8") as stream:
        stream.writelines(json.dumps(dict(record), ensure_ascii=False) + "\n" for record in records)
    home = folder / "home"
    command = [sys.executable, "-m", "pipelines.cli", "run", "--input", str(source), "--home", str(home)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COUNTERCLAIM_")}
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if result.returncode:
        raise RuntimeError(f"the run on {source} failed: {result.stderr[-2000:]}")
    return Warehouse.from_settings(load_settings(home=home))


def text_sha256(text: str) -> str:
    """What ``raw.documents.content_sha256`` is for a record with this ``text``: by it a measure finds its article again."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def stored_texts(warehouse: Warehouse) -> dict[str, tuple[str, str]]:
    """SHA-256 of the text given -> article id and the text as stored."""
    rows = warehouse.read(
        "select d.content_sha256, a.article_id, a.text from raw.articles as a join raw.documents as d using (document_id)"
    )
    return {sha: (article_id, text) for sha, article_id, text in rows.iter_rows()}
