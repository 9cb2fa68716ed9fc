extends RefCounted
## A baked scene's parameters as they move, and how loud each of a layer's files is at them. By the laws of
## docs/bake.md; knows no node. Main thread.

const MANIFEST := "manifest.json"
const FORMAT := 1

# Rise and fall times are those of arriving within 1 % of the way.
const _ARRIVED := 4.6051702
# A state's share of power falls with this power of its distance.
const _FALLOFF := 4.0
# Softer than this is not heard beside the others.
const _LEAST_GAIN := 0.01

## As the daemon describes them: value, default, low, high, unit, wraps; and rise_s, fall_s.
var parameters := {}
## Mood -> parameter -> value.
var moods := {}
## Layer -> placement, in the protocol's words.
var layers := {}
## Where each parameter is now.
var values := {}

var _sounds := {}
var _follows := {}
var _states := {}
var _events := {}
var _targets := {}
# Parameter -> [from, to, seconds gone, seconds in all], of moods.
var _glides := {}


## Reads what a bake says of a scene; returns what is wrong with it, else null.
func read(folder: String, scene_name: String) -> RoomtoneError:
	var manifest: Variant = _manifest(folder.path_join(MANIFEST))
	if not manifest is Dictionary or manifest.get("format") != FORMAT:
		return RoomtoneError.make(
			"bake.no-manifest",
			"there is no bake that this version can play",
			"bake into this folder: roomtone bake … --engine godot",
			folder
		)
	for scene: Dictionary in manifest["scenes"]:
		if scene["name"] == scene_name:
			_take(scene, manifest["files"])
			return null
	return RoomtoneError.make(
		"bake.no-scene",
		"scene '%s' is not in this bake" % scene_name,
		"bake it too, or check its name",
		folder
	)


## Lets a parameter walk to a value by its rise and fall times.
func set_target(name: String, value: float) -> void:
	if parameters.has(name):
		_glides.erase(name)
		_targets[name] = value


## Moves every parameter that a mood names there, in a time.
func morph(mood: String, over_s: float) -> bool:
	if not moods.has(mood):
		return false
	for name: String in moods[mood]:
		_targets[name] = moods[mood][name]
		_glides[name] = [values[name], moods[mood][name], 0.0, maxf(over_s, 0.001)]
	return true


## Moves on in time.
func advance(delta_s: float) -> void:
	for name: String in _targets:
		if _glides.has(name):
			_glide(name, delta_s)
		else:
			_approach(name, delta_s)


## Names a layer's files.
func files_of(layer: String) -> Array[String]:
	var found: Array[String] = []
	for state: String in _sounds[layer]:
		var file: String = _sounds[layer][state]
		if file != "" and not found.has(file):
			found.append(file)
	return found


## Says how loud each of a layer's files is at the present values: file -> linear gain; what is silent has a share too.
func gains_of(layer: String) -> Dictionary:
	var shares := {}
	var total := 0.0
	for state: String in _sounds[layer]:
		var share := pow(maxf(_distance(state, _follows[layer]), 1e-4), -_FALLOFF)
		var file: String = _sounds[layer][state]
		shares[file] = shares.get(file, 0.0) + share
		total += share
	var gains := {}
	for file: String in shares:
		var gain := sqrt(shares[file] / total)
		gains[file] = gain if gain >= _LEAST_GAIN else 0.0
	return gains


## Where a scattered layer's file sounds at a moment, relative to the listener; null before its first event.
func place_at(file: String, at_s: float) -> Variant:
	var place: Variant = null
	for event: Array in _events.get(file, []):
		if event[0] <= at_s:
			place = event[1]
	return place


func _take(scene: Dictionary, files: Dictionary) -> void:
	for each: Dictionary in scene["parameters"]:
		parameters[each["name"]] = each.merged({"value": each["default"]})
		values[each["name"]] = each["default"]
	moods = scene["moods"]
	for state: Dictionary in scene["states"]:
		_states[state["name"]] = state["values"]
	for layer: Dictionary in scene["layers"]:
		var name: String = layer["name"]
		var usual := {"at_m": [0.0, 0.0, 0.0], "near_m": 1.0, "reach_m": 50.0}
		layers[name] = layer["placement"].merged(usual)
		_follows[name] = layer["follows"]
		_sounds[name] = {}
		for sound: Dictionary in layer["sounds"]:
			if sound["variation"] == 1:
				_take_sound(name, sound, files)


func _take_sound(layer: String, sound: Dictionary, files: Dictionary) -> void:
	var file: String = "" if sound["file"] == null else sound["file"]
	_sounds[layer][sound["state"]] = file
	if file == "" or _events.has(file):
		return
	var events: Array[Array] = []
	for event: Dictionary in files[file]["events"]:
		var at: Array = event["at_m"]
		events.append([event["frame"] / files[file]["rate_hz"], Vector3(at[0], at[1], at[2])])
	_events[file] = events


func _distance(state: String, follows: Array) -> float:
	var sum := 0.0
	for name: String in follows:
		var info: Dictionary = parameters[name]
		var span: float = info["high"] - info["low"]
		var way := _way(info, values[name], _states[state][name]) / span
		sum += way * way
	return sqrt(sum)


func _approach(name: String, delta_s: float) -> void:
	var info: Dictionary = parameters[name]
	var way := _way(info, values[name], _targets[name])
	var time_s: float = info["rise_s"] if way > 0.0 else info["fall_s"]
	var part := 1.0 if time_s <= 0.0 else 1.0 - exp(-_ARRIVED * delta_s / time_s)
	values[name] = _fitted(info, values[name] + way * part)


func _glide(name: String, delta_s: float) -> void:
	var glide: Array = _glides[name]
	glide[2] += delta_s
	var info: Dictionary = parameters[name]
	var part := minf(1.0, glide[2] / glide[3])
	values[name] = _fitted(info, glide[0] + _way(info, glide[0], glide[1]) * part)
	if part >= 1.0:
		_glides.erase(name)


# The way from one value to another: on a circle the shorter one.
static func _way(info: Dictionary, from: float, to: float) -> float:
	if not info["wraps"]:
		return to - from
	var span: float = info["high"] - info["low"]
	return wrapf(to - from, -span / 2.0, span / 2.0)


static func _fitted(info: Dictionary, value: float) -> float:
	if info["wraps"]:
		return wrapf(value, info["low"], info["high"])
	return clampf(value, info["low"], info["high"])


# As a resource, which an exported game has, or as a file that the editor has not imported.
static func _manifest(path: String) -> Variant:
	if ResourceLoader.exists(path):
		return (load(path) as JSON).data
	if not FileAccess.file_exists(path):
		return null
	return JSON.parse_string(FileAccess.get_file_as_string(path))
