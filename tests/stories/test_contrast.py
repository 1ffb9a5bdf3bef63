"""Two reports in the same words about two events stay two stories; one event told in two ways stays one."""

import pytest
from builders import item

from digestbot.stories import cluster

# Of our own: title | text, two lines a pair.
APART = """
# starts / resigns
Marta Olsen named chief executive of Nordlys Ferries | Nordlys Ferries has appointed Marta Olsen as chief executive, the ferry operator said on Monday. She joins from a rival line and starts in June.
Nordlys Ferries chief executive Marta Olsen resigns | Marta Olsen is stepping down as chief executive of Nordlys Ferries after a dispute with the board over new ships, the ferry operator said.

Harbour mayor Ines Duarte sworn in | Ines Duarte took the oath as mayor of Porto Velho on Monday and promised to repair the breakwater in her first year.
Mayor Ines Duarte steps down over breakwater contract | Ines Duarte, mayor of Porto Velho, quit on Thursday after prosecutors opened an inquiry into the contract for the breakwater.

Coach Tom Brandt hired by Sailors | The Sailors have hired Tom Brandt as head coach on a three-year contract, the club said.
Sailors fire coach Tom Brandt | The Sailors dismissed head coach Tom Brandt after a ninth defeat in a row, the club said on Sunday.

Finance minister Paul Renner takes office | Paul Renner took office as finance minister on Monday and said that he would balance the budget within two years.
Finance minister Paul Renner quits | Paul Renner resigned as finance minister on Friday after parliament rejected his budget.

Tidal Energy picks Lena Koch to lead wind unit | Tidal Energy chose Lena Koch to lead its wind unit from next month, the utility said.
Lena Koch leaves Tidal Energy's wind unit | Lena Koch, head of the wind unit of Tidal Energy, is leaving the utility for personal reasons.

# held / sentenced
Man arrested over ferry terminal arson | Police arrested a 34-year-old man in Emden on suspicion of setting fire to the ferry terminal. He was taken into custody on Monday.
Man sentenced to six years for ferry terminal arson | A court in Emden sentenced a 34-year-old man to six years in prison for setting fire to the ferry terminal.

Former banker Oskar Lind charged with fraud | Prosecutors charged former banker Oskar Lind with fraud over loans worth 40 million at Quay Bank.
Former banker Oskar Lind acquitted of fraud | A judge acquitted former banker Oskar Lind of fraud over loans at Quay Bank, saying that the evidence was thin.

Skipper detained after yacht collision off Brest | The skipper of a yacht was detained after a collision off Brest in which a sailor died.
Skipper jailed for yacht collision off Brest | The skipper of a yacht was jailed for two years for a collision off Brest in which a sailor died.

Senator Kim Alvarez indicted on bribery counts | A grand jury indicted Senator Kim Alvarez on bribery counts related to a port concession.
Senator Kim Alvarez pleads guilty to bribery | Senator Kim Alvarez pleaded guilty to bribery related to a port concession and faces ten years in prison.

Teacher held over missing exam papers | A teacher was held by police in Lyme over exam papers that went missing from a safe.
Teacher convicted over missing exam papers | A teacher was convicted in Lyme of stealing exam papers that went missing from a safe.

# two strikes
Dock workers strike in Rotterdam over pay | Dock workers in Rotterdam walked out on Monday in a dispute over pay, halting container ships.
Dock workers strike in Montreal over pay | Dock workers in Montreal walked out on Monday in a dispute over pay, halting grain ships.

Strike kills 14 in market of Tarsa | An air strike killed 14 people in a market in the town of Tarsa, rescuers said.
Strike kills 14 at hospital in Belen | An air strike killed 14 people at a hospital in the town of Belen, rescuers said.

Bus drivers in Leeds walk out | Bus drivers in Leeds began a three-day strike over shift patterns, the union said.
Bus drivers in Cardiff walk out | Bus drivers in Cardiff began a three-day strike over shift patterns, the union said.

Drone strike hits refinery near Samova | A drone strike hit an oil refinery near Samova overnight and caused a blaze, officials said.
Drone strike hits depot near Kherova | A drone strike hit a fuel depot near Kherova overnight and caused a blaze, officials said.

Nurses strike at Quay hospitals | Nurses at hospitals in Quay county went on strike on Tuesday for more staff on night shifts.
Nurses strike at Marsh hospitals | Nurses at hospitals in Marsh county went on strike on Tuesday for more staff on night shifts.

# two fires
Fire destroys warehouse in Halden | A fire destroyed a furniture warehouse in Halden on Sunday night. Nobody was hurt, the fire service said.
Fire destroys school in Moss | A fire destroyed a primary school in Moss on Sunday night. Nobody was hurt, the fire service said.

House fire kills two in Elmwood | Two people died in a house fire in Elmwood early on Friday, firefighters said. The cause is not known.
House fire kills two in Granton | Two people died in a house fire in Granton early on Friday, firefighters said. The cause is not known.

Wildfire forces evacuation of Pine Valley | A wildfire forced thousands to leave Pine Valley as wind drove the flames, officials said.
Wildfire forces evacuation of Cedar Ridge | A wildfire forced thousands to leave Cedar Ridge as wind drove the flames, officials said.

Magnitude 5.2 earthquake shakes Arica | A magnitude 5.2 earthquake shook Arica on Monday, the survey said. There were no reports of damage.
Magnitude 5.8 earthquake shakes Luzon | A magnitude 5.8 earthquake shook Luzon on Monday, the survey said. There were no reports of damage.

Ferry sinks off Lesbos, nine missing | A ferry sank off Lesbos in heavy seas and nine people are missing, the coast guard said.
Ferry sinks off Cebu, thirty missing | A ferry sank off Cebu in heavy seas and thirty people are missing, the coast guard said.

# two quarters' results
Coral Semiconductor first-quarter profit rises 12% | Coral Semiconductor reported a first-quarter profit of 320 million, up 12%, on demand for memory chips.
Coral Semiconductor second-quarter profit falls 8% | Coral Semiconductor reported a second-quarter profit of 290 million, down 8%, on weak demand for memory chips.

Tidal misses top-line and bottom-line estimates | Tidal reported quarterly earnings of $1.20 per share, missing the consensus estimate of $1.35 per share.
Basalt misses top-line and bottom-line estimates | Basalt reported quarterly earnings of $0.40 per share, missing the consensus estimate of $0.55 per share.

Quay Bank Q2 earnings beat estimates | Quay Bank posted Q2 earnings of $2.10 a share, beating the estimate of $1.95 a share.
Marsh Foods Q2 earnings beat estimates | Marsh Foods posted Q2 earnings of $0.80 a share, beating the estimate of $0.71 a share.

Anchor Air swings to profit in third quarter | Anchor Air swung to a profit of 45 million in the third quarter as fares rose.
Anchor Air posts loss for fourth quarter | Anchor Air posted a loss of 12 million for the fourth quarter as fuel costs rose.

Lumen Robotics Q1 revenue up 30% | Revenue of Lumen Robotics rose 30% in Q1 to 88 million, the company said.
Lumen Robotics cuts full-year outlook after Q2 | Lumen Robotics cut its full-year outlook after Q2 revenue of 71 million, the company said.

# two funding rounds
Ropeworks raises $100M for rope robots | Ropeworks, a start-up for rope robots, raised $100M from investors led by Harbour Capital.
Kelpfarm raises $100M for sea farms | Kelpfarm, a start-up for sea farming, raised $100M from investors led by Quay Ventures.

Start-up Deckhand raises $20 million | Deckhand, which makes software for crews, raised $20 million from investors led by Pier Partners.
Start-up Sandbar raises $20 million | Sandbar, which makes sensors for beaches, raised $20 million from investors led by Reef Fund.

Moorage valued at $2 billion in funding round | Moorage, a maker of batteries, was valued at $2 billion in a funding round.
Glasswing valued at $2 billion in funding round | Glasswing, a maker of satellites, was valued at $2 billion in a funding round.

Brine secures $50M seed extension | Brine, a desalination company, secured $50M in a seed extension led by Tern.
Pulley secures $50M Series A | Pulley, a payroll company, secured $50M in a Series A led by Osprey.

Fathom AI raises $300M at $5B valuation | Fathom AI raised $300M at a valuation of $5B, the AI company said on Tuesday.
Jetty AI raises $300M at $4B valuation | Jetty AI raised $300M at a valuation of $4B, the AI company said on Tuesday.

# releases
halyard v1.0.0 | First stable release of halyard. Bug fixes and breaking changes: see the changelog.
bowline v1.0.0 | First stable release of bowline. Bug fixes and breaking changes: see the changelog.

Release v1.0.0 of knotlib | What's changed: new parser, fixes, documentation. Full changelog below.
Release v1.2.0 of knotlib | What's changed: new parser, fixes, documentation. Full changelog below.

rudder 2.3.1 released | rudder 2.3.1 fixes a crash at start and updates dependencies.
rudder 2.4.0 released | rudder 2.4.0 adds plug-ins and updates dependencies.

CVE-2026-1001: buffer overflow in tidelib | A buffer overflow in tidelib before 3.2 allows remote attackers to execute code via a crafted packet.
CVE-2026-1002: buffer overflow in quayd | A buffer overflow in quayd before 1.9 allows remote attackers to execute code via a crafted packet.

API latency elevated - Resolved | This incident has been resolved. We saw elevated latency on the API between 9:00 and 9:40.
Dashboard unavailable - Resolved | This incident has been resolved. We saw errors on the dashboard between 14:00 and 14:20.

Nordlys GAAP EPS of $0.23, revenue of $20.9M | Nordlys press release: Q2 GAAP EPS of $0.23. Revenue of $20.9M.
Brillwater GAAP EPS of $0.41, revenue of $31.4M | Brillwater press release: Q2 GAAP EPS of $0.41. Revenue of $31.4M.
"""
TOGETHER = """
Ferry sinks off Lesbos, nine missing | A ferry sank off Lesbos in heavy seas and nine people are missing, the coast guard said.
Nine missing after ferry goes down near Lesbos | Rescuers searched for nine people after a ferry went down in a storm near the island of Lesbos.

Marta Olsen named chief executive of Nordlys Ferries | Nordlys Ferries has appointed Marta Olsen as chief executive, the ferry operator said on Monday.
Nordlys Ferries picks Marta Olsen as new boss | Marta Olsen will run Nordlys Ferries from June, the company said, after the retirement of its founder.

Fire destroys warehouse in Halden | A fire destroyed a furniture warehouse in Halden on Sunday night. Nobody was hurt, the fire service said.
Furniture warehouse burns down in Halden | Flames gutted a furniture warehouse in Halden overnight; 60 firefighters fought the blaze.

Ropeworks raises $100M in Series B round | Ropeworks, a start-up for rope robots, raised $100M in a Series B round led by Harbour Capital.
Rope robot maker Ropeworks gets $100 million | Harbour Capital led a $100 million investment in Ropeworks, whose robots splice ropes.

Former banker Oskar Lind acquitted of fraud | A judge acquitted former banker Oskar Lind of fraud over loans at Quay Bank, saying that the evidence was thin.
Oskar Lind cleared in Quay Bank fraud trial | Oskar Lind walked free after a court found no proof that he had defrauded Quay Bank.

Drone strike hits refinery near Samova | A drone strike hit an oil refinery near Samova overnight and caused a blaze, officials said.
Samova refinery ablaze after drone attack | Fire crews fought a blaze at the oil refinery of Samova after drones hit it before dawn.

Tidal misses top-line and bottom-line estimates | Tidal reported quarterly earnings of $1.20 per share, missing the consensus estimate of $1.35 per share.
Tidal shares sink as quarterly earnings miss | Shares of Tidal fell 9% after earnings of $1.20 a share missed estimates of $1.35.

Man sentenced to six years for ferry terminal arson | A court in Emden sentenced a 34-year-old man to six years in prison for setting fire to the ferry terminal.
Six years in prison for arsonist of Emden ferry terminal | The man who set fire to the ferry terminal of Emden must go to prison for six years, a court ruled.

Magnitude 5.2 earthquake shakes Arica | A magnitude 5.2 earthquake shook Arica on Monday, the survey said. There were no reports of damage.
Arica jolted by 5.2 quake | People ran into the streets of Arica as an earthquake of magnitude 5.2 struck the port city.

Dock workers strike in Rotterdam over pay | Dock workers in Rotterdam walked out on Monday in a dispute over pay, halting container ships.
Rotterdam port strike halts container ships | Container ships waited off Rotterdam as dockers stopped work for higher pay.

Tanker leaks oil off Samova near Brill | A tanker leaked oil off Samova on Monday and crews fought the slick, the coast guard said.
Tanker leaks oil off Samova, beach at Halden shut | A tanker leaked oil off Samova on Monday and crews fought the slick, the coast guard said.

Huge crane falls in Oslo harbour | A huge crane fell on a ship in the harbour on Monday, police said.
Crane falls in harbour | Crane falls on a ship in the harbour on Monday, police said.
"""


