"""What rain falls on, waves break on, streams run over and people walk on."""

from typing import Final

from roomtone.reading.entry import listed, named
from roomtone.reading.meanings import Surface


def _rain(hardness: float, brightness: float, *, steps: float | None = None) -> dict[str, dict[str, float]]:
    """Say how rain falls on it, and where it stands among the grounds of `footsteps` if people walk on it."""
    sets = {"rain": {"hardness": hardness, "brightness": brightness}, "hail": {"hardness": hardness}}
    return sets if steps is None else {**sets, "footsteps": {"hardness": steps}}


def _surface(name: str, nouns: str, sets: dict[str, dict[str, float]], *, silent: bool = True) -> Surface:
    return Surface(name=name, nouns=listed(nouns), sets=sets, silent=silent)


_GROUNDS: Final = named("footsteps", "surface")

SURFACES: Final[tuple[Surface, ...]] = (
    _surface(
        "tin",
        "tin roof, tin, metal roof, metal, corrugated iron, corrugated roof, corrugated tin, corrugated metal, "
        "iron roof, steel roof, steel, zinc roof, car roof, roof of car, car, car hood, van, tin awning, "
        "metal awning, sheet metal, tin shed, barrel, bucket, dumpster, air conditioner",
        _rain(1.0, 0.6, steps=_GROUNDS["metal"]),
    ),
    _surface(
        "glass",
        "window, window pane, windowpane, glass, glass roof, skylight, windshield, windscreen, greenhouse, "
        "greenhouse roof, conservatory, attic window, bedroom window, pane, windowsill, window sill",
        _rain(0.93, 0.35),
    ),
    _surface("roof", "roof, rooftop, roof tile, tile, tiled roof, slate, slate roof, shingle roof, barn roof, "
             "cabin roof, thatched roof, attic roof, house roof", _rain(0.78, 0.45)),
    _surface("carpet", "carpet, rug, carpeted floor, mat", {"footsteps": {"hardness": _GROUNDS["carpet"]}}),
    _surface("plastic", "plastic, plastic roof, plastic sheet", _rain(0.5, 0.65)),
    _surface(
        "tent",
        "tent, canvas, awning, tarp, tarpaulin, umbrella, parasol, raincoat, hood, fabric, canvas tent, tent roof",
        _rain(0.0, 0.4),
    ),
    _surface("wood", "wood, wooden roof, wooden deck, deck, wooden floor, porch, porch roof, boardwalk, dock, balcony",
             _rain(0.55, 0.35, steps=_GROUNDS["wood"])),
    _surface(
        "stone",
        "pavement, asphalt, concrete, street, road, sidewalk, cobblestone, cobbles, cobbled street, stone floor, "
        "city street, highway, tarmac, alley, alleyway, parking lot, patio, courtyard, brick, marble",
        _rain(0.71, 0.5, steps=_GROUNDS["stone"]),
        silent=False,
    ),
    _surface("leaves", "leaf, leaves, foliage, canopy, tree, treetop, jungle canopy, bush, fern, forest canopy, "
             "banana leaf, banana leaves, palm leaf, palm leaves, dry leaves, fallen leaves, autumn leaves, hedge",
             _rain(0.42, 0.5, steps=_GROUNDS["leaves"])),
    _surface("grass", "grass, soil, ground, earth, dirt, mud, field, moss, forest floor, lawn, meadow, garden, "
             "soft ground, muddy ground", _rain(0.16, 0.45, steps=_GROUNDS["carpet"])),
    _surface("water", "puddle, pond, lake, water, pool, water surface", _rain(0.83, 0.5)),
    _surface("snow", "snow", _rain(0.1, 0.3, steps=_GROUNDS["snow"]), silent=False),
    _surface(
        "sand",
        "sand, sandy beach, sandbank, sandy shore",
        {
            "rain": {"hardness": 0.16, "brightness": 0.4},
            "waves": {"foam": 0.55},
            "footsteps": {"hardness": _GROUNDS["snow"]},
        },
    ),
    _surface(
        "pebbles",
        "pebble, shingle, gravel, stone, pebble beach, shingle beach, pebbly beach",
        {
            "rain": {"hardness": 0.68, "brightness": 0.5},
            "waves": {"foam": 0.95},
            "footsteps": {"hardness": _GROUNDS["gravel"]},
            "stream": {"bubbles": 0.65, "depth": 0.15, "brightness": 0.6},
        },
    ),
    _surface(
        "rocks",
        "rock, boulder, cliff, reef, breakwater, sea wall, seawall, harbour wall, harbor wall, rocky shore, hull",
        {
            "rain": {"hardness": 0.71, "brightness": 0.45},
            "waves": {"foam": 0.15},
            "footsteps": {"hardness": _GROUNDS["stone"]},
            "stream": {"bubbles": 0.6, "depth": 0.4},
        },
    ),
)  # fmt: skip
"""Each sets roles, for the synths that can take it; the name is kept for a control that may come."""
