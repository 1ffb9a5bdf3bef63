"""`digestbot feeds`: list, add, remove, import and export."""

# ruff: noqa: PLC0415 -- a command loads what it works with, so that the quick ones answer at once

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import ConfigError, ConfigErrors
from ..text.counting import counted
from .shell import (
    FAILED,
    Config,
    Data,
    Json,
    commands,
    exit_on_error,
    look,
    print_error,
    print_json,
    print_lines,
    read,
)

if TYPE_CHECKING:
    from ..model import Feed
    from ..settings import Loaded

feeds = commands()
_EMPTY = ConfigError("ADDRESS", "is empty", "write the address of a feed or site, or the path of a saved file")
_AS_PAGE = "--page reads it as a page; of a list of articles, PAGE_LINKS (`feeds try --links`) selects the links"


@feeds.command("list")
def feeds_list(config: Config = None, data: Data = None, as_json: Json = False) -> None:
    """List every feed and page with its health."""
    from ..app.feeds import shown_address
    from ..operations.status import feeds_status

    with exit_on_error():
        loaded = read(config)
        now = datetime.now(UTC)
        feeds = look(loaded, data, lambda store: feeds_status(loaded, store, now=now))
        if as_json:
            print_json([feed.as_dict() for feed in feeds])
        else:
            print_lines(f"{feed.feed.name} ({feed.health}) {shown_address(feed.feed.url)}" for feed in feeds)


@feeds.command("export")
def feeds_export(
    file: Annotated[
        Path | None, typer.Argument(help="The file to write [standard output].", show_default=False)
    ] = None,
    config: Config = None,
    data: Data = None,
) -> None:
    """Export every feed with its settings as OPML, without passwords and HEADERS."""
    from ..app.feeds import configured_feeds, keys_kept, opml_of, secrets_left_out

    with exit_on_error():
        loaded = read(config)
        feeds = configured_feeds(loaded)
        opml = opml_of(feeds, look(loaded, data, lambda store: store.items.states()))
        if file is None:
            sys.stdout.buffer.write(opml)
        else:
            try:
                file.write_bytes(opml)
            except OSError as error:
                raise ConfigError(str(file), f"cannot be written: {error.strerror}", "choose another file") from error
            print_lines([f"Wrote {file}"])
        for sentence in filter(None, (secrets_left_out(feeds), keys_kept(feeds))):
            print_error(sentence)


@feeds.command("import")
def feeds_import(
    file: Annotated[
        Path, typer.Argument(help="OPML, Newsboat's urls, or rss2email's configuration.", show_default=False)
    ],
    config: Config = None,
    allow_files: Annotated[
        bool, typer.Option("--allow-files", help="Also add files below the folder of the OPML file.")
    ] = False,
    data: Data = None,  # noqa: ARG001
) -> None:
    """Add the feeds of another program's list to the configuration. Those already in it are left as they are."""
    from ..app.feeds import left_out_sentence, shown_address
    from ..operations.config_writer import import_opml
    from ..settings import find_config
    from ..text.web_addresses import without_keys

    with exit_on_error():
        if str(file).lower().startswith(("http:", "https:")):
            fix = "save it first, as in curl -o feeds.opml ADDRESS, then import feeds.opml; a single feed is for `digestbot feeds add`"
            raise ConfigError("FILE", "is an address on the web", fix)
        path = config or find_config(Path.cwd(), os.environ) or Path("config.env")
        done = import_opml(path, file, files=allow_files)
        print_lines(f"{feed.name}: {shown_address(feed.url)}" for feed in done.feeds)
        known = f"; there already: {done.known}" if done.known else ""
        print_lines([f"Added {counted(len(done.feeds), 'feed')} to {path}{known}"])
        if done.without:
            print_error(f"left out, because the configuration could not be read with it: {', '.join(done.without)}")
        if done.lost:
            print_error(
                f"not carried over, for there is nothing like it here: {'; '.join(map(without_keys, done.lost))}"
            )
        if done.left_out:
            # All of them, however many: whoever moves house wants to know what stays behind.
            print_error(left_out_sentence(done.left_out, most=len(done.left_out)))
            if not done.feeds and not done.known:
                raise typer.Exit(FAILED)


