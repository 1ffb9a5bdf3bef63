"""Rows of the table of kinds (kind_table.py) for what comes every day: figures in words, and advice on what to buy with money."""

from __future__ import annotations

from typing import Final

from ..model import Kind
from .kind_rule import title_row

FIGURES: Final = (
    title_row(
        Kind.MARKET_DATA,
        r"\b(?:price|prices|rates?|quotes?)\s(?:today|for\stoday)(?:\b [^.]{0,40}$|\s*[,:|–—])|\bcurrent\s(?:mortgage|refinance|cd|savings|heloc)\srates\b"
        r"|\b(?:mortgage|refinance|heloc|cd|savings|exchange)\s(?:interest\s)?rates?\s(?:today|for|on|as\sof)\b|\bbest\s(?:cd|savings|money\smarket(?:\saccount)?)\srates\b"
        r"|\bwinning\snumbers\b|\blottozahlen\b|\bgewinnzahlen\b|\b(?:dax|dow\sjones|aktien?|börse|kurse?|\w*preise?|euro\sstoxx|nikkei|devisen)\b[^:]{0,20}\saktuell\s*:|\b(?:aktien|wechsel|gold)kurse?\sheute\b"
        r"|^\W*(?:most\sactive|biggest\smovers|top\sgainers)\b|(?:六合彩|攪珠|大樂透|雙色球|双色球|開獎|开奖)(?:結果|结果|開獎|开奖)|(?:今日|今天)(?:油價|油价|金價|金价|匯率|汇率)",
        "a table of prices or numbers in words",
        "Gold price today, August 7",
        "Silver price today, August 7: what an ounce costs in each of ten currencies",
        "Mortgage rates today: 30-year at 6%",
        "Powerball winning numbers for Saturday",
        "Lottozahlen vom Samstag",
        "六合彩結果｜今晚攪珠號碼",
        not_in=(
            "Oil price rises after storm",
            "Fed holds rates",
            "Mortgage rates fall to lowest since March",
            "六合彩新攪珠機亮相",
        ),
    ),
    title_row(
        Kind.MARKET_DATA,
        r"^(?!.*(?:警告|訊號|信号|颱風|台风|風暴|暴雨|黑雨|紅雨|創|紀錄|破|史上|罕見|死|傷|warn|alert|record|storm|kill|flood|tornado|warnung|unwetter|orkan))"
        r"(?:.{0,10}(?:天文台|天氣|天气|氣象|气象)[^，。]{0,14}(?:大致|多雲|多云|天晴|驟雨|骤雨|氣溫|气温|最高|最低|回暖|轉涼|清涼|涼|\d\s?度)"
        r"|.{0,10}(?:大致|多雲|多云|天晴|晴朗|密雲|驟雨|骤雨|潮濕)[^。]{0,24}(?:氣溫|气温|\d\s?度|°\s?C)"
        r"|\W*(?:\w+\s)?(?:weather\s(?:forecast|outlook|today|tomorrow|this\s(?:week|weekend))|(?:today|tonight|tomorrow|weekend|\w+day)(?:['’]s)?\s(?:weather|forecast)\b)"
        r"|\W*wetter(?:\s(?!warn|chaos|dienst)[^:]{2,40})?:\s|\W*(?:das\s)?wetter(?:bericht|vorhersage|aussichten)?\s(?:heute|morgen|am\s\w+tag|für|in)\b|\W*so\swird\sdas\swetter)",
        "the weather forecast of every day",
        "天文台｜大致多雲 日間最高氣溫約25度",
        "今日多雲有驟雨 氣溫徘徊22°C",
        "Weather forecast: sun and showers",
        "Today's weather: mild with a breeze",
        "Das Wetter heute: Sonne und Wolken",
        "Wetter an der Küste: So wird das Wochenende",
        not_in=(
            "天文台發出黑色暴雨警告信號",
            "天文台：本港上月氣溫創紀錄",
            "Storm warning for the whole coast",
            "Weather delays the launch",
            "Wetterdienst warnt vor Orkan",
            "Wetter: Unwetter legt Küste lahm",
        ),
    ),
    # ---- advice on shares: it tells a reader what to do, not what happened ------------------------------------------
    title_row(
        Kind.GUIDE,
        r"\b(?:stocks?|shares|etfs?|funds|bonds|coins|cryptos|tokens|picks)\s(?:\w+\s){0,2}?to\s(?:buy|consider|own|watch|hold|sell|avoid)\b"
        r"|\bbetter\s(?:\w+\s){0,2}buy\b|\bbuy,?\s(?:sell,?\s)?or\s(?:sell|hold|avoid)\b|\bbullish\sor\sbearish\b"
        r"|\b(?:is|are)\s(?:it|now|this|they)\s(?:\w+\s){0,3}(?:buy|time\sto\s(?:buy|sell|invest))\b|\btoo\slate\sto\sbuy\b"
        r"|\bshould\s(?:you|i|investors)\s(?:buy|sell|invest|own|hold)\b|\bways?\sto\sinvest\b|\bwhere\sto\sinvest\b|\bhow\sto\s(?:buy|invest|trade)\b"
        r"|\b(?:i|we)(?:['’]d|['’]m|['’]re|\swould)\s(?:buy|sell|hold|buying|selling|downgrading|upgrading)(?:ing)?\b"
        r"|\b(?:what|facts|things)\s(?:investors|traders|shareholders)?\s?(?:need|should|must|have)?\s?to\s(?:know|note)\b.{0,12}$|\bprice\starget\b.{0,3}$|\bstocks?\s(?:\w+\s){0,2}poised\s(?:to|for)\b"
        r"|\baktientipps?\b|\bkaufen\soder\s(?:ver|nicht)\w*|\bjetzt\s(?:ein)?(?:kaufen|steigen)\s?\?|\blohnt\ssich\sder\s(?:ein|kauf)\w*"
        r"|值得買|值得买|抄底|心水股|必買|必买|可吸納|追貨|入市良機|買入時機|买入时机",
        "a headline that says what to buy with money",
        "Three crane stocks to consider for your portfolio",
        "Tidal vs. Coral: which stock is the better AI buy?",
        "Is it too late to buy Tidal shares?",
        "Is Tidal bullish or bearish after its results?",
        "The smart way to invest in copper right now",
        "Here is the one harbour stock I'd buy",
        "Tidal beats the market: what investors need to know",
        "Tidal shares drop: important facts to note",
        "Why we like Tidal. Here's our price target",
        "The overlooked crane stock poised to lead",
        "Aktientipp: Werft mit Rückenwind",
        "兩隻船股值得買",
        not_in=(
            "Tidal to buy rival Coral for $5 billion",
            "Fund buys stake in harbour",
            "Regulator tells banks to sell bonds",
            "Investors sell bonds as yields rise",
            "Shares to resume trading on Monday",
            "Pension fund to watch its costs",
        ),
    ),
)
