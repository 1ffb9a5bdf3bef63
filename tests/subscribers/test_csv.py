"""Files of readers as other programs write them: which column is what, and what a row says."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from builders import NOON
from hypothesis import given, settings
from hypothesis import strategies as st

from digestbot.model import (
    Consent,
    Frequency,
    Reader,
    Subscriber,
    Subscription,
    SubscriptionState,
    Suppression,
)
from digestbot.subscribers.csv_form import Form, FormError, encoding_of, form_of
from digestbot.subscribers.csv_rows import HEAD, BadRow, Entry, read_row, row_of, rows_of

LISTMONK = """uuid,email,name,attributes,status,created_at,updated_at
a,ann@example.com,"Lee, Ann","{""city"": ""Odde""}",enabled,2024-01-31T12:00:00.123456Z,2025-01-01T00:00:00Z
b,bob@example.com,Bob,{},disabled,2024-01-31T12:00:00Z,2025-01-01T00:00:00Z
c,cy@example.com,Cy,{},blocklisted,2024-01-31T12:00:00Z,2025-01-01T00:00:00Z
"""
MAILCHIMP = """Email Address,First Name,Last Name,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LAST_CHANGED,LEID,EUID,NOTES,TAGS
ann@example.com,Ann,Lee,2,,,2024-01-31 12:00:00,192.0.2.1,2024-02-01 00:00:00,1,x,,"a,b"
"""
MAILCHIMP_LEFT = """Email Address,First Name,MEMBER_RATING,CONFIRM_TIME,UNSUB_TIME,UNSUB_CAMPAIGN_TITLE,UNSUB_REASON
bob@example.com,Bob,2,2024-01-31 12:00:00,2025-01-31 12:00:00,Morning,NORMAL
"""
MAILCHIMP_CLEANED = """Email Address,First Name,CONFIRM_TIME,CLEAN_TIME,CLEAN_CAMPAIGN_TITLE
cy@example.com,Cy,2024-01-31 12:00:00,2025-01-31 12:00:00,Morning
"""
BUTTONDOWN = """email,notes,metadata,tags,referrer_url,creation_date,secondary_id,subscriber_type,source,unsubscription_date
ann@example.com,,{},,,2024-01-31 12:00:00+00:00,1,regular,embedded_form,
bob@example.com,,{},,,2024-01-31 12:00:00+00:00,2,unsubscribed,api,2025-01-31 12:00:00+00:00
cy@example.com,,{},,,2024-01-31 12:00:00+00:00,3,undeliverable,api,
di@example.com,,{},,,2024-01-31 12:00:00+00:00,4,unactivated,api,
"""
MAILMAN = "ann@example.com\nBob Ray <bob@example.com>\n"
EXCEL = "sep=;\r\nName;E-Mail-Address;Status\r\nAnn;ann@example.com;active\r\nBob;bob@example.com;unsubscribed\r\n"

PENDING, ACTIVE, PAUSED, GONE, SUPPRESSED = list(SubscriptionState)


def entries(text: str, name: str = "readers.csv") -> list[Entry | BadRow]:
    lines = text.splitlines(keepends=True)
    form = form_of(lines, name)
    rows = list(csv.reader(lines[form.skipped :], delimiter=form.delimiter))
    return [read_row(row, at, form, NOON) for at, row in enumerate(rows[form.headed :], start=1)]


def states(text: str, name: str = "readers.csv") -> dict[str, SubscriptionState]:
    return {one.key.partition("@")[0]: one.state for one in entries(text, name) if isinstance(one, Entry)}


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        (LISTMONK, "subscribers.csv", {"ann": ACTIVE, "bob": GONE, "cy": SUPPRESSED}),
        (MAILCHIMP, "subscribed_members_export_1.csv", {"ann": ACTIVE}),
        (MAILCHIMP_LEFT, "x.csv", {"bob": GONE}),
        (MAILCHIMP_CLEANED, "x.csv", {"cy": SUPPRESSED}),
        (MAILCHIMP, "nonsubscribed_members_export_1.csv", {"ann": PENDING}),
        (MAILCHIMP, "unsubscribed_members_export_1.csv", {"ann": GONE}),
        (MAILCHIMP, "cleaned_members_export_1.csv", {"ann": SUPPRESSED}),
        (BUTTONDOWN, "subscribers.csv", {"ann": ACTIVE, "bob": GONE, "cy": SUPPRESSED, "di": PENDING}),
        (MAILMAN, "members.txt", {"ann": ACTIVE, "bob": ACTIVE}),
        (EXCEL, "readers.csv", {"ann": ACTIVE, "bob": GONE}),
        (EXCEL.replace(";", "\t"), "readers.csv", {"ann": ACTIVE, "bob": GONE}),
        ("Kontakt\tann@example.com\n", "readers.tsv", {"ann": ACTIVE}),
        ("name,contact\nAnn,ann@example.com\n", "readers.csv", {"ann": ACTIVE}),
        ("email\nann@example.com\n", "readers.csv", {"ann": ACTIVE}),
        ("email,type\nann@example.com,person\n", "readers.csv", {"ann": ACTIVE}),
        ("email,type\nann@example.com,regular\nbob@example.com,removed\n", "x.csv", {"ann": ACTIVE, "bob": GONE}),
        ("address,email\n3 Lane,ann@example.com\n", "x.csv", {"ann": ACTIVE}),
        ("email,address\n,ann@example.com\n", "x.csv", {"ann": ACTIVE}),
    ],
)
def test_the_exports_of_other_programs_are_read(text: str, name: str, expected: dict[str, SubscriptionState]):
    """Columns by their names in any writing, else by what they hold; states in each program's own words."""
    assert states(text, name) == expected


