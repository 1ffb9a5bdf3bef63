"""What tells that an item is no news: one row a sign, with its reason and examples of its own, which the tests run.

A row is found in one field: "address" (one whole part of the path, or a whole host label before the domain), "path" (from
its beginning), "title", "category" (whole), "text" (its beginning). The first row that holds decides, so what is left out by default comes first.
Precision comes first: a sign that ordinary news carries as well is no sign. `not_in` says what looks like it and is not.
"""

from __future__ import annotations

from typing import Final

from ..model import Kind
from .kind_explaining import EXPLAINING
from .kind_figures import FIGURES
from .kind_languages import ABROAD, OFFERS_ABROAD
from .kind_offers import OFFERS
from .kind_releases import RELEASES
from .kind_rule import DIVIDER, address_row, category_row, text_row, title_row

RULES: Final = (
    *OFFERS,
    *OFFERS_ABROAD,
    # ---- live: a page that goes on ---------------------------------------------------------------------------------
    address_row(
        Kind.LIVE,
        "live live-news live-updates live-blog liveblog live-blogs liveblogs live-coverage live-story liveticker live-ticker "
        "newsblog newsticker 直播",
        "a section of pages that go on",
        "https://tide.example/news/live/storm",
        "https://tide.example/liveticker/sturm",
        not_in=("https://tide.example/live-music-returns/", "https://tide.example/lives/ann-quay"),
    ),
    title_row(
        Kind.LIVE,
        rf"^\W*(?:watch\s)?live(?:\s(?:updates?|blog|coverage|news|ticker|stream|results))?(?:{DIVIDER})"
        rf"|^\W*live\s(?:updates|blog|coverage)\b|[|–—-]\s*live(?:\s(?:updates?|blog|coverage))?!?$|\(live(?:\s(?:updates?|blog|coverage))?\)$"
        rf"|:\s*live\s(?:updates?|blog|coverage)\b|\b(?:live\supdates|liveblog|live\sblog)$|\bas\sit\shappened\b"
        rf"|\b(?:live|news)-?ticker\b|\blive-?blog\b|^\W*直播(?:{DIVIDER})|[|｜︱]\s*(?:有片)?直播$|(?:持續|持续|不斷|不断|實時|实时|滾動|滚动)更新",
        "a headline marked as going on",
        "LIVE: Storm reaches the harbour",
        "Storm reaches the harbour – live updates",
        "Live updates: storm reaches the harbour",
        "Sturm an der Küste: Liveticker",
        "颱風逼近｜持續更新",
        "直播：風暴登陸",
        not_in=(
            "Live Nation sues ticket reseller",
            "Live music returns to the pier",
            "The quay where sailors live",
            "女子直播帶貨被罰",
            "Where migrants live: a map",
        ),
    ),
    # ---- podcast ---------------------------------------------------------------------------------------------------
    address_row(
        Kind.PODCAST,
        "podcast podcasts podcast-episodes podcast-episode episodes audio-podcasts 播客",
        "a section of what is listened to",
        "https://tide.example/podcast/42",
        "https://podcasts.tide.example/42",
        not_in=("https://tide.example/news/podcast-host-arrested",),
    ),
    title_row(
        Kind.PODCAST,
        rf"^\W*(?:podcast|listen|audio|播客|聲音|hören)(?:{DIVIDER})|[|–—-]\s*(?:the\s)?podcast$|\(podcast\)|^[^:：]{{0,30}}\bpodcast\s*[:：]"
        rf"|^\W*(?:ep(?:isode)?|folge|episode|第)\.?\s?\#?\d+\s?[集期]?\b(?:{DIVIDER})|[|–—(-]\s*(?:ep(?:isode)?|folge)\.?\s?\#?\d+\)?$",
        "a headline marked as something to hear",
        "Podcast: The crane that fell",
        "Listen: what the harbour master heard",
        "Episode 42: The crane that fell",
        "Folge 7: Der gefallene Kran",
        "The Harbour Podcast: The crane that fell",
        not_in=(
            "Podcast host arrested at port",
            "Episode 7 of port saga ends in court ruling",
            "Audio of crash released",
        ),
    ),
    text_row(
        Kind.PODCAST,
        r"\A.{0,240}?\b(?:[Ii]n\ (?:this|today[’']s|this\ week[’']s)\ episode|(?:[Oo]n|[Tt]his\ is)\ (?:this|today[’']s)\ (?:episode|podcast)|"
        r"[Ii]n\ dieser\ (?:Folge|Episode))|\A.{0,400}?\b0?0:00\ (?:Intro|Introduction|Start)|\A.{0,120}?(?:本期[节節]目|本集[节節]目|本期播客)",
        "the text introduces an episode",
        "In this episode, we talk with the man who built the crane.",
        "Timestamps: 00:00 Intro 03:10 The crane",
        "本期节目我们谈起重机。",
        not_in=(
            "An episode of unrest closed two ports.",
            "The harbour master was a guest. You can listen to the episode.",
        ),
    ),
    category_row(Kind.PODCAST, "podcast, podcasts, audio, 播客", "Podcasts"),
    # ---- video -----------------------------------------------------------------------------------------------------
    address_row(
        Kind.VIDEO,
        "video videos watch clips video-clips 视频 視頻 影片",
        "a section of what is watched",
        "https://tide.example/videos/crane",
        "https://tide.example/news/videos/2026-08-07/crane-video",
        not_in=("https://tide.example/news/video-shows-crane-falling", "https://tide.example/watchdog/fine"),
    ),
    title_row(
        Kind.VIDEO,
        rf"^\W*(?:watch(?:\snow)?|video|in\svideo|im\svideo|视频|視頻|影片|短片)(?:{DIVIDER})|[|–—-]\s*video$",
        "a headline marked as something to watch",
        "Watch: Crane falls into the harbour",
        "VIDEO | Crane falls",
        "视频：起重机倒塌",
        not_in=(
            "Watchdog fines port",
            "Watch out for floods, officials warn",
            "Video shows crane falling",
            "視頻平台被罰",
        ),
    ),
    # ---- review ----------------------------------------------------------------------------------------------------
    address_row(
        Kind.REVIEW,
        "review reviews product-reviews hands-on testberichte testbericht tests 評測 评测 開箱 開箱評測 试驾 試駕",
        "a section of judgements on goods and works",
        "https://tide.example/reviews/rope-ladder",
        "https://tide.example/testberichte/strickleiter",
        not_in=("https://tide.example/news/review-board-clears-drug",),
    ),
    title_row(
        Kind.REVIEW,
        rf"^\W*(?:review|hands[-\s]on|tested|first\slook|kritik|rezension|评测|評測|開箱|开箱|試駕|试驾|試玩|试玩)(?:{DIVIDER})"
        r"|(?<!\bpeer)(?<!\bjudicial)(?<!\bpolicy)(?<!\bstrategic)(?<!\bdefence)(?<!\bdefense)(?<!\bspending)(?<!\bsafety)(?<!\bsecurity)(?<!\bcase)"
        r"(?<!\bthe)(?<!\bcourt)(?<!\bunder)(?<!\bperformance)(?<!\bin)(?<!\bgovernment)(?<!\ba)(?<!\blegal)(?<!\binternal)(?<!\bindependent)(?<!\bweek)(?<!\byear)"
        r"\sreview(?::|\s[–—-])\s (?!.*\b(?:finds|says|urges|orders?|clears)\b)"
        r"|^\W*(?:i|we)(?:[’']ve|\shave)?\s(?:just\s)?(?:tested|reviewed|tried\s(?!that|to\b)|been\susing|spent\s\w+\s(?:weeks?|days?|months?|hours?|years?)\s(?:with|using|testing))"
        r"|\bhands[-\s]on\s(?:with|review)\b|\bim\s(?:test|praxistest|hands-on|kurztest|dauertest)\b\s*(?:$|[:–—-])"
        r"|評測|评测|(?:[｜︱|]|^)(?:開箱|开箱|實測|实测|試玩|试玩)|開箱文|开箱文|上手體驗|上手体验|試駕[：:｜︱|]|试驾[：:｜︱|]",
        "a headline that judges goods or works",
        "Tidal X1 rope ladder review: steep but steady",
        "Berlin Marina review: a walk on the quay",
        "Review: The Crane, a novel",
        "I tested five rope ladders",
        "Strickleiter X1 im Test",
        "新款繩梯開箱評測",
        not_in=(
            "Review board clears drug",
            "Judicial review: port law upheld",
            "Regulator puts merger under review",
            "Peer review: half of studies fail",
            "Safety review finds crane was sound",
            "新路通車 實測快1分鐘",
            "新店設遊戲試玩區",
            "We tried that, says harbour master",
        ),
    ),
    category_row(Kind.REVIEW, "review, reviews, product reviews, hands-on, 評測, 评测", "Reviews"),
    # ---- opinion ---------------------------------------------------------------------------------------------------
    address_row(
        Kind.OPINION,
        "opinion opinions op-ed op-eds oped opeds comment commentary commentisfree columnist columnists columns editorial "
        "editorials letters letters-to-the-editor viewpoint viewpoints meinung kommentar kommentare kolumne kolumnen "
        "leitartikel gastbeitrag gastkommentar debatte standpunkt 評論 评论 社評 社评 社論 社论 專欄 专栏 觀點 观点 時評 时评 來論 博評 名家專欄",
        "a section of what somebody thinks",
        "https://tide.example/opinion/2026/cranes-are-too-tall",
        "https://tide.example/meinung/kraene",
        "https://tide.example/評論/起重機",
        not_in=("https://tide.example/news/opinion-polls-close", "https://tide.example/blog/comments-now-open"),
    ),
    title_row(
        Kind.OPINION,
        rf"^\W*(?:opinion|op-?ed|comment|commentary|column|editorial|letters?(?:\sto\sthe\seditor)?|viewpoint|guest\s(?:post|essay)|"
        rf"meinung|kommentar|kolumne|leitartikel|gastbeitrag|gastkommentar|glosse|standpunkt)(?:\sby\s[\w\s.]+)?(?:{DIVIDER})"
        rf"|^\W*kommentar\szu[mr]?\b|[|–—(-]\s*(?:opinion|editorial|column|op-?ed|letters?|meinung|kommentar|kolumne)\)?$|\|\s(?:opinion|editorial|letters)\s?(?:\||$)"
        rf"|^\W*(?:評論|评论|社評|社评|社論|社论|專欄|专栏|觀點|观点|時評|时评|來論|来论|博評|筆陣|名家|快評|快评|短評|短评)(?:{DIVIDER}|[．‧·])|^\W*(?:專欄|专栏)\s"
        rf"|[|｜︱丨]\s*(?:評論|评论|社評|社评|社論|社论|專欄|专栏|觀點|观点|時評|时评|來論)$",
        "a headline marked as somebody's view",
        "Opinion | Cranes are too tall",
        "Kommentar: Der Kran muss weg",
        "Letters: On cranes",
        "社評：起重機太高",
        "Cranes are too tall | Opinion",
        not_in=(
            "Opinion polls close in port vote",
            "Court opinion backs port",
            "Letter of intent signed for crane",
            "Column of tanks nears port",
            "評論員被捕",
            "Kommentarfunktion abgeschaltet",
        ),
    ),
    title_row(
        Kind.OPINION,
        r"^(?:I[’'](?:ve|d|m)|I\s(?:am|was|have|had|thought|used|spent|went|want|love|hate|never|can|built|got|ran|read|compared|bought|switched|can[’']t|don[’']t|didn[’']t|finally)|"
        r"We\s(?:thought|wanted|spent|love|hate|wouldn[’']t|didn[’']t|finally))\b (?!.*[,:]\s(?:says?|said)\b)",
        "a headline that speaks of its author",
        "I’ve waited eight years for this crane",
        "We thought we wouldn't write about cranes again but this one is too tall",
        not_in=(
            "I-95 is closed after a crash",
            "‘I was wrong about the crane,’ mayor says",
            "I want peace, says mayor",
        ),
    ),
    category_row(
        Kind.OPINION,
        "opinion, opinions, op-ed, commentary, comment, editorial, editorials, column, columns, meinung, kommentar, kolumne, 評論, 评论, 社評, 社评, 專欄, 专栏, 觀點, 观点",
        "Opinion",
    ),
    # ---- newsletter ------------------------------------------------------------------------------------------------
    address_row(
        Kind.NEWSLETTER,
        "newsletter newsletters daybook daily-briefing morning-briefing evening-briefing daily-brief briefings",
        "a section of letters to subscribers",
        "https://tide.example/newsletters/the-quay",
        not_in=("https://tide.example/media/newsletter-firm-sold",),
    ),
    title_row(
        Kind.NEWSLETTER,
        rf"^\W*(?:newsletter|(?:the\s)?(?:morning|evening|daily|weekly|weekend|midday|afternoon)\s(?:briefing|brief|digest|roundup|round-up|newsletter|update|bid|rundown|download)|"
        rf"(?:the\s)?week\sin\s(?:review|pictures)|your\s(?:mon|tues|wednes|thurs|fri|satur|sun)day\s(?:morning\s|evening\s)?briefing|"
        rf"morgenlage|der\s(?:morgen|abend)|newsletter)(?:{DIVIDER}|$)"
        rf"|^\W*(?:weekly|daily|monthly)\s(?:roundup|round-up|digest|recap)\b|\bnewsletter\s\#?\d+$|^[^:：]{{0,30}}\bnewsletter\s*[:：]"
        rf"|^\W*(?:the\sdownload|what[’']s\snews)(?:{DIVIDER})|^\W*(?:das\swichtigste|die\slage)\s(?:am|vom|des)\b"
        rf"|^\W*(?:《[^》]+》)?(?:今日要聞|今日要闻|今日新聞|今日新闻|新聞早班車|早報|早报|晨報|晨报|晚報|晚报|早讀|早读|一周回顧|一周回顾|一週回顧|每日精選|每日精选)(?:$|\d|{DIVIDER}|\s)",
        "a letter's or a round-up's own title",
        "Morning Briefing: cranes, storms and fish",
        "Your Wednesday Briefing",
        "Daily roundup of port news",
        "The Harbour Newsletter: cranes and fish",
        "Das Wichtigste am Morgen",
        "早報｜起重機倒塌",
        not_in=(
            "Newsletter publisher buys port paper",
            "White House briefing turns sour",
            "Who pays for the harbour newsletter",
            "Weekly jobless claims fall",
            "早報記者獲獎",
        ),
    ),
    *FIGURES,
    *RELEASES,
    # ---- guide -----------------------------------------------------------------------------------------------------
    address_row(
        Kind.GUIDE,
        "guide guides how-to howto how-tos buying-guide buying-guides tips tipps ratgeber anleitung anleitungen recipe recipes "
        "rezepte rezept horoscope horoscopes horoskop horoskope quiz quizzes puzzles crossword crosswords best best-of "
        "gift-guide gift-guides tutorials tutorial 攻略 教學 教学 教程 實用貼士 食譜 食谱 星座 玄學",
        "a section of advice",
        "https://tide.example/how-to/tie-a-knot",
        "https://tide.example/ratgeber/knoten",
        "https://tide.example/攻略/碼頭",
        not_in=("https://tide.example/news/best-crane-wins-prize", "https://tide.example/politics/how-to-vote-row"),
    ),
    title_row(
        Kind.GUIDE,
        r"^\W*how\sto\b (?!.*\b(?:divides?|splits?|dominates?|row|dispute|overshadows?|ruling|tops)\b)|:\s*how\sto\s(?:watch|get|buy|use|stream|apply|check|claim|install|fix|enable|make|avoid|protect|find)\b"
        r"|\bhow\sto\s(?:watch|stream)\b|\bwhere\sto\s(?:watch|stream|buy)\b|\bwhat\sto\swatch\b"
        r"|\b(?:hints?|clues?)\b [^.]{0,30} \banswers?\b|\banswers?\b [^.]{0,20} \bhints?\b"
        r"|\b(?:everything|what|all)\syou\s(?:need|should)\s(?:to\s)?know\b|\b(?:buying|buyer[’']s|gift|beginner[’']s|ultimate|complete|step-by-step)\sguide\b|^\W*(?:a|the|your)\s(?:\w+\s)?guide\sto\b|^\W*guide\s*[:|]"
        r"|\bhoroscopes?\b|\brecipes?\b\s*[:|]|^\W*(?:\S+\s){0,4}recipes?\s*$",
        "a headline that teaches its reader",
        "How to tie a rope ladder",
        "How to watch the regatta on Saturday",
        "Quay puzzle today: hints and answers",
        "Cranes: everything you need to know",
        "The beginner's guide to knots",
        "Grandmother's harbour fish soup recipe",
        not_in=(
            "Former yard manager jailed for selling paint recipes",
            "How to tax robots divides the EU",
            "Court answers port's question",
            "Guide dog rescues sailor",
        ),
    ),
    title_row(
        Kind.GUIDE,
        r"^\W*(?:the\s|ranking\sthe\s)?(?:\d+\s)?best\b [^:]{2,60} (?:\(20\d\d\)|:\s(?:expert|tested)\b)|\btested\sand\sreviewed\b|^\W*(?:the|our|my)?\s?(?:\d+|two|three|four|five|six|seven|eight|nine|ten|twelve)?\s?(?:very\s|absolute\s|all-time\s)?best\s [^:]{2,60} \b(?:of\s20\d\d|in\s20\d\d|for\s20\d\d|we[’']ve\stested|you\scan\s(?:buy|watch|get)|to\s(?:buy|watch|read|play|stream|get)|right\snow|on\s(?:netflix|amazon|hulu|disney\+?))"
        r"|^\W*(?:\d+|two|three|four|five|six|seven|eight|nine|ten|twelve)\s(?:\w+\s){0,3}(?:ways|tips|tricks|reasons|steps|gadgets|apps|recipes|gifts|mistakes|habits|lessons|shortcuts|settings|features)\s(?:to|you|that|for|i|we|your|every)\b"
        r"|^\W*(?:the\s)?(?:\d+\s)?(?:stocks?|etfs?|dividend\sstocks?)\sto\s(?:buy|watch|own|sell)\b|\bstocks?\sto\sbuy\s(?:now|right\snow|today|and\shold|with|before|in\s20\d\d|for\s)|^\W*better\s(?:\w+\s){0,3}(?:buy|stock)\s*:"
        r"|^\W*(?:die|das|der)\s(?:\d+\s)?besten?\s.{2,50}\b(?:20\d\d|im\s(?:vergleich|test)|für\s)|^\W*so\s(?:funktioniert|geht|klappt|kannst|können\ssie|sparen\ssie|richten\ssie|schützen\ssie|nutzt)\b|^\W*wie\s(?:sie|du|man)\b|^\W*(?:anleitung|ratgeber|tipps?)\s*[:|]|\bim\svergleich\s*$"
        r"|攻略|懶人包|懒人包|教學[:：｜︱|]|手把手|一文(?:看清|睇清|看懂|讀懂|读懂|睇晒)|食譜|食谱|星座運|星座运|運程|运势|好去處|必食|必玩|必買|必去|推介[:：｜︱|\d]|推薦\d|精選\d|小貼士|^\W*(?:如何|怎樣|怎样|點樣)(?!評|评|看待)",
        "lists and advice to readers and buyers",
        "The 9 best rope ladders of 2026",
        "Best Rope Ladders (2026): Tested by Sailors",
        "5 ways to tie a knot",
        "3 stocks to buy now",
        "Better buy: Tide or Quay",
        "So funktioniert die neue Fähre",
        "Die besten Strickleitern im Vergleich",
        "碼頭一日遊攻略",
        "如何選購繩梯",
        not_in=(
            "Best crane builder wins prize",
            "Five ways out blocked after crash",
            "So viele Schiffe wie nie",
            "Port has best quarter since 2010",
            "Wieder Streik im Hafen",
        ),
    ),
    category_row(
        Kind.GUIDE,
        "how-to, how to, guide, guides, buying guides, tutorials, tutorial, ratgeber, tipps, recipes, rezepte, horoscopes, 攻略, 教程, 教學, 食譜",
        "How-To",
    ),
    # ---- analysis --------------------------------------------------------------------------------------------------
    address_row(
        Kind.ANALYSIS,
        "analysis analyses explainer explainers explained fact-check factcheck faktencheck analyse analysen hintergrund 分析 深度 深度分析",
        "a section that explains",
        "https://tide.example/analysis/why-cranes-fall",
        "https://tide.example/hintergrund/kraene",
        not_in=("https://tide.example/science/analysis-of-crane-steel",),
    ),
    title_row(
        Kind.ANALYSIS,
        rf"^\W*(?:analysis|explainer|explained|factbox|fact\scheck|fact-check|deep\sdive|analyse|hintergrund|faktencheck|erklärt|分析|解讀|解读|深度|事實查核|事实核查)(?:{DIVIDER})"
        r"|^(?-i:Analysis|ANALYSIS|Explainer|EXPLAINER|Factbox|FACTBOX)-(?-i:[A-Z])"
        rf"|(?:[|–—(]|\s-)\s*(?:an?\s)?(?:analysis|explained|explainer|analyse)\)?\s*$|[|｜︱丨]\s*(?:分析|深度|解讀|解读)$",
        "a headline marked as explaining",
        "Analysis: Why cranes fall",
        "Why cranes fall, a short story – explained",
        "Hintergrund: Warum Kräne fallen",
        "Analysis-Falling cranes test the new port law",
        "分析｜起重機為何倒塌",
        not_in=(
            "Analysis of debris begins",
            "Crane trade is breaking and falls 10%: Analysis",
            "分析師料加息",
            "Analysts see rate cut",
        ),
    ),
    category_row(Kind.ANALYSIS, "analysis, explainer, explainers, analyse, hintergrund, 分析, 深度", "Analysis"),
    *EXPLAINING,
    *ABROAD,
)
