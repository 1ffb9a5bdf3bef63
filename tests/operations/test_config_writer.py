"""Changing the configuration from the command line: feeds added and removed, the five questions."""

from __future__ import annotations

from pathlib import Path

import pytest
from bot import Bot, desk_of_one_feed
from hypothesis import given
from hypothesis import strategies as st

from digestbot.app.feeds import configured_feeds, located
from digestbot.collect import write_opml
from digestbot.errors import ConfigError
from digestbot.model import Feed, FeedKind
from digestbot.operations.config_writer import Question, add_feed, add_feeds, import_opml, remove_feed, write_example
from digestbot.settings import load, problem_with
from digestbot.settings.envfile import read_env_file
from digestbot.text.names import key_name_from

TEXT = "# mine\nDIGESTBOT_FEEDS__A=https://a.example/feed\nDIGESTBOT_PAGES__B=b.txt\n\nDIGESTBOT_TOPICS__X=gold\n"


# Every character that some program takes for the end of a line, what begins a remark, and both kinds of quotes.
HAZARDS = "\n\r\t \x0b\x0c\x1c\x1d\x1e\x85\xa0\u2028\u2029\ufeff\u202e#\"'=_/:@~."
ANY = st.text(st.one_of(st.sampled_from(HAZARDS), st.characters()), max_size=12)
ADDRESS = st.one_of(ANY, st.builds("https://{}.example/{}".format, st.sampled_from(["a", "e", "é"]), ANY))


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A small configuration with remarks and gaps of its owner."""
    path = tmp_path / "config.env"
    path.write_text(TEXT)
    path.chmod(0o600)
    return path


def test_a_feed_is_added_below_the_others_and_taken_out_again(config: Path):
    """Only one line comes and goes; everything else stays byte for byte, and so do the file's permissions."""
    feed = add_feed(config, "https://www.news.example/rss")

    assert feed.name == "news_example"
    assert config.read_text().splitlines()[3] == "DIGESTBOT_FEEDS__NEWS_EXAMPLE=https://www.news.example/rss"
    assert config.stat().st_mode & 0o777 == 0o600
    assert load(config, {}, folder=config.parent).settings.feeds["news_example"].url == feed.url

    assert remove_feed(config, "News_Example") == (feed.name, feed.url)
    assert config.read_text() == TEXT


@pytest.mark.parametrize(
    ("address", "name", "message"),
    [
        ("https://a.example/feed", "", "DIGESTBOT_FEEDS__A: has this address already (line 2)"),
        ("https://c.example/feed", "b", "is already in use"),
        ("ftp://c.example/feed", "", "is not an address that can be read"),
        ("https://c.example/feed", "c__d", "a double underscore divides levels"),
    ],
)
def test_what_cannot_be_added_is_told_and_nothing_is_written(config: Path, address: str, name: str, message: str):
    """A known address, a taken name and a wrong address leave the file as it is."""
    with pytest.raises(ConfigError) as caught:
        add_feed(config, address, name=name)

    assert message in str(caught.value)
    assert config.read_text() == TEXT


def test_a_feed_that_is_not_there_is_told_with_its_neighbour(config: Path):
    """Removing a wrong name suggests what was meant."""
    add_feed(config, "https://ledger.example/", name="ledger")
    with pytest.raises(ConfigError, match="did you mean ledger"):
        remove_feed(config, "legder")


def test_an_address_removes_the_feed_that_has_exactly_it(config: Path):
    """Before any that only means the same; where several do, none goes and each is named, without its password."""
    one, two = "https://bob:hunter2@h.example/ok", "http://h.example/ok"
    text = f"DIGESTBOT_FEEDS__ONE={one}\nDIGESTBOT_FEEDS__TWO={two}\nDIGESTBOT_PAGES__THREE={two}?feedname=world\n"
    config.write_text(text)
    with pytest.raises(ConfigError, match=r"may be any of one .*, two ") as caught:
        remove_feed(config, "https://h.example/ok")

    assert "hunter2" not in str(caught.value)
    assert config.read_text() == text
    with pytest.raises(ConfigError, match="is not in"):
        remove_feed(config, f"{two}?feedname=sport")
    assert remove_feed(config, two) == ("two", two)
    assert remove_feed(config, "http://H.example:80/ok") == ("one", one)


