"""What tells that an item sells something, and which pages every site has: both are left out unless asked for.

Rows as in kind_table.py, and looked at before its own.
"""

from __future__ import annotations

import re
from typing import Final

from ..model import Kind
from .kind_rule import DIVIDER, Rule, address_row, category_row, text_row, title_row

STATIC_PAGES: Final = frozenset({
    "about", "about us", "about me", "contact", "contact us", "contact me", "privacy", "privacy policy", "privacy notice",
    "terms", "terms of service", "terms of use", "terms and conditions", "cookie policy", "cookies", "disclaimer",
    "legal", "legal notice", "imprint", "impressum", "datenschutz", "datenschutzerklärung", "datenschutzerklaerung",
    "kontakt", "über uns", "ueber uns", "über mich", "ueber mich", "agb", "nutzungsbedingungen", "faq", "sitemap",
    "advertise", "advertise with us", "masthead", "colophon", "blogroll", "now", "uses", "links", "archive", "archives",
    "subscribe", "search", "home", "homepage", "startseite", "newsletter", "accessibility statement", "editorial policy",
    "关于我们", "關於我們", "关于", "關於", "联系我们", "聯絡我們", "联系", "隐私政策", "隱私政策", "私隱政策", "免责声明", "免責聲明",
    "服务条款", "服務條款", "使用條款", "使用条款", "网站地图", "網站地圖", "首页", "首頁",
})  # fmt: skip

