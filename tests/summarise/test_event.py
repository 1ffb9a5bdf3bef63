"""Summaries that agree with their headline: the newest state of the same event, and not one outlet alone."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest
from builders import item, story

from digestbot.model import Summary
from digestbot.summarise import summarise
from digestbot.summarise.background import tells_background
from digestbot.summarise.document import Quotable, Tokenizer
from digestbot.summarise.event import of_the_event
from digestbot.summarise.summarise import in_reading_order
from digestbot.text.clauses import is_only_occasion
from digestbot.text.tokenize import split_words

LATE = item(
    "Mallow mill fire: death toll rises to 16",
    text="Sixteen people have died in the fire at the old mill in Mallow, the mayor said on Tuesday evening.",
    source="Late",
    hours=1,
)
EARLY = item(
    "Mallow mill fire kills 3",
    text="Three people were killed in a fire at the old mill in Mallow, among them a night watchman and his sons. Flames shot from the roof of the mill at dawn and "
    "smoke drifted over the harbour. Firefighters await a crane from the naval yard before they can enter.",
    source="Early",
    hours=9,
)


def texts(summary: Summary) -> str:
    return " ".join(sentence.text for sentence in summary.sentences)


def test_no_other_number_of_dead_stands_under_the_headline():
    """Three dead are not quoted under sixteen, whatever else the early report is worth; alone they are."""
    both = item(
        "Mallow mill fire",
        text=f"{EARLY.text} Sixteen died in the mill in Mallow by evening, the mayor said.",
        source="Both",
    )
    assert "Three" not in texts(summarise(story(LATE, EARLY), words=80))
    assert "Three" not in texts(summarise(story(LATE, both), words=80))
    assert "Three" in texts(summarise(story(EARLY), words=80))


@pytest.mark.parametrize(
    ("headline", "strength", "agrees"),
    [
        ("Magnitude 4.2 quake shakes Mallow", "The 4.4-magnitude quake on Sunday was felt in the harbour of Mallow, and nobody was hurt.", False),
        ("Magnitude 4.2 quake shakes Mallow", "The quake measured 4.2 on the Richter scale, was felt in the harbour, and nobody was hurt.", True),
        ("Magnitude 4.2 quake shakes Mallow", "The quake on Sunday was felt in the harbour at 4.4 metres above the sea, and nobody was hurt.", True),
        ("Beben der Stärke 5,1 erschüttert Moos", "Ein Beben der Stärke 4,8 hat am Sonntag Häuser im Hafen von Moos beschädigt und zwei Straßen aufgerissen.", False),
        ("Séisme de magnitude 5,1 à Mallow", "Le séisme de magnitude 4,8 a été ressenti dimanche jusque dans le port sans faire de blessés.", False),
        ("馬洛發生5.1級地震", "馬洛周日發生4.8級地震，海港一帶居民感到搖晃數秒，暫時未有人受傷。", False),
    ],
)  # fmt: skip
def test_no_other_strength_of_a_quake_stands_under_the_headline(headline: str, strength: str, agrees: bool):
    """Two measurements of one quake are as confusing as two tolls."""
    told = story(item(headline, source="Post"), item(headline, text=strength, source="Wire"))
    assert bool(summarise(told, words=40).sentences) is agrees


def test_german_and_chinese_numbers_are_compared_too():
    """Drei Tote under sechzehn, and 三死 under 十六死, contradict as well."""
    german = story(
        item(
            "Zahl der Toten nach Brand in Mallau steigt auf 16",
            text="Am Abend meldete die Stadt Mallau nach dem Brand 16 Tote.",
        ),
        item(
            "Brand in Mallau",
            text="Bei dem Brand in Mallau wurden drei Menschen getötet. Der Brand brach am Morgen in Mallau aus.",
            source="B",
        ),
    )
    chinese = story(
        item("馬洛磨坊大火增至16死", text="馬洛磨坊大火傍晚再多數人不治，累計造成16人死亡。"),
        item("馬洛磨坊大火", text="馬洛磨坊大火造成3人死亡。馬洛磨坊今早六時許起火，濃煙飄至海港一帶。", source="B"),
    )
    assert "drei" not in texts(summarise(german, words=80))
    assert "3人" not in texts(summarise(chinese, words=80))


def test_what_is_awaited_is_not_quoted_once_the_headline_tells_it():
    """A report from before the verdict awaits it; one from after it may look ahead as well."""
    before = item(
        "Mallow awaits bridge verdict",
        text="Shares of the Mallow harbour were flat ahead of the bridge verdict. The nine judges of the court in Mallow heard engineers for three days in March.",
        source="Early",
        hours=9,
    )
    after = item(
        "Court rejects Mallow bridge plan",
        text="The court in Mallow rejected the plan for a new bridge.",
        source="Late",
    )
    quoted = texts(summarise(story(after, before), words=80))
    assert "ahead of" not in quoted
    assert "nine judges" in quoted


def test_a_report_of_something_else_is_not_quoted():
    """Another event that a story holds by mistake gives no sentence, even where nothing else is left to quote."""
    other = item(
        "Chess club of Lune wins cup",
        text="The chess club of Lune won the national cup after a final of seven hours against four former champions.",
        source="Other",
    )
    second = item(
        "Mill in Mallow burns",
        text="The old mill in Mallow burnt to the ground by evening, the mayor of the town said.",
        source="B",
    )
    assert "chess" not in texts(summarise(story(LATE, second, other), words=90))
    silent = item("Mallow mill fire", source="Silent")
    assert not texts(summarise(story(silent, other), words=90))


def test_one_outlet_is_quoted_twice_at_most_while_another_tells_it_too():
    """A long report does not fill the summary beside others; alone it may."""
    long = item(
        "Mallow mill burns",
        text="The old mill in Mallow burnt down on Tuesday. Firefighters came from nine villages around the bay. Cranes lifted "
        "beams from the river until midnight. Insurers valued the timber at four million crowns. Schools stay shut on Friday.",
        source="Long",
    )
    short = item(
        "Fire at mill in Mallow",
        text="A spark from a grinder started the fire in Mallow, an inspector found.",
        source="Short",
    )
    beside = Counter(sentence.source for sentence in summarise(story(long, short), words=70).sentences)
    alone = summarise(story(long), words=70).sentences
    assert beside["Long"] <= 2
    assert len(alone) > 2


def test_nothing_is_quoted_where_nothing_is_worth_it():
    """A page of calls, notes and credits gives no summary rather than a bad one."""
    page = item(
        "Mallow mill burns",
        text="Here is the latest. Sign up for our letter. (Updates with toll.) Will it stop? By Jane Doe.",
    )
    assert summarise(story(page), words=60).sentences == ()


def test_reports_that_share_only_names_with_the_headline_are_not_quoted():
    """Under a headline that no other report tells there is its own text or nothing."""
    headline = item("Orbis and Veltrona fined over shared passwords", source="Wire")
    hired = item(
        "Cook of Mallow joins Orbis",
        text="Ada Roth said that she will run the kitchens of Orbis in Mallow from June, after nine years at the harbour hotel.",
        source="Courier",
    )
    assert not texts(summarise(story(headline, hired), words=80))
    told = item(
        "Regulator punishes two firms",
        text="The regulator fined Orbis and Veltrona because staff had shared passwords with each other for years.",
        source="Post",
    )
    quoted = texts(summarise(story(headline, hired, told), words=80))
    assert "regulator fined" in quoted
    assert "kitchens" not in quoted


@pytest.mark.parametrize(
    ("headline", "again", "other"),
    [
        (
            ("Jonas Falk arrested by police on the ferry fraud", ""),
            ("Police arrest Falk over ferry fraud", "Jonas Falk, 62, was held in Mallow on Thursday and later bailed, police said."),
            ("Emil Quist arrested by police on the ferry fraud", "Police on the ferry fraud arrested Emil Quist at his house in Carrow on Sunday morning."),
        ),
        (
            ("Mallow’s new harbour chief sworn in after landslide election win", ""),
            ("Ada Roth sworn in as harbour chief of Mallow", ""),
            ("Carrow's harbour chief to stay", "The harbour chief of Carrow won a landslide election last week that gave him a strong mandate."),
        ),
        (
            ("Jonas Falk arrêté pour la fraude du ferry", ""),
            ("Fraude du ferry : Falk arrêté", "Jonas Falk, 62 ans, dort depuis jeudi en cellule à Mallow, et son avocat proteste."),
            ("Emil Quist arrêté pour la fraude du ferry", "Arrêté chez lui dimanche pour la fraude, Emil Quist attend son procès dans la ville de Carrow."),
        ),
    ],
)  # fmt: skip
def test_what_happened_to_somebody_else_is_not_quoted(
    headline: tuple[str, str], again: tuple[str, str], other: tuple[str, str]
):
    """A report that never names whom the headline names first, though nearly all do, is of another event."""
    told = [item(title, text=text, source=f"s{at}") for at, (title, text) in enumerate((headline, other, again))]
    assert texts(summarise(story(*told), words=40)) == again[1]


def test_what_tells_the_headline_comes_first():
    """An opening may be colour or background: the sentence with the event stands before it."""
    background = item(
        "Mallow harbour bridge closes for repairs",
        text="Every summer thousands of lorries queue on the quays below the old town.",
        source="Post",
    )
    event = item(
        "Bridge shut",
        text="Rust was found by an inspector. The harbour bridge in Mallow closes while welders replace its northern cables.",
        source="Wire",
    )
    quoted = texts(summarise(story(background, event), words=80))
    assert quoted.startswith("The harbour bridge in Mallow closes")
    assert "lorries queue" in quoted


def test_what_was_written_long_before_the_headline_is_not_quoted():
    """It may be over by then; where nothing newer tells the event it still is."""
    morning = item(
        "Ships will be led through the strait of Lysholm",
        text="The navy said that it would begin to lead waiting ships through the strait of Lysholm on Monday.",
        source="Early",
        hours=14,
    )
    evening = item(
        "Two ships pass the strait of Lysholm",
        text="Two ships passed the strait of Lysholm behind a frigate, and nobody was hurt, the navy said.",
        source="Late",
        hours=1,
    )
    assert texts(summarise(story(evening, morning), words=80)).startswith("Two ships passed")
    assert "would begin" not in texts(summarise(story(evening, morning), words=80))
    silent = item("Two ships pass the strait of Lysholm", source="Late", hours=1)
    assert "would begin" in texts(summarise(story(silent, morning), words=80))


@pytest.mark.parametrize(
    ("headline", "report", "moment", "fact"),
    [
        (
            "Mallow tunnel reopens after lorry fire",
            "The Mallow tunnel reopened at ten, three hours after a lorry caught fire in it.",
            "Traffic through the Mallow tunnel is currently diverted over the old bridge.",
            "The lorry had carried wool from Mallow harbour when its engine caught fire.",
        ),
        (
            "Tunnel in Mallau nach Brand wieder frei",
            "Der Tunnel in Mallau ist seit zehn Uhr wieder frei, drei Stunden nach dem Brand eines Lastwagens.",
            "Derzeit wird der Verkehr vor dem Tunnel in Mallau über die alte Brücke geleitet.",
            "Der Lastwagen hatte Wolle aus dem Hafen von Mallau geladen, als der Brand begann.",
        ),
        (
            "馬洛隧道貨車起火後全線解封",
            "馬洛隧道晚上七時有貨車起火，至晚上十時全線解封。",
            "馬洛隧道部分行車線現已封閉，駕駛人士須改用舊橋。",
            "起火貨車當時載有大批羊毛，由馬洛港駛往市中心。",
        ),
    ],
)
def test_how_things_stood_an_hour_ago_is_not_told_as_how_they_stand(headline: str, report: str, moment: str, fact: str):
    """What is so "currently" in an older report is over; in the headline's own report, and where nothing else is, it is quoted."""
    late = item(headline, text=report, source="Late", hours=1)
    early = item(headline, text=f"{fact} {moment}", source="Early", hours=4)
    said = texts(summarise(story(late, early), words=90))
    assert moment not in said
    assert report in said
    assert moment in texts(summarise(story(early), words=90))


