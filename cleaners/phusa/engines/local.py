"""This machine: batches go to worker processes, results come back in the order of the batches.

Every worker has a pipe of its own, so when one is killed it is known which batch it had. That batch
runs again in a new worker; the others never notice.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from threading import Thread
from typing import Any, Generic, TypeVar

B = TypeVar("B")
R = TypeVar("R")

ATTEMPTS = 3
"""How often a batch is given to a worker before it is lost."""

_AHEAD = 4  # batches for each worker, in hand or done, beyond the one whose result is due
_FALSE_STARTS = 20
_PATIENCE_S = 5  # for a process that closed its pipe to end
_CONTEXT = multiprocessing.get_context("spawn")  # a fork copies locks that other threads hold


class EngineError(RuntimeError):
    """The workers cannot work: the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Lost(Generic[B]):
    """A batch without a result: every worker that had it died, the last for this reason."""

    batch: B
    reason: str


@dataclass(frozen=True, slots=True)
class _Task(Generic[B]):
    index: int
    batch: B
    attempt: int = 1


@dataclass(frozen=True, slots=True)
class _Start:
    """The first message of a worker."""


@dataclass(frozen=True, slots=True)
class _Failure:
    """What a worker sends when the function raised."""

    error: Exception


def run(
    function: Callable[[B], R], batches: Iterable[B], workers: int
) -> Iterator[tuple[int, R | Lost[B]]]:
    """Yield the index and the result of `function` for each batch, in order.

    With one worker the batches run in this process. With more they run in processes of their own,
    which end with the iterator or with this process, whatever ends it; function, batches and
    results must then be picklable, and the function must work as well when it runs twice for a
    batch. Batches are taken from the iterable only a little ahead of the results.

    Raises what the function raises, when the turn of its batch comes; EngineError where workers do
    not even start; ValueError where there are to be none.

    >>> list(run(len, ["ab", "cde"], workers=1))
    [(0, 2), (1, 3)]
    """
    if workers < 1:
        raise ValueError(f"{workers} workers; there must be 1 or more")
    if workers == 1:
        yield from enumerate(map(function, batches))
        return
    crew = _Crew(function, batches, workers)
    due = 0
    try:
        while True:
            crew.assign(due + _AHEAD * workers)
            if due in crew.done:
                result = crew.done.pop(due)
                if isinstance(result, _Failure):
                    raise result.error
                yield due, result
                due += 1
            elif crew.at_work:
                crew.listen()
            else:
                return
    finally:
        crew.dismiss()


class _Crew(Generic[B, R]):
    """The workers of a run, the tasks they have in hand and the results not asked for yet."""

    def __init__(self, function: Callable[[B], R], batches: Iterable[B], workers: int) -> None:
        self.done: dict[int, R | Lost[B] | _Failure] = {}
        self._function = function
        self._fresh = enumerate(batches)
        self._taken = 0
        self._again: deque[_Task[B]] = deque()
        self._size = workers
        self._false_starts = 0  # workers killed before they began, since the last that began
        self._workers: list[_Worker[B, R]] = []

    @property
    def at_work(self) -> bool:
        """Whether a result is to be waited for."""
        return any(worker.task for worker in self._workers)

    def assign(self, until: int) -> None:
        """Give tasks to all who have none, first those that failed, no batch from `until` on."""
        for worker in list(self._workers):
            if worker.task is None and (task := self._next(until)):
                worker.give(task)
        while len(self._workers) < self._size and (task := self._next(until)):
            self._workers.append(_Worker(self._function))
            self._workers[-1].give(task)

    def _next(self, until: int) -> _Task[B] | None:
        if self._again:
            return self._again.popleft()
        if self._taken == until or (fresh := next(self._fresh, None)) is None:
            return None
        self._taken += 1
        return _Task(*fresh)

    def listen(self) -> None:
        """Wait for news of the workers, and take them in."""
        ready = wait([worker.pipe for worker in self._workers])
        for worker in [worker for worker in self._workers if worker.pipe in ready]:
            try:
                answer = worker.pipe.recv()
            except (EOFError, OSError):
                self._workers.remove(worker)
                self._mourn(worker)
                continue
            if isinstance(answer, _Start):
                worker.started = True
                self._false_starts = 0
                continue
            assert worker.task is not None
            self.done[worker.task.index] = answer
            worker.task = None

    def _mourn(self, worker: _Worker[B, R]) -> None:
        """See to the task of a worker that died."""
        code = worker.end(_PATIENCE_S)
        reason = f"killed by signal {-code}" if code < 0 else f"it ended with exit code {code}"
        task = worker.task
        if task is None:
            return
        if not worker.started:
            self._false_starts += 1
            if code >= 0 or self._false_starts > _FALSE_STARTS:
                raise EngineError(
                    f"worker processes cannot start: {reason}; a script that starts workers must "
                    'do so under `if __name__ == "__main__":`'
                )
            self._again.append(task)
        elif task.attempt < ATTEMPTS:
            self._again.append(replace(task, attempt=task.attempt + 1))
        else:
            self.done[task.index] = Lost(task.batch, reason)

    def dismiss(self) -> None:
        """End all workers, whatever they do."""
        for worker in self._workers:
            worker.end(0)


class _Worker(Generic[B, R]):
    """A process, the pipe to it, and the task it has in hand."""

    def __init__(self, function: Callable[[B], R]) -> None:
        self.pipe, theirs = _CONTEXT.Pipe()
        self.task: _Task[B] | None = None
        self.started = False
        self._process = _CONTEXT.Process(target=_serve, args=(theirs, function), daemon=True)
        self._process.start()
        theirs.close()

    def give(self, task: _Task[B]) -> None:
        """Send a task."""
        self.task = task
        with suppress(OSError):  # it died; whoever listens to it will find out
            self.pipe.send(task.batch)

    def end(self, patience_s: float) -> int:
        """Wait a while for the process to end, then end it; return its exit code."""
        self._process.join(patience_s)
        self._process.kill()
        self._process.join()
        self.pipe.close()
        code = self._process.exitcode or 0
        self._process.close()
        return code


def _serve(pipe: Connection, function: Callable[[Any], Any]) -> None:
    """What a worker does until its pipe ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to all; the parent sees to the rest
    Thread(target=_end_with_parent, daemon=True).start()
    pipe.send(_Start())
    with suppress(EOFError):
        while True:
            pipe.send(_answer(function, pipe.recv()))


def _answer(function: Callable[[Any], Any], batch: object) -> object:
    try:
        return function(batch)
    except Exception as error:  # noqa: BLE001 - the parent raises it again
        error.add_note(f"In a worker process:\n{traceback.format_exc()}")
        return _Failure(error)


def _end_with_parent() -> None:
    """End this process when the one that started it is gone, even when that was killed."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)
