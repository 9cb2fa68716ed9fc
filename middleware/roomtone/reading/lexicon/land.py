"""Land in words: leaves and fire."""

from typing import Final

from roomtone.reading.entry import Entry, Steer, listed, said

FIRE: Final = Entry(
    synth="fire",
    caption="a fire crackling",
    roles={"amount": "intensity", "size": "size", "crackle": "crackle", "dryness": "dryness"},
    said=(
        said(
            "fire, flame, wood fire, log fire, firewood, burning wood, burning log, campfire, camp fire, firepit, "
            "fire pit",
            others="burning, ablaze, on fire, in flames",
            at={"amount": 0.5},
        ),
        said(
            "fireplace, hearth, wood stove, wood burner, log burner, open fire, cozy fire, cosy fire",
            at={"amount": 0.4, "size": 0.5, "dryness": 0.6},
        ),
        said(
            "bonfire, blaze, inferno, house fire, burning house, pyre",
            at={"amount": 0.92, "size": 0.85},
            span=(0.6, 1.0),
        ),
        said(
            "forest fire, wildfire, bushfire, burning forest",
            at={"amount": 0.92, "size": 1.0},
            span=(0.6, 1.0),
        ),
        said(
            "ember, cinder, glowing coal, coal, dying fire, dying flame",
            at={"amount": 0.06, "size": 0.4, "crackle": 0.45},
            span=(0.0, 0.3),
        ),
        said("match, matchstick, lit match", at={"amount": 0.4, "size": 0.0, "crackle": 0.2}),
        said("torch, flaming torch, burning torch", at={"amount": 0.5, "size": 0.25, "crackle": 0.3}),
    ),
    near=listed("candle, furnace, forge, lava, smoke, steam, frying, barbecue, grill"),
    outdoors=False,
    steer=Steer(parameter="fire", rise_s=3.0, fall_s=20.0),
    stands="at",
    usual_m=3.0,
)

LEAVES: Final = Entry(
    synth="leaves",
    caption="leaves rustling in the wind",
    roles={"amount": "activity", "dryness": "dryness", "gusts": "gustiness"},
    said=(
        said(
            "leaf, leaves, foliage, tree, treetop, tree top, branch, bough, twig, canopy, shrub, bush, hedge, "
            "vine, undergrowth, oak, birch, poplar, aspen, willow, beech tree, tree branch",
            others="leafy",
            at={"amount": 0.4},
        ),
        said(
            "dry leaf, dry leaves, dead leaf, dead leaves, autumn leaf, autumn leaves, fallen leaf, "
            "fallen leaves",
            at={"amount": 0.4, "dryness": 0.9},
        ),
        said(
            "grass, tall grass, reed, bulrush, wheat, wheat field, cornfield, corn field, corn, barley, bamboo, "
            "palm, palm tree, palm frond",
            others="grassy",
            at={"amount": 0.38, "dryness": 0.75},
        ),
        said("pine, pine tree, fir, fir tree, conifer", at={"amount": 0.42, "dryness": 0.15}),
    ),
    near=listed("paper, curtain, flag, sail, fabric, cloth, plastic bag"),
    steer=Steer(parameter="wind", rise_s=5.0, fall_s=8.0),
    stirred_by="wind",
)

ENTRIES: Final = (FIRE, LEAVES)
