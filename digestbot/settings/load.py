"""From a file and the environment to Settings, or to everything that is wrong with them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from ..errors import ConfigError, ConfigErrors
from ..text.setting_values import nth
from ..text.suggestions import closest_match
from ..topics import Topic, parse_topic
from .envfile import EnvFile, read_env_file
from .keys import unknown_key
from .options import CHANNELS, PREFIX, DigestSettings, Settings, families
from .recipients import LIST, split_lists
from .secret_files import files_of, secrets_in, values_of, with_secret_files
from .weekly import weekly_digests

DEFAULT_FILES = ("config.env", ".env")
WEEKEND = frozenset({5, 6})
_XDG_DEFAULTS = {"XDG_CONFIG_HOME": ".config", "XDG_DATA_HOME": ".local/share"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """Settings without contradictions, and where they came from."""

    settings: Settings
    topics: tuple[Topic, ...]
    path: Path | None  # the file that was read
    base: Path  # relative paths start here
    lines: Mapping[str, int] = field(default_factory=dict)  # the line of each key in the file, from 1
    overridden: tuple[str, ...] = ()  # keys of the file that the environment sets to something else
    secrets: tuple[str, ...] = field(default=(), repr=False)  # their values, to keep them out of logs

    # The digests by name, weekly editions of lists among them; one named `daily` where none is set, so that feeds alone
    # give a preview.
    digests: Mapping[str, DigestSettings] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        own = self.settings.digests or {"daily": DigestSettings()}
        object.__setattr__(self, "digests", {**own, **weekly_digests(self.settings)})


ConfigFingerprint = tuple[tuple[str, int, int, int], ...]


def config_fingerprint(loaded: Loaded) -> ConfigFingerprint:
    """What changes when the configuration does: the file, and those it names (OPML, secrets), as they lie on the disk.

    An editor may write in place, or put a new file in the place of the old, perhaps with its time and size: time, size and
    inode together show both.
    """
    named = [path for path in (loaded.settings.opml, *files_of(loaded.settings)) if path]
    paths = [loaded.base / path for path in named] + ([loaded.path] if loaded.path else [])
    found: list[tuple[str, int, int, int]] = []
    for path in paths:
        try:
            on_disk = path.stat()
            found.append((str(path), on_disk.st_mtime_ns, on_disk.st_size, on_disk.st_ino))
        except OSError:
            # A missing file is a state like others: its return has to show as a change.
            found.append((str(path), 0, 0, 0))
    return tuple(found)


def xdg_folder(variable: str, environ: Mapping[str, str]) -> Path | None:
    """digestbot's own folder in XDG_CONFIG_HOME or XDG_DATA_HOME; None where there is no home either."""
    given = environ.get(variable, "")
    if given.startswith("/"):  # a relative one is to be ignored (XDG Base Directory 0.8)
        return Path(given) / "digestbot"
    home = environ.get("HOME", "") or os.path.expanduser("~")  # noqa: PTH111 -- Path.home() raises where there is none
    return Path(home) / _XDG_DEFAULTS[variable] / "digestbot" if home.startswith("/") else None


def find_config(folder: Path, environ: Mapping[str, str] | None = None) -> Path | None:
    """The configuration file of a folder: config.env, then .env when it speaks of digestbot; else that of the user."""
    for name in DEFAULT_FILES:
        path = folder / name
        if path.is_file() and (
            name != ".env" or PREFIX in path.read_bytes().replace(b"\0", b"").decode(errors="replace").upper()
        ):
            return path
    own = xdg_folder("XDG_CONFIG_HOME", environ) if environ is not None else None
    return own / DEFAULT_FILES[0] if own and (own / DEFAULT_FILES[0]).is_file() else None