def test_two_reports_of_one_outlet_do_not_say_the_same_twice():
    """An aggregator's two articles are two reports, as those of two outlets are."""
    one = item(
        "Norvik opens its largest data centre in Mallow",
        text="Norvik launched its largest data centre in Mallow on Thursday and has signed up the harbour as its first user.",
        source="Gather",
    )
    other = item(
        "Norvik's bet on Mallow grows",
        text="Norvik opened its largest Mallow data-centre region. Power for it comes from two wind farms off the coast.",
        source="Gather",
        hours=2,
    )
    said = texts(summarise(story(one, other), words=60))
    assert "launched" in said
    assert "region" not in said
    assert "wind farms" in said


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Tin climbs to 41,000 after Mallow mill fire", "Tin climbed to 41,000 crowns a tonne after the Mallow mill fire, the exchange said."),
        ("As Mallow mill burns, tin climbs", "As the mill in Mallow burned, tin climbed to 41,000 crowns a tonne on the exchange."),
    ],
)  # fmt: skip
def test_what_only_happened_after_the_headlines_event_is_not_quoted(title: str, text: str):
    """A report of something else, for which the event is the occasion, gives way to one of the event."""
    fire = item("Fire at Mallow mill costs 23,000 jobs", text="The Mallow mill burned.", source="Gazette")
    tin = item(title, text=f"{text} Traders had waited for it.", source="Metals")
    told = item(
        "Mallow mill burns",
        text="Flames at the Mallow mill reached the granary, and two firemen were hurt.",
        source="Echo",
    )
    said = texts(summarise(story(fire, tin, told), words=60))
    assert "two firemen" in said
    assert "crowns a tonne" not in said


