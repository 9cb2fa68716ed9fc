@tool
@icon("res://addons/roomtone/icons/scene.svg")
class_name RoomtoneScene
extends "scene_parameters.gd"
## A scene of the daemon: it sounds, its parameters are properties, and its layers are placed around this node.
##
## The scene file's coordinates are this node's own. Parameters appear in the inspector as [code]parameters/NAME[/code]
## and can be set, tweened and animated like any other property; the daemon smooths them. Below a [RoomtoneZone3D] the
## scene is heard where the zone is.

## The scene is open: its parameters, moods and layers are known, and it begins to sound.
signal scene_opened
## The scene has ended.
signal scene_closed
## The scene's file was edited, and sounds as it is now.
signal scene_changed(
	added: PackedStringArray, changed: PackedStringArray, removed: PackedStringArray
)
## A layer sounds: a [RoomtoneLayer] or a [RoomtoneLayer3D].
signal layer_opened(layer: Node)
## A layer has ended and faded.
signal layer_closed(layer: String)
## It could not be opened, or a request was refused.
signal failed(error: RoomtoneError)

enum State { CLOSED, OPENING, BUFFERING, PLAYING }

const Client := preload("../client/client.gd")
const OpenScene := preload("../client/scene.gd")

## Where every scene of the tree is found.
const GROUP := &"roomtone_scenes"
const _LISTENER_EVERY_S := 0.2
const _RESTS_AFTER_S := 0.3

## The scene's name among the daemon's: the name of its file.
@export var scene_name: String = "":
	set(value):
		scene_name = value
		update_configuration_warnings()
## In place of the file's own, from 0 on: the same seed sounds the same. -1 for the file's own.
@export var seed_value: int = -1
## Open it when the node is ready.
@export var opens_when_ready: bool = true
## Make a layer node for each layer of the scene that has none below this node.
@export var makes_layers: bool = true
## The bus of the layers that are made.
@export var bus: StringName = &"Master"
## How loud the whole scene is, in place of a zone that says so: 0 for silence.
@export_range(0.0, 1.0, 0.01) var level: float = 1.0

## How far it is.
var state := State.CLOSED
## What [method morph] knows; empty until the scene is open.
var moods := PackedStringArray()
## Scenes that are worth opening in advance; empty until the scene is open.
var neighbours := PackedStringArray()
var _layers := {}
var _scene: OpenScene
var _listener_said_s := 0.0
var _silent_s := 0.0
var _resting := false


func _enter_tree() -> void:
	add_to_group(GROUP)


func _ready() -> void:
	if opens_when_ready and not Engine.is_editor_hint():
		open()


func _process(delta_s: float) -> void:
	if _scene == null:
		return
	_steer()
	if state == State.BUFFERING and _scene.buffered_frames() >= _scene.ahead_frames:
		_play()
	var listener := listener_of(self)
	_say_listener(listener, delta_s)
	_rest(delta_s)
	for layer: Node in _layers.values():
		layer.call("place", listener, level)
		if layer.feed.is_finished():
			_end_layer(layer)


func _exit_tree() -> void:
	if not Engine.is_editor_hint():
		close()


# What it is ---------------------------------------------------------------------------------------


## Finds the scene that a layer belongs to; null if there is none.
static func above(node: Node) -> RoomtoneScene:
	var parent := node.get_parent()
	while parent != null and not parent is RoomtoneScene:
		parent = parent.get_parent()
	return parent as RoomtoneScene


## What a level designer should know about a layer node.
static func layer_warnings(node: Node, layer: String) -> PackedStringArray:
	var warnings := PackedStringArray()
	if layer == "":
		warnings.append("Name the scene's layer that is to be heard here.")
	if above(node) == null:
		warnings.append("Put this below a RoomtoneScene: it plays one of the scene's layers.")
	return warnings


## Where the ear is: the current AudioListener3D, else the current camera.
static func listener_of(node: Node) -> Transform3D:
	var viewport := node.get_viewport()
	var listener: Node3D = null
	if viewport.has_method("get_audio_listener_3d"):
		listener = viewport.call("get_audio_listener_3d")
	if listener == null:
		listener = viewport.get_camera_3d()
	return Transform3D() if listener == null else listener.global_transform.orthonormalized()


func _get_configuration_warnings() -> PackedStringArray:
	var warnings := PackedStringArray()
	if scene_name == "":
		warnings.append("Name the scene: it is the name of one of the daemon's scene files.")
	if not ProjectSettings.has_setting("autoload/" + RoomtoneDaemon.AUTOLOAD):
		warnings.append("Enable the plugin Roomtone: the project has no daemon.")
	return warnings


# Steering ----------------------------------------------------------------------------------------


## Moves to a mood in [param over_s] seconds; the answer's value is the frame from which it is heard.
func morph(mood: String, over_s: float) -> RoomtoneAnswer:
	if _scene == null:
		return _refused_answer("it is not open yet: wait for scene_opened")
	_steer()
	return _scene.morph(mood, over_s)


# Opening and closing ------------------------------------------------------------------------------


## Opens the scene and plays it; returns what went wrong, else null.
func open() -> RoomtoneError:
	var daemon := RoomtoneDaemon.of(self)
	var client: Client = null if daemon == null else daemon.connect_client()
	if client == null:
		return _fail(
			RoomtoneError.make("daemon.none", "there is no daemon", "enable the plugin Roomtone")
		)
	if state != State.CLOSED:
		return null
	state = State.OPENING
	var own_seed: Variant = null if seed_value < 0 else seed_value
	var answer := client.open_scene(scene_name, own_seed, _values)
	await answer.settled_value()
	if answer.error != null or state != State.OPENING:
		return _fail(answer.error) if answer.error != null else null
	await _take_up(answer.value)
	return null


