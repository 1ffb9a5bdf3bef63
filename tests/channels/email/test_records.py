"""SPF, DKIM and DMARC: how they ought to be, and what `digestbot check --dns` says of those that are there."""

from __future__ import annotations

from pathlib import Path

import dns.resolver
import pytest
from bot import desk_of_one_feed
from hypothesis import given
from hypothesis import strategies as st
from servers.names import NameServer
from servers.smtp import SmtpServer

from digestbot.channels.email import records
from digestbot.channels.email.records import LookUpError, Sender, found, txt_records

DESK = Sender(domain="news.desk.example", host="mail.desk.example", selector="s1", organisation="desk.example")
SPF, KEY, DMARC = "news.desk.example", "s1._domainkey.news.desk.example", "_dmarc.news.desk.example"
GOOD = {
    SPF: ("v=spf1 a:mail.desk.example ~all", "other=1"),
    KEY: ("v=DKIM1; k=rsa; p=MIIB",),
    DMARC: ("v=DMARC1; p=none",),
}


def told(known: dict[str, tuple[str, ...]], sender: Sender = DESK) -> dict[str, tuple[str, str]]:
    return {one.key: (one.level, f"{one.reason}; {one.fix}") for one in found(sender, lambda name: known.get(name, ()))}


def test_records_as_they_ought_to_be_are_shown_as_they_are():
    """Each in one line; only whether the SPF record names the server is left to the eye."""
    assert {key: level for key, (level, _) in told(GOOD).items()} == {"SPF": "ok", "DKIM": "ok", "DMARC": "ok"}
    assert "see that it names mail.desk.example" in told(GOOD)["SPF"][1]


@pytest.mark.parametrize(
    ("changed", "key", "said"),
    [
        ({SPF: ()}, "SPF", 'set news.desk.example TXT "v=spf1 a:mail.desk.example ~all"'),
        ({SPF: ("v=spf10 -all",)}, "SPF", "has no record"),
        ({SPF: ("v=spf1 -all", "v=spf1 ~all")}, "SPF", "2 records, which receivers take for none"),
        ({SPF: ("v=spf1 +all",)}, "SPF", "lets the whole world send"),
        ({KEY: ()}, "DKIM", 'set s1._domainkey.news.desk.example TXT "v=DKIM1; k=rsa; p=..."'),
        ({KEY: ("v=DKIM1; p=",)}, "DKIM", "revoked"),
        ({DMARC: ()}, "DMARC", 'set _dmarc.news.desk.example TXT "v=DMARC1; p=none"'),
        ({DMARC: ("v=DMARC1; p=none", "v=DMARC1; p=reject")}, "DMARC", "2 records"),
        ({DMARC: ("v=DMARC1; rua=mailto:a@desk.example",)}, "DMARC", "no policy"),
    ],
)
def test_what_is_missing_or_wrong_is_a_warning(changed: dict[str, tuple[str, ...]], key: str, said: str):
    """With the record to set; the other two stay as they are."""
    found_now = told(GOOD | changed)
    assert found_now[key][0] == "warning"
    assert said in found_now[key][1]
    assert [one for one, (level, _) in found_now.items() if level != "ok"] == [key]


def test_the_domain_above_speaks_for_one_without_a_policy():
    """RFC 7489 6.6.3: that of the registered domain counts."""
    known = {name: texts for name, texts in GOOD.items() if name != DMARC}
    assert told(known | {"_dmarc.desk.example": ("v=DMARC1; p=reject",)})["DMARC"][0] == "ok"


def test_a_key_of_a_selector_that_nobody_named_is_not_guessed():
    """The server signs: its owner knows under which name."""
    level, said = told(GOOD, Sender(domain="desk.example", host="mail.example.net"))["DKIM"]
    assert (level, "DKIM_SELECTOR" in said, "mail.example.net signs with" in said) == ("hint", True, True)


