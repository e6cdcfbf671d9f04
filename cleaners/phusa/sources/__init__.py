"""Where documents come from: text and HTML files, and rows of JSONL.

A corpus is a sorted list of files (`find`), with what is known beside them (`load_metadata`), cut
into batches that depend on nothing but the files (`batches`), each read as a stream of documents
(`read`). Nothing vanishes on the way: an input that gives no document becomes an `Unreadable` with
a finding that says why.
"""

from phusa.sources.cut import Batch, Piece, batches, split
from phusa.sources.files import SUFFIXES, File, Found, Problem, find
from phusa.sources.lines import DAMAGE
from phusa.sources.metadata import Known
from phusa.sources.metadata import load as load_metadata
from phusa.sources.reading import Unreadable, lost, read, unreadable
from phusa.sources.removals import Removal, taken_down
from phusa.sources.removals import load as load_removals
from phusa.sources.rules import DUPLICATE_ID, RULES, TAKEN_DOWN
from phusa.sources.streams import JSONL, sniff, stream

__all__ = [
    "DAMAGE",
    "DUPLICATE_ID",
    "JSONL",
    "RULES",
    "SUFFIXES",
    "TAKEN_DOWN",
    "Batch",
    "File",
    "Found",
    "Known",
    "Piece",
    "Problem",
    "Removal",
    "Unreadable",
    "batches",
    "find",
    "load_metadata",
    "load_removals",
    "lost",
    "read",
    "sniff",
    "split",
    "stream",
    "taken_down",
    "unreadable",
]
