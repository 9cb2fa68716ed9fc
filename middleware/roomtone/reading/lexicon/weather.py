"""Weather in words: rain, hail, wind, wind over snow, thunder."""

from typing import Final

from roomtone.reading.entry import Entry, Steer, listed, said

RAIN: Final = Entry(
    synth="rain",
    caption="rain falling",
    roles={
        "amount": "intensity",
        "hardness": "surface",
        "brightness": "brightness",
    },
    said=(
        said(
            "rain, rainfall, rainwater, rain sound, precipitation",
            verbs="rain",
            others="rainy",
            at={"amount": 0.5},
        ),
        said(
            "drizzle, sprinkle",
            verbs="drizzle",
            others="drizzly",
            at={"amount": 0.18},
            span=(0.06, 0.36),
        ),
        said("raindrop, rain drop, drop of rain, drops of rain", at={"amount": 0.22}, span=(0.05, 0.6)),
        said(
            "shower, rain shower, april shower",
            others="showery",
            at={"amount": 0.45},
            span=(0.15, 0.8),
        ),
        said(
            "downpour, cloudburst, deluge, rainstorm, rain storm, monsoon, monsoon rain, sheets of rain",
            at={"amount": 0.92, "brightness": 0.55},
            span=(0.6, 1.0),
        ),
    ),
    near=listed("gutter, downspout, white noise"),
    passes=True,
    steer=Steer(parameter="rain", rise_s=4.0, fall_s=9.0),
)

HAIL: Final = Entry(
    synth="hail",
    caption="hailstones falling",
    roles={"amount": "intensity", "hardness": "surface", "size": "size"},
    said=(
        said("hail, hailstone, hail stone", verbs="hail", at={"amount": 0.5, "size": 0.45}),
        said("hailstorm, hail storm", at={"amount": 0.85, "size": 0.6}, span=(0.5, 1.0)),
        said("sleet, graupel, ice pellet, soft hail", others="sleety", at={"amount": 0.45, "size": 0.05}),
    ),
    passes=True,
    steer=Steer(parameter="hail", rise_s=2.0, fall_s=6.0),
)

WIND: Final = Entry(
    synth="wind",
    caption="wind blowing",
    roles={
        "amount": "strength",
        "gusts": "gustiness",
        "whistle": "whistle",
        "pitch": "through",
        "brightness": "brightness",
    },
    said=(
        said("wind, wind noise, air current", others="windy, windswept, windblown", at={"amount": 0.5}),
        said(
            "breeze, sea breeze, breath of wind, breath of air, zephyr, draft, draught",
            others="breezy",
            at={"amount": 0.28, "gusts": 0.4},
            span=(0.12, 0.45),
        ),
        said("gust, squall", others="gusty, blustery, squally", at={"amount": 0.6, "gusts": 0.85}),
        said(
            "gale, windstorm, wind storm, storm wind, high winds",
            at={"amount": 0.88, "gusts": 0.6, "whistle": 0.25},
            span=(0.65, 1.0),
        ),
        said(
            "sandstorm, sand storm, dust storm",
            at={"amount": 0.85, "gusts": 0.6, "brightness": 0.8},
            span=(0.6, 1.0),
        ),
        said(
            "tornado, twister, cyclone",
            at={"amount": 1.0, "gusts": 0.7, "whistle": 0.4, "brightness": 0.35},
            span=(0.8, 1.0),
        ),
    ),
    passes=True,
    steer=Steer(parameter="wind", rise_s=5.0, fall_s=8.0),
)

SNOW_WIND: Final = Entry(
    synth="snow_wind",
    caption="wind blowing over snow",
    roles={"amount": "strength", "gusts": "gustiness", "dryness": "powder"},
    said=(
        said(
            "snow wind, wind over snow, wind on snow, snow, snowfall, snow flurry, flurry of snow, winter wind",
            others="snowy",
            at={"amount": 0.45},
        ),
        said(
            "drifting snow, blowing snow, snowdrift, snow drift, spindrift, powder snow",
            at={"amount": 0.65, "dryness": 0.85},
            span=(0.4, 1.0),
        ),
        said(
            "blizzard, snowstorm, snow storm, snow squall, whiteout",
            at={"amount": 0.92, "gusts": 0.65, "dryness": 0.7},
            span=(0.65, 1.0),
        ),
    ),
    near=listed("avalanche, ice storm, glacier"),
    passes=True,
    steer=Steer(parameter="wind", rise_s=5.0, fall_s=8.0),
)

THUNDER: Final = Entry(
    synth="thunder",
    caption="thunder",
    roles={"amount": "rate", "rumble": "rumble", "brightness": "brightness"},
    said=(
        said(
            "thunder, peal of thunder, roll of thunder, rumble of thunder, electrical storm",
            others="thundery",
            at={"amount": 0.5},
        ),
        said(
            "thunderclap, thunder clap, clap of thunder, crack of thunder, thunderbolt, thunder strike, lightning, "
            "lightning strike, lightning bolt, bolt of lightning, strike of lightning, flash of lightning",
            at={"amount": 0.45, "distance": 0.15, "rumble": 0.35, "brightness": 0.7},
        ),
    ),
    near=listed(
        "explosion, bomb, cannon, artillery, gunshot, gunfire, firework, earthquake, volcano, rockfall"
    ),
    passes=True,
    steer=Steer(parameter="storm", rise_s=3.0, fall_s=10.0),
    stands="strikes",
    usual_m=400.0,
)

ENTRIES: Final = (RAIN, HAIL, WIND, SNOW_WIND, THUNDER)
