"""The templates: those shipped, those of the user's folder over them, and what happens when one of these fails.

A user's file replaces the shipped file of its name, or extends it (`{% extends "builtin/email.html" %}`) and changes
single blocks. User templates run in Jinja's sandbox and see values only; their loops and products are bounded, but not
everything that one expression could cost: they are the owner's own, not strangers' texts.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Sized
from contextvars import ContextVar
from functools import lru_cache
from math import inf
from pathlib import Path
from typing import Any, Final

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateNotFound,
    nodes,
)
from jinja2.exceptions import TemplateSyntaxError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from ..errors import TemplateError
from ..resources import resource
from . import blocks
from .build_view import view_of
from .headlines import headlines, next_headlines
from .i18n import is_right_to_left, translations
from .safety import sanitised
from .sample import empty, full
from .template_checks import ACCEPTS
from .view import Part
from .wrap import fill

_SECONDS: Final = 5.0
_MOST_CHARACTERS: Final = 1_000_000
_DEADLINE: Final[ContextVar[float]] = ContextVar("deadline", default=inf)
_PLAIN: Final = (".txt", ".json")
_WRITTEN: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class BoundedSandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, in which nothing lasts for ever: each turn of a loop asks the time, products stay small.

    Jinja has no other way to repeat something but recursion, which Python bounds.
    """

    intercepted_binops = frozenset({"*", "**"})

    def _generate(self, source: nodes.Template, *args: Any, **options: Any) -> str:
        for loop in source.find_all(nodes.For):
            turn = nodes.Call(nodes.EnvironmentAttribute("ask_the_time"), [], [], None, None, lineno=loop.lineno)
            loop.body.insert(0, nodes.ExprStmt(turn, lineno=loop.lineno))
        return super()._generate(source, *args, **options)

    @staticmethod
    def ask_the_time() -> None:
        if time.monotonic() > _DEADLINE.get():
            raise TemplateError(f"it takes longer than {_SECONDS:.0f} seconds")

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        sizes = [len(value) if isinstance(value, Sized) else value for value in (left, right)]
        numbers = [abs(size) for size in sizes if isinstance(size, int)]
        if len(numbers) == 2 and (numbers[0] * numbers[1] if operator == "*" else numbers[1]) > _MOST_CHARACTERS:
            raise TemplateError(f"it makes more than {_MOST_CHARACTERS} characters")
        return super().call_binop(context, operator, left, right)


class Phrases:
    """The macros of phrases.txt as calls that give plain text: `say.counts(digest)`.

    Imported into an HTML template by Jinja's own import, a macro's text would pass for escaped HTML, because a macro
    asks its caller whether to escape and its body has not.
    """

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    def __getattr__(self, name: str) -> Callable[..., str]:
        theirs, ours = (self._environment.get_template(path).module for path in ("phrases.txt", "builtin/phrases.txt"))
        macro = getattr(theirs, name, None) or getattr(ours, name)
        return lambda *args: str(macro(*args))


class Filling:
    """The templates at work on one message: a user's template that failed once is not tried again."""

    def __init__(self, folder: Path | None, language: str) -> None:
        self._folder = folder
        self._language = language
        self._failed: dict[str, str] = {}

    @property
    def faults(self) -> tuple[str, ...]:
        """Which of the user's templates failed, and why: the shipped ones stand in."""
        return tuple(dict.fromkeys(self._failed.values()))

    def fill(self, name: str, **context: Any) -> str:
        """Fill the template `name`: the user's, or the shipped one where there is none or it failed."""
        if self.trusts(name):
            try:
                return _fill(self._folder, name, self._language, context)
            except TemplateError as error:
                self._failed[name] = str(error)
        return _fill(None, name, self._language, context)

    def trusts(self, name: str) -> bool:
        """Whether a template of the user's may still make this one."""
        return self._folder is not None and name not in self._failed

    def distrust(self, name: str, reason: str) -> None:
        """Use the shipped template from here on, for a reason that only its reader could find."""
        self._failed[name] = f"template {(self._folder or Path()) / name}: {reason}; the built-in template was used"


