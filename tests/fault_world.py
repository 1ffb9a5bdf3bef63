"""A life of fault_plan.py, carried out: a real database, loopback services, and processes that are struck."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from crashing import FULL
from delivering import DAY, message, recipients
from fault_plan import Blow, Fault, Life, Moment
from fault_verdict import Tally, mail_key, verdict
from fault_worker import BUSY, READY, STOPPED, Desk, ntfy_server
from forking import PROCESSES
from servers.ntfy import Fault as NtfyFault
from servers.postgres import Server
from servers.proxy import Proxy
from servers.slack import Fault as SlackFault
from servers.slack import SlackServer
from servers.smtp import DROP, DROP_AFTER_QUEUEING, SmtpServer
from sqlalchemy import make_url

from digestbot.deliver import freeze
from digestbot.errors import StoreUnavailable
from digestbot.model import Delivery, DeliveryState, Edition
from digestbot.store import Stores, open_store

LEASE = 0.6  # seconds, of a shared database, where another process is to take over
_LONG_LEASE = 10.0  # where none does: a busy machine then gives no claim back
# Seconds in which a server has surely handled what it was sent; by who was killed at any moment.
_SOON, _LATER = 0.5, 1.5
_LOOKING = 30.0  # seconds for which a look into a database that restarts is tried again
PATIENCE = 60.0  # seconds after which a process or a life is given up
_ENDINGS = {0, FULL, BUSY, STOPPED, -signal.SIGKILL, 128 + signal.SIGINT, 128 + signal.SIGTERM}
_ROOM = 8_000_000  # bytes of a disk that fills up


def live(life: Life, folder: Path, server: Server | None) -> Tally:
    """Carry out a life in an empty folder; everything it starts is gone afterwards."""
    with World.open(life, folder, server) as world:
        world.live()
        return verdict(world)


class World:
    """The services, the database and the process of one life. Use `World.open`."""

    def __init__(self, life: Life, desk: Desk, store: Stores, server: Server | None, *, real_disk: bool) -> None:
        self.life, self.desk, self.store, self.server, self.real_disk = life, desk, store, server, real_disk
        self.left = list(life.blows)
        self.struck: list[Blow] = []
        self.problems: list[str] = []
        self.in_flight: Counter[str] = Counter()  # blows that hit a mail between claim and outcome, by key
        self.accepted: dict[str, float] = {}  # when a service first took a key
        self.ways_out: list[float] = []
        self.proxies: dict[str, Proxy] = {}
        self._dice = random.Random(life.name)
        self._lock = threading.Lock()
        self._process: BaseProcess | None = None
        self._signalled = 0.0
        self._frozen = threading.Event()
        self._waiting: set[str] = set()  # what was not claimed yet when the process got its signal
        self._noted: set[str] = set()  # mails in flight at the blows on this process
        self._timers: list[threading.Thread] = []
        self._taken: Counter[str] = Counter()  # messages of this process by channel, while one waits to be struck
        self._ahead = 0.0

    @classmethod
    @contextmanager
    def open(cls, life: Life, folder: Path, server: Server | None) -> Iterator[World]:
        with ExitStack() as stack:
            slack = stack.enter_context(SlackServer(channels=_rooms(life)))
            smtp = stack.enter_context(SmtpServer())
            ntfy = stack.enter_context(ntfy_server())
            ports = {
                "slack": make_url(slack.url).port,
                "mailto": smtp.port,
                "ntfy": make_url(ntfy.url).port,
            }
            url = direct = ""
            if life.postgresql:
                assert server is not None
                direct = server.new_database()
                stack.callback(server.drop, direct)
                ports["database"] = make_url(direct).port
            proxies = {name: stack.enter_context(Proxy(port or 0)) for name, port in ports.items()}
            if direct:
                through = make_url(direct).set(port=proxies["database"].port)
                url = through.update_query_dict({"connect_timeout": "2"}).render_as_string(hide_password=False)
            disk = folder
            real_disk = any(blow.fault is Fault.DISK for blow in life.blows) and stack.enter_context(small_disk(folder))
            desk = Desk(
                disk / "data",
                slack.url.replace(str(ports["slack"]), str(proxies["slack"].port)),
                proxies["mailto"].port,
                url,
                lease=LEASE if any(blow.fault is Fault.FREEZE for blow in life.blows) else _LONG_LEASE,
                settle=_SOON,
                ntfy_url=ntfy.url.replace(str(ports["ntfy"]), str(proxies["ntfy"].port)),
                out=disk / "out",
            )
            if any(blow.moment is Moment.AT_RANDOM or blow.how == "twice" for blow in life.blows):
                desk = replace(desk, settle=_LATER)
            desk.data.mkdir()
            store = open_store(desk.data, direct)
            stack.callback(store.close)
            world = cls(life, desk, store, server, real_disk=real_disk)
            world.slack, world.smtp, world.ntfy, world.proxies = slack, smtp, ntfy, proxies
            slack.on_accept = lambda post: world.taken("slack", post["metadata"]["event_payload"]["key"])
            smtp.on_accept = lambda mail: world.taken("mailto", mail_key(mail.data))
            ntfy.on_accept = lambda posted: world.taken("ntfy", posted["sequence_id"])
            try:
                yield world
            finally:
                world.end()

    slack: SlackServer
    smtp: SmtpServer
    ntfy: Any

    def live(self) -> None:
        """Deliver, be struck, and start again until everything is settled."""
        self._publish()
        end, clean = time.monotonic() + PATIENCE, 0
        while time.monotonic() < end and clean < 20:
            # What stays broken until its end would use up all the time that a process may wait.
            patient = {"max_wait": 0.7 if self.left else 20.0}
            self.desk = replace(self.desk, ahead=self._ahead if self.left else 0.0, **patient)
            clean += not self.left
            code = self._one_process()
            self._mend()
            if code not in _ENDINGS:
                self.problems.append(f"a process failed by itself, with {code}: its traceback stands above")
                return
            if code == 0:
                if not self._looked(self.store.outbox.open):
                    return
                self.left.clear()  # their moments did not come
                time.sleep(0.05)
        self.problems.append("not settled after the last blow")

    def _publish(self) -> None:
        of, now = message(day=DAY), datetime.now(UTC)
        addresses = [f"slack:{room}" for room in _rooms(self.life)]
        addresses += [
            f"{scheme}{number}{rest}"
            for scheme, rest in (("mailto:r", "@example.com"), ("ntfy:topic-", ""), ("file:r", ""))
            for number in range(self.life.recipients)
        ]
        self._dice.shuffle(addresses)
        edition = self.store.editions.claim(Edition(digest="morning", date=DAY, since=now, until=now))
        rows = freeze(
            of,
            recipients(*addresses),
            self.desk.channels(),
            now=now,
            lifetime=timedelta(seconds=self.life.lifetime),
        )
        self.store.editions.publish(edition, of.json, rows, used=())

    def _one_process(self) -> int:
        """Start one, strike it at its moments, and return how it ended."""
        ours, theirs = PROCESSES.Pipe()
        self._noted.clear()
        self._waiting.clear()
        self._taken.clear()
        self._signalled = 0.0
        process = self._process = self.desk.work(self._inside(), theirs)
        theirs.close()
        self._follow(process, ours)
        process.join()
        ours.close()
        if self._signalled:
            self.ways_out.append(time.monotonic() - self._signalled)
        self._process = None
        if len(self._waiting - self._keys(DeliveryState.PENDING)) > 1:  # one may have been about to be claimed
            self.problems.append("something new was claimed after a signal")
        for key in self._mails_in_flight() - self._noted:
            self.in_flight[key] += 1
        code = process.exitcode or 0
        process.close()
        return code

    def _inside(self) -> list[Blow]:
        """The next blows at whose moments the process itself can stop."""
        inside: list[Blow] = []
        for blow in self.left:
            if blow.moment in (Moment.IN_MID_SEND, Moment.AT_RANDOM):
                break
            inside.append(blow)
        return inside

    def _follow(self, process: BaseProcess, ours: Connection) -> None:
        """Strike the process whenever it is time, until it has ended."""
        end, strike_at, heard = time.monotonic() + PATIENCE, float("inf"), [ours]
        while process.sentinel not in (ready := wait([process.sentinel, *heard], 0.02)):
            if time.monotonic() >= strike_at:
                strike_at = float("inf")
                self._strike()
            if self._frozen.is_set():
                self._thaw(process)
            if ours in ready:
                try:
                    if ours.recv() != READY:
                        ours.send(self._strike())
                    elif self.left and self.left[0].moment is Moment.AT_RANDOM:
                        strike_at = time.monotonic() + self._dice.uniform(0.0, 0.3)
                except (EOFError, OSError):
                    heard.clear()
            if time.monotonic() > end:
                self.problems.append("a process did not end")
                process.kill()

    def taken(self, channel: str, key: str) -> None:
        """A service has taken a message and not answered yet."""
        self.accepted.setdefault(key, time.time())
        with self._lock:
            if not self.left or self._process is None:
                return
            blow = self.left[0]
            if (blow.moment, blow.channel) == (Moment.IN_MID_SEND, channel):
                self._taken[channel] += 1
                if self._taken[channel] == blow.number:
                    self._strike()

    def _strike(self) -> tuple[str, float]:
        """The next blow, and what the process itself has to do for it."""
        blow = self.left.pop(0)
        self.struck.append(blow)
        flying = self._mails_in_flight()
        self._noted |= flying
        self.in_flight.update(flying)
        process = self._process
        assert process is not None
        assert process.pid is not None
        with suppress(ProcessLookupError):
            match blow.fault:
                case Fault.KILL:
                    os.kill(process.pid, signal.SIGKILL)
                case Fault.STOP:
                    self._stop(blow, process.pid)
                    return "stop", 0.0
                case Fault.FREEZE if blow.how == "process":
                    os.kill(process.pid, signal.SIGSTOP)
                    self._frozen.set()
                case Fault.FREEZE:
                    self.proxies["database"].freeze()
                    self._later(blow.amount, self.proxies["database"].thaw)
                case Fault.RESTART:
                    self._restart(blow)
                case Fault.CUT:
                    self._cut(blow)
                case Fault.DISK:
                    return self._fill()
                case Fault.DESCRIPTORS:
                    return "descriptors", blow.amount
                case _:
                    self._ahead += blow.amount
                    return "clock", blow.amount
        return "", 0.0

    def _stop(self, blow: Blow, process: int) -> None:
        number = signal.SIGINT if blow.how == "twice" else signal.SIGTERM
        if blow.how == "silent":
            self.proxies[blow.channel].freeze()
        if blow.moment not in (Moment.IN_MID_SEND, Moment.AT_RANDOM):  # there it may have gone on before it heard
            self._waiting = self._keys(DeliveryState.PENDING)
        self._signalled = time.monotonic()
        os.kill(process, number)
        if blow.how == "twice":
            self._later(blow.amount, lambda: os.kill(process, number) if self._process else None)

    def _restart(self, blow: Blow) -> None:
        if blow.how == "database" and blow.amount > 0.7 and self.server is not None:
            self._later(0.0, self.server.restart)
            return
        proxy = self.proxies[blow.channel if blow.how == "channel" else "database"]
        proxy.refuse()
        self._later(blow.amount, proxy.accept)

    def _cut(self, blow: Blow) -> None:
        if blow.how in ("channel", "database"):
            self.proxies[blow.channel if blow.how == "channel" else "database"].cut()
            return
        after = blow.how == "answer"
        if blow.channel == "slack":
            self.slack.fail("chat.postMessage", SlackFault(drop="after" if after else "before"))
        elif blow.channel == "ntfy":
            self.ntfy.fail("publish", NtfyFault(drop="after" if after else "before"))
        else:
            self.smtp.fail("END", DROP_AFTER_QUEUEING if after else DROP)

    def _fill(self) -> tuple[str, float]:
        if not self.real_disk:
            return "room", 0.0
        with suppress(OSError), (self.desk.out.parent / "ballast").open("wb", buffering=0) as ballast:
            while True:
                ballast.write(b"x" * 4096)
        return "", 0.0

    def _thaw(self, process: BaseProcess) -> None:
        """While the process is frozen for longer than the lease, another one works; then it wakes up."""
        began = time.monotonic()
        self._waiting.clear()  # what waited at a signal before the freeze is for the other one to claim
        other = replace(self.desk, data=self.desk.data, max_wait=3.0)
        if self.life.postgresql:
            other = replace(other, data=self.desk.data.with_name("neighbour"))
            other.data.mkdir(exist_ok=True)
        neighbour = other.work((), None)
        neighbour.join(PATIENCE)
        if neighbour.exitcode not in _ENDINGS:
            self.problems.append(f"a second process ended with {neighbour.exitcode}")
        neighbour.kill()
        neighbour.join()
        time.sleep(max(0.0, began + self.struck[-1].amount - time.monotonic()))
        self._frozen.clear()
        with suppress(ProcessLookupError):
            os.kill(process.pid or 0, signal.SIGCONT)

    def _later(self, seconds: float, call: Any) -> None:
        def act() -> None:
            with suppress(ProcessLookupError):
                call()

        timer = threading.Timer(seconds, act)
        timer.start()
        self._timers.append(timer)

    def _mend(self) -> None:
        """Whatever was away is there again."""
        for timer in self._timers:
            timer.join()
        self._timers.clear()
        for proxy in self.proxies.values():
            proxy.thaw()
        (self.desk.out.parent / "ballast").unlink(missing_ok=True)

    def end(self) -> None:
        """Leave nothing running."""
        process = self._process
        if process is not None:
            process.kill()
            process.join()
        self._mend()

    def _mails_in_flight(self) -> set[str]:
        return self._keys(DeliveryState.SENDING, "mailto")

    def _keys(self, state: DeliveryState, channel: str = "") -> set[str]:
        rows = self._looked(lambda: self.store.outbox.all(states=[state]))
        return {row.key for row in rows if channel in ("", row.recipient.channel)}

    @staticmethod
    def _looked(look: Callable[[], Sequence[Delivery]]) -> Sequence[Delivery]:
        """What a look into the store shows. Two faults may fall together: while the database restarts it shows nothing."""
        until = time.monotonic() + _LOOKING
        while True:
            try:
                return look()
            except StoreUnavailable:
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)


def _rooms(life: Life) -> dict[str, str]:
    return {f"C0{number:06X}": f"room{number}" for number in range(life.recipients)}


@contextmanager
def small_disk(folder: Path) -> Iterator[bool]:
    """A disk of some megabytes in this folder, where the system lets us mount one; whether it did."""
    options = f"size={_ROOM},mode=700"
    command = ["mount", "-t", "tmpfs", "-o", options, "digestbot-test", str(folder)]
    try:
        mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        mounted = False
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(folder)], capture_output=True, check=False)