def load(path: Path | None, environ: Mapping[str, str], *, folder: Path) -> Loaded:
    """Read the file, then the environment over it.

    Args:
        path: the file; None when there is none.
        environ: variables that win over the file.
        folder: where relative paths start when there is no file.

    Raises:
        ConfigErrors: with everything that is wrong, in the order of the file.
    """
    file = read_env_file(path) if path else None
    return loaded_from(file, environ, folder=folder)


def loaded_from(file: EnvFile | None, environ: Mapping[str, str], *, folder: Path) -> Loaded:
    """What a file says, whether it lies on the disk or not yet, with the environment over it.

    Args:
        file: None when there is none.
        environ: variables that win over the file.
        folder: where relative paths start when there is no file.

    Raises:
        ConfigErrors: as `load`.
    """
    path = file.path if file else None
    file = file or EnvFile(path=folder, values={}, lines={})
    given = {key.upper(): value for key, value in environ.items() if key.upper().startswith(PREFIX)}
    variables = {key: value for key, value in (file.values | given).items() if key.startswith(PREFIX)}
    base = path.resolve().parent if path else folder
    errors = [*file.problems, *_unknown(variables), *_without_prefix(file)]
    credentials = environ.get("CREDENTIALS_DIRECTORY", "")  # of systemd: LoadCredential= in the unit
    settings, more = _read(variables, {error.key for error in errors}, base, Path(credentials) if credentials else None)
    topics, wrong_topics = _topics(settings)
    errors += more + wrong_topics + _contradictions(settings, {error.key for error in errors + more})
    errors += _cut_secrets(settings, file.remarked - given.keys())
    if errors:
        # A plug-in that could not be loaded may be why a key or a recipient is not known.
        raise ConfigErrors([*_in_file_order(errors, file), *CHANNELS.problems])
    return Loaded(
        settings=settings,
        topics=topics,
        path=path,
        base=base,
        lines=file.lines,
        overridden=tuple(key for key in file.values if given.get(key, file.values[key]) != file.values[key]),
        secrets=values_of(settings),
    )


def problem_with(key: str, value: str) -> ConfigError | None:
    """What is wrong with one setting, looked at by itself."""
    return next(iter(problems_with({key: value})), None)


def problems_with(given: Mapping[str, str]) -> list[ConfigError]:
    """What is wrong with each of some settings, looked at by themselves."""
    errors = _unknown(given)
    settings, more = _read(given, {error.key for error in errors}, Path())
    return [*errors, *more, *_topics(settings)[1]]


def _read(
    variables: Mapping[str, str], unknown: set[str], base: Path, credentials: Path | None = None
) -> tuple[Settings, list[ConfigError]]:
    """The settings without what is wrong with them, so that everything that is wrong can be said at once."""
    errors: list[ConfigError] = []
    # pydantic makes no settings at all while one value is wrong. So what is wrong is left out and the rest tried again,
    # until what remains is right.
    while True:
        wrong = unknown | {error.key for error in errors}
        known = {key: value for key, value in variables.items() if key not in wrong}
        try:
            settings = Settings.from_variables(known)
        except ValidationError as error:
            # Without the input: it may be a secret, and what is found here is printed.
            found = [_as_config_error(detail) for detail in error.errors(include_input=False, include_url=False)]
            # One error a key, the first: of a type with alternatives pydantic reports every one that did not fit.
            errors += {one.key: one for one in reversed(found)}.values()
            # An error about nothing that was given would be found again in every turn.
            if known.keys().isdisjoint(one.key for one in found):
                return Settings(), errors
        else:
            return with_secret_files(settings, base, errors, credentials), errors


def _unknown(variables: Mapping[str, str]) -> list[ConfigError]:
    return [error for key in variables if (error := unknown_key(key)) is not None]


def _without_prefix(file: EnvFile) -> list[ConfigError]:
    """Settings of ours in all but the prefix. Of names in one part, such as DATABASE_URL, other programs have theirs."""
    return [
        ConfigError(
            key, f"is not read: the names of settings begin with {PREFIX}", f"write {PREFIX}{key}=...", line=line
        )
        for key, line in file.lines.items()
        if "__" in key and not key.startswith(PREFIX) and unknown_key(PREFIX + key) is None
    ]


