"""Words for when and in what weather: they say little about one sound, and something about all of them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from roomtone.reading.entry import Role, listed
from roomtone.reading.meanings import Phase, Setting

_SEASONS: Final = MappingProxyType(
    {
        "spring": {"birds": {"amount": 0.25}},
        "summer": {},
        "autumn": {"leaves": {"dryness": 0.6}},
        "winter": {"leaves": {"dryness": 0.4}, "birds": {"amount": -0.5}},
    }
)


def _season(name: str, warmth: float) -> Setting:
    return Setting(season=name, warmth=warmth, pulls=_SEASONS[name])


SETTINGS: Final[tuple[tuple[tuple[str, ...], Setting], ...]] = (
    # The clock.
    (listed("midnight, at midnight, dead of night, middle of night"), Setting(hour=0.0)),
    (listed("after midnight, small hours, witching hour"), Setting(hour=2.0)),
    (listed("before dawn, before sunrise, early hours"), Setting(hour=4.3)),
    (listed("dawn, daybreak, sunrise, first light, crack of dawn, early morning"), Setting(hour=5.5)),
    (listed("morning, good morning, sunday morning"), Setting(hour=8.0)),
    (listed("day, daytime, daylight, midmorning, forenoon"), Setting(hour=11.0)),
    (listed("noon, midday, lunchtime, lunch time, high noon"), Setting(hour=12.0)),
    (listed("afternoon, siesta"), Setting(hour=15.0)),
    (listed("late afternoon"), Setting(hour=17.0)),
    (listed("evening, nightfall, after sunset"), Setting(hour=20.0)),
    (listed("dusk, sunset, twilight, gloaming, sundown"), Setting(hour=19.8)),
    (listed("night, nighttime, night time, at night, after dark, moonlight, moonlit, moon, star, starlight, starry, "
            "full moon, nocturnal, overnight, nightly"), Setting(hour=23.0)),
    # The year.
    (listed("spring, springtime, spring time, april, may morning"), _season("spring", 0.1)),
    (listed("summer, summertime, summer time, midsummer, july, august"), _season("summer", 0.5)),
    (listed("autumn, autumnal, in fall, fall day, fall night, fall morning, fall evening, october, november"),
     _season("autumn", -0.2)),
    (listed("winter, wintertime, winter time, wintry, midwinter, christmas, december, january"),
     _season("winter", -0.8)),
    # Heat.
    (listed("warm, warmth, balmy, mild weather"), Setting(warmth=0.5)),
    (listed("hot, heat, scorching, sweltering, blazing heat, tropical, humid, sultry, muggy"), Setting(warmth=0.9)),
    (listed("cool, chilly"), Setting(warmth=-0.4)),
    (listed("cold, coldness"), Setting(warmth=-0.6)),
    (listed("freezing, frozen, icy, frosty, frost, ice, bitter cold, ice cold"), Setting(warmth=-1.0)),
    # The sky.
    (listed("sunny, sun, sunlight, sunshine, clear sky, blue sky, cloudless"), Setting(weather="sunny")),
    (listed("cloudy, cloud, overcast, grey sky, gray sky, storm cloud, rain cloud"), Setting(weather="cloudy")),
    (listed("foggy, fog, misty, mist, hazy, haze"),
     Setting(weather="foggy", pulls={"leaves": {"dryness": -0.4}, "wind": {"amount": -0.5}})),
    (listed("snowy, snow covered, snowy weather"), Setting(weather="snowy", warmth=-0.9)),
    # Indoors and out.
    (listed("inside, indoors, indoor, sheltered"), Setting(inside=True)),
    (listed("outdoor, open air, al fresco, alfresco"), Setting(inside=False)),
)  # fmt: skip
"""As they are, with plurals."""

# What hours do to sounds: at dawn everybody sings.
HOURLY: Final[Mapping[Phase, Mapping[str, Mapping[Role, float]]]] = MappingProxyType(
    {"dawn": {"birds": {"amount": 0.45}}}
)

# From which hour on it is what.
_PHASES: Final[tuple[tuple[float, Phase], ...]] = (
    (21.0, "night"),
    (19.0, "dusk"),
    (7.0, "day"),
    (4.0, "dawn"),
    (0.0, "night"),
)
_DAY_HALVES: Final[Mapping[str, float]] = MappingProxyType({"am": 0.0, "a.m": 0.0, "pm": 12.0, "p.m": 12.0})


def phase_of(hour: float) -> Phase:
    """Name the part of the day that an hour belongs to."""
    return next(phase for first, phase in _PHASES if hour >= first)


def hour_of(clock: str, half: str) -> float | None:
    """Read `6`, `6:30` or `22.15` with `am`, `pm`, `o'clock` or nothing after it; None for what is no time of day."""
    hours, _, minutes = clock.replace(".", ":").partition(":")
    if not hours.isascii() or not hours.isdigit() or len(hours) > 2 or not _are_minutes(minutes):
        return None
    hour = int(hours) + int(minutes or 0) / 60.0
    if half in _DAY_HALVES:
        return hour % 12.0 + _DAY_HALVES[half] if 1.0 <= hour < 13.0 else None
    return hour % 24.0 if hour <= 24.0 else None


def _are_minutes(text: str) -> bool:
    return not text or (text.isascii() and text.isdigit() and len(text) == 2 and int(text) < 60)
