"""One edition to a hundred thousand readers of a list, through `digestbot run` and a mail server on loopback.

    python benchmarks/publish.py [READERS]              until the first mail leaves, peak memory, growth of the database
    python benchmarks/publish.py soak [READERS] [SECONDS]   the sender killed (-9) every SECONDS (20) until everybody has it

The first stops the sender once some mails have left. The second counts readers without a mail, and mails that came twice: each of these must
have been in flight at a kill, and be the same to the byte.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from datetime import UTC, datetime
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from newsroom import AT, MORNING_NEWS
from servers.smtp import Mail, SmtpServer

from digestbot.model import Consent, Subscriber, Subscription, SubscriptionState
from digestbot.store import FILE, open_store
from digestbot.text.mail_addresses import mail_key

PROCESSES = multiprocessing.get_context("spawn")
AT_ONCE = 1000


def serve(pipe: Connection) -> None:
    """A server in a process of its own: what it took, and when, is told when it is asked."""
    copies: dict[str, list[str]] = defaultdict(list)
    first: list[float] = []
    lock = threading.Lock()

    def keep(mail: Mail) -> None:
        with lock:
            if not first:
                first.append(time.time())
            copies[mail.recipient].append(hashlib.sha256(mail.data).hexdigest())
            server.messages.clear()

    with SmtpServer(on_accept=keep) as server:
        server.extensions += ("PIPELINING",)
        pipe.send(server.port)
        while (asked := pipe.recv()) != "end":
            with lock:
                pipe.send(len(copies) if asked == "count" else (first, dict(copies)))


def enrol(folder: Path, count: int) -> None:
    """As an import does, some at a time."""
    store = open_store(folder)
    now = datetime.now(UTC)
    for start in range(0, count, AT_ONCE):
        people = [f"reader{number}@example.com" for number in range(start, min(start + AT_ONCE, count))]
        wanted = [
            (
                Subscriber(address=address, key=mail_key(address)),
                Subscription(
                    list="briefing", state=SubscriptionState.ACTIVE, since=now, consent=Consent.IMPORT, consented=now
                ),
            )
            for address in people
        ]
        store.subscribers.enrol(wanted, lambda subscription, _reader: subscription)
    store.close()


def prepared(folder: Path, port: int, count: int) -> Path:
    """A newsroom with its readers; returns the database."""
    (folder / "saved.xml").write_text(MORNING_NEWS, encoding="utf-8")
    (folder / "config.env").write_text(
        "DIGESTBOT_FEEDS__HARBOUR=./saved.xml\nDIGESTBOT_TOPICS__PORTS=harbour\nDIGESTBOT_LISTS__BRIEFING__TITLE=Briefing\n"
        "DIGESTBOT_DIGESTS__MORNING__TO=list:briefing\nDIGESTBOT_DIGESTS__MORNING__TIMEZONE=Asia/Hong_Kong\n"
        "DIGESTBOT_SMTP__FROM=digest@desk.example\nDIGESTBOT_SMTP__SECURITY=none\nDIGESTBOT_SMTP__HOST=127.0.0.1\n"
        f"DIGESTBOT_SMTP__PORT={port}\nDIGESTBOT_SMTP__BOUNCES=bounces@desk.example\n",
        encoding="utf-8",
    )
    enrol(folder / "digestbot-data", count)
    return folder / "digestbot-data" / FILE


def start(folder: Path) -> subprocess.Popen[bytes]:
    words = (sys.executable, "-m", "digestbot", "run", "--at", AT)
    return subprocess.Popen(words, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def first_mail(folder: Path, pipe: Connection, database: Path) -> None:
    before, began = database.stat().st_size, time.time()
    sender = start(folder)
    count = partial(_asked, pipe, "count")
    while count() < 50:
        time.sleep(0.05)
    sender.send_signal(signal.SIGINT)
    _, _, usage = os.wait4(sender.pid, 0)
    [moment], _ = _asked(pipe, "all")
    open_store(folder / "digestbot-data").close()  # folds the -wal file into the database
    print(f"first mail after {moment - began:.1f} s from the start of `run`, {usage.ru_maxrss / 1024:.0f} MB at most")
    print(f"the database grew by {(database.stat().st_size - before) / 1e6:.1f} MB")


def soak(folder: Path, pipe: Connection, readers: int, seconds: float) -> int:
    kills, began = 0, time.time()
    while True:
        sender = start(folder)
        try:
            sender.wait(seconds)
        except subprocess.TimeoutExpired:
            sender.kill()
            sender.wait()
            kills += 1
        if (count := _asked(pipe, "count")) >= readers or time.time() - began > 3600:
            break
        print(f"{time.time() - began:6.0f} s: {count:,} of {readers:,}, {kills} kills", flush=True)
    while start(folder).wait(600):
        pass
    _, copies = _asked(pipe, "all")
    twice = [found for found in copies.values() if len(found) > 1]
    other = sum(len(set(found)) > 1 for found in twice)
    lost = readers - len(copies)
    print(
        f"{readers:,} readers, {kills} kills in {time.time() - began:.0f} s: {lost} lost, {len(twice)} mails twice, {other} of them not the same"
    )
    return int(bool(lost or other or len(twice) > kills))


def _asked(pipe: Connection, what: str):  # type: ignore[no-untyped-def]
    pipe.send(what)
    return pipe.recv()


def main() -> int:
    """Print the figures."""
    words = sys.argv[1:]
    long = words[:1] == ["soak"]
    readers = int((words[long:] or ["100000"])[0])
    ours, theirs = PROCESSES.Pipe()
    PROCESSES.Process(target=serve, args=(theirs,), daemon=True).start()
    port = ours.recv()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        database = prepared(folder, port, readers)
        print(f"{readers:,} readers, the database is {database.stat().st_size / 1e6:.1f} MB")
        if long:
            return soak(folder, ours, readers, float((words[2:] or ["20"])[0]))
        first_mail(folder, ours, database)
    return 0


if __name__ == "__main__":
    sys.exit(main())
