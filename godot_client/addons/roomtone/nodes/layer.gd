@tool
@icon("res://addons/roomtone/icons/layer.svg")
class_name RoomtoneLayer
extends AudioStreamPlayer
## A layer that is heard all around: stereo as it is, the same wherever the listener stands.
##
## A [RoomtoneScene] makes one for each layer whose placement is a bed. Put one below the scene yourself to send the
## layer to another bus, or to hear it at another level.

## The layer sounds.
signal layer_opened
## The layer has ended and faded.
signal layer_closed
## Where the layer's sound comes from: [code]stand_in[/code], [code]nearest[/code] or [code]exact[/code]; the prompt
## whose clips are heard; and why.
signal source_changed(source: String, bank: String, reason: String)
## The layer became the model's: the clips that its prompt asks for are heard.
signal generated

const PlayerFeed := preload("player_feed.gd")

const _HIDDEN: Array[String] = [
	"stream", "volume_db", "volume_linear", "autoplay", "playing", "stream_paused", "pitch_scale"
]
const _SILENT_DB := -100.0

## The layer's name in the scene.
@export var layer: String = "":
	set(value):
		layer = value
		update_configuration_warnings()
## Louder or softer than the scene file says.
@export_range(-60.0, 12.0, 0.1, "suffix:dB") var gain_db: float = 0.0

## How much of it is heard, where several files share a layer.
var share := 1.0
## What plays it.
var feed := PlayerFeed.new(self)


func _init() -> void:
	feed.source_changed.connect(_tell_source)


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


## Takes the layer's place from the scene's description: a bed has none.
func describe(_placement: Dictionary) -> void:
	pass


## Sets how it is heard by [param listener], the whole scene being at [param level].
func place(_listener: Transform3D, level: float) -> void:
	volume_db = maxf(_SILENT_DB, gain_db + linear_to_db(level * share))


func _tell_source(source: String, bank: String, reason: String) -> void:
	source_changed.emit(source, bank, reason)
	if source == "exact":
		generated.emit()
