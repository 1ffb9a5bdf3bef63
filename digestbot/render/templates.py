"""The templates: those shipped, those in the owner's folder over them, and what happens when one of these fails.

An owner's file replaces the shipped file of its name, or extends it (`{% extends "builtin/email.html" %}`) and changes
single blocks. Owners' templates run in Jinja's sandbox and see values only. Their loops and products are bounded, but
not everything that one expression could cost: the owner wrote them, no stranger did.
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
    BytecodeCache,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateNotFound,
    nodes,
)
from jinja2.bccache import Bucket
from jinja2.exceptions import TemplateSyntaxError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from ..errors import TemplateError
from ..resources import resource
from ..text.language import other_language
from ..text.sanitise import is_right_to_left
from . import blocks
from .build_view import build_view
from .headlines import headlines, next_headlines
from .i18n import capitalised, spaced, translations
from .markdown_text import link, plain
from .safety import sanitised
from .sample import empty, full, reader_mail
from .template_checks import OUTPUT_CHECKS
from .view import Part
from .wrap import wrap

_MOST_SECONDS: Final = 5.0
_MOST_CHARACTERS: Final = 1_000_000  # of one text, and of one product: ten times the largest email
# Not a field of the environment: that is cached, and may render for several threads at once.
_DEADLINE: Final[ContextVar[float]] = ContextVar("deadline", default=inf)
# JSON needs no escaping for HTML: `_finalize` encodes what is printed there.
_UNESCAPED: Final = (".txt", ".json", ".md")
_TO_JSON: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class BoundedSandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox with bounds: each turn of a loop checks the deadline, products stay small.

    Jinja's only other way to repeat something is recursion, which Python bounds.
    """

    # `'x' * 10**9` needs a single turn and no loop. Jinja asks the sandbox only about operators that are named here.
    intercepted_binops = frozenset({"*", "**"})

    def _generate(self, source: nodes.Template, *args: Any, **options: Any) -> str:
        # The check lies inside the loop, because a timer in another thread cannot stop one, and a child process for
        # each rendering would cost seconds (docs/design.md).
        for loop in source.find_all(nodes.For):
            turn = nodes.Call(nodes.EnvironmentAttribute("ask_the_time"), [], [], None, None, lineno=loop.lineno)
            loop.body.insert(0, nodes.ExprStmt(turn, lineno=loop.lineno))
        return super()._generate(source, *args, **options)

    @staticmethod
    def ask_the_time() -> None:
        if time.monotonic() > _DEADLINE.get():
            raise TemplateError(f"it runs for more than {_MOST_SECONDS:.0f} seconds: look for a loop that is too long")

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        sizes = [len(value) if isinstance(value, Sized) else value for value in (left, right)]
        numbers = [abs(size) for size in sizes if isinstance(size, int)]
        if len(numbers) == 2 and (numbers[0] * numbers[1] if operator == "*" else numbers[1]) > _MOST_CHARACTERS:
            raise TemplateError(f"its output is over {_MOST_CHARACTERS} characters")
        return super().call_binop(context, operator, left, right)


class CompiledTemplates(BytecodeCache):
    """The templates that this process has compiled: their code is the same in every language, and compiling takes longest."""

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if code := self._code.get(bucket.key):
            bucket.bytecode_from_string(code)  # nothing where the template has changed since

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key] = bucket.bytecode_to_string()


# The sandbox compiles otherwise.
_COMPILED: Final = {kind: CompiledTemplates() for kind in (Environment, BoundedSandbox)}


class PhraseMacros:
    """The macros of phrases.txt as functions that return plain text; templates call them as `say.counts(digest)`.

    Jinja's own import would be unsafe in HTML: phrases.txt is not escaped, but what its macros return would be marked
    as escaped, because that depends on the template that calls them.
    """

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    def __getattr__(self, name: str) -> Callable[..., str]:
        theirs, ours = (self._environment.get_template(path).module for path in ("phrases.txt", "builtin/phrases.txt"))
        # An owner's phrases.txt may hold only the phrases that are to be different.
        macro = getattr(theirs, name, None) or getattr(ours, name)
        return lambda *args: str(macro(*args))


class MessageTemplates:
    """The templates for one message in one language; an owner's template that failed once is not tried again."""

    def __init__(self, folder: Path | None, language: str) -> None:
        self._folder = folder
        self._language = language
        self._failed: dict[str, str] = {}

    @property
    def faults(self) -> tuple[str, ...]:
        """Which of the owner's templates failed, and why; the shipped ones were used instead."""
        return tuple(dict.fromkeys(self._failed.values()))

    def render(self, name: str, **context: Any) -> str:
        """Render the template `name`: the owner's, or the shipped one where there is none or it failed."""
        if self.uses_custom(name):
            try:
                return _render(self._folder, name, self._language, context)
            except TemplateError as error:
                # A message is rendered anew at each step of its budget: what failed at one would fail at all.
                self._failed[name] = str(error)
        return _render(None, name, self._language, context)

    def uses_custom(self, name: str) -> bool:
        """Whether the owner has a folder of templates, and the one of this name has not failed."""
        return self._folder is not None and name not in self._failed

    def fall_back(self, name: str, reason: str) -> None:
        """Use the shipped template from here on, for a reason that shows only in the finished message."""
        self._failed[name] = f"template {(self._folder or Path()) / name}: {reason}; the built-in template was used"


