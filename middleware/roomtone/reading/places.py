"""Words for whole scenes: a forest is leaves, wind, and birds by day or crickets by night."""

from typing import Final

from roomtone.reading.entry import listed
from roomtone.reading.meanings import Member, Phase, Place

_DAYLIGHT: Final[tuple[Phase, ...]] = ("dawn", "day")
_DARK: Final[tuple[Phase, ...]] = ("dusk", "night")


def _by_day(**at: float) -> Member:
    return Member(synth="birds", at=at, phases=_DAYLIGHT)


def _by_night(**at: float) -> Member:
    return Member(synth="crickets", at=at, phases=_DARK, warm=True)


def _member(synth: str, **at: float) -> Member:
    return Member(synth=synth, at=at)


def _place(
    nouns: str,
    *members: Member,
    inside: bool = False,
    roof: str = "",
    others: str = "",
    entered: bool = False,
    countryside: bool = False,
) -> Place:
    return Place(
        nouns=listed(nouns),
        members=members,
        inside=inside,
        roof=roof,
        others=listed(others),
        entered=entered,
        countryside=countryside,
    )


PLACES: Final[tuple[Place, ...]] = (
    # Woods and fields.
    _place(
        "forest, woods, woodland, grove, thicket, wilderness, taiga, wood at night, in wood, through wood",
        _member("leaves", amount=0.36, distance=0.25),
        _by_day(amount=0.42, distance=0.5),
        _by_night(amount=0.5, distance=0.4),
        _member("wind", amount=0.3, brightness=0.35),
        others="wooded, forested",
    ),
    _place(
        "jungle, rainforest, rain forest, tropical forest, tropics, amazon",
        _by_day(amount=0.7, variety=1.0, distance=0.45),
        Member(synth="crickets", at={"amount": 0.6, "warmth": 0.9, "distance": 0.45}),
        _member("leaves", amount=0.32, distance=0.2),
    ),
    _place(
        "meadow, field, pasture, countryside, prairie, farmland, farm, orchard, vineyard, savanna, savannah, "
        "grassland, nature, outdoors, great outdoors, backyard, yard, lawn",
        _by_day(amount=0.38, distance=0.5),
        _by_night(amount=0.55, distance=0.45),
        _member("wind", amount=0.28, brightness=0.55),
        _member("leaves", amount=0.28, dryness=0.75, distance=0.3),
        others="rural, pastoral",
        countryside=True,
    ),
    _place(
        "garden, back garden, courtyard, cemetery, graveyard, churchyard",
        _by_day(amount=0.4, distance=0.35),
        _by_night(amount=0.35, distance=0.45),
        _member("leaves", amount=0.3, distance=0.2),
    ),
    _place(
        "park, city park, town park, public park, picnic, zoo",
        _by_day(amount=0.42, distance=0.4),
        _by_night(amount=0.35, distance=0.5),
        _member("crowd", amount=0.25, liveliness=0.3, clatter=0.0, distance=0.85),
        _member("leaves", amount=0.32, distance=0.2),
    ),
    _place(
        "swamp, marsh, bog, wetland, bayou, everglades",
        Member(synth="crickets", at={"amount": 0.65, "warmth": 0.75, "distance": 0.4}),
        _by_day(amount=0.3, distance=0.6),
        _member("stream", amount=0.1, bubbles=0.85, depth=0.5, brightness=0.3),
    ),
    # Water.
    _place(
        "beach, coast, seaside, seashore, shore, shoreline, coastline, bay, cove, island, lagoon, tropical beach",
        _member("waves", amount=0.5, distance=0.15, foam=0.55),
        _member("wind", amount=0.32, brightness=0.6),
        others="coastal",
    ),
    _place(
        "lake, lakeside, lakeshore, pond, loch",
        _member("waves", amount=0.08, pace=0.75, foam=0.2, distance=0.15),
        _by_day(amount=0.35, distance=0.55),
        _by_night(amount=0.4, distance=0.5),
        _member("leaves", amount=0.3, dryness=0.7, distance=0.3),
    ),
    _place(
        "harbor, harbour, port, dock, docks, marina, pier, wharf, jetty, quay",
        _member("waves", amount=0.2, pace=0.6, foam=0.2, distance=0.1),
        _member("wind", amount=0.4, whistle=0.25, brightness=0.5),
    ),
    _place(
        "ship, boat, sailing, sailing ship, sailboat, open sea, high seas, at sea, raft, pirate ship",
        _member("waves", amount=0.5, pace=0.55, distance=0.1, foam=0.35),
        _member("wind", amount=0.5, whistle=0.3, brightness=0.5),
    ),
    # Heights and depths.
    _place(
        "mountain, mountaintop, mountain top, mountain pass, peak, summit, alps, ridge, cliff, highland, hilltop, "
        "hill, moor, moorland, heath",
        _member("wind", amount=0.55, gusts=0.65, whistle=0.25, brightness=0.5),
        others="mountainous, alpine",
    ),
    _place(
        "desert, dune, sand dune, steppe, wasteland, badlands, canyon, plains, tundra, arctic, antarctica, glacier",
        _member("wind", amount=0.45, gusts=0.55, whistle=0.1, brightness=0.65),
    ),
    _place(
        "valley, ravine, gorge, glen",
        _member("wind", amount=0.35, brightness=0.45),
        _member("stream", amount=0.35, brightness=0.35),
        _by_day(amount=0.3, distance=0.75),
        _by_night(amount=0.4, distance=0.7),
    ),
    _place(
        "cave, cavern, grotto, mine shaft, catacombs",
        _member("drips", amount=0.4, depth=0.8, size=1.0),
        _member("wind", amount=0.3, gusts=0.3, whistle=0.35, pitch=0.0, brightness=0.15),
    ),
    _place(
        "ruins, ruin, ghost town, castle, fortress, battlements",
        _member("wind", amount=0.45, gusts=0.6, whistle=0.45, brightness=0.45),
    ),
    # Weather that is more than one sound.
    _place(
        "storm, thunderstorm, thunder storm, tempest, electric storm, lightning storm, stormy weather, stormy night",
        _member("rain", amount=0.85, brightness=0.55),
        _member("thunder", amount=0.6),
        _member("wind", amount=0.68, gusts=0.65, whistle=0.15),
        others="tempestuous",
    ),
    _place(
        "hurricane, typhoon, tropical storm, superstorm",
        _member("wind", amount=0.95, gusts=0.75, whistle=0.45),
        _member("rain", amount=0.97, brightness=0.55),
        _member("leaves", amount=0.7, gusts=0.7, distance=0.3),
    ),
    _place(
        "sea storm, storm at sea, stormy sea, ocean storm, stormy ocean",
        _member("waves", amount=0.95, pace=0.65, foam=0.55, distance=0.05),
        _member("wind", amount=0.8, gusts=0.6, whistle=0.35),
        _member("rain", amount=0.7),
        _member("thunder", amount=0.5, distance=0.5),
    ),
    # People.
    _place(
        "pub, bar, tavern, inn, saloon, brewery, beer hall, nightclub, cocktail bar",
        _member("crowd", amount=0.7, liveliness=0.55, clatter=0.5, distance=0.2),
        inside=True,
    ),
    _place(
        "medieval tavern, medieval inn, fantasy tavern, viking hall, mead hall",
        _member("crowd", amount=0.65, liveliness=0.6, clatter=0.5, distance=0.2),
        _member("fire", amount=0.5, size=0.4),
        inside=True,
    ),
    _place(
        "restaurant, diner, canteen, cafeteria, dining room, dining hall, food court, mess hall, bistro",
        _member("crowd", amount=0.55, liveliness=0.3, clatter=0.75, distance=0.2),
        inside=True,
    ),
    _place(
        "cafe, coffee shop, coffee house, coffeehouse, coffeeshop, tea house, tea room, tearoom, bakery, "
        "internet cafe",
        _member("crowd", amount=0.42, liveliness=0.28, clatter=0.5, distance=0.25),
        inside=True,
    ),
    _place(
        "market, marketplace, market place, bazaar, souk, fair, fairground, street market, flea market, festival, "
        "market square, town square, plaza, carnival",
        _member("crowd", amount=0.85, liveliness=0.6, clatter=0.15, distance=0.2),
    ),
    _place(
        "stadium, arena, football match, soccer match, sports crowd, colosseum, rally, protest, demonstration",
        _member("crowd", amount=1.0, liveliness=1.0, clatter=0.0, distance=0.35),
    ),
    _place(
        "lobby, foyer, hotel lobby, museum, gallery, mall, shopping mall, shopping centre, shopping center, "
        "waiting room, reception, terminal, ballroom, great hall",
        _member("crowd", amount=0.5, liveliness=0.2, clatter=0.05, distance=0.5),
        inside=True,
    ),
    _place(
        "school, primary school, elementary school, school playground, school yard at recess, summer camp",
        _member("children", amount=0.6, liveliness=0.5, distance=0.3),
    ),
    _place(
        "library, reading room, office, open plan office",
        _member("crowd", amount=0.08, liveliness=0.05, clatter=0.05, distance=0.75),
        inside=True,
    ),
    _place(
        "camp, campsite, camping, encampment, camping trip, campground",
        _member("fire", amount=0.5, size=0.4),
        _by_night(amount=0.5, distance=0.5),
        _by_day(amount=0.3, distance=0.5),
        _member("leaves", amount=0.3, distance=0.35),
    ),
    # Rooms: they only say where the listener is.
    _place(
        "room, bedroom, living room, attic, loft, hallway, corridor, house, home, apartment, flat, hotel room, study, "
        "mansion, basement, cellar, kitchen, bathroom, church, cathedral, temple, dungeon, prison, "
        "hospital, nursery",
        inside=True,
    ),
    _place(
        "cabin, log cabin, cottage, hut, shack, lodge, chalet, treehouse, tree house, barn, shed, porch, veranda",
        inside=True,
        roof="roof",
    ),
    _place("tent, yurt, marquee", inside=True, roof="tent"),
    _place(
        "car, van, camper, campervan, caravan, bus, rv, truck cab, parked car",
        inside=True,
        roof="tin",
        entered=True,
    ),
    _place("greenhouse, conservatory, glasshouse, sunroom", inside=True, roof="glass"),
)