@feeds.command("add")
def feeds_add(
    address: Annotated[
        str, typer.Argument(help="The URL of a feed or of a site, or the path of a file.", show_default=False)
    ],
    name: Annotated[str, typer.Option(help="Its name [made from the feed's own title].", show_default=False)] = "",
    page: Annotated[bool, typer.Option("--page", help="This is a web page or text file, not a feed.")] = False,
    untried: Annotated[bool, typer.Option("--untried", help="Add it as it is and ask nobody.")] = False,
    config: Config = None,
    data: Data = None,  # noqa: ARG001
) -> None:
    """Add a feed to the configuration, once it could be read. Of a site's own address, the feed that its page names is added."""
    from ..app.feeds import as_copied, located, shown_address
    from ..app.wiring import fetch_options
    from ..operations.config_writer import add_feed, clean_name
    from ..operations.find_feeds import Found, by_rule, try_feed
    from ..settings import find_config, problem_with

    with exit_on_error():
        path = config or find_config(Path.cwd(), os.environ) or Path("config.env")
        address = as_copied(address)
        if problem := problem_with("DIGESTBOT_FEEDS__NAME", address) if address.strip() else _EMPTY:
            raise ConfigError("ADDRESS", problem.reason, problem.fix)
        # A path of the shell is relative to where it stands; in the file it has to be found from everywhere.
        here = Path(address.strip()).expanduser()
        address = str(here.resolve()) if here.exists() and not (path.parent / here).exists() else address.strip()
        where = located(address, path.parent)
        asked = _asked_for(where, page=page)
        if untried:
            found = by_rule(asked) or Found(feed=asked)
        else:
            found = try_feed(asked, fetch_options(_loaded(config)), now=datetime.now(UTC))
        wrong = found.reading is not None and bool(found.reading.error)
        print_lines(found.lines() if found.why or wrong else [])
        if wrong and not untried:
            fix = (
                _AS_PAGE
                if found.reading and found.reading.is_page
                else "mend the address, or add it as it is with --untried"
            )
            print_error(f"nothing was added: {fix}")
            raise typer.Exit(FAILED)
        if name and name != (cleaned := clean_name(name)):
            print_lines([f"Its name in the configuration is {cleaned}"])
            name = cleaned
        # As it was written, where it was found there: a path stays relative to the file.
        wanted = (
            address if found.feed.url == where and not where.startswith(("https://", "http://")) else found.feed.url
        )
        title = found.reading.title if found.reading else ""
        added = add_feed(
            path, wanted, name=name, title=title, kind=found.feed.kind, link_selector=found.feed.link_selector
        )
        print_lines([f"Added {added.name}: {shown_address(added.url)} to {path}; test it with `digestbot check`"])


@feeds.command("try")
def feeds_try(
    address: Annotated[
        str,
        typer.Argument(help="The URL of a feed, site or page, or the name of a configured one.", show_default=False),
    ],
    page: Annotated[bool, typer.Option("--page", help="Read it as a page, not as a feed.")] = False,
    links: Annotated[
        str, typer.Option("--links", help="Of a page: a CSS selector of its links.", show_default=False)
    ] = "",
    config: Config = None,
    data: Data = None,  # noqa: ARG001
    as_json: Json = False,
) -> None:
    """Show what would be read of an address, and why. Stores and changes nothing."""
    from ..app.feeds import as_copied
    from ..app.wiring import fetch_options
    from ..operations.find_feeds import try_feed
    from ..text.suggestions import closest_match

    with exit_on_error():
        loaded = _loaded(config)
        address = as_copied(address)
        names, unread = _names(loaded)
        configured = None if Path(address).exists() else names.get(address.strip().lower())
        asked = configured or _asked_for(_shell_path(address), page=page or bool(links), links=links)
        found = try_feed(asked, fetch_options(loaded), now=datetime.now(UTC))
        if as_json:
            print_json(found.as_dict())
        else:
            print_lines(found.lines())
        if found.reading and found.reading.error:
            if guess := closest_match(address.strip(), names):
                print_error(f"did you mean the feed {guess}?")
            if found.reading.is_page:
                print_error(_AS_PAGE)
            for problem in unread:
                print_error(f"{problem.sentence}; until then no feed is known by its name")
            raise typer.Exit(FAILED)


def _names(loaded: Loaded) -> tuple[dict[str, Feed], Sequence[ConfigError]]:
    """The feeds and pages of the configuration by their names, or why they cannot be told. That there is none is no mistake here."""
    from ..app.feeds import configured_feeds

    try:
        return {feed.name: feed for feed in configured_feeds(loaded)}, ()
    except ConfigErrors as error:
        return {}, [one for one in error.errors if one.key != "DIGESTBOT_FEEDS"]


def _shell_path(address: str) -> str:
    """An address that may lack its scheme; a path stays as it was written."""
    from ..app.feeds import located

    where = located(address.strip(), Path.cwd())
    return where if where.startswith("http") else address


def _asked_for(address: str, *, page: bool, links: str = "") -> Feed:
    from ..model import Feed, FeedKind

    kind = FeedKind.PAGE if page else FeedKind.FEED
    return Feed(url=address.strip(), name="tried", kind=kind, link_selector=links)


def _loaded(config: Path | None) -> Loaded:
    """The configuration, which says how servers are asked: the usual way where there is none yet.

    Raises:
        ConfigError: it is wrong: what it says of fetching would not count, and what is shown would not be what a run meets.
    """
    from ..settings import find_config, load

    return load(config or find_config(Path.cwd(), os.environ), os.environ, folder=Path.cwd())


@feeds.command("remove")
def feeds_remove(
    name: Annotated[
        str, typer.Argument(help="Its name in `digestbot feeds list`, or its address.", show_default=False)
    ],
    config: Config = None,
    data: Data = None,  # noqa: ARG001
) -> None:
    """Remove a feed from the configuration. Its stored items stay."""
    from ..app.feeds import shown_address
    from ..operations.config_writer import remove_feed
    from ..settings import find_config

    with exit_on_error():
        path = config or find_config(Path.cwd(), os.environ) or Path("config.env")
        removed, url = remove_feed(path, name)
        print_lines([f"Removed {removed}: {shown_address(url)} from {path}"])
