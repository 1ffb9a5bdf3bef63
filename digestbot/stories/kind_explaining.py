"""Rows of the table of kinds (kind_table.py) for what explains, collects, shows or advises around the news, by its title alone.

Many outlets print such things under the addresses of their reports. English, German and Chinese; other languages stand in
kind_languages.py.
"""

from __future__ import annotations

from typing import Final

from ..model import Kind
from .kind_rule import DIVIDER, title_row

_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_SMALL = r"(?:\d{1,2}|two|three|four|five|six|seven|eight|nine|ten)"

EXPLAINING: Final = (
    title_row(
        Kind.LIVE,
        r"^(?!\W*(?:where|how|why|who|what|when|people|we|they)\b)[^:]{3,50}(?<!\bto)\slive\s*:|^[^:]{3,50}\slatest(?:\snews)?\s*:|[|–—]\s*latest(?:\supdates)?$"
        r"|\bfollow\s(?:it\s)?live\b|\bas\sthey\scome\sin\b|\bminute\sby\sminute\b|\bnews-?blog\b|\bim\s(?:live-?ticker|livestream|live-?blog)\b",
        "a headline whose page is written on",
        "Ferry strike live: union chief to speak at noon",
        "Harbour storm latest: ferries cancelled as winds rise",
        "Storm Vera: follow live",
        "Election night: results as they come in",
        "Der Hafenstreik im Liveblog",
        not_in=(
            "Latest: ferries cancelled",
            "Where sailors live: a map",
            "Tide names its latest crane",
            "A place to live: the quay is rebuilt",
        ),
    ),
    title_row(
        Kind.PODCAST,
        r"[:|–—-]\s*(?:the\s|a\s)?podcast$|\baudio\slong\sread\b|,\sep(?:isode)?\.?\s?\d+$|[|–—-]\s*audio$",
        "a headline that ends as something to hear",
        "The crane that fell: podcast",
        "What the harbour knows – audio long read",
        "The Harbour Hour, ep 12",
        not_in=("Port authority drops its podcast",),
    ),
    # What is looked at has no kind of its own, and asks the same of its reader as a video.
    title_row(
        Kind.VIDEO,
        rf"[|–—-]\s*(?:video(?:\s(?:report|explainer|obituary))?|in\s(?:pictures|photos|video)|photo\s(?:essay|gallery)|gallery)$|^video\.\s|^\W*(?:watch|see)\s(?:the\s)?moment\b|^\W*photo\scollection(?:{DIVIDER})|\bextraordinary\sphotos?\b|^\W*see\s.*\b(?:images|photos|pictures|footage|maps)\b|\bcartoons?\sof\sthe\s(?:day|week)\b"
        rf"|^\W*(?:match\s|video\s|goal\s)?highlights(?:{DIVIDER})|^\W*(?:in\s(?:pictures|photos)|photos?|pictures|gallery|photo\s(?:essay|gallery|story)|slideshow)(?:{DIVIDER})"
        rf"|\b(?:week|day|month|year)[’']?s?\sin\s(?:pictures|photos)\b|\b(?:best|top)\s(?:photos|pictures)\s(?:of|from)\b|\b(?:photo|picture)s?\sof\sthe\s(?:day|week|month)\b"
        rf"|\bdie\s(?:besten\s|schönsten\s)?bilder\s*(?:$|des\stages|der\swoche)|\bim\svideo$|^\W*(?:bilderstrecke|fotostrecke|die\sbilder|in\sbildern|fotos|bilder)(?:{DIVIDER})|^\W*(?:圖輯|图集|组图|組圖|多圖|圖片故事|图片故事)(?:{DIVIDER})",
        "a headline marked as something to look at",
        "Storm on the coast – in pictures",
        "Photos: Storm batters the coast",
        "Crane falls into harbour – video report",
        "Watch the moment a crane falls",
        "Highlights: Tide 2-1 Coral",
        "The coast's week in pictures",
        "See the satellite images of the flooded quay",
        "PHOTO COLLECTION: Ferry accident",
        "One Extraordinary Photo: A sailor's embrace",
        "Fotostrecke: Sturm an der Küste",
        "組圖：颱風登陸",
        not_in=(
            "Photos lead police to stolen boat",
            "Highlights of the budget raise port fees",
            "Picture of mayor splits town",
            "Pictures sold at record price",
        ),
    ),
    title_row(
        Kind.REVIEW,
        rf"\b(?:book|film|movie|theat(?:er|re)|album|music|tv|concert|game|restaurant|opera|exhibition|stage)\sreview\b\s*(?:{DIVIDER}|$)|[’'”\"]\sreview\s*(?:{DIVIDER})"
        rf"|^\W*(?:buchkritik|filmkritik|theaterkritik|konzertkritik|buchrezension)(?:{DIVIDER})",
        "a headline that names what is judged",
        "Theatre review: The Crane at the Old Port",
        "'The Crane' review: A tall story",
        "Filmkritik: Der Kran",
        not_in=("Port calls for book review of its accounts", "Music reviewer detained at port"),
    ),
    title_row(
        Kind.OPINION,
        rf"^\W*(?:the\s)[\w’' ]{{2,30}}\sview\s(?:on\b|of\b[^:]*:)|^\W*(?:our\sview|letters\sto\sthe\seditor|readers\s(?:reply|write|respond)|guest\sessay|cartoon|first\sperson|editorial\sboard)(?:{DIVIDER}|,|$)"
        rf"|^\W*\[(?:editorial|opinion|op-?ed|column|commentary|viewpoint)\b[^\]]*\]|^\W*why\s(?:i|we)\b|^\W*my\s(?-i:[a-zé]) (?!.*\b(?:says?|said|tells?|told|court)\b) | ^\W*(?:we|you)\s(?:need\sto\stalk|have\sto\stalk|should\sall)\b"
        rf"|^\W*(?:it[’']s|it\sis)\s(?:high\s)?time\s(?:to|for|we|that)\b (?!.*\b(?:says?|said|tells?)\b)"
        rf"|^\W*don[’']t\s(?:blame|let|ignore|count|fall\sfor|forget|mistake|underestimate|believe|be\sfooled)\b (?!.*\b(?:says?|said|tells?|warns?)\b)"
        rf"|^\W*(?:warum|wieso|weshalb)\s(?:ich|wir)\b|[|–—-]\s*ein\s(?:kommentar|essay|zwischenruf)$|[|–—-]\s(?:kommentar|kolumne)\s*:|^\W*(?:kolumne|kommentar|gastbeitrag)\svon\b|^\W*leserbriefe?(?:{DIVIDER}|$)|^\W*(?:karikatur|zwischenruf|essay)(?:{DIVIDER})",
        "a headline in which its author or outlet speaks",
        "The Tide view on ferries: a bill that comes due",
        "[Editorial] Ferries must prepare for the storm",
        "Why I left the harbour board",
        "My father built cranes. I never forgave him",
        "We need to talk about cranes",
        "Don't blame the crane",
        "Readers reply: why do cranes fall?",
        "Warum ich den Hafen verlasse",
        not_in=(
            "The mayor views on camera the fallen crane",
            "My life is in danger, says mayor",
            "It's time to go, says mayor",
            "Cartoonist arrested over mayor drawing",
            "Don't forget lifejackets, coastguard warns",
        ),
    ),
    title_row(
        Kind.NEWSLETTER,
        rf"^(?!.*\b(?:press|house|security|intelligence|police|media)\sbriefing\b)[^:]{{2,40}}\bbriefing\s*:|^\W*{_WEEKDAY}(?:\s(?:morning|evening))?\sbriefing\b"
        rf"|^\W*(?:newspaper|front\spage)\sheadlines\b\s*(?:{DIVIDER}|$)|^\W*the\spapers(?:{DIVIDER})|^\W*what\sthe\spapers\ssay\b|^\W*(?:today|tomorrow)[’']s\s(?:front\spages|papers|newspapers)\b"
        rf"|^\W*(?:[\w’'&-]+\s){{0,3}}news\s(?:in\sbrief|brief|bulletin|round-?up|summary|wrap|digest)(?:$|{DIVIDER}|,|\sat\s\d)|^\W*[\w’']+\s(?-i:AM|PM)\s*:|\bweekly\snote$|\blist\sof\skey\sevents\b"
        rf"|^\W*(?:the\s)?(?:top|{_SMALL})\s(?:news\s|top\s)?(?:stories|headlines|things)\s(?:(?:you\sneed\s)?to\sknow\s)?(?:for|this|of|today|before|on)\b"
        rf"|^\W*(?:first\sthing|(?:morning|afternoon|evening|weekend|midweek)\s(?:mail|bulletin))(?:{DIVIDER})|\b(?:sport|business|world)\sin\sbrief$|^[^:]{{2,30}}\s(?:content|market|daily|weekly)\supdate\s*:"
        rf"|^\W*corrections?(?:\sand\sclarifications?)?$|^\W*(?:the\s)?week[’']s\s(?:best|top)\s(?:reads|stories)\b|^\W*(?:weekend|sunday|long|lunchtime)\sreads?(?:{DIVIDER}|$)"
        rf"|^\W*(?:the\s)?(?:morning|evening|daily|weekly|weekend|midday|afternoon|closing|opening)\s(?:edition|report|note|headlines|news|squawk|call|bell|scoop|wrap|recap|review|catch-?up|links|reads)(?:{DIVIDER}|$)"
        rf"|^\W*(?:nachrichten|news)\s(?:des\stages|am\s(?:morgen|mittag|abend)|im\süberblick|kompakt)\b|\b(?:der\stag|die\swoche|die\snacht)\s(?:im\süberblick|kompakt|in\skürze)\b|^\W*guten\s(?:morgen|abend)\b[^:]{{0,30}}[:!]|^\W*(?:presseschau|pressestimmen|kurz\snotiert|kurzmeldungen|was\sheute\swichtig\s(?:ist|wird|war))\b"
        rf"|^\W*(?:要聞|要闻|新聞|新闻)(?:速遞|速递|摘要|重點|重点|回顧|回顾)(?:{DIVIDER}|$)",
        "a title under which an outlet collects the news",
        "Friday Briefing: storm nears the coast",
        "Coast war briefing: mayor signs order",
        "Newspaper headlines: 'Storm chaos' and 'Ferry fury'",
        "Coast news in brief: storm nears",
        "Coast war: list of key events, day 1,260",
        "Five top stories this Friday",
        "Evening Mail: storm nears, ferries stop, crane falls",
        "Sport in brief",
        "Coast News in Brief at 6:04 p.m.",
        "Harbour AM: cranes, ferries, fish",
        "Port Exchange Content Update: Crane maker raises millions",
        "Corrections and clarifications",
        "Morning Edition: storm nears",
        "Nachrichten am Morgen: Sturm an der Küste",
        "Presseschau: Kräne überall",
        "新聞重點｜颱風逼近",
        not_in=(
            "White House press briefing: mayor quits",
            "Daily news site shut by court",
            "Evening news anchor quits",
            "Briefing room evacuated at port",
            "Correction at port exchange wipes out gains",
            "Evening mail boat sinks",
            "Closing bell of old school stolen",
        ),
    ),
    title_row(
        Kind.GUIDE,
        rf"\bquiz\s*(?:{DIVIDER}|$|\?)|^\W*(?:[\w’'-]+\s){{0,2}}quiz\s(?:of|for)\s|\bquiz:|\b(?:crossword|sudoku|puzzle|word\sgame)\b.*\b(?:answers?|hints?|clues?|solutions?)\b|^\W*(?:[\w’'-]+\s){{0,2}}(?:crossword|sudoku)\s*(?:{DIVIDER}|$|\d|no\b)"
        rf"|\bkick-?off\stime\b|\btv\schannel\b.*\b(?:time|stream|odds|news)\b|\bodds,\s(?:\w+\s){{0,2}}(?:picks?|lines?|spread|props?|time|how)\b|\bpredictions?,\s(?:\w+\s)?(?:odds|picks?|best\sbets|line)\b|\bbest\sbets\b|\bwaiver\swire\b|\bfantasy\s(?:\w+\s){{0,2}}(?:rankings|picks|sleepers|lineup|advice)\b"
        rf"|^\W*what\stime\s(?:is|does|do|are)\b|^\W*when\s(?:is|are|does)\b.*\?|\bthings\sto\sdo\s(?:in|on|this|around|near|with|at|for)\b|^\W*what\sto\s(?:see|watch|read|eat|stream|cook|wear|do)\b|\b(?:films?|movies|shows|books|series|albums)\sto\s(?:watch|stream|see|read|hear)\s(?:this|now|in|on|before)\b"
        rf"|\brecipes?\s(?:of\sthe\sweek|for)\b|^\W*(?:dear|ask)\s(?-i:[A-Z])\w+\s*:|^\W*(?:kreuzworträtsel|rätsel|quiz|horoskop|tv-tipps?|ausgehtipps?|rezept)\b(?:{DIVIDER}|\sde[sr]\s|$)|^\W*die\s(?:\d+|drei|fünf|sieben|zehn)\s(?:besten|schönsten|wichtigsten)\b|\bso\s(?:sehen|schauen|verfolgen|empfangen)\s(?:sie|fans|du)\b|\b(?:wo|wann)\släuft\b.*\b(?:tv|stream|live)\b|\bim\s(?:tv|free-tv)\s(?:und|oder)\s(?:im\s)?(?:live-?)?stream\b",
        "a headline that serves its reader: games, programmes, recipes, outings",
        "Weekly quiz: Which crane fell into the harbour?",
        "Rope puzzle answer today, August 7",
        "Tide vs Coral: Kick-off time, TV channel, team news",
        "Tide vs Coral prediction, odds, picks",
        "25 best things to do on the coast this weekend",
        "What to see on stage this week",
        "Ann Quay's recipe for fish soup",
        "Kreuzworträtsel des Tages",
        "Tide gegen Koralle im TV und Livestream",
        not_in=(
            "Quiz show host Ann Quay dies at 70",
            "Crossword compiler dies at 90",
            "Mayor promises recipe book sales to charity",
            "Odds of recession fall, bank says",
        ),
    ),
    title_row(
        Kind.ANALYSIS,
        rf"\bwhat\s(?:we|you)\s(?:know|learned|learnt)\b|\bwhat\sto\sknow\b|\bwhat\s(?:happens|comes)\snext\b|,?\sexplained$|^\W*timeline\b|:\s(?:a\s)?(?:visual\s)?(?:timeline|guide)$|\btakeaways?\s(?:from|of|as|on)\b|\bthings\sto\s(?:know|watch)\b|\bmaps\sand\s(?:charts|graphics)$|^\W*meet\sthe\b(?!.*\b(?:says?|said|deadline|target)\b)|^\W*fact-checking\s(?:the\s|claims|[\w.]+[’']s?\s)"
        rf"|^\W*(?:reporter[’']s\snotebook|dispatch(?:es)?(?:\sfrom\s[^:]+)?|from\sthe\sarchives?|obituary)(?:{DIVIDER})|\sobituary$|^\W*on\sthis\sday(?:{DIVIDER}|$|\sin\b)|\bthings\swe\slearned\b|\bplayer\sratings\b|\btalking\spoints\b"
        rf"|^\W*fact[- ]check(?:ing|ed)?\b\s*(?:{DIVIDER}|did|does|no|is)|[?:.|–—-]\s?fact[- ]check(?:ing|ed)?\b"
        rf"|^\W*(?:q\s?&\s?a|visual\sguide|profile|(?:the\s)?(?:long|big)\sread|in\sdepth|in\sfocus|interview|maps?|charts?|in\scharts|in\smaps|graphic|mapped|charted|investigation|feature|essay|background|the\sbig\squestion)(?:{DIVIDER})|\ba\s(?:visual\sguide|long\sread)\b|\bin\s(?:maps|charts|graphics|numbers)(?:\s(?:and|&)\s\w+)?$"
        rf"|^\W*(?:q\s?&\s?a|interview|porträt|portrait|grafik|chronologie|reportage|faq|die\sanalyse|das\sporträt)(?:{DIVIDER})|^\W*inside\s(?:the|a|an|his|her|their)\b|\bfragen\sund\santworten\b|\bwas\s(?:wir|man)\s(?:über\b.*\s)?(?:wissen|weiß)\b",
        "a headline that promises to explain",
        "What we know about the crane collapse",
        "The crane collapse, explained",
        "Timeline: the fall of the ferry deal",
        "Five takeaways from the ferry debate",
        "Three things to know about the new ferry",
        "Tracking the storm: maps and charts",
        "Meet the girl who steers a crane",
        "Fact-checking the mayor's speech",
        "Dispatch: On the road to Mallow",
        "Ann Quay obituary",
        "Did the mayor ban cranes? Fact-checking the claims",
        "The storm's path in maps",
        "Inside the ferry deal",
        "Sturm an der Küste: Fragen und Antworten",
        not_in=(
            "Platform ends fact-checking",
            "Fact-checking unit closed by port",
            "Meet the deadline or lose the port, minister says",
            "Port dispatches tug to storm-hit ship",
            "Profile of suspect deleted by police",
            "Interview with mayor ends in row",
            "Maps of minefield found in harbour",
            "Inside trader jailed",
        ),
    ),
    title_row(
        Kind.ANALYSIS,
        r"(?:^\W*|[:.!]\s|\s[–—-]\s)(?:how|why|what|(?-i:[Ww]ho)|where|when|which|is|are|was|were|can|could|will|would|should|do|does|did|has|have)\b [^?]{8,} \?\W*$"
        r"|^\W*(?:how|why)\s(?!.*\b(?:says?|said|tells?|told|court|divides|ruling|row)\b)|^\W*what[’']?s?\s(?!.*\b(?:says?|said|court)\b)(?!.*\bdivides\b)|^\W*(?-i:[Ww]ho)(?:\s(?:is|was|are|were)|[’']s)\b(?!\s(?:dead|killed))"
        r"|:\s(?:how|why|what|here[’']s\s(?:how|why|what|where|when))\s (?!.*\b(?:says?|said)\b) | (?:^\W*|[.?]\s|\s[–—-]\s)here[’']s\s(?:how|why|what|where|when|everything)\b"
        r"|^\W*(?:warum|wieso|weshalb|wozu)\s(?!.*\b(?:sagt|sagte)\b)|(?:^\W*|[:.!]\s|\s[–—-]\s)(?:wie|was|wer|wo|wann|welche[rs]?|ist|sind|kann|können|muss|wird|werden|soll|darf|hat)\s [^?]{8,} \?\W*$"
        r"|^\W*wie\s(?:der|die|das|ein|eine|es|sich|aus|viel|gefährlich|groß)\b(?!.*\bsagt)|^\W*was\s(?:wir|hinter|bei|nun|jetzt|bedeutet|passiert|der|die|das)\b(?!.*\bsagt)|^\W*wer\s(?:ist|war|steckt|sind)\b"
        r"|:\s(?:warum|wie|was|wer|wieso|weshalb)\s|(?:^|[｜︱|：:])\s?(?:為何|为何|為什麼|为什么|點解|点解|為甚麼|何謂|何谓|什麼是|什么是)[^？?。]*[？?]?$",
        "a headline that asks, or says that it tells how and why",
        "Is the port heading for recession?",
        "Crane collapse: why did it fall?",
        "Crane prices soar. Is the new port law to blame?",
        "Kranpreise steigen – ist das neue Gesetz schuld?",
        "How cranes fall",
        "Why cranes keep falling",
        "Who is Ann Quay, the new harbour master?",
        "Storm Vera: how the coast was hit",
        "Tide cuts fares – here's what to expect",
        "Warum Kräne fallen",
        "Wie gefährlich sind Kräne?",
        "為何起重機會倒塌？",
        not_in=(
            "Will Quay elected harbour master",
            "Who killed the pilot? Court jails two",
            "How the crane fell is unclear, court told",
            "‘What a storm,’ says mayor",
            "Has-been boxer wins harbour title",
            "WHO is told of new fever",
            "Wie erwartet: Hafen senkt Gebühren",
        ),
    ),
)  # fmt: skip
