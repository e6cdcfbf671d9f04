"""Repair of characters beside ftfy, in one run: how fast, and how right.

    python benchmarks/repair.py [--pages N] [--rounds N] [--only speed|quality]

Speed is UTF-8 bytes of the input per CPU second of this process, best of the rounds; what a round
remembered of the text (bounded caches) is forgotten before the next. The texts are generated with a
fixed seed: pages of about 8.5 kB, given one by one and as one text. Vietnamese is paragraphs of the
seeds recombined, so its words repeat more than they would in a corpus. ftfy looks at each line, its
speed does not depend on the size of the text; it is measured on a part of the pages.

Quality is the share of characters that are right after each kind of damage to the seeds, and how
many of the five come back exactly. The damage is that of Vietnamese archives: UTF-8 read as
something else, once or more often, whole or in part, and cleaned in the wrong order; and the
encodings from before Unicode, written by the encoders of the tests, which do not know phusa's
tables. Right is what need not be edited: one less the edit distance over the longer text. The
syllables that fill lost letters were counted over these seeds too, among other text: the rows on
places lost and dropped flatter phusa.
"""

from __future__ import annotations

import argparse
import functools
import gc
import random
import re
import sys
import time
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from difflib import SequenceMatcher
from pathlib import Path

import ftfy

import phusa

ROOT = Path(__file__).parent.parent
PAGE_BYTES = 8_500
FTFY_PAGES = 40
"""Pages that ftfy is measured on; it needs seconds for each MB."""
MISREAD_LINES = 0.05
DAMAGED_PART = 0.3

ENGLISH = """
The council’s new budget doesn’t please everyone, and the mayor knows it.
“We were promised a bridge,” said one resident, “and we got a brochure.”
Trains between the two cities run every hour – on Sundays, every two.
The museum reopens in March after three years of work; entry is free for children under 12.
Nobody had expected the ‘temporary’ market hall to stand for forty years…
Farmers say the harvest will be smaller than last year’s, but not by much.
The court found that the company’s figures were “neither complete nor correct”.
More than 1,200 people signed the petition — twice as many as in spring.
""".strip().split("\n")
FRENCH = """
L’été dernier, la mairie a promis de rénover l’école avant la rentrée.
« Nous n’avons rien reçu », répète-t-il, « ni lettre, ni appel. »
À Sète, les pêcheurs espèrent que la saison sera meilleure qu’en 2023.
Le château, fermé depuis près de dix ans, rouvrira ses portes au mois d’août.
Où trouver de l’eau potable ? La réponse n’est pas si évidente…
Après l’incendie, le théâtre a été reconstruit à l’identique.
Les élèves ont planté une haie le long du chemin de l’hôpital.
Le maïs a souffert de la sécheresse, mais les vignes ont bien résisté.
""".strip().split("\n")
OTHERS = """
Die Brücke über den Fluß wird für ein Jahr gesperrt, sagte der Bürgermeister.
La alcaldía anunció que el puente estará cerrado hasta después del otoño.
A prefeitura não informou quando começará a construção da nova estação.
Il sindaco ha detto che la città è più pulita di così solo in agosto.
Burmistrz zapowiedział, że most będzie zamknięty przez cały rok.
Starosta řekl, že nový most bude hotový příští léto.
Belediye başkanı köprünün gelecek yıla kadar kapalı kalacağını söyledi.
Мэр сообщил, что мост через реку будет закрыт до конца года.
Ο δήμαρχος είπε ότι η γέφυρα θα μείνει κλειστή ως το τέλος του χρόνου.
市长表示，大桥将在年底前关闭。
橋は年末まで閉鎖されると市長は述べた。
시장은 다리가 연말까지 폐쇄될 것이라고 말했다.
قال رئيس البلدية إن الجسر سيبقى مغلقا حتى نهاية العام.
นายกเทศมนตรีกล่าวว่าสะพานจะปิดจนถึงสิ้นปี
महापौर ने कहा कि पुल साल के अंत तक बंद रहेगा।
""".strip().split("\n")

MINIMAL = ftfy.TextFixerConfig(
    unescape_html=False,
    uncurl_quotes=False,
    fix_latin_ligatures=False,
    fix_character_width=False,
    explain=False,
)
"""ftfy for its repair of encodings alone, which is what it is best at."""

Repair = Callable[[str], str]
TOOLS: dict[str, Repair] = {
    "phusa": lambda text: phusa.repair(text).text,
    "ftfy": ftfy.fix_text,
    "ftfy, minimal": lambda text: ftfy.fix_text(text, MINIMAL),
}


