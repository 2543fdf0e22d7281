"""An endpoint that is asked: a small stand-in server on loopback, and everything that such servers do."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from pipelines.models.endpoint import Endpoint

RULING = {"relation": "update", "kind": None, "certainty": 0.7}
PAIRS = [(f'{{"sentence": "The quay holds {n} ships."}}', '{"sentence": "It holds none."}') for n in range(6)]
Reply = tuple[int, dict[str, str], bytes]


def said(content: Any) -> Reply:
    """An answer as such servers wrap it."""
    text = content if isinstance(content, str) else json.dumps(content)
    return 200, {}, json.dumps({"choices": [{"message": {"role": "assistant", "content": text}}]}).encode()


@dataclass
class Server:
    """What was asked, and where."""

    url: str = ""
    requests: list[dict[str, Any]] = field(default_factory=list)


@contextmanager
def serving(reply: Callable[[int], Reply]) -> Iterator[Server]:
    """A server that gives its n-th reply to whoever posts."""
    server = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            server.requests.append({"path": self.path, "headers": dict(self.headers), "body": json.loads(body)})
            status, headers, answer = reply(len(server.requests))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: Any) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, *_: Any) -> None:
            """Who asked hung up: some tests do."""

    with Quiet(("127.0.0.1", 0), Handler) as listening:
        server.url = f"http://127.0.0.1:{listening.server_address[1]}/v1"
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            listening.shutdown()


def read(answer: Any) -> dict[str, Any] | None:
    return answer if isinstance(answer, dict) and "relation" in answer else None


def endpoint(server: Server, folder: Path, **given: Any) -> Endpoint:
    return Endpoint(server.url, "tiny", folder / "answers.jsonl", **{"wait_seconds": 0.0, "answer_seconds": 5.0} | given)


def test_a_question_is_what_such_servers_expect_and_carries_the_key(tmp_path: Path) -> None:
    with serving(lambda _: said(RULING)) as server:
        made = endpoint(server, tmp_path, key="secret")
        assert made.answers("Judge.", PAIRS[:1], read) == {0: RULING}
    [request] = server.requests
    assert request["path"] == "/v1/chat/completions"
    assert request["headers"]["Authorization"] == "Bearer secret"
    body = request["body"]
    assert (body["model"], body["temperature"], body["response_format"]) == ("tiny", 0, {"type": "json_object"})
    system, user = body["messages"]
    assert system == {"role": "system", "content": "Judge."}
    assert json.loads(user["content"]) == {"a": {"sentence": "The quay holds 0 ships."}, "b": {"sentence": "It holds none."}}
    assert made.name == "endpoint:tiny"
    assert "secret" not in repr(made)


def test_without_a_key_none_is_sent(tmp_path: Path) -> None:
    with serving(lambda _: said(RULING)) as server:
        endpoint(server, tmp_path).answers("Judge.", PAIRS[:1], read)
    assert "Authorization" not in server.requests[0]["headers"]


def test_what_was_answered_once_is_not_asked_again_by_anybody(tmp_path: Path) -> None:
    with serving(lambda n: said(RULING if n % 2 else "no JSON at all")) as server:
        first, again = endpoint(server, tmp_path), endpoint(server, tmp_path)
        answers = first.answers("Judge.", PAIRS, read)
        assert again.answers("Judge.", PAIRS, read) == answers == {0: RULING, 1: None, 2: RULING, 3: None, 4: RULING, 5: None}
        assert len(server.requests) == len(PAIRS)
        assert (again.outcome.asked, again.outcome.remembered, again.outcome.trouble) == (0, 6, None)
        endpoint(server, tmp_path).answers("Judge otherwise.", PAIRS[:1], read)
        Endpoint(server.url, "another", tmp_path / "answers.jsonl").answers("Judge.", PAIRS[:1], read)
    assert len(server.requests) == len(PAIRS) + 2
    assert "ships" not in (tmp_path / "answers.jsonl").read_text()


def test_two_questions_alike_are_asked_once(tmp_path: Path) -> None:
    with serving(lambda _: said(RULING)) as server:
        assert endpoint(server, tmp_path).answers("Judge.", [PAIRS[0], PAIRS[0]], read) == {0: RULING, 1: RULING}
    assert len(server.requests) == 1


def test_a_line_that_a_killed_run_left_half_written_costs_its_own_answer_only(tmp_path: Path) -> None:
    kept = tmp_path / "answers.jsonl"
    with serving(lambda _: said(RULING)) as server:
        endpoint(server, tmp_path).answers("Judge.", PAIRS[:2], read)
        kept.write_bytes(kept.read_bytes()[:-20])
        assert len(endpoint(server, tmp_path).answers("Judge.", PAIRS[:3], read)) == 3
        assert len(server.requests) == 4
        assert endpoint(server, tmp_path).answers("Judge.", PAIRS[:3], read) == {0: RULING, 1: RULING, 2: RULING}
    assert len(server.requests) == 4


def test_the_budget_of_pairs_is_kept_over_several_calls(tmp_path: Path) -> None:
    with serving(lambda _: said(RULING)) as server:
        made = endpoint(server, tmp_path, most=3)
        assert set(made.answers("Judge.", PAIRS[:2], read)) == {0, 1}
        assert set(made.answers("Judge.", PAIRS[2:], read)) == {0}
    assert len(server.requests) == 3
    assert "the budget of 3 pairs is spent" in str(made.outcome)
    assert made.outcome.unanswered == 3


def test_the_budget_of_time_ends_the_asking(tmp_path: Path) -> None:
    def slow(_: int) -> Reply:
        time.sleep(0.3)
        return said(RULING)

    with serving(slow) as server:
        made = endpoint(server, tmp_path, most_seconds=0.5)
        answered = made.answers("Judge.", PAIRS, read)
    assert 0 < len(answered) < len(PAIRS)
    assert "the budget of 0.5 s is spent" in str(made.outcome)
    assert made.outcome.unanswered == len(PAIRS) - len(answered)


@pytest.mark.parametrize(
    "reply",
    [
        said("I think they contradict each other."), said([1, 2]), said({"verdict": "yes"}), said(""), said("{" * 5_000),
        (200, {}, b"<html>"), (200, {}, b"{}"), (200, {}, b'{"choices": []}'), (200, {}, b'{"choices": [{"message": null}]}'),
        (200, {}, b'{"choices": [{"message": {"content": null}}]}'), (200, {}, b"\xff\xfe"), (200, {}, b""),
    ],
)  # fmt: skip
def test_nonsense_is_no_answer_and_the_next_pair_is_asked(tmp_path: Path, reply: Reply) -> None:
    with serving(lambda n: reply if n == 1 else said(RULING)) as server:
        made = endpoint(server, tmp_path)
        assert made.answers("Judge.", PAIRS[:2], read) == {0: None, 1: RULING}
    assert (made.outcome.unusable, made.outcome.trouble) == (1, None)


def test_an_answer_in_a_fence_is_one(tmp_path: Path) -> None:
    with serving(lambda _: said(f"```json\n{json.dumps(RULING)}\n```")) as server:
        assert endpoint(server, tmp_path).answers("Judge.", PAIRS[:1], read) == {0: RULING}


def test_a_server_that_asks_for_patience_gets_it(tmp_path: Path) -> None:
    with serving(lambda n: (429, {"Retry-After": "1"}, b"busy") if n == 1 else said(RULING)) as server:
        begun = time.monotonic()
        made = endpoint(server, tmp_path)
        assert made.answers("Judge.", PAIRS[:1], read) == {0: RULING}
    assert time.monotonic() - begun >= 1.0
    assert (len(server.requests), made.outcome.asked, made.outcome.trouble) == (2, 1, None)


def test_one_that_asks_for_more_than_is_left_is_not_waited_for(tmp_path: Path) -> None:
    with serving(lambda _: (429, {"Retry-After": "3600"}, b"busy")) as server:
        made = endpoint(server, tmp_path)
        assert made.answers("Judge.", PAIRS, read) == {}
    assert len(server.requests) == 3
    assert "3 failures in a row" in str(made.outcome)
    assert "HTTP 429 (busy)" in str(made.outcome)
    assert not (tmp_path / "answers.jsonl").read_bytes()


def test_a_passing_failure_is_tried_again(tmp_path: Path) -> None:
    with serving(lambda n: (503, {}, b"") if n < 3 else said(RULING)) as server:
        assert endpoint(server, tmp_path).answers("Judge.", PAIRS[:1], read) == {0: RULING}
    assert len(server.requests) == 3


@pytest.mark.parametrize("status", [301, 400, 401, 403, 404])
def test_a_refusal_ends_the_asking_at_once_with_what_the_server_says(tmp_path: Path, status: int) -> None:
    reply = (status, {"Location": "http://elsewhere.example/"}, b'{"error":\n "no such model"}')
    with serving(lambda _: reply) as server:
        made = endpoint(server, tmp_path, key="secret")
        assert made.answers("Judge.", PAIRS, read) == {}
    assert len(server.requests) == 1
    assert f"HTTP {status}" in str(made.outcome)
    assert "no such model" in str(made.outcome)
    assert made.outcome.unanswered == len(PAIRS)


def test_where_nobody_listens_the_verdicts_stand_and_one_line_says_so(tmp_path: Path) -> None:
    with serving(lambda _: said(RULING)) as server:
        pass
    made = endpoint(server, tmp_path, tries=1)
    assert made.answers("Judge.", PAIRS, read) == {}
    assert made.outcome.asked == 3
    assert "\n" not in str(made.outcome)
    assert "the comparison's own verdict stands" in str(made.outcome)


def test_an_endless_answer_and_a_silent_server_are_left(tmp_path: Path) -> None:
    with serving(lambda _: (200, {}, b"x" * 1_200_000)) as server:
        made = endpoint(server, tmp_path)
        assert made.answers("Judge.", PAIRS[:1], read) == {}
        assert "more than 1,000,000 bytes" in str(made.outcome)

    def silent(_: int) -> Reply:
        time.sleep(0.5)
        return said(RULING)

    with serving(silent) as server:
        made = endpoint(server, tmp_path, answer_seconds=0.1, tries=1)
        assert made.answers("Judge.", PAIRS[:1], read) == {}
    assert "no answer in 0.1 s" in str(made.outcome)


@pytest.mark.parametrize("key", ["se\ncret", "sécret", " "])
def test_a_key_that_no_header_can_carry_is_not_told(tmp_path: Path, key: str) -> None:
    made = Endpoint("http://127.0.0.1:1/v1", "tiny", tmp_path / "answers.jsonl", key=key)
    assert made.answers("Judge.", PAIRS[:1], read) == {}
    assert "no header can carry" in str(made.outcome)
    assert "cret" not in str(made.outcome)
