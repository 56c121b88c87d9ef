"""Dates in Chinese, which stand between other words without a space: "2018年夏天的海滩"."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache

from app.query.moon_holidays import names_in
from app.query.phrases import Word
from app.query.points_in_time import YEAR
from app.query.time_spans import MONTHS

_YEARS_BACK = {"今年": 0, "去年": 1, "前年": 2, "大前年": 3}
_DAYS = {"今天": "today", "今早": "today", "今晚": "today", "昨天": "yesterday",
         "昨晚": "yesterday", "前天": "the day before yesterday",
         "大前天": "3 days ago"}  # fmt: skip
_SEASONS = {"春": "spring", "夏": "summer", "秋": "autumn", "冬": "winter"}
_HOLIDAYS = {**names_in("zh"),
             "圣诞节": "christmas", "圣诞": "christmas", "元旦": "new year's day",
             "平安夜": "christmas eve", "跨年": "new year's eve", "感恩节": "thanksgiving",
             "劳动节": "may day", "五一": "may day", "国庆节": "china's national day",
             "国庆": "china's national day", "母亲节": "second sunday of may",
             "万圣节": "halloween", "复活节": "easter", "情人节": "valentine's day"}  # fmt: skip
_UNITS = {"周": "week", "星期": "week", "礼拜": "week", "月": "month", "周末": "weekend"}
_COUNTED = {"天": "days", "年": "years", **{name: f"{unit}s" for name, unit in _UNITS.items()}}
_ONE = {"1 week": "7 days", "1 month": "30 days", "1 year": "12 months"}
_FIGURES = "一二三四五六七八九"
_WEEKDAYS = "一二三四五六日"
_WAYS = {"以后": "since", "之后": "since", "以来": "since", "以前": "before", "之前": "before"}
_WRITTEN = rf"[{_FIGURES}]?十[{_FIGURES}]?|[{_FIGURES}两]"
_COUNT = rf"(?<![百千万零几数第十{_FIGURES}\d])(?:\d{{1,3}}|{_WRITTEN})"
_WEEK = "(?:周|个?星期|个?礼拜)"
_COUNTABLE = rf"(?:天|{_WEEK}|个月|年)"
_YEAR = rf"(?<!\d){YEAR}"
_ANY_HOLIDAY = "|".join(_HOLIDAYS)
_MONTH_NUMBER = rf"(?:1[0-2]|0?[1-9]|十[一二]?|[{_FIGURES}])"
_MONTH = f"{_MONTH_NUMBER}月"
_LISTED = f"(?:{_MONTH_NUMBER}(?:月份?)?[、和与或及])"  # 7、8月 has one sign for both
_NUMBER = rf"(?:3[01]|[12]\d|0?[1-9]|{_WRITTEN})"
_DAY = rf"(?:{_NUMBER}[日号]|(?:3[01]|[12]\d|0?[1-9])(?=的|[\s,\uff0c]|$))"
# These are often parts of other words: 桌上周围 is no last week, 日本月 no month, 门前天鹅 no day.
_ORDER = (
    r"(?:(?<![晚早桌船车山海地身路街床岸树墙手头脸登爬子楼网服马])|(?<=[上珠青威北]海))"
    r"上{1,2}个?|这个?|(?<![日书课基根剧标原])本"
)
_NOW = "(?:现在|目前|今(?![天年]))"
_NEAR = "今年|(?<!过)去年(?![轻代])|(?<![以之年])大?前年(?![轻代])"
# What is a part of a month or year is read as all of it; 2019年中国 is China, 2019年底特律 Detroit.
_END = r"[初中底末](?=[的拍]|\W|$)"
_OF_MONTH = rf"份?(?:[上中下]旬|{_END})?"
_NO_MONTH = (  # 八月十五 is a day of the moon
    "(?![大龄嫂子球亮光色季饼票经食刊牙]|天(?!气)|历(?!史)|革命|(?<=五月)花)"
    rf"(?!初[{_FIGURES}十]|廿|[二三]?十|[{_FIGURES}](?:[的节]|\W|$)|\d{{1,2}}(?!\d))"
    rf"(?!份?[上中下旬初底末]*(?:[之以]?[前后]|[之以][来外]|起)|份?[到至~、和与或及-]{_MONTH})"
)
_DATE = (
    r"(?:(?<!现)在|从|自)?(?:"
    rf"(?P<winter>{_YEAR}年?[到至/~-](?:{YEAR}|\d\d))年?的?冬[天季]"
    r"|(?<!\d)(?P<decade>(?:19|20)?\d0)年代"
    rf"|(?P<first>{_YEAR})年?(?:到|至|[-~])(?P<last>{_YEAR})年"
    rf"|(?P<of_year>{_YEAR}年|{_NEAR})(?P<both>{_LISTED}{_MONTH}){_OF_MONTH}"
    rf"|(?P<first_part>(?:{_YEAR}年|{_NEAR})"
    rf"(?:{_MONTH}份?(?:{_NUMBER}[日号]?)?|{_MONTH_NUMBER}(?=[到至~-]{_MONTH})))[到至~-]"
    rf"(?P<last_part>(?:{_YEAR}年|{_NEAR})?{_MONTH}(?:{_DAY}|{_OF_MONTH})|{_DAY})"
    rf"|(?P<named>{_ANY_HOLIDAY}) ?(?P<in_year>{_YEAR})年?"
    rf"|(?P<year>{_YEAR}(?:年|(?=[春夏秋冬][天季]|{_ANY_HOLIDAY}| ?[到至] ?{_NOW}))|{_NEAR})的?"
    rf"(?:(?P<month>{_MONTH})(?:(?P<day>{_DAY})|{_OF_MONTH})"
    rf"|(?P<season>[春夏秋冬])[天季]|(?P<holiday>{_ANY_HOLIDAY})|年?{_END})?"
    rf"(?P<way>{'|'.join(_WAYS)})?"
    rf"|(?<!\d)(?P<any_month>{_MONTH})(?P<any_day>{_DAY}|{_NUMBER}(?=[到至~-]))"
    rf"(?:[到至~-](?P<last_month>{_MONTH})?(?P<last_day>{_DAY}))?"
    rf"|(?:每年的?|(?<![\d年第半十{_FIGURES}历闰个到至])"
    rf"(?<![\d十{_FIGURES}月份日号年][、~-])(?<![月份][和与或及]))"
    rf"(?:(?P<listed>{_LISTED}+{_MONTH})"
    rf"|(?P<from_month>{_MONTH_NUMBER}(?:月份?)?)[到至~-](?P<to_month>{_MONTH})"
    rf"|(?P<one_month>{_MONTH})){_OF_MONTH}{_NO_MONTH}"
    rf"|(?:(?<=[到至])|(?<=[到至] ))(?P<now>{_NOW})"
    rf"|(?<=[\u4e00-\u9fff])(?<![第号格款牌型致码价值数量约])(?<!房间)(?P<bare_year>{YEAR})"
    r"(?=[\s,\uff0c]|$)"  # 北京2019
    r"|(?P<today>今天(?!空)|昨天|大前天|(?<![以之眼门面])前天(?![空鹅])|今早|今晚|昨晚)"
    r"(?:早上|上午|中午|下午|晚上)?"
    rf"|(?P<week>{_ORDER}){_WEEK}(?P<weekday>[{_WEEKDAYS}天])(?![个只张条位])"
    rf"|(?P<order>{_ORDER})(?P<unit>周末|周(?![围边])|星期|礼拜|月(?![球亮光色季饼]))"
    rf"|(?P<ago>{_COUNT}{_COUNTABLE})前"
    rf"|(?:最近|过去)(?P<past>{_COUNT}{_COUNTABLE})"
    r")(?:的|拍的)?"
)


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile(_DATE)


def _dates(text: str) -> list[re.Match[str]]:
    """All of them; the pattern is long to compile, and ASCII has none."""
    dates: list[re.Match[str]] = []
    for match in () if text.isascii() else _pattern().finditer(text):
        tie = text[dates[-1].end() : match.start()].strip() if dates else ""
        if not match["now"] or tie in ("到", "至"):  # in 直到现在, "now" is a word
            dates.append(match)
    return dates


def split_at_dates(words: Sequence[Word]) -> list[Word]:
    """The words, those that have Chinese dates in them parted where these begin and end."""
    parted: list[Word] = []
    for word in words:
        matches = [] if word.quoted else _dates(word.text)
        if not matches:
            parted.append(word)
            continue
        edges = {0, len(word.text)}.union(*(match.span() for match in matches))
        for start, end in itertools.pairwise(sorted(edges)):
            parted.append(word.part(start, end, comma=word.comma and end == len(word.text)))
    return parted


def in_english(text: str, now: datetime) -> list[tuple[int, int, str]]:
    """The Chinese dates in ``text`` in the English that ``app.query.plain_dates`` reads: the place
    of each, from its start to its end, and what it is.

    Args:
        now: local time, to which "last year" refers.
    """
    return [(*match.span(), _english(match, now)) for match in _dates(text)]


def _english(match: re.Match[str], now: datetime) -> str:
    if match["year"]:
        return _of_year(match, now)
    if match["winter"] or match["first"] or match["first_part"]:
        return _range(match, now)
    if match["decade"]:
        return f"from the {match['decade']}s"
    if match["named"]:
        return f"{_HOLIDAYS[match['named']]} {match['in_year']}"
    if match["of_year"] or match["listed"] or match["from_month"] or match["one_month"]:
        return _months(match, now)
    if match["any_month"] or match["today"]:
        return _day(match)
    if match["week"] or match["order"]:
        return _near(match, now)
    if match["ago"]:
        return f"{_counted(match['ago'])} ago"
    if match["past"]:
        past = _counted(match["past"])
        return f"the last {_ONE.get(past, past)}"
    return match["bare_year"] or "now"


def _of_year(match: re.Match[str], now: datetime) -> str:
    named = match["year"]
    year = _year(named, now)
    way = f"{_WAYS[match['way']]} " if match["way"] else ""
    if match["month"]:
        day_of_month = f"-{_number(match['day'].rstrip('日号')):02}" if match["day"] else ""
        return f"{way}{year}-{_number(match['month'][:-1]):02}{day_of_month}"
    if match["season"]:
        # In January and February "this winter" is the one that began in the year before.
        year -= match["season"] == "冬" and named == "今年" and now.month <= 2
        return f"{way}{_SEASONS[match['season']]} {year}"
    if match["holiday"]:
        return f"{way}{_HOLIDAYS[match['holiday']]} {year}"
    whole = {"今年": "this year", "去年": "last year"}.get(named, f"in {year}")
    return f"{way}{year}" if way else whole


def _near(match: re.Match[str], now: datetime) -> str:
    """This week, weekend or month, a last one, the one before that, or a day of such a week."""
    order = match["week"] or match["order"]
    monday = now - timedelta(days=now.weekday() + 7 * order.count("上"))
    if match["week"]:
        day = _WEEKDAYS.index(match["weekday"].replace("天", "日"))
        return f"{monday + timedelta(days=day):%Y-%m-%d}"
    unit = _UNITS[match["unit"]]
    if not order.startswith("上上"):
        return f"{'last' if order[0] == '上' else 'this'} {unit}"
    if unit != "weekend":
        return f"2 {unit}s ago"
    saturday, sunday = monday + timedelta(days=5), monday + timedelta(days=6)
    return f"{saturday:%Y-%m-%d} to {sunday:%Y-%m-%d}"


def _day(match: re.Match[str]) -> str:
    """One near today, or some of any year."""
    if match["today"]:
        return _DAYS[match["today"]]
    day, month = _number(match["any_day"].rstrip("日号")), _month(match["any_month"])
    if not match["last_day"]:
        return f"on {day} {month}"
    last = _number(match["last_day"].rstrip("日号"))
    first = f"{day} {month}" if match["last_month"] else f"{day}"
    return f"on {first} to {last} {_month(match['last_month'] or match['any_month'])}"


def _month(text: str) -> str:
    return MONTHS[_number(text.rstrip("月份")) - 1]


def _months(match: re.Match[str], now: datetime) -> str:
    """Two of a year, or one or more of any year."""
    if match["from_month"]:
        return f"from {_month(match['from_month'])} to {_month(match['to_month'])}"
    listed = match["both"] or match["listed"] or match["one_month"]
    months = [_month(text) for text in re.split("[、和与或及]", listed)]
    if match["of_year"]:
        return " or ".join(f"{month} {_year(match['of_year'], now)}" for month in months)
    return "in " + ", ".join([*months[:-2], " or ".join(months[-2:])])


def _year(named: str, now: datetime) -> int:
    return now.year - _YEARS_BACK[named] if named in _YEARS_BACK else int(named[:4])


def _range(match: re.Match[str], now: datetime) -> str:
    if match["winter"]:
        return f"winter {re.sub('[^0-9]+', '/', match['winter'])}"
    if match["first"]:
        return f"{match['first']} to {match['last']}"
    parts = (re.sub(f"份|{_OF_MONTH}$", "", match[name]) for name in ("first_part", "last_part"))
    first, last = (re.sub(_NEAR, lambda near: f"{_year(near[0], now)}年", one) for one in parts)
    if "年" not in last:  # it is that of the first, and so is the month
        last = first[: first.index("年" if "月" in last else "月") + 1] + last
    return f"{_iso(first)} to {_iso(last)}"


def _iso(text: str) -> str:
    """A month or day: "2018年7月" is 2018-07, "2018年7月3日" 2018-07-03."""
    return "-".join(f"{_number(part):02}" for part in re.split("[年月日号]", text) if part)


def _counted(text: str) -> str:
    """A number of days, weeks, months or years: "两个月" is "2 months"."""
    match = re.fullmatch(rf"({_COUNT})个?(\D+)", text)
    assert match is not None
    number, unit = _number(match[1]), _COUNTED[match[2]]
    return f"{number} {unit if number != 1 else unit[:-1]}"


def _number(text: str) -> int:
    """A number up to 99 in Chinese characters, or any in figures."""
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.replace("两", "二").rpartition("十")
    count = _FIGURES.index(ones) + 1 if ones else 0
    return count + (10 * (_FIGURES.index(tens) + 1 if tens else 1) if ten else 0)
