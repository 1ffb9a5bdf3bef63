"""Time zones as people write them: a city alone, an abbreviation, an offset."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from ..text.setting_values import wrong
from ..text.suggestions import closest_match

# One zone each, without summer time, so that the abbreviation says all.
_MEANT = {
    "HKT": "Asia/Hong_Kong",
    "JST": "Asia/Tokyo",
    "KST": "Asia/Seoul",
    "SGT": "Asia/Singapore",
    "MSK": "Europe/Moscow",
    "Z": "UTC",
}
# Large cities that no zone is named after.
_OTHER_CITIES = {
    "America/Los_Angeles": "san francisco, seattle, san diego, las vegas, portland",
    "America/Chicago": "houston, dallas, austin, minneapolis",
    "America/New_York": "washington, boston, miami, atlanta, philadelphia",
    "America/Sao_Paulo": "rio de janeiro, brasilia",
    "America/Toronto": "ottawa",
    "Asia/Dubai": "abu dhabi",
    "Asia/Ho_Chi_Minh": "hanoi",
    "Asia/Jerusalem": "haifa",
    "Asia/Kolkata": "delhi, new delhi, mumbai, bombay, bangalore, bengaluru, chennai",
    "Asia/Shanghai": "beijing, peking, shenzhen, guangzhou, hangzhou",
    "Asia/Tokyo": "osaka, kyoto",
    "Australia/Sydney": "canberra",
    "Europe/Berlin": "frankfurt, munich, hamburg, cologne",
    "Europe/London": "edinburgh, manchester",
    "Europe/Madrid": "barcelona",
    "Europe/Rome": "milan, naples",
    "Europe/Zurich": "geneva, bern, basel",
    "Africa/Johannesburg": "cape town, pretoria",
    "Pacific/Auckland": "wellington",
}
_UNEVEN = {
    "-3:30": "America/St_Johns",
    "+3:30": "Asia/Tehran",
    "+4:30": "Asia/Kabul",
    "+5:30": "Asia/Kolkata",
    "+5:45": "Asia/Kathmandu",
    "+6:30": "Asia/Yangon",
    "+9:30": "Australia/Adelaide or Australia/Darwin",
}
# Half of the year it is another one, or several zones have it. EST and MST exist, as offsets without summer time.
_UNCLEAR = {
    "EST": "America/New_York",
    "EDT": "America/New_York",
    "CST": "America/Chicago or Asia/Shanghai",
    "CDT": "America/Chicago",
    "MST": "America/Denver or America/Phoenix",
    "MDT": "America/Denver",
    "PST": "America/Los_Angeles",
    "PDT": "America/Los_Angeles",
    "BST": "Europe/London",
    "IST": "Asia/Kolkata, Asia/Jerusalem or Europe/Dublin",
    "CEST": "Europe/Berlin",
    "EEST": "Europe/Athens",
    "WEST": "Europe/Lisbon",
    "AEST": "Australia/Sydney or Australia/Brisbane",
    "AEDT": "Australia/Sydney",
    "NZST": "Pacific/Auckland",
    "NZDT": "Pacific/Auckland",
}
_IN_FULL = re.compile(r"[A-Z][A-Za-z_]+(?:/[A-Z][A-Za-z0-9_+-]+)+")
_OFFSET = re.compile(r"(?:GMT|UTC)?([+-])(\d{1,2})(?::?(\d\d))?", re.IGNORECASE)


def zone_named(name: str) -> str:
    """The IANA name that is meant.

    Raises:
        PydanticCustomError: it is none, or may be several; see `text.setting_values.wrong`.
    """
    if _IN_FULL.fullmatch(name) and _exists(name):
        return (
            name  # without a walk through all zones of the machine, which takes longer than all else of a configuration
        )
    known = _known()
    spelled = re.sub(r"\s+", "_", name).casefold()
    if short := _UNCLEAR.get(name.upper()):
        raise wrong("says nothing about summer time, or means several zones", f"write {short}")
    if found := _MEANT.get(name.upper()) or known.get(spelled):
        return found
    cities = _cities().get(spelled, ()) or tuple(
        zone for zone, names in _OTHER_CITIES.items() if spelled.replace("_", " ") in names.split(", ")
    )
    if len(cities) == 1:
        return cities[0]
    raise wrong("is not a time zone", _fix(name, spelled, cities))


def _exists(name: str) -> bool:
    try:
        return ZoneInfo(name).key == name
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False


def _fix(name: str, spelled: str, cities: tuple[str, ...]) -> str:
    if cities:
        return f"write {' or '.join(cities)}"
    offset = _OFFSET.fullmatch(name)
    if offset and (uneven := _UNEVEN.get(f"{offset[1]}{int(offset[2])}:{offset[3]}")):
        return f"write {uneven}"
    if offset and int(offset[2]) <= 12 and not int(offset[3] or 0):
        # POSIX counts them the other way round.
        other = f"Etc/GMT{'-' if offset[1] == '+' else '+'}{int(offset[2])}"
        return f"write the zone of a city, as in Asia/Singapore, or {other} for UTC{offset[1]}{int(offset[2])} all the year"
    city = "" if "/" in name else closest_match(spelled, _cities())
    guess = _cities()[city][0] if city else _known().get(closest_match(spelled, _known()), "")
    return f"did you mean {guess}?" if guess else "write an IANA name such as Europe/Berlin"


@cache
def _known() -> dict[str, str]:
    return {name.casefold(): name for name in sorted(available_timezones()) if not name.startswith(("posix", "right"))}


@cache
def _cities() -> dict[str, tuple[str, ...]]:
    """Zones by the last part of their name. America/Indianapolis stands for America/Indiana/Indianapolis, too."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for name in sorted(_known().values(), key=lambda name: (name.count("/"), name)):
        region, _, city = name.rpartition("/")
        if region and not region.startswith(("Etc", "SystemV")) and not (found[city.casefold()] and region.count("/")):
            found[city.casefold()].append(name)
    return {city: tuple(names) for city, names in found.items() if names}
