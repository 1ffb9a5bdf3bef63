"""What every channel promises, held for ours, for the example in the docs, and for whatever lies in tests/channels/*."""

from __future__ import annotations

import logging
import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
from channel_contract import (
    KEY,
    POINTS,
    ChannelContract,
    ContractServer,
    Fault,
    Found,
    defaults,
    find_contracts,
    is_model,
    publish,
    start,
)
from delivering import DAY, Clock, claimed, message, planned, states, work_off
from hypothesis import given
from hypothesis import strategies as st
from memory_outbox import MemoryOutbox
from pydantic_core import PydanticCustomError

from digestbot.errors import (
    ContentRejected,
    DeliveryError,
    OutcomeUnknown,
    PermanentFailure,
    TemporaryFailure,
)
from digestbot.model import Delivery, Recipient
from digestbot.ports import Channel, Wanted
from digestbot.store import open_store

CONTRACTS = find_contracts()
OUTCOMES = (PermanentFailure, ContentRejected, TemporaryFailure, OutcomeUnknown)


@dataclass
class Stage:
    """A channel, the server it sends to, and one message for one recipient, planned and not yet sent."""

    contract: ChannelContract
    server: ContractServer
    clock: Clock
    folder: Path
    channel: Channel
    outbox: MemoryOutbox

    def again(self) -> Channel:
        """The same channel made anew, as by a process that starts after a crash."""
        return self.contract.open(self.server.where, self.folder)

    def claimed(self) -> Delivery:
        return claimed(self.outbox, self.channel, self.clock)


@pytest.fixture(params=CONTRACTS, ids=str)
def found(request: pytest.FixtureRequest) -> Found:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def contract(found: Found) -> ChannelContract:
    return found.contract


@pytest.fixture
def stage(contract: ChannelContract, tmp_path: Path) -> Iterator[Stage]:
    clock = Clock()
    with contract.serve(tmp_path, clock.seconds) as server:
        channel = contract.open(server.where, tmp_path)
        outbox = planned(channel, contract.recipient, clock=clock)
        yield Stage(contract, server, clock, tmp_path, channel, outbox)
        channel.close()


def ask(channel: Channel, delivery: Delivery) -> str | type[OutcomeUnknown] | None:
    """What `find_sent` says, where OutcomeUnknown is an answer like others."""
    try:
        return channel.find_sent(delivery)
    except OutcomeUnknown:
        return OutcomeUnknown


def needs(contract: ChannelContract, fault: Fault) -> None:
    if fault not in contract.faults:
        pytest.skip(f"nothing of this kind can happen to {contract.plugin.scheme}")


# ---- The plug-in: before anything is opened


def test_its_example_is_one_of_its_addresses(contract: ChannelContract):
    """What help and errors show can be copied; an address is spelled one way, and what is none is refused with a fix."""
    plugin = contract.plugin
    scheme, _, address = plugin.example.partition(":")
    assert scheme == plugin.scheme == scheme.lower()
    for text in (address, contract.address, *contract.spellings):
        parsed = plugin.parse_address(text)
        assert plugin.parse_address(parsed) == parsed
    for text in contract.nonsense:
        with pytest.raises(PydanticCustomError) as caught:
            plugin.parse_address(text)
        assert (caught.value.context or {})["fix"]


def test_its_settings_are_groups_with_defaults(contract: ChannelContract, tmp_path: Path):
    """Nothing has to be set by who does not use it; who does is told what is missing, by key, reason and fix."""
    plugin = contract.plugin
    assert all(is_model(kind) for kind in plugin.settings.values())
    nothing = defaults(plugin)
    assert not plugin.problems(nothing, (), base=tmp_path)
    missing = plugin.problems(nothing, [Wanted(plugin.parse_address(contract.address), KEY)], base=tmp_path)
    assert bool(missing) is contract.needs_settings
    assert (plugin.open(nothing, base=tmp_path) is None) is contract.needs_settings
    assert all(error.key.startswith("DIGESTBOT_") and error.reason and error.fix for error in missing)


def test_settings_that_lead_somewhere_have_no_problems(stage: Stage):
    """What it is opened with here is complete, and opening it asks nobody."""
    wanted = [Wanted(stage.contract.plugin.parse_address(stage.contract.address), KEY)]
    settings = stage.contract.settings(stage.server.where)
    assert not stage.contract.plugin.problems(settings, wanted, base=stage.folder)
    assert stage.channel.name == stage.contract.plugin.scheme
    assert stage.server.attempts() == 0


def test_its_keys_are_spelled_as_ever(contract: ChannelContract):
    """The scheme inside delivery keys is a word without a colon; for a new channel it is the scheme."""
    key_scheme = contract.plugin.key_scheme
    assert key_scheme
    assert ":" not in key_scheme
    assert key_scheme == contract.plugin.scheme or key_scheme in contract.plugin.former_schemes


