"""Water in words: what runs and what breaks on a shore."""

from typing import Final

from roomtone.reading.entry import Entry, Steer, listed, said

STREAM: Final = Entry(
    synth="stream",
    caption="a stream of water running over stones",
    roles={
        "amount": "flow",
        "size": "flow",
        "pace": "flow",
        "bubbles": "bubbliness",
        "depth": "depth",
        "brightness": "brightness",
    },
    said=(
        said(
            "stream, brook, creek, beck, streamlet, water stream, running water, flowing water, moving water, "
            "rushing water, water",
            at={"amount": 0.42},
        ),
        said(
            "trickle, rivulet, rill, trickle of water, trickling water, spring water, water spring",
            at={"amount": 0.12, "bubbles": 0.7, "depth": 0.15},
            span=(0.03, 0.35),
        ),
        said("river, riverbank, river bank, riverside", at={"amount": 0.72, "depth": 0.6}, span=(0.3, 1.0)),
        said(
            "river rapids, whitewater, white water, torrent",
            others="rapids",
            at={"amount": 0.97, "depth": 0.4},
            span=(0.7, 1.0),
        ),
        said("fountain", at={"amount": 0.45, "bubbles": 0.75, "brightness": 0.7}),
    ),
    near=listed(
        "tap, faucet, sink, bathtub, bath, drain, pipe, canal, aqueduct, swimming pool, pool, watermill, sewer"
    ),
    steer=Steer(parameter="water", rise_s=8.0, fall_s=12.0),
    usual_m=6.0,
)

WAVES: Final = Entry(
    synth="waves",
    caption="waves breaking on a shore",
    roles={
        "amount": "intensity",
        "size": "intensity",
        "pace": "pace",
        "foam": "foam",
    },
    said=(
        said(
            "wave, ocean, sea, tide, ocean wave, sea wave, seawater, sea water, waterfront",
            at={"amount": 0.5},
        ),
        said("surf, breaker, breaking wave", at={"amount": 0.65, "foam": 0.6}, span=(0.25, 1.0)),
        said(
            "ripple, lapping water, lapping waves, lapping wave, wavelet",
            at={"amount": 0.1, "pace": 0.75, "foam": 0.25},
            span=(0.02, 0.35),
        ),
        said("tidal wave, storm surge, storm surf", at={"amount": 0.98, "foam": 0.6}, span=(0.7, 1.0)),
    ),
    near=listed("tsunami, flood"),
    steer=Steer(parameter="swell", rise_s=10.0, fall_s=20.0),
    usual_m=12.0,
)

WATERFALL: Final = Entry(
    synth="waterfall",
    caption="a waterfall crashing into a pool",
    roles={"amount": "flow", "size": "height", "rumble": "height", "foam": "spray", "brightness": "spray"},
    said=(
        said("waterfall, water fall, cascade, falling water", at={"amount": 0.55}),
        said(
            "cataract, torrential waterfall, mighty waterfall",
            at={"amount": 0.95, "size": 0.9},
            span=(0.7, 1.0),
        ),
        said("weir, millrace, dam, spillway", at={"amount": 0.6, "size": 0.2, "foam": 0.3}),
    ),
    steer=Steer(parameter="waterfall", rise_s=8.0, fall_s=12.0),
    usual_m=15.0,
)

UNDERWATER: Final = Entry(
    synth="underwater",
    caption="the muffled rumble of being under water, with bubbles rising",
    roles={"amount": "surge", "depth": "depth", "bubbles": "bubbles"},
    said=(
        said(
            "",
            others="underwater, under water, under sea, submerged, beneath sea, beneath waves, beneath surface, "
            "below surface",
            at={"amount": 0.4},
        ),
        said(
            "deep sea, seabed, sea bed, sea floor, ocean floor, abyss",
            at={"amount": 0.25, "depth": 0.9, "bubbles": 0.1},
        ),
        said(
            "diver, scuba diver, scuba diving, diving, aquarium",
            at={"amount": 0.35, "depth": 0.4, "bubbles": 0.7},
        ),
    ),
    near=listed("whale, dolphin, submarine, fish"),
    steer=Steer(parameter="undercurrent", rise_s=6.0, fall_s=8.0),
    usual_m=2.0,
)

DRIPS: Final = Entry(
    synth="drips",
    caption="water dripping in an echoing room",
    roles={"amount": "rate", "pace": "rate", "depth": "depth", "bubbles": "depth", "size": "room"},
    said=(
        said(
            "water drip, drip of water, dripping water, water drop, water droplet, droplet, droplet of water",
            others="water dripping, water drips",
            at={"amount": 0.45},
        ),
        said(
            "dripping tap, dripping faucet, leaking tap, leaky tap, leaky faucet, leaking faucet, leak, leaking pipe, "
            "leaky pipe, leaky roof, leaking roof",
            others="leaky",
            at={"amount": 0.3, "depth": 0.5, "size": 0.3},
            span=(0.05, 0.6),
        ),
        said("stalactite", at={"amount": 0.4, "depth": 0.8, "size": 1.0}, span=(0.05, 0.7)),
    ),
    steer=Steer(parameter="drips", rise_s=4.0, fall_s=6.0),
    outdoors=False,
    usual_m=3.0,
)

ENTRIES: Final = (STREAM, WAVES, WATERFALL, DRIPS, UNDERWATER)
