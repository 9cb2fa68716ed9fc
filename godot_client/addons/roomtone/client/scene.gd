extends RefCounted
## An open scene as a game holds it: steer, play, close. Main thread; nothing waits.

## The scene's file was edited: the properties are already the new ones.
signal changed(added: Array, changed_layers: Array, removed: Array)
## Something was said about a layer, and is heard by now: [code]placed[/code] or [code]source[/code].
signal layer_event(layer: String, event: Dictionary)
## An edit removed an open layer; it fades.
signal layer_gone(layer: String)
## The scene cannot be performed any more; it fades to silence.
signal gone

const Connection := preload("connection.gd")
const Playback := preload("playback.gd")
const Record := preload("record.gd")
const Stream := preload("stream.gd")
const Voice := preload("voice.gd")

## Its name among the daemon's scenes.
var name := ""
## Every parameter by name, a dictionary each: value, default, low, high, unit, wraps.
var parameters := {}
## What [method morph] accepts.
var moods: Array = []
## Every layer that can be opened, by name, a dictionary each: channels, placement.
var layers := {}
## Scenes that are worth opening in advance.
var neighbours: Array = []
## How much is kept buffered.
var ahead_frames: int
var _session: RefCounted
var _record: Record
var _requested := {}


func _init(session: RefCounted, ahead: int) -> void:
	_session = session
	ahead_frames = ahead


## Opens one layer; the answer's value is its name.
func open_layer(layer: String) -> RoomtoneAnswer:
	var message := {
		"t": "open_layer",
		"id": 0,
		"scene": 0,
		"layer": layer,
		"format": "f32",
		"channels": Stream.CHANNELS,
	}
	return _ask(message, _layer_opened)


## Asks in words for a sound: a layer that sounds at once and becomes the model's when that is ready.
##
## [param options]: layer, model, variations, seconds, loop, gain_db, placement, as in the protocol. The answer's value
## is the layer's name; [signal layer_event] tells where it comes from.
func request(prompt: String, options: Dictionary = {}) -> RoomtoneAnswer:
	var message := {
		"t": "request",
		"id": 0,
		"scene": 0,
		"layer": new_layer_name(),
		"prompt": prompt,
		"model": "",
		"variations": 4,
		"seconds": 10.0,
		"loop": false,
		"gain_db": 0.0,
		"placement": null,
		"format": "f32",
		"channels": Stream.CHANNELS,
	}
	for option: String in options:
		# 4.0 for 4 is what a spin box gives: the daemon takes none for the other.
		var kind := typeof(message.get(option))
		var as_is := kind == TYPE_NIL or kind == typeof(options[option])
		message[option] = options[option] if as_is else type_convert(options[option], kind)
	_requested[message["layer"]] = true
	return _ask(message, _granted.bind(message))


## A name that no layer of the scene has.
func new_layer_name() -> String:
	var number := 1
	while layers.has("request_%d" % number) or _requested.has("request_%d" % number):
		number += 1
	return "request_%d" % number


## Ends one layer's stream: what is buffered is heard, then it fades.
func close_layer(layer: String) -> RoomtoneAnswer:
	var answer := RoomtoneAnswer.new()
	_session.connection.post(_close_layer.bind(layer, answer))
	return answer


## Moves parameters, all at once; the answer's value is the frame from which it is heard.
func set_values(values: Dictionary, at_frame: int = 0) -> RoomtoneAnswer:
	_session.connection.post(_note_values.bind(values.duplicate()))
	var message := {
		"t": "set", "id": 0, "scene": 0, "values": values.duplicate(), "at_frame": at_frame
	}
	return _ask(message, _applied)


## Moves parameters; a refusal is told by the client's [code]failed[/code].
func steer(values: Dictionary) -> void:
	_session.connection.post(_note_values.bind(values.duplicate()))
	var message := {"t": "set", "id": 0, "scene": 0, "values": values.duplicate(), "at_frame": 0}
	_session.request(message, _applied, _renumber, null)


## Moves to a mood over a time; the answer's value is the frame from which it is heard.
func morph(mood: String, over_s: float, at_frame: int = 0) -> RoomtoneAnswer:
	if moods.has(mood):
		_session.connection.post(_note_mood.bind(mood, over_s))
	var message := {
		"t": "morph", "id": 0, "scene": 0, "mood": mood, "over_s": over_s, "at_frame": at_frame
	}
	return _ask(message, _applied)


## Says where the listener is in the scene, so that layers out of reach need not be rendered.
func listener(at_m: Vector3) -> void:
	_session.connection.post(_say_listener.bind([at_m.x, at_m.y, at_m.z]))


