"""A site whose configuration is a file, with a week of items: what the topic editor works on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

from admin_site import Browser
from builders import item
from newsroom import rss
from running_site import NOON, RunningSite
from servers.smtp import SmtpServer

from digestbot.app.storage import shared_store
from digestbot.model import FeedState
from digestbot.settings import Loaded, load
from digestbot.web.context import SiteContext
from digestbot.web.reader_jobs import ReaderJobs
from digestbot.web.server import BackgroundServer, listening
from digestbot.web.site import site

NEWS = (
    item("Gold climbs to a record", source="Ledger", hours=3),
    item("Chip maker opens a wafer plant", source="Gazette", hours=2),
    item("Chip exports of Veldhaven rise", source="Ledger", hours=20),
    item("Potato chips get dearer", source="Gazette", hours=24 * 6),
    item("Studio delays <Cyberpunk> 2077", source="Gazette", hours=5),
)
TEXT = """# What the desk reads
DIGESTBOT_FEEDS__LEDGER=./ledger.xml
DIGESTBOT_FEEDS__GAZETTE=./gazette.xml
DIGESTBOT_TOPICS__CHIPS=chip*   # ask Ann
DIGESTBOT_DIGESTS__MORNING__AT=07:30
DIGESTBOT_DIGESTS__MORNING__TIMEZONE=UTC
DIGESTBOT_DIGESTS__MORNING__TO=file:./out
DIGESTBOT_LISTS__BRIEFING__TITLE=Briefing
DIGESTBOT_SMTP__PASSWORD=s3cret-of-the-mail-server
"""


class EditorSite(Browser):
    """A browser on such a site, and the file."""

    def __init__(self, running: RunningSite, path: Path) -> None:
        super().__init__(running)
        self.path = path

    def token(self) -> str:
        """Of a form: nobody had to sign in, so the log has none."""
        return self.get("/admin/topics/edit?new=yes").body.partition('name="token" value="')[2].partition('"')[0]

    def mark(self, path: str) -> str:
        """The mark of the file, as a page of a form carries it."""
        return self.get(path).body.partition('name="mark" value="')[2].partition('"')[0]


@contextmanager
def editor_site(folder: Path, text: str = TEXT) -> Iterator[EditorSite]:
    """One that takes a changed file up as a daemon at rest does: once it is told."""
    folder.mkdir(exist_ok=True)
    for name in ("ledger", "gazette"):
        (folder / f"{name}.xml").write_text(rss(("Lock opens", "It opened.", "Wed, 27 May 2026 02:00:00 +0000")))
    path = folder / "config.env"
    with ExitStack() as stack:
        mail = stack.enter_context(SmtpServer())
        listener = listening("127.0.0.1:0")
        port = listener.getsockname()[1]
        web = f"DIGESTBOT_WEB__LISTEN=127.0.0.1:{port}\nDIGESTBOT_WEB__URL=http://127.0.0.1:{port}\n"
        path.write_text(text + web)
        current: list[Loaded] = [load(path, {}, folder=folder)]

        def changed() -> None:
            current[:] = [load(path, {}, folder=folder)]

        store = stack.enter_context(shared_store(current[0], folder / "data"))
        for one in NEWS:
            store.items.save(FeedState(name=one.feed), [one], now=NOON - timedelta(hours=1))
        jobs = stack.enter_context(ReaderJobs())
        context = SiteContext(
            current=lambda: current[0],
            store=store,
            data=folder / "data",
            jobs=jobs,
            clock=lambda: NOON,
            changed=changed,
        )
        stack.callback(context.close)
        stack.enter_context(BackgroundServer(site(context), listener))
        yield EditorSite(RunningSite(context, mail, port, current[0], base=folder), path)