def pairs(written: str) -> list[tuple[str, str]]:
    lines = [line for line in written.splitlines() if line and not line.startswith("#")]
    return list(zip(lines[::2], lines[1::2], strict=True))


def told_as(*reports: str, **fields: str) -> int:
    """How many stories are made of these reports, each of an outlet of its own."""
    parts = [report.split(" | ") for report in reports]
    return len(
        cluster(
            [
                item(title, text=text, id=f"{at}", source=f"Paper {at}", url=f"https://p{at}.example/{at}", **fields)
                for at, (title, text) in enumerate(parts)
            ]
        )
    )


@pytest.mark.parametrize(("one", "other"), pairs(APART))
def test_the_same_words_about_another_event_are_another_story(one: str, other: str) -> None:
    """Other names, the next step of one matter, or another release: however alike two reports are."""
    assert told_as(one, other) == 2


@pytest.mark.parametrize(("one", "other"), pairs(TOGETHER))
def test_one_event_in_two_outlets_words_is_one_story(one: str, other: str) -> None:
    """What holds look-alikes apart must not hold apart two reports that name the same."""
    assert told_as(one, other) == 1


def test_a_title_that_tells_both_steps_is_of_either() -> None:
    """Who is named as another resigns is one piece of news."""
    both = "Coach Tom Brandt resigns, Sailors name Ann Lee | Tom Brandt resigned as coach of the Sailors and Ann Lee takes over."
    assert (
        told_as(both, "Sailors name Ann Lee coach after Tom Brandt | The Sailors named Ann Lee coach after Tom Brandt.")
        == 1
    )


