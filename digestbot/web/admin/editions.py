"""An edition before it goes: how it will look, and what an operator says to it. And those that went."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final
from urllib.parse import quote

from starlette.responses import Response

from ...app import wiring
from ...app.storage import throwaway_store
from ...app.zones import parse_date
from ...collect import PollResult
from ...errors import ConfigError, ConfigErrors, DigestbotError
from ...model import Change, Choice, ChoiceKind, Edition, EditionState
from ...operations.explain import Explanation, explain, lines
from ...operations.logs import LoggedProgress
from ...operations.next_edition import Place
from ...operations.trial import recipients_named, send_test
from ...settings import CHANNELS
from ...text.sanitise import one_line, shorten
from ..digest_places import place_of
from ..mail_frames import WITH_FRAMES, mail_frame
from .desk import Desk, Visit
from .previews import Previews

_HISTORY: Final = 14  # editions
_MOST_ITEMS: Final = 100  # of a story that a decision names
_NO_NAME: Final = 40  # characters of a word in an address
_DEEDS: Final = {ChoiceKind.MUTE: "muted", ChoiceKind.PIN: "pinned", ChoiceKind.MOVE: "moved"}
_MADE: Final = (EditionState.READY, EditionState.DONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryLine:
    """A story of the next edition, with what can be said to it."""

    heading: str  # empty where it is that of the line before
    title: str
    url: str
    meta: str
    in_full: bool
    items: tuple[str, ...]
    topic: str
    pinned: bool
    why: str  # the address of its explanation


class Editions:
    """`/admin/editions`, a page for each digest, and `/admin/explain/...`."""

    def __init__(self, desk: Desk) -> None:
        self._context = desk.context
        self._previews = Previews(desk.context)
        self.routes = [
            desk.shows("/admin/editions", self.all),
            desk.shows("/admin/editions/{digest}", self.next),
            desk.does("/admin/editions/{digest}", self.decide),
            desk.shows("/admin/editions/{digest}/mail", self.mail),
            desk.shows("/admin/editions/{digest}/as/{form}", self.look),
            desk.shows("/admin/explain/{digest}", self.explain),
        ]

    def all(self, visit: Visit) -> Response:
        """The digests, and how far each is."""
        orders = self._context.store.choices.orders()
        digests = [
            (place_of(self._context, name, digest), orders.get(name), self._history(visit, name)[:1])
            for name, digest in self._context.loaded.digests.items()
        ]
        return visit.page("editions.html", digests=digests)

    def next(self, visit: Visit) -> Response:
        """The next edition of a digest."""
        name = self._name(visit)
        found = self._previews.next(name)
        choices = self._context.store.choices.of(name)
        topics = [(topic.name, topic.title) for topic in wiring.digest_specs(self._context.loaded, name)[0].topics]
        return visit.page(
            "edition.html",
            place=place_of(self._context, name, self._context.loaded.digests[name]),
            found=found,
            due=visit.when(found.due),
            order=self._context.store.choices.orders().get(name),
            when=visit.when,
            choices=[choice for choice in choices if choice.items],
            stories=tuple(self._stories(found.places(), name, choices)),
            topics=topics,
            titles=dict(topics),
            history=self._history(visit, name),
        )

    def _stories(self, places: Iterator[Place], name: str, choices: tuple[Choice, ...]) -> Iterator[StoryLine]:
        pinned = {item for one in choices if one.kind is ChoiceKind.PIN for item in one.items}
        before = ""
        for place in places:
            entry, items = place.entry, tuple(item.id for item in place.entry.story.items)
            outlets = [source.name for source in entry.sources]
            rest = f" and {len(outlets) - 3} more" if len(outlets) > 3 else ""
            yield StoryLine(
                heading=place.heading if place.heading != before else "",
                title=entry.title,
                url=entry.url if entry.url.startswith(("http://", "https://")) else "",
                meta=", ".join(outlets[:3]) + rest,
                in_full=place.in_full,
                items=items[:_MOST_ITEMS],
                topic=entry.topic,
                pinned=not pinned.isdisjoint(items),
                why=self._context.link(f"/admin/explain/{quote(name, safe='')}?story={quote(entry.story.id, safe='')}"),
            )
            before = place.heading

    def _history(self, visit: Visit, name: str) -> list[tuple[Edition, str, str]]:
        """Editions, what became of each, and where it can be read."""
        at = self._context.link(f"/admin/d/{quote(name, safe='')}")
        return [
            (one, str(one.state), f"{at}/{one.date.isoformat()}" if one.state in _MADE else "")
            for one in visit.context.store.editions.history(name, limit=_HISTORY)
        ]

    def look(self, visit: Visit) -> Response:
        """The next edition as one of its readers gets it: as `email`, `slack` or `text`."""
        name, form = self._name(visit), visit.request.path_params["form"]
        if form not in ("email", "slack", "text"):
            return visit.page("failed.html", status=404, reasons=("There is no such form of an edition.",))
        found = self._previews.next(name)
        place = place_of(self._context, name, self._context.loaded.digests[name])
        answer = visit.page("look.html", place=place, found=found, form=form)
        answer.headers["Content-Security-Policy"] = WITH_FRAMES
        return answer

    def mail(self, visit: Visit) -> Response:
        """The mail itself, for the frame."""
        return mail_frame(self._previews.next(self._name(visit)).message.html, visit.asked("look", _NO_NAME))

    def decide(self, visit: Visit) -> Response:
        """What the forms of a digest's page say."""
        name, what = self._name(visit), visit.given("do", _NO_NAME)
        if what in ("mute", "pin", "move"):
            told = self._choose(visit, name, ChoiceKind(what))
        elif what == "back":
            told = self._take_back(visit, name)
        elif what == "test":
            told = self._test(visit, name)
        else:
            told = self._order(visit, name, what)
        return visit.back(f"/admin/editions/{quote(name, safe='')}", told)

    def _choose(self, visit: Visit, name: str, kind: ChoiceKind) -> str:
        used, topic = self._previews.next(name).used, visit.given("topic", 200)
        items = tuple(one for one in visit.all_given("item[]")[:_MOST_ITEMS] if one in used)
        known = {one.name for one in wiring.digest_specs(self._context.loaded, name)[0].topics}
        if not items or (kind is ChoiceKind.MOVE and topic not in known):
            return "nothing"
        title = shorten(one_line(visit.given("title")), 200)
        moved = topic if kind is ChoiceKind.MOVE else ""
        choice = Choice(
            digest=name, kind=kind, items=items, topic=moved, title=title, at=visit.now, who=visit.operator.name
        )
        self._context.store.choices.add(choice)
        visit.record(f"{_DEEDS[kind]} a story of {name}{f' to {topic}' if moved else ''}:", title)
        return kind.value

    def _take_back(self, visit: Visit, name: str) -> str:
        number = visit.given("number", 12)
        own = {str(choice.number) for choice in self._context.store.choices.of(name)}
        choice = self._context.store.choices.take_back(int(number)) if number in own else None
        if choice is None:
            return "nothing"
        visit.record(
            f"took back that a story of {name} was {_DEEDS.get(choice.kind, choice.kind.value)}:", choice.title
        )
        return "back"

    def _order(self, visit: Visit, name: str, what: str) -> str:
        choices = self._context.store.choices
        if what in ("hold", "now"):
            kind = ChoiceKind(what)
            if kind is ChoiceKind.NOW and not self._previews.next(name).can_go_now:
                return "made"
            choices.add(Choice(digest=name, kind=kind, at=visit.now, who=visit.operator.name))
            visit.record("held the next edition of" if what == "hold" else "had the next edition sent at once:", name)
            return what
        if what == "release" and choices.withdraw(name):
            visit.record("released the next edition of", name)
            return "release"
        return "nothing"

    def _test(self, visit: Visit, name: str) -> str:
        """The answer does not wait for a mail server: how it went stands in the log."""
        loaded = self._context.loaded
        recipients = recipients_named(visit.given("to"), loaded)
        own = loaded.digests[name].to
        for one in recipients:
            plugin = CHANNELS.plugins.get(one.channel)
            if one not in own and (plugin is None or plugin.on_this_machine):
                reason = "is no mailbox, channel or phone, nor one of this digest's TO"
                raise ConfigErrors([ConfigError(str(one), reason, "write an address of somebody")])
        visit.record("wanted a test of", name, ", ".join(map(str, recipients)))
        self._context.jobs.put(partial(self._send_test, name, visit.given("to"), visit.operator.name))
        return "test"

    def _send_test(self, name: str, to: str, who: str) -> None:
        loaded = self._context.loaded
        try:
            (spec,) = wiring.digest_specs(loaded, name)
            recipients = recipients_named(to, loaded)
            with throwaway_store(loaded, self._context.data) as tried:
                context = wiring.edition_context(loaded, tried, LoggedProgress(), sending=True, resumes=False)
                stored = PollResult(feeds=len(context.feeds))
                # The page shows the next one, and that is what is wanted: today's may have gone.
                day, now = self._previews.next(name).name, self._context.clock()
                trial = send_test(spec, context, recipients, at=now, day=day, collected=stored)
                for channel in context.channels.values():
                    channel.close()
            said, deed = "; ".join(trial.lines()), "could not send a test of" if trial.failed else "sent a test of"
        except DigestbotError as error:
            said, deed = str(error), "could not send a test of"
        change = Change(at=self._context.clock(), who=who, deed=deed, subject=name, detail=shorten(said, 500))
        self._context.store.changes.record(change)

    def explain(self, visit: Visit) -> Response:
        """Why a story is told as it is: of the next edition, or of one that went (`?edition=`)."""
        name, story = self._name(visit), visit.asked("story")
        found: Explanation | None
        if edition := visit.asked("edition", _NO_NAME):
            context = self._previews.context()
            (spec,) = wiring.digest_specs(self._context.loaded, name)
            day = parse_date(edition, self._context.loaded.digests[name], now=visit.now)
            found = explain(story, spec, context, now=visit.now, day=day)
        else:
            found = self._previews.explain(name, story)
        if found is None:
            return visit.page("failed.html", status=404, reasons=("There is no such story in this edition.",))
        return visit.page("explain.html", lines=tuple(lines(found)), digest=name, edition=edition)

    def _name(self, visit: Visit) -> str:
        """The digest of the address.

        Raises:
            ConfigErrors: there is none.
        """
        (spec,) = wiring.digest_specs(self._context.loaded, visit.request.path_params["digest"])
        return spec.name
