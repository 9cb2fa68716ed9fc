extends RefCounted
## Tells the editor's dock how a running game's scenes do, and takes what its sliders say. Silent without a debugger.

const CHANNEL := "roomtone"
const STATE := CHANNEL + ":state"
const SET := "set"
const _EVERY_S := 0.1
const _ASK_EVERY := 4

var _daemon: RoomtoneDaemon
var _since_s := 0.0
var _turn := 0
var _levels_db := {}


func _init(daemon: RoomtoneDaemon) -> void:
	_daemon = daemon
	if EngineDebugger.is_active():
		EngineDebugger.register_message_capture(CHANNEL, take)
		daemon.measured.connect(_measure)


## Tells, a few times a second.
func update(delta_s: float) -> void:
	_since_s += delta_s
	if _since_s < _EVERY_S or not EngineDebugger.is_active():
		return
	_since_s = 0.0
	_turn += 1
	if _turn % _ASK_EVERY == 0:
		_daemon.ask_stats()
	EngineDebugger.send_message(STATE, [state()])


## Takes a message of the dock: a scene, a parameter and where it should go.
func take(message: String, data: Array) -> bool:
	if message != SET or data.size() != 3:
		return false
	for scene in _scenes():
		if scene.scene_name == data[0]:
			scene.set_parameter(data[1], data[2])
	return true


## What the dock shows, in plain values.
func state() -> Dictionary:
	var client := _daemon.client
	return {
		"endpoint": _daemon.endpoint,
		"is_daemon_there": _daemon.is_daemon_there(),
		"stats": {} if client == null else client.stats(),
		"scenes": _scenes().map(_described),
	}


func _scenes() -> Array[RoomtoneScene]:
	var scenes: Array[RoomtoneScene] = []
	for node in _daemon.get_tree().get_nodes_in_group(RoomtoneScene.GROUP):
		scenes.append(node as RoomtoneScene)
	return scenes


func _described(scene: RoomtoneScene) -> Dictionary:
	var values := {}
	for parameter: String in scene.known_parameters:
		values[parameter] = scene.get_parameter(parameter)
	return {
		"name": scene.scene_name,
		"level": scene.level,
		"buffered_ms": scene.buffered_ms(),
		"underruns": scene.underruns(),
		"parameters": scene.known_parameters,
		"values": values,
		"layers": Array(scene.layer_names()).map(_layer.bind(scene)),
	}


func _layer(layer: String, scene: RoomtoneScene) -> Dictionary:
	var node := scene.get_layer(layer)
	return {
		"name": layer,
		"level_db": _levels_db.get(layer, -200.0) + node.volume_db,
		"buffered_ms": node.feed.fill_frames() / 48.0,
		"source": node.feed.source,
		"reason": node.feed.reason,
	}


func _measure(stats: Dictionary) -> void:
	for stream: Dictionary in stats["streams"]:
		_levels_db[stream["layer"]] = stream["level_db"]