@given(st.lists(st.text(max_size=60), max_size=3))
def test_no_record_is_too_odd_to_be_judged(texts: list[str]):
    """The law: whatever a name server answers, each of the three has one finding."""
    advice = list(found(DESK, lambda _name: tuple(texts)))
    assert [one.key for one in advice] == ["SPF", "DKIM", "DMARC"]


def test_names_are_asked_of_a_real_server(monkeypatch: pytest.MonkeyPatch):
    """A long record comes back whole, a name that is not there is none."""
    long = "v=DKIM1; p=" + "A" * 392
    with NameServer({"a.example": (long, "other")}) as server:
        monkeypatch.setattr(dns.resolver, "default_resolver", server.resolver())
        assert set(txt_records("a.example")) == {long, "other"}
        assert txt_records("b.example") == ()
        assert server.asked == ["a.example", "b.example"]


def test_a_server_that_says_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch):
    """Each of the three says so, as a hint; the check goes on."""
    monkeypatch.setattr(records, "_SECONDS", 0.05)
    with NameServer({}, silent=True) as server:
        monkeypatch.setattr(dns.resolver, "default_resolver", server.resolver())
        with pytest.raises(LookUpError, match="no name server answered"):
            txt_records("a.example")
        assert {one.level for one in found(DESK, txt_records)} == {"hint"}


def test_nobody_is_asked_without_dns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """`check` alone shows the records as they ought to be, `check --dns` as they are; both end as before."""
    bot = desk_of_one_feed(tmp_path)
    asked: list[str] = []
    monkeypatch.setattr(records, "txt_records", lambda name: asked.append(name) or GOOD.get(name, ()))
    with SmtpServer() as smtp:
        bot.configure(
            SMTP__HOST="127.0.0.1", SMTP__PORT=str(smtp.port), SMTP__SECURITY="none", SMTP__FROM="d@news.desk.example",
            DIGESTS__MORNING__TO="mailto:a@desk.example",
        )  # fmt: skip
        assert bot("check").returncode == 0
        assert asked == []
        done = bot("check", "--dns")
    assert done.returncode == 0
    assert set(asked) == {SPF, DMARC}
    assert "SPF: news.desk.example: v=spf1 a:mail.desk.example ~all" in done.stdout
    assert "not looked up" not in done.stdout


def test_without_the_package_it_says_which(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """One line, and the rest of the check is made."""
    bot = desk_of_one_feed(tmp_path)
    monkeypatch.setattr(records, "is_installed", lambda: False)
    bot.configure(
        SMTP__HOST="127.0.0.1",
        SMTP__PORT="9",
        SMTP__FROM="d@desk.example",
        DIGESTS__MORNING__TO="mailto:a@desk.example",
    )
    assert "pip install 'digestbot[dns]'" in bot("check", "--dns").stdout


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ({"SMTP__PASSWORD": "x"}, "SMTP__PASSWORD"),
        ({"SMTP__CA_FILE": "ca.pem", "SMTP__SECURITY": "none"}, "SMTP__CA_FILE"),
        ({"SMTP__PLAIN_LOGIN": "yes"}, "SMTP__PLAIN_LOGIN"),
        ({"SMTP__DKIM_DOMAIN": "desk.example"}, "SMTP__DKIM_DOMAIN"),
    ],
)
def test_settings_of_the_account_that_nothing_asks_for_are_named(tmp_path: Path, given: dict[str, str], key: str):
    """With their line, as `check` names those of digests."""
    bot = desk_of_one_feed(tmp_path)
    (tmp_path / "ca.pem").write_text("")
    plain = {"SMTP__HOST": "127.0.0.1", "SMTP__PORT": "9", "SMTP__FROM": "d@desk.example"}
    bot.configure(**plain, **given, DIGESTS__MORNING__TO="mailto:a@desk.example")
    assert f"DIGESTBOT_{key} (line {list(bot.settings).index(key) + 1}): has no effect" in bot("check").stdout
