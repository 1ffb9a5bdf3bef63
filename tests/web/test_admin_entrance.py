"""Who may see the admin pages, and whose form changes something."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from admin_site import TOKEN, Browser, words
from running_site import RunningSite, running

from digestbot.web.admin.entrance import LASTS

PAGES = ("/admin", "/admin/log")


def test_without_a_token_they_open_on_this_machine(live_site: RunningSite):
    """Nothing is set: whoever sits at the machine is the operator, without a cookie."""
    answer = live_site.get("/admin")
    assert (answer.status, answer.headers["Set-Cookie"]) == (200, None)
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", PAGES)
def test_a_forwarded_request_is_not_of_this_machine(live_site: RunningSite, path: str):
    """A proxy on this machine makes strangers look like it."""
    assert live_site.get(path, X_Forwarded_For="203.0.113.9").status == 403


@pytest.mark.parametrize("settings", [{"WEB__URL": "https://digest.example.com"}, {"WEB__PROXIES": "127.0.0.0/8"}])
def test_a_site_with_a_proxy_opens_by_token_or_header_alone(tmp_path: Path, settings: dict[str, str]):
    """A proxy need not say that it forwards: nobody can be told from the owner."""
    with running(tmp_path, **settings) as site:
        answer = site.get("/admin")
        assert (answer.status, "DIGESTBOT_WEB__ADMIN_TOKEN" in answer.body) == (403, True)


def test_with_a_token_somebody_signs_in_once(tmp_path: Path):
    """The token opens a session of half a day: a cookie that scripts and other sites never see."""
    with running(tmp_path, WEB__ADMIN_TOKEN=TOKEN) as site:
        browser = Browser(site)
        asked = browser.get("/admin/log")
        assert (asked.status, 'name="to" value="/admin/log"' in asked.body) == (401, True)
        assert 'name="to" value="/admin/log"' in browser.sign_in("wrong", to="/admin/log").body
        answer = browser.sign_in(to="/admin/log")
        assert (answer.status, answer.headers["Location"]) == (303, "/admin/log")
        cookie = answer.headers["Set-Cookie"]
        assert {"HttpOnly", "SameSite=strict", "Path=/admin", "Max-Age=43200"} <= set(cookie.split("; "))
        assert "Secure" not in cookie
        assert "signed in" in words(browser.get("/admin/log"))
        assert TOKEN not in cookie


def test_behind_https_the_cookie_is_for_https_alone(tmp_path: Path):
    """By the origin that the browser names; under a path of its own where the site has one."""
    with running(tmp_path, WEB__ADMIN_TOKEN=TOKEN, WEB__URL="https://digest.example.com/news") as site:
        browser = Browser(site)
        browser.origin = "https://digest.example.com"
        cookie = browser.sign_in().headers["Set-Cookie"]
        assert {"Secure", "Path=/news/admin"} <= set(cookie.split("; "))


def test_a_wrong_token_opens_nothing(tmp_path: Path):
    """Nor do many tries: after twenty in a minute not even the right one, for the rest of the minute."""
    with running(tmp_path, WEB__ADMIN_TOKEN=TOKEN) as site:
        browser = Browser(site)
        for given in ("", "x", TOKEN[:-1], TOKEN + "x", "ä" * 40):
            assert browser.sign_in(given).status == 401
        for _ in range(15):
            browser.sign_in("wrong")
        refused = browser.sign_in()
        assert refused.status == 429
        assert 1 <= int(refused.headers["Retry-After"]) <= 60
        assert f"try again in {refused.headers['Retry-After']} seconds" in words(refused)
        assert browser.get("/admin").status == 401


def test_the_right_token_counts_for_nothing(tmp_path: Path):
    """Somebody who signs in again and again is not kept out, and a slip before it is forgotten."""
    with running(tmp_path, WEB__ADMIN_TOKEN=TOKEN) as site:
        browser = Browser(site)
        for given in ("slip", TOKEN) * 15:
            assert browser.sign_in(given).status == (303 if given == TOKEN else 401)


@pytest.mark.parametrize(
    "cookie", ["digestbot_admin=", "digestbot_admin=x", "digestbot_admin=operator", "digestbot_admin=" + "x" * 5000]
)
def test_a_forged_session_opens_nothing(tmp_path: Path, cookie: str):
    """Neither read nor changed."""
    with running(tmp_path, WEB__ADMIN_TOKEN=TOKEN) as site:
        browser = Browser(site, cookie)
        for path in PAGES:
            assert browser.get(path).status == 401
        assert browser.send("/admin/sign-out").status == 401


def test_a_session_ends(tmp_path: Path):
    """After its time; and at once, in every browser, when its owner signs out: a cookie that was copied opens nothing."""
    with running(tmp_path, WEB__ADMIN_TOKEN=TOKEN) as site:
        browser = Browser(site)
        browser.sign_in()
        copied = Browser(site, browser.cookie)
        site.now += LASTS - timedelta(seconds=1)
        assert copied.get("/admin").status == 200
        site.now += timedelta(seconds=1)
        assert copied.get("/admin").status == 401
        browser.sign_in()
        copied = Browser(site, browser.cookie)
        assert browser.send("/admin/sign-out").status == 303
        assert browser.cookie == ""
        assert copied.get("/admin").status == 401


def test_another_token_ends_all_sessions(tmp_path: Path):
    """Whoever had the old one is out."""
    with running(tmp_path, WEB__ADMIN_TOKEN=TOKEN) as site:
        browser = Browser(site)
        browser.sign_in()
        cookie = browser.cookie
    with running(tmp_path, WEB__ADMIN_TOKEN=TOKEN) as site:
        assert Browser(site, cookie).get("/admin").status == 200
    with running(tmp_path, WEB__ADMIN_TOKEN=TOKEN + "2") as site:
        assert Browser(site, cookie).get("/admin").status == 401


def test_a_proxy_of_ours_says_who_somebody_is(tmp_path: Path):
    """By the header that is set, once; the name stands in the record."""
    with running(tmp_path, WEB__TRUSTED_HEADER="Remote-User", WEB__PROXIES="127.0.0.0/8") as site:
        assert site.get("/admin").status == 403
        assert site.get("/admin", Remote_User="").status == 403
        answer = site.get("/admin", Remote_User="ann")
        assert (answer.status, "ann" in answer.body) == (200, True)


@pytest.mark.parametrize("proxies", ["", "192.0.2.0/24"])
def test_nobody_else_says_who_somebody_is(tmp_path: Path, proxies: str):
    """The header counts from a proxy of ours alone."""
    with running(tmp_path, WEB__TRUSTED_HEADER="Remote-User", WEB__PROXIES=proxies) as site:
        assert site.get("/admin", Remote_User="ann").status == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "", "Sec_Fetch_Site": ""},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Sec_Fetch_Site": "none"},
        {"Origin": "", "Sec_Fetch_Site": "cross-site"},
    ],
)
def test_a_form_from_elsewhere_changes_nothing(tmp_path: Path, headers: dict[str, str]):
    """Even with the cookie and the right token: the browser says where it comes from."""
    with running(tmp_path, WEB__ADMIN_TOKEN=TOKEN) as site:
        browser = Browser(site)
        browser.sign_in()
        assert browser.send("/admin/sign-out", **headers).status == 403
        assert browser.get("/admin").status == 200
        assert Browser(site).send("/admin/sign-in", {"admin_token": TOKEN, "token": ""}, **headers).status == 403


def test_a_form_without_its_token_changes_nothing(tmp_path: Path):
    """Nor with another operator's, or with one of a session before."""
    with running(tmp_path, WEB__ADMIN_TOKEN=TOKEN) as site:
        browser = Browser(site)
        browser.sign_in()
        before = browser.token()
        browser.sign_in()
        for token in ("", "x", before, "ä"):
            assert browser.send("/admin/sign-out", {"token": token}).status == 403
        assert browser.get("/admin").status == 200