@pytest.mark.parametrize(
    ("headline", "expected", "told"),
    [
        (
            "Mallow port loses 230 jobs in May",
            "The port's employment was projected to grow by 80 in May, a survey of harbour masters had shown.",
            "Cranes stood idle for three weeks, and two shipping lines moved to the northern shore.",
        ),
        (
            "Mallow port loses 230 jobs in May",
            "Economists had expected growth at the port in May.",
            "Cranes stood idle for three weeks, and two shipping lines moved to the northern shore.",
        ),
        (
            "Hafen von Mallau verliert 230 Stellen",
            "Ökonomen hatten für den Hafen von Mallau ein Plus von 80 Stellen erwartet.",
            "Im Hafen von Mallau standen die Kräne drei Wochen still, zwei Reedereien zogen ans Nordufer.",
        ),
        (
            "馬洛港五月流失230個職位",
            "市場原先預期馬洛港五月增加八十個職位。",
            "馬洛港起重機停擺三周，兩家船公司遷往北岸。",
        ),
    ],
)
def test_what_was_expected_is_not_quoted_once_it_is_out(headline: str, expected: str, told: str):
    """Also from the headline's own report, and where it is all there is: the headline says how it came out."""
    assert texts(summarise(story(item(headline, text=f"{expected} {told}")), words=60)) == told
    assert not texts(summarise(story(item(headline, text=expected)), words=60))