def _cut_secrets(settings: Settings, remarked: frozenset[str]) -> list[ConfigError]:
    """A password may hold a # after a blank: whether a remark begins there, only its owner knows."""
    fix = "put the secret in quotes; a remark may follow them"
    return [
        ConfigError(secret.key, "is a secret with a # after a blank, outside quotes", fix)
        for secret in secrets_in(settings)
        if secret.key in remarked
    ]


# By pydantic's names of errors, which speaks of inputs.
_BOUNDS: Final = {
    "greater_than_equal": ("is too small", "write {} or more"),
    "greater_than": ("is too small", "write more than {}"),
    "less_than_equal": ("is too large", "write {} or less"),
    "less_than": ("is too large", "write less than {}"),
}


def _as_config_error(detail: Any) -> ConfigError:
    loc = tuple(str(part).upper() for part in detail["loc"])
    key = PREFIX + "__".join(loc)
    family = families(Settings).get(loc[0].lower())
    if family is not None and family.bare and loc[2:3] in ((bare := family.bare.upper(),), (f"{bare}_FILE",)):
        key = PREFIX + "__".join(loc[:2]) + loc[2].removeprefix(bare)  # as it is written: without the bare field
    if setting := detail.get("ctx", {}).get("setting"):
        key = f"{key}__{setting}"
    reason, fix = detail["msg"], detail.get("ctx", {}).get("fix", "")
    if detail["type"] == "literal_error":
        choices = str(detail["ctx"]["expected"]).replace("'", "")
        reason, fix = "is not one of its values", f"write {choices}"
    elif detail["type"] in _BOUNDS:
        bound, (reason, fix) = next(iter(detail["ctx"].values())), _BOUNDS[detail["type"]]
        fix = fix.format(bound)
    elif detail["type"] in ("string_type", "model_type", "dict_type"):
        reason, fix = "has one level too many or too few", "see config.example.env for how names are joined with __"
    return ConfigError(key, reason, fix)


def _topics(settings: Settings) -> tuple[tuple[Topic, ...], list[ConfigError]]:
    topics: dict[str, Topic] = {}
    errors: list[ConfigError] = []
    for name, given in settings.topics.items():
        key = f"{PREFIX}TOPICS__{name.upper()}"
        if not given.terms:
            errors.append(ConfigError(key, "has a TITLE, WEIGHT or LIMIT, but no terms", f"write {key}=words"))
            continue
        try:
            topic = parse_topic(name, given.terms, key=key, title=given.title, weight=given.weight, limit=given.limit)
        except ConfigError as error:
            errors.append(error)
            continue
        # Sections and limits go by title, so two topics of one title would share both.
        if topic.title in topics:
            other = topics[topic.title].name
            reason = f"has the same title as the topic {other!r}"
            errors.append(ConfigError(key, reason, f"write another in {key}__TITLE"))
        topics[topic.title] = topic
    return tuple(topics.values()), errors


