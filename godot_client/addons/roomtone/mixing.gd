extends RefCounted
## Where a layer is heard from: placement and listener to level and direction, and zones that crossfade. Pure.
##
## The laws are those of docs/clients.md. Axes: metres, y up, right-handed; a listener looks along -z with +x on the
## right.

## A source at one side still reaches the other ear: a full pan sounds like a broken headphone.
const WIDEST_PAN := 0.85
# Nobody hears closer than a hand's breadth: a near of zero would be a point of infinite level.
const _NEAREST_M := 0.1


## Rises from 0 to 1 as [param x] does, level at both ends.
static func smooth(x: float) -> float:
	var t := clampf(x, 0.0, 1.0)
	return t * t * (3.0 - 2.0 * t)


## Fades with distance: 1 within [param near_m], then 6 dB a doubling, tapered to silence at [param reach_m].
static func distance_gain(distance_m: float, near_m: float, reach_m: float) -> float:
	if distance_m <= near_m:
		return 1.0
	if distance_m >= reach_m:
		return 0.0
	var way := (distance_m - near_m) / (reach_m - near_m)
	return maxf(near_m, _NEAREST_M) / maxf(distance_m, _NEAREST_M) * (1.0 - way * way) ** 2


## How much of a direction a placement has: 1 for all of it, 0 for all around. It must not flip sides as one walks
## through it.
static func focus(is_area: bool, near_m: float, offset_m: Vector3) -> float:
	var near := maxf(near_m, _NEAREST_M)
	var distance_m := offset_m.length()
	var level_way := Vector2(offset_m.x, offset_m.z).length() / maxf(distance_m, near)
	return level_way * smooth((distance_m - near) / near) if is_area else level_way


## The share of each zone, from how far one is beyond its border and over how far it fades: squares sum to 1; out of
## them all the nearest is heard.
static func zone_gains(
	beyond_m: PackedFloat32Array, fade_m: PackedFloat32Array
) -> PackedFloat32Array:
	var gains := PackedFloat32Array()
	var total := 0.0
	var nearest := 0
	for i in beyond_m.size():
		gains.append(smooth(1.0 - beyond_m[i] / maxf(fade_m[i], 0.001)))
		total += gains[i]
		nearest = i if beyond_m[i] < beyond_m[nearest] else nearest
	for i in gains.size():
		gains[i] = sqrt(gains[i] / total) if total > 0.0 else float(i == nearest)
	return gains


## The panning strength with which the engine's law, in which left² = 1 - f·x for a strength of 1 - √((1-f)/(1+f)),
## pans as ours does: the same ahead and at the sides, and between within 2 dB on the ear that is turned away.
##
## [param side]: the sine of the bearing, -1 for left. [param directed]: how much of a direction there is.
static func panning_strength(side: float, directed: float) -> float:
	if absf(side) < 1e-4:
		return 0.0
	var wanted := sin(WIDEST_PAN * directed * absf(side) * PI / 2.0) / absf(side)
	var f := clampf(wanted, 0.0, 0.999)
	return 1.0 - sqrt((1.0 - f) / (1.0 + f))