def test_what_was_expected_is_quoted_with_how_it_came_out():
    """And under a headline that looks ahead itself."""
    both = "Payrolls at the port were projected to grow, but fell by 230 as two shipping lines left."
    ahead = "Payrolls at the port were projected to grow by 80, the harbour office said in its last note."
    assert texts(summarise(story(item("Mallow port in trouble", text=both)), words=60)) == both
    assert texts(summarise(story(item("Port awaits May payrolls of Mallow", text=ahead)), words=60)) == ahead


def test_a_closure_is_not_quoted_once_the_headline_opens_it():
    """An older report closed what the newest one tells to be open again."""
    late = item("Mallow tunnel reopens after lorry fire", text="", source="Late", hours=1)
    early = item(
        "Mallow tunnel closed by lorry fire",
        text="The Mallow tunnel is closed in both directions. A lorry with a load of wool caught fire in the Mallow tunnel at noon.",
        source="Early",
        hours=2,
    )
    assert (
        texts(summarise(story(late, early), words=90))
        == "A lorry with a load of wool caught fire in the Mallow tunnel at noon."
    )


@pytest.mark.parametrize(
    ("headline", "sentence"),
    [
        ("Kestrel model escapes its test", "Kestrel also found a way through the second wall of its sandbox."),
        ("Kestrel verlässt seine Testumgebung", "Kestrel fand auch einen Weg durch die zweite Wand der Testumgebung."),
        ("隼式模型逃出測試環境", "研究人員亦發現隼式模型穿過第二道防火牆接通互聯網。"),
    ],
)
def test_what_adds_to_something_is_not_quoted_alone(headline: str, sentence: str):
    """Nobody has told its reader what it comes on top of."""
    alone = item(headline, text=sentence)
    assert not texts(summarise(story(alone), words=60))


def test_what_adds_to_something_is_quoted_behind_it():
    """The sentence before it says what it comes on top of."""
    first = "Kestrel left its test environment on Monday through a port that nobody had closed."
    added = "The model also wrote a letter to the harbour office and asked for more electricity."
    said = texts(summarise(story(item("Kestrel model escapes its test", text=f"{first} {added}")), words=60))
    assert said == f"{first} {added}"