## Lets the daemon fill the buffer. Open the layers first: they then all begin together.
func begin() -> void:
	_session.connection.post(_begin)


## Lets a player be fed with a layer's samples.
func attach(layer: String, voice: Voice) -> void:
	_session.connection.post(_attach.bind(layer, voice))


## Feeds nobody until all players are attached, so that they begin together.
func hold(holding: bool) -> void:
	_session.connection.post(_hold.bind(holding))


## Feeds a player no more.
func detach(voice: Voice) -> void:
	_session.connection.post(_detach.bind(voice))


## Ends the scene and every layer of it.
func close() -> RoomtoneAnswer:
	return _ask({"t": "close_scene", "id": 0, "scene": 0}, _closed)


## The next frame that the ear will hear.
func position_frame() -> int:
	return 0 if _record == null else _record.playback.ear_frame


## How much is here beyond the position.
func buffered_frames() -> int:
	if _record == null:
		return 0
	var playback := _record.playback
	return maxi(0, maxi(playback.received_frame, playback.position_frame) - playback.ear_frame)


## How many gaps had to be concealed.
func underruns() -> int:
	return 0 if _record == null else _record.playback.underruns


## How long those were in all.
func concealed_frames() -> int:
	return 0 if _record == null else _record.playback.concealed_frames


## How many blocks came after their time.
func late_blocks() -> int:
	return 0 if _record == null else _record.playback.late_blocks


## Whether it has ended and all of it is heard.
func is_over() -> bool:
	return _record != null and _record.gone and _record.playback.streams_open == 0


## Begins: the scene is open. Called by the session's news, before the answer that has it.
func take_up(record: Record, opened: Dictionary) -> void:
	_record = record
	_describe(opened)


## Takes what was told about the scene; called by the session's news.
func take_event(kind: String, details: Array) -> void:
	match kind:
		"changed":
			_describe(details[0])
			changed.emit(details[0]["added"], details[0]["changed"], details[0]["removed"])
		"layer_event":
			layer_event.emit(details[0], details[1])
		"layer_gone":
			layer_gone.emit(details[0])
		"gone":
			gone.emit()


func _describe(message: Dictionary) -> void:
	name = message.get("name", name)
	parameters = Record.by_name(message["parameters"])
	moods = message["moods"]
	layers = Record.by_name(message["layers"])
	neighbours = message["neighbours"]


func _ask(message: Dictionary, act: Callable) -> RoomtoneAnswer:
	var answer := RoomtoneAnswer.new()
	_session.request(message, act, _renumber, answer)
	return answer


# The connection's thread --------------------------------------------------------------------------


func _renumber(message: Dictionary) -> Dictionary:
	message["scene"] = _record.handle
	return message


func _layer_opened(answer: Dictionary) -> String:
	_record.playback.add(answer)
	return answer["layer"]


func _granted(answer: Dictionary, asked: Dictionary) -> String:
	_record.requested[asked["layer"]] = asked.duplicate()
	return _layer_opened(answer)


func _close_layer(layer: String, answer: RoomtoneAnswer) -> void:
	var stream: Stream = _record.playback.open.get(layer)
	if stream == null:
		_session.tell(_session.settle.bind(answer, null, null))
		return
	var renumber := func(message: Dictionary) -> Dictionary:
		message["stream"] = stream.handle
		return message
	var message := {"t": "close_layer", "id": 0, "stream": stream.handle}
	_session.request(message, _layer_closed, renumber, answer)


func _layer_closed(answer: Dictionary) -> int:
	_record.playback.end(answer["stream"], answer["end_frame"])
	return answer["end_frame"]


func _applied(answer: Dictionary) -> int:
	return answer["at_frame"]


func _note_values(values: Dictionary) -> void:
	_record.steer(values)


func _note_mood(mood: String, over_s: float) -> void:
	_record.steering.morph(mood, over_s, Connection.now())


func _say_listener(at_m: Array) -> void:
	_record.listener_m = at_m
	_session.connection.say({"t": "listener", "scene": _record.handle, "at_m": at_m})


func _begin() -> void:
	_record.playback.begin()


func _attach(layer: String, voice: Voice) -> void:
	if not _record.playback.attach(layer, voice, Connection.now()):
		voice.finished = true


func _hold(holding: bool) -> void:
	_record.playback.hold(holding)


func _detach(voice: Voice) -> void:
	_record.playback.detach(voice)


func _closed(_answer: Dictionary) -> bool:
	_session.forget(_record)
	return true
