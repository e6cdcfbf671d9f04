"""Fixing files: the characters that rules repair, and no other byte."""

import json
import tracemalloc
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pages
from phusa import pipeline
from phusa.checking import fixing
from phusa.checking.fixing import FixError, fix_file
from phusa.page import RawDocument
from phusa.recipe import Cleaning

RAW = Cleaning(ignore=("ENC033", "ENC034", "ENC035", "ENC07"))
"""What is on for pages as found."""

TCVN3 = "Héi nghÞ ®· bÇu ra Ban ChÊp hµnh"
VIETNAMESE = "Hội nghị đã bầu ra Ban Chấp hành"


def fixed(path: Path, content: bytes, cleaning: Cleaning = RAW) -> tuple[bytes, dict[str, int]]:
    """A file after it was fixed in place, and what was done."""
    path.write_bytes(content)
    done = fix_file(path, cleaning, in_place=True)
    return path.read_bytes(), dict(done.rules) if done else {}


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def row(**fields: object) -> str:
    return json.dumps(fields, ensure_ascii=False)


# Pages of text


@pytest.mark.parametrize(
    ("content", "expected", "rules"),
    [
        ("Kỳ Anh\n".encode(), "Kỳ Anh\n", {}),
        (b"", "", {}),
        ("\ufeffKỳ Anh\n".encode(), "Kỳ Anh\n", {"ENC002": 1}),
        ("Kỳ Anh\n".encode("utf-16"), "Kỳ Anh\n", {"ENC003": 1, "ENC002": 1}),
        ("Kỳ Anh, một tin mới\n".encode("utf-16-le"), "Kỳ Anh, một tin mới\n", {"ENC003": 1}),
        ("“Un été à la plage”".encode("cp1252"), "“Un été à la plage”", {"ENC006": 1}),
        (TCVN3.encode("latin-1"), VIETNAMESE, {"ENC006": 1, "ENC010": 1}),
        (TCVN3.encode(), VIETNAMESE, {"ENC010": 1}),
        ("Ky\u0300 Anh\n".encode(), "Kỳ Anh\n", {"ENC040": 1}),
        ("Viá»‡t Nam cÃ³ Ä‘áº¹p".encode(), "Việt Nam có đẹp", {"ENC020": 1}),
        (b"Tin\0 R&amp;D\x1b[31m\n", "Tin R&D\n", {"ENC031": 2, "ENC030": 1}),
        ("Tin\xa0m\u1edbi  \n".encode(), "Tin\xa0m\u1edbi  \n", {}),
    ],
)
def test_text_comes_out_as_utf_8(tmp_path, content, expected, rules):
    after, applied = fixed(tmp_path / "a.txt", content)
    assert after == expected.encode()
    assert sum(applied.values()) >= sum(rules.values())
    assert applied.keys() == rules.keys()


@pytest.mark.parametrize(
    ("cleaning", "expected"),
    [
        (RAW, b"Tin\r\n\r\nR&D \r\n"),
        (Cleaning(), b"Tin\n\nR&D\n"),
        (Cleaning(select=("ENC034",)), b"Tin\n\nR&amp;D \n"),
        (Cleaning(select=("ENC031",)), b"Tin\r\n\r\nR&amp;D \r\n"),
    ],
)
def test_only_what_is_selected_is_fixed(tmp_path, cleaning, expected):
    assert fixed(tmp_path / "a.txt", b"Tin\r\n\r\nR&amp;D \r\n", cleaning)[0] == expected


def test_a_page_is_fixed_as_it_is_cleaned(tmp_path):
    """Not each line alone: the lines together tell their encoding."""
    for path in sorted((Path(__file__).parent.parent / "seeds").rglob("*.txt")):
        repaired = pipeline.repaired(RawDocument("x", path.read_bytes()), RAW)
        after, applied = fixed(tmp_path / "a.txt", path.read_bytes())
        assert after.decode() == repaired.text
        assert Counter(applied) == Counter(
            found.rule for found in repaired.findings if found.replacement is not None
        )


@pytest.mark.parametrize(
    ("content", "cleaning", "message"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0", RAW, "not fixed: not text: it starts like a file of another"),
        ("Kỳ Anh, R&amp;D ".encode() + b"\xff", RAW, "not UTF-8: the bytes FF; not fixed, for"),
        (
            "Một dòng tin tức. R&amp; ờ".encode()[:-1],
            RAW,
            "in the middle of a character: .*; not fix",
        ),
        ("Kỳ Anh, R&amp;D ờ".encode()[:-1], RAW, r"guessed .*, and parts are UTF-8; not fixed: "),
        ("Ő ű &amp;".encode("iso8859-2"), RAW, "in no encoding that can be told; .*; not fixed"),
        ("Škoda".encode("iso8859-2"), RAW, r"iso-8859-2 \(sl\) is nearly as likely; not fixed: sa"),
        ("été &amp;".encode("cp1252"), Cleaning(select=("ENC030",)), "; not fixed, for ENC006 is"),
        (TCVN3.encode("latin-1"), Cleaning(select=("ENC006",)), "TCVN3, .*; not fixed, for the r"),
        (b"\0%PDF-1.7 \xc3\xa0", RAW, "not fixed: the fixed text would be taken for something"),
    ],
)
def test_what_cannot_be_fixed_without_loss_stays(tmp_path, content, cleaning, message):
    path = tmp_path / "a.txt"
    for in_place in (True, False):
        path.write_bytes(content)
        with pytest.raises(FixError, match=message) as caught:
            fix_file(path, cleaning, in_place=in_place)
        assert "\n" not in str(caught.value)
        assert path.read_bytes() == content
        assert names(tmp_path) == ["a.txt"]


