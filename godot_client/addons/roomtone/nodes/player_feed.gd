extends RefCounted
## What both layer nodes share: a player whose buffer the client fills, and where its sound comes from. Main thread.

## Where the layer's sound comes from was told, and is heard by now.
signal source_changed(source: String, bank: String, reason: String)
## From here on it sounds from elsewhere, relative to the listener, in the axes of the scene.
signal placed(offset_m: Vector3)

const Scene := preload("../client/scene.gd")
const Voice := preload("../client/voice.gd")

const _RATE_HZ := 48000
# The engine rounds up to a power of two; there must be room for a block beyond what is kept ahead.
const _SPARE_FRAMES := 960

## [code]stand_in[/code], [code]nearest[/code] or [code]exact[/code] once the daemon has said so.
var source := ""
## The prompt whose clips are heard; empty for the stand-in.
var bank := ""
## Why, in one of the protocol's words or an error's code.
var reason := ""
## Where a scattered layer sounds, relative to the listener; zero before its first event.
var offset_m := Vector3.ZERO
var _player: Node
var _scene: Scene
var _voice: Voice
var _plays_file := false


## [param player] is an AudioStreamPlayer or an AudioStreamPlayer3D.
func _init(player: Node) -> void:
	_player = player


## Plays a layer of an open scene.
func start(scene: Scene, layer: String) -> void:
	stop()
	_scene = scene
	var generator := AudioStreamGenerator.new()
	generator.mix_rate = _RATE_HZ
	generator.buffer_length = float(scene.ahead_frames + _SPARE_FRAMES) / _RATE_HZ
	_player.set("stream", generator)
	_player.call("play")
	var playback: AudioStreamGeneratorPlayback = _player.call("get_stream_playback")
	_voice = Voice.new(playback, hash(scene.name + "/" + layer))
	scene.attach(layer, _voice)


## Plays a baked file.
func play_file(stream: AudioStream) -> void:
	stop()
	_plays_file = true
	_player.set("stream", stream)
	_player.call("play")


## Plays no more.
func stop() -> void:
	if _plays_file:
		_plays_file = false
		_player.call("stop")
	if _voice != null:
		_scene.detach(_voice)
		_player.call("stop")
		_voice = null


## Whether a layer that has ended is heard to its end.
func is_finished() -> bool:
	return _voice != null and _voice.finished


## Whether it was started.
func is_started() -> bool:
	return _voice != null or _plays_file


## How many frames wait in the player.
func fill_frames() -> int:
	return 0 if _voice == null else _voice.fill_frames


## How many frames the engine found missing.
func skips() -> int:
	return 0 if _voice == null else _voice.skips()


## Lets the player rest, where nobody hears it, or go on from where it was.
func rest(resting: bool) -> void:
	if is_started():
		_player.set("stream_paused", resting)


## Takes an event that is heard by now.
func take_event(event: Dictionary) -> void:
	if event["event"] == "placed":
		var at: Array = event["offset_m"]
		offset_m = Vector3(at[0], at[1], at[2])
		placed.emit(offset_m)
		return
	source = event["source"]
	bank = event["bank"]
	reason = event["reason"]
	source_changed.emit(source, bank, reason)
