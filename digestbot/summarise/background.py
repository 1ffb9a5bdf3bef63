"""Sentences that tell what was before the event, what holds anyway or what might be: history, reputations, rules in force.

A report opens with what is new and explains it further down. Quoted under a headline the explanation alone says nothing
that happened, so it gives way to any sentence that does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache

_NUMBER = r"(?:a|one|two|three|four|five|six|seven|eight|nine|ten|several|some|many|\d+)"
# Whoever says, decides or finds something today is news, whatever it is about.
_REPORTS = (
    r"\b(?:said|says|told|tells|announc\w+|ruled|rules that|order(?:s|ed)|decid(?:es|ed)|agree[sd]|vote[sd]|approv(?:es|ed)|found|finds|warn(?:s|ed)|"
    r"report(?:s|ed)|confirm(?:s|ed)|propos(?:es|ed)|plans?|sagten?|teilten?|entschied\w*|beschloss\w*|kündigt\w*|warn(?:t|te)n?|today|yesterday|on (?:mon|tues|wednes|thurs|fri|satur|sun)day)\b"
    r"|[表指稱称說说宣判裁][示出佈布稱称決决]?|今[日天早午晚晨]|昨[日天晚]|[周週][一二三四五六日]"
)
_KINDS = {
    # "Last year the port ...", "In recent months ...", "Vor zwei Jahren ...", 近年...
    "of another time": (
        (
            rf"\A(?:last (?:year|month|summer|winter|spring|autumn|fall)|earlier this (?:year|month|decade)|{_NUMBER} (?:years?|months?|decades?) ago|"
            r"in (?:recent|past|previous) (?:years?|months?|decades?)|(?:over|in|during|for) the (?:past|last) (?:few |several |\w+ )?(?:years?|months?|decades?)|"
            rf"for (?:years|decades|months|centuries|generations)|for (?:more than|over|nearly|almost|about) {_NUMBER} (?:years?|decades?|months?)|"
            r"historically|traditionally|previously|formerly|until (?:now|recently|last \w+)|back in)\b"
        ),
        (
            r"\A(?:im (?:vergangenen|vorigen|letzten) (?:jahr|monat|sommer|winter)|im vorjahr|vor (?:\w+ )?(?:jahren|monaten|jahrzehnten|einem jahr)|"
            r"in den (?:vergangenen|letzten) (?:\w+ )?(?:jahren|monaten)|seit (?:jahren|jahrzehnten|langem|monaten)|bislang|bisher|früher|traditionell|jahrelang)\b"
        ),
        (
            r"\A(?:depuis (?:des années|longtemps|plusieurs)|ces dernières années|l['’]an dernier|il y a \w+ ans|desde hace|hace \w+ años|en los últimos|"
            r"el año pasado|negli ultimi|da anni|l['’]anno scorso|nos últimos|há \w+ anos|no ano passado|de afgelopen|vorig jaar)\b"
        ),
        (r"\A(?:近年|近月|多年[來来以]|過去[^，。]{0,4}[年月]|过去[^，。]{0,4}[年月]|一直以[來来]|向[來来]|[歷历][來来]|早年|去年(?!同)|前年|上年|以往|從前|从前|昔日)"
        r"(?!.*(?:近日|日前|今[日天早午晚晨]|昨[日天晚]|宣布|宣佈|公布|公佈))"),
    ),
    # "The watchdogs have long ...", "is best known for", "gilt als", 成立於
    "a reputation": (
        (
            r"\b(?<!that )(?<!which )(?<!who )(?:has|have|had|is|are) (?:long|traditionally|historically|always|repeatedly|for (?:years|decades|months))\b|\b(?:is|are) best known (?:for|as)\b|\b(?:is|are) (?:not |un)?(?:common|frequent|rare|widespread|routine|notorious)\b (?:in|on|for|among|during)\b|"
            r"\b(?:is|are) (?:one of the|(?:the |\w+['’]s )(?:\w+['’]s )?(?:largest|biggest|oldest|leading|most))\b|"
            r"\b(?:was|were) (?:founded|established|set up|incorporated) (?:in|by)\b|\b(?:is|are) (?:home to|headquartered|based) "
        ),
        r"\b(?:gilt|gelten) als\b|\b(?:ist|sind) (?:bekannt für|einer der|eine der|eines der)\b|\bwurde \d{4} gegründet\b|\bhat seinen sitz\b",
        r"\A[^，。]{2,20}(?:成立|創辦|创办|始建)[於于]",
    ),
    # "The launch reflects the firm's ambitions", "Der Schritt zeigt, wie ...", 反映: what somebody makes of it.
    "what it means": (
        (
            r"\A(?:the|this|its|these|that) [^,.;:]{3,80}?\b(?:reflects?|underscores?|underlines?|highlights?|signals?|illustrates?|exemplif(?:y|ies)|"
            r"marks? (?:a|an|another|the (?:latest|first|end|start|beginning))|raises? (?:new |fresh )?questions|"
            r"shows? (?:how|that|why)|sheds? (?:new |more )?light)\b"
        ),
        r"\A(?:der|die|das|dies\w*) [^,.;:]{3,80}?\b(?:zeigt,|unterstreicht|verdeutlicht|spiegelt|markiert|wirft (?:neue )?fragen|steht für)",
        r"\A[^，。：:]{2,20}(?:反映|凸[顯显]|突[顯显]|[標标][誌志]|意味|彰[顯显])",
    ),
    # "It comes after the strike", "The vote came a day before ...": what was told before, or stands in the headline.
    "what went before": (
        (r"\A(?:it|this|that|the|its|their|these|those)\b(?: [^,.;:\"“]{2,80}?)??(?:, [^,.;:\"“]{2,60},)?(?: also)? (?:comes?|came) (?:as|amid|after|against|at a time|on the heels|"
        rf"(?:just |only |barely |less than |more than )?{_NUMBER} (?:hours?|days?|weeks?|months?|years?) (?:after|before))\b"),
    ),
    # "Flour prices have soared on thin harvests", "The quarrel has been building for weeks": how things stood already.
    "under way": (
        (
            rf"\A(?!.*(?:{_REPORTS}))[^\d\"“$€£]*\b(?:has|have) (?:recently |since |already |steadily |sharply )?(?:surged|soared|risen|fallen|climbed|jumped|grown|"
            r"dropped|declined|slumped|boomed) (?:because|due to|thanks to|amid|as|on|on the back of)\b[^\d$€£]*\Z|"
            rf"\A(?!.*(?:{_REPORTS})).*\b(?:has|have|had) been \w+ing (?:for|over) (?:the (?:past|last) |some |many |{_NUMBER} )?(?:weeks|months|years|decades|time)\b"
        ),
    ),
    # "Firms that fail must ...", "Under the Harbour Act ...", 根據《條例》
    "a rule in force": (
        (
            rf"\A(?!.*(?:{_REPORTS}))[^\"“]*\b(?:must(?![-’']| have\b| be\b)|(?:is|are) (?:required|obliged|obligated|not allowed|allowed|permitted) to)\b|"
            r"\Aunder (?:the |a |an |current |existing |its |their )?(?:[\w’'&-]+ ){0,6}(?:act|laws?|rules?|directive|regulations?|ordinance|code|treaty|statute)\b"
        ),
        rf"\A(?!.*(?:{_REPORTS}))[^„\"]*\b(?:muss|müssen|(?:ist|sind) (?:verpflichtet|vorgeschrieben))\b|\A(?:nach|laut|gemäß) (?:dem |der |den )?\w*(?:gesetz|ordnung|richtlinie)\b",
        r"\A[^，。]{0,4}(?:根據|根据|按照|依據|依据|依照|現行|现行)[^，。]{0,24}(?:法例|條例|条例|法律|憲法|宪法|規定|规定|法》)",
    ),
}  # fmt: skip
# "Dearer flour would hurt bakers", "könnte": what follows if something else does. What somebody says of it is reported all the same.
_HYPOTHETICAL = re.compile(
    rf"\A(?!.*(?:{_REPORTS}))(?:[^\"“]*\b(?:would|could|might)\b(?! have\b)|[^„\"]*\b(?:würden?|könnten?|dürften?)\b|[^「]*(?:或[會会將将]|恐[會会將将]))",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<![\d.,$€£])(?:19|20)\d\d(?![\d%,.]\d|%)")
_OPENING = re.compile(r"\A[^,，。;:]{0,24}?(?<![\d.,$€£])((?:19|20)\d\d)(?![\d%])")


def tells_background(sentence: str, moment: datetime | None) -> bool:
    """Whether it tells no news of its day.

    Args:
        sentence: of a report.
        moment: when the report came out; where it is known, a sentence that begins with a year before it is history.
    """
    if any(pattern.search(sentence) for pattern in _kinds().values()):
        return True
    begun = _OPENING.match(sentence) if moment else None
    if not begun or not moment:
        return False
    return all(int(year) < moment.year for year in _YEAR.findall(sentence)) and not _reports().search(sentence)


def is_hypothetical(sentence: str) -> bool:
    """Whether it tells what would follow from something, and not that anything did."""
    return _HYPOTHETICAL.search(sentence) is not None


@cache
def _kinds() -> Mapping[str, re.Pattern[str]]:
    # Not when the module is imported: every command imports it.
    return {kind: re.compile("|".join(patterns), re.IGNORECASE) for kind, patterns in _KINDS.items()}


@cache
def _reports() -> re.Pattern[str]:
    return re.compile(_REPORTS, re.IGNORECASE)
