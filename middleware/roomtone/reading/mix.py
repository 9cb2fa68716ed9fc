"""How loud each part is: the one that the prompt is about leads, and no peak comes near full scale."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from roomtone.reading.drafts import Draft, Rank
from roomtone.reading.placing import AREA_LOSS_DB, is_distant, roams
from roomtone.reading.reading import Weight
from roomtone.scene.model import Area, Placement, Point, Scatter
from roomtone.synths import SYNTHS
from roomtone.synths.calibration import along, calibration

# Maximum short-term loudness of what leads, in LUFS: ambience stands well below speech and effects.
LEAD_DB: Final = -25.0
_BESIDE_DB, _BACKGROUND_DB = -4.5, -9.5
_BESIDE_RANGE_DB: Final = (-6.0, -2.5)
_BACKGROUND_RANGE_DB: Final = (-10.0, -9.0)
# Heavy rain is louder than light rain, though by less than in nature.
_BY_AMOUNT_DB: Final = 8.0
_MOST_BY_AMOUNT_DB: Final = 4.0
_DISTANT_DB: Final = -3.0
_MUFFLED_DB: Final = -3.0
# What is this much softer by its own words is in the background.
_FAINT_DB: Final = -4.0
_RATE: Final = "rate"
_LEAST: Final = 0.1
_MAX_GAIN_DB, _MIN_GAIN_DB = 6.0, -40.0
# Peaks of several parts seldom meet; together they stay a little above the highest of them.
_HIGHEST_PEAK_DB: Final = -5.0
# What is all at one side puts its power into one ear.
_ONE_SIDED_DB: Final = 3.0
# How much speaks against a part as what the prompt is about, by how it comes in.
_AGAINST: Final[dict[Rank, int]] = {"named": 0, "lead": 1, "member": 3}
# What strikes now near, now far is as loud as its near strikes.
_ROAMING: Final = 0.15


@dataclass(frozen=True, slots=True)
class _Heard:
    """A part as the mix sees it: how it was said, and how loud it is by itself."""

    draft: Draft
    amount: float
    own_db: float
    peak_db: float


def mix(
    drafts: Sequence[Draft], controls: Sequence[Mapping[str, float]], placements: Sequence[Placement]
) -> list[tuple[Weight, float]]:
    """Weigh the parts and say by how many dB each is to be moved."""
    if not drafts:
        return []
    heard = [_hear(*each) for each in zip(drafts, controls, placements, strict=True)]
    lead = heard[_lead(drafts)]
    weights: list[Weight] = [_weight(each, lead) for each in heard]
    lead_db = _lead_db(lead)
    return [
        (weight, round(_gain_db(each, lead_db + _beneath_db(each, lead, weight)), 1))
        for each, weight in zip(heard, weights, strict=True)
    ]


def own_loudness_db(synth: str, controls: Mapping[str, float]) -> float:
    """Say how loud a synth is by itself, in LUFS (maximum short-term): what each control adds, added up.

    What is struck is taken to be struck every few seconds, whatever its rate.
    """
    measured = calibration(synth)
    if measured is None:
        return LEAD_DB
    struck = SYNTHS[synth].strike is not None
    # Each control against its own default in the same table: takes of other lengths have other maxima.
    usual = {control.name: control.default for control in SYNTHS[synth].controls}
    moved = (
        along(response.short_term_lufs, controls[name]) - along(response.short_term_lufs, usual[name])
        for name, response in measured.controls.items()
        if name in controls and not (struck and name == _RATE)
    )
    return measured.short_term_lufs + sum(moved)


def _crest_db(synth: str, amount: str, value: float) -> float:
    """Say how far peaks stand above that loudness."""
    measured = calibration(synth)
    if measured is None:
        return -LEAD_DB
    response = measured.controls[amount]
    # Where there is next to nothing to hear, its peaks are nothing either.
    place = max(value, _LEAST)
    return along(response.peak_dbfs, place) - along(response.short_term_lufs, place)


def _hear(draft: Draft, controls: Mapping[str, float], placement: Placement) -> _Heard:
    entry = draft.entry
    heard = {**controls, entry.roles["distance"]: _ROAMING} if roams(draft) else controls
    own_db = own_loudness_db(entry.synth, heard)
    if isinstance(placement, Area):
        own_db -= AREA_LOSS_DB
    amount = controls[entry.roles["amount"]]
    crest_db = _crest_db(entry.synth, entry.roles["amount"], amount)
    if isinstance(placement, Area | Scatter) or (isinstance(placement, Point) and placement.at_m[0]):
        crest_db += _ONE_SIDED_DB
    return _Heard(draft, amount, own_db, own_db + crest_db)


def _lead(drafts: Sequence[Draft]) -> int:
    """Find what the prompt is about: the first that is not sent to the back, rather named than implied."""
    return min(range(len(drafts)), key=lambda i: (_rank(drafts[i]), i))


def _rank(draft: Draft) -> int:
    """Say how much is against a draft as what the prompt is about."""
    return _AGAINST[draft.rank] + draft.within + draft.outside + 2 * _is_back(draft)


def _is_back(draft: Draft) -> bool:
    return draft.background or is_distant(draft) or draft.muffle > 0.0 or draft.loud_db <= _FAINT_DB


def _weight(each: _Heard, lead: _Heard) -> Weight:
    if each is lead:
        return "main"
    # What belongs to a place is behind what is named in it; where the place is all there is, beside.
    implied = each.draft.rank == "member" and lead.draft.rank == "named"
    return "background" if _is_back(each.draft) or implied else "beside"


def _lead_db(lead: _Heard) -> float:
    """Say how loud what leads is to be, as far as its gain and its peaks allow."""
    wanted_db = LEAD_DB + _said_db(lead)
    return min(wanted_db, lead.own_db + _MAX_GAIN_DB, lead.own_db + _HIGHEST_PEAK_DB - lead.peak_db)


def _said_db(each: _Heard) -> float:
    """Say how much louder or softer a part is by what is said of it."""
    usual = each.draft.entry.said[0].at.get("amount", 0.5)
    by_amount = _BY_AMOUNT_DB * (each.amount - usual)
    by_amount = min(max(by_amount, -_MOST_BY_AMOUNT_DB), _MOST_BY_AMOUNT_DB)
    by_place = _DISTANT_DB * is_distant(each.draft) + _MUFFLED_DB * each.draft.muffle
    return by_amount + by_place + each.draft.loud_db


def _beneath_db(each: _Heard, lead: _Heard, weight: Weight) -> float:
    """Say how far a part stays beneath what leads."""
    if weight == "main":
        return 0.0
    usual_db, (low_db, high_db) = (
        (_BESIDE_DB, _BESIDE_RANGE_DB) if weight == "beside" else (_BACKGROUND_DB, _BACKGROUND_RANGE_DB)
    )
    return min(max(usual_db + 0.5 * (_said_db(each) - _said_db(lead)), low_db), high_db)


def _gain_db(each: _Heard, wanted_db: float) -> float:
    gain_db = min(wanted_db - each.own_db, _MAX_GAIN_DB, _HIGHEST_PEAK_DB - each.peak_db)
    return max(gain_db, _MIN_GAIN_DB)
