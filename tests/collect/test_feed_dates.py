"""Dates as feeds write them: every zone and every common language, by one function for all parsers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples_collect import entry, rss

from digestbot.collect.date_order import day_first_of
from digestbot.collect.feed_dates import moment_of
from digestbot.collect.feeds import parse_feed
from digestbot.model import Feed

MOMENT = datetime(2026, 3, 24, 22, 15, tzinfo=UTC)
SAME = """
Wed, 25 Mar 2026 06:15:00 +0800|Wed, 25 Mar 2026 06:15:00 +08:00|Wed, 25 Mar 2026 06:15 GMT+0800|Wed, 25 Mar 2026 06:15:00 GMT+8
Wed, 25 Mar 2026 06:15:00 UTC+08:00|Wed, 25 Mar 2026 06:15:00 HKT|Wed, 25 Mar 2026 06:15:00 SGT|Wed, 25 Mar 2026 06:15:00 +8
Wed Mar 25 2026 06:15:00 GMT+0800 (Hong Kong Standard Time)|Wed, 25-Mar-26 06:15:00 +0800|25 Mar 26 6:15 +0800
Wed Mar 25 06:15:00 HKT 2026|Wed Mar 25 06:15:00 +0800 2026|Wednesday, March 25, 2026 6:15 AM HKT|March 25th, 2026 at 6:15am +0800
2026-03-25T06:15:00+08:00|2026-03-25T06:15+0800|2026-03-25 06:15:00 +08|20260325T061500+0800|2026/03/25 06:15 HKT|2026-03-24T22:15:00Z
Wed, 25 Mar 2026 06:15:00 Asia/Hong_Kong|25.03.2026 06:15 +0800|25/03/2026 06:15 HKT|03/25/2026 06:15:00 AM HKT
Tue, 24 Mar 2026 23:15:00 CET|Tue, 24 Mar 2026 23:15:00 MEZ|Tue, 24 Mar 2026 23:15 MET|Wed, 25 Mar 2026 00:15 CEST|Wed, 25 Mar 2026 00:15 MESZ
Wed, 25 Mar 2026 00:15 SAST|Tue, 24 Mar 2026 19:15 BRT|Tue, 24 Mar 2026 18:15 EDT|Tue, 24 Mar 2026 6:15 p.m. ET|Tue, 24 Mar 2026 15:15 PDT
Wed, 25 Mar 2026 03:45 IST|Wed, 25 Mar 2026 07:15 JST|Wed, 25 Mar 2026 07:15 KST|Wed, 25 Mar 2026 01:15 MSK|Wed, 25 Mar 2026 09:15 AEDT
Wed, 25 Mar 2026 11:15 NZDT|Tue, 24 Mar 2026 22:15:00 UT|Tue, 24 Mar 2026 22:15|1774390500|1774390500000|Tue, 24 Mar 2026 22:15:00 -0000
Di, 24. März 2026 22:15|mar. 24 mars 2026 à 22:15|mar, 24 marzo 2026 22:15|ter, 24 de março de 2026 às 22:15|mar, 24 mar 2026 22:15
di 24 maart 2026 22:15|Вт, 24 мар 2026 22:15|24 марта 2026 г. 22:15|wt., 24 marca 2026 22:15|24 Mart 2026 22:15|tis 24 mars 2026 22.15
24. března 2026 22:15|2026. március 24. 22:15|24 Μαρτίου 2026 22:15|24 maaliskuuta 2026 22.15|24 Maret 2026 22:15|24 березня 2026 22:15
2026-W13-2T22:15:00Z|2026-W13-2 22:15|2026W132T221500Z|2026-W13-3T06:15+08:00|2026-083T22:15:00Z|2026-084 06:15 +0800|2026-w13-2t22:15z
Mar 24, 2026 6:15 p.m. Eastern|Tue, 24 Mar 2026 15:15 Pacific Daylight Time|Tue, 24 Mar 2026 23:15 Central European Time|24 Mar 2026 15:15 US/Arizona
24 Mar 2026 15:15 US/Pacific|25 марта 2026 г. 01:15 МСК|20260324221500|24/Mar/2026:22:15:00 +0000|Thứ Ba, 24 Tháng 3 2026 22:15|25 tháng 3, 2026 06:15 +0800
Wed, 25 Mar 2026 06:15 (HKT)|2026-03-25 07:15 (JST)|Wed, 25 Mar 2026 06:15:00 +0800 (CST)|Tue, 24 Mar 2026 22:15:00 (GMT)
Wed Mar 25 06:15:00 CST+0800 2026|Tue, 24 Mar 2026 23:15:00 IST +0100|/Date(1774390500000)/|/Date(1774390500000+0800)/
२४ मार्च २०२६ 22:15|২৪ মার্চ ২০২৬ 22:15|24 มีนาคม 2569 22:15|24 במרץ 2026 22:15|24 مارچ 2026 22:15|24 сакавіка 2026 22:15|24 Machi 2026 22:15
火, 24 3月 2026 22:15:00 +0000|화, 24 3월 2026 22:15:00 +0000|周二, 24 三月 2026 22:15:00 +0000|星期二, 三月 24, 2026 22:15|2026-03-24 10:15:00 PM
民國115年3月24日 22:15|中華民國 115 年 03 月 24 日 22:15|115/03/24 22:15:00|115-03-24 22:15|令和8年3月24日 22:15|令和8年3月24日 午後10時15分
2026年3月24日 22:15|2026年3月24日 下午10:15|2026년 3월 24일 오후 10:15|2026年03月24日 22時15分
"""
WRITTEN = [text for line in SAME.strip().splitlines() for text in line.split("|")]


@pytest.mark.parametrize("written", WRITTEN)
def test_one_moment_in_many_words(written: str) -> None:
    """However a date, a zone or a month is written, it is the same moment."""
    assert moment_of(written) == MOMENT


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-W13-2", "2026-03-24T00:00:00"),
        ("2026W132", "2026-03-24T00:00:00"),
        ("2026-W13", "2026-03-23T00:00:00"),
        ("2026-W53-7", "2027-01-03T00:00:00"),
        ("2024-366", "2024-12-31T00:00:00"),
        ("24 Mar 2026 12:15 PM", "2026-03-24T12:15:00"),
        ("24 Mar 2026 12:15 am", "2026-03-24T00:15:00"),
        ("mar, 24 feb 2026 22:15", "2026-02-24T22:15:00"),  # mar: martes, Tuesday
        ("24 Mar 2026 25:10", "2026-03-24T00:00:00"),
        ("24 नवम्बर 2026 22:15", "2026-11-24T22:15:00"),  # its signs for vowels are no letters
        ("24 सितंबर 2026 22:15", "2026-09-24T22:15:00"),
        ("24 พฤศจิกายน 2569 เวลา 22:15", "2026-11-24T22:15:00"),
        ("二, 24 十一月 2026 22:15:00 +0000", "2026-11-24T22:15:00"),
        ("土, 10 10月 2026 22:15:00 +0900", "2026-10-10T13:15:00"),
        ("2026-03-24 12:15 AM", "2026-03-24T00:15:00"),
        ("令和元年5月27日", "2019-05-27T00:00:00"),
        ("平成31年4月30日", "2019-04-30T00:00:00"),
        ("民國99年12月31日", "2010-12-31T00:00:00"),
        ("24 Nopember 2026 22:15", "2026-11-24T22:15:00"),
        ("24 Pebruari 2026", "2026-02-24T00:00:00"),
        ("24 tháng mười một 2026 22:15", "2026-11-24T22:15:00"),
        ("24 Tháng Hai, 2026", "2026-02-24T00:00:00"),
        ("24 Mar 2026 22:15 Oct-05", "2026-03-24T22:15:00"),
        ("24 Mar 2026 24:00", "2026-03-25T00:00:00"),
        ("Tue, 24 Mar 2026 14.30.15 GMT", "2026-03-24T14:30:15"),
        ("24. mars 2026 kl. 10.05.26", "2026-03-24T10:05:26"),
        ("24.03.26 14.30.15 +0200", "2026-03-24T12:30:15"),
        ("24 Mar 2026 23:59:60", "2026-03-24T23:59:59"),
    ],
)  # fmt: skip
def test_odd_hours_and_days(written: str, moment: str) -> None:
    """Noon and midnight, a day's name that is a month's as well, and hours that no day has."""
    assert moment_of(written) == datetime.fromisoformat(f"{moment}+00:00")


@pytest.mark.parametrize(
    "written",
    [
        "",
        "yesterday",
        "Tue, 31 Feb 2026 10:00",
        "0000-00-00 00:00:00",
        "12 2026",
        "x" * 9_999,
        "99/99/2026",
        "24:99",
        "2025-W53-1",
        "2026-W00-1",
        "2026-W13-8",
        "2026-366",
        "2026-000",
    ],
)
def test_what_is_no_date(written: str) -> None:
    """Days that do not exist, words and nothing give no moment."""
    assert moment_of(written) is None


@given(st.datetimes(datetime(1990, 1, 1), datetime(2099, 1, 1)), st.integers(-14 * 4, 14 * 4))  # noqa: DTZ001 -- the offset is drawn
def test_every_offset_in_both_forms(moment: datetime, quarters: int) -> None:
    """RFC 822 and ISO 8601 with any offset give the moment itself."""
    offset = timedelta(minutes=15 * quarters)
    sign, minutes = ("-" if quarters < 0 else "+"), abs(quarters) * 15
    local = moment.replace(microsecond=0)
    zone = f"{sign}{minutes // 60:02}{minutes % 60:02}"
    wanted = (local - offset).replace(tzinfo=UTC)
    assert moment_of(f"{local:%a, %d %b %Y %H:%M:%S} {zone}") == wanted
    assert moment_of(f"{local:%Y-%m-%dT%H:%M:%S}{zone[:3]}:{zone[3:]}") == wanted
    assert moment_of(f"{local:%d %B %Y %H:%M:%S} GMT{zone[:3]}:{zone[3:]}") == wanted


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2099, 1, 1)),  # noqa: DTZ001 -- it is written as one of UTC
    st.sampled_from(["GMT", "UTC", "Z", "+0000", "-0000"]),
    st.sampled_from(
        ["{:%a, %d %b %Y %H:%M:%S} {}", "{:%d %b %Y %H:%M:%S} {}", "{0:%a}, {0.day} {0:%b %Y %H:%M:%S} {1}"]
    ),
)
def test_as_most_feeds_write_it(moment: datetime, zone: str, form: str) -> None:
    """RFC 822 with a year of four digits: the library of mail reads the same."""
    text = form.format(moment, zone)
    assert moment_of(text) == moment.replace(microsecond=0, tzinfo=UTC)
    assert moment_of(text) == parsedate_to_datetime(text.replace(" Z", " +0000")).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    ["Mon, 31 Feb 2026 10:00:00 GMT", "Mon, 16 Oct 2026 25:00:00 GMT", "Mon, xx Oct 2026 10:00:00 GMT", "Mon, 16 Oct 20 6 10:00:00 +0000",
     "Mon, 16 Oct 2026 10-00-00 +0000", "Mon, 1234567890123456789 GMT", "Mon, 16 Foo 2026 10:00:00 GMT"],
)  # fmt: skip
def test_what_only_looks_like_that_form_is_read_as_any_other(written: str) -> None:
    """The same as with a word before it, for which the form is not tried; nothing is raised."""
    assert moment_of(written) == moment_of(f"on {written}")


@given(st.text(alphabet="0123456789 :/.-+TZamp年月日MarGMT,", max_size=40))
def test_no_words_raise(text: str) -> None:
    """Whatever stands there, there is a moment in UTC or none."""
    moment = moment_of(text)
    assert moment is None or moment.tzinfo is UTC


def test_a_feeds_own_dates_say_which_comes_first() -> None:
    """03/04 is the third of April where another date of the feed can only begin with its day."""
    assert day_first_of(["03/04/2026", "25/04/2026"]) is True
    assert day_first_of(["03/04/2026", "04/25/2026"]) is False
    assert day_first_of(["03/04/2026"]) is None
    assert day_first_of(["04/25/2026", "25/04/2026"]) is None
    assert day_first_of(["Fri, 03/04/2026"]) is True  # a Friday is the third of April, not the fourth of March
    assert day_first_of(["Wed, 03/04/2026"]) is False
    assert [day_first_of(["03/04/2026"], language=code) for code in ("de", "en-GB", "en_US", "en")] == [
        True,
        True,
        False,
        None,
    ]
    late = datetime(2026, 4, 20, tzinfo=UTC).date()
    assert day_first_of(["10/04/2026", "12/04/2026"], latest=late) is True  # else in October and December
    assert day_first_of(["03/04/2026", "12/05/2026"], latest=late) is None  # in May or in December
    assert day_first_of(["Do, 05/03/2026"]) is True  # Donnerstag: in another language than English
    assert day_first_of(["jeu. 05/03/2026 à 10:00"]) is True
    assert day_first_of(["Updated: 05/03/2026"]) is None
    content = rss(entry(1, date="03/04/2026 10:00"), entry(2, date="25/04/2026 10:00"))
    items = parse_feed(
        content, feed=Feed(url="https://h.example/", name="h"), now=datetime(2026, 5, 1, tzinfo=UTC)
    ).items
    assert [item.published for item in items] == [
        datetime(2026, 4, 3, 10, tzinfo=UTC),
        datetime(2026, 4, 25, 10, tzinfo=UTC),
    ]


@pytest.mark.parametrize(
    ("dates", "day_first"),
    [
        (["05/11/2026", "04/11/2026", "03/11/2026"], True),  # three days in a row, not one day of three months
        (["05/11/2026 10:00", "03/11/2026 10:00", "01/11/2026 10:00", "05/11/2026 09:00"], True),
        (["05/11/2026", "04/11/2026", "04/11/2026"], None),
        (["05/11/2026", "04/11/2026", "03/10/2026"], None),
        (["11/01/2026", "10/01/2026", "09/01/2026"], None),  # the first day of each month: else the newest is old
        (["11/05/2026", "11/04/2026", "11/03/2026"], None),
    ],
)
def test_days_follow_each_other_under_one_month(dates: list[str], day_first: bool | None) -> None:
    """Where one number stays and the other changes, the one that stays is the month, if so the newest is nearer to now."""
    assert day_first_of(dates, latest=datetime(2026, 11, 25, tzinfo=UTC).date()) is day_first


@pytest.mark.parametrize("nonsense", ["soon", "", "Mon, 01 Jan 0001 00:00:00 GMT", "Fri, 01 Jan 2100 00:00:00 GMT"])
def test_another_date_stands_in_for_nonsense(nonsense: str) -> None:
    """Where the date cannot be true, the next one that the item gives counts."""
    content = rss(entry(date=nonsense, more="<dc:date>2026-04-25T10:00:00Z</dc:date>"))
    items = parse_feed(
        content, feed=Feed(url="https://h.example/", name="h"), now=datetime(2026, 5, 1, tzinfo=UTC)
    ).items
    assert items[0].published == datetime(2026, 4, 25, 10, tzinfo=UTC)