@pytest.mark.parametrize(
    "content", [b"Tin \xff", "été".encode("cp1252"), "Kỳ".encode("utf-16")], ids=ascii
)
def test_damage_is_no_error_where_there_is_nothing_to_fix(tmp_path, content):
    (tmp_path / "a.txt").write_bytes(content)
    assert fix_file(tmp_path / "a.txt", Cleaning(select=("ENC040",)), in_place=True) is None


# Rows


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('{"text": "R&amp;D"}\n', '{"text": "R&D"}\n'),
        ('{"text":"R&amp;D"}', '{"text":"R&D"}'),
        (' {\t"n" :1.50 , "text": "R&amp;D" ,"x":{"text":"&amp;"}} \r\n', None),
        ('{"b": 1e300, "text": "R&amp;D", "a": 1E+2}\n', None),
        (f'{{"n": {"9" * 300}, "text": "R&amp;D"}}\n', None),
        ('{"\\u0074ext": "R&amp;D", "\\u00e9": "\\u00e9\\/"}\n', None),
        ('{"text": "\\u1ec7 R&amp;D &eacute;"}', '{"text": "\\u1ec7 R&D \\u00e9"}'),
        ('{"text": "Kỳ R&amp;D \\u1ec7\\n\\"\\t"}', '{"text": "Kỳ R&D ệ\\n\\"\\t"}'),
        ('{"text": "R", "title": "R&amp;D"}', '{"text": "R", "title": "R&D"}'),
        ('{"title": "R&amp;D", "text": "\\u0000"}', '{"title": "R&D", "text": ""}'),
        ('{"html": "<p>R&amp;D", "title": "R&amp;D"}', '{"html": "<p>R&amp;D", "title": "R&D"}'),
        (row(text=TCVN3, title="Trang chñ"), row(text=VIETNAMESE, title="Trang chủ")),
        ('\ufeff{"text": "R"}\n', '{"text": "R"}\n'),
        ('\ufeff{"text": "R&amp;D"}\n', '{"text": "R&D"}\n'),
        ('\ufeff\n\n{"text": "R&amp;D"}', '\n\n{"text": "R&D"}'),
    ],
    ids=ascii,
)
def test_strings_of_rows_are_fixed_and_nothing_else(tmp_path, content, expected):
    if expected is None:
        expected = content.replace("R&amp;D", "R&D")
    clean = '{"text": "Một tin."}\n'
    for before, after in (("", ""), (clean, "\n"), (clean * 3, "\n" + clean)):
        if content.startswith("\ufeff") and before:
            continue
        got, rules = fixed(tmp_path / "a.jsonl", (before + content + after).encode())
        assert got.decode() == before + expected + after
        assert rules


RECORD = (
    *("source", "lead", "captions", "authors", "published", "modified", "locality", "publisher"),
    *("quality", "counts", "personal_data", "text_sha256"),
)


@pytest.mark.parametrize(
    "content",
    [
        '{"text": "R&amp;D"',
        '{"text": "R&amp;D", "n": NaN}',
        '{"text": "R&amp;D\\ud800"}',
        '["R&amp;D"]',
        '"R&amp;D"',
        '{"text": "R&amp;D", "id": []}',
        '{"text": ["R&amp;D"], "title": "R&amp;D"}',
        '{"text": "R&amp;D", "text": "S&amp;D"}',
        '{"text": "R&amp;D", "a": 1, "\\u0061": 2}',
        '{"title": "R&amp;D"}',
        '{"html": "<p>R&amp;D"}',
        '{"html": "<p>R&amp;D", "text": "R&amp;D"}',
        '{"text": "R&amp;D", "x": ' + "[" * 600 + "]" * 600 + "}",
        row(text="R&amp;D", **dict.fromkeys(RECORD)),
        row(text="R&amp;D", **dict.fromkeys(RECORD[:6])),
        "",
        "R&amp;D",
    ],
    ids=lambda content: content[:50],
)
def test_rows_that_are_broken_or_finished_stay(tmp_path, content):
    lines = [b'{"text": "R&amp;D"}', content.encode(), b'\xff{"text": "R&amp;D"}', b""]
    got, rules = fixed(tmp_path / "a.ndjson", b"\r\n".join(lines))
    assert got == b"\r\n".join([b'{"text": "R&D"}', *lines[1:]])
    assert rules == {"ENC030": 1}
    assert fixed(tmp_path / "a.ndjson", content.encode()) == (content.encode(), {})