# ---- Addresses and bytes


def test_one_address_has_one_spelling(stage: Stage):
    """`canonical` takes what `parse_address` returns, and what it returned itself; what is no address fails for good."""
    plugin, channel = stage.contract.plugin, stage.channel
    written = [stage.contract.address, *stage.contract.spellings]
    assert len({channel.canonical(plugin.parse_address(text)) for text in written}) == 1
    for text in stage.contract.nonsense:
        with pytest.raises(PermanentFailure):
            channel.canonical(text)


def test_any_text_is_an_address_or_refused(stage: Stage):
    """Whatever stands in a ledger: `canonical` is idempotent, or raises PermanentFailure and nothing else."""

    @given(st.text(max_size=40))
    def holds(text: str) -> None:
        with suppress(PermanentFailure):
            once = stage.channel.canonical(text)
            assert stage.channel.canonical(once) == once

    holds()


def test_bytes_are_frozen(stage: Stage):
    """The same message, address, key and time give the same bytes, in a new process too; encoding sends nothing."""
    of, address = message(), stage.contract.plugin.parse_address(stage.contract.address)
    to = Recipient(channel=stage.channel.name, address=address)
    made = [
        [
            (
                body,
                channel.fill(
                    body, Delivery(digest="morning", edition=DAY, recipient=to, part=part, key=f"{'k' * 32}-{part}")
                ),
            )
            for part, body in enumerate(channel.encode(of, now=stage.clock.now()))
        ]
        for channel in (stage.channel, stage.channel, stage.again())
    ]
    assert made[0]
    assert all(isinstance(final, bytes) and final for _, final in made[0])
    assert made[0] == made[1] == made[2]
    assert stage.server.attempts() == 0


def test_whole_bytes_stay_as_they_are(stage: Stage):
    """What was frozen with its address by an earlier release goes out as it is: filling in twice is filling in once."""
    to = Recipient(channel=stage.channel.name, address=stage.contract.plugin.parse_address(stage.contract.address))
    for body in stage.channel.encode(message(), now=stage.clock.now()):
        one = Delivery(digest="morning", edition=DAY, recipient=to, key="k" * 32)
        final = stage.channel.fill(body, one)
        assert stage.channel.fill(final, one) == final


# ---- Sending


def test_a_message_arrives_once(stage: Stage):
    """Sent, recorded, and not sent by a second call."""
    assert work_off(stage.outbox, stage.channel, stage.clock).ok
    assert work_off(stage.outbox, stage.again(), stage.clock).ok
    assert len(stage.server.accepted()) == 1


def test_checking_sends_nothing(stage: Stage):
    """`check` says in a sentence that the account works."""
    assert stage.channel.check().strip()
    assert stage.server.attempts() == 0
    assert not stage.server.accepted()


@pytest.mark.parametrize("fault", Fault)
def test_a_failure_is_one_of_four_and_shows_no_secret(stage: Stage, fault: Fault, caplog: pytest.LogCaptureFixture):
    """`send` raises a DeliveryError whatever happens; no secret in it, in its causes, in a repr or in a log line."""
    needs(stage.contract, fault)
    caplog.set_level(logging.DEBUG)
    delivery = stage.claimed()
    stage.server.fail(fault)
    with pytest.raises(DeliveryError) as caught:
        stage.channel.send(delivery, parent="")
    error = caught.value
    assert isinstance(error, OUTCOMES)
    shown = [str(error), repr(error), repr(error.args), repr(error.__cause__), repr(error.__context__)]
    shown += [repr(stage.channel), repr(delivery), caplog.text]
    assert not [secret for secret in stage.contract.secrets for text in shown if secret in text]
    stage.channel.close()
    stage.channel.close()


def test_a_refusal_is_final(stage: Stage):
    """What was refused for good fails at once and is not tried again."""
    needs(stage.contract, Fault.REFUSED)
    stage.server.fail(Fault.REFUSED)
    work_off(stage.outbox, stage.channel, stage.clock)
    assert states(stage.outbox) == ["failed"]
    work_off(stage.outbox, stage.channel, stage.clock)
    assert not stage.server.accepted()


def test_who_is_busy_is_waited_for(stage: Stage):
    """TemporaryFailure with the seconds that were asked for; then it arrives once."""
    needs(stage.contract, Fault.BUSY)
    stage.server.fail(Fault.BUSY)
    with pytest.raises(TemporaryFailure) as caught:
        stage.channel.send(stage.claimed(), parent="")
    assert caught.value.retry_after == stage.contract.retry_after
    outbox = planned(stage.channel, stage.contract.recipient, clock=stage.clock)
    stage.server.fail(Fault.BUSY)
    assert work_off(outbox, stage.channel, stage.clock, max_wait=1000).ok
    assert sum(stage.clock.sleeps) >= stage.contract.retry_after
    assert len(stage.server.accepted()) == 1