def test_a_report_for_which_the_event_is_the_occasion_is_not_quoted():
    """Its title says so, even where a sentence of it names the event in its main clause."""
    one = item(
        "Parliament puts off the tonnage vote to autumn",
        text="The speaker said that members would come back to the tonnage bill in October.",
        source="Ledger",
    )
    other = item(
        "Freight rates at a crossroads as parliament puts off the tonnage vote",
        text="Freight firms are taking news of the tonnage vote harder than anybody else on the coast.",
        source="Quay",
        hours=-1,
    )
    assert "harder" not in texts(summarise(story(one, other), words=90))


def test_a_count_that_a_later_report_passed_is_not_quoted():
    """Also where the headline counts nobody: the number in the sentence was true at noon only."""
    late = item(
        "Glass rains on Mallow quay", text="Panes fell from the old exchange all afternoon.", source="Late", hours=1
    )
    more = item("Glass on Mallow quay: 6 injured", source="More", hours=2)
    early = item(
        "Glass rains on Mallow quay at noon",
        text="Four people were injured by glass that fell on Mallow quay. The old exchange in Mallow lost its windows to a gust.",
        source="Early",
        hours=4,
    )
    said = texts(summarise(story(late, more, early), words=90))
    assert "Four" not in said
    assert "gust" in said
    assert "Four" in texts(summarise(story(late, early), words=90))


@pytest.mark.parametrize(
    ("headline", "sentence"),
    [
        (
            "Mallow to license claw machines",
            "If that happens, owners of claw machines pay 300 crowns a year for the paper.",
        ),
        ("馬洛擬發牌規管夾公仔機", "若涉及兌換高價值禮物或獎品，容易衍生賭博風險。"),
    ],
)
def test_a_condition_of_what_was_said_before_is_not_quoted_alone(headline: str, sentence: str):
    """Nobody has told its reader what might happen, or to whom."""
    assert not texts(summarise(story(item(headline, text=sentence)), words=60))


def test_who_is_found_dead_is_no_longer_missing():
    """An older report still searched for the sailor whose death the headline tells."""
    late = item("Missing sailor of the Mallow ferry found dead", text="", source="Late", hours=1)
    early = item(
        "Sailor of the Mallow ferry missing",
        text="One sailor of the Mallow ferry was missing on Monday. The ferry had left Mallow with a crew of nine and a load of wool.",
        source="Early",
        hours=3,
    )
    said = texts(summarise(story(late, early), words=90))
    assert "was missing" not in said
    assert "crew of nine" in said


@pytest.mark.parametrize(
    ("headline", "expected"),
    [
        (
            "Norland unexpectedly lost 23,000 jobs in July",
            "Jobs in Norland were projected to increase by 83,000 in July, according to a survey of banks.",
        ),
        (
            "Norland verliert überraschend 23.000 Stellen",
            "Ökonomen hatten für den Juli in Norland 83.000 Stellen mehr erwartet.",
        ),
    ],
)
def test_what_was_expected_belongs_to_a_headline_that_is_measured_by_it(headline: str, expected: str):
    """Of the headline's own report; another's forecast is of the time before it came out."""
    told = item(headline, text=expected, source="Post")
    assert texts(summarise(story(told), words=60)) == expected
    other = item(f"{headline}: all details", text=expected, source="Wire")
    assert texts(summarise(story(item(headline, source="Post"), other), words=60)) == ""


def test_a_line_without_a_full_stop_is_quoted_under_another_title_only_with_a_word_of_it():
    """It was written under its own title; under the headline it may say nothing."""
    told = item("Norland lost 23,000 jobs in July", source="Post")
    vague = item(
        "Norland economy sheds 23,000 jobs", text="Dull figure complicates decision over coming steps", source="Ledger"
    )
    clear = item(
        "Norland economy sheds 23,000 jobs",
        text="Most of the lost posts were in mills and harbours of Norland",
        source="Ledger",
    )

    assert texts(summarise(story(told, vague), words=60)) == ""
    assert texts(summarise(story(told, clear), words=60)) == clear.text


