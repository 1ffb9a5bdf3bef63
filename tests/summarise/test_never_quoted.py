"""What belongs to the page, the programme or the shop around a report, and what only sounds like it."""

from __future__ import annotations

import pytest

from digestbot.summarise.boilerplate import is_quotable, trim_head
from digestbot.summarise.never_quoted import why_never_quoted

NEVER = {
    "wall": [
        "We value your privacy.",
        "We and our 842 partners store and access information on a device.",
        "Wir und unsere Partner verwenden Cookies.",
        "Sie können Ihre Einwilligung jederzeit widerrufen.",
        "This content is for members only.",
        "Log in or subscribe to read the rest of it.",
    ],
    "question": [
        "Will the harbour bridge hold?",
        "Was wird nun aus der Brücke?",
        "大橋何時重開？",
        "大桥何时重开？",
        "Many now wonder whether the bridge will hold.",
        "外界關注大橋會否再度封閉。",
    ],
    "call to act": [
        "The harbour helpline can be reached on 555 0100.",
        "Access today's harbour note before the boats leave.",
        "Sign up for the harbour letter and read it first.",
        "Follow us along the river all day.",
        "Read more about the bridge.",
        "For more on the bridge, turn to page four.",
        "Lesen Sie auch unser Porträt der Ingenieurin.",
        "Jetzt kostenlos testen und sechs Wochen lesen.",
        "立即訂閱，緊貼海港消息。",
        "请点击链接查看全部照片。",
    ],
    "announcement": [
        "A round-up of reactions from harbours in the region.",
        "Day 12: the harbour at noon.",
        "The top three headlines from the harbour.",
        "Here is the latest from the harbour.",
        "Here's what to know about the bridge.",
        "Das müssen Sie über die Brücke wissen.",
        "以下為大橋封閉安排。",
        "北岸發生致命意外。",
    ],
    "note": [
        "Warning: this story describes the storm.",
        "(Updates with closing of the bridge.)",
        "[Photo: the bridge on Monday.]",
        "The bridge is closed (adds quote from the mayor).",
        "（資料圖片）",
    ],
    "timestamp": [
        "00:00 Intro 01:30 The bridge.",
        "Timestamps: 00:00 Intro.",
        "Updated: 27 May at noon.",
        "更新時間：2026年5月27日。",
    ],
    "discount": [
        "Use code HARBOUR for 10% off.",
        "The lamp is 30% off this week.",
        "Mit dem Rabattcode HAFEN wird die Lampe billiger.",
        "輸入優惠碼即減一成。",
    ],
    "byline": [
        "Jane Doe and Ada Roth contributed to this report.",
        "With reporting by Jane Doe in Mallow.",
        "Jane Doe, Harbour News, Mallow.",
        "Harbour News' Jane Doe has more from Mallow.",
        "Our harbour correspondent reports from Mallow.",
        "By Jane Doe.",
        "By Jane Doe and Ada Roth",
        "Von Eva Roth",
        "記者：陳大文",
        "撰文：李小明",
        "记者／王小华",
    ],
    "programme": [
        "In our news wrap Friday, the bridge was closed and a boat sank.",
        "Friday on the Harbour Hour, the bridge is closed.",
        "Our panel discusses the bridge.",
        "We speak to families who lost their boats.",
        "Plus: a heron on the quay.",
        "Engineer Jane Doe joins us to discuss the bridge.",
        "Jane Doe of Mallow University talks with Ada Roth about the bridge.",
        "In this episode, two engineers look back.",
        "In dieser Folge geht es um die Brücke.",
        "今集請來工程師談大橋。",
        "In my previous article, I took the bridge apart.",
        "The focus of the third part of this little blog series is the bridge.",
        "Part 2 - Hangs the cables of the bridge.",
        "Im zweiten Teil dieser Serie geht es um die Seile der Brücke.",
        "上一篇文章談過大橋的歷史。",
    ],
    "outlet": [
        "The port provides a daily pre-tide update from the quay.",
        "Jane Doe is a senior fellow at the Harbour Institute.",
        "The port did not immediately respond to a request for comment.",
        "Harbour News has approached the port for comment.",
        "Welcome back to the harbour desk.",
        "Harbour Notes is a weekly newsletter about boats.",
        "Thanks for reading, and see you on Monday.",
        "Every weekday, the Harbour Club releases a note for its members.",
        "Willkommen zum Hafenbrief.",
        "歡迎收看海港新聞。",
    ],
    "teaser": [
        "But there is a catch.",
        "All eyes are now on the bridge.",
        "The stakes could not be higher.",
        "The question now is who pays for the bridge.",
        "The bridge is small and cheap, but it better not look like the old one.",
        "With the bridge open again, here's what commuters should do.",
        "The answer may surprise you.",
        "The harbour app is no longer just selling tickets.",
        "The vote made one thing very clear: nobody can look away.",
        "We explain it in five charts.",
        "Wir erklären, wie die Brücke hält.",
        "小編為大家整理大橋資訊。",
    ],
    "history": [
        "This blog is now closed.",
        "This story has been updated with a quote.",
        "This is a developing story.",
        "More details to follow.",
        "Dieser Artikel erschien zuerst im Hafenblatt.",
        "大橋重開時間，稍後更新。",
    ],
    "credit": [
        "Mayor Ada Roth speaks to reporters in Mallow on Aug. 7, 2026.",
        "A guard points to a crack (not seen) in the bridge.",
        "(Agency/Jane Doe) The bridge was closed on Friday.",
        "Mayor Ada Roth speaks at the bridge on the first day of the works, Friday, Aug. 7, 2026, in Mallow.",
        "AP Photo/Ada Roth.",
        "Foto: Ada Roth.",
        "圖片來源：海港通訊。",
        "大橋今早情況。（海港社圖片）",
    ],
    "label": [
        "The bridge will not hold, writes Jane Doe.",
        "Opinion: the bridge was never safe.",
        "The Harbour Note - Market Morning Update Friday, Aug 7 2026 Freight rates are higher.",
        "Kommentar: Die Brücke war nie sicher.",
        "海港社評：大橋從來不安全。",
        "大橋今早封閉 市民改乘渡輪。",
    ],
}
NEWS = [
    "The port reports a loss of 40 million.",
    "Harbour Bank reports a loss on Friday.",
    "The mayor wrote that the bridge will hold.",
    "Jane Doe is the first woman to run the port.",
    "The port did not respond to the storm in time, judges found.",
    "The treaty was signed in Mallow on Aug. 7, 2020.",
    "The council wants answers on the question of who pays.",
    "A look at the books was refused, the auditor said.",
    "The rail line from Mallow/Norhaven is closed.",
    "The council announced the closing of the bridge on Friday, Aug. 7, 2026.",
    "The final part of the Harbour series opens in cinemas on Friday.",
    "Im zweiten Teil der Serie stürzt die Brücke ein.",
    "前回の大会では橋の上を走った。",
    "Part of the bridge fell into the river in the first storm of a series.",
    "In my view the bridge is safe, the engineer told the court.",
    "The harbour had better years behind it than the river.",
    "Cranes of the new yard work better than those of the old one.",
    "外界關注大橋安全，政府周一公布報告。",
    "For more than a decade the harbour bridge was not inspected.",
    "Watch makers in Mallow took on 40 people.",
    "The bridge is not just old, it is rusty, two reports say.",
    "The council made clear that the bridge stays closed.",
    "In its weekly report on Friday the port counted 400 ships.",
    "Emails released by the council show that it knew.",
    "The bill, sponsored by two members, passed on Monday.",
    "Shares fell 20% off their high of March.",
    "Follow-up checks found two more cracks.",
    "Read aloud in court, the letter names three firms.",
    "The bill was read on Tuesday.",
    "“Will it hold?” the mayor asked the engineer.",
    "By Monday the bridge was open again.",
    "By 2030 the line will carry 40,000 people a day.",
    "Here in Mallow nobody was hurt.",
    "US talks with Iran about its harbour go on.",
    "Jane Doe joined the council in 2019.",
    "The council (which owns the bridge) refused.",
    "At 10:30 a.m. the bridge was closed.",
    "10:30 a.m. was the time of the closing.",
    "The company updated its forecast for the year.",
    "The report was produced for the council.",
    "Every week 4,000 lorries cross the bridge.",
    "What happens next depends on the court.",
    "Nutzer des Hafens müssen künftig mehr zahlen.",
    "Von der Brücke fiel ein Stein.",
    "Das war die dritte Sperrung in diesem Jahr.",
    "記者從警方獲悉，大橋已重開。",
    "關注組要求政府公布報告。",
    "他接受訪問時表示，大橋安全。",
    "12歲男童在2026年5月27日獲救。",
]  # fmt: skip


