"""No format of the check shows personal data, however it is written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from checked import ARTICLE, SENTENCE, jsonl, phusa
from made_up import record

NUMBER, ADDRESS = "0968571293", "lan.nguyen@xa.vn"
_SIGNS = re.compile(r"&#?\w+;|\\u[0-9a-f]{4}|<[^<>]*>|[^0-9]")


def text(*said: str) -> str:
    return f"{ARTICLE}\n{SENTENCE} {' '.join(said)} {SENTENCE}\n\n{ARTICLE}"


def html(said: str) -> str:
    return f"<h1>Tin</h1><p>{text(said)}</p>"


BARE = record(3, text=text("Gọi 0968 571 293.")) | {"lead": None}
ROWS = {
    "plain": {"title": "Tin", "text": text("Gọi 0968 571 293, thư", ADDRESS)},
    "invisible": {
        "title": "Tin",
        "text": text("Gọi 0968\u200b571\u00ad293, lan\u200b.nguyen@xa.vn"),
    },
    "wide": {"title": "Tin", "text": text("Gọi ０９６８５７１２９３ b\ufffdy")},
    "entities": {"html": html("Gọi 0968&nbsp;571&nbsp;293 b\ufffdy")},
    "tags": {"html": html("Gọi 09<b>68</b>571293 b\ufffdy")},
    "attribute": {"html": html(f"b\ufffdy <a title=1>{NUMBER}</a>")},
    "link": {"html": html(f"b\ufffdy <a href='tel:{NUMBER}'>0968<b>571</b>293</a>")},
    "twice": {"html": html("b\ufffdy 0968&amp;nbsp;571&amp;nbsp;293 lan.nguyen&amp;#64;xa.vn")},
    "lines": {"html": html("b\ufffdy số 0968\n571293")},
    "title": {"title": "<b>Gọi</b> 0968571293", "text": ARTICLE},
    "date": {"title": "Tin", "text": ARTICLE, "fetched_at": f"{'x' * 26} lan 0968 571 293"},
    "id": {"id": f"{ADDRESS} 0968 571 293", "title": "Tin", "text": ARTICLE},
    "key": {"title": "Tin", "text": ARTICLE, "0968 571 293": float("inf")},
    "record": BARE,
    "violation": BARE | {"url": ["0968 571 293"], "title": 7, "0968 571 293": 1},
    "placeholder": {"title": "{{ call(0968571293) }}", "text": ARTICLE},
}


@pytest.mark.parametrize("form", ["full", "concise", "json", "jsonl", "github", "sarif", "junit"])
def test_personal_data_is_not_shown(tmp_path: Path, form: str) -> None:
    for name, row in ROWS.items():
        jsonl(tmp_path / f"{name}.jsonl", row, row | {"text": ARTICLE + name})
    done = phusa(".", "--output-format", form, "--statistics", cwd=tmp_path)
    assert done.returncode == 1
    for line in (done.stdout + done.stderr).splitlines():
        assert NUMBER not in _SIGNS.sub("", line), line[:200]
        assert ADDRESS not in line


def test_nor_does_a_baseline_or_a_fix_tell_of_it(tmp_path: Path) -> None:
    for name, row in ROWS.items():
        jsonl(tmp_path / f"{name}.jsonl", row)
    done = phusa("--baseline", "known.json", "--update-baseline", cwd=tmp_path)
    assert done.returncode == 0
    told = phusa("--fix", cwd=tmp_path).stderr + (tmp_path / "known.json").read_text("utf-8")
    for line in told.splitlines():
        assert NUMBER not in _SIGNS.sub("", line)
        assert ADDRESS not in line