@pytest.mark.parametrize("setting", ["SOURCES=other, ledger", "SOURCE_WEIGHTS=Ledger=2"])
def test_a_feed_that_a_digest_names_stays(config: Path, setting: str):
    """Without it the configuration could not be read any more: the digest's setting is named."""
    add_feed(config, "https://ledger.example/", name="ledger")
    add_feed(config, "https://other.example/", name="other")
    text = f"{config.read_text()}DIGESTBOT_DIGESTS__MORNING__{setting}\n"
    config.write_text(text)
    with pytest.raises(ConfigError, match=f"MORNING__{setting.partition('=')[0]}: names ledger"):
        remove_feed(config, "ledger")
    assert config.read_text() == text


def test_the_commands(tmp_path: Path):
    """feeds add, add --page and remove change config.env in the folder; a mistake ends with 2."""
    bot = Bot(tmp_path)
    bot.configure(FEEDS__A="a.xml")

    assert bot("feeds", "add", "b.xml", "--name", "bee", "--untried").returncode == 0
    assert bot("feeds", "add", "notes.txt", "--page", "--untried").returncode == 0
    assert bot("feeds", "remove", "a").returncode == 0
    assert bot("feeds", "remove", "a").returncode == 2
    loaded = load(tmp_path / "config.env", {}, folder=tmp_path)
    assert [(name, one.url) for name, one in loaded.settings.feeds.items()] == [("bee", "b.xml")]
    assert [(name, one.url) for name, one in loaded.settings.pages.items()] == [("notes_txt", "notes.txt")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for many examples, each of which writes its configuration anew."""
    return tmp_path_factory.mktemp("written")


@given(ADDRESS, st.one_of(st.just(""), ANY), st.sampled_from(FeedKind))
def test_a_feed_is_added_as_it_was_given_or_not_at_all(folder: Path, address: str, name: str, kind: FeedKind):
    """Any address and any name: one key more with exactly this address, a configuration that loads, or an error."""
    path = folder / "config.env"
    path.write_text(TEXT)
    before = read_env_file(path).values
    try:
        feed = add_feed(path, address, name=name, kind=kind)
    except ConfigError:
        assert path.read_text() == TEXT
        return
    family = "PAGES" if kind is FeedKind.PAGE else "FEEDS"

    assert read_env_file(path).values == before | {f"DIGESTBOT_{family}__{feed.name.upper()}": address.strip()}
    settings = load(path, {}, folder=folder).settings
    assert getattr(settings, family.lower())[feed.name].url == address.strip() == feed.url
    remove_feed(path, feed.name)
    assert path.read_text() == TEXT


@given(
    st.lists(
        st.builds(Feed, url=ADDRESS, name=ANY, title=ANY, kind=st.sampled_from(FeedKind), link_selector=ANY), max_size=3
    )
)
def test_many_feeds_are_added_as_they_are_or_named(folder: Path, feeds: list[Feed]):
    """Whatever a list holds, the configuration loads afterwards, and has those that were added and nothing else new."""
    path = folder / "config.env"
    path.write_text(TEXT)
    before = read_env_file(path).values
    added = add_feeds(path, feeds)
    new = {key: value for key, value in read_env_file(path).values.items() if key not in before}
    settings = load(path, {}, folder=folder).settings

    assert path.read_text().startswith(TEXT)
    addresses = [value for key, value in new.items() if "PAGE_LINKS" not in key and key.count("__") == 1]
    assert sorted(addresses) == sorted(feed.url for feed in added.feeds)
    for feed in added.feeds:
        family = settings.pages if feed.kind is FeedKind.PAGE else settings.feeds
        assert family[feed.name].url == feed.url
    assert len(added.feeds) + len(added.left_out) + added.known == len(feeds)
    assert all(key.startswith(("DIGESTBOT_FEEDS__", "DIGESTBOT_PAGES__", "DIGESTBOT_PAGE_LINKS__")) for key in new)


@pytest.mark.parametrize("end", ["&#10;", "&#13;", "&#13;&#10;", "&#x85;", "&#x2028;", "&#x2029;", "&#9;", "&#x202e;"])
def test_no_list_of_feeds_writes_a_line_of_its_own(tmp_path: Path, config: Path, end: str):
    """A list from a stranger cannot set where the Slack token goes; what it tries is left out and named."""
    opml = tmp_path / "list.opml"
    evil = f"https://e.example/feed{end}DIGESTBOT_SLACK__API_URL=http://attacker.example/api/"
    opml.write_text(
        f'<opml><body><outline text="Good" xmlUrl="https://good.example/"/><outline text="x{end}A=1" name="a{end}B=1"'
        f' type="page" xmlUrl="{evil}"/><outline text="p{end}A=1" name="p{end}B=1" links="a{end}C=1" type="page"'
        ' xmlUrl="https://p.example/"/></body></opml>'
    )
    done = import_opml(config, opml)

    assert "https://good.example/" in [feed.url for feed in done.feeds]
    assert done.left_out[0].address.startswith("https://e.example/feed")
    assert "DIGESTBOT_SLACK__API_URL" not in config.read_text()
    new = set(read_env_file(config).values) - {"DIGESTBOT_FEEDS__A", "DIGESTBOT_PAGES__B", "DIGESTBOT_TOPICS__X"}
    named = {"DIGESTBOT_FEEDS__GOOD", "DIGESTBOT_PAGES__P_A_1", "DIGESTBOT_PAGE_LINKS__P_A_1"}
    assert {key.removesuffix("__TITLE") for key in new} <= named
    load(config, {}, folder=tmp_path)


@given(st.lists(ANY, min_size=5, max_size=5))
def test_answers_are_written_as_they_were_given_or_not_at_all(folder: Path, given: list[str]):
    """Whatever is answered: the example with these five values, or an error and no file."""
    path = folder / "new.env"
    path.unlink(missing_ok=True)
    keys = ("FEEDS__MINE", "TOPICS__MINE", *(f"DIGESTS__MORNING__{name}" for name in ("AT", "TIMEZONE", "TO")))
    answers = {f"DIGESTBOT_{key}": answer for key, answer in zip(keys, given, strict=True)}
    try:
        write_example(path, answers)
    except ConfigError:
        assert not path.exists()
        return
    assert read_env_file(path).values == answers


def test_the_example_is_never_written_over_a_file(config: Path):
    """Neither over a file nor through a link that lies in its place."""
    link = config.with_name("link.env")
    link.symlink_to(config.with_name("elsewhere"))
    for path in (config, link):
        with pytest.raises(ConfigError, match="exists already"):
            write_example(path)

    assert config.read_text() == TEXT
    assert not config.with_name("elsewhere").exists()


def test_an_answer_that_no_line_can_hold_is_asked_again():
    """The question itself says so, before a file is written."""
    time = Question(key="DIGESTBOT_DIGESTS__MORNING__AT", text="Time of day")

    assert "U+000A" in str(time.problem("07:30\nDIGESTBOT_SLACK__API_URL=http://attacker.example/"))
    assert time.problem("07:30") is None


def test_pages_travel_with_their_names_and_selectors(tmp_path: Path):
    """What export writes, import makes of it again: feeds stay feeds, pages pages."""
    text = (
        "DIGESTBOT_FEEDS__MY_FEED=https://a.example/feed\nDIGESTBOT_PAGES__NOTES=https://a.example/notes\n"
        "DIGESTBOT_PAGES__DESK=https://desk.example/\nDIGESTBOT_PAGE_LINKS__DESK='h2 a[title=\"x # y\"]'\n"
    )
    (tmp_path / "old.env").write_text(text)
    (tmp_path / "new.env").write_text("")
    before = configured_feeds(load(tmp_path / "old.env", {}, folder=tmp_path))
    (tmp_path / "mine.opml").write_bytes(write_opml(before))

    import_opml(tmp_path / "new.env", tmp_path / "mine.opml")

    assert configured_feeds(load(tmp_path / "new.env", {}, folder=tmp_path)) == before
    assert import_opml(tmp_path / "new.env", tmp_path / "mine.opml").known == 3
    remove_feed(tmp_path / "new.env", "desk")
    assert "DESK" not in (tmp_path / "new.env").read_text()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("feedname=world", "feedname=sport"),
        ("rss_id=1", "rss_id=2"),
        ("source=rss&cat=1", "source=atom&cat=1"),
        ("ref=a", ""),
    ],
)
def test_feeds_that_differ_in_a_parameter_are_two(config: Path, one: str, other: str):
    """Also where a page's address would be the same without it; only a campaign makes no feed of its own."""
    urls = [f"https://h.example/rss?{query}" for query in (one, other)]
    (config.parent / "list.opml").write_bytes(write_opml([Feed(url=url) for url in urls]))

    assert [feed.url for feed in import_opml(config, config.parent / "list.opml").feeds] == urls
    again = [*urls, urls[0].replace("https://h", "http://ann:pw@H"), f"{urls[1]}&utm_source=a&utm_medium=b"]
    assert add_feeds(config, [Feed(url=url) for url in again]).feeds == ()


def test_titles_in_other_scripts_get_names_that_a_setting_may_have(tmp_path: Path):
    """A title without a Latin letter gives its place to the address; accents are dropped."""
    (tmp_path / "config.env").write_text("")
    feeds = [
        Feed(url="https://guian.example/", title="硅岸日报"),
        Feed(url="https://b.example/", title="Übersicht"),
        Feed(url="https://новости.рф/", title="Новости"),
        Feed(url="https://c.example/", title="A name of forty letters, cut off behind_ its mark"),
    ]
    added = add_feeds(tmp_path / "config.env", feeds)

    assert [feed.name for feed in added.feeds] == [
        "guian_example", "ubersicht", "feed", "a_name_of_forty_letters_cut_off_behind"
    ]  # fmt: skip
    assert set(load(tmp_path / "config.env", {}, folder=tmp_path).settings.feeds) == {feed.name for feed in added.feeds}


def test_a_feed_is_tried_once_and_called_after_its_title(tmp_path: Path):
    """What cannot be read is not added but by --untried; a name that no setting can have is made one; an address removes, too."""
    bot = Bot(tmp_path)
    bot.configure(FEEDS__A="a.xml")
    before = (tmp_path / "config.env").read_text()
    missing = bot("feeds", "add", "nowhere.xml")
    assert (missing.returncode, "no such file" in missing.stdout, "--untried" in missing.stderr) == (1, True, True)
    assert (tmp_path / "config.env").read_text() == before

    for file, title in (("cnbc.xml", "CNBC: Top News & Analysis"), ("b.xml", "Bee Keeper")):
        (tmp_path / file).write_text(
            f"<rss version='2.0'><channel><title>{title.replace('&', '&amp;')}</title></channel></rss>"
        )
    assert bot("feeds", "add", "cnbc.xml").returncode == 0
    named = bot("feeds", "add", "b.xml", "--name", "Bee=Keeper 2")
    assert "Its name in the configuration is bee_keeper_2" in named.stdout
    loaded = load(tmp_path / "config.env", {}, folder=tmp_path)
    assert {name: one.url for name, one in loaded.settings.feeds.items()} == {
        "a": "a.xml", "cnbc_top_news_analysis": "cnbc.xml", "bee_keeper_2": "b.xml",
    }  # fmt: skip
    assert "Removed cnbc_top_news_analysis" in bot("feeds", "remove", "cnbc.xml").stdout


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("www.example.com", "https://www.example.com"),
        ("news.example.co.uk/feed", "https://news.example.co.uk/feed"),
        ("example.com:8080/rss.xml", "https://example.com:8080/rss.xml"),
        ("localhost:8000/feed.xml", "http://localhost:8000/feed.xml"),
        ("nas:8080", "http://nas:8080"),
        ("192.168.1.7/rss", "http://192.168.1.7/rss"),
        ("192.168.1.7:81/rss", "http://192.168.1.7:81/rss"),
        ("C:/feeds/a.xml", None),
        ("news:today.xml", None),
        ("WWW.Example.com/a?b=c", "https://WWW.Example.com/a?b=c"),
        ("feed.xml", None),
        ("./www.example.com/feed.xml", None),
        ("saved/feed.xml", None),
        ("../news.example/feed", None),
        ("~/feeds/a.xml", None),
    ],
)
def test_an_address_without_a_scheme_is_one_where_no_file_can_be_meant(tmp_path: Path, written: str, read: str | None):
    """A host and a path, or a host with www: everything else stays a path, and so does what is there as a file."""
    assert (located(written, tmp_path) == read) if read else not located(written, tmp_path).startswith("http")
    if read and ":" not in written:
        (tmp_path / written.partition("?")[0]).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / written).write_text("")
        assert located(written, tmp_path) == str(tmp_path / written)