NEVER_ELSEWHERE = {
    "wall": [
        "Nous et nos partenaires utilisons des cookies.",
        "Puede retirar su consentimiento en todo momento.",
        "Noi e i nostri partner usiamo i cookie.",
        "Wij en onze partners gebruiken cookies.",
    ],
    "call to act": [
        "Lire aussi : le pont de la discorde.",
        "Abonnez-vous pour lire la suite.",
        "La suite est réservée aux abonnés.",
        "Suscríbete a nuestro canal.",
        "Te puede interesar: el puente cerrado.",
        "Leggi anche: il ponte chiuso.",
        "Leia também: a ponte fechada.",
        "Lees ook: de brug is dicht.",
        "続きを読む。",
        "この記事は有料記事です。",
    ],
    "announcement": ["Voici ce qu'il faut savoir du pont.", "Te contamos todo del puente.", "Ecco cosa cambia sul ponte."],
    "timestamp": ["Publié le 27 mai à 10h.", "Actualizado el 27 de mayo.", "2026年5月27日 10時30分更新"],
    "byline": ["Par Anne Quai", "Avec AFP", "Con información de EFE.", "山田太郎記者"],
    "programme": ["Dans cet épisode, deux ingénieurs racontent.", "En este episodio hablamos del puente.", "Dans mon précédent article, je parlais du pont.", "前回の記事では橋の歴史を紹介した。", "この記事では橋の歴史を紹介する。"],
    "outlet": ["Nos journalistes suivent le pont.", "Nuestra redacción sigue el puente.", "当サイトは橋の情報を集めている。"],
    "history": ["Der Beitrag Brücke offen erschien zuerst auf Hafenblatt.", "La entrada Puente abierto se publicó primero en El Muelle.", "Artykuł Most otwarty pochodzi z serwisu Nabrzeże.",
                "Сообщение Мост открыт появились сначала на Причал.", "投稿 橋が開く は 埠頭 に最初に表示されました。", "Köprü açık yazısı ilk önce Rıhtım üzerinde ortaya çıktı.",
                "Cet article a été mis à jour.", "Esta noticia está en desarrollo.", "Notizia in aggiornamento."],
    "credit": ["Crédit photo : Anne Quai.", "Photo d'illustration.", "写真＝山田太郎。"],
}  # fmt: skip
NEWS_ELSEWHERE = [
    "Der Beitrag der Stadt erschien zuerst zu hoch.",
    "Das Buch erschien zuerst auf Deutsch.",
    "El puente apareció primero en un plano de 1640.",
    "该病毒最先出现在港口。",
    "Nos partenaires ont signé le contrat du pont mardi.",
    "Le maire suit les travaux du pont depuis mars.",
    "Par ailleurs, le pont reste fermé aux camions.",
    "Avec 400 navires, le port bat son record.",
    "La noticia llegó el martes al ayuntamiento.",
    "Por la mañana el puente quedó cerrado.",
    "Sigue cerrado el puente del puerto.",
    "Il ponte resta chiuso fino a lunedì.",
    "Con la pioggia il ponte è stato chiuso.",
    "A ponte segue fechada até segunda-feira.",
    "De brug blijft dicht tot maandag.",
    "橋は27日午前10時30分に再開した。",
    "同社は橋の写真を公開した。",
    "記者会見で市長は橋の安全を強調した。",
]


