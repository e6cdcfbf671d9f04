"""The local engine: every batch once and in order, whatever happens to the workers."""

import multiprocessing
import os
import random
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

import batch_jobs
from phusa.engines.local import ATTEMPTS, EngineError, Lost, run


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_results_come_in_order(workers):
    assert list(run(batch_jobs.double, range(9), workers)) == [(i, 2 * i) for i in range(9)]
    assert multiprocessing.active_children() == []


@pytest.mark.parametrize("workers", [1, 2])
def test_nothing_to_do(workers):
    assert list(run(batch_jobs.double, [], workers)) == []


def test_no_workers():
    with pytest.raises(ValueError, match="0 workers"):
        next(run(batch_jobs.double, [1], 0))


def test_batches_are_taken_only_a_little_ahead():
    taken = []
    batches = (taken.append(i) or i for i in range(10**9))
    results = run(batch_jobs.double, batches, workers=2)
    for i in range(30):
        assert next(results) == (i, 2 * i)
        assert len(taken) <= i + 10
    results.close()
    assert multiprocessing.active_children() == []


def test_a_killed_worker_loses_nothing_and_doubles_nothing(tmp_path):
    batches = [(tmp_path, i) for i in range(10)]
    assert list(run(batch_jobs.die_once, batches, workers=2)) == [(i, i) for i in range(10)]


def test_workers_killed_at_random(tmp_path):
    """Kills from outside hit workers that start, work and wait."""
    over = threading.Event()
    killed = 0

    def kill() -> None:
        nonlocal killed
        chance = random.Random(7)
        while not over.wait(chance.uniform(0.2, 0.6)) and killed < 6:
            for process in chance.sample(multiprocessing.active_children(), 1):
                os.kill(process.pid, signal.SIGKILL)
                killed += 1

    killer = threading.Thread(target=kill)
    results = run(batch_jobs.record, [(tmp_path, i) for i in range(150)], workers=2)
    first = next(results)
    killer.start()
    try:
        assert [first, *results] == [(i, i) for i in range(150)]
    finally:
        over.set()
        killer.join()
    assert killed
    assert all((tmp_path / str(i)).exists() for i in range(150))


def test_a_batch_that_kills_every_worker_is_lost_alone(tmp_path):
    batches = [(tmp_path, i) for i in range(8)]
    results = dict(run(batch_jobs.die, batches, workers=2))
    assert results.pop(3) == Lost(batches[3], "killed by signal 9")
    assert results == {i: i for i in range(8) if i != 3}
    runs = {int(path.name): len(path.read_text()) for path in tmp_path.iterdir()}
    assert runs == {i: ATTEMPTS if i == 3 else 1 for i in range(8)}


def test_a_worker_that_leaves_by_itself_counts_as_dead():
    assert list(run(batch_jobs.leave, ["x"], workers=2)) == [
        (0, Lost("x", "it ended with exit code 7"))
    ]


@pytest.mark.parametrize("workers", [1, 2])
def test_what_the_function_raises_is_raised(workers):
    with pytest.raises(LookupError, match="batch 0") as caught:
        list(run(batch_jobs.fail, range(5), workers))
    notes = "".join(getattr(caught.value, "__notes__", []))
    assert ("batch_jobs.py" in notes) == (workers > 1)
    assert multiprocessing.active_children() == []


SCRIPT = """
    import sys
    sys.path.insert(0, {here!r})
    import batch_jobs
    from phusa.engines.local import run

    {guard}
        for index, result in run(batch_jobs.double_slowly, range(10**6), workers=2):
            print(index, flush=True)
"""


def start(tmp_path: Path, guard: str) -> subprocess.Popen[str]:
    """A script with workers, in a process group of its own."""
    script = tmp_path / "script.py"
    script.write_text(
        textwrap.dedent(SCRIPT).format(here=str(Path(__file__).parent), guard=guard), "utf-8"
    )
    return subprocess.Popen(
        [sys.executable, script],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def group_is_gone(group: int) -> bool:
    """Whether no process of a group is left, some seconds given."""
    for _ in range(100):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False


@pytest.mark.parametrize("whom", ["the group", "the parent"])
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_worker_outlives_its_parent(tmp_path, how, whom):
    with start(tmp_path, 'if __name__ == "__main__":') as parent:
        assert [parent.stdout.readline() for _ in range(3)] == ["0\n", "1\n", "2\n"]
        (os.killpg if whom == "the group" else os.kill)(parent.pid, how)
        errors = parent.communicate(timeout=30)[1]
        assert parent.returncode == -how
        assert errors.count("Traceback") == (how == signal.SIGINT)
        assert group_is_gone(parent.pid)


def test_a_script_without_a_guard_is_told_so(tmp_path):
    with start(tmp_path, "if True:") as parent:
        errors = parent.communicate(timeout=60)[1]
    assert parent.returncode == 1
    assert f"{EngineError.__name__}: worker processes cannot start" in errors
