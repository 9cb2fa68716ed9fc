"""How many and how very, in words."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from roomtone.reading.entry import listed

NUMBERS: Final[tuple[tuple[tuple[str, ...], float], ...]] = (
    (listed("one, single, lone, lonely, solitary, one single"), 1.0),
    (listed("one or two"), 1.5),
    (listed("two, couple of, pair of, pair"), 2.0),
    (listed("two or three, few"), 3.0),
    (listed("three, trio of"), 3.0),
    (listed("three or four"), 3.5),
    (listed("four"), 4.0),
    (listed("five, some, several, handful of"), 5.0),
    (listed("six, half dozen, group of, small group of, family of"), 6.0),
    (listed("seven"), 7.0),
    (listed("eight"), 8.0),
    (listed("nine"), 9.0),
    (listed("ten, bunch of, flock of, band of"), 10.0),
    (listed("eleven"), 11.0),
    (
        listed("twelve, dozen, dozen of, many, lot of, lots of, plenty of, numerous, flocks of, groups of"),
        12.0,
    ),
    (listed("twenty, crowd of, room full of, roomful of, swarm of, large group of"), 20.0),
    (listed("thirty, dozens of, countless, masses of, loads of, tons of, army of, field of"), 30.0),
    (listed("hundred, hundred of, hundreds of, packed with"), 100.0),
    (listed("thousand, thousands of, sea of, myriad of"), 1_000.0),
)

# Of what cannot be counted, so many mean so much more or less of it.
UNCOUNTED: Final[tuple[tuple[float, float], ...]] = (
    (1.0, -0.7), (3.0, -0.5), (5.0, -0.2), (12.0, 0.45), (30.0, 0.7), (100.0, 0.9),
)  # fmt: skip

DEGREES: Final[tuple[tuple[tuple[str, ...], float], ...]] = (
    (listed("very, really, so, quite very, truly, super"), 1.4),
    (
        listed(
            "extremely, incredibly, insanely, exceptionally, overwhelmingly, unbelievably, terribly, awfully"
        ),
        1.7,
    ),
    (listed("too, increasingly, more and more"), 1.2),
    (listed("more, most"), 1.0),
    (listed("quite, rather, pretty, fairly, relatively, reasonably, moderately"), 0.8),
    (listed("slightly, somewhat, bit, kind of, sort of, mildly, faintly, vaguely, subtly"), 0.5),
    (listed("less, least"), -0.6),
)

# Of units of time that stand under a length: km/h, m/s.
PER_SECOND: Final[Mapping[str, float]] = MappingProxyType(
    {"h": 1.0 / 3_600.0, "hour": 1.0 / 3_600.0, "s": 1.0, "second": 1.0}
)

METRES: Final[Mapping[str, float]] = MappingProxyType(
    {
        **dict.fromkeys(("m", "meter", "meters", "metre", "metres"), 1.0),
        **dict.fromkeys(("km", "kilometer", "kilometers", "kilometre", "kilometres"), 1_000.0),
        **dict.fromkeys(("mile", "miles"), 1_609.0),
        **dict.fromkeys(("foot", "feet", "ft"), 0.305),
        **dict.fromkeys(("yard", "yards"), 0.914),
    }
)