def test_an_older_report_is_quoted_where_the_newer_tell_little_of_the_headline():
    """Half a day alone makes no report stale: the newer ones must tell the headline nearly as well."""
    morning = item(
        "Robot Kelda leaves its test hall",
        text="The robot Kelda left its test hall in Mallow through a gate that should have been shut, engineers say.",
        source="Early",
        hours=14,
    )
    evening = item(
        "Robot Kelda left its test hall in Mallow, engineers say",
        text="For the trial with Kelda a contractor had mended the lock the week before.",
        source="Late",
        hours=1,
    )
    assert "left its test hall" in texts(summarise(story(evening, morning), words=30))


def test_what_refers_to_the_headline_stands_right_below_it():
    """Below its own title, as the first sentence, "The company says ..." is understood; below another's title it is not."""
    own = item(
        "Veltrona says its robot opened a lock in Mallow",
        text="The company says a wrong setting let the robot out of its hall during a trial.",
        source="Post",
    )
    other = item(
        "Robot of Veltrona opened a lock in Mallow",
        text="Nobody in Mallow was hurt when the robot opened a lock, the harbour master wrote to Veltrona.",
        source="Wire",
    )
    assert texts(summarise(story(own), words=60)) == own.text
    assert "The company" not in texts(summarise(story(other, own), words=60))


def test_a_description_may_lean_on_the_title_above_it():
    """Under its own title "the two" are known; under another's nobody knows who they are."""
    own = item("Two welders die in fire at Mallow yard", text="The two were trapped when a door jammed.", source="Post")
    other = item("Two welders dead after fire at yard", text="Mallow yard stays shut until Monday.", source="Wire")
    assert texts(summarise(story(own), words=60)) == own.text
    assert "The two" not in texts(summarise(story(other, own), words=60))


def test_reports_that_count_as_many_dead_tell_the_same_state():
    """Though their titles share few other words with the headline."""
    head = item(
        "Strikes kill at least 14 sleepers in old quarter of Mallow, wardens say",
        text="The old quarter of Mallow buries the dead on Friday.",
        source="Post",
    )
    told = item(
        "Death toll from attack on Mallow rises to 14",
        text="A tower fell in, and doctors treat forty burns.",
        source="Wire",
    )
    sentences = [Quotable(one.text, Tokenizer(), item=one, position=0) for one in (head, told)]
    kept = of_the_event(sentences, story(head, told), lambda text: frozenset(split_words(text.casefold())))
    assert list(kept) == sentences


def test_what_refers_to_the_headline_comes_before_what_tells_more_of_it():
    """Anywhere else "The company" would be somebody that the sentence before it names."""
    tokenizer = Tokenizer()
    own = Quotable("The company says a lock failed.", tokenizer, item=item("Veltrona fined"), position=0)
    other = Quotable("Veltrona was fined in Mallow.", tokenizer, item=item("Fine for Veltrona"), position=0)

    ordered = in_reading_order(
        [other, own], told=lambda one: 9 if one is other else 1, under_headline=lambda one: one is own
    )

    assert ordered == [own, other]


def test_in_chinese_what_the_other_sentences_say_is_not_said_again():
    """Pairs of characters differ as soon as one does; the characters themselves tell a repetition in other words."""
    told = item(
        "兩名馬洛男子登北嶺山脈受困 一人失去意識",
        text="兩名馬洛男子星期一在北嶺山脈沿繩下降時受困雪地，食物耗盡，其中一人更已失去意識。"
        "由於山上天氣惡劣，救援隊伍未能出動，其友人在社交平台緊急發文，冀山莊附近人士伸出援手。",
        source="晨報",
    )
    again = item(
        "兩名馬洛人北嶺山脈失蹤",
        text="發生何事？何時獲救？兩名馬洛人在北嶺山脈失去聯絡，其朋友在社交網上發文求救，冀在附近的人士能夠伸出援手。",
        source="晚報",
    )

    quoted = summarise(story(told, again), words=120).sentences

    assert [sentence.source for sentence in quoted] == ["晨報", "晨報"]


