"""What the names that a page gives its elements (class, id, role and the like) say of them.

Names are English on pages of every language. They are cut into words at whatever is no letter and
at capitals (`entryContent` is `entry content`), and the words looked up; a hint is the family a
word belongs to, and an element has all those that its words give.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import IntFlag
from functools import lru_cache
from itertools import pairwise

MAX_NAME_CHARS = 200
"""Of one attribute; what comes behind is not read."""
MAX_LABEL_CHARS = 30
"""A longer `aria-label` is a sentence, not a name."""


class Hint(IntFlag):
    """A family of names, one bit each."""

    CONTENT = 1 << 0
    COMMENT = 1 << 1
    NAVIGATION = 1 << 2
    HEADER = 1 << 3
    FOOTER = 1 << 4
    SIDEBAR = 1 << 5
    RELATED = 1 << 6
    SHARE = 1 << 7
    AD = 1 << 8
    OVERLAY = 1 << 9
    FORM = 1 << 10
    BYLINE = 1 << 11
    DATE = 1 << 12
    TITLE = 1 << 13
    CAPTION = 1 << 14
    TAGS = 1 << 15
    CONTENTS_TABLE = 1 << 16
    HIDDEN = 1 << 17
    LIST = 1 << 18
    PRODUCT = 1 << 19
    CODE = 1 << 20
    QUOTE = 1 << 21
    LEAD = 1 << 22
    FORUM = 1 << 23


_WORDS = {
    Hint.CONTENT: """article articles articlebody post entry hentry content contentpaneopen story
        body bodytext main maincontent text txt richtext prose paragraph wysiwyg single blogpost
        fulltext reportage readme description desc markdown article-text text-body""",
    Hint.COMMENT: """comment comments commentlist commentary commented commenter reply replies
        respond response responses disqus discussion feedback akismet livefyre opinions""",
    Hint.NAVIGATION: """nav navi navigation navbar navbox subnav topnav mainnav navmenu menu menus
        menubar menuitem submenu sublevel mainlevel megamenu dropdown breadcrumb breadcrumbs crumb
        crumbs pathway pager pagination paging paginate prev previous next hamburger burger drawer
        skip sitemap toolbar tablist tabs jump language languages""",
    Hint.HEADER: "header masthead banner topbar topline logo branding siteheader subheader",
    Hint.FOOTER: """footer foot colophon copyright legal disclaimer disclame contentinfo
        imprint impressum credits bottombar subfooter""",
    Hint.SIDEBAR: """sidebar side aside widget widgets rail secondary tertiary complementary
        left right textwidget moduletable""",
    Hint.RELATED: """related relateds recommend recommended recommendation recommendations more
        trending popular latest recent newest teaser teasers promo-item featured also read-next
        readmore read-also most-read also-read up-next you-may next-up outbrain taboola similar
        suggested suggestions top-stories most hot carousel slider slideshow swiper ticker feed
        recirc recirculation yarpp zergnet crosspost""",
    Hint.SHARE: """share shares sharing sharedaddy social socials socialmedia facebook twitter
        whatsapp pinterest linkedin instagram telegram tumblr reddit youtube tiktok follow like
        likes addthis addtoany sharethis plusone gplus tweet bookmark bookmarks""",
    Hint.AD: """ad ads adv advert adverts advertise advertisement advertising adsbygoogle
        adsense adslot adtaily adbox gpt dfp sponsor sponsored sponsors promo promotion
        promotions billboard leaderboard skyscraper newsletter newsletters subscribe subscription
        subscriptions cta paywall premium donate donation partner partners affiliate affiliates
        callout signup sign-up""",
    Hint.OVERLAY: """cookie cookies consent gdpr ccpa onetrust modal popup popover dialog
        alertdialog overlay lightbox backdrop tooltip toast flyout offcanvas notification
        notifications preloader loader interstitial privacy""",
    Hint.FORM: """login logout signin sign-in register registration form forms search searchform
        searchbox input field fields fieldset password captcha recaptcha account checkbox poll
        contact filter filters combobox listbox autocomplete""",
    Hint.BYLINE: """author authors byline bylines writer contributor contributors meta postmeta
        metadata vcard bio avatar biography aboutauthor posted postedby source credit signature
        dateline username profile""",
    Hint.DATE: """date dates datetime time timestamp published publish pubdate updated modified
        createdate datepublished datemodified datecreated postdate""",
    Hint.TITLE: """title titles headline heading headings subtitle subheading subhead subheadline
        contentheading kicker hed dek""",
    Hint.CAPTION: """caption captions figcaption figure photo photos image images picture pic
        thumbnail thumb gallery media attachment legend cutline""",
    Hint.TAGS: """tag tags taglist category categories cat cats keyword keywords topic topics
        taxonomy taxonomies hashtag hashtags label labels""",
    Hint.CONTENTS_TABLE: "toc contents table-contents of-contents anchors",
    Hint.LIST: """card cards list lists listing listings grid tile tiles item items row results
        result archive index loop collection""",
    Hint.PRODUCT: """product products price prices pricing cart shop shopping store sku offer
        offers checkout basket sale buy stock shipping rating ratings stars woocommerce""",
    Hint.CODE: "code highlight syntax pre snippet codeblock prettyprint hljs terminal",
    Hint.QUOTE: "quote quotes blockquote pullquote pull-quote quotation testimonial testimonials",
    Hint.LEAD: """lead lede intro introduction summary excerpt abstract standfirst sapo chapo
        deck preamble ingress teaser-text""",
    Hint.FORUM: """thread threads forum forums topic-post question answer answers accepted-answer
        message messages faq votes vote upvote conversation""",
}
_ROLES = {
    Hint.CONTENT: "main article document",
    Hint.NAVIGATION: "navigation menu menubar menuitem tablist tab tree",
    Hint.HEADER: "banner",
    Hint.FOOTER: "contentinfo",
    Hint.SIDEBAR: "complementary",
    Hint.OVERLAY: "dialog alertdialog tooltip alert status",
    Hint.FORM: "search form combobox listbox option",
    Hint.TITLE: "heading",
    Hint.LIST: "list listitem feed grid",
}
_HIDDEN = frozenset(
    """hidden hide sr-only visually-hidden visuallyhidden screen-reader-text screen-reader-only
    screenreader assistive-text offscreen d-none display-none u-hidden is-hidden invisible
    element-invisible visually-hidden-focusable""".split()
)
_JOINT = re.compile("(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def _inverted(families: Mapping[Hint, str]) -> dict[bytes, int]:
    table: dict[bytes, int] = {}
    for family, words in families.items():
        for word in words.encode().split():
            table[word] = table.get(word, 0) | int(family)
    return table


_BY_WORD = _inverted(_WORDS)
_BY_ROLE = _inverted(_ROLES)
_STARTS = frozenset(words.partition(b"-")[0] for words in _BY_WORD if b"-" in words)
_LETTERS = bytes(code if chr(code).isalpha() and code < 128 else 32 for code in range(256))
_IS_HIDDEN, _IS_OVERLAY = (
    int(Hint.HIDDEN),
    int(Hint.OVERLAY),
)  # an IntFlag is slow to calculate with


def _look_up(name: str) -> int:
    """The hints of the words of a name, and of any two that stand side by side."""
    if not name.islower():
        name = _JOINT.sub(" ", name).lower()
    words = name.encode("ascii", "replace").translate(_LETTERS).split()
    mask = 0
    for word in words:
        if word in _BY_WORD:
            mask |= _BY_WORD[word]
    if not _STARTS.isdisjoint(words):
        for pair in pairwise(words):
            mask |= _BY_WORD.get(b"-".join(pair), 0)
    return mask


_named = lru_cache(maxsize=1 << 13)(_look_up)


@lru_cache(maxsize=1 << 13)
def _classes(names: str) -> int:
    """Of a class; `hidden md:flex` says that the element is hidden on small screens only."""
    hidden = not _HIDDEN.isdisjoint(names.split()) and ":" not in names
    return _look_up(names) | _IS_HIDDEN if hidden else _look_up(names)


def _type(address: str) -> int:
    """Of an item type such as `https://schema.org/Comment`."""
    return _named(address.rpartition("/")[2])


_READERS: Mapping[str, Callable[[str], int]] = {
    "class": _classes,
    "id": _named,
    "itemprop": _named,
    "itemtype": _type,
    "role": lambda role: _BY_ROLE.get(role.strip().lower().encode("ascii", "replace"), 0),
    "aria-label": lambda label: _named(label) if len(label) <= MAX_LABEL_CHARS else 0,
    "aria-modal": lambda _: _IS_OVERLAY,
    "aria-hidden": lambda state: _IS_HIDDEN if state == "true" else 0,
    "hidden": lambda _: _IS_HIDDEN,
    "style": lambda style: _IS_HIDDEN if _UNSEEN.search(style) else 0,
}


def hints(attributes: Mapping[str, str | None]) -> int:
    """The mask of `Hint` that an element's own attributes give; 0 when they say nothing.

    >>> Hint(hints({"class": "entry-content", "id": "main"}))
    <Hint.CONTENT: 1>
    >>> Hint(hints({"class": "td md:hidden", "style": "Display: none"}))
    <Hint.HIDDEN: 131072>
    """
    mask = 0
    for name in attributes:
        if name in _READERS:
            mask |= _READERS[name]((attributes[name] or "")[:MAX_NAME_CHARS])
    return mask
