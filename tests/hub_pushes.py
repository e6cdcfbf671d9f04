"""Small releases, a hub to push them to, and what it holds then."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import hub_client
import hub_server
from hub_client import Client
from hub_server import Hub
from phusa.building import build
from phusa.recipe import Dataset, Recipe, Splits

SEEDS = Path(__file__).parent.parent / "seeds"
TIN = "org/tin"
DEST = f"hf://datasets/{TIN}"

VERSIONS = {
    "1.0.0": ("1.0.0", 3, Splits()),
    "1.0.0 other": ("1.0.0", 4, Splits()),
    "1.1.0": ("1.1.0", 5, Splits(shares=(("train", 2), ("test", 1)))),
    "1.2.0": ("1.2.0", 6, Splits()),
}
"""What is in a release: its version, how many articles, in which splits."""


def made(home: Path) -> dict[str, Path]:
    """Releases of articles that are nearly the same; each is a folder."""
    page = next(SEEDS.glob("002_*.txt")).read_text("utf-8")
    releases = {}
    for name, (version, articles, splits) in VERSIONS.items():
        sources = home / name / "pages"
        sources.mkdir(parents=True)
        for number in range(articles):
            text = page.replace("Hải Dương", f"Hải Dương {number}")
            (sources / f"{number}.txt").write_text(text, "utf-8")
        dataset = Dataset("tin", version, license="CC0-1.0")
        recipe = Recipe(dataset, splits=splits, folder=sources)
        releases[name] = build(recipe, home / name / "dist").folder
    return releases


def holding(home: Path, emails: int, limit: int | None) -> Path:
    """A release of an article with e-mail addresses and a phone number."""
    sources = home / "pages"
    sources.mkdir(parents=True)
    pieces = [f"ban{number}@a.vn" for number in range(emails)]
    told = f"tổ chức hội nghị sơ kết ({', '.join([*pieces, 'điện thoại 0912 345 678'])})"
    page = next(SEEDS.glob("002_*.txt")).read_text("utf-8")
    assert "tổ chức hội nghị sơ kết" in page
    (sources / "0.txt").write_text(page.replace("tổ chức hội nghị sơ kết", told, 1), "utf-8")
    dataset = Dataset("tin", "1.0.0", license="CC0-1.0", personal_data_limit=limit)
    return build(Recipe(dataset, folder=sources), home / "dist").folder


@contextmanager
def talking(home: Path) -> Iterator[tuple[Hub, Client]]:
    """A hub, and clients that write to it as a member of `org`."""
    with hub_server.running() as hub, hub_client.started(hub.environment(home)) as client:
        yield hub, client


def published(hub: Hub, revision: str = "main") -> dict[str, bytes]:
    """Every file of a revision on the hub, but those of the host."""
    tree = hub.store.repositories[TIN].at(revision).tree
    return {p: hub.store.objects[file.sha256] for p, file in tree.items() if p[0] != "."}


def titles(hub: Hub, revision: str = "main") -> list[str]:
    """The titles of a branch's commits, the last one first."""
    return [commit.title for commit in hub.store.repositories[TIN].history(revision)]


def command(release: Path) -> list[object]:
    """A push in a process of its own."""
    return [sys.executable, "-m", "phusa", "push", release, DEST]


def environment(hub: Hub, home: Path) -> dict[str, str]:
    """The variables of such a process."""
    return os.environ | hub.environment(home)


def pushing(hub: Hub, release: Path, home: Path) -> Callable[[], object]:
    """What pushes when it is called."""
    return partial(subprocess.run, command(release), env=environment(hub, home), check=True)


def one_line(message: str) -> str:
    assert message.count("\n") == 1, message
    return message
