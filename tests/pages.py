"""Hypothesis strategies: pages with everything on them that pages have, and worse."""

from __future__ import annotations

from hypothesis import strategies as st

CHROME = """
Trang chủ
  • Thời sự
Đang tải...
Đang truy cập: 1
Hôm nay: 4
Chia sẻ
TIN LIÊN QUAN
Đánh giá:
Mã xác thực không đúng.
Từ khóa:
kinh môn, hải phòng
© 2024
POWERED BY X
100%
Địa chỉ: Xã A
×
.
1 2 3 4 >>>
ảnh.jpg
Share
Comments (3)
#a #b
Aa Aa
""".split("\n")
LINES = [
    *"""
2021-11-30 14:32:28
Bạch Băng 15/08/2025 10:11
22/06/2023 12:00:00
date 2024-02 Thành tựu
date 2024-01 date 2024-02 Thành tựu
date 2024-02-31 Thành tựu
 date 2024-02
Thứ Bảy, Ngày 07 tháng 03 năm 2026,
Thu Xuân
Theo Hồ Hương
Bài, ảnh: Đức Hùng
phường kinh môn
Nền tảng phát triển sau sáp nhập
Một phường của Hải Phòng đặt mục tiêu mới cho nhiệm kỳ này
Lễ Hội truyền thống.
Một số hình ảnh của lễ hội
Gồm:
- Mục một;
- Mục hai.
giàu đẹp, văn minh./.
Viá»‡t Nam cÃ³ Ä‘áº¹p
R&amp;D &amp;eacute; &amp;amp;lt;
The council said on Monday that the new road would open in March, two months late.
""".split("\n"),
    "Kỳ\u0323 la\u0323p",
    "của  An\xa0Lưu\u200b",
    "ti\ufffdn",
    " ",
    "\xa0",
    "\t",
    "Phường An Lưu là trung tâm văn hóa của thị xã. " * 3,
    "Đảng bộ đã đề ra nhiều giải pháp trọng tâm, " * 8 + "vậy thôi.",
    "北京市政府今天宣布新的交通规划。" * 6,
]
PAGES = st.lists(
    st.one_of(st.sampled_from(CHROME), st.sampled_from(LINES), st.text(max_size=40)), max_size=24
).map("\n".join)
"""Pages put together from lines of every kind, so that they hit each rule and pairs of rules."""

ODD = (
    "\n\r\t \xa0\xad\u200b\ufeff\u0301\u0323&;#amp<>x1.é"
    "\x1b[Â»Ã¡\ud800\ufffd\x85\u2028\u2003\u200a\u200e\u200d\u202f«»,5"
)
DENSE = st.text(st.sampled_from(ODD), max_size=80)
"""Text of nothing but characters that some repair acts on."""

ANY = st.one_of(st.text(max_size=300), PAGES, DENSE)

ODD_LINES = (
    *"x . | 1 é đ Đ 中 ก م ☃ × — “ \u0301 \u200b \xa0 \ufffd \uffff".split(" "),
    *("\ud800", "\udfff", "\U0001f600", "\U0010ffff", "\0", "\r", "\u2028"),
    *("Trang chủ", "Đang truy cập: 1", "A" * 100_000, "中" * 100_000, "\U0001f600" * 2_001),
    *("câu. " * 20_000, "," * 5_000, "aB" * 3_000, "a\ud800b" * 700),
)
"""Lines of one character, of very many, of characters outside every table."""