## Ends the scene; its layers fade.
func close() -> void:
	for layer: Node in _layers.values():
		layer.feed.stop()
	if _scene != null:
		_scene.close()
		_scene = null
		scene_closed.emit()
	state = State.CLOSED


## The layer node of a name; null if there is none.
func get_layer(layer: String) -> Node:
	return _layers.get(layer)


## Names the layers that have a node.
func layer_names() -> PackedStringArray:
	return PackedStringArray(_layers.keys())


## How much is buffered, in milliseconds.
func buffered_ms() -> float:
	return 0.0 if _scene == null else _scene.buffered_frames() / 48.0


## How many gaps had to be concealed.
func underruns() -> int:
	return 0 if _scene == null else _scene.underruns()


## The next frame that the ear will hear, on the scene's own clock.
func position_frame() -> int:
	return 0 if _scene == null else _scene.position_frame()


func _take_up(opened: OpenScene) -> void:
	_scene = opened
	_scene.changed.connect(_take_change)
	_scene.layer_event.connect(_take_layer_event)
	_scene.gone.connect(_take_gone)
	_describe()
	var answers: Array[RoomtoneAnswer] = []
	for layer: String in _scene.layers:
		if _wants(layer):
			answers.append(_scene.open_layer(layer))
	for answer in answers:
		await answer.settled_value()
		if answer.error != null:
			_fail(answer.error)
	if _scene != opened:
		return
	_scene.begin()
	state = State.BUFFERING
	scene_opened.emit()


func _wants(layer: String) -> bool:
	return makes_layers or _layers.has(layer)


func _describe() -> void:
	moods = PackedStringArray(_scene.moods)
	neighbours = PackedStringArray(_scene.neighbours)
	know(_scene.parameters)
	for layer: String in _layers:
		if _scene.layers.has(layer):
			_layers[layer].call("describe", _scene.layers[layer]["placement"])


func _play() -> void:
	if level <= 0.0:
		return  # nobody is there to hear it: what is buffered keeps
	state = State.PLAYING
	for layer: String in _scene.layers:
		if _wants(layer):
			_play_layer(layer)


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
	var made: Node
	if placement["kind"] == "bed":
		made = RoomtoneLayer.new()
	else:
		made = RoomtoneLayer3D.new()
		made.is_automatic = true
	made.layer = layer
	made.bus = bus
	made.name = layer
	add_child(made)
	return made


## Takes up a layer node that has come below this one.
func take_layer(node: Node) -> void:
	_layers[node.layer] = node
	if state == State.PLAYING and _scene.layers.has(node.layer) and not node.feed.is_started():
		_open_layer.call_deferred(node.layer)


## Lets go of a layer node.
func forget_layer(node: Node) -> void:
	if _layers.get(node.layer) == node:
		_layers.erase(node.layer)


func _open_layer(layer: String) -> void:
	var node: Node = _layers.get(layer)
	if _scene == null or node != null and node.feed.is_started():
		return
	var answer := _scene.open_layer(layer)
	await answer.settled_value()
	if answer.error != null:
		_fail(answer.error)
	elif state == State.PLAYING and _scene.layers.has(layer):
		_play_layer(layer)


func _end_layer(node: Node) -> void:
	var layer: String = node.layer
	node.feed.stop()
	node.emit_signal("layer_closed")
	layer_closed.emit(layer)
	_layers.erase(layer)
	if node.owner == null:
		node.queue_free()


# At run time --------------------------------------------------------------------------------------


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
	_await_request(_scene.request(prompt, asked), node)
	return node


func _await_request(answer: RoomtoneAnswer, node: Node) -> void:
	await answer.settled_value()
	if answer.error != null:
		_fail(answer.error)
		node.queue_free()
	elif state == State.PLAYING:
		_play_layer(node.layer)


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


func _steer() -> void:
	if not _moved.is_empty():
		_scene.steer(_moved)
		_moved = {}


func _say_listener(listener: Transform3D, delta_s: float) -> void:
	_listener_said_s += delta_s
	if _listener_said_s >= _LISTENER_EVERY_S and state == State.PLAYING:
		_listener_said_s = 0.0
		_scene.listener(global_transform.affine_inverse() * listener.origin)


# What is not heard is not played: it gets no credit and costs nothing. It goes on where it was.
func _rest(delta_s: float) -> void:
	_silent_s = 0.0 if level > 0.0 else _silent_s + delta_s
	var resting := _silent_s > _RESTS_AFTER_S
	if resting != _resting and state == State.PLAYING:
		_resting = resting
		for layer: Node in _layers.values():
			layer.feed.rest(resting)


func _take_change(added: Array, changed: Array, removed: Array) -> void:
	_describe()
	for layer: String in added:
		if _wants(layer) and state == State.PLAYING and not _layers.has(layer):
			_open_layer(layer)
	scene_changed.emit(
		PackedStringArray(added), PackedStringArray(changed), PackedStringArray(removed)
	)


func _take_layer_event(layer: String, event: Dictionary) -> void:
	if _layers.has(layer):
		_layers[layer].feed.take_event(event)


func _take_gone() -> void:
	scene_closed.emit()


func _fail(error: RoomtoneError) -> RoomtoneError:
	if state == State.OPENING:
		state = State.CLOSED
	push_warning("Roomtone: scene '%s': %s" % [scene_name, error])
	failed.emit(error)
	return error


func _not_open(fix: String) -> RoomtoneError:
	return RoomtoneError.make("scene.not-open", "the scene is not open", fix, scene_name)


func _refused_answer(fix: String) -> RoomtoneAnswer:
	var answer := RoomtoneAnswer.new()
	answer.settle(null, _not_open(fix))
	return answer
