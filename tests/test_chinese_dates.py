"""Dates in Chinese, which stand between other words without a space, as of November 2026."""

from __future__ import annotations

from datetime import datetime

import pytest
from dating import NOW

from app.query.chinese_dates import split_at_dates
from app.query.parser import parse_text
from app.query.phrases import Word
from app.query.surroundings import Surroundings
from app.query.understanding import understood


def read(text: str, now: datetime = NOW) -> str:
    return str(understood(parse_text(text), Surroundings(now=now)).query())


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("上上周", "2 weeks ago (9 November 2026 to 15 November 2026)"),
        ("上上个星期", "2 weeks ago (9 November 2026 to 15 November 2026)"),
        ("上上个月", "2 months ago (September 2026)"),
        ("上上周末", "14 November 2026 to 15 November 2026"),
        ("上上周五", "13 November 2026"),
        ("上周五", "20 November 2026"),
        ("大前年", "2023"),
        ("前年", "2024"),
        ("7月", "in July of any year"),
        ("七月的照片", "in July of any year"),
        ("12月的海滩", "海滩, in December of any year"),
        ("6月到8月", "1 June to 31 August of any year"),
        ("6月和7月的海滩", "海滩, in June of any year or in July of any year"),
        ("2019年7月份", "July 2019"),
        ("2019年7月底", "July 2019"),
        ("2019年7月中旬的海滩", "海滩, July 2019"),
        ("2019年底", "2019"),
        ("去年年底", "last year (2025)"),
        ("今年1月到3月", "January to March 2026"),
        ("去年12月到今年2月", "December 2025 to February 2026"),
        ("2019年7月到8月份", "July to August 2019"),
        ("2019年6月和9月", "June 2019 or September 2019"),
        ("昨天到今天", "25 November 2026 to 26 November 2026"),
        ("去年夏天到今天", "1 June 2025 to 26 November 2026"),
        ("2018年到今年", "2018 to 2026"),
        ("2018年7月3日至今", "3 July 2018 to 26 November 2026"),
        ("2019年和2021年", "2019 or 2021"),
        ("照片2019", "2019"),
        ("90年代的照片", "1990 to 1999"),
        ("2010年代", "2010 to 2019"),
        ("海滩2019", "海滩, 2019"),
        ("2019年6-8月", "June to August 2019"),
        ("去年6到8月的海滩", "海滩, June to August 2025"),
        ("2019年7、8月份", "July to August 2019"),
        ("6-8月", "1 June to 31 August of any year"),
        ("孩子6至8月", "孩子, 1 June to 31 August of any year"),
        ("每年6月份到8月份", "1 June to 31 August of any year"),
        ("7、8月", "in July of any year or in August of any year"),
        (
            "6、7、9月的海滩",
            "海滩, in June of any year or in July of any year or in September of any year",
        ),
        ("3月8", "8 March of any year"),
        ("7月14的照片", "14 July of any year"),
        ("2019年7月14的照片", "14 July 2019"),
        ("3月8-10", "8 to 10 March of any year"),
        ("3月8到10的照片", "8 to 10 March of any year"),
        ("3月8-10日", "8 to 10 March of any year"),
        ("7月三亚", "三亚, in July of any year"),
        ("楼上上周", "楼上, last week (16 November 2026 to 22 November 2026)"),
        ("网上上周", "网上, last week (16 November 2026 to 22 November 2026)"),
        ("上海上周", "上海, last week (16 November 2026 to 22 November 2026)"),
        ("从2018到现在", "1 January 2018 to 26 November 2026"),
        ("昨天到现在", "25 November 2026 to 26 November 2026"),
    ],
)
def test_they_are_read_whole(text: str, reading: str) -> None:
    assert read(text) == reading


@pytest.mark.parametrize(
    "text",
    ["五月天", "婴儿3月大", "第七月", "第2019", "十七月", "今", "现在", "桌上上周围",
     "八月十五的月亮", "五月初五端午节", "七月初七", "农历八月十五", "闰六月", "三月三",
     "7月以后", "七月前", "6月之前的照片", "7月份以前", "7月底前", "7月以外", "到8月",
     "6月到8月以前", "7月和8月以前", "十月革命", "五月花", "12月历", "上个7月", "7月14北京",
     "房间2008", "编号1999", "价格1999", "标致2008", "直到现在", "他到现在还没走", "来到现在的家"],
)  # fmt: skip
def test_what_is_no_date(text: str) -> None:
    assert split_at_dates([Word(text)]) == [Word(text)]


def test_a_name_behind_a_year_stays_whole() -> None:
    assert read("2019年底特律") == "底特律, 2019"
    assert read("2019年中国").startswith("中国, 2019")


def test_the_week_before_the_last_one_on_a_monday_and_a_sunday() -> None:
    assert read("上上周", datetime(2026, 11, 23)).endswith("(9 November 2026 to 15 November 2026)")
    assert read("上上周日", datetime(2026, 11, 29)) == "15 November 2026"
