"""The topic editor: what terms find in the last days, what the next edition would look like, and saving them."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ...app.storage import looked_at
from ...errors import ConfigChanged, ConfigError, DigestbotError
from ...operations.config_edit import Edit, edited, opened
from ...operations.topic_editor import DAYS, SECONDS, try_terms
from ...operations.topic_preview import NextUnder, next_under
from ...ports import Store
from ...settings import Loaded
from ...topics import Topic
from .desk import Desk, Visit
from .saving import sentences, taken_up, written
from .topic_form import TopicForm, followers, given_form, names_in, stored_form

HOME: Final = "/admin/topics"
EDIT: Final = f"{HOME}/edit"
SCRIPT: Final = Path(__file__).with_name("topics.js")
_TYPING_SECONDS: Final = 1.5  # for whoever types: the newest items then, and the rest by the button
_PATIENCE: Final = 20.0  # seconds in which another look comes to its end


class TopicPages:
    """`/admin/topics` and what lies below it."""

    def __init__(self, desk: Desk) -> None:
        self._looking = threading.Lock()  # one look at a time: it is work for a processor that editions need, too
        self.routes = [
            desk.shows(HOME, self.list),
            desk.shows(EDIT, self.open),
            desk.does(EDIT, self.work),
            desk.does(f"{HOME}/try", self.type),
            Route(f"{HOME}.js", _script, methods=["GET"]),
        ]

    def list(self, visit: Visit) -> Response:
        """Every topic with its terms."""
        loaded = visit.context.loaded
        file = opened(loaded).file
        forms = [form for name in names_in(file, loaded) if (form := stored_form(name, file, loaded))]
        return visit.page(
            "topics.html", topics=tuple(forms), edit=visit.context.link(EDIT), new=visit.context.link(f"{EDIT}?new=yes")
        )

    def open(self, visit: Visit) -> Response:
        """One topic, or a new one."""
        loaded, name = visit.context.loaded, visit.asked("name").lower()
        of = opened(loaded)
        form = stored_form(name, of.file, loaded) if name else TopicForm(name="")
        if form is None:
            return visit.page("failed.html", status=404, reasons=(f"There is no topic {name}.",))
        return self._page(visit, form, is_new=not name, mark=of.mark)

    def type(self, visit: Visit) -> Response:
        """What the script of the page asks for while somebody types: the result alone."""
        form = given_form(visit)
        with self._one_look(wait=_TYPING_SECONDS) as free:
            if not free:
                return visit.page("topic_result.html", status=503, busy=True)
            try:
                return visit.page("topic_result.html", busy=False, **self._tried(visit, form, seconds=_TYPING_SECONDS))
            except ConfigError as error:
                return visit.page("topic_result.html", busy=False, problems=sentences(error))

    def work(self, visit: Visit) -> Response:
        """What the buttons of the page do."""
        deeds = {
            "look": self._look,
            "next": self._next,
            "review": self._review,
            "remove": self._review,
            "save": self._save,
        }
        form = given_form(visit)
        try:
            with self._one_look(wait=_PATIENCE) as free:
                if not free:
                    return self._again(visit, form, 503, "Another look is being taken. Please try again.")
                return deeds.get(visit.given("do"), self._look)(visit, form)
        except ConfigChanged as error:
            return self._changed(visit, form, error)
        except ConfigError as error:
            return self._again(visit, form, 400, *sentences(error))

    @contextmanager
    def _one_look(self, *, wait: float) -> Iterator[bool]:
        free = self._looking.acquire(timeout=wait)
        try:
            yield free
        finally:
            if free:
                self._looking.release()

    def _look(self, visit: Visit, form: TopicForm) -> Response:
        return self._again(visit, form, **self._tried(visit, form, seconds=SECONDS))

    def _tried(self, visit: Visit, form: TopicForm, *, seconds: float) -> dict[str, Any]:
        loaded = visit.context.loaded
        after = form.topic(loaded)
        stored = stored_form(form.name, opened(loaded).file, loaded)
        before = _topic_or_none(stored, loaded)
        tried = try_terms(before, after, visit.context.store.items, now=visit.now, seconds=seconds)
        return {"tried": tried, "when": visit.when, "since": visit.when(tried.since), "is_typed": seconds < SECONDS}

    def _next(self, visit: Visit, form: TopicForm) -> Response:
        loaded = visit.context.loaded
        form.topic(loaded)
        edit = self._edit(form.settings, loaded)
        digest = visit.given("digest")
        if digest not in loaded.digests:
            digest = next(iter(followers(form.name, loaded)[0]), next(iter(loaded.digests)))

        def look(store: Store) -> NextUnder:
            return next_under(loaded, edit.loaded, store, digest=digest, now=visit.now)

        try:
            found = looked_at(loaded, visit.context.data, look)
        except ConfigError:
            raise
        except DigestbotError as error:
            return self._again(visit, form, 200, str(error))
        return self._again(visit, form, upcoming=found, when=visit.when)

    def _review(self, visit: Visit, form: TopicForm) -> Response:
        removes = visit.given("do") == "remove"
        edit = self._wanted(visit, form, removes=removes)
        values: dict[str, Any] = {
            "edit": edit,
            "removes": removes,
            "mark": edit.mark,
            "is_new": visit.given("new") == "yes",
        }
        return visit.page("topic_review.html", **self._of(visit, form), **values)

    def _save(self, visit: Visit, form: TopicForm) -> Response:
        loaded, removes = visit.context.loaded, visit.given("removes") == "yes"
        kept = written(visit, self._wanted(visit, form, removes=removes), back=HOME)
        if isinstance(kept, Response):
            return kept
        visit.record(
            "took out the topic" if removes else "changed the topic", form.name, f"the old file is {kept.name}"
        )
        visit.context.changed()
        told = "saved" if taken_up(visit.context, loaded) else "waits"
        return visit.back(HOME if removes else f"{EDIT}?name={form.name}", told)

    def _wanted(self, visit: Visit, form: TopicForm, *, removes: bool) -> Edit:
        """What would be written, of a form that was made from the file as it is now."""
        loaded = visit.context.loaded
        if not removes:
            form.topic(loaded)
        if visit.given("new") == "yes" and stored_form(form.name, opened(loaded).file, loaded):
            raise ConfigError("The name", f"{form.name} is taken", "choose another, or change that topic")
        edit = self._edit(form.gone if removes else form.settings, loaded)
        if edit.mark != visit.given("mark"):
            raise ConfigChanged("The file", "was changed by somebody else since this page was opened")
        return edit

    def _edit(self, settings: Mapping[str, str | None], loaded: Loaded) -> Edit:
        return edited(opened(loaded), settings, loaded, os.environ)

    def _changed(self, visit: Visit, form: TopicForm, error: ConfigChanged) -> Response:
        """The page once more, with what was typed, and what the file says now."""
        loaded = visit.context.loaded
        now = stored_form(form.name, opened(loaded).file, loaded)
        said = f"{error.key} {error.reason}. Nothing was overwritten."
        return self._again(visit, form, 409, said, other=now if now != form else None)

    def _again(self, visit: Visit, form: TopicForm, status: int = 200, *problems: str, **values: Any) -> Response:
        """The page with what was typed. Its mark stays that of the file it was opened from, unless the change is told here."""
        mark = opened(visit.context.loaded).mark if status == 409 or not visit.given("mark") else visit.given("mark")
        is_new = visit.given("new") == "yes"
        return self._page(visit, form, status=status, is_new=is_new, mark=mark, problems=problems, **values)

    def _page(
        self, visit: Visit, form: TopicForm, *, status: int = 200, is_new: bool, mark: str, **values: Any
    ) -> Response:
        return visit.page("topic.html", status=status, **self._of(visit, form), is_new=is_new, mark=mark, **values)

    def _of(self, visit: Visit, form: TopicForm) -> dict[str, Any]:
        loaded, link = visit.context.loaded, visit.context.link
        having, others = followers(form.name, loaded)
        stored = stored_form(form.name, opened(loaded).file, loaded)
        return {
            "form": form,
            "digests": having,
            "others": others,
            "is_there": stored is not None,
            "edit_url": link(EDIT),
            "try_url": link(f"{HOME}/try"),
            "script": link(f"{HOME}.js"),
            "list_url": link(HOME),
            "days": DAYS,
        }


def _script(_request: Request) -> Response:
    return Response(SCRIPT.read_bytes(), media_type="text/javascript", headers={"Cache-Control": "no-cache"})


def _topic_or_none(form: TopicForm | None, loaded: Loaded) -> Topic | None:
    """A topic that is broken in the file finds nothing, as long as it is."""
    try:
        return form.topic(loaded) if form else None
    except ConfigError:
        return None