@pytest.mark.parametrize(
    ("written", "host"),
    [
        ("youtube.com", True),
        ("news.example.co.uk", True),
        ("feeds.xml", False),
        ("saved.rss", False),
        ("notes.txt", False),
        ("feed", False),
        ("a.b", False),
    ],
)
def test_a_host_alone_is_an_address_unless_it_ends_like_a_file(tmp_path: Path, written: str, host: bool):
    """A home page as a person writes it; a saved file that is missing is told as a file."""
    assert (located(written, tmp_path) == f"https://{written}") is host
    (tmp_path / written).write_text("")
    assert located(written, tmp_path) == str(tmp_path / written)


@pytest.mark.parametrize(
    "address", ["https//www.example.com/feed", "http:/127.0.0.1/x", "http;//a.example/x", "HTTPS//a", "https:\\\\a"]
)
def test_a_slip_in_the_scheme_is_no_path(address: str):
    """It was looked for as a file of that name."""
    problem = problem_with("DIGESTBOT_FEEDS__A", address)
    assert problem is not None
    assert problem.fix == "write it as https://host/path"


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("https://feeds.example.com/tech/rss.xml", "example_com_tech"),
        ("http://127.0.0.1:18080/0055_3f9eeff5039a008d.xml", "127_0_0_1_0055_3f9eeff5039a008d"),
        ("https://www.example.com/feed/", "example_com"),
        ("https://example.com/index.xml?format=rss#x", "example_com"),
        ("https://blog.example.org/a/atom.xml", "example_org_a"),
        ("https://news.com/feed", "news_com"),
        (
            "https://a.example/the-long-way-to-a-name-that-is-longer-than-forty",
            "a_example_the_long_way_to_a_name_that_is",
        ),
        ("Al Jazeera – Breaking News, World News and Video from Al Jazeera", "al_jazeera_breaking_news_world_news_and"),
        ("x" * 50, "x" * 40),
        ("https://例え.jp/feed", "jp"),
    ],
)
def test_a_made_up_name_says_what_tells_a_feed_from_others(words: str, name: str):
    """No port, no `rss_xml`, no half of a word."""
    assert key_name_from(words) == name


