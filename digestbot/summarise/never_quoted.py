"""Sentences that belong to the page, the programme or the shop around a report: English, German, Chinese.

Each kind has its patterns and examples in one table. A pattern without an anchor matches anywhere in the sentence, so it
must be a phrase that no report uses of its subject; verbs such as "watch" count only at the start, before a word that
makes them a call to the reader.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from .never_quoted_languages import ELSEWHERE

_CLOSERS = r"[\"'“”‘’»)\]」』”）】》\s]*"
_NAMES = r"(?:(?:[A-ZÀ-Þ][\w.'’&-]+|of|the|and|at|&),? ){2,10}"  # a person with her office, both in capitals
_CAPITAL = r"[A-ZÀ-Þ][\w.'’&-]*(?: \d\d(?:['’]s)?)?"
_PERSON = rf"{_CAPITAL}(?: (?:(?:de|der|van|von|al|bin) )?{_CAPITAL}){{1,2}}"
_MONTHS = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*"
_PATTERNS = {
    # "Will it hold?", "Was nun?", 何時重開？ A summary states. "Many wonder whether ..." asks, too.
    "question": (
        rf"[?？]{_CLOSERS}\Z",
        r"\b(?:many|some|observers|fans|investors|analysts|people|critics) (?:now )?(?:wonder|ask|are (?:wondering|asking)) (?:whether|if|how|why|what)\b",
        r"\A(?:外界|市場|市场|各界|坊間|坊间)(?:都|均|正|亦)?(?:關注|关注|好奇|憂慮|忧虑|猜測|猜测).*(?:會否|会否|是否|能否|如何|何時|何时)",
    ),
    # "Sign up for ...", "Lesen Sie auch ...", 按此訂閱
    "call to act": (
        # Where readers find help: "The harbour helpline can be reached on 555 0100."
        r"\A(?:support|help|advice) is available\b|\bif you (?:are|were|have been|think you may have been) affected\b|\b(?:contacted|reached|called) (?:on|at) (?:freephone |tel\w*:? )?[+(]?\d",
        (r"\A(?:please |just |simply |so |and |to (?:read|see|watch|hear|learn) more,? )?(?:sign up|subscribe(?= (?:to|now|here|for|today|and))|"
        r"read (?:more|on|the (?:full|rest|original|whole)|our|also|next|this|about|here)|follow (?:us|along|our|the latest|live|me|@)|"
        r"(?:click|tap)(?= (?:here|on|the|to|below|through|this)\b|[.!])|watch (?:the (?:full|video|clip|interview|live|show|latest|moment)|our|"
        r"live|more|this|now|below|above|as|how|here)|listen (?:to (?:the|our|this|more)|in|now|here|on)|download (?:the|our|now|this|it)|"
        r"register (?:now|here|for|today)|get (?:the latest|our|your|unlimited|breaking|more (?:news|from)|access|alerts|\d+ ?%)|access (?:today['’]s|our|the full|exclusive)|visit (?:our|us|the (?:website|site|page|store))|"
        r"check out|stay (?:tuned|informed|up[ -]to[ -]date|connected|ahead)|share (?:your|this)|tell us|let us know|send (?:us|your)|"
        r"don['’]t (?:miss|forget)|find (?:out|more|all)|see (?:also|more|our|the full|below|here|all|how|why|what)|learn (?:more|how|about)|"
        r"discover (?:more|how|why|the)|shop (?:now|the|our|here)|buy (?:now|it|the)|order (?:now|here|yours)|grab (?:the|your|a|it)|"
        r"try (?:it|our|the|for free)|join (?:us|our|the (?:conversation|discussion|club|channel))|keep (?:reading|scrolling|up with)|"
        r"scroll (?:down|on)|browse (?:our|all|the)|explore (?:more|our|the)|contact (?:us|me|our|the author)|e-?mail (?:us|me|your|the author)|write to (?:us|me|the editor)|support (?:us|our|independent)|make sure (?:to|you)|take our|"
        r"vote (?:now|in our|here)|have (?:a (?:tip|story)|you)|got a (?:tip|story|question)|continue reading|for more (?!than\b|of\b)|more (?:on this|from|about|news|to come|to follow|coverage)\b)"),
        (r"\A(?:jetzt |hier |mehr |bitte )?(?:abonnieren|anmelden|registrieren|weiterlesen|klicken|lesen|erfahren|melden|folgen|sehen|hören|laden|finden|"
        r"schauen|besuchen|sichern|testen|bestellen|schreiben|teilen|nutzen) sie\b|\A(?:jetzt|hier) (?:\w+ )?(?:abonnieren|anmelden|registrieren|lesen|"
        r"testen|bestellen|herunterladen|klicken|ansehen|weiterlesen|mitmachen)\b|\Ahier (?:geht es|geht['’]s|finden sie|gibt es)\b|"
        r"\Amehr (?:dazu|zum thema|infos?|lesen|aus|in kürze)\b|\Alesen sie\b|\Alesetipp|\Azum (?:artikel|video|liveticker|podcast)\b"),
        (r"\A[►▶▸➤→👉\s]*(?:請|请|立即|即刻|馬上|马上|快來|快来|記得|记得|歡迎|欢迎|想|如欲|欲)?(?:點擊|点击|點按|按此|按下|訂閱|订阅|追蹤|追踪|關注我們|关注我们|掃描|扫描|"
        r"下載(?:App|我|應用|即)|下载(?:App|我|应用|即)|分享給|分享给|讚好|like我們|follow我們|閱讀更多|阅读更多|閱讀全文|阅读全文|閱讀原文|阅读原文|睇更多|看更多|了解更多|知更多|知多|延伸閱讀|"
        r"延伸阅读|更多(?:新聞|新闻|詳情|详情|內容|内容|精彩|相關|相关|資訊|资讯|報道)|相關(?:新聞|文章|報道|閱讀)|相关(?:新闻|文章|报道|阅读)|詳情(?:請|可|：|:|見)|详情(?:请|可|：|:|见)|"
        r"敬請|敬请|留言|報名)|(?:請|请)(?:點擊|点击|按此|關注|关注|訂閱|订阅|下載|下载|密切留意|留意我們)|全文(?:見|请|請|睇|看)"),
    ),
    # "Here is the latest ...", "Das müssen Sie wissen", 以下是...
    "announcement": (
        (r"\Aan? (?:brief |quick |daily |weekly |visual )?(?:look (?:at|ahead|back)|round-?up of|recap of|rundown of|summary of|selection of)\b(?!.*\b(?:is|was|were|shows?|showed|found|reveal\w+|said|says)\b)|"
        r"\A(?:it is |it['’]s )?day \d[\d,]*(?: of\b|:)|\Athe (?:top|main|latest|biggest) (?:\w+ )?(?:headlines|stories|developments)\b|\A(?:key (?:events|developments)|top story|full story|in brief):"),
        (r"\A(?:and |but |so )?here(?:['’]s| is| are)\b|\Athis is what\b|\A(?:these|those) are (?:what|the (?:latest|top|main|key))\b|"
        r"\A(?:below|above) (?:is|are)\b|\Awhat (?:to|you|we) (?:know|need|expect|watch)\b|\bwhat you need to know\b|\beverything you need\b"),
        r"\A(?:das|was) (?:müssen|sollten|wir wissen|sie wissen)\b|\Adas wichtigste\b|\Ahier (?:sind|ist|kommt|kommen|die|das|der)\b|\Aein überblick\b",
        # "北岸發生致命意外。": the headline says more.
        r"\A[^，。\d]{1,12}(?:發生|发生)[^，。\d]{2,14}。\Z",
        r"\A(?:以下(?:為|为|是|係|就|整理)|一文[看睇讀读了]|即睇|即看|下文|重點[:：]|重点[:：])",
    ),
    # "We and our partners use cookies", "This is for members only": what stands before a page.
    "wall": (
        (r"\bwe value your privacy\b|\b(?:we|us) and our (?:\d+ )?(?:\w+ )?partners\b.{0,80}\b(?:store|access|process|use|cookies|data)\b|\Awith your (?:permission|consent),? we\b|"
        r"\bwithdraw your consent\b|\byour browser is (?:not|no longer) supported\b|\A(?:this|the) (?:content|article|post|page) is (?:only )?(?:available )?(?:for|to) (?:\w+ )?(?:members|subscribers)\b|"
        r"\A(?:log|sign) in or (?:subscribe|register|sign up)\b"),
        r"\bwir und unsere (?:\d+ )?partner\b|\bihre einwilligung (?:jederzeit )?(?:\w+ )?widerrufen\b|\bwir schätzen ihre privatsphäre\b",
        r"我們和(?:我們的)?合作夥伴.{0,30}cookie|我们和(?:我们的)?合作伙伴.{0,30}cookie",
    ),
    # "(Updates with prices)", "[Photo: ...]", （更新）
    "note": (
        r"\bdo(?:es)? not work for, consult, own shares\b|\b(?:has|have) disclosed no relevant affiliations\b",
        r"\A(?:content |trigger )?warning:|\b(?:readers|viewers|people) (?:may|might) find (?:\w+ ){0,4}(?:distressing|disturbing|upsetting)\b",
        r"\A[(\[（【〔][^()\[\]（）【】]*[)\]）】〕]\W*\Z",
        (r"[(\[（](?:updates?|adds?|corrects?|recasts?|rewrites?|refiles?|clarif\w+|changes?|removes?|includes?|repeats?|writes|photo|image|picture|video|credit|source|file|"
        r"editor['’]?s?['’]? note|aktualisiert|korrigiert|ergänzt|foto|bild|quelle|更新|圖[:：/]|图[:：/]|圖片|图片|資料圖|资料图)\b"),
        r"\A(?:editor['’]?s?['’]? note|note to (?:readers|editors)|disclosure|disclaimer|correction|clarification|anm(?:erkung)?\.? d(?:er|\.) red|transparenzhinweis|編按|编者按|編者按|按語)\b",
    ),
    # Chapters of a recording: "00:00 Intro 01:30 The bridge".
    "timestamp": (
        (r"\Atime ?stamps?\b|\Achapters?:|\A[(\[]?\d{1,2}:\d{2}(?::\d{2})?[)\]]?(?! ?(?:a\.?m|p\.?m|uhr|gmt|utc|[a-z]{2,4}t\b|in the|on\b|時|时|開|开|出))\s*[-–—:]?\s*[A-ZÀ-Þ]|"
        r"\d{1,2}:\d{2}\s[^.]{2,60}\s\d{1,2}:\d{2}\s[A-Z]"),
        rf"\A(?:updated?|published|posted|last updated|stand|aktualisiert|veröffentlicht|發布|发布|更新)(?: (?:on|at|am))?\s?[:：]?\s?(?:時間|时间)?[:：]?\s?(?:\d|{_MONTHS}\b \d)",
    ),
    # Goods and coupons: "Use code HARBOUR for 10% off", 優惠碼.
    "discount": (
        (r"\b(?:promo(?:tional)?|discount|coupon|voucher|referral|rabatt|gutschein)[ -]?codes?\b|\b(?:use|enter|apply|with|using) (?:the |my |our )?code [A-Z0-9“\"']|"
        r"\b\d{1,2} ?% off(?! (?:its|their|the|his|her|a|an|from|of|highs?|lows?|record|peaks?|last)\b)|\Asave (?:up to )?(?:[$£€]\d+|\d+ ?%)|"
        r"\bbrought to you by\b|\A(?:sponsored|presented) by\b|\A(?:advertisement|anzeige|werbung)\b"),
        r"優惠碼|优惠码|折扣碼|折扣码|贊助商|赞助商|廣告內容|\A(?:廣告|广告)[:：]",
    ),
    # "By Jane Doe", "Von Eva Roth", 記者：陳大文
    "byline": (
        r"\Awith (?:additional )?(?:reporting|files|contributions?) (?:by|from)\b|\bcontributed (?:reporting|to (?:this|the) (?:report|story|article|piece))\b|\A(?:photographs|pictures|graphics|illustrations|words|video) by\b",
        # "Jane Doe, Harbour News, Mallow."
        rf"\A(?-i:{_PERSON}), (?-i:{_PERSON}|{_CAPITAL}), (?-i:{_PERSON}|{_CAPITAL})\.?\Z",
        # "Harbour News' Jane Doe has more from Mallow.": who reports, and not what.
        rf"\A(?:(?:our|its) (?:[\w-]+ ){{0,3}}correspondent|(?-i:(?:{_CAPITAL} ){{0,4}}{_PERSON})) (?:reports?|explains?|investigates?|has (?:more|the (?:latest|story|details)))(?: (?:from|on|how|why)\b[^,;]{{0,60}})?\.\Z",
        r"\A(?-i:By|By:|Von|Text:|Words:?|Story by) (?-i:[A-ZÀ-Þ][\w.'’-]+)(?-i:(?:,? (?:and|und|&|for|in|at|der|von|de|[A-ZÀ-Þ][\w.'’-]*))*)(?:, [\w &-]{3,40})?[.!]?\Z",
        r"\A[（(【\[]?(?:記者|记者|撰文|文|採訪|采访|編輯|编辑|攝影|摄影|責任編輯|责任编辑|作者|來源|来源|資料來源|资料来源|責編|责编|編譯|编译|翻譯|整理)(?:及|、|／)?(?:攝影|摄影|圖|图|撰文)?\s*[:：/／︰|｜]",
        r"[（(](?:本報|本报)?(?:記者|记者)?[^，。（()）]{2,10}(?:報道|报道|報導|报导|攝|摄|編譯|整理)[)）]。?\Z|\A(?:記者|记者)[\u4e00-\u9fff]{2,4}(?:報道|报道|報導)。?\Z",
    ),
    # "Jane Doe joins us to discuss the bridge", "In this episode", 今集
    "programme": (
        (r"\A(?:experts?|analysts?|our (?:panel|guests?|experts?|(?:\w+ )?(?:editor|correspondent)))\b.{0,40}\b(?:weighs? in|discuss(?:es)?|debates?|answers?|breaks? down)\b|"
        r"\Awe (?:speak|talk|spoke|talked|ask|hear from|look|meet|visit|examine|explore|discuss|follow|travel|head) \w|\A(?:also )?(?:in the news|on the (?:programme|program|show)|coming up[:,])|\Aplus[:,] |"
        r"\A(?:in (?:our|the|today['’]s|tonight['’]s) news (?:wrap|round-?up|summary)|(?:\w+day|tonight|today) on (?:the|our) (?-i:[A-Z])|go deeper:)"),
        r"\bjoins? (?:us|the (?:show|programme|program|podcast)|[^.]{2,60}?) to (?:discuss|talk|break down|explain|share|weigh|preview|unpack|debate|look at)\b",
        rf"\A(?-i:{_NAMES})(?:talks|speaks|sits down|chats|spoke exclusively) (?:with|to) (?:us\b|(?-i:[A-ZÀ-Þ][\w.'’-]+ ?)+)",
        rf"\A(?-i:{_NAMES})(?:discuss(?:es)?|breaks? down|weighs? in|reacts?|explains?|shares?)\b.{{0,160}}\bon [‘“\"']",
        r"\A(?:on|in) (?:this|today['’]s|the latest|our|this week['’]s|tonight['’]s) (?:\w+ )?(?:episode|video|edition|issue|newsletter|podcast|article|post|piece|column|show|programme|program|segment|interview|guide|clip)\b",
        # What its author wrote elsewhere, and the list of the parts of a series.
        (r"\bin (?:my|our) (?:previous|last|earlier|recent) (?:\w+ )?(?:article|post|piece|column|newsletter|essay|video|episode|instal?lment)\b|"
        r"\b(?:part|post|article|instal?lment|entry) (?:of|in) (?:the|this|my|our|a) (?:[\w-]+ ){0,2}(?:blog|article|post|[\w]+-part) series\b|"
        r"\A(?:part|teil|partie|parte) \d{1,2} ?[-–—:]"),
        r"\bin meine[mr] (?:letzten|vorigen|vorherigen|früheren|nächsten) (?:artikel|beitrag|blogbeitrag|video|kolumne|folge)\b|\b(?:im|der) (?:ersten|zweiten|dritten|vierten|letzten|nächsten?) teil (?:dieser|meiner|unserer) (?:[\w-]+ ){0,2}(?:serie|reihe|artikelserie)\b",
        r"\A在?(?:上一?|前[一幾几]?)篇(?:文章|文|貼文|帖子|[介提談谈講讲])|\A第[一二三四五六七八九十\d]+(?:部分|篇|部)\s?[:：]",
        r"\A(?:im|in (?:diesem|dieser|unserem|unserer)) (?:podcast|video|folge|ausgabe|beitrag|interview|artikel|newsletter)\b|\bim podcast\b|\A(?:zu gast|im studio)\b",
        r"\A(?:本集|今集|今期|本期|本文|本篇|本節目|本节目|這集|这集|上集|下集|今日節目)",
    ),
    # "Welcome back to ...", "The Ledger is a newsletter", 本報
    "outlet": (
        (r"\bprovides? (?:an?|its) (?:daily|weekly) (?:[\w-]+ ){0,3}(?:update|briefing|newsletter|summary)\b|\A(?:the )?(?:views|opinions) expressed\b"),
        rf"\A(?-i:{_PERSON}) is (?:an? |the |[\w ]{{2,25}}['’]s? )?(?:[\w-]+ ){{0,2}}(?:fellow (?:at|with|in)|correspondent|columnist|contributor|writer (?:at|for|with|based|covering))\b",
        # Whom the outlet asked in vain.
        (r"(?<!\bwho )\b(?:did not|didn['’]t|has not|have not|had not) (?:immediately |yet )?(?:respond(?:ed)?|repl(?:y|ied)) to (?:an? |multiple |several |repeated |our )?(?:[\w’'-]+ )?(?:requests?|questions|inquir\w+|enquir\w+|e-?mails?|messages?)\b|"
        r"\b(?:approached|contacted|reached out to)\b.{0,80}\bfor (?:a )?comment\W*\Z|\bcontacted for comment\b"),
        (r"\Awelcome (?:back )?(?:to|aboard)\b|\A(?:hello|hi|good (?:morning|evening|afternoon))(?:[,!. ]|\Z)|\bis (?:a|an|the|our|your) (?:[\w’'-]+ ){0,4}(?:newsletter|podcast|column|video series|live ?blog|daily briefing)\b|"
        r"\A(?:this|our|the) (?:newsletter|podcast|live ?blog|live coverage|page|column|website|weekly|daily briefing)\b(?! (?:said|reported|fell|rose))|"
        r"\bthank(?:s| you) for (?:reading|joining|listening|watching|subscribing|tuning|following)\b|\A(?-i:I['’]m|I am) (?-i:[A-Z])|"
        r"\bour (?:reporters?|correspondents?|journalists|live coverage|newsroom|readers|subscribers|website|app|channel|coverage|live ?blog|rolling coverage)\b|\A(?:every|each) (?:weekday|day|week|morning|evening|month|hour|\w+day),? .{0,60}\b(?:releases?|publish(?:es)?|brings?|sends?|rounds? up|delivers?|breaks? down|compiles?|shares?|hosts?)\b|\bwe(?:['’]ll| will) (?:bring you|be bringing you|keep you|have more)\b"),
        r"\A(?:herzlich )?willkommen\b|\Aguten (?:morgen|abend|tag)\b|\bunser(?:e[nmrs]?)? (?:newsletter|podcast|ticker|liveblog|redaktion|leser\w*|app|kanal)\b|\bdanke? fürs? (?:lesen|zuhören|zuschauen)\b",
        r"\A(?:歡迎|欢迎)(?:收看|收聽|收听|來到|来到|回到)|\A(?:大家好|各位)|(?:本報|本报|本網|本网|本台|本站|本刊)(?:訊|讯|將|将|會|会|整理|綜合|综合|記者|记者)|我[們们]的(?:通訊|電子報|頻道|频道|網站|网站|App)|(?:多謝|感謝|感谢)(?:收看|收聽|收听|閱讀|阅读)",
    ),
    # "The reason may surprise you", "You won't believe ..."
    "teaser": (
        (r"\A(?:and |but |so |yet )?(?:there(?:['’]s| is) (?:(?:just )?(?:a|one)|another) (?:catch|twist|snag|problem)\b|all eyes (?:are|were) (?:now )?on\b|the (?:whole )?world (?:is|was) watching|"
        r"the stakes (?:are|could|couldn['’]t)\b|(?:nobody|no one) (?:saw|expected) (?:it|this|that|what)\b|not everyone (?:is|was)\b|(?:that|it|this|all that) (?:is|may|might|could)(?: now)?(?: be)? about to change|"
        r"(?:that|this) is (?:now )?the question\b|the (?:big |real |key )?question (?:now )?is\b|the answer(?: \w+){0,2} (?:is|isn['’]t)\b|the timing (?:is|was) (?:no|not|telling)\b|it was supposed to be\b|"
        r"(?:it|that|this)(?: is|['’]s) (?:complicated|no (?:coincidence|surprise|accident|secret)|a (?:powerful|familiar|stark|telling) \w+)\W*\Z)"),
        (r"\bfind out (?:why|how|what|more|where|who)\b|\b(?:may|might|will|could) (?:just )?(?:surprise|shock|amaze) you\b|\byou won['’]t believe\b|\Aread on\b|\bstay tuned\b|"
        r"\bwe(?:['’]ve| have)? (?:break down|explain|look at|round(?:ed)? up|take a (?:closer )?look|answer|list|compiled|gathered)\b|\blet['’]s (?:look|take|dive|break|find|see|talk)\b|"
        r"\bbetter not\b(?!-)|\bhere['’]s what\b|"
        r"\b(?:a )?closer look\b.{0,5}\Z|\bhas you covered\b|"
        r"\A[^,.;:]{2,40} (?:is|are) (?:no longer|not) just [^,.;:]{2,40}\.?\Z|\b(?:made|makes) (?:one thing|this much) (?:very |clear|abundantly )"),
        r"\b(?:erfahren|lesen|sehen) sie,? (?:warum|wie|was|wo|wer|welche)\b|\bwir (?:erklären|zeigen|verraten|beantworten|stellen vor|haben .{0,40}zusammengestellt)\b|\bwas dahinter ?steckt\b",
        r"即睇|一起看看|跟住落嚟|跟我們|內文睇|等我[們们]|帶你|带你|為你(?:整理|拆解|介紹)|为你(?:整理|拆解|介绍)|小編|小编",
    ),
    # "This story has been updated", "More to follow", 更新中
    "history": (
        (r"\b(?:this (?:story|article|post|report|page|headline|piece|version)|the (?:story|article|post))\b.{0,40}\b(?:updated|corrected|amended|developing|republished|clarif\w+|translated|produced|generated|syndicated|adapted|excerpt\w*)\b|"
        r"\bthis is a (?:developing|breaking)\b|\A(?:this|our|the) (?:live ?)?blog (?:is|has)(?: now| been)? (?:closed|ended|paused)\b|\A(?:story )?developing\b|\bmore (?:to (?:come|follow)|details? (?:to follow|soon))\W*\Z|\b(?:check|come) back (?:for|later|soon)\b|\brefresh (?:the|this) page\b"),
        r"\Adies(?:er|e|es) (?:artikel|text|beitrag|meldung|seite|interview)\b|\bwird (?:laufend|fortlaufend|ständig) aktualisiert\b|\bmehr in kürze\b|\bzuerst (?:erschienen|veröffentlicht)\b",
        r"(?:本文|此文|文章|報道|新聞|稍後)(?:已|持續|將|会|會)?更新|更新中|持續更新|持续更新|不斷更新|原文(?:刊|载|載|網址|网址|標題)|轉載自|转载自|首發於|首发于",
    ),
    # "Photo: ...", "Foto: ...", （網上圖片）
    "credit": (
        # A caption without a day of the week, and what stands beside a picture: "(not seen)", "(Agency/Jane Doe)".
        (r"\A(?!.*\b(?:said|says|will|announced|told|was|were|had|has|have|after)\b).*\b(?:walk|speak|arrive|stand|look|point|gesture|attend|listen|wave|hold|carrie|pose|leave|sit|ride|work|gather|inspect|react|(?:is|are) (?:seen|pictured|shown))s?\b"
        rf".*(?:{_MONTHS}\.? \d{{1,2}},|\b\d{{1,2}} {_MONTHS},?) 20\d\d(?:[,.] .{{0,40}})?\.?\Z"),
        r"\((?:not (?:seen|pictured|shown)|unseen)\)|[(\[](?-i:[A-Z][\w.-]*(?: [A-Z][\w.-]*)?/[A-Z][\w.-]+(?: [A-Z][\w.-]+){1,2})[)\]]",
        # What a caption of an agency ends with: "... speaks at the quay in Mallow, Friday, Aug. 7, 2026."
        rf"\A(?!.*\b(?:said|says|will|announced|filed|dated|told)\b).* (?:on )?\w+day, {_MONTHS}\.? \d{{1,2}}, 20\d\d(?:, (?:in|at|near|outside) [^.]{{2,50}})?\.\Z",
        r"\b(?:ap|afp|reuters|epa|dpa|file) photos?\b|\bvia (?:getty|ap|reuters|afp|shutterstock|x|twitter)\b[.)]|\bphotograph(?:s|er)?:|\b(?:photo|image|picture|foto|bild|grafik)s?(?: (?:by|von))?: ?[A-Z]|\bpicture alliance\b|\bpictured (?:above|below)\b",
        r"(?:圖片?|图片?|截圖|截图|相片|影片|圖源|图源|圖文|來源)(?:來源|来源|提供)?\s?[:：/／]|(?:網上|資料|示意|新聞|設計)圖片?[)）。]|[（(][^（()）]{1,14}(?:攝|摄|提供|圖片|图片|截圖|截图)[)）]。?\Z",
    ),
    # Opinion and bulletins that an outlet prints in a report's place: 社評：..., "Opinion: ..."
    "label": (
        # What somebody thinks, as the line under an essay has it: "..., writes Jane Doe".
        rf", writes (?-i:[A-ZÀ-Þ])|\A(?-i:{_PERSON}) writes (?:that|on|about)\b",
        r"\A(?:opinion|commentary|editorial|analysis|column|kommentar|meinung|analyse|leitartikel)\s?[:|]",
        # A newsletter's name and date before its text: "The Harbour Note - Market Morning Update Friday, Aug 7 ..."
        r"\A[^.!?]{0,60}\b(?-i:(?:Morning|Midday|Evening|Daily|Weekly|Closing|Opening) (?:Update|Brief(?:ing)?|Wrap|Note|Recap|Report|Bell|Digest))\b[^.!?]{0,12}\b\w+day,? ",
        r"\A[^，。]{0,6}(?:社評|社论|社論|評論|评论|觀點|观点|專欄|专栏|重點新聞|新聞重點)\s?[:：︰|｜]",
        # Two phrases of Han with a space between them are a headline: no sentence of prose has one.
        r"[\u4e00-\u9fff]{4} [\u4e00-\u9fff]{4}",
    ),
}  # fmt: skip
_MOST_CHARACTERS = 1_000  # are read: a longer sentence is not quoted anyway


def why_never_quoted(sentence: str) -> str:
    """The kind of text that a sentence is instead of news; empty for news."""
    head = sentence[:_MOST_CHARACTERS]
    return next((kind for kind, pattern in _never().items() if pattern.search(head)), "")


@cache
def _never() -> Mapping[str, re.Pattern[str]]:
    # Not when the module is imported: every command imports it, and compiling these takes a tenth of `status`.
    return {
        kind: re.compile("|".join((*patterns, *ELSEWHERE.get(kind, ()))), re.IGNORECASE)
        for kind, patterns in _PATTERNS.items()
    }