def _contradictions(settings: Settings, wrong: set[str]) -> list[ConfigError]:
    errors: list[ConfigError] = []
    for name, digest in settings.digests.items():
        key = f"{PREFIX}DIGESTS__{name.upper()}"
        for number, topic in enumerate(digest.topics, start=1):
            if settings.opml_folders == "topics" and settings.opml:
                continue  # which folders there are is known when the list is read
            if topic not in settings.topics and f"{PREFIX}TOPICS__{topic.upper()}" not in wrong:
                guess = closest_match(topic, settings.topics)
                fix = f"did you mean {guess}?" if guess else f"add {PREFIX}TOPICS__NAME=..."
                reason = f"{nth(number, len(digest.topics))}is not the name of a topic"
                errors.append(ConfigError(f"{key}__TOPICS", reason, fix))
        if digest.weekend != "send" and digest.days <= WEEKEND:
            reason = f"WEEKEND={digest.weekend} would never send: DAYS has only Saturday and Sunday"
            errors.append(ConfigError(f"{key}__WEEKEND", reason, f"write send, or other days in {key}__DAYS"))
    errors += [*_of_sources(settings, wrong), *_of_lists(settings)]
    errors += [
        ConfigError(f"{PREFIX}PAGES__{name.upper()}", "a feed has the same name", "give one of them another")
        for name in settings.pages
        if name in settings.feeds
    ]
    errors += [
        ConfigError(
            f"{PREFIX}PAGE_LINKS__{name.upper()}",
            "there is no page of this name",
            f"add {PREFIX}PAGES__{name.upper()}=https://...",
        )
        for name in settings.page_links
        if name not in settings.pages
    ]
    return [*errors, *_unknown_summariser(settings.summariser)]


def _unknown_summariser(name: str) -> list[ConfigError]:
    if name.lower() == Settings.model_fields["summariser"].default:
        return []  # nearly always: to import them takes a quarter of the time in which `status` answers
    from ..summarise import SUMMARISERS  # noqa: PLC0415 -- as above

    errors: list[ConfigError] = []
    if name.lower() not in SUMMARISERS:
        guess = closest_match(name, SUMMARISERS)
        fix = f"did you mean {guess}?" if guess else f"one of {', '.join(SUMMARISERS)}"
        errors.append(ConfigError(f"{PREFIX}SUMMARISER", "is not a summariser", fix))
    return errors


def _of_sources(settings: Settings, wrong: set[str]) -> list[ConfigError]:
    """Feeds and pages without an address, or of a topic that is not there."""
    errors: list[ConfigError] = []
    for family, sources in (("FEEDS", settings.feeds), ("PAGES", settings.pages)):
        for name, source in sources.items():
            key = f"{PREFIX}{family}__{name.upper()}"
            if not source.url and key not in wrong:
                reason = "has settings of its own, but no address"
                errors.append(ConfigError(key, reason, f"write {key}=https://..., or take its other lines out"))
            topic = source.topic
            if topic and topic not in settings.topics and f"{PREFIX}TOPICS__{topic.upper()}" not in wrong:
                guess = closest_match(topic, settings.topics)
                fix = f"did you mean {guess}?" if guess else f"add {PREFIX}TOPICS__NAME=..."
                errors.append(ConfigError(f"{key}__TOPIC", "is not the name of a topic", fix))
    return errors


def _of_lists(settings: Settings) -> list[ConfigError]:
    """Recipients that name a list which is not there; alerts to one."""
    errors: list[ConfigError] = []
    for name, digest in settings.digests.items():
        for number, recipient in enumerate(digest.to, start=1):
            if recipient.channel == LIST and recipient.address not in settings.lists:
                guess = closest_match(recipient.address, settings.lists)
                fix = f"did you mean list:{guess}?" if guess else f"add {PREFIX}LISTS__NAME__TITLE=..."
                reason = f"{nth(number, len(digest.to))}is not the name of a list"
                errors.append(ConfigError(f"{PREFIX}DIGESTS__{name.upper()}__TO", reason, fix))
    if split_lists(settings.alerts.to)[1]:
        reason = "names a list of readers, and alerts are for whoever runs digestbot"
        errors.append(ConfigError(f"{PREFIX}ALERTS__TO", reason, "write an address of yours"))
    return errors


def _in_file_order(errors: list[ConfigError], file: EnvFile) -> list[ConfigError]:
    def line(error: ConfigError) -> int | None:
        group = (at for key, at in file.lines.items() if key.startswith(f"{error.key}__"))
        return error.line or file.lines.get(error.key) or next(group, None)

    placed = [ConfigError(error.key, error.reason, error.fix, line=line(error)) for error in errors]
    return sorted(placed, key=lambda error: error.line or 0)
