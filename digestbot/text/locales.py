"""Which conventions and which translation a language tag asks for."""

from __future__ import annotations

from typing import Final

from babel import Locale, UnknownLocaleError

SOURCE_LANGUAGE: Final = "en"


# `render` is public and takes any tag. English is better than no digest: only the settings refuse a wrong tag.
def locale_of(language: str) -> Locale:
    """The conventions of a language (BCP 47 tag); those of English where the tag is unknown."""
    try:
        return Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale.parse(SOURCE_LANGUAGE)


def translation_names(language: str) -> tuple[str, ...]:
    """The names that a translation for this tag may have, the closest first: `zh_Hant_TW`, `zh_Hant`, `zh`.

    A region brings its script with it: Taiwan, Hong Kong and Macau read Traditional Chinese.
    """
    locale = locale_of(language)
    script = f"{locale.language}_{locale.script}" if locale.script else ""
    return tuple(dict.fromkeys(filter(None, (str(locale), script, locale.language))))
