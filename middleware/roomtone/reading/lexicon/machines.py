"""Machines in words: of the house, the workshop and the factory."""

from typing import Final

from roomtone.reading.entry import Entry, Steer, listed, named, said

_DRILLED: Final = named("drill", "material")
_HAMMERED: Final = named("hammer", "surface")

FAN: Final = Entry(
    synth="fan",
    caption="an electric fan blowing",
    roles={"amount": "speed", "pace": "speed", "size": "size", "clatter": "rattle"},
    said=(
        said("fan, electric fan, table fan, desk fan, standing fan, box fan", at={"amount": 0.6}),
        said("ceiling fan", at={"amount": 0.4, "size": 0.75}),
        said("computer fan, server fan, cooling fan, laptop fan", at={"amount": 0.6, "size": 0.05}),
        said(
            "air conditioner, air conditioning, ventilation, ventilator, extractor fan, exhaust fan, air vent, "
            "industrial fan",
            at={"amount": 0.6, "size": 0.7},
        ),
    ),
    near=listed("hair dryer, hairdryer, heater, projector"),
    outdoors=False,
    steer=Steer(parameter="machines", rise_s=3.0, fall_s=4.0),
    stands="at",
    usual_m=3.0,
)

FRIDGE: Final = Entry(
    synth="fridge",
    caption="a refrigerator humming",
    roles={"amount": "hum", "pace": "running", "clatter": "rattle"},
    said=(
        said("fridge, refrigerator, freezer, icebox, fridge hum", at={"amount": 0.5}),
        said(
            "vending machine, drinks cabinet, cold store, freezer cabinet, refrigeration unit",
            at={"amount": 0.75, "pace": 0.95},
            span=(0.3, 1.0),
        ),
    ),
    near=listed("transformer, electrical hum, fuse box, water heater, boiler"),
    outdoors=False,
    steer=Steer(parameter="machines", rise_s=2.0, fall_s=3.0),
    stands="at",
    usual_m=3.0,
)

VACUUM: Final = Entry(
    synth="vacuum",
    caption="a vacuum cleaner running",
    roles={"amount": "power", "liveliness": "strokes", "crackle": "grit"},
    said=(
        said(
            "vacuum, vacuum cleaner, hoover, robot vacuum",
            verbs="vacuum, hoover",
            at={"amount": 0.5},
        ),
        said(
            "leaf blower, shop vacuum, pressure washer",
            at={"amount": 0.95, "liveliness": 0.2},
            span=(0.6, 1.0),
        ),
    ),
    near=listed("lawn mower, hand dryer, blender, mixer, coffee grinder"),
    outdoors=False,
    passes=True,
    steer=Steer(parameter="machines", rise_s=1.0, fall_s=1.5),
    stands="at",
    usual_m=3.0,
)

WASHING_MACHINE: Final = Entry(
    synth="washing_machine",
    caption="a washing machine tumbling and spinning",
    roles={"amount": "load", "size": "load", "pace": "cycle", "whistle": "wear"},
    said=(
        said(
            "washing machine, washer, laundry machine, launderette, laundromat, laundry", at={"amount": 0.5}
        ),
        said("spin cycle, tumble dryer, clothes dryer, dryer", at={"amount": 0.5, "pace": 0.95}),
        said("dishwasher", at={"amount": 0.3, "pace": 0.3}),
    ),
    outdoors=False,
    steer=Steer(parameter="machines", rise_s=4.0, fall_s=4.0),
    stands="at",
    usual_m=3.0,
)

DRILL: Final = Entry(
    synth="drill",
    caption="a power drill",
    roles={"amount": "rate", "hardness": "material", "size": "size"},
    said=(
        said(
            "drill, power drill, electric drill, screwdriver, cordless drill",
            verbs="drill",
            at={"amount": 0.5},
        ),
        said(
            "hammer drill, rotary hammer, jackhammer, pneumatic drill, roadworks, road works",
            at={"amount": 0.7, "hardness": _DRILLED["stone"], "size": 0.9},
        ),
    ),
    near=listed("angle grinder, grinder, circular saw, power saw, power tool, sander, router"),
    passes=True,
    steer=Steer(parameter="work", rise_s=1.0, fall_s=2.0),
    stands="at",
    usual_m=8.0,
)

HAMMER: Final = Entry(
    synth="hammer",
    caption="hammering",
    roles={"amount": "rate", "hardness": "surface", "size": "force"},
    said=(
        said("hammer, hammering, hammer blow, carpenter, nail, carpentry, mallet", at={"amount": 0.5}),
        said(
            "anvil, blacksmith, smith, smithy, hammer on metal, hammering metal",
            at={"amount": 0.55, "hardness": _HAMMERED["steel"], "size": 0.75},
        ),
        said(
            "chisel, stonemason, stone mason, pickaxe, pick axe",
            at={"amount": 0.5, "hardness": _HAMMERED["stone"]},
        ),
        said(
            "building site, construction site, construction, construction work",
            at={"amount": 0.6, "size": 0.8},
        ),
    ),
    near=listed("woodwork, saw, sawing, axe, wood chopping"),
    passes=True,
    steer=Steer(parameter="work", rise_s=1.0, fall_s=2.0),
    stands="at",
    usual_m=12.0,
)

FACTORY: Final = Entry(
    synth="factory",
    caption="the machines of a factory hall",
    roles={"amount": "activity", "liveliness": "activity", "clatter": "stamping"},
    said=(
        said(
            "factory, machine, machinery, factory floor, factory hall, industrial plant, assembly line, "
            "production line, conveyor, conveyor belt",
            others="industrial",
            at={"amount": 0.5},
        ),
        said("press, stamping press, steelworks, steel mill, foundry", at={"amount": 0.8, "clatter": 0.9}),
        said("pump room, plant room, boiler room", at={"amount": 0.15, "clatter": 0.05}, span=(0.0, 0.5)),
    ),
    near=listed("generator, warehouse, mine, shipyard, sawmill, power plant, turbine"),
    outdoors=False,
    steer=Steer(parameter="work", rise_s=5.0, fall_s=8.0),
    usual_m=15.0,
)

ENTRIES: Final = (FAN, FRIDGE, VACUUM, WASHING_MACHINE, DRILL, HAMMER, FACTORY)