class Templates:
    """The templates in use: `folder` is the user's, None means the shipped ones alone."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder

    def filling(self, language: str) -> Filling:
        """Begin to fill them for one message in this language."""
        return Filling(self.folder, language)

    def check(self) -> tuple[str, ...]:
        """What is wrong with the user's templates, tried on a full and on an empty digest; nothing when all is well."""
        if self.folder is None:
            return ()
        if not self.folder.is_dir():
            return (f"there is no folder {self.folder}",)
        faults: dict[str, None] = {}
        for view in (view_of(sanitised(full())), view_of(sanitised(empty()))):
            filling = self.filling(view.language)
            for name in ("email.html", "email.txt", "subject.txt", "slack.json", "slack.txt"):
                filling.fill(name, digest=view, part=Part(number=0, mode="standard"))
            faults.update(dict.fromkeys(filling.faults))
        return tuple(faults)

    @staticmethod
    def phrases(language: str) -> Phrases:
        """The shipped fixed words, as calls."""
        return Phrases(_environment(None, language))


def builtin_names() -> tuple[str, ...]:
    """The shipped templates, by the name a user's file must bear to replace them."""
    return tuple(sorted(path.name for path in resource("templates").iterdir() if path.is_file()))


def copy(name: str, folder: Path) -> Path:
    """Copy a shipped template into the user's folder, to be changed there; never over an existing file.

    Raises:
        TemplateError: when no template has that name, or the file is there already.
    """
    if name not in builtin_names():
        raise TemplateError(f"no template is named {name}; there are {', '.join(builtin_names())}")
    target = folder / name
    if target.exists():
        raise TemplateError(f"{target} is there already; move it away to begin again from the built-in one")
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(resource("templates") / name, target)
    return target


def _fill(folder: Path | None, name: str, language: str, context: dict[str, Any]) -> str:
    where = f"template {name}" if folder is None else f"template {folder / name}"
    try:
        text = _bounded(_environment(folder, language), name, context, seconds=inf if folder is None else _SECONDS)
        if folder is not None and name in ACCEPTS:
            ACCEPTS[name](text)
    except TemplateError as error:
        raise TemplateError(f"{where}: {error}") from error
    except TemplateSyntaxError as error:
        raise TemplateError(f"template {error.filename or name}, line {error.lineno}: {error.message}") from error
    except TemplateNotFound as error:
        raise TemplateError(f"{where} wants {error.name}, which does not exist") from error
    except Exception as error:  # a template may raise anything at all, and must not stop the digest
        raise TemplateError(f"{where}: {type(error).__name__}: {error}") from error
    return text


def _bounded(environment: Environment, name: str, context: dict[str, Any], *, seconds: float) -> str:
    """Fill piece by piece, so that a text without end is noticed."""
    size, pieces = 0, []
    template = environment.get_template(name)
    before = _DEADLINE.set(time.monotonic() + seconds)
    try:
        for piece in template.generate(context):
            pieces.append(piece)
            size += len(piece)
            if size > _MOST_CHARACTERS:
                raise TemplateError(f"it makes more than {_MOST_CHARACTERS} characters")
    finally:
        _DEADLINE.reset(before)
    return "".join(pieces)


@lru_cache(maxsize=16)
def _environment(folder: Path | None, language: str) -> Environment:
    builtin = FileSystemLoader(resource("templates"))
    loader: BaseLoader = ChoiceLoader([builtin, PrefixLoader({"builtin": builtin})])
    if folder is not None:
        loader = ChoiceLoader([FileSystemLoader(folder), loader])
    # What is shipped needs no sandbox, which costs a third of the time of filling.
    kind = Environment if folder is None else BoundedSandbox
    environment = kind(
        loader=loader,
        undefined=StrictUndefined,
        # Jinja's own select_autoescape trusts the last suffix only; here everything but plain text is escaped.
        autoescape=lambda name: name is None or not name.endswith(_PLAIN),
        extensions=["jinja2.ext.i18n"],
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=True,
    )
    environment.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]
    environment.globals.update(
        blocks.GLOBALS, say=Phrases(environment), headlines=headlines, next_headlines=next_headlines
    )
    environment.filters["fill"] = fill
    environment.tests["right_to_left"] = is_right_to_left
    return environment


def _finalize(value: Any) -> Any:
    """Slack's blocks are dicts while a template handles them and JSON where it prints them."""
    return _WRITTEN(value) if isinstance(value, dict) else value
