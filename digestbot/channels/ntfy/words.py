"""The fixed words of a notification, by language: those of templates/words where a digest has the same ones.

Channels do not import the templates' side, so the words stand here once more; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ...model import LEAD, PINNED, TOP_STORIES
from ...text.locales import SOURCE_LANGUAGE, translation_names

WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "also": "Also",
        "update": "Update, day {day}",
        "since morning": "Update since this morning",
        "since": "Update since {time}",
        "one more": "+1 more story is not shown.",
        "more": "+{count} more stories are not shown.",
        "unread": "Could not be read: {names}",
        "list": ", ",
        "colon": ": ",
        LEAD: "Story of the day",
        TOP_STORIES: "Top stories",
        PINNED: "Pinned",
    },
    "de": {
        "also": "Außerdem",
        "update": "Neues, Tag {day}",
        "since morning": "Neues seit heute Morgen",
        "since": "Neues seit {time}",
        "one more": "+1 weitere Geschichte wird nicht gezeigt.",
        "more": "+{count} weitere Geschichten werden nicht gezeigt.",
        "unread": "Nicht lesbar: {names}",
        "list": ", ",
        "colon": ": ",
        LEAD: "Thema des Tages",
        TOP_STORIES: "Das Wichtigste",
        PINNED: "Angeheftet",
    },
    "zh": {
        "also": "另外",
        "update": "追踪，第 {day} 天",
        "since morning": "今早以来的追踪",
        "since": "{time} 以来的追踪",
        "one more": "另有 1 则新闻未显示。",
        "more": "另有 {count} 则新闻未显示。",
        "unread": "无法读取：{names}",
        "list": "、",
        "colon": "：",
        LEAD: "头条新闻",
        TOP_STORIES: "要闻",
        PINNED: "置顶",
    },
    "zh_Hant": {
        "also": "另外",
        "update": "後續發展，第 {day} 天",
        "since morning": "今早以來的後續發展",
        "since": "{time} 以來的後續發展",
        "one more": "另有 1 則新聞未顯示。",
        "more": "另有 {count} 則新聞未顯示。",
        "unread": "無法讀取：{names}",
        "list": "、",
        "colon": "：",
        LEAD: "頭條新聞",
        TOP_STORIES: "要聞",
        PINNED: "置頂",
    },
    "ja": {
        "also": "このほか",
        "update": "続報・{day}日目",
        "since morning": "今朝からの続報",
        "since": "{time}からの続報",
        "one more": "ほかにニュースが1本あります。",
        "more": "ほかにニュースが{count}本あります。",
        "unread": "読み込めなかった配信元：{names}",
        "list": "、",
        "colon": "：",
        LEAD: "トップニュース",
        TOP_STORIES: "主なニュース",
        PINNED: "ピン留め",
    },
    "fr": {
        "also": "Et aussi",
        "update": "Suite, jour {day}",
        "since morning": "Suite depuis ce matin",
        "since": "Suite depuis {time}",
        "one more": "+1 autre sujet n’est pas affiché.",
        "more": "+{count} autres sujets ne sont pas affichés.",
        "unread": "Lecture impossible\u00a0: {names}",
        "list": ", ",
        "colon": "\u00a0: ",
        LEAD: "Le fait du jour",
        TOP_STORIES: "À la une",
        PINNED: "Épinglé",
    },
    "es": {
        "also": "Además",
        "update": "Novedades, día {day}",
        "since morning": "Novedades desde esta mañana",
        "since": "Novedades desde las {time}",
        "one more": "No se muestra 1 noticia más.",
        "more": "No se muestran {count} noticias más.",
        "unread": "No se pudo leer: {names}",
        "list": ", ",
        "colon": ": ",
        LEAD: "La noticia del día",
        TOP_STORIES: "Lo más destacado",
        PINNED: "Fijado",
    },
}


OWN_TITLES: Final = (LEAD, TOP_STORIES, PINNED)  # of sections; every other title is a reader's own


def words_of(language: str) -> Mapping[str, str]:
    """The words of a language tag; a language without a row gets the English ones."""
    return next((WORDS[name] for name in translation_names(language) if name in WORDS), WORDS[SOURCE_LANGUAGE])
