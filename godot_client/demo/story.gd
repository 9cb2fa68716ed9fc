extends RefCounted
## The walk that the demo takes: where, when, and what changes on the way. Pure: a share of the walk in, numbers out.
##
## The same walk as that of [code]roomtone demo[/code]. Axes: metres, x to the east, -z to the north, y up.

const EAR_M := 1.7
const SECONDS := 75.0

const _RAIN: Array[Vector2] = [
	Vector2(0.0, 0.45),
	Vector2(0.06, 0.45),
	Vector2(0.24, 0.8),
	Vector2(0.52, 0.8),
	Vector2(0.7, 0.1),
	Vector2(1.0, 0.0),
]
const _STORM: Array[Vector2] = [
	Vector2(0.0, 0.3),
	Vector2(0.15, 0.5),
	Vector2(0.3, 0.6),
	Vector2(0.6, 0.5),
	Vector2(0.75, 0.0),
	Vector2(1.0, 0.0),
]

## What the game asks of each scene's parameters: points of (share of the walk, value), straight lines between.
const COURSES := {
	"rainy_street":
	{
		"rain": _RAIN,
		"storm": _STORM,
		"wind": [Vector2(0.0, 0.12), Vector2(0.2, 0.35), Vector2(1.0, 0.15)],
	},
	"cafe":
	{
		"rain": _RAIN,
		"storm": _STORM,
		"guests":
		[
			Vector2(0.0, 0.35),
			Vector2(0.38, 0.4),
			Vector2(0.52, 0.95),
			Vector2(0.7, 0.7),
			Vector2(1.0, 0.5)
		],
		"cheer": [Vector2(0.0, 0.2), Vector2(0.4, 0.3), Vector2(0.55, 0.8), Vector2(1.0, 0.4)],
		"fire": [Vector2(0.0, 0.5), Vector2(0.45, 0.55), Vector2(0.52, 0.75), Vector2(1.0, 0.5)],
	},
	"night_forest":
	{
		"time_of_day":
		[Vector2(0.0, 19.4), Vector2(0.6, 19.4), Vector2(0.84, 22.5), Vector2(1.0, 23.5)],
		"wind": [Vector2(0.0, 0.4), Vector2(0.75, 0.35), Vector2(0.9, 0.12), Vector2(1.0, 0.1)],
		"water": [Vector2(0.0, 0.5), Vector2(1.0, 0.5)],
		"temperature": [Vector2(0.0, 22.0), Vector2(1.0, 22.0)],
	},
}

const CAPTIONS := {
	0.0: "a wet street, rain; water runs in the gutter",
	0.12: "the rain grows, and drums on the tin awning ahead",
	0.32: "through the café's door",
	0.44: "the tables fill up; a fire in the hearth, rain at the window",
	0.63: "out by the back door: the rain has passed, a last bird sings",
	0.76: "night falls over the forest; crickets, and a brook to the left",
	0.92: "the wind dies down",
}

# (share of the walk, x, z): slow where there is much to hear.
const _WAY: Array[Vector3] = [
	Vector3(0.0, -14.0, 3.0),
	Vector3(0.12, -6.5, 2.0),
	Vector3(0.25, 2.5, -0.5),
	Vector3(0.33, 7.5, -2.6),
	Vector3(0.4, 11.5, -5.0),
	Vector3(0.5, 15.0, -8.2),
	Vector3(0.58, 18.5, -8.6),
	Vector3(0.65, 23.0, -8.0),
	Vector3(0.77, 32.5, -11.0),
	Vector3(0.9, 40.0, -14.5),
	Vector3(1.0, 45.0, -14.0),
]
const _LOOKS_AHEAD := 0.02


## What the game asks of a scene's parameters at a share of the walk.
static func values(scene_name: String, share: float) -> Dictionary:
	var found := {}
	for parameter: String in COURSES[scene_name]:
		found[parameter] = _along(COURSES[scene_name][parameter], share)
	return found


## What happens at a share of the walk.
static func caption(share: float) -> String:
	var found := ""
	for at: float in CAPTIONS:
		found = CAPTIONS[at] if at <= share else found
	return found


## Where the listener is at a share of the walk.
static func place(share: float) -> Vector3:
	var at := _way_at(share)
	return Vector3(at.x, EAR_M, at.y)


## How far the listener has turned to the right from the north: they look where they go.
static func yaw_rad(share: float) -> float:
	var behind := _way_at(maxf(0.0, share - _LOOKS_AHEAD))
	var ahead := _way_at(minf(1.0, share + _LOOKS_AHEAD))
	return atan2(ahead.x - behind.x, behind.y - ahead.y)


static func _along(points: Array, share: float) -> float:
	var last: Vector2 = points[-1]
	if share >= last.x:
		return last.y
	for i in range(1, points.size()):
		var a: Vector2 = points[i - 1]
		var b: Vector2 = points[i]
		if share < b.x:
			return lerpf(a.y, b.y, clampf((share - a.x) / (b.x - a.x), 0.0, 1.0))
	return last.y


# Follows the way smoothly: a cubic through its points, with the slope of their neighbours.
static func _way_at(share: float) -> Vector2:
	var i := 0
	while i < _WAY.size() - 2 and share > _WAY[i + 1].x:
		i += 1
	var step := _WAY[i + 1].x - _WAY[i].x
	var t := (share - _WAY[i].x) / step
	var from := Vector2(_WAY[i].y, _WAY[i].z)
	var to := Vector2(_WAY[i + 1].y, _WAY[i + 1].z)
	return (
		from * (2.0 * t ** 3 - 3.0 * t ** 2 + 1.0)
		+ _slope(i) * step * (t ** 3 - 2.0 * t ** 2 + t)
		+ to * (3.0 * t ** 2 - 2.0 * t ** 3)
		+ _slope(i + 1) * step * (t ** 3 - t ** 2)
	)


# The slope at a point of uneven distances: second order within, first order at the ends.
static func _slope(i: int) -> Vector2:
	var here := Vector2(_WAY[i].y, _WAY[i].z)
	if i == 0 or i == _WAY.size() - 1:
		var other := 1 if i == 0 else i - 1
		return (Vector2(_WAY[other].y, _WAY[other].z) - here) / (_WAY[other].x - _WAY[i].x)
	var before := _WAY[i].x - _WAY[i - 1].x
	var after := _WAY[i + 1].x - _WAY[i].x
	var back := (here - Vector2(_WAY[i - 1].y, _WAY[i - 1].z)) / before
	var forth := (Vector2(_WAY[i + 1].y, _WAY[i + 1].z) - here) / after
	return (back * after + forth * before) / (before + after)
