"""A language model behind an OpenAI-compatible endpoint: questions out, JSON answers in, each asked once and kept.

``POST {url}/chat/completions`` is what OpenAI, vLLM, llama.cpp's server, Ollama and most others speak. Answers are kept in a file
of one JSON object a line, by model, instructions and the SHA-256 of both texts, never the texts; a rebuild asks nothing anew.
Whatever goes wrong costs answers, never the run.
"""

from __future__ import annotations

import hashlib
import json
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import httpx2
import stamina
from stamina.instrumentation import set_on_retry_hooks

from pipelines.retries import PASSING, parse_retry_after

#: An answer is a line; what is longer is none.
_MOST_BYTES: Final = 1_000_000
#: After so many pairs in a row without an answer the endpoint is left alone for the rest of the run.
_MOST_FAILURES: Final = 3
_CONNECT_SECONDS: Final = 10.0
_REASON_CHARS: Final = 200

set_on_retry_hooks(())  # stamina would log each retry; what came of them is told once

_Key = tuple[str, str, str, str]


class _RefusedError(Exception):
    """The endpoint will not answer, this question or any other."""


class _PassingError(Exception):
    """A failure that may be a passing one."""

    def __init__(self, reason: str, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


@dataclass(slots=True)
class Outcome:
    """What became of the questions of a run; ``trouble`` says why some have no answer, None where all have."""

    asked: int = 0
    remembered: int = 0
    unusable: int = 0
    unanswered: int = 0
    trouble: str | None = None

    def __str__(self) -> str:
        said = f"{self.asked:,} asked, {self.remembered:,} answered before, {self.unusable:,} answered unusably"
        if self.trouble is None:
            return said
        return f"{said}; {self.unanswered:,} unanswered, for which the comparison's own verdict stands: {self.trouble}"


@dataclass
class Endpoint:
    """An endpoint with a budget for one run.

    Args:
        url: base address, as clients of OpenAI take it (``http://127.0.0.1:8080/v1``).
        model: name of the model there.
        memory: file of the answers; made where it is not there.
        key: API key, sent as a bearer token; None for servers that want none.
        most: pairs put to it in a run, remembered ones among them: the same run again then asks nothing.
        most_seconds: longest time spent on asking in a run.
        answer_seconds: longest wait for one answer.
        tries: of one question, where the failure may be a passing one.
        wait_seconds: before the second try, unless the server says (Retry-After); doubles with each.
    """

    url: str
    model: str
    memory: Path
    key: str | None = field(default=None, repr=False)
    most: int = 200
    most_seconds: float = 600.0
    answer_seconds: float = 60.0
    tries: int = 3
    wait_seconds: float = 1.0
    outcome: Outcome = field(default_factory=Outcome, init=False)
    _spent: float = field(default=0.0, init=False, repr=False)

    @property
    def name(self) -> str:
        """The detector of what it decides."""
        return f"endpoint:{self.model}"

    def answers(
        self, instructions: str, pairs: Sequence[tuple[str, str]], read: Callable[[Any], dict[str, Any] | None]
    ) -> dict[int, dict[str, Any] | None]:
        """Answers by the position of their pair, None for one of no use; those that nobody answered are left out.

        :attr:`outcome` says what happened.

        Args:
            instructions: the system prompt; a change of it asks everything anew.
            pairs: both sides as JSON objects in text, put to the model as ``{"a": ..., "b": ...}``.
            read: what counts as an answer: gives it in its kept form, or None.
        """
        known = self._remembered()
        version = _digest(instructions)[:16]
        keys: list[_Key] = [(self.model, version, _digest(a), _digest(b)) for a, b in pairs]
        new = [(key, pair) for key, pair in zip(keys, pairs, strict=True) if key not in known]
        self.outcome.remembered += sum(key in known for key in keys)
        if new:
            begun = time.monotonic()
            self._ask_all(instructions, new, read, known, max(0, self.most - self.outcome.asked - self.outcome.remembered))
            self._spent += time.monotonic() - begun
        return {at: known[key] for at, key in enumerate(keys) if key in known}

    def _ask_all(
        self, instructions: str, new: Sequence[tuple[_Key, tuple[str, str]]], read: Callable[[Any], dict[str, Any] | None],
        known: dict[_Key, dict[str, Any] | None], left: int,
    ) -> None:  # fmt: skip
        outcome = self.outcome
        failures = 0
        try:
            headers = {"Authorization": f"Bearer {self._checked_key()}"} if self.key else {}
            timeout = httpx2.Timeout(self.answer_seconds, connect=min(_CONNECT_SECONDS, self.answer_seconds))
            # Redirects are not followed: the key is for this address.
            with httpx2.Client(timeout=timeout, follow_redirects=False, headers=headers) as client, self._memory() as memory:
                deadline = time.monotonic() + self.most_seconds - self._spent
                for number, (key, pair) in enumerate(new):
                    if key in known:
                        continue
                    reason = None
                    if number >= left:
                        reason = f"the budget of {self.most:,} pairs is spent"
                    elif time.monotonic() >= deadline:
                        reason = f"the budget of {self.most_seconds:g} s is spent"
                    elif failures >= _MOST_FAILURES:
                        reason = f"{failures} failures in a row, the last: {outcome.trouble}"
                    if reason is not None:
                        outcome.trouble = reason
                        break
                    outcome.asked += 1
                    try:
                        answer = read(_content(self._ask(client, instructions, pair, deadline)))
                    except _PassingError as problem:
                        failures += 1
                        outcome.trouble = str(problem)
                        continue
                    failures = 0
                    outcome.unusable += answer is None
                    known[key] = answer
                    memory.write(_line(key, answer))
                    memory.flush()
        except (_RefusedError, OSError, ValueError) as problem:
            outcome.trouble = str(problem)[:_REASON_CHARS]
        outcome.unanswered += len({key for key, _ in new} - set(known))

    def _checked_key(self) -> str:
        # Said without the key: the client's own message would hold it.
        if not (self.key and self.key.isascii() and self.key.isprintable() and " " not in self.key):
            raise _RefusedError("the API key has characters that no header can carry")
        return self.key

    def _ask(self, client: httpx2.Client, instructions: str, pair: tuple[str, str], deadline: float) -> bytes:
        """The body of the answer to one question.

        Raises:
            _RefusedError: asking again, or asking anything else, is of no use.
            _PassingError: no answer after all tries.
        """
        question = {
            "model": self.model,
            "temperature": 0,
            "response_format": {"type": "json_object"},
            "messages": [
                {"role": "system", "content": instructions},
                {"role": "user", "content": f'{{"a": {pair[0]}, "b": {pair[1]}}}'},
            ],
        }

        def patience(problem: Exception) -> bool | float:
            """Seconds to wait as the server asks, or True: as stamina backs off; False where no time is left for it."""
            if not isinstance(problem, _PassingError):
                return False
            if problem.retry_after is None:
                return time.monotonic() < deadline
            return problem.retry_after if time.monotonic() + problem.retry_after < deadline else False

        for attempt in stamina.retry_context(
            on=patience, attempts=self.tries, timeout=None, wait_initial=self.wait_seconds, wait_max=8 * self.wait_seconds,
            wait_jitter=self.wait_seconds / 4,
        ):  # fmt: skip
            with attempt:
                return self._once(client, question)
        raise AssertionError("unreachable")

    def _once(self, client: httpx2.Client, question: dict[str, Any]) -> bytes:
        target = f"{self.url.rstrip('/')}/chat/completions"
        ends = time.monotonic() + self.answer_seconds
        try:
            with client.stream("POST", target, json=question) as response:
                body = b""
                for part in response.iter_bytes():
                    body += part
                    if len(body) > _MOST_BYTES:
                        raise _RefusedError(f"{target}: an answer of more than {_MOST_BYTES:,} bytes")
                    if time.monotonic() > ends:
                        raise _PassingError(f"{target}: no whole answer in {self.answer_seconds:g} s")
        except httpx2.TimeoutException as problem:
            raise _PassingError(f"{target}: no answer in {self.answer_seconds:g} s ({type(problem).__name__})") from problem
        except httpx2.RequestError as problem:
            raise _PassingError(f"{target}: {problem or type(problem).__name__}") from problem
        except httpx2.InvalidURL as problem:
            raise _RefusedError(f"{target}: {problem}") from problem
        if response.status_code == 200:
            return body
        said = " ".join(body.decode("utf-8", "replace").split())[:_REASON_CHARS]
        reason = f"{target}: HTTP {response.status_code}{f' ({said})' if said else ''}"
        if response.status_code in PASSING:
            raise _PassingError(reason, parse_retry_after(response.headers.get("retry-after"), datetime.now(UTC)))
        raise _RefusedError(reason)

    def _remembered(self) -> dict[_Key, dict[str, Any] | None]:
        """The answers kept; a line that a killed run left half written is passed over."""
        known: dict[_Key, dict[str, Any] | None] = {}
        if not self.memory.is_file():
            return known
        for line in self.memory.read_bytes().splitlines():
            try:
                row = json.loads(line)
                known[row["model"], row["instructions"], row["a"], row["b"]] = row["answer"]
            except (ValueError, KeyError, TypeError):
                continue
        return known

    def _memory(self) -> Any:
        self.memory.parent.mkdir(parents=True, exist_ok=True)
        stream = self.memory.open("ab+")
        if stream.tell():
            stream.seek(-1, 2)
            if stream.read(1) != b"\n":
                stream.write(b"\n")
        return stream


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _line(key: _Key, answer: dict[str, Any] | None) -> bytes:
    row = dict(zip(("model", "instructions", "a", "b"), key, strict=True)) | {"answer": answer}
    return (json.dumps(row, ensure_ascii=False) + "\n").encode()


def _content(body: bytes) -> Any:
    """The JSON that the model wrote, None where it wrote none; some wrap it in a fence of Markdown whatever they are told."""
    try:
        text = json.loads(body)["choices"][0]["message"]["content"]
        made = json.loads(text[text.index("{") : text.rindex("}") + 1], parse_constant=lambda _: math.nan)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
        return None
    return made
