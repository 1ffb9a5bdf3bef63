"""Forms of titles that do not state what happened, and what stands around a title: English, German, Chinese.

Each form has its pattern, examples and reason in one table. The forms are those that style guides for news names and
headlines name (Reuters Handbook, "Headlines"; BBC News style guide, "Headlines"; dpa, "Überschriften") and those that
feeds add to a title: labels, live pages, bulletins.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from .required_words import Candidates
from .tokenize import is_unspaced


class TitleForm(StrEnum):
    """What a title is instead of a plain statement; its value ends the sentence "its title ..."."""

    QUESTION = "asks a question"
    QUOTATION = "is a quotation"
    LABEL = "has the label of something else than a report"
    LIVE = "is that of a live page"
    BULLETIN = "is that of a bulletin or newsletter"
    HOW_TO = "explains or advises"
    TEASER = "holds back what happened"
    PREVIEW = "looks ahead"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    form: TitleForm
    pattern: re.Pattern[str]


def _rule(form: TitleForm, *patterns: str, case: bool = False) -> _Rule:
    return _Rule(form=form, pattern=re.compile("|".join(patterns), 0 if case else re.IGNORECASE))


_SMALL = r"(?:\d{1,3}|two|three|four|five|six|seven|eight|nine|ten|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn)"
_MARK = r"\s*(?:[:：|︱｜丨]|[–—]|-(?=\s|[A-ZÀ-Þ]))\s*"  # what stands between a label and the title
_RULES = (
    # "Will the bridge open?", "Hält die Brücke?", 大橋何時重開？ Nobody learns from a question what happened.
    _rule(TitleForm.QUESTION, r"[?？]"),
    # "Opinion: ...", "Analysis-...", "Kommentar: ...", 社評｜... The label says that it is no report.
    _rule(
        TitleForm.LABEL,
        r"\A(?:opinion|analysis|column|columnist|commentary|comment|editorial|letters?(?: to the editor)?|op-?ed|essay|"
        r"perspective|viewpoint|review|explainer|explained|factbox|fact ?check|watch|video|listen|podcast|photos|"
        r"in pictures|pictures|gallery|interview|quiz|obituary|sponsored|advertisement|promoted|poll|transcript|"
        r"correction|guide|q ?& ?a|meinung|kommentar|kolumne|analyse|gastbeitrag|leitartikel|glosse|faktencheck|"
        r"anzeige|rezension|porträt|reportage|bilder|fotos|bilderstrecke)" + _MARK,
        r"\A.{0,6}?(?:社評|社论|社論|評論|评论|觀點|观点|專欄|专栏|來論|投稿|短片|影片|視頻|视频|圖輯|图集|專訪|专访|專題|"
        r"专题|廣告|广告|贊助|赞助|事實查核|核查)" + _MARK,
        r"[|｜–—-]\s*(?:opinion|editorial|video|podcast|kommentar|meinung|全文)\s*\Z",
        r"\((?:opinion|video|podcast|kommentar|meinung)\)\s*\Z",
        # "Letters from the coast: ...", "Stock market today: ..." name a series, and the title after it changes all day.
        r"\A[\w& ]{3,30} (?:today|heute|this week|diese woche):",
        r"\A(?:exclusive )?interview (?:with|mit)\b",
    ),
    # "Bridge collapse: live updates", "Liveticker: ...", 颱風直播. The page goes on, its title does not.
    _rule(
        TitleForm.LIVE,
        r"\blive[ -]?(?:updates?|blog|coverage|results?|stream|ticker|text)\b|\Alive\b" + _MARK,
        r"\bas it happen(?:ed|s)\b|\bminute by minute\b|\blatest updates?\b|\bnewsblog\b|\bnewsticker\b|[:–—|-]\s*live\Z",
        r"直播|即時更新|实时更新|持續更新|持续更新|不斷更新|不断更新|每日更新|文字實錄",
    ),
    # "Morning briefing", "The week in review", "Der Tag im Überblick", 晨早新聞重點. Several events under one name.
    _rule(
        TitleForm.BULLETIN,
        r"\bnewsletter\b|\A(?:the |your )?(?:\w+ )?(?:morning|evening|daily|weekly|weekend|midday|afternoon|nightly|\w+day) "
        r"(?:brief(?:ing)?|bid|squawk|digest|report|recap|update|wrap|note|roundup|round-up|edition|headlines|review)\b",
        r"\A(?:the )?(?:news )?briefing\b|\bbriefing\Z|\bround-?up\b|\brecap\b|\bin review\b|\breview & preview\b|"
        r"\b(?:the|this) week in\b|\bweekly (?:review|recap|round-?up|digest|wrap)\b",
        r"\bwhat happened in\b|\b(?:top|main|today's|today’s|latest) (?:news )?(?:stories|headlines)\b|\bnews (?:digest|wrap|in brief)\b",
        r"\bat a glance\b|\b(?:der|die) (?:tag|woche) (?:im überblick|kompakt|in kürze)\b|\bnachrichten (?:am|vom|des)\b|\bmorgenlage\b|"
        r"\bdas wichtigste (?:am|vom|des|aus|in)\b|\bin kürze\b",
        r"新聞重點|新闻重点|新聞[\d一二三四五六七八九十]+分鐘|新聞摘要|新闻摘要|早報|早报|晚報|要聞|要闻|一周回顧|一周回顾|一週回顧|今日焦點|今日焦点",
        r"(?:[^|｜︱／；;]+(?:[|｜︱／；]|; )){2}",  # three headlines in one
    ),
    # "How to ...", "Why ...", "Wie man ...", 懶人包. Advice and background, whatever happened.
    _rule(
        TitleForm.HOW_TO,
        r"\A(?:[^:]{2,40}: )?(?:how|why|where|when|who's|who’s|who are|who is|what) (?!(?:is|was) (?:dead|killed))",
        r"[.!:] (?:how|why|what) |\bhow to\b|\bexplained\b|\bwhat (?:you|we|to|it|this|that) (?:need|know|should|means|expect|watch|means for|could)\b",
        r"\Aeverything (?:you|we)\b|\A(?:a|the|your) (?:complete |quick |beginner's )?guide\b|\btips for\b|\bways to\b",
        r"\A(?:[^:]{2,40}: )?(?:wie|warum|wieso|weshalb|worauf|wozu|wo|was) ",
        r"\Aso (?:funktioniert|geht|gelingt|können|kommen|sparen|schützen|finden|sehen|wird|erkennen)\b|\bratgeber\b",
        r"\A(?:[^：｜]{1,20}[：｜︱|])?\s?(?:如何|怎樣|怎样|點樣|為何|为何|為什麼|为什么|點解|教你)|懶人包|懒人包|攻略|教學|教学|"
        r"一文[看睇了讀读]|問與答|问与答|須知|须知",
    ),
    # "Here's why ...", "You won't believe ...", "5 things ...", "Das steckt dahinter". The news is behind the link.
    _rule(
        TitleForm.TEASER,
        r"\bhere(?:'s|’s| is| are)\b|\bthis is (?:what|why|how|the)\b|\bthat's why\b|\byou(?: won|'ll| will)(?:'t|’t| not| never)? believe\b",
        r"\bwhat (?:that|this|it|he|she|they|we|happens|happened|comes|came)\b.{0,30}(?:\Z|[.!])|\bthe reason (?:why|is)\b|\band it(?:'s|’s)\b|"
        r"\b(?:just|only) (?:did|happened|said|sent) (?:something|\w+ (?:signal|thing|time))|\bsomething (?:that|for|we|it|strange|big)\b",
        rf"(?:\A|\b(?:top|best|these|those|key|are|the|my|our|for)\s+(?:the\s+)?){_SMALL} (?:[\w’'-]+ ){{0,3}}?(?:things|ways|reasons|takeaways|tips|"
        r"tricks|lessons|facts|charts|stocks|questions|signs|mistakes|secrets|ideas|picks|moments|gründe|tipps|dinge|fragen|fakten)\b",
        r"\b(?:one|this|these) (?:\w+ )?(?:thing|trick|reason|stock|chart|number)s?\b|\b(?:surprising|shocking|simple|loud) (?:reason|signal|truth|twist|way)\b",
        r"\bdas steckt\b|\bdarum\b|\bdeshalb\b|\bdas (?:müssen|sollten|ist der grund|passiert|bedeutet)\b|\bwas (?:sie|man|jetzt|das|dahinter)\b|"
        r"\b(?:diese|dieser|dieses) (?:eine |\w+ )?(?:gründe|fehler|trick|tipps|satz)\b",
        r"\bvoici (?:pourquoi|comment|ce que|les)\b|\bvous ne (?:devinerez|croirez)\b|\b(?:esto|así|ésta) (?:es|fue|será) (?:lo que|como|cómo|la razón)\b|"
        r"\b(?:no creerás|descubre|la razón por la que)\b|\becco (?:perché|come|cosa|chi|quanto|quando|i|le|il|la)\b|\bnon crederete\b|\A(?:veja|confira|saiba|descubra)\b|"
        r"\b(?:veja|confira|saiba) (?:o|a|os|as|como|quem|quais)\b|衝撃の|驚きの|まさかの|その(?:理由|正体|中身|ワケ|訳)|した結果|ワケ|とんでもない",
        r"你(?:要|需)?知|必[看睇讀读]|[原真]來(?:是|係)?|原因曝光|真相|竟然?是|驚[呆人]|震驚|背後原因|曝光！|\d+大(?:原因|重點|方法|關鍵|理由|伏位|必)",
    ),
    # "Shares mixed ahead of vote", "Town braces for storm", "Warten auf das Urteil", 前瞻. What is awaited may be over.
    _rule(
        TitleForm.PREVIEW,
        r"\bahead of\b|\bawait(?:s|ing|ed)?\b|\bbrac(?:e|es|ing) for\b|\bgear(?:s|ing)? up for\b|\bloom(?:s|ing)\b|\bon deck\b|"
        r"\bpreview\b|\bwhat to (?:expect|watch)\b|\b(?:set|poised|scheduled|slated|likely|expected|about|ready|prepares?|preparing) to|due (?:on|in|next)\b|"
        r"\bto (?:report|announce|unveil|decide|vote)\b|\bholds? (?:its|his|her|their) breath\b|\b(?:in|takes) focus\b|"
        # Futures on shares are traded before the session that a report of the day tells of; those on oil or wheat are news.
        r"\b(?:stock|index|share|equity|wall street|s&p 500|dow|nasdaq|dax|ftse|u\.?s\.?) futures\b|\bvorbörs\w+|期指|(?:美股|股指)期[貨货]|"
        r"\beyes? (?:on|key|the)\b|\bcountdown\b|\bupcoming\b|\blikely (?:\w+ )(?:up|down|in|on)\b|\bpre-?(?:bell|market|open)\b|"
        r"\bwhat(?:'s|’s) (?:ahead|next)\b|\bbefore (?:key|the|big|crucial|\w+) (?:\w+ )?(?:report|data|decision|vote|meeting|speech|talks|verdict|summit|final)\b",
        r"\bim vorfeld\b|\bwart(?:et|en) auf\b|\berwart(?:et|en|ungen)\b|\bsteh(?:t|en) (?:kurz )?bevor\b|\bausblick\b|\bvorschau\b|\bin erwartung\b|"
        r"\bvor (?:der |dem |den |\w+em )?\w*(?:wahl|entscheid|entscheidung|sitzung|gipfel|daten|zahlen|bericht|treffen|abstimmung|urteil|finale|duell|rede)\b",
        r"\bà la veille d|\bs['’]apprêtent?\b|\b(?:dans|en) l['’]attente\b|\battendue?s? (?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|ce|cette|en)\b|"
        r"\ba la espera de\b|\ben vísperas\b|\bse prepara para\b|\bin attesa d|\balla vigilia\b|\bà espera d|\bna véspera\b|\bin afwachting\b|を控え|を前に|待ち$|見通し$|今夜(?:決戦|発表)",
        r"(?<![即大名])[將将](?![軍军來来領领近士才帥帅])|前瞻|展望|倒數|倒数|在即|靜待|静待|等待公布|即將|即将|候(?:公布|結果)|(?:公布|揭曉|開幕|開始|投票)前",
    ),
)
# In a sentence less is certain: only words that await what comes within hours.
_MOMENT = re.compile(
    r"\b(?:currently|at the moment|at present|right now|for now|as of (?:early|late|mid\w*) \w+|"
    r"(?:was|were|is|are) (?:still )?\w+ing (?:early|late) \w+day|"
    r"derzeit|momentan|zurzeit|zur Stunde|im Moment|actuellement|en ce moment|pour l[’']instant|"
    r"actualmente|en este momento|por (?:el momento|ahora))\b|"
    "現時|现时|現正|现正|現已|现已|目前|截至發稿|截至发稿|暫時|暂时|現在|现在",
    re.IGNORECASE,
)
_AWAITS = re.compile(
    r"\b(?:stock|index|share|equity|s&p 500|dow|nasdaq|dax) futures\b|"
    r"\bahead of (?:the |a |its |key |this |their |\w+day)|\bawait(?:s|ing|ed)?\b|\bbrac(?:e|es|ed|ing) for\b|\bloom(?:s|ed|ing)\b|\bpre-?(?:bell|market)\b|"
    r"\bim vorfeld\b|\bwart(?:et|en) auf\b|\bsteh(?:t|en) (?:kurz )?bevor\b|前瞻|靜待|静待|等待公布|有待(?:公布|救援|搜救)|即將公布|即将公布",
    re.IGNORECASE,
)
# What was thought before it was known, and nothing of how it came out: "were projected to rise", "economists had expected".
_WAS_EXPECTED = re.compile(
    r"\A(?!.*\b(?:but|instead|aber|doch|stattdessen)\b)(?:[^,;:]{3,80}?\b(?:was|were|had been) (?:widely |generally |largely )?"
    r"(?:projected|expected|forecast(?:ed)?|predicted|seen|tipped|estimated|anticipated) (?:to\b|by (?:analysts|economists))|"
    r"(?:economists|analysts|traders|markets?|investors|wall street|observers)\b[^,;:]{0,50}?\b(?:had )?(?:expected|forecast(?:ed)?|predicted|projected|anticipated|"
    r"looked for)\b|[^,;:]{3,80}?\b(?:war|waren) [^,;:]{0,60}\b(?:erwartet|prognostiziert) worden|"
    r"(?:ökonomen|analysten|volkswirte|experten)\b[^,;:]{0,60}\b(?:erwartet|prognostiziert|vorhergesagt))|"
    r"\A[^，。]{0,8}(?:市場|市场|分析員|分析师|分析師|經濟師|经济师|經濟學家|经济学家)[^，。]{0,6}(?:預期|预期|預計|预计|預測|预测)(?!.*(?:但|惟|實際|实际|結果|结果|遠勝|遜))",
    re.IGNORECASE,
)
# What came out is news because something else was expected: that belongs to it.
_AGAINST_EXPECTATION = re.compile(
    r"\b(?:unexpected(?:ly)?|surpris(?:e[sd]?|ing(?:ly)?)|(?:than|as) (?:was )?(?:expected|forecast|feared|projected)|unerwartet\w*|überrasch\w+|als erwartet|"
    r"(?:expectations|estimates|forecasts|erwartungen|prognosen))\b|(?:勝|胜|遜|逊|超|不及|低[於于]|高[於于]|好[過过]|差[過过]|[遠远][勝胜])(?:市場|市场)?[預预]期|意外(?=[^，。]{0,4}[升跌減减增])",
    re.IGNORECASE,
)
# A closure is over once something opens again.
_CLOSED = re.compile(
    r"\b(?:clos(?:es?|ed|ing|ure)|shut(?:s|down)?|suspend(?:s|ed)?|halt(?:s|ed)?|cancel(?:s|led|ed)?|block(?:s|ed)?|gesperrt|sperrung|geschlossen|eingestellt)\b|"
    r"封閉|封闭|全封|關閉|关闭|停運|停运|停駛|停驶|暫停|暂停|封路|停課|停课",
    re.IGNORECASE,
)
_REOPENED = re.compile(
    r"\b(?:re-?open(?:s|ed|ing)?|resum(?:es?|ed|ing)|lift(?:s|ed)|restor(?:es?|ed)|wieder (?:geöffnet|frei|offen)|freigegeben|aufgehoben)\b|"
    r"解封|重開|重开|恢復|恢复|解除|復課|复课|復運|"
    # "was briefly closed" says as much.
    r"一度[^，。]{0,6}(?:封|停|關|关)|\bbriefly (?:clos|shut|suspend|halt|block)|(?:zeitweise|kurzzeitig) (?:gesperrt|geschlossen|eingestellt)",
    re.IGNORECASE,
)
_BEGINS_WITH_WHO = re.compile(r"\A(?:Who|Wer|Which|Welche[rs]?) ")  # not WHO, the agency
_QUOTED = re.compile(
    r"[\"“”„«「『](?P<a>[^\"“”„«»「」『』]{2,}?)[\"”“»」』]|(?<!\w)['‘‚](?P<b>(?:[^'’‘]|(?<=\w)['’](?=\w)){2,}?)['’‘](?!\w)"
)
_QUOTED_SHARE = 0.5  # of a title's letters within quotation marks: beyond it the title is somebody's words
_QUOTED_OPENING = 4  # words of a quotation that a title begins with, two Han characters as one
# Labels of what is a report all the same. They go, and the title stays.
_PLAIN_LABEL = re.compile(
    r"\A(?:(?:(?:breaking(?: news)?|exclusive|update[ds]?|just in|developing|urgent|alert|eilmeldung|eil|exklusiv|corrected|refile|wrapup|rpt|"
    r"exclusi(?:f|vité|va|vo)|esclusiva|dernière minute|alerte|info exclusive|(?:de )?última hora|ultim['’]ora|urgente|al momento|laatste nieuws)"
    r"(?: \d{1,2}|\.\d)?"
    + _MARK
    + r"|(?:[\w\s]{0,6}獨家|[\w\s]{0,6}独家|快訊|快讯|突發|突发|速報|号外|独自|続報|最新|更新|有片|現場|现场|直擊|直击|多圖|圖輯)\s*[:：|︱｜丨]\s*"
    r"|【[^】]{1,12}】\s*|\[(?:breaking|exclusive|update[ds]?|video|watch)\]\s*"
    # The desk, as agencies write it: "US STOCKS-Wall Street falls".
    r"|(?-i:(?:[A-Z]{2,} ){0,2}(?:STOCKS|SHARES|MARKETS|TREASURIES|BONDS|METALS|GRAINS|COMMODITIES|FOREX)(?: \d)?-)))+",
    re.IGNORECASE,
)
_PLAIN_TAIL = re.compile(
    r"\s*[(（\[](?:[^()（）\[\]]{0,12}(?:報道|报道|更新|攝|摄|附圖|附片|圖|影片|有片)|updated?|video|photos?|watch|pictures|bilder|fotos?|mit video|exclusive)[)）\]]\s*\Z"
    r"|\s*[|｜]\s*(?:exclusive|breaking|updated?|video|獨家|更新|有片)\s*\Z",
    re.IGNORECASE,
)
# The running subject before or after a Chinese title: 颱風｜..., ...︱世界盃. One bar only: a title with more is a list.
_SUBJECT_LABEL = re.compile(
    r"\A(?:[^|︱｜丨]{1,10}\s*[|︱｜丨]\s*(?P<after>[^|︱｜丨]{10,})|(?P<before>[^|︱｜丨]{10,}?)\s*[|︱｜丨][^|︱｜丨]{1,10})\Z"
)
# Pictures in place of words, what joins and colours them, flags and keycaps: Unicode's blocks of emoji and dingbats.
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\ufe0e\ufe0f\u200d\u20e3\U000e0020-\U000e007f]+")
_KEPT_CHARACTERS = 8  # that a title must have left


@cache
def _candidates() -> Candidates:
    return Candidates([rule.pattern for rule in _RULES])


def forms_of(title: str) -> Iterator[TitleForm]:
    """The forms a title has; none for a plain statement."""
    for number in _candidates().numbers(title):
        if _RULES[number].pattern.search(title):
            yield _RULES[number].form
    if _BEGINS_WITH_WHO.match(title):
        yield TitleForm.HOW_TO
    if is_quotation(title):
        yield TitleForm.QUOTATION


def looks_ahead(text: str) -> bool:
    """Whether a sentence or title awaits something that is to come soon."""
    return _AWAITS.search(text) is not None


def tells_an_expectation(text: str) -> bool:
    """Whether a sentence says only what was expected of something that has since come out."""
    return _WAS_EXPECTED.search(text) is not None


def is_against_expectation(title: str) -> bool:
    """Whether a title measures what came out by what was expected: what that was is part of its news."""
    return _AGAINST_EXPECTATION.search(title) is not None


def tells_a_moment(text: str) -> bool:
    """Whether a sentence tells how things stand at the moment, which an hour later may be different."""
    return _MOMENT.search(text) is not None


def is_closure(title: str) -> bool:
    """Whether it tells that something is closed, and not that it is open again."""
    return _CLOSED.search(title) is not None and not is_reopening(title)


def is_reopening(title: str) -> bool:
    """Whether it tells that something is open again, or was closed for a while."""
    return _REOPENED.search(title) is not None


def is_quotation(title: str) -> bool:
    """Whether it is somebody's words, alone or with their speaker; a word or name in marks is none."""
    quoted = [match["a"] or match["b"] for match in _QUOTED.finditer(title)]
    if not quoted:
        return False
    letters = sum(map(str.isalnum, title)) or 1
    if sum(map(str.isalnum, "".join(quoted))) >= _QUOTED_SHARE * letters:
        return True
    return title[0] in "\"“„«「『'‘‚" and _length(quoted[0]) >= _QUOTED_OPENING


def without_label(title: str) -> str:
    """The title without emoji, labels such as "Exclusive:" or 颱風｜, and notes such as "(updated)" at its end."""
    plain = " ".join(_EMOJI.sub(" ", title).split()) if not title.isascii() else title
    plain = _PLAIN_TAIL.sub("", _PLAIN_LABEL.sub("", plain))
    if is_unspaced(plain) and (labelled := _SUBJECT_LABEL.match(plain)):
        plain = (labelled["after"] or labelled["before"]).strip()
    if len(plain) < _KEPT_CHARACTERS // (2 if is_unspaced(plain) else 1):
        return title
    return plain[0].upper() + plain[1:] if plain != title and plain[1:2].islower() else plain


def _length(text: str) -> int:
    return (sum(map(str.isalnum, text)) + 1) // 2 if is_unspaced(text) else len(text.split())