@pytest.mark.parametrize(
    ("kind", "sentence"), [(kind, each) for kind, those in NEVER_ELSEWHERE.items() for each in those]
)
def test_the_same_is_known_in_other_languages(kind: str, sentence: str):
    """French, Spanish, Italian, Portuguese, Dutch and Japanese pages put the same things around their reports."""
    assert why_never_quoted(sentence) == kind


@pytest.mark.parametrize("sentence", NEWS_ELSEWHERE)
def test_news_in_other_languages_is_quoted(sentence: str):
    """A word of a call or a note that opens a plain sentence is no sign."""
    assert why_never_quoted(sentence) == ""
    assert is_quotable(sentence)


@pytest.mark.parametrize(("kind", "sentence"), [(kind, each) for kind, those in NEVER.items() for each in those])
def test_what_is_no_news_is_never_quoted(kind: str, sentence: str):
    """Each kind is known by its words, in English, German and Chinese."""
    assert why_never_quoted(sentence) == kind
    assert not is_quotable(sentence)


@pytest.mark.parametrize("sentence", NEWS)
def test_news_with_the_same_words_is_quoted(sentence: str):
    """A word that also stands in calls, notes or credits does not make a sentence one."""
    assert why_never_quoted(sentence) == ""
    assert is_quotable(sentence)