def seeds() -> list[str]:
    """The seeds in good order, which both tools leave as they are."""
    paths = sorted((ROOT / "seeds").glob("*.txt"))
    texts = [phusa.repair(path.read_text("utf-8")).text for path in paths]
    assert all(
        tool(text) == text for text in texts for tool in (TOOLS["phusa"], TOOLS["ftfy, minimal"])
    )
    return texts


def pages(paragraphs: Sequence[str], count: int) -> list[str]:
    """Pages of some paragraphs in new orders, numbers between them, so that no two are alike."""
    chance = random.Random(20260101)
    found = []
    for number in range(count):
        page: list[str] = []
        size = 0
        while size < PAGE_BYTES:
            page.append(f"{chance.choice(paragraphs)} {number}.{len(page)}")
            size += len(page[-1].encode()) + 1
        found.append("\n".join(page))
    return found


def paragraphs(sentences: Sequence[str], count: int = 60) -> list[str]:
    """Paragraphs of three to eight sentences."""
    chance = random.Random(1)
    return [" ".join(chance.choices(sentences, k=chance.randint(3, 8))) for _ in range(count)]


def read_as(text: str, encoding: str, errors: str = "") -> str:
    """A text whose UTF-8 was read as another encoding; free places are controls, as browsers do."""
    content = text.encode()
    if errors:
        return content.decode(encoding, errors)
    return "".join(bytes((byte,)).decode(encoding, "ignore") or chr(byte) for byte in content)


def some(pieces: Iterable[str], share: float, damage: Repair) -> list[str]:
    """The pieces, some of them damaged."""
    chance = random.Random(7)
    return [damage(piece) if chance.random() < share else piece for piece in pieces]


def misread(text: str) -> str:
    return read_as(text, "windows-1252")


def twice(text: str) -> str:
    return misread(misread(text))


def in_some_words(text: str) -> str:
    return "".join(some(re.split(r"(\s+)", text), DAMAGED_PART, misread))


def decomposed(text: str) -> str:
    """Windows-1258's habit: letters composed but for their tones."""
    from legacy_encoders import split

    return "".join("".join(split(char)) for char in text)


DAMAGE: dict[str, Repair] = {
    "UTF-8 read as Latin-1": lambda text: read_as(text, "latin-1"),
    "... as Windows-1252": misread,
    "... as Windows-1252, twice": twice,
    "... as Windows-1252, three times": lambda text: misread(twice(text)),
    "... as Windows-1250": lambda text: read_as(text, "windows-1250"),
    "... as MacRoman": lambda text: read_as(text, "mac-roman"),
    "... as code page 437": lambda text: read_as(text, "cp437"),
    "... as Windows-1258": lambda text: read_as(text, "windows-1258"),
    "... in 30 % of lines": lambda text: "\n".join(some(text.split("\n"), DAMAGED_PART, misread)),
    "... in 30 % of words": in_some_words,
    "... free places lost (U+FFFD)": lambda text: read_as(text, "windows-1252", "replace"),
    "... free places dropped": lambda text: read_as(text, "windows-1252", "ignore"),
    "... then lower-cased": lambda text: misread(text).lower(),
    "... as Latin-1, C1 stripped": lambda text: re.sub("[\x80-\x9f]", "", read_as(text, "latin-1")),
    "... soft hyphens stripped": lambda text: read_as(text, "latin-1").replace("\xad", ""),
    "... NBSP made a blank": lambda text: read_as(text, "latin-1").replace("\xa0", " "),
    "decomposed (NFD)": lambda text: unicodedata.normalize("NFD", text),
    "tones decomposed": decomposed,
    "tones decomposed, misread": lambda text: misread(decomposed(text)),
}


def legacy(name: str) -> Repair:
    """Damage by a legacy encoding, read as Windows-1252; what it cannot hold stays away."""
    from legacy_encoders import SURFACES, encoders

    encoder = encoders()[name]
    return lambda text: SURFACES["read as Windows-1252"](encoder.encode(text))


def legacy_damage() -> dict[str, tuple[Repair, Repair]]:
    """For each legacy encoding: what of a text it can hold, and the damage."""
    from legacy_encoders import encoders, viqr, viqr_writable

    names = ("TCVN3", "VNI", "Windows-1258", "BK HCM2", "VISCII", "VPS")
    found = {name: (encoders()[name].writable, legacy(name)) for name in names}
    return found | {"VIQR": (viqr_writable, lambda text: viqr(text, escaped=True))}


def forget() -> None:
    """Empty the caches that hold text; those that hold tables have no bound."""
    for found in gc.get_objects():
        if isinstance(found, functools._lru_cache_wrapper) and found.cache_parameters()["maxsize"]:
            found.cache_clear()


