"""Traffic in words: the road, rails, ships and what flies."""

from typing import Final

from roomtone.reading.entry import Entry, Steer, listed, said

# How busy roads are through the day, in dB.
_ROAD_HOURS: Final = ((0, -9.0), (4, -12.0), (7.5, 2.0), (10, 0.0), (17, 2.5), (20, -2.0), (24, -9.0))

TRAFFIC: Final = Entry(
    synth="traffic",
    caption="road traffic passing by",
    roles={"amount": "density", "pace": "speed", "size": "lorries", "dryness": "-wet"},
    said=(
        said(
            "traffic, city traffic, road traffic, street traffic, passing car, passing cars, cars passing, "
            "cars passing by, car passing, car passing by, car going by, car driving by, passing traffic, vehicle, "
            "automobile, taxi, road noise, traffic noise",
            at={"amount": 0.5},
        ),
        said(
            "motorway, freeway, expressway, autobahn, rush hour, rush hour traffic, motorway traffic, "
            "highway traffic, freeway traffic",
            at={"amount": 0.85, "pace": 0.9},
            span=(0.3, 1.0),
        ),
        said("lorry, lorries, truck, heavy traffic", at={"amount": 0.6, "size": 0.6}),
        said(
            "wet road, car on wet road, cars on wet road, traffic on wet road",
            at={"amount": 0.45, "dryness": 0.2},
        ),
        said("side street, back street, quiet road", at={"amount": 0.2, "pace": 0.2}, span=(0.04, 0.6)),
    ),
    near=listed("race car, sports car, tram, trolley"),
    steer=Steer(parameter="traffic", rise_s=8.0, fall_s=10.0, hours=_ROAD_HOURS),
    usual_m=20.0,
)

TRAIN: Final = Entry(
    synth="train",
    caption="a train rolling over rail joints",
    roles={"amount": "speed", "clatter": "joints", "whistle": "squeal"},
    said=(
        said(
            "train, passing train, railway, railroad, freight train, goods train, rail, railway track, train track",
            at={"amount": 0.45},
        ),
        said(
            "express train, high speed train, fast train",
            at={"amount": 0.9, "clatter": 0.15},
            span=(0.5, 1.0),
        ),
        said("subway, subway train, underground train, metro train", at={"amount": 0.5, "whistle": 0.5}),
    ),
    near=listed("tram, monorail, roller coaster, mine cart"),
    steer=Steer(parameter="train", rise_s=6.0, fall_s=8.0),
    usual_m=20.0,
)

ENGINE: Final = Entry(
    synth="engine",
    caption="a combustion engine running",
    roles={"amount": "revs", "hardness": "load", "brightness": "exhaust"},
    said=(
        said(
            "engine, motor, car engine, idling engine, idling car, engine idling",
            at={"amount": 0.1},
            span=(0.0, 1.0),
        ),
        said("revving engine, engine revving, revving car", at={"amount": 0.7, "hardness": 0.6}),
        said("bus engine, boat engine, diesel, diesel engine, tractor", at={"amount": 0.15, "hardness": 0.4}),
        said("motorcycle, motorbike, moped, scooter", at={"amount": 0.4, "brightness": 0.8}),
    ),
    near=listed("motor boat, speed boat, lawn mower, lawnmower, generator"),
    steer=Steer(parameter="engine", rise_s=1.0, fall_s=1.5),
    stands="at",
    usual_m=6.0,
)

HORN: Final = Entry(
    synth="horn",
    caption="car horns honking",
    roles={"amount": "rate", "pitch": "-kind", "pace": "insistence", "brightness": "brightness"},
    said=(
        said("car horn, horn, honk, car honking, traffic jam", verbs="honk", at={"amount": 0.4}),
        said("truck horn, lorry horn, air horn", at={"amount": 0.35, "pitch": 0.5}),
        said("ship horn, fog horn, foghorn, ferry horn", at={"amount": 0.35, "pitch": 0.0}),
    ),
    steer=Steer(parameter="horns", rise_s=2.0, fall_s=3.0),
    stands="strikes",
    usual_m=30.0,
)

SIREN: Final = Entry(
    synth="siren",
    caption="an emergency siren going past",
    roles={"amount": "urgency", "brightness": "brightness"},
    said=(
        said(
            "siren, police siren, police car, ambulance, ambulance siren, fire truck, fire engine, emergency vehicle",
            at={"amount": 0.5},
            counted=True,
        ),
    ),
    steer=Steer(parameter="siren", rise_s=2.0, fall_s=2.0),
    stands="at",
    usual_m=80.0,
    passes=True,
)

AIRPLANE: Final = Entry(
    synth="airplane",
    caption="an airplane flying overhead",
    roles={"amount": "thrust"},
    said=(
        said(
            "airplane, aeroplane, plane, aircraft, jet, jet plane, airliner, passenger jet, jet engine, "
            "airplanes overhead",
            at={"amount": 0.5},
        ),
    ),
    near=listed("glider, drone, rocket, missile"),
    steer=Steer(parameter="airplanes", rise_s=10.0, fall_s=12.0),
    stands="at",
    usual_m=1_500.0,
)

HELICOPTER: Final = Entry(
    synth="helicopter",
    caption="a helicopter hovering",
    roles={"amount": "power", "hardness": "slap", "whistle": "whine"},
    said=(said("helicopter, chopper, copter, rotor blade", at={"amount": 0.7}),),
    steer=Steer(parameter="helicopter", rise_s=5.0, fall_s=6.0),
    stands="at",
    usual_m=250.0,
)

ENTRIES: Final[tuple[Entry, ...]] = (TRAFFIC, TRAIN, ENGINE, HORN, SIREN, AIRPLANE, HELICOPTER)