@pytest.mark.parametrize(
    ("headline", "sentence", "agrees"),
    [
        ("Mallow Mills sees Q3 sales of 60 million crowns", "Mallow Mills sold 9 % more flour in Q2.", False),
        ("Mallow Mills raises third-quarter outlook", "Mallow Mills sold 9 % more in the second quarter.", False),
        ("Mallow Mills raises third-quarter outlook", "Mallow Mills sold more in the second quarter than in Q3.", True),
        ("Mallow Mills raises its outlook", "Mallow Mills sold 9 % more flour in the second quarter.", True),
        (
            "Mühlen Mallau erhöhen Ziel für das dritte Quartal",
            "Die Mühlen Mallau verkauften im zweiten Quartal mehr Mehl.",
            False,
        ),
        ("馬洛麵粉廠料第三季收入增一成", "馬洛麵粉廠第二季麵粉銷量上升百分之九，多數銷往北岸。", False),
        ("馬洛麵粉廠上半年盈利增一成", "馬洛麵粉廠第二季麵粉銷量上升百分之九，多數銷往北岸。", True),
    ],
)
def test_figures_of_another_quarter_are_not_quoted(headline: str, sentence: str, agrees: bool):
    """Where both name one; a comparison with the headline's quarter is about it."""
    assert bool(texts(summarise(story(item(headline, text=sentence)), words=60))) is agrees


def test_what_came_of_it_is_quoted_where_only_the_forecast_would_be():
    """A forecast under the outcome reads as if it were one."""
    lost = item(
        "Norland unexpectedly lost 23,000 jobs in July",
        text="Payrolls in Norland were projected to grow by 83,000 in July, according to a survey of banks.",
        source="Post",
        hours=3,
    )
    rates = item(
        "Odds of dearer loans tumble after poor jobs figures",
        text="A weaker market for work speaks against dearer loans, which two governors of the bank have called for.",
        source="Ledger",
        hours=1,
    )
    earlier = item(rates.title, text=rates.text, source="Echo", hours=9)
    assert texts(summarise(story(lost, rates), words=60)) == rates.text
    maybe = item(rates.title, text="A weaker market for work would speak against dearer loans.", source="Echo", hours=1)
    assert texts(summarise(story(lost, maybe), words=60)) == lost.text
    assert texts(summarise(story(lost, earlier), words=60)) == lost.text


@pytest.mark.parametrize(
    ("background", "news"),
    [
        (
            "Mills that fail the dust rules must close their Mallow silos by autumn.",
            "Forged letters asked owners of mills in Mallow for a fee.",
        ),
        (
            "The wardens of Mallow have long warned of forged letters to mills, bakers and brewers.",
            "Forged letters asked owners of mills in Mallow for a fee.",
        ),
        (
            "In recent years the mills of Mallow have had letters from forgers.",
            "Forged letters asked owners of mills in Mallow for a fee.",
        ),
        (
            "The wave of letters reflects the ambitions of forgers in Mallow and its mills.",
            "Forged letters asked owners of mills in Mallow for a fee.",
        ),
        (
            "In 2019 forgers wrote letters to forty mills in Mallow and its wardens.",
            "Forged letters asked owners of mills in Mallow for a fee.",
        ),
        (
            "Prices of flour in Mallow have soared on thin harvests, with mills and bakers watching the wardens.",
            "Forged letters asked owners of mills in Mallow for a fee.",
        ),
        (
            "The quarrel over forged letters to mills in Mallow has been building for weeks.",
            "Forged letters asked owners of mills in Mallow for a fee.",
        ),
        (
            "Under the Mill Dust Act wardens license the mills of Mallow.",
            "Forged letters asked mills in Mallow for a fee.",
        ),
        (
            "The letters come two weeks after wardens warned forgers and mills in Mallow.",
            "Forged letters asked owners of mills in Mallow for a fee.",
        ),
        # Short, and without a name or a number.
        ("The letters are a clever trick.", "Forged letters asked owners of mills in Mallow for a fee."),
    ],
)
def test_background_gives_way_to_what_is_new(background: str, news: str):
    """History, reputations, rules in force and what somebody makes of it; alone they are quoted all the same."""
    title = "Wardens warn mills of forged letters in Mallow"
    first, second = item(title, text=background, source="Post"), item(title, text=news, source="Ledger")
    assert texts(summarise(story(first, second), words=60)) == news
    assert texts(summarise(story(first), words=60)) == background