@pytest.mark.parametrize(
    "to", ["//evil.example", "https://evil.example", "/admin//evil.example", "/admin/../x", "/u/x"]
)
def test_a_sign_in_leads_nowhere_else(tmp_path: Path, to: str):
    """An address that somebody was sent cannot take them to another site."""
    with running(tmp_path, WEB__ADMIN_TOKEN=TOKEN) as site:
        assert Browser(site).sign_in(to=to).headers["Location"] == "/admin"


@pytest.mark.parametrize("host", ["evil.example", "", "127.0.0.1:1", "localhost.evil.example"])
def test_a_foreign_name_gets_no_admin_page(live_site: RunningSite, host: str):
    """DNS rebinding: the browser of whoever sits at the machine is led here by a name of somebody else."""
    for path in PAGES:
        assert live_site.get(path, Host=host).status in (400, 421)
    assert live_site.post("/admin/sign-out", Host=host, Origin=f"http://{host}").status in (400, 421)


def test_search_engines_and_readers_see_none_of_it(tmp_path: Path):
    """No page of the site leads there, and none of these is indexed where the others are."""
    with running(tmp_path, WEB__INDEX="yes") as site:
        for path in ("/", "/subscribe", "/robots.txt"):
            assert "/admin" not in site.get(path).body
        assert site.get("/admin").headers["X-Robots-Tag"] == "noindex, nofollow"