class Templates:
    """The templates in use: `folder` is the owner's, None means the shipped ones alone."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder

    def for_language(self, language: str) -> MessageTemplates:
        """The templates for one message in this language."""
        return MessageTemplates(self.folder, language)

    def check(self) -> tuple[str, ...]:
        """What is wrong with the owner's templates, tried on a full and on an empty digest; empty when all are fine."""
        if self.folder is None:
            return ()
        if not self.folder.is_dir():
            return (f"there is no folder {self.folder}",)
        faults: dict[str, None] = {}
        for view in (build_view(sanitised(full())), build_view(sanitised(empty()))):
            in_language = self.for_language(view.language)
            for name in ("email.html", "email.txt", "subject.txt", "slack.json", "slack.txt", "digest.md"):
                in_language.render(name, digest=view, part=Part(number=0, mode="standard"))
            for name in ("reader_mail.html", "reader_mail.txt"):
                in_language.render(name, mail=reader_mail())
            faults.update(dict.fromkeys(in_language.faults))
        return tuple(faults)

    @staticmethod
    def phrases(language: str) -> PhraseMacros:
        """The shipped phrases in this language, as functions."""
        return PhraseMacros(_environment(None, language))


def builtin_names() -> tuple[str, ...]:
    """The names of the shipped templates; an owner's file of the same name replaces one."""
    return tuple(sorted(path.name for path in resource("templates").iterdir() if path.is_file()))


def copy(name: str, folder: Path) -> Path:
    """Copy a shipped template into the owner's folder, to be changed there; never over an existing file.

    Raises:
        TemplateError: when no template has that name, or the file is there already.
    """
    if name not in builtin_names():
        raise TemplateError(f"there is no template {name}; the templates are {', '.join(builtin_names())}")
    target = folder / name
    if target.exists():
        raise TemplateError(f"{target} exists already; move it away to start again from the built-in template")
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(resource("templates") / name, target)
    return target


def _render(folder: Path | None, name: str, language: str, context: dict[str, Any]) -> str:
    where = f"template {name}" if folder is None else f"template {folder / name}"
    try:
        text = _bounded(_environment(folder, language), name, context, seconds=inf if folder is None else _MOST_SECONDS)
        if folder is not None and name in OUTPUT_CHECKS:
            OUTPUT_CHECKS[name](text)
    except TemplateError as error:
        raise TemplateError(f"{where}: {error}") from error
    except TemplateSyntaxError as error:
        raise TemplateError(f"template {error.filename or name}, line {error.lineno}: {error.message}") from error
    except TemplateNotFound as error:
        raise TemplateError(f"{where} uses {error.name}, which does not exist") from error
    except Exception as error:  # a template may raise anything at all, and must not stop the digest
        raise TemplateError(f"{where}: {type(error).__name__}: {error}") from error
    return text


def _bounded(environment: Environment, name: str, context: dict[str, Any], *, seconds: float) -> str:
    """Render piece by piece, so that a text without end is noticed."""
    size, pieces = 0, []
    template = environment.get_template(name)
    before = _DEADLINE.set(time.monotonic() + seconds)
    try:
        for piece in template.generate(context):
            pieces.append(piece)
            size += len(piece)
            if size > _MOST_CHARACTERS:
                raise TemplateError(f"its output is over {_MOST_CHARACTERS} characters")
    finally:
        _DEADLINE.reset(before)
    return "".join(pieces)


@lru_cache(maxsize=16)
def _environment(folder: Path | None, language: str) -> Environment:
    builtin = FileSystemLoader(resource("templates"))
    # The prefix lets an owner's email.html extend ours: under the plain name it would extend itself without end.
    loader: BaseLoader = ChoiceLoader([builtin, PrefixLoader({"builtin": builtin})])
    if folder is not None:
        loader = ChoiceLoader([FileSystemLoader(folder), loader])
    # Shipped templates need no sandbox, which costs a third of the rendering time.
    kind = Environment if folder is None else BoundedSandbox
    environment = kind(
        loader=loader,
        bytecode_cache=_COMPILED[kind],
        # A misspelt field is an error that names it, instead of a gap in everybody's mail.
        undefined=StrictUndefined,
        # Jinja's own select_autoescape trusts the last suffix only; here everything but plain text is escaped.
        autoescape=lambda name: name is None or not name.endswith(_UNESCAPED),
        extensions=["jinja2.ext.i18n"],
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        # Owners edit templates while `serve` or the preview runs: nobody should have to restart it. The shipped ones stay, and a
        # digest asks for them thousands of times: a look at the disk each time is a sixth of rendering.
        auto_reload=folder is not None,
    )
    # New style: Jinja then escapes the values inside a phrase, where the old style trusts the phrase once it is filled.
    environment.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]
    environment.globals.update(
        blocks.GLOBALS, say=PhraseMacros(environment), headlines=headlines, next_headlines=next_headlines
    )
    environment.filters.update(wrap=wrap, spaced=spaced, capitalised=capitalised, plain=plain, link=link)
    environment.filters["other_language"] = other_language
    environment.tests["right_to_left"] = is_right_to_left
    return environment


def _finalize(value: Any) -> Any:
    """Slack's blocks are dicts while a template handles them and JSON where it prints them."""
    return _TO_JSON(value) if isinstance(value, dict) else value
