@tool
@icon("res://addons/roomtone/icons/scene.svg")
class_name RoomtoneScene
extends "scene_baked.gd"
## A scene of the daemon or of a bake: it sounds, its parameters are properties, its layers stand around this node.
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

const Client := preload("../client/client.gd")

## Where every scene of the tree is found.
const GROUP := &"roomtone_scenes"
const _LISTENER_EVERY_S := 0.2

## In place of the file's own, from 0 on: the same seed sounds the same. -1 for the file's own.
@export var seed_value: int = -1
## Open it when the node is ready.
@export var opens_when_ready: bool = true

## What [method morph] knows; empty until the scene is open.
var moods := PackedStringArray()
## Scenes that are worth opening in advance; empty until the scene is open.
var neighbours := PackedStringArray()
var _opening: RoomtoneAnswer
var _layers_awaited := 0
var _listener_said_s := 0.0


func _enter_tree() -> void:
	add_to_group(GROUP)


func _ready() -> void:
	if opens_when_ready and not Engine.is_editor_hint():
		open()


func _process(delta_s: float) -> void:
	if _baked != null:
		_step_baked(delta_s)
		_rest(delta_s)
		_place_layers(listener_of(self))
	if _scene == null:
		return
	_steer()
	if state == State.BUFFERING and _scene.buffered_frames() >= _scene.ahead_frames:
		_play()
	var listener := listener_of(self)
	_say_listener(listener, delta_s)
	_rest(delta_s)
	_place_layers(listener)


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


func _get_configuration_warnings() -> PackedStringArray:
	var warnings := PackedStringArray()
	if scene_name == "":
		warnings.append("Name the scene: it is the name of one of the daemon's scene files.")
	if not is_baked() and not ProjectSettings.has_setting("autoload/" + RoomtoneDaemon.AUTOLOAD):
		warnings.append("Enable the plugin Roomtone: the project has no daemon.")
	return warnings


# Steering ----------------------------------------------------------------------------------------


## Moves to a mood in [param over_s] seconds; the answer's value is the frame from which it is heard.
func morph(mood: String, over_s: float) -> RoomtoneAnswer:
	if _baked != null:
		return _morph_baked(mood, over_s)
	if _scene == null:
		return _refused_answer("it is not open yet: wait for scene_opened")
	_steer()
	return _scene.morph(mood, over_s)


# Opening and closing ------------------------------------------------------------------------------


## Opens the scene and plays it; returns what went wrong, else null.
func open() -> RoomtoneError:
	if is_baked():
		return _begin_baked()
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
	_opening = client.open_scene(scene_name, own_seed, _values)
	_when_settled(_opening, _take_up)
	return null


## Ends the scene; its layers fade.
func close() -> void:
	_stop_layers()
	if _baked != null:
		_close_baked()
		scene_closed.emit()
	if _scene != null:
		_scene.close()
		_scene = null
		scene_closed.emit()
	elif state == State.OPENING:
		_opening.settled.connect(_close_late.bind(_opening), CONNECT_ONE_SHOT)
	state = State.CLOSED


# What was asked for and is not wanted any more when it comes.
static func _close_late(answer: RoomtoneAnswer) -> void:
	if answer.value != null:
		(answer.value as OpenScene).close()


## How much is buffered, in milliseconds.
func buffered_ms() -> float:
	return 0.0 if _scene == null else _scene.buffered_frames() / 48.0


## How many gaps had to be concealed.
func underruns() -> int:
	return 0 if _scene == null else _scene.underruns()


## The next frame that the ear will hear, on the scene's own clock.
func position_frame() -> int:
	return 0 if _scene == null else _scene.position_frame()


func _begin_baked() -> RoomtoneError:
	if state != State.CLOSED:
		return null
	var error := _open_baked()
	if error == null:
		moods = PackedStringArray(_baked.moods.keys())
		scene_opened.emit()
	return error


func _morph_baked(mood: String, over_s: float) -> RoomtoneAnswer:
	var answer := RoomtoneAnswer.new()
	if _baked.morph(mood, over_s):
		answer.settle(0, null)
	else:
		answer.settle(
			null, RoomtoneError.make("request.unknown-mood", "there is no such mood", "", mood)
		)
	return answer


func _take_up(answer: RoomtoneAnswer) -> void:
	if answer.error != null:
		_fail(answer.error)
	elif state == State.OPENING and answer == _opening:
		_scene = answer.value
		_scene.changed.connect(_take_change)
		_scene.layer_event.connect(_take_layer_event)
		_scene.gone.connect(_take_gone)
		_describe()
		_open_layers()


func _open_layers() -> void:
	_streams = {}
	_layers_awaited = 1
	for layer: String in _scene.layers:
		if _wants(layer):
			_layers_awaited += 1
			_when_settled(_scene.open_layer(layer), _count_layer)
	_layer_is_there()


func _count_layer(answer: RoomtoneAnswer) -> void:
	if answer.error != null:
		_fail(answer.error)
	else:
		_streams[answer.value] = true
	_layer_is_there()


# Only once all of them are open may the scene's clock run: they begin together.
func _layer_is_there() -> void:
	_layers_awaited -= 1
	if _layers_awaited == 0 and state == State.OPENING:
		_scene.begin()
		state = State.BUFFERING
		scene_opened.emit()


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
	_scene.hold(true)
	for layer: String in _streams:
		_play_layer(layer)
	_scene.hold(false)


func _steer() -> void:
	if not _moved.is_empty():
		_scene.steer(_moved)
		_moved = {}


func _say_listener(listener: Transform3D, delta_s: float) -> void:
	_listener_said_s += delta_s
	if _listener_said_s >= _LISTENER_EVERY_S and state == State.PLAYING:
		_listener_said_s = 0.0
		_scene.listener(global_transform.affine_inverse() * listener.origin)


func _take_change(added: Array, changed: Array, removed: Array) -> void:
	_describe()
	for layer: String in added:
		if _wants(layer) and state == State.PLAYING and not _layers.has(layer):
			_open_layer(layer)
	scene_changed.emit(
		PackedStringArray(added), PackedStringArray(changed), PackedStringArray(removed)
	)


func _take_gone() -> void:
	scene_closed.emit()


func _refused_answer(fix: String) -> RoomtoneAnswer:
	var answer := RoomtoneAnswer.new()
	answer.settle(null, _not_open(fix))
	return answer
