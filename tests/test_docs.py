"""What the documentation shows is run, and is true."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, re.DOTALL)


def phusa(*arguments: str, cwd: Path = ROOT) -> str:
    command = [sys.executable, "-m", "phusa", *arguments]
    environment = os.environ | {"COLUMNS": "200"}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, check=False)
    return done.stdout.decode()


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the release of the seeds in `dist`, as the README has it."""
    folder = tmp_path_factory.mktemp("readme")
    (folder / "seeds").symlink_to(ROOT / "seeds")
    printed = phusa("build", cwd=folder)
    shown = next(text for kind, text in BLOCKS if kind == "text")
    assert printed == shown
    return folder


def test_python_blocks_run(release: Path) -> None:
    blocks = [text for kind, text in BLOCKS if kind == "python"]
    assert len(blocks) == 3
    environment = os.environ | {"HF_HOME": str(release / "cache"), "HF_HUB_OFFLINE": "1"}
    for block in blocks:
        command = [sys.executable, "-c", block]
        done = subprocess.run(
            command, cwd=release, env=environment, check=True, capture_output=True
        )
        shown = re.findall(r"^print\(.*\)  +# (.*)$", block, re.MULTILINE)
        if shown:
            assert done.stdout.decode().splitlines() == shown


def test_the_record_is_real(release: Path) -> None:
    shown = next(text for kind, text in BLOCKS if kind == "json")
    seed = ROOT / "seeds" / "001_dcbaa997704a11bc.txt"
    record = json.loads(phusa("clean", str(seed), "--to", "json"))
    for name in ("authors", "published", "language", "counts"):
        value = json.dumps(record[name], ensure_ascii=False)
        assert value in " ".join(shown.split()), name


def test_the_explanation_is_real() -> None:
    shown = next(text for kind, text in BLOCKS if kind == "text" and "phusa explain" in text)
    printed = phusa("explain", "seeds/001_dcbaa997704a11bc.txt").splitlines()
    for line in shown.splitlines()[1:]:
        if line.strip() != "…":
            start = line.removesuffix(" …").rstrip("…")
            assert any(real.startswith(start) for real in printed), line


def test_the_check_is_real(tmp_path: Path) -> None:
    from checked import ARTICLE

    shown = next(text for kind, text in BLOCKS if kind == "text" and "help: " in text)
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "tin.txt").write_text(ARTICLE.replace("bảy", "b\ufffdy", 1), "utf-8")
    said = "<h1>Không tìm thấy trang</h1><p>Trang bạn yêu cầu không tồn tại.</p>"
    (tmp_path / "new" / "trang-404.html").write_text(f"<html>{said}</html>", "utf-8")
    assert phusa("check", "new/", cwd=tmp_path) == f"{shown}\n"


def test_the_release_is_as_listed(release: Path) -> None:
    shown = next(text for kind, text in BLOCKS if kind == "text" and "SHA256SUMS" in text)
    for path in (release / "dist").rglob("*"):
        if path.is_file():
            assert path.name in shown, path


def test_recipes_parse() -> None:
    from phusa.recipe import parse

    for text in [text for kind, text in BLOCKS if kind == "toml"]:
        assert parse(text).dataset.name


def test_run_and_test_start_with_one_line() -> None:
    for section in ("## Run", "## Test"):
        block = re.search(r"```sh\n(.*?)\n```", README[README.index(section) :], re.DOTALL)
        assert block is not None
        assert "\n" not in block[1]
        assert block[1].startswith("python3 -m venv .venv && ")


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "docs/architecture.md"])
def test_links_lead_somewhere(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert ((ROOT / page).parent / target).exists(), target


def test_every_rule_has_a_page_and_a_test() -> None:
    from phusa.checking import RULEBOOK

    tests = Path(__file__).parent
    files = [*tests.rglob("*.json"), *tests.glob("*.py"), *tests.rglob("expected.toml")]
    tested = "".join(path.read_text("utf-8") for path in files)
    for rule in RULEBOOK.values():
        assert rule.summary.strip().endswith((".", "`."))
        assert len(rule.docs) > 80, rule.code
        assert rule.code in tested, rule.code


def test_no_placeholder_is_left() -> None:
    assert not re.search(r"\b(?:[A-Z]+_[A-Z]+|TODO|TBD|XXX)\b", README.replace("NO_COLOR", ""))
