"""The names that pages and servers have for encodings, and what browsers take them to mean."""

from __future__ import annotations

_LABELS = {
    # what says Latin-1 or ASCII and has bytes beyond it is Windows-1252 in every browser
    "windows-1252": "ascii us-ascii ansi_x3.4-1968 cp1252 x-cp1252 iso-8859-1 iso8859-1 iso88591 "
    "iso_8859-1 iso_8859-1:1987 iso-ir-100 csisolatin1 latin1 latin-1 l1 cp819 ibm819",
    "windows-1250": "cp1250 x-cp1250",
    "windows-1251": "cp1251 x-cp1251 win-1251",
    "windows-1253": "cp1253 x-cp1253",
    "windows-1254": "cp1254 x-cp1254 iso-8859-9 iso8859-9 iso88599 iso_8859-9 iso_8859-9:1989 "
    "iso-ir-148 csisolatin5 latin5 l5",
    "windows-1255": "cp1255 x-cp1255",
    "windows-1256": "cp1256 x-cp1256",
    "windows-1257": "cp1257 x-cp1257",
    "windows-1258": "cp1258 x-cp1258",
    "cp874": "windows-874 dos-874 iso-8859-11 iso8859-11 iso885911 tis-620",
    "iso-8859-2": "iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 iso-ir-101 csisolatin2 latin2 l2",
    "iso-8859-4": "iso8859-4 iso88594 iso_8859-4 iso_8859-4:1988 iso-ir-110 csisolatin4 latin4 l4",
    "iso-8859-5": "iso8859-5 iso88595 iso_8859-5 iso_8859-5:1988 iso-ir-144 csisolatincyrillic "
    "cyrillic",
    "iso-8859-6": "iso8859-6 iso88596 iso_8859-6 iso_8859-6:1987 iso-8859-6-e iso-8859-6-i "
    "iso-ir-127 csisolatinarabic arabic asmo-708 ecma-114",
    "iso-8859-7": "iso8859-7 iso88597 iso_8859-7 iso_8859-7:1987 iso-ir-126 csisolatingreek greek "
    "greek8 ecma-118 elot_928",
    "iso-8859-8": "iso8859-8 iso88598 iso_8859-8 iso_8859-8:1988 iso-8859-8-e iso-8859-8-i "
    "iso-ir-138 csisolatinhebrew hebrew visual logical",
    "iso-8859-10": "iso8859-10 iso885910 iso-ir-157 csisolatin6 latin6 l6",
    "iso-8859-13": "iso8859-13 iso885913",
    "iso-8859-14": "iso8859-14 iso885914",
    "iso-8859-15": "iso8859-15 iso885915 iso_8859-15 csisolatin9 latin9 l9",
    "iso-8859-16": "iso8859-16",
    "koi8-r": "koi koi8 koi8_r cskoi8r",
    "koi8-u": "koi8-ru",
    "cp866": "ibm866 866 csibm866",
    "cp737": "ibm737",
    "cp850": "ibm850 850",
    "cp852": "ibm852 852",
    "macintosh": "mac x-mac-roman csmacintosh",
    "mac-cyrillic": "x-mac-cyrillic x-mac-ukrainian",
    # the larger set that contains the one the label is the name of
    "gb18030": "gbk x-gbk gb2312 gb_2312 gb_2312-80 csgb2312 csiso58gb231280 iso-ir-58 chinese "
    "euc-cn cp936",
    "big5hkscs": "big5 big5-hkscs cn-big5 csbig5 x-x-big5",
    "cp932": "shift_jis shift-jis sjis x-sjis csshiftjis ms932 ms_kanji windows-31j",
    "euc_jp": "euc-jp x-euc-jp cseucpkdfmtjapanese",
    "cp949": "euc-kr cseuckr korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 csksc56011987 "
    "iso-ir-149 windows-949",
}
"""Labels by Python's name of the encoding. Source: the table of labels of the WHATWG Encoding
Standard, but for UTF-8 and UTF-16, which bytes show by themselves; and names of DOS."""

ENCODINGS = {label: name for name, labels in _LABELS.items() for label in (name, *labels.split())}


def encoding(label: str) -> str | None:
    """Python's name of the encoding that a label means; None where it is none to be believed.

    >>> encoding("ISO-8859-1"), encoding(" x-sjis "), encoding("utf-8"), encoding("rot13")
    ('windows-1252', 'cp932', None, None)
    """
    return ENCODINGS.get(label.strip().lower())
