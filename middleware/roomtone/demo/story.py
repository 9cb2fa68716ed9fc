"""The walk that the demo takes: where, when, and what changes on the way. Pure: a share of the walk in, numbers out.

The world's axes are the wire's: metres, x to the east, -z to the north, y up. Each scene keeps its own coordinates and
has a place in the world.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np

from roomtone.mixing import Pose, Zone, zone_gains
from roomtone.wire.messages import Vector

EAR_M: Final = 1.7


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A scene in the world.

    Attributes:
        zone: where it is heard.
        origin_m: where the scene's own origin lies in the world.
        seed: chosen so that a thunderclap falls into the minute that is heard.
        course: parameter -> (share of the walk, value) points, straight lines between.
    """

    zone: Zone
    origin_m: Vector
    seed: int
    course: Mapping[str, tuple[tuple[float, float], ...]]

    @property
    def name(self) -> str:
        """The scene's name."""
        return self.zone.name

    def values(self, share: float) -> dict[str, float]:
        """Say what the game asks of the scene's parameters at a share of the walk."""
        return {name: _along(points, share) for name, points in self.course.items()}

    def pose(self, pose: Pose) -> Pose:
        """See a listener of the world with the scene's coordinates."""
        x, y, z = (here - there for here, there in zip(pose.at_m, self.origin_m, strict=True))
        return Pose(at_m=(x, y, z), yaw_deg=pose.yaw_deg)


_RAIN: Final = ((0.0, 0.45), (0.06, 0.45), (0.24, 0.8), (0.52, 0.8), (0.7, 0.1), (1.0, 0.0))
_STORM: Final = ((0.0, 0.3), (0.15, 0.5), (0.3, 0.6), (0.6, 0.5), (0.75, 0.0), (1.0, 0.0))

PLACES: Final = (
    Place(
        zone=Zone(name="rainy_street", at_m=(-4.0, 0.0, 0.0), radius_m=11.0, fade_m=5.0),
        origin_m=(0.0, 0.0, 0.0),
        seed=261,
        course=MappingProxyType(
            {"rain": _RAIN, "storm": _STORM, "wind": ((0.0, 0.12), (0.2, 0.35), (1.0, 0.15))}
        ),
    ),
    Place(
        zone=Zone(name="cafe", at_m=(16.0, 0.0, -7.0), radius_m=7.0, fade_m=4.0),
        origin_m=(16.0, 0.0, -6.0),
        seed=300,
        course=MappingProxyType(
            {
                "rain": _RAIN,
                "storm": _STORM,
                "guests": ((0.0, 0.35), (0.38, 0.4), (0.52, 0.95), (0.7, 0.7), (1.0, 0.5)),
                "cheer": ((0.0, 0.2), (0.4, 0.3), (0.55, 0.8), (1.0, 0.4)),
                "fire": ((0.0, 0.5), (0.45, 0.55), (0.52, 0.75), (1.0, 0.5)),
            }
        ),
    ),
    Place(
        zone=Zone(name="night_forest", at_m=(46.0, 0.0, -14.0), radius_m=19.0, fade_m=6.0),
        origin_m=(48.0, 0.0, -14.0),
        seed=76,
        course=MappingProxyType(
            {
                "time_of_day": ((0.0, 19.4), (0.6, 19.4), (0.84, 22.5), (1.0, 23.5)),
                "wind": ((0.0, 0.4), (0.75, 0.35), (0.9, 0.12), (1.0, 0.1)),
                "water": ((0.0, 0.5), (1.0, 0.5)),
                "temperature": ((0.0, 22.0), (1.0, 22.0)),
            }
        ),
    ),
)

CAPTIONS: Final = (
    (0.0, "a wet street, rain; water runs in the gutter"),
    (0.12, "the rain grows, and drums on the tin awning ahead"),
    (0.32, "through the café's door"),
    (0.44, "the tables fill up; a fire in the hearth, rain at the window"),
    (0.63, "out by the back door: the rain has passed, a last bird sings"),
    (0.76, "night falls over the forest; crickets, and a brook to the left"),
    (0.92, "the wind dies down"),
)

# (share of the walk, x, z): slow where there is much to hear.
_WAY: Final = np.array(
    [
        (0.00, -14.0, 3.0),
        (0.12, -6.5, 2.0),
        (0.25, 2.5, -0.5),
        (0.33, 7.5, -2.6),
        (0.40, 11.5, -5.0),
        (0.50, 15.0, -8.2),
        (0.58, 18.5, -8.6),
        (0.65, 23.0, -8.0),
        (0.77, 32.5, -11.0),
        (0.90, 40.0, -14.5),
        (1.00, 45.0, -14.0),
    ]
)


def _along(points: tuple[tuple[float, float], ...], share: float) -> float:
    return float(np.interp(share, [at for at, _ in points], [value for _, value in points]))


def _way_at(share: float) -> tuple[float, float]:
    """Follow the way smoothly: a cubic through its points, with the slope of their neighbours (Catmull-Rom)."""
    at, places = _WAY[:, 0], _WAY[:, 1:]
    slopes = np.gradient(places, at, axis=0)
    i = int(np.clip(np.searchsorted(at, share) - 1, 0, len(at) - 2))
    step = at[i + 1] - at[i]
    t = (share - at[i]) / step
    x, z = (
        places[i] * (2 * t**3 - 3 * t**2 + 1)
        + slopes[i] * step * (t**3 - 2 * t**2 + t)
        + places[i + 1] * (3 * t**2 - 2 * t**3)
        + slopes[i + 1] * step * (t**3 - t**2)
    )
    return float(x), float(z)


def listener_at(share: float) -> Pose:
    """Say where the listener is at a share of the walk; they look where they go."""
    x, z = _way_at(share)
    (x0, z0), (x1, z1) = _way_at(max(0.0, share - 0.02)), _way_at(min(1.0, share + 0.02))
    return Pose(at_m=(x, EAR_M, z), yaw_deg=math.degrees(math.atan2(x1 - x0, z0 - z1)))


def scene_levels(pose: Pose) -> dict[str, float]:
    """Say how loud each scene is where the listener is."""
    x, _, z = pose.at_m
    return zone_gains([place.zone for place in PLACES], (x, 0.0, z))