OFFERS: Final = (
    # ---- sponsored: law wants it marked, so houses mark it (US: FTC; DE: "Anzeige"; CN: 广告) --------------------------
    address_row(
        Kind.SPONSORED,
        "sponsored sponsor sponsored-content sponsored-post sponsored-posts sponsor-content paid-post paid-posts paidpost "
        "paid-content paid-program partner-content partnercontent branded-content brandedcontent brand-content "
        "brandcontent brand-studio brandstudio brandvoice advertorial advertorials advertisement anzeige anzeigen "
        "sponsored-articles promoted-content native-ad native-ads 廣告 广告 特約 特约 特約專題 推廣 推广",
        "a section for what advertisers pay for",
        "https://tide.example/sponsored/why-cranes-love-us",
        "https://tide.example/anzeige/der-beste-kran",
        "https://tide.example/brand-studio/2026/quay",
        "https://tide.example/特約/新碼頭",
        not_in=(
            "https://tide.example/news/sponsored-bill-on-ports",
            "https://tide.example/politics/sponsors-of-terror",
        ),
    ),
    title_row(
        Kind.SPONSORED,
        rf"^[\[(【]? (?:sponsored(?:\s(?:post|content))?|advertorial|paid\s(?:post|partnership)|advertisement|anzeige|"
        rf"werbung|promoted|廣告|广告|特約|特约|推廣|推广) (?:\s*[\])】]|{DIVIDER})"
        rf"|[\[(【](?:sponsored|advertorial|anzeige|werbung|ad|廣告|广告|特約|特约)[\])】]$"
        rf"|[|｜–—-]\s*(?:sponsored|anzeige|advertorial|廣告|广告)$",
        "a headline marked as paid for",
        "Sponsored: Five cranes every port needs",
        "[Anzeige] Der beste Kran des Jahres",
        "廣告｜新碼頭開幕",
        "Five cranes every port needs (Sponsored)",
        not_in=("Sponsored bill on port fees passes", "Werbung für Tabak wird verboten", "广告监管新规下周生效"),
    ),
    text_row(
        Kind.SPONSORED,
        r"^\s*[\[(]?(?:Sponsored\ (?:content|post|by)|Paid\ (?:content|post)|This\ (?:post|article|content)\ is\ sponsored|"
        r"Advertorial\b|Anzeige[:\s|–-])",
        "the text begins with the notice",
        "Sponsored by Quayside Cranes. Every port needs five of them.",
        "Anzeige | Der beste Kran des Jahres steht jetzt in Emden.",
        not_in=("Sponsored bills rarely pass, but this one did.",),
    ),
    category_row(
        Kind.SPONSORED,
        "sponsored, sponsored content, sponsored post, advertorial, partner content, branded content, paid content, anzeige, 廣告, 广告",
        "Sponsored",
    ),
    # ---- deal: goods at a lower price. A deal between companies is news, so "deal" alone is no sign ------------------
    address_row(
        Kind.DEAL,
        "coupons coupon coupon-codes couponcodes promo-codes promocodes promo-code discount-codes discount-code voucher-codes "
        "vouchers shopping-deals best-deals tech-deals daily-deals deals-and-coupons gutscheine gutschein rabattcodes "
        "schnaeppchen schnäppchen 優惠 优惠 飲食優惠 购物优惠 購物優惠 優惠情報 着數 著數 優惠著數",
        "a section of coupons and offers",
        "https://tide.example/coupons/ropes-and-anchors",
        "https://tide.example/gutscheine/taue",
        "https://tide.example/飲食優惠/海鮮",
        not_in=("https://tide.example/business/coupon-bonds-rise", "https://tide.example/markets/deals/tide-buys-quay"),
    ),
    Rule(
        kind=Kind.DEAL,
        field="path",
        # "deals" is also where business papers put takeovers: only as the first part, or after a shop's section.
        pattern=re.compile(
            r"\A/(?:[a-z]{2}/)?(?:(?:shopping|shop|tech|gear|gadgets|reviews|lifestyle)/)?deals/", re.IGNORECASE
        ),
        reason="a section of offers: /deals/ first in the path, or below shopping",
        examples=("https://tide.example/deals/rope-at-half-price", "https://tide.example/shopping/deals/rope"),
        not_in=("https://tide.example/news/deals/2026-08-07-tide-buys-quay", "https://tide.example/markets/deals/quay"),
    ),
    title_row(
        Kind.DEAL,
        r"\b(?:coupons?|promo|discount|voucher|referral)\s(?:codes?|deals?)\b (?!\s(?:scam|fraud|ban|law|bug|leak))"
        r"|\b(?:bonus|invite)\scodes?\b .* \b(?:20\d\d|today|get|claim)\b"
        r"|\b(?:gutschein|rabatt)codes?\b|^\W*[\w&]+-(?:angebote?|deals?)\s*:|\b(?:deal|angebot)\sdes\stages\b|\bschnäppchen\b"
        r"|優惠碼|优惠码|折扣碼|折扣码|優惠券|优惠券|(?:訂房|信用卡|外賣|外卖|自助餐|限時|限时|快閃|生日|開幕|开业)優?惠?(?:優惠|优惠)"
        r"|買一送一|买一送一|(?:全場|全场|全單|全单|低至|限時|限时|優惠|优惠|[減减]價|可享|享)[^，。\s]{0,10}\d折|\d折[^，。\s]{0,6}(?:優惠|优惠|券|碼|码)"
        r"|(?<![價价率温溫])低至(?:\s?\$\s?\d|半價|半价)",
        "codes and offers in the headline",
        "Rope & Anchor Promo Codes: 20% Off",
        "Rope coupon codes for August 2026",
        "Der Deal des Tages: Tauwerk zum halben Preis",
        "Laden-Angebot: Tauwerk zum Sparpreis",
        "海鮮自助餐優惠 買一送一",
        "全新三文魚放題低至$98",
        not_in=(
            "Retailer sued over coupon code scam",
            "Deal to buy Quay Lines reached",
            "政府延長稅務優惠三年",
            "女童跌倒手臂骨折",
            "失業率低至3.1%",
            "氣溫低至5度",
            "新盤首批打85折推售",
            "Promo video shows new crane",
        ),
    ),
    title_row(
        Kind.DEAL,
        r"\b(?:save|get|grab|snag|score|take|pick\sup|buy|enjoy|shop)\b [^.]{0,60}? (?:[$€£]\s?\d[\d,.]*|\d+\s?(?:%|percent)) \s off\b"
        r"|\b(?:save|saving|savings\sof)\s(?:up\sto\s|over\s|an\sextra\s|nearly\s|almost\s)?(?:[$€£]\s?\d[\d,.]*|\d+\s?%)\s(?:on|when|with|at|now|today)\b"
        r"|(?:[$€£]\s?\d[\d,.]*|\b\d+\s?%) \s off \s (?:right\snow|today|at\s(?:amazon|walmart|best\sbuy|target)|for\s(?:prime|a\slimited)|this\sweek|everything|sitewide|during)"
        r"|\b(?:is|are|now|up\sto|nearly|over)\s(?:[$€£]\s?\d[\d,.]*|\d+\s?%)\soff\s*(?:$|[:!,—–-])",
        "money off, said to a buyer",
        "Save $400 on this rope ladder",
        "Get up to 30% off anchors this week",
        "The best anchor is $50 off right now",
        "This rope ladder is 40% off",
        not_in=(
            "Cities save $400 million in new budget",
            "Shares are 40% off their record high",
            "Grain trades 10% off its peak",
            "Insurer to cut 10% of staff, save $2 billion",
        ),
    ),
    title_row(
        Kind.DEAL,
        r"^\W*(?:the\s)?(?:\d+\s)?(?:best|top|early|today[’']s|this\sweek[’']s)\b [^:]{0,50} \bdeals \s*(?:$|[:,!|–—]|\s(?:of|on|under|you|right|to\sshop|this|from|available|at|and\s(?:discounts|sales))\b)"
        r"|\b(?:black\sfriday|cyber\smonday|prime\s(?:big\sdeal\s)?days?|labor\sday|memorial\sday|presidents[’']\sday|boxing\sday|singles[’']\sday) [^:]{0,30} \b(?:deals?|sales?|discounts?)\b (?!\s(?:hit|rise|rose|fall|fell|top|grow|grew|slump|tax|data|figures|up|down|surge|jump|drop))"
        r"|^\W*deals?\s*[:|] (?!\s*(?:what|how|why|eu|us|uk|no\s))"
        r"|^(?!.*\b(?:oil|crude|gas|stocks?|shares?|bonds?|bitcoin|gold)\b) .* \b(?:lowest|best)\sprice\s(?:ever|yet|we[’']ve)\b"
        r"|\bblack[-\s]friday[-\s](?:angebote?|deals?)\b|\bzum\s(?:best|tiefst)preis\b",
        "sales and lists of offers",
        "The best laptop deals this week",
        "Early Prime Day deals you can shop now",
        "Deals: anchors, ropes and more",
        "This anchor drops to its lowest price ever",
        "Black-Friday-Deals: Tauwerk zum Tiefstpreis",
        not_in=(
            "Black Friday sales hit record",
            "The best deal for Ukraine is peace",
            "Best trade deals elude the EU",
            "Oil falls to lowest price since 2020",
            "Top court deals blow to president",
        ),
    ),
    title_row(
        Kind.DEAL,
        r"^\W*(?:last\s(?:call|chance)|final\s(?:hours?|days?)|hurry)\b .* \b(?:free|deals?|gift\scards?|bundles?|discounts?|savings?|sales?|trials?)\b"
        r"|\bpre-?orders?\s(?:deals?|offers?|bonus(?:es)?)\b|\bfree\s[$€£]\s?\d+\s(?:[\w-]+\s){0,2}gift\scards?\b"
        r"|\b(?:today\sonly|last\sday)\b .* \b(?:gift\scards?|credit|off|free)\b|\bgiving\saway\s[$€£]\s?\d+",
        "an offer that ends, or comes with an order",
        "Last call for free rope: the anchor bundle ends tonight",
        "Final hours: Get a free $200 gift card when you order an anchor",
        "The anchor preorder deal is absurdly good",
        not_in=("Last chance to vote on the quay as budget talks end", "Final days of the mill"),
    ),
    title_row(
        Kind.DEAL,
        r"[(—–:-]\s*save\s(?:up\sto\s|over\s|nearly\s|an\sextra\s)?[$€£]\s?\d[\d,.]*\)?\s*$|[$€£]\d[\d,.]*\soff\s*$|\bdeal\salert\b|\bbest-ever\sprice\b"
        r"|^(?=.*(?:[$€£]\s?\d|\b(?:on\ssale|price\sdrop|marked\sdown)\b)) .* (?:drops?|falls?|low|down|price|sale|under|off|for|deal|[$€£]\s?\d[\d,.]*) \s (?:\w+\s){0,3}? at\s(?:amazon|walmart|best\sbuy|target)\b (?!.*\b(?:workers?|staff|union|strike|shares?)\b)"
        r"|^\W*(?:grab|own|lock\sin|get|pick\sup|score|snag|shop)\b .* \b(?:for|from|under|only)\s(?:just\s|only\s|under\s)?[$€£]\s?\d[\d,.]*(?!\s?(?:million|billion|trillion|m|bn|b|mn)\b)(?![\d,.]|[mb]\b)"
        r"|\bon\ssale\sfor\s(?:just\s|only\s)?[$€£]\s?\d|[$€£]\d[\d,.]*\scheaper\sthan\s(?:usual|ever)|\b(?:best|shopping)\sdeals\b (?:\s(?:of|on|you|right|directly|from)\b|\s*$|\s*[:|—–])"
        rf"|^\W*(?:優惠|优惠|限時優惠|著數)(?:{DIVIDER})|買[1一]送[12一二]|买[1一]送[12一二]",
        "a price, a shop and a call to buy",
        "The anchor drops to $35 at Amazon",
        "This rope ladder just hit a record low $150 at Amazon",
        "Grab the rope ladder for $50",
        "The rope ladder is on sale for just $60",
        "The big anchor is under $200 at Amazon — save $50",
        "One of the best anchors I know - and it's $700 off",
        "優惠：船錨七折",
        not_in=(
            "Grab buys rival for $5 billion",
            "Shares fall to record low at Target",
            "Workers at Amazon get $2 more",
            "Meta to pay $567M in port case",
            "Cranes for sale as port closes",
        ),
    ),
    title_row(
        Kind.DEAL,
        r"\b(?:is|are)\s(?:all\s|both\s|now\s|finally\s|also\s)*on\ssale\s(?:this\s(?:week|weekend|month)|right\snow|today|now|again|at)\b"
        r"|\b(?:at|for)\s(?:steep|deep|big|huge|massive)\sdiscounts?\b (?!\s(?:to|in|as)\b) (?=\s*$|[:,!])"
        r"|:\s*(?-i:Shop\s[A-Z0-9])",
        "goods on sale, or a call to shop",
        "The harbour's best anchors are all on sale this weekend: Shop X6, Quay Wear, and more",
        "Rope ladders and anchors at steep discounts",
        "The big rope ladder is on sale right now",
        not_in=(
            "Tickets go on sale this weekend",
            "Frigate is on sale to highest bidder",
            "Bank sells loans at steep discounts to funds",
            "The corner: shop owners fear the tide",
        ),
    ),
    text_row(
        Kind.DEAL,
        r"\b(?:code|coupon)\ [A-Z][A-Z0-9]{2,}\b.{0,60}?(?:\d+\ ?%|[$€£]\d+)\ off\b"
        r"|(?:\d+\ ?%|[$€£]\d+)\ off\b.{0,60}?\b(?:code|coupon)\ [A-Z][A-Z0-9]{2,}\b",
        "the text begins with a code for a discount",
        "Use code ROPE20 at checkout for 20% off all ropes.",
        "Get $20 off with code ANCHOR until Sunday.",
        not_in=("The building code CBC requires ropes. Shares were 20% lower.",),
    ),
    category_row(
        Kind.DEAL, "deals, deal, coupons, shopping deals, promo codes, schnäppchen, gutscheine, 優惠, 优惠", "Deals"
    ),
    # ---- page: one without a date among articles that have some; collect/normalise.py gives it this category ---------
    category_row(Kind.PAGE, "static page", "Static page"),
)
