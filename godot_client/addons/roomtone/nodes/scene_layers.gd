@tool
extends "scene_parameters.gd"
## A scene's layers: a node for each, made or found, played, placed, and asked for in words.

## A layer sounds: a [RoomtoneLayer] or a [RoomtoneLayer3D].
signal layer_opened(layer: Node)
## A layer has ended and faded.
signal layer_closed(layer: String)
## It could not be opened, or a request was refused.
signal failed(error: RoomtoneError)

enum State { CLOSED, OPENING, BUFFERING, PLAYING }

const OpenScene := preload("../client/scene.gd")

# Loaded when they are needed: they know the scene, and a script cannot wait for one that waits for it.
const _BED := "res://addons/roomtone/nodes/layer.gd"
const _PLACED := "res://addons/roomtone/nodes/layer_3d.gd"
const _RESTS_AFTER_S := 0.3

## The scene's name among the daemon's: the name of its file.
@export var scene_name: String = "":
	set(value):
		scene_name = value
		update_configuration_warnings()
## Make a layer node for each layer of the scene that has none below this node.
@export var makes_layers: bool = true
## The bus of the layers that are made.
@export var bus: StringName = &"Master"
## How loud the whole scene is, in place of a zone that says so: 0 for silence.
@export_range(0.0, 1.0, 0.01) var level: float = 1.0

## How far it is.
var state := State.CLOSED
var _scene: OpenScene
# Layer nodes by name, and the names of layers that the daemon sends.
var _layers := {}
var _streams := {}
var _silent_s := 0.0
var _resting := false


## Where the ear is: the current AudioListener3D, else the current camera.
static func listener_of(node: Node) -> Transform3D:
	var viewport := node.get_viewport()
	var listener: Node3D = null
	if viewport.has_method("get_audio_listener_3d"):
		listener = viewport.call("get_audio_listener_3d")
	if listener == null:
		listener = viewport.get_camera_3d()
	return Transform3D() if listener == null else listener.global_transform.orthonormalized()


## The layer node of a name; null if there is none.
func get_layer(layer: String) -> Node:
	return _layers.get(layer)


## Names the layers that have a node.
func layer_names() -> PackedStringArray:
	return PackedStringArray(_layers.keys())


## Asks in words for a sound: returns a layer that sounds at once; its signal [code]generated[/code] tells when it
## becomes the model's, its [code]source_changed[/code] every step on the way.
##
## [param options]: [code]layer[/code] (its name), [code]model[/code], [code]variations[/code], [code]seconds[/code],
## [code]loop[/code], [code]gain_db[/code], and for a place [code]kind[/code] (point or area), [code]at_m[/code] (a
## Vector3 in the scene), [code]near_m[/code], [code]reach_m[/code]. The scene must be open. A refusal is told by
## [signal failed].
func request(prompt: String, options: Dictionary = {}) -> Node:
	if _scene == null:
		_fail(_not_open("wait for scene_opened"))
		return null
	var asked := options.duplicate()
	asked["placement"] = _placement_of(options)
	for name: String in ["kind", "at_m", "near_m", "reach_m"]:
		asked.erase(name)
	asked["layer"] = options.get("layer", _scene.new_layer_name())
	var kind: String = options.get("kind", "bed")
	var node := _make_layer(asked["layer"], {"kind": kind})
	_when_settled(_scene.request(prompt, asked), _take_requested.bind(node.get_path()))
	return node


func _take_requested(answer: RoomtoneAnswer, path: NodePath) -> void:
	if answer.error == null:
		_play_answered(answer)
		return
	_fail(answer.error)
	if has_node(path):
		get_node(path).queue_free()


static func _placement_of(options: Dictionary) -> Variant:
	var kind: String = options.get("kind", "bed")
	if kind == "bed":
		return null
	var at: Vector3 = options.get("at_m", Vector3.ZERO)
	return {
		"kind": kind,
		"at_m": [at.x, at.y, at.z],
		"near_m": float(options.get("near_m", 1.0)),
		"reach_m": float(options.get("reach_m", 30.0)),
		"distance_m": [0.0, 0.0],
	}