@pytest.mark.parametrize("address", ["localhost:8000/feed.xml", "news.example:81/a", "nas:8080"])
def test_a_host_with_its_port_is_no_scheme(address: str):
    """The configuration takes it as `located` does; what else stands before a colon is still judged."""
    assert problem_with("DIGESTBOT_FEEDS__A", address) is None
    assert problem_with("DIGESTBOT_FEEDS__A", "gopher:news") is not None


def test_a_list_on_the_web_is_told_how_it_is_imported(tmp_path: Path):
    """2, one line that names both ways on."""
    done = Bot(tmp_path)("feeds", "import", "https://news.example.com/all.opml")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "save it first" in done.stderr
    assert "`digestbot feeds add`" in done.stderr


def test_a_configured_feed_is_tried_by_its_name(tmp_path: Path):
    """With its own address, from whatever folder; a name that is none is told with its neighbour."""
    bot = desk_of_one_feed(tmp_path)
    done = bot("feeds", "try", "Harbour")
    assert (done.returncode, str(tmp_path / "saved.xml") in done.stdout) == (0, True)
    wrong = bot("feeds", "try", "harbor")
    assert (wrong.returncode, wrong.stderr) == (1, "digestbot: did you mean the feed harbour?\n")


@pytest.mark.parametrize("words", [("try", "harbour"), ("try", "http://127.0.0.1:9/"), ("add", "more.xml")])
def test_a_mistake_in_the_configuration_is_told_before_a_feed_is_tried(tmp_path: Path, words: tuple[str, str]):
    """2, with the mistake: what would be shown is not what a run meets. Without asking, a feed is still added."""
    bot = desk_of_one_feed(tmp_path)
    (tmp_path / "more.xml").write_text("<rss version='2.0'><channel><title>More</title></channel></rss>")
    with (tmp_path / "config.env").open("a") as file:
        file.write("DIGESTBOT_DIGESTS__MORNING__AT=25:00\n")
    done = bot("feeds", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert "DIGESTBOT_DIGESTS__MORNING__AT" in done.stderr
    assert bot("feeds", "add", "more.xml", "--untried").returncode == 0


def test_a_name_that_cannot_be_looked_up_says_why(tmp_path: Path):
    """A list of feeds that is missing is no reason to look for a file of the feed's name without a word."""
    bot = desk_of_one_feed(tmp_path)
    with (tmp_path / "config.env").open("a") as file:
        file.write("DIGESTBOT_OPML=gone.opml\n")
    done = bot("feeds", "try", "harbour")
    assert (done.returncode, "DIGESTBOT_OPML" in done.stderr) == (1, True)
    assert bot("feeds", "try", str(tmp_path / "saved.xml")).returncode == 0


def test_without_any_configuration_a_feed_is_tried(tmp_path: Path):
    """As servers are usually asked."""
    (tmp_path / "more.xml").write_text("<rss version='2.0'><channel><title>More</title></channel></rss>")
    done = Bot(tmp_path)("feeds", "try", "more.xml")
    assert (done.returncode, "a feed, 0 items, More" in done.stdout) == (0, True)


@pytest.mark.parametrize(
    ("address", "told"), [("", "is empty"), ("ftp://news.example/f", "is not an address that can be read")]
)
def test_an_address_that_is_none_is_told_as_such(tmp_path: Path, address: str, told: str):
    """2, and not as a file that is missing."""
    bot = desk_of_one_feed(tmp_path)
    done = bot("feeds", "add", address)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert told in done.stderr


def test_a_demo_that_has_nowhere_to_go_says_so_at_once(tmp_path: Path):
    """2, before anything is made."""
    (tmp_path / "file").write_text("")
    done = Bot(tmp_path).bare("demo", "--out", str(tmp_path / "file" / "out"))
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "--out: " in done.stderr
