"""Every catalogue of translations: complete, with the plural forms of its language, and the same places in every phrase."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

import pytest
from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from fixed_words import CATALOGUES, fixed_words

from digestbot.channels.ntfy.words import WORDS
from digestbot.model import LEAD, PINNED, TOP_STORIES
from digestbot.render.i18n import translations
from digestbot.resources import resource


@lru_cache(maxsize=16)
def catalogue(name: str) -> Catalog:
    with (resource("templates") / "words" / f"{name}.po").open("rb") as source:
        return read_po(source)


def messages(name: str) -> list[Message]:
    return [message for message in catalogue(name) if message.id]


def forms(message: Message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (message.string or "",)


def test_the_languages_that_are_shipped():
    """Those that the reference promises."""
    assert CATALOGUES == ["de", "es", "fr", "ja", "zh", "zh_Hant"]


@pytest.mark.parametrize("name", CATALOGUES)
def test_every_fixed_word_is_translated_and_no_other(name):
    """A new phrase without a translation, or a translation of a phrase that is gone, fails here."""
    translated = {message.id for message in messages(name) if all(forms(message))}
    assert translated == fixed_words()
    assert [message.id for message in messages(name) if message.fuzzy] == []
    assert [fault for message in messages(name) for fault in message.check(catalogue(name))] == []


@pytest.mark.parametrize("name", CATALOGUES)
def test_a_catalogue_says_its_own_language(name):
    """The head names the language that the file is found by."""
    assert str(catalogue(name).locale) == name


@pytest.mark.parametrize("name", CATALOGUES)
def test_every_phrase_has_the_plural_forms_that_the_head_names(name):
    """As many forms as `nplurals`, for each phrase that counts, and one for each that does not."""
    for message in messages(name):
        assert len(forms(message)) == (catalogue(name).num_plurals if message.pluralizable else 1), message.id


@pytest.mark.parametrize("name", CATALOGUES)
def test_plural_forms_follow_the_rules_of_the_language(name):
    """Two numbers share a form exactly where CLDR puts them into one category: in French 0 and 1 are singular."""
    head = dict(catalogue(name).mime_headers)["Plural-Forms"]
    assert head == f"nplurals={catalogue(name).num_plurals}; plural={catalogue(name).plural_expr};"
    rule, chosen = Locale.parse(name).plural_form, _chosen(name)
    # CLDR's "many" of French and Spanish is for "1 million de francs": with digits, a million is as any other number.
    category_of = {number: rule(number) for number in (*range(201), 1_000_000)}
    category_of = {number: "other" if category == "many" else category for number, category in category_of.items()}
    pairs = {(category, chosen(number)) for number, category in category_of.items()}
    assert len(pairs) == len({category for category, _ in pairs}) == len({form for _, form in pairs})
    assert {form for _, form in pairs} == set(range(catalogue(name).num_plurals))


def _chosen(name: str) -> Callable[[int], int]:
    """Which form the compiled catalogue takes for a number, as gettext reads its head."""
    plural = translations(name).plural  # type: ignore[attr-defined]  # GNUTranslations has it
    return lambda number: int(plural(number))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("de", ("0 Meldungen", "1 Meldung", "2 Meldungen")),
        ("es", ("0 artículos", "1 artículo", "2 artículos")),
        ("fr", ("0 article", "1 article", "2 articles")),
        ("ja", ("記事0本", "記事1本", "記事2本")),
        ("zh", ("0 篇报道", "1 篇报道", "2 篇报道")),
        ("zh_Hant", ("0 篇文章", "1 篇文章", "2 篇文章")),
    ],
)
def test_none_one_and_two(name, said):
    """As a speaker of the language counts."""
    counted = (translations(name).ngettext("%(num)s item", "%(num)s items", num) % {"num": num} for num in range(3))
    assert tuple(counted) == said


@pytest.mark.parametrize("name", CATALOGUES)
def test_every_translation_has_the_same_places(name):
    """What a phrase fills in is filled in by each form of its translation, once, and nothing else is."""
    for message in messages(name):
        english = message.id if isinstance(message.id, tuple) else (message.id,)
        wanted = sorted(re.findall(r"%\(\w+\)s", english[0]))
        for form in (*english, *forms(message)):
            assert sorted(re.findall(r"%\(\w+\)s", form)) == wanted, form
            assert "%" not in re.sub(r"%\(\w+\)s", "", form), form


@pytest.mark.parametrize("name", CATALOGUES)
def test_signs_are_those_of_the_script(name):
    """Full-width signs in Chinese and Japanese; in French a no-break space before what is written in two parts."""
    wrong = {"fr": r"(?<!\u00a0)[:;!?»]|«(?!\u00a0)|'"}.get(name, r"\s[:;!?]|'")
    if name in ("ja", "zh", "zh_Hant"):
        wrong = r"[,;:!?().]|[：；，。、？！]\s|\s[：；，。、？！]"
    phrases = [re.sub(r"%\(\w+\)s", "1", form) for message in messages(name) for form in forms(message)]
    found = [phrase for phrase in phrases if re.search(wrong, phrase)]
    assert found == []


def test_traditional_chinese_is_not_simplified():
    """No phrase has a character that only Simplified Chinese writes, and the two are no copies of each other."""
    simplified = set("".join("".join(forms(message)) for message in messages("zh")))
    traditional = set("".join("".join(forms(message)) for message in messages("zh_Hant")))
    # Big5 has what Taiwan and Hong Kong write, and none of the simplified forms.
    assert not [sign for sign in traditional if "\u4e00" <= sign <= "\u9fff" and not _in(sign, "big5")]
    assert not [sign for sign in simplified if "\u4e00" <= sign <= "\u9fff" and not _in(sign, "gb2312")]


def _in(sign: str, encoding: str) -> bool:
    try:
        sign.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


@pytest.mark.parametrize("name", CATALOGUES)
def test_notifications_say_the_same_words(name):
    """ntfy's own table has a row for every catalogue, with every word, and the words that both have are equal."""
    row, say = WORDS[name], translations(name).gettext
    assert row.keys() == WORDS["en"].keys()
    for key in (LEAD, TOP_STORIES, PINNED):
        assert row[key] == say(key)
    assert (row["also"], row["list"], row["colon"]) == (say("Also"), say(", "), say(": "))
    assert row["update"].format(day=3) == say("Update, day %(day)s") % {"day": 3}
    assert row["unread"].format(names="A") == say("Could not be read: %(sources)s.")[:-1] % {"sources": "A"}