## Takes up a layer node that has come below this one.
func take_layer(node: Node) -> void:
	_layers[node.layer] = node
	if (
		_scene != null
		and state >= State.BUFFERING
		and _scene.layers.has(node.layer)
		and not node.feed.is_started()
	):
		_open_layer.call_deferred(node.layer)


## Lets go of a layer node.
func forget_layer(node: Node) -> void:
	if _layers.get(node.layer) == node:
		_layers.erase(node.layer)


func _open_layer(layer: String) -> void:
	var node: Node = _layers.get(layer)
	if _scene == null or node != null and node.feed.is_started():
		return
	if not _streams.has(layer):
		_when_settled(_scene.open_layer(layer), _play_answered)
	elif state == State.PLAYING:
		_play_layer(layer)


func _play_answered(answer: RoomtoneAnswer) -> void:
	if answer.error != null:
		_fail(answer.error)
		return
	_streams[answer.value] = true
	if state == State.PLAYING and _scene.layers.has(answer.value):
		_play_layer(answer.value)


func _end_layer(node: Node) -> void:
	var layer: String = node.layer
	node.feed.stop()
	node.emit_signal("layer_closed")
	layer_closed.emit(layer)
	_layers.erase(layer)
	_streams.erase(layer)
	if node.owner == null:
		node.queue_free()


func _wants(layer: String) -> bool:
	return makes_layers or _layers.has(layer)


func _play_layer(layer: String) -> void:
	var node: Node = _layers.get(layer)
	if node == null:
		node = _make_layer(layer, _scene.layers[layer]["placement"])
	node.call("describe", _scene.layers[layer]["placement"])
	node.call("place", listener_of(self), level)
	node.feed.start(_scene, layer)
	node.emit_signal("layer_opened")
	layer_opened.emit(node)


func _make_layer(layer: String, placement: Dictionary) -> Node:
	var is_bed: bool = placement["kind"] == "bed"
	var made: Node = (load(_BED if is_bed else _PLACED) as GDScript).new()
	made.set("is_automatic", true)
	made.layer = layer
	made.bus = bus
	made.name = layer
	add_child(made)
	return made


func _place_layers(listener: Transform3D) -> void:
	for layer: Node in _layers.values():
		layer.call("place", listener, level)
		if layer.feed.is_finished():
			_end_layer(layer)


func _stop_layers() -> void:
	for layer: Node in _layers.values():
		layer.feed.stop()


# What is not heard is not played: it gets no credit and costs nothing. It goes on where it was.
func _rest(delta_s: float) -> void:
	_silent_s = 0.0 if level > 0.0 else _silent_s + delta_s
	var resting := _silent_s > _RESTS_AFTER_S
	if resting != _resting and state == State.PLAYING:
		_resting = resting
		for layer: Node in _layers.values():
			layer.feed.rest(resting)


func _take_layer_event(layer: String, event: Dictionary) -> void:
	if _layers.has(layer):
		_layers[layer].feed.take_event(event)


# Not awaited: a node that is freed meanwhile is not called any more, where a coroutine would wake up to find itself
# gone.
func _when_settled(answer: RoomtoneAnswer, action: Callable) -> void:
	answer.settled.connect(action.bind(answer), CONNECT_ONE_SHOT)


func _fail(error: RoomtoneError) -> RoomtoneError:
	if state == State.OPENING and _scene == null:
		state = State.CLOSED
	push_warning("Roomtone: scene '%s': %s" % [scene_name, error])
	failed.emit(error)
	return error


func _not_open(fix: String) -> RoomtoneError:
	return RoomtoneError.make("scene.not-open", "the scene is not open", fix, scene_name)
