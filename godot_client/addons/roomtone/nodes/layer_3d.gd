@tool
@icon("res://addons/roomtone/icons/layer_3d.svg")
class_name RoomtoneLayer3D
extends AudioStreamPlayer3D
## A layer that is heard from somewhere: a point, an area that surrounds who stands in it, or scattered around the
## listener.
##
## A [RoomtoneScene] makes one for each such layer and puts it where the scene file says. Put one below the scene
## yourself to place the layer by hand: what the file says about its place is then not used, but for the distances.
## Level and direction follow the laws of Roomtone's documentation; the engine's own spatialiser does the rest, reverb
## areas and surround included.

## The layer sounds.
signal layer_opened
## The layer has ended and faded.
signal layer_closed
## A scattered layer sounds from elsewhere, relative to the listener.
signal placed(offset_m: Vector3)
## Where the layer's sound comes from: [code]stand_in[/code], [code]nearest[/code] or [code]exact[/code]; the prompt
## whose clips are heard; and why.
signal source_changed(source: String, bank: String, reason: String)
## The layer became the model's: the clips that its prompt asks for are heard.
signal generated

const Mixing := preload("../mixing.gd")
const PlayerFeed := preload("player_feed.gd")

const _HIDDEN: Array[String] = [
	"stream",
	"volume_db",
	"volume_linear",
	"autoplay",
	"playing",
	"stream_paused",
	"pitch_scale",
	"attenuation_model",
	"unit_size",
	"max_db",
	"max_distance",
	"panning_strength",
	"attenuation_filter_cutoff_hz",
	"attenuation_filter_db"
]
const _SILENT_DB := -100.0
# The filter of the engine is off from here on: the scene file says how a layer sounds.
const _NO_FILTER_HZ := 20500.0
# The engine's panner keeps the squares of left and right at 1 in sum, Roomtone at 2: a bed passes as it is.
const _SQRT2 := 1.4142135

## The layer's name in the scene.
@export var layer: String = "":
	set(value):
		layer = value
		update_configuration_warnings()
## Louder or softer than the scene file says.
@export_range(-60.0, 12.0, 0.1, "suffix:dB") var gain_db: float = 0.0
## At full level up to here; below 0 as the scene file says.
@export_range(-1.0, 1000.0, 0.1, "or_greater", "suffix:m") var near_m: float = -1.0
## Silent from here on; below 0 as the scene file says.
@export_range(-1.0, 10000.0, 0.1, "or_greater", "suffix:m") var reach_m: float = -1.0

## How much of it is heard, where several files share a layer.
var share := 1.0
## What plays it.
var feed := PlayerFeed.new(self)
## Whether the scene put it where the file says.
var is_automatic := false
var _kind := "point"
var _file_near_m := 1.0
var _file_reach_m := 100.0
var _engine_strength := 0.5


func _init() -> void:
	feed.source_changed.connect(_tell_source)
	feed.placed.connect(placed.emit)
	attenuation_model = AudioStreamPlayer3D.ATTENUATION_DISABLED
	attenuation_filter_cutoff_hz = _NO_FILTER_HZ
	max_db = 24.0
	max_distance = 0.0
	_engine_strength = ProjectSettings.get_setting("audio/general/3d_panning_strength", 0.5)


func _enter_tree() -> void:
	if not Engine.is_editor_hint():
		var scene := RoomtoneScene.above(self)
		if scene != null:
			scene.take_layer(self)


func _exit_tree() -> void:
	feed.stop()
	if not Engine.is_editor_hint():
		var scene := RoomtoneScene.above(self)
		if scene != null:
			scene.forget_layer(self)


func _validate_property(property: Dictionary) -> void:
	if property["name"] in _HIDDEN:
		property["usage"] = PROPERTY_USAGE_NONE


func _get_configuration_warnings() -> PackedStringArray:
	return RoomtoneScene.layer_warnings(self, layer)


## Takes the layer's place from the scene's description.
func describe(placement: Dictionary) -> void:
	_kind = placement["kind"]
	_file_near_m = placement["near_m"]
	_file_reach_m = placement["reach_m"]
	if is_automatic and _kind != "scatter":
		var at: Array = placement["at_m"]
		position = Vector3(at[0], at[1], at[2])


## Sets how it is heard by [param listener], the whole scene being at [param level].
func place(listener: Transform3D, level: float) -> void:
	level *= share
	if _kind == "scatter":
		_place_scattered(listener, level)
		return
	var near := near_m if near_m >= 0.0 else _file_near_m
	var reach := reach_m if reach_m >= 0.0 else _file_reach_m
	var offset := global_position - listener.origin
	level *= Mixing.distance_gain(offset.length(), near, reach)
	_pan(listener, offset, Mixing.focus(_kind == "area", near, offset), level)


# How far an event is lies in its sound already: the daemon strikes it at that distance.
func _place_scattered(listener: Transform3D, level: float) -> void:
	var offset := feed.offset_m
	global_position = listener.origin + offset
	_pan(listener, offset, 0.0 if offset == Vector3.ZERO else 1.0, level)


func _pan(listener: Transform3D, offset: Vector3, focus: float, level: float) -> void:
	var seen := listener.basis.transposed() * offset
	var flat := sqrt(seen.x * seen.x + seen.z * seen.z)
	var side := 0.0 if flat == 0.0 else seen.x / flat
	panning_strength = Mixing.panning_strength(side, focus) / _engine_strength
	volume_db = maxf(_SILENT_DB, gain_db + linear_to_db(level * _SQRT2))


func _tell_source(source: String, bank: String, reason: String) -> void:
	source_changed.emit(source, bank, reason)
	if source == "exact":
		generated.emit()
