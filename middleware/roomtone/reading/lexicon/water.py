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
        "waterfall, cascade, cataract, tap, faucet, sink, bathtub, bath, drain, pipe, canal, aqueduct, "
        "swimming pool, pool, watermill, underwater, dam, sewer"
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
    near=listed("tsunami, flood, whale, dolphin, submarine"),
    steer=Steer(parameter="swell", rise_s=10.0, fall_s=20.0),
    usual_m=12.0,
)

ENTRIES: Final = (STREAM, WAVES)
