"""Classes of characters that the repair of Unicode is about, as regular expressions write them."""

CONTROLS = "\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufffe\uffff"
LINE_ENDS = "\x0b-\r\x85\u2028\u2029"
DIRECTIONS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
JOINERS = "\u200c\u200d\u2061-\u2064"
UNSEEN = "\xad\u180e\u200b\u2060\u206a-\u206f\ufeff"
TAGS = "\U000e0000-\U000e007f"
ODD_BLANKS = "\xa0\u1680\u2000-\u200a\u202f\u205f"
SURROGATES = "\ud800-\udfff"
PRIVATE_USE = "\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd"
GREEK_OR_CYRILLIC = "\u0370-\u052f\u1c80-\u1c8f\u1f00-\u1fff\ua640-\ua69f"
ETHS = "ÐðƉɖ"
CAN_DECOMPOSE = (
    "\u0300-\u036f\u0374\u037e\u0387\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u06d6-\u06ed\u0711\u0730-\u074a\u07eb-\u07fd\u0816-\u082d\u0859-\u085b\u0890-\u089f"
    "\u08ca-\u0ddf\u0e38-\u0e3a\u0e48-\u0e4b\u0eb8-\u0eba\u0ec8-\u0ece\u0f18-\u0f19\u0f35-\u0fc6"
    "\u102e\u1037-\u103a\u108d\u1160-\u11ff\u135d-\u135f\u1714-\u1734\u17d2\u17dd\u18a9"
    "\u1939-\u193b\u1a17-\u1a18\u1a60\u1a75-\u1aff\u1b34-\u1b44\u1b6b-\u1bf3\u1c37\u1cd0-\u1cff"
    "\u1dc0-\u1dff\u1f71-\u1fff\u2000-\u2001\u20d0-\u20ff\u2126-\u212b\u2329-\u232a\u2adc"
    "\u2cef-\u2cf1\u2d7f-\u2dff\u302a-\u302f\u3099-\u309a\ua66f-\ua6f1\ua806-\ua82c\ua8c4-\ua8f1"
    "\ua92b-\ua92d\ua953\ua9b3-\ua9c0\uaab0-\uaac1\uaaf6\uabed\uf900-\ufb4e\ufe20-\ufe2f"
    "\U000101fd-\U0001edff\U0002f800-\U0002fa1f"
)
"""Combining marks, and letters whose normal form is another (Unicode Standard Annex 15: the quick
check for form C is not «yes»). Ranges are rounded up where no common letter is in them; no script
that is written without blanks has all of its letters here."""
