"""The rules of page chrome, by family. Their phrases are in the language packs."""

from __future__ import annotations

from phusa.findings import Rule

NAVIGATION = Rule(
    "CHR101",
    "navigation",
    "Menus, breadcrumbs, page numbers, links to other parts of the site.",
    """Menu rows and links that lead elsewhere: `Trang chủ`, `Chi tiết`, `Lên đầu trang`,
`1 2 3 4 >>>`. A word of this family that could be a heading goes only where it stands outside the
article or beside other chrome.""",
)
MASTHEAD_DATE = Rule(
    "CHR102",
    "masthead-date",
    "The date of the day the page was fetched, in the head of the site.",
    """Many sites print today's date above the menu: `Thứ Bảy, Ngày 07 tháng 03 năm 2026,`. It is
the day of the crawl and not of the article, so it must not be taken for the publication date.""",
)
LOADING = Rule(
    "CHR110",
    "loading",
    "Loading texts, status messages and empty states.",
    """What a script shows while it works or when it fails: `Đang tải...`, `Vui lòng chờ`,
`Copy link thành công`, `Đóng`.""",
)
STRAY_MARK = Rule(
    "CHR111",
    "stray-mark",
    "A line without a word: `×`, `.`, `|`.",
    """Buttons and separators leave lines of punctuation alone. Inside the article they are left,
since authors part sections with them; outside it they go.""",
)
VISITOR_COUNTER = Rule(
    "CHR112",
    "visitor-counter",
    "Visitor counters and page statistics.",
    """Portals count their visitors at the foot of every page: `Đang truy cập: 1`, `Hôm nay: 4`,
`Tất cả: 12,943`, `Online: 77`. The words alone can be a headline; with a number and nothing else on
the line they are a counter.""",
)
E_OFFICE = Rule(
    "CHR113",
    "e-office-widget",
    "Statistics of public services beside the article.",
    """Pages of local government show how many applications were settled: `Kết quả giải quyết TTHC`,
`Số hồ sơ xử lý: 2787`, `Trễ hạn: 0`, `( Cập nhật lúc:30/11/2023 07:04:41)`. The date in it is the
widget's and not the article's.""",
)
SHARE_BAR = Rule(
    "CHR120",
    "share-bar",
    "Buttons to share, print, copy the link or change the font size.",
    """`Chia sẻ`, `Facebook Mail Twitter / X LinkedIn Zalo`, `Sao chép liên kết`, `• Mặc định`,
`Aa Aa`, `Bản in`.""",
)
RELATED_LIST = Rule(
    "CHR130",
    "related-list",
    "A list of related news: its header and its items.",
    """A header such as `Tin liên quan`, `Đọc nhiều` or `Read also`, and the headlines, teasers and
times under it. Inside the article the list ends at the next full paragraph; after the article it
goes on to the end.""",
)
TIMED_LIST = Rule(
    "CHR131",
    "timed-list",
    "Related news without a header, told by the time stamp of every item.",
    """Headline, teaser, time stamp; headline, teaser, time stamp. At least two items at an even
distance make a list, whatever they say. Their dates are often later than the article's, so the
latest date of a page is no publication date.""",
)
COMMENTS = Rule(
    "CHR140",
    "comments",
    "The comment box and what belongs to it.",
    """`Bình luận (0)`, `Gửi bình luận`, `Ý kiến của bạn`, `Leave a comment`: the box, its buttons
and its counts. What readers wrote stands below the article and goes as such (CHR199).""",
)
RATING = Rule(
    "CHR141",
    "rating",
    "Star ratings.",
    """`Đánh giá:`, `lượt đánh giá: , trung bình: Bình luận`, `Click để đánh giá bài viết`.""",
)
FORM = Rule(
    "CHR150",
    "form",
    "Login, registration, captcha and other forms.",
    """`Đăng nhập`, `Mã xác thực không đúng.`, `Email Không đúng định dạng`. Labels of form fields
that could be headings go only beside other chrome.""",
)
ADVERTISEMENT = Rule(
    "CHR160",
    "advertisement",
    "Advertising, subscriptions, apps, paywalls, cookie notices.",
    """`Quảng cáo`, `Đặt báo`, `Tải ứng dụng`, `Thanh toán và đọc bài viết này`, `Subscribe`.""",
)
FOOTER = Rule(
    "CHR170",
    "masthead-and-footer",
    "Who publishes the site: names, licence, address, telephone, copyright.",
    """`TRANG THÔNG TIN ĐIỆN TỬ XÃ …`, `Trưởng Ban Biên tập: …`, `Địa chỉ: …`,
`Giấy phép số …`, `© …`, `Powered by …`. The place in it is the
publisher's and not the article's.""",
)
TAGS = Rule(
    "CHR180",
    "tags",
    "Keywords of the article.",
    """`Từ khóa: …`, the keywords on the line after it, rows of `#hashtags`. They name the
subject of the article and are no part of its text.""",
)
IMAGE_ALT = Rule(
    "CHR190",
    "image-alt-text",
    "The name or alternative text of a picture.",
    """A file name (`ảnh-1.jpg`), `… - Ảnh 2.`, or the short text in lower case that stands directly
above a caption and was meant for search engines.""",
)
BEFORE_ARTICLE = Rule(
    "CHR198",
    "before-article",
    "A line above the article that is no part of it.",
    """Whatever stands above the title and has no mark of its own: mostly menus and the names of
sections.""",
)
INSIDE_ARTICLE = Rule(
    "CHR197",
    "inside-article",
    "A line between the lines of the article that is no part of it.",
    """Boxes, teasers, buttons and captions of players that stand between two paragraphs and have no
mark of their own.""",
)
AFTER_ARTICLE = Rule(
    "CHR199",
    "after-article",
    "A line below the article that is no part of it.",
    """Whatever stands below the last paragraph, caption or byline and has no mark of its own:
mostly headlines of other articles and menus.""",
)
DUPLICATED_TITLE = Rule(
    "ART101",
    "duplicated-title",
    "The title again.",
    """The title is printed once more: above the first paragraph, as the text of the lead picture,
in the footer. The first one stays.""",
)
DUPLICATED_LINE = Rule(
    "ART102",
    "duplicated-caption",
    "A caption that repeats the line above it.",
    """Picture and caption often carry the same text, so that it stands there twice. The first one
stays, as the caption.""",
)
LISTING_PAGE = Rule(
    "ART103",
    "listing-page",
    "A page that lists articles and is none itself.",
    """Front pages, sections and archives: headline, teaser, headline, teaser, at an even distance;
or the little text there is stands between lists of other articles that outweigh it. The page yields
no article.""",
)
NOTICE_PAGE = Rule(
    "ART104",
    "notice-page",
    "A page that says only why it is empty.",
    """Not found, access denied, please enable JavaScript, choose your cookies, log in first: a page
of a few lines with one of these phrases has no article.""",
)
RULES = (
    NAVIGATION, MASTHEAD_DATE, LOADING, STRAY_MARK, VISITOR_COUNTER, E_OFFICE, SHARE_BAR,
    RELATED_LIST, TIMED_LIST, COMMENTS, RATING, FORM, ADVERTISEMENT, FOOTER, TAGS, IMAGE_ALT,
    INSIDE_ARTICLE, BEFORE_ARTICLE, AFTER_ARTICLE, DUPLICATED_TITLE, DUPLICATED_LINE,
    LISTING_PAGE, NOTICE_PAGE,
)  # fmt: skip

WEAK = frozenset(
    rule.code for rule in (NAVIGATION, STRAY_MARK, COMMENTS, RATING, FORM, FOOTER, TAGS)
)
"""Families whose words can be headings: chrome outside the article or beside other chrome only."""