def test_when_somebody_consented_is_kept():
    """The time of their confirmation, in UTC; of one who left when they did. None where it is yet to come."""
    ann, bob, _ = entries(LISTMONK)
    assert isinstance(ann, Entry)
    assert isinstance(bob, Entry)
    assert ann.at == datetime(2024, 1, 31, 12, 0, 0, 123456, UTC)
    (left,) = entries(MAILCHIMP_LEFT)
    assert isinstance(left, Entry)
    assert left.at == datetime(2025, 1, 31, 12, tzinfo=UTC)
    (ahead,) = entries(MAILCHIMP.replace("2024-01-31", "2099-01-31"))
    assert isinstance(ahead, Entry)
    assert ahead.at is None


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("x,enabled", "“x” has no @"),
        (",enabled", "has no address"),
        ("ann@example.com,abonné", "“ann@example.com” has the state “abonné”, which is not known here"),
        ('"""ann""@example.com",enabled', "quotes"),
    ],
)
def test_a_row_that_says_nothing_certain_is_named(row: str, reason: str):
    """Above all one whose state is not known: it might be of somebody who left."""
    (bad,) = entries(f"email,status\n{row}\n")
    assert isinstance(bad, BadRow)
    assert reason in bad.reason


@pytest.mark.parametrize("text", ["", "\n\n", "name,city\nAnn,Odde\n", "name\nAnn\n"])
def test_a_file_without_addresses_is_refused(text: str):
    """With what to call the column."""
    with pytest.raises(FormError, match=r"holds nothing|call it email"):
        form_of(text.splitlines(keepends=True), "x.csv")


def test_what_was_guessed_is_told():
    """Each column that is read, and those that are not kept."""
    told = form_of(LISTMONK.splitlines(keepends=True), "x.csv").lines()
    assert told == [
        "Columns: address from 'email', state from 'status', consented from 'created_at'",
        "Not kept: 'uuid', 'name', 'attributes', 'updated_at'",
    ]
    assert (
        form_of(MAILCHIMP.splitlines(keepends=True), "cleaned_x.csv").lines()[-1].startswith("Everybody in it is supp")
    )
    assert form_of(MAILMAN.splitlines(keepends=True), "x").lines()[0].startswith("The file names no columns")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_the_encoding_is_found(encoding: str):
    """By its mark, its zeros or its letters, however the bytes come in pieces."""
    text = "email,name\nann@example.com,Jürgen Größe\n"
    given = text.encode(encoding)
    found = encoding_of(given[at : at + 33] for at in range(0, len(given), 33))
    assert given.decode(found) == text


def reader(**fields: object) -> Reader:
    person = Subscriber(id=1, address="Ann@example.com", key="ann@example.com", language="de", plain=True)
    one = Subscription(
        list="briefing",
        subscriber=1,
        state=ACTIVE,
        since=NOON,
        consent=Consent.IMPORT,
        consented=NOON - timedelta(days=1),
        frequency=Frequency.WEEKLY,
        topics=("chips", "gold"),
    )
    return Reader(subscriber=person, subscriptions=(replace(one, **fields),))


def read_back(*rows: list[str]) -> list[Entry | BadRow]:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([HEAD, *rows])
    return entries(out.getvalue())


def test_our_own_export_is_read_back():
    """With what they chose, their list, and who is suppressed and why."""
    (row,) = rows_of(reader())
    assert len(row) == len(HEAD)
    (entry,) = read_back(row)
    assert entry == Entry(
        address="Ann@example.com",
        key="ann@example.com",
        state=ACTIVE,
        at=NOON - timedelta(days=1),
        language="de",
        plain=True,
        frequency=Frequency.WEEKLY,
        topics=("chips", "gold"),
        list="briefing",
    )
    barred = Suppression(key="bob@example.com", reason="complaint", since=NOON)
    (row,) = rows_of(replace(reader(), suppression=barred))
    for one in read_back(row, row_of(barred)):
        assert isinstance(one, Entry)
        assert (one.state, one.reason) == (SUPPRESSED, "complaint")
    (forgotten,) = read_back(row_of(replace(barred, key="forgotten:abc")))
    assert isinstance(forgotten, BadRow)
    assert "forgotten" in forgotten.reason


@settings(max_examples=40)
@given(st.sampled_from("=+-@\t\r"), st.text(alphabet="abc=+-'\"", max_size=5))
def test_no_cell_of_an_export_is_a_formula(first: str, rest: str):
    """A spreadsheet would run it; read back, an address is what it was."""
    barred = Suppression(key="x", reason=f"{first}{rest}", since=NOON)
    for row in (row_of(barred), *rows_of(replace(reader(topics=(f"{first}{rest}",)), suppression=barred))):
        assert not any(cell.startswith(tuple("=+-@\t\r")) for cell in row)
    plus = replace(reader(), subscriber=Subscriber(id=1, address="+x@example.com", key="+x@example.com"))
    (entry,) = read_back(*rows_of(plus))
    assert isinstance(entry, Entry)
    assert entry.key == "+x@example.com"


@settings(max_examples=40)
@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(text: str):
    """It is read as something, or refused in words."""
    lines = io.StringIO(text, newline="").readlines()
    try:
        form = form_of(lines, "x.csv")
    except (FormError, csv.Error):
        return
    assert isinstance(form, Form)
    for row in csv.reader(lines[form.skipped :], delimiter=form.delimiter):
        assert isinstance(read_row(row, 1, form, NOON), Entry | BadRow)