def test_a_row_has_its_language(tmp_path):
    """In French a no-break space stands before a question mark."""
    for language, text in (("fr", "Quoi\xa0?"), ("vi", "Quoi ?")):
        got, _ = fixed(
            tmp_path / "a.jsonl", row(text="Quoi\xa0?", language=language).encode(), Cleaning()
        )
        assert json.loads(got)["text"] == text


def test_a_row_larger_than_a_document_stays(tmp_path, monkeypatch):
    monkeypatch.setattr(fixing, "DOCUMENT_BYTES", 100)
    monkeypatch.setattr(fixing, "_BLOCK_BYTES", 7)
    small, large = row(text="R&amp;D"), row(text="R&amp;D" * 50)
    got, rules = fixed(tmp_path / "a.jsonl", f"{large}\n{small}\n{large}\n{large}".encode())
    assert got.decode() == f"{large}\n{row(text='R&D')}\n{large}\n{large}"
    assert rules == {"ENC030": 1}


def test_rows_are_not_kept_in_memory(tmp_path):
    path = tmp_path / "a.jsonl"
    clean, damaged = row(text="x" * 20_000), row(text="R&amp;D")
    path.write_text("\n".join([clean] * 400 + [damaged] + [clean] * 400))
    tracemalloc.start()
    fix_file(path, RAW, in_place=True)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert path.stat().st_size > 16_000_000
    assert peak < 6_000_000


# Any content, any rules

CLEANINGS = st.sampled_from(
    [
        RAW,
        Cleaning(),
        Cleaning(ignore=("ENC002",)),
        Cleaning(ignore=("ENC031", "ENC034", "ENC040")),
        Cleaning(select=("ENC0", "ENC07"), tone_style="new"),
        Cleaning(language="vi"),
    ]
)
BYTES = st.one_of(
    st.binary(max_size=80),
    pages.ANY.map(lambda text: text.encode("utf-8", "replace")),
    pages.ANY.map(lambda text: text.encode("utf-16", "replace")),
    pages.ANY.map(lambda text: text.encode("cp1258", "ignore")),
    st.text(st.sampled_from("\n" + TCVN3)).map(lambda text: text.encode("latin-1")),
)


def settles(path: Path, content: bytes, cleaning: Cleaning) -> bytes | None:
    """The fixed content, None where it cannot be fixed; fixing it again changes nothing."""
    path.write_bytes(content)
    try:
        done = fix_file(path, cleaning, in_place=True)
    except FixError:
        assert path.read_bytes() == content
        return None
    after = path.read_bytes()
    assert (done is None) == (after == content)
    assert fix_file(path, cleaning, in_place=True) is None
    assert path.read_bytes() == after
    return after


@given(BYTES, CLEANINGS)
def test_fixing_a_page_again_changes_nothing(tmp_path_factory, content, cleaning):
    after = settles(tmp_path_factory.getbasetemp() / "page.txt", content, cleaning)
    if after is not None:
        repaired = pipeline.repaired(RawDocument("x", content), cleaning)
        assert after in (content, repaired.text.encode())
        assert pipeline.decode(RawDocument("x", after)).text == repaired.text


ROWS = st.lists(
    st.one_of(
        st.builds(
            lambda text, title, ascii_only, rest: json.dumps(
                rest | {"text": text, "title": title}, ensure_ascii=ascii_only
            ).encode("utf-8", "replace"),
            pages.ANY,
            st.one_of(st.none(), pages.ANY),
            st.booleans(),
            st.dictionaries(st.text(max_size=4), st.one_of(st.floats(), st.text(max_size=4))),
        ),
        st.binary(max_size=40).map(lambda raw: raw.replace(b"\n", b"")),
        st.sampled_from([b'{"text": "&amp;", "text": "&amp;"}', b'{"html": "&amp;"}', b"", b"{}"]),
    ),
    max_size=5,
)


@given(ROWS, CLEANINGS)
def test_fixing_rows_again_changes_nothing(tmp_path_factory, rows, cleaning):
    after = settles(tmp_path_factory.getbasetemp() / "rows.jsonl", b"\n".join(rows), cleaning)
    assert after is not None
    for before, now in zip(rows or [b""], after.split(b"\n"), strict=True):
        if now not in (before, before.removeprefix(b"\xef\xbb\xbf")):
            old, new = json.loads(before), json.loads(now)
            assert list(new) == list(old)
            assert {k for k in old if repr(new[k]) != repr(old[k])} <= {"text", "title"}
            expected = pipeline.repaired(RawDocument("x", old["text"]), cleaning)
            assert new["text"] == expected.text