def test_a_forecast_of_the_next_quarter_is_of_the_report_of_this_one() -> None:
    """Results and outlook come out together, and headlines pick one of the two."""
    results = (
        "Coral Robotics Q2 earnings beat estimates | Coral Robotics earned more than expected, on demand for cranes."
    )
    assert (
        told_as(
            results,
            "Coral Robotics forecasts Q3 revenue of $320 million | Coral Robotics earned more on demand for cranes.",
        )
        == 1
    )


def test_days_and_months_are_no_names() -> None:
    """A report that names the day and one that names another are of one event."""
    one = "Crane falls in harbour on Monday | A crane fell on a ship in the harbour, police said."
    assert (
        told_as(one, "Crane falls in harbour last Tuesday | A crane fell on a ship in the harbour, police said.") == 1
    )


def test_where_nouns_have_capitals_they_are_no_names() -> None:
    """In German every noun is written like a name."""
    one = "Kran stürzt auf Schiff im Hafen | Ein Kran ist im Hafen auf ein Schiff gestürzt, sagt die Polizei."
    other = "Im Hafen stürzt ein Lastkran um | Ein Kran ist im Hafen umgestürzt und auf ein Schiff gefallen, sagt die Feuerwehr."
    assert told_as(one, other, language="de") == 1


def test_in_a_title_in_capitals_only_what_the_text_names_is_a_name() -> None:
    """A Headline In Which Each Word Has A Capital names no more than one that has none."""
    one = "Huge Crane Collapses Onto Ship | A crane collapsed onto a ship in the harbour, the police said."
    assert (
        told_as(
            one,
            "Giant Hoist Falls Onto Vessel In Harbour | A crane collapsed onto a ship in the harbour, the police said.",
        )
        == 1
    )