def mb_per_s(tool: Repair, texts: Sequence[str], rounds: int) -> float:
    """Input in MB of UTF-8 for each CPU second, best of the rounds."""
    best = float("inf")
    for _ in range(rounds):
        forget()
        start = time.process_time()
        for text in texts:
            tool(text)
        best = min(best, time.process_time() - start)
    return sum(len(text.encode()) for text in texts) / 1e6 / best


def speeds(count: int, rounds: int) -> None:
    vietnamese = [line for seed in seeds() for line in seed.split("\n") if len(line) > 200]
    clean = pages(vietnamese, count)
    held = legacy_damage()["TCVN3"]
    texts = {
        "clean Vietnamese": clean,
        "clean English, curly quotes": pages(paragraphs(ENGLISH), count),
        "clean French": pages(paragraphs(FRENCH), count),
        "clean, 18 languages": pages([*vietnamese[:15], *ENGLISH[:3], *FRENCH[:3], *OTHERS], count),
        "5 % of lines misread": [
            "\n".join(some(page.split("\n"), MISREAD_LINES, misread)) for page in clean
        ],
        "all misread": list(map(misread, clean)),
        "TCVN3 read as Windows-1252": [held[1](held[0](page)) for page in clean],
    }
    for tool in TOOLS.values():
        for given in texts.values():
            tool(given[0])  # loads what it needs
    for heads in (
        ("MB per CPU second", "phusa", "phusa", "ftfy", "ftfy", "phusa/"),
        ("", "pages", "one text", "default", "minimal", "minimal"),
    ):
        print(f"{heads[0]:38}" + "".join(f"{head:>9}" for head in heads[1:]))
    for kind, given in texts.items():
        ours = mb_per_s(TOOLS["phusa"], given, rounds)
        whole = mb_per_s(TOOLS["phusa"], ["\n".join(given)], rounds)
        default, minimal = (
            mb_per_s(TOOLS[name], given[:FTFY_PAGES], min(rounds, 2))
            for name in ("ftfy", "ftfy, minimal")
        )
        print(f"{kind:38}{ours:9.1f}{whole:9.1f}{default:9.2f}{minimal:9.2f}{ours / minimal:8.0f}x")


def edits(wanted: str, got: str) -> int:
    """Characters to put in, take out or replace, between words that stand in the same place."""
    count = 0
    for old, new in zip(wanted.split("\n"), got.split("\n"), strict=True):
        if old != new:
            words, others = old.split(" "), new.split(" ")
            if len(words) == len(others):
                count += sum(map(_distance, words, others))
            else:
                matcher = SequenceMatcher(None, words, others, autojunk=False)
                for tag, a, b, c, d in matcher.get_opcodes():
                    if tag != "equal":
                        count += _distance(" ".join(words[a:b]), " ".join(others[c:d]))
    return count


@functools.lru_cache(1 << 16)
def _distance(a: str, b: str) -> int:
    """The edit distance of Levenshtein."""
    if a == b:
        return 0
    row = list(range(len(b) + 1))
    for i, char in enumerate(a, 1):
        above, row = row, [i]
        for j, other in enumerate(b):
            row.append(min(above[j] + (char != other), above[j + 1] + 1, row[j] + 1))
    return row[-1]


def right(wanted: Sequence[str], got: Sequence[str]) -> float:
    """The share of characters that are right, in percent: of the longer text, those not edited."""
    longer = sum(max(len(a), len(b)) for a, b in zip(wanted, got, strict=True))
    return 100 - 100 * sum(map(edits, wanted, got)) / longer


def quality() -> None:
    truths = seeds()
    head = f"{'% of characters right (texts of 5 exact)':42}"
    print(f"{head}{'damaged':>9}{'phusa':>14}{'ftfy, minimal':>15}")
    same: Repair = str
    kinds = {kind: (same, damage) for kind, damage in DAMAGE.items()} | legacy_damage()
    for kind, (writable, damage) in kinds.items():
        wanted = list(map(writable, truths))
        damaged = list(map(damage, wanted))
        row = f"{kind:42}{right(wanted, damaged):9.1f}"
        for name in ("phusa", "ftfy, minimal"):
            got = list(map(TOOLS[name], damaged))
            exact = sum(a == b for a, b in zip(wanted, got, strict=True))
            row += f"{right(wanted, got):11.2f} ({exact})"
        print(row)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=("speed", "quality"))
    options = parser.parse_args()
    sys.path.insert(0, str(ROOT / "tests"))  # for the encoders
    if options.only != "quality":
        speeds(options.pages, options.rounds)
    if options.only != "speed":
        quality()


if __name__ == "__main__":
    main()
