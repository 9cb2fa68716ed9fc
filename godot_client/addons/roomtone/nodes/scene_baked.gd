@tool
extends "scene_layers.gd"
## A scene that plays baked files instead of a daemon's streams: a player for each file of each layer, crossfaded as the
## parameters move.

const BakedState := preload("baked_state.gd")

## Play the files that [code]roomtone bake --engine godot[/code] wrote to this folder, without any daemon.
@export_dir var baked_folder: String = "":
	set(value):
		baked_folder = value
		update_configuration_warnings()

var _baked: BakedState
# File -> its player, and layer -> the node that was put there by hand.
var _file_players := {}
var _by_hand := {}


## Whether it plays baked files.
func is_baked() -> bool:
	return baked_folder != ""


func _open_baked() -> RoomtoneError:
	var baked := BakedState.new()
	var error := baked.read(baked_folder, scene_name)
	if error != null:
		return _fail(error)
	_baked = baked
	know(_baked.parameters)
	for parameter: String in _values:
		_baked.set_target(parameter, _values[parameter])
		_baked.values[parameter] = _values[parameter]
	_moved = {}
	_by_hand = _layers.duplicate()
	_layers = {}
	for layer: String in _baked.layers:
		if makes_layers or _by_hand.has(layer):
			_play_files(layer)
	state = State.PLAYING
	return null


func _close_baked() -> void:
	for file: String in _file_players:
		_file_players[file].queue_free()
	_file_players = {}
	_layers = _by_hand
	_by_hand = {}
	_baked = null


func _step_baked(delta_s: float) -> void:
	for parameter: String in _moved:
		_baked.set_target(parameter, _moved[parameter])
	_moved = {}
	_baked.advance(delta_s)
	for layer: String in _baked.layers:
		var gains := _baked.gains_of(layer)
		for file: String in _baked.files_of(layer):
			if _file_players.has(file):
				_step_player(_file_players[file], file, gains[file])


func _step_player(player: Node, file: String, gain: float) -> void:
	player.share = gain
	var place: Variant = _baked.place_at(file, player.call("get_playback_position"))
	if place != null and place != player.feed.offset_m:
		player.feed.take_event({"event": "placed", "offset_m": [place.x, place.y, place.z]})


func _play_files(layer: String) -> void:
	for file: String in _baked.files_of(layer):
		var stream := load(baked_folder.path_join(file)) as AudioStream
		if stream == null:
			_fail(
				RoomtoneError.make(
					"bake.no-file",
					"'%s' is not there" % file,
					"bake again, and import",
					baked_folder
				)
			)
			continue
		var player := _make_layer(file.get_file().get_basename(), _baked.layers[layer])
		_take_after(player, _by_hand.get(layer))
		player.call("describe", _baked.layers[layer])
		player.share = _baked.gains_of(layer)[file]
		player.call("place", listener_of(self), level)
		player.feed.play_file(stream)
		_file_players[file] = player
		player.emit_signal("layer_opened")
		layer_opened.emit(player)


# A layer that was put there by hand says on which bus, how loud and where its files are heard.
static func _take_after(player: Node, by_hand: Node) -> void:
	if by_hand == null:
		return
	player.bus = by_hand.bus
	player.gain_db = by_hand.gain_db
	if player is Node3D and by_hand is Node3D:
		player.is_automatic = false
		player.position = by_hand.position
		player.near_m = by_hand.near_m
		player.reach_m = by_hand.reach_m
