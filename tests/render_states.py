"""Digests in every state a reader may meet, in words of our own."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from digestbot.model import (
    Counts,
    Digest,
    Entry,
    Fact,
    Failure,
    Item,
    Score,
    ScorePart,
    Section,
    Sentence,
    Source,
    Story,
    Summary,
    TranslatableText,
)

UNTIL = datetime(2026, 5, 27, 5, 30, tzinfo=UTC)
OUTLETS = (
    "Harbour Gazette",
    "The Ledger",
    "Northern Wire",
    "Circuit Weekly",
    "Bay Post",
    "Morning Courier",
    "Fab Report",
)


OTHER_HEADLINES = (
    "Engineers look at every pier",
    "Commuters queue for boats at dawn",
    "Mayor wants a second crossing",
    "Lorries are sent through the tunnel",
    "Insurers count what it will cost",
    "Nobody had been warned, says union",
    "Schools open late on both banks",
    "Trains carry twice as many people",
    "Chess club moves its final",
    "Hospital puts nurses into hotels",
    "Swimmers try the cold way over",
)


def entry(
    title: str,
    *sentences: str,
    outlets: int = 3,
    copies: int = 0,
    day: int = 1,
    score: float = 1.0,
    matches: str = "chip*, wafer*",
    topic: str = "Semiconductors",
    names: tuple[str, ...] = OUTLETS,
    moves: tuple[tuple[str, str], ...] = (),
    related: tuple[Entry, ...] = (),
) -> Entry:
    """A story told by `outlets` outlets, the last `copies` of them copies; sentences quote the outlets in turn.

    `moves` are tickers and what they did, stated by the first sentence.
    """
    slug = "-".join(title.lower().split()[:6])
    items = tuple(
        Item(
            id=f"{slug}-{at}",
            title=title
            if at in (0, *range(outlets - copies, outlets))
            else OTHER_HEADLINES[(at - 1) % len(OTHER_HEADLINES)],
            source=names[at],
            url=f"https://{names[at].lower().replace(' ', '')}.example/2026/05/{slug}",
            published=UNTIL - timedelta(hours=at + 1),
            text="The whole text, which no form shows.",
        )
        for at in range(outlets)
    )
    quotes = tuple(
        Sentence(text=text, item=items[at % outlets].id, source=items[at % outlets].source, url=items[at % outlets].url)
        for at, text in enumerate(sentences)
    )
    return Entry(
        story=Story(id=f"story-{slug}", items=items),
        title=title,
        url=items[0].url,
        topic=topic,
        score=Score(parts=(ScorePart(name="outlets", value=score),)),
        why=(
            TranslatableText(msgid="%(num)s reports in %(hours)s hours", values={"num": outlets, "hours": 2}),
            TranslatableText(msgid="matches %(terms)s", values={"terms": matches}),
        ),
        day=day,
        sources=tuple(Source(name=item.source, independent=at < outlets - copies) for at, item in enumerate(items)),
        summary=Summary(sentences=quotes, method="centroid"),
        facts=tuple(
            Fact(
                symbol=symbol,
                move=move,
                sentence=quotes[0].text,
                item=quotes[0].item,
                source=quotes[0].source,
                url=quotes[0].url,
            )
            for symbol, move in moves
        ),
        related=related,
    )


def digest(*sections: Section, also: tuple[Entry, ...] = (), **fields: object) -> Digest:
    """An edition of 27 May 2026 for a reader in Berlin."""
    stories = sum(len(section.entries) + len(section.briefs) for section in sections) + len(also)
    values: dict[str, object] = {
        "name": "morning",
        "edition": date(2026, 5, 27),
        "since": UNTIL - timedelta(days=1),
        "until": UNTIL,
        "title": "Morning chips",
        "timezone": "Europe/Berlin",
        "counts": Counts(feeds=31, items=212, stories=stories),
        "sections": sections,
        "also": also,
    }
    return Digest(**(values | fields))  # type: ignore[arg-type]


CHIPS = (
    entry(
        "Meridian Foundry doubles its 3-nanometre plans after a record order",
        "Meridian Foundry said on Tuesday that it will build a second 3-nanometre line in Harbour City.",
        "The order, worth about $4.1 billion, is the largest the company has ever announced.",
        "Analysts expect first wafers in the spring of 2028.",
        outlets=7,
        copies=4,
        score=4.2,
        day=3,
        moves=(("HBX:4410", "+3.1%"), ("NQX:HLDN", "-0.8%")),
    ),
    entry(
        "Export rules for chip tools eased for allied countries",
        "The trade ministry removed licences for eleven classes of lithography tools on Tuesday.",
        "Toolmakers had lobbied for the change since the autumn.",
        outlets=4,
        score=3.1,
    ),
    entry(
        "Memory prices rise for a fifth month",
        "Contract prices for server memory rose 8 per cent in May, the fifth rise in a row.",
        outlets=3,
        copies=1,
        score=2.4,
    ),
)
MARKETS = (
    entry(
        "Gold slips as traders await the central bank",
        "Spot gold fell 0.6 per cent to $2,310 an ounce by midday.",
        "Traders see a two-in-three chance of a cut in July.",
        outlets=3,
        score=2.2,
        topic="Markets",
    ),
    entry(
        "Factory survey beats forecasts in four of six countries",
        "The purchasing managers’ index rose to 51.3, its highest since 2022.",
        outlets=2,
        score=1.8,
        topic="Markets",
    ),
)
ALSO = (
    entry("City library extends its opening hours", outlets=1, score=0.3, topic=""),
    entry("Ferry line to the islands returns in June", outlets=2, score=0.2, topic=""),
)


def normal() -> Digest:
    return digest(
        Section(topic="Semiconductors", entries=CHIPS), Section(topic="Markets", entries=MARKETS), also=ALSO, omitted=3
    )


def one_story() -> Digest:
    return digest(Section(topic="Semiconductors", entries=CHIPS[:1]))


def many(count: int, *, also: int = 0) -> Digest:
    """`count` stories in two topics, best first, each with two sentences and three outlets."""

    def made(at: int, topic: str) -> Entry:
        return entry(
            f"Plant number {at + 1} reports a steady week and a new line of sensors",
            f"Plant number {at + 1} shipped {100 + at} thousand sensors in the week to Sunday, two more than before.",
            "Its manager said that the new line will reach full speed before the summer holidays begin.",
            outlets=3,
            score=9 - at / 10,
            topic=topic,
        )

    chips = tuple(made(at, "Semiconductors") for at in range(0, count, 2))
    markets = tuple(made(at, "Markets") for at in range(1, count, 2))
    tail = tuple(entry(f"Small news item number {at + 1} of the day", outlets=1, topic="") for at in range(also))
    return digest(Section(topic="Semiconductors", entries=chips), Section(topic="Markets", entries=markets), also=tail)


def busy(count: int, *, also: int = 0, topics: int = 3) -> Digest:
    """`count` stories as a real morning brings them: three sentences, two to seven outlets, copies, moves and updates."""

    def made(at: int, topic: str) -> Entry:
        return entry(
            f"Meridian Foundry plant {at + 1} to add a second line after a record order from abroad",
            f"Meridian Foundry said on Tuesday that plant {at + 1} will get a second line for sensors, the company’s largest "
            "investment in the region since the bridge to the mainland was opened.",
            f"The order, worth about ${at + 2}.4 billion, runs to the end of 2029 and is the largest it has announced.",
            "Shares rose in early trading before they gave back most of the gain.",
            outlets=2 + at * 3 % 6,
            copies=at % 3 == 0,
            day=1 if at % 5 else 2,
            score=9 - at / 10,
            topic=topic,
            matches='"Meridian Foundry", sensor*, plant',
            moves=(("HBX:4410", "+3.1%"), ("NQX:HLDN", "-0.8%"))[: at % 3],
        )

    names = [f"Topic {number + 1}" for number in range(topics)]
    sections = tuple(
        Section(topic=name, entries=tuple(made(at, name) for at in range(number, count, topics)))
        for number, name in enumerate(names)
    )
    tail = tuple(entry(f"Small news item number {at + 1} of the day", outlets=1, topic="") for at in range(also))
    return digest(*sections, also=tail)


def reasons() -> Digest:
    """A usual day for readers who want to know why a story has its place."""
    return replace(normal(), shows_why=True)


def placed() -> Digest:
    """A day with every place taken: a lead, sections with lines, what no topic foresaw, related stories, "Also"."""
    lead = entry(
        "Harbour bridge closes for a year after cracks are found",
        "The city closed the Harbour bridge to all traffic on Tuesday evening.",
        "Inspectors had found cracks in three of its twelve piers.",
        "About 90,000 people cross it every day.",
        outlets=7,
        score=6.5,
        topic="",
        related=(
            entry("Ferries run all night while the bridge is closed", outlets=2, topic=""),
            entry("Shops on the north bank ask the city for help", outlets=1, topic=""),
        ),
    )
    followed = entry(
        "Gold slips as traders await the central bank",
        "Spot gold fell 0.6 per cent to $2,310 an ounce by midday.",
        outlets=3,
        score=2.2,
        topic="Markets",
        related=(entry("Silver follows gold to a low of three weeks", outlets=1, topic="Markets"),),
    )
    more_chips = tuple(
        entry(f"Fab number {at} names a new head of its clean rooms", outlets=1 + at % 3, score=1 - at / 10)
        for at in range(1, 5)
    )
    more_markets = (entry("Copper holds near its high of the year", outlets=1, score=0.4, topic="Markets", day=2),)
    alone = entry(
        "Sensor maker moves to the old mill",
        "The maker of sensors Lumen & Hale will move into the old mill in June.",
        outlets=1,
        score=1.1,
    )
    elsewhere = (
        entry("Storm takes the roof off the stadium in Norhaven", outlets=6, score=0.9, topic=""),
        entry("Night trains to the south begin in July", outlets=4, copies=1, score=0.8, topic=""),
    )
    return digest(
        Section(topic="Semiconductors", entries=(*CHIPS, alone), briefs=more_chips),
        Section(topic="Markets", entries=(followed, MARKETS[1]), briefs=more_markets),
        Section(topic="Ferries", entries=(), briefs=(entry("Pier four opens again", outlets=1, topic="Ferries"),)),
        also=ALSO,
        lead=lead,
        elsewhere=elsewhere,
        further=(
            entry("City opens its archive of maps to everybody", outlets=5, topic=""),
            entry("Lighthouse keeper retires after forty years", outlets=4, topic="", related=(alone,)),
        ),
        omitted=5,
    )


def crowded() -> Digest:
    """More of everything than any form has room for in full: a lead, fifty stories, sixty lines, each with related ones."""

    def line(place: str, at: int, topic: str) -> Entry:
        title = f"{place} number {at} of a day on which a great many things happened in a great many places"
        return entry(title, outlets=1 + at % 6, topic=topic)

    def with_related(one: Entry) -> Entry:
        return replace(one, related=tuple(line(f"More about {one.title[:30]}", at, "") for at in range(5)))

    whole = busy(50, topics=5)
    return replace(
        whole,
        lead=with_related(entry("The lead of a crowded day", *["It happened on Tuesday."] * 4, outlets=7, topic="")),
        sections=tuple(
            replace(
                section,
                entries=tuple(map(with_related, section.entries)),
                briefs=tuple(line(f"Brief of {section.topic}", at, section.topic) for at in range(8)),
            )
            for section in whole.sections
        ),
        elsewhere=tuple(line("Elsewhere", at, "") for at in range(6)),
        also=tuple(line("Small thing", at, "") for at in range(14)),
        further=tuple(replace(line("Large thing", at, ""), related=whole.entries[:1]) for at in range(20)),
    )


def quiet() -> Digest:
    return digest()


def late() -> Digest:
    return replace(normal(), notices=("Sent late: 11:02 instead of 07:30.",))


def feeds_failed() -> Digest:
    return replace(
        normal(),
        counts=Counts(feeds=31, feeds_failed=2, items=180, stories=7),
        failures=(
            Failure(source="Bay Post", reason="no answer within 30 seconds"),
            Failure(source="Old Mill News", reason="gone: the feed was taken down"),
        ),
        recovered=("Northern Wire",),
    )


def long_titles() -> Digest:
    title = "The committee that was to decide about the committee " * 12
    unbroken = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk" * 4
    return digest(
        Section(topic="Semiconductors", entries=(entry(title, "It met on Monday."), entry(unbroken, unbroken + "."))),
        also=(entry(title[:300], outlets=1),),
    )


def cjk() -> Digest:
    names = ("港湾日報", "電路周刊", "北方通訊社")
    return digest(
        Section(
            topic="半导体",
            entries=(
                entry(
                    "海港城晶圆厂宣布将三纳米产能翻倍，订单创下历史新高",
                    "该公司周二表示，将在海港城兴建第二条三纳米生产线。",
                    "这笔订单价值约四十一亿美元，是公司迄今公布的最大一笔。",
                    names=names,
                    topic="半导体",
                    matches="芯片, 晶圆",
                ),
                entry("メモリー価格、五カ月連続で上昇", "サーバー向け契約価格は五月に八％上昇した。", names=names),
            ),
        ),
        title="晨间芯片",
    )


def right_to_left() -> Digest:
    names = ("جريدة الميناء", "הדואר היומי", "Northern Wire")
    return digest(
        Section(
            topic="شرائح",
            entries=(
                entry(
                    "مصنع الميناء يضاعف إنتاج رقائق 3 نانومتر بعد طلب قياسي",
                    "قالت الشركة يوم الثلاثاء إنها ستبني خطا ثانيا.",
                    names=names,
                    topic="شرائح",
                ),
                entry("מחירי הזיכרון עולים חודש חמישי ברציפות", "המחירים עלו ב-8 אחוזים במאי.", names=names),
            ),
        ),
        title="رقائق الصباح",
    )


def emoji() -> Digest:
    return digest(
        Section(
            topic="🔬 Chips & co",
            entries=(
                entry(
                    "🚀 Rocket-chip maker 👩‍👩‍👧‍👦 goes public 🇪🇺",
                    "Shares rose 12 % 📈 on the first day, said the 👩🏽‍💻 founder.",
                ),
            ),
        ),
        title="Morning chips ☕️",
    )


def no_summary() -> Digest:
    bare = tuple(replace(one, summary=Summary()) for one in CHIPS)
    return digest(Section(topic="Semiconductors", entries=bare))


def pictured() -> Digest:
    """The usual day with a picture at every item."""

    def with_picture(one: Entry) -> Entry:
        items = tuple(
            replace(item, image=f"https://pictures.example/{item.id}.jpg?w=1&h=2") for item in one.story.items
        )
        return replace(one, story=replace(one.story, items=items))

    whole = normal()
    sections = tuple(
        replace(section, entries=tuple(with_picture(one) for one in section.entries)) for section in whole.sections
    )
    return replace(whole, sections=sections)


STATES = {
    "normal": normal,
    "one_story": one_story,
    "fifteen_stories": lambda: many(15, also=4),
    "quiet": quiet,
    "late": late,
    "feeds_failed": feeds_failed,
    "long_titles": long_titles,
    "cjk": cjk,
    "right_to_left": right_to_left,
    "emoji": emoji,
    "no_summary": no_summary,
    "reasons": reasons,
    "placed": placed,
}