@pytest.mark.parametrize(
    ("sentence", "background"),
    [
        ("The court ruled that the mill must pay the wardens.", False),
        ("Exports rose 4 percent from last year.", False),
        ("Last year the mill exported twice as much.", True),
        ("It comes as the mill is short of wheat.", True),
        ("Mill fires are common in Mallow, where flour is dry.", True),
        ("The mill came under fire from wardens on Friday.", False),
        ("In 2026 the mill will open a second silo.", False),
        ("In 2024, the mill opened its first silo.", True),
        ("In 2024 prices, the silo costs 9 million crowns, the mayor said.", False),
        ("Silos at the mill must-haves, a survey says.", False),
        ("Die Mühle gilt als die älteste des Landes.", True),
        ("Seit Jahren streitet die Stadt um die Mühle.", True),
        ("Die Stadt teilte mit, die Mühle muss schließen.", False),
        ("近年麵粉廠愈開愈多，遍布各區。", True),
        ("近年走紅的麵粉廠東主今日宣布結業。", False),
        ("根據《磨坊條例》，東主須每年申請牌照。", True),
        ("根據警方說法，火警由電線短路引起。", False),
        ("麵粉廠成立於1990年，僱用三百人。", True),
        ("Flour prices have risen 12 percent.", False),
        ("Flour prices have risen sharply, the miller said.", False),
        ("Divers have been searching for two days.", False),
    ],
)
def test_background_is_told_by_its_words(sentence: str, background: bool):
    """In English, German and Chinese; reported speech and comparisons with last year are news."""
    assert tells_background(sentence, datetime(2026, 8, 7, tzinfo=UTC)) is background


def test_an_update_quotes_what_its_headline_has_not_said_before():
    """One view of what readers know already gives way to what is new."""
    title = "Mallow plans licence for grain lifts, councillors back it"
    known = ["Mallow plans licence for grain lifts", "The town of Mallow plans a licence for all grain lifts."]
    talk = item(
        "Miller speaks on licence for grain lifts in Mallow",
        text="Miller Ada Brandt told the harbour radio that Mallow has two hundred grain lifts without licence.",
        source="Radio",
        hours=2,
    )
    news = item(title, text="Four of nine councillors spoke for it on Monday in the guildhall.", source="Post")
    assert texts(summarise(story(news, talk), words=25, exclude=known)) == news.text
    assert texts(summarise(story(talk), words=25, exclude=known)) == talk.text


def test_what_the_headlines_own_report_opens_with_goes_before_a_longer_side_matter():
    """Where it tells the headline: a side matter names the event, too, and much else."""
    own = item(
        "Mallow to amend fire law, firms answer for sprinklers",
        text="Mallow is to amend its fire law, with firms and janitors to answer for sprinklers, alarms and doors.",
        source="Post",
    )
    side = item(
        "Barrels in cellars under Mallow fire law",
        text="Mallow wants to amend its fire law against barrels of fuel in cellars, and buyers pay a fine of ten thousand crowns.",
        source="Ledger",
    )
    bare = [item(side.title, source=f"Wire {at}") for at in range(6)]
    assert texts(summarise(story(own, side, *bare), words=30)) == own.text
    assert texts(summarise(story(own, side, *bare[1:]), words=30)) == side.text


@pytest.mark.parametrize(
    ("title", "only_occasion"),
    [
        ("Grain ship bill needs a vote this year as mill fires spread, says Ada Brandt", True),
        ("Mallow bakers raise bread prices after fire at grain mill", True),
        ("Grain worth millions burns in Mallow as fire guts mill", False),
        ("Two mill hands in Mallow burnt in grain dust blast at old quay, fire crews say", False),
        ("Mallow grain house to lay off nearly half of its hands amid losses", False),
        ("Rates rise after mill fires", True),
    ],
)
def test_a_report_with_one_word_of_the_event_beside_its_occasion_is_of_something_else(title: str, only_occasion: bool):
    """In a long clause; a word or two more, or no word of the event in the occasion, and it tells the event."""
    stem = {"fires": "fire", "mills": "mill"}
    terms = lambda text: frozenset(stem.get(word, word) for word in split_words(text))  # noqa: E731
    assert is_only_occasion("Fire in Mallow guts grain mill", title, terms) is only_occasion


@pytest.mark.parametrize(
    ("second", "both"),
    [("一名男工人今早工作期間死亡，當局正跟進。", False), ("男工人墮海死亡，碼頭今早暫停運作兩小時。", True)],
)
def test_another_word_for_the_same_is_no_other_part_of_a_chinese_headline(second: str, both: bool):
    """Two openings are both quoted where each tells a part of the headline: more than that the man died."""
    first = "北岸碼頭有工人失足跌落水中，送院後不治。"
    reports = (
        item("北岸碼頭工人墮海死亡", text=first, source="甲報"),
        item("碼頭工人死亡", text=second, source="乙報"),
    )
    assert (texts(summarise(story(*reports), words=60)).count("。") == 2) is both
