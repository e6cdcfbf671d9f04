"""The real clients of a hub in a process of their own, warm between commands.

They read the hub's address when they are imported, and importing them takes a second.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

WORKER = """
import contextlib, io, json, os, sys, time
from phusa.cli import app

ENVIRONMENT, SLEEP = dict(os.environ), time.sleep

def run(asked):
    os.environ.clear()
    os.environ.update({k: v for k, v in (ENVIRONMENT | asked["environment"]).items() if v})
    time.sleep = SLEEP if asked["patient"] else lambda seconds: None
    out, err, code = io.StringIO(), io.StringIO(), 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            if asked["code"]:
                exec(asked["code"], {"ARGUMENTS": asked["arguments"]})
            else:
                app(asked["arguments"])
        except SystemExit as error:
            code = error.code or 0
    return {"code": code, "out": out.getvalue(), "err": err.getvalue()}

for line in sys.stdin:
    print(json.dumps(run(json.loads(line))), flush=True)
"""


@dataclass(frozen=True, slots=True)
class Done:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


class Client:
    """Runs `phusa` or other code, one after the other; waiting takes no time unless `patient`."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def phusa(self, *arguments: object, patient: bool = False, **environment: str) -> Done:
        return self._ask("", arguments, environment, patient=patient)

    def python(self, code: str, *arguments: object, **environment: str) -> Done:
        """Run code, with its arguments in `ARGUMENTS`."""
        return self._ask(code, arguments, environment, patient=False)

    def _ask(
        self,
        code: str,
        arguments: tuple[object, ...],
        environment: Mapping[str, str],
        *,
        patient: bool,
    ) -> Done:
        asked = {"code": code, "arguments": [str(a) for a in arguments], "patient": patient}
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin
        assert stdout
        stdin.write(json.dumps(asked | {"environment": environment}) + "\n")
        stdin.flush()
        answer = stdout.readline()
        assert answer, "the clients' process has ended"
        return Done(**json.loads(answer))


@contextmanager
def started(environment: Mapping[str, str]) -> Iterator[Client]:
    """A process with clients, until the end of the block."""
    with subprocess.Popen(
        [sys.executable, "-c", WORKER],
        env=os.environ | environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        yield Client(process)
        assert process.stdin
        process.stdin.close()