def test_nobody_there_is_a_passing_failure(contract: ChannelContract, tmp_path: Path):
    """A connection that is refused has sent nothing: tried again later."""
    if contract.faults.isdisjoint({Fault.LOST_BEFORE, Fault.LOST_AFTER}):
        pytest.skip(f"{contract.plugin.scheme} connects to nobody")
    clock = Clock()
    with contract.serve(tmp_path, clock.seconds) as server:
        where = server.where
    channel = contract.open(where, tmp_path)
    outbox = planned(channel, contract.recipient, clock=clock)
    work_off(outbox, channel, clock, max_wait=0)
    assert states(outbox) == ["pending"]
    with pytest.raises(TemporaryFailure):
        channel.check()


# ---- Lost answers


def test_find_sent_tells_what_is_there(stage: Stage):
    """Before: None. After: the name that `send` returned. Where nobody can be asked: OutcomeUnknown, both times."""
    delivery = stage.claimed()
    before = ask(stage.again(), delivery)
    remote_id = stage.channel.send(delivery, parent="")
    after = ask(stage.again(), delivery)
    assert (before, after) == ((None, remote_id) if stage.contract.can_look else (OutcomeUnknown, OutcomeUnknown))
    assert remote_id or not stage.contract.can_look


def test_an_answer_lost_after_accepting(stage: Stage):
    """Found and not doubled; or, where nobody can be asked, sent again as the same bytes or left to an operator."""
    needs(stage.contract, Fault.LOST_AFTER)
    stage.server.fail(Fault.LOST_AFTER)
    resends = stage.channel.resend_if_unknown(stage.outbox.open()[0])
    work_off(stage.outbox, stage.channel, stage.clock, max_wait=1000)
    assert_kept(stage.contract, states(stage.outbox), stage.server, taken=True, resends=resends)


def test_a_connection_lost_before_accepting(stage: Stage):
    """Sent once; held only where nobody can be asked and a second copy would be worse."""
    needs(stage.contract, Fault.LOST_BEFORE)
    stage.server.fail(Fault.LOST_BEFORE)
    work_off(stage.outbox, stage.channel, stage.clock, max_wait=1000)
    copies = len(stage.server.accepted())
    assert (states(stage.outbox), copies) in ((["sent"], 1), (["unknown"], 0))
    assert copies == 1 or not stage.contract.can_look


@pytest.mark.parametrize("point", POINTS)
def test_killed_while_delivering(found: Found, point: str, tmp_path: Path):
    """kill -9 at any point of a delivery from a real ledger: nothing lost, and nothing doubled where it can be helped."""
    contract = found.contract
    (tmp_path / "server").mkdir()
    with contract.serve(tmp_path / "server", time.time) as server:
        lives: list[BaseProcess] = []

        def kill() -> None:
            if lives:
                os.kill(lives.pop().pid or 0, signal.SIGKILL)

        if point == "while accepting" and not server.on_accept(kill):
            pytest.skip(f"{contract.plugin.scheme} has no such moment")
        publish(found, server.where, tmp_path)
        dying = start(found, server.where, tmp_path, point)
        lives.append(dying)
        dying.join()
        assert dying.exitcode == -signal.SIGKILL
        lives.clear()
        last = start(found, server.where, tmp_path)
        last.join()
        assert last.exitcode == 0
        store = open_store(tmp_path)
        [row] = store.outbox.all()
        store.close()
        resends = contract.open(server.where, tmp_path).resend_if_unknown(row)
        if point in ("before claim", "after outcome"):
            assert (str(row.state), len(server.accepted())) == ("sent", 1)
            return
        taken = point in ("while accepting", "after send", "before outcome")
        assert_kept(contract, [str(row.state)], server, taken=taken, resends=resends)


def assert_kept(
    contract: ChannelContract, ends: list[str], server: ContractServer, *, taken: bool, resends: bool
) -> None:
    """What the promise says after a doubt: whether the server had `taken` the message does not show to the channel."""
    copies = list(server.accepted())
    if contract.can_look:
        assert (ends, len(copies)) == (["sent"], 1)
    elif resends:
        assert (ends, len(copies)) == (["sent"], 2 if taken else 1)
        assert copies.count(copies[0]) == len(copies), "the second copy differs from the first"
    else:
        assert (ends, len(copies)) == (["unknown"], 1 if taken else 0)
