"""What the workers of the engine's tests do; a module of its own because workers import it."""

import os
import signal
import time
from pathlib import Path


def double(batch):
    return 2 * batch


def double_slowly(batch):
    time.sleep(0.05)
    return 2 * batch


def record(batch):
    """Note every run of a batch in a folder."""
    folder, number = batch
    time.sleep(0.02)
    with (Path(folder) / f"{number}").open("a") as file:
        file.write("x")
    return number


def die_once(batch):
    """The first run of an odd batch is killed."""
    folder, number = batch
    mark = Path(folder) / f"{number}"
    if number % 2 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def die(batch):
    """Every run of batch 3 is killed."""
    folder, number = batch
    with (Path(folder) / f"{number}").open("a") as file:
        file.write("x")
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def fail(batch):
    raise LookupError(f"batch {batch}")


def leave(batch):
    os._exit(7)