@pytest.mark.parametrize(
    "head",
    [
        "UPDATE 1-",
        "UPDATE 2-PORT MALLOW, May 27 (Reuters) - ",
        "UPDATE - MILAN, May 27 (Reuters) - ",
        "UPDATE: ",
        "EXCLUSIVE-MILAN (Reuters) - ",
        "Scroll down for video ",
        "Why it matters: ",
        "The latest: ",
    ],
)
def test_a_label_before_a_dateline_is_trimmed_with_it(head: str):
    """Agencies set no space behind the hyphen of a label, and a dateline may follow it."""
    body = "The harbour bridge reopened on Tuesday."
    assert trim_head(head + body) == body


@pytest.mark.parametrize("head", ["【海港新聞】", "（海港社記者陳大文馬洛27日電）", "新華社馬洛5月27日電 "])
def test_a_chinese_dateline_is_trimmed(head: str):
    """The outlet in brackets, and the agency with its place and day."""
    body = "海港大橋今早發現裂縫後全線封閉，市民須改乘渡輪前往對岸上班上學。"
    assert trim_head(head + body) == body


@pytest.mark.parametrize(
    "sentence",
    [
        "Update-to-date figures were not given by the council.",
        "5月27日電視台報道海港大橋今早發現裂縫後全線封閉，市民須改乘渡輪。",
    ],
)
def test_what_only_resembles_a_label_stays(sentence: str):
    """A hyphen before a small letter, or a television channel behind a date, opens no report."""
    assert trim_head(sentence) == sentence


@pytest.mark.parametrize(
    ("sentence", "quoted"), [("Trans.", False), ("Ada Roth.", False), ("The bridge holds.", True), ("大橋重開。", True)]
)
def test_a_name_with_a_full_stop_is_no_sentence(sentence: str, quoted: bool):
    """Two words say nothing; a script without spaces is another matter."""
    assert is_quotable(sentence) is quoted


def test_a_hostile_sentence_costs_little():
    """However long it is, only its beginning is read."""
    assert why_never_quoted("Aa, " * 50_000) == ""
