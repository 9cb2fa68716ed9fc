extends "check.gd"
## Plays what a test asks for, step by step, and records what the game played: the master bus, without a display.
##
## [code]--in[/code] has the steps: arrays of a method's name, without its underscore, and its arguments.
## [code]--sound[/code] is where the recording goes: stereo, 32-bit floats, as the mixer made it. Marks in the report
## are frames of it.

const _CAPTURE_S := 20.0
const _SETTLED_S := 20.0

var _capture := AudioEffectCapture.new()
var _sound := PackedByteArray()
var _recorded_frames := 0
var _scenes := {}
var _listener := Camera3D.new()
var _marks := {}
var _events: Array = []
var _measured: Array = []
var _asked := {}
var _began_usec := 0


func run() -> void:
	_capture.buffer_length = _CAPTURE_S
	AudioServer.add_bus_effect(0, _capture)
	root.add_child(_listener)
	_listener.make_current()
	_listen_to_daemon()
	process_frame.connect(_record)
	_began_usec = Time.get_ticks_usec()
	for step: Array in read_json(arguments["in"]):
		await callv("_" + step[0], step.slice(1))
	_record()
	_close()


func _close() -> void:
	var file := FileAccess.open(arguments["sound"], FileAccess.WRITE)
	file.store_buffer(_sound)
	file.close()
	report["marks"] = _marks
	report["events"] = _events
	report["frames"] = _recorded_frames
	report["rate_hz"] = AudioServer.get_mix_rate()
	report["warnings"] = warnings()
	finish()


func _daemon() -> RoomtoneDaemon:
	return root.get_node("Roomtone") as RoomtoneDaemon


func _listen_to_daemon() -> void:
	var daemon := _daemon()
	daemon.connected.connect(func(server: String) -> void: _note("connected", [server]))
	daemon.disconnected.connect(_note_error.bind("disconnected"))
	daemon.reconnected.connect(
		func(resumed: bool, away_s: float) -> void: _note("reconnected", [resumed, away_s])
	)
	daemon.refused.connect(_note_error.bind("refused"))
	daemon.failed.connect(_note_error.bind("failed"))
	daemon.measured.connect(func(stats: Dictionary) -> void: report["stats"] = stats)


func _note(kind: String, details: Array) -> void:
	var at_s := (Time.get_ticks_usec() - _began_usec) / 1e6
	_events.append({"kind": kind, "details": details, "frame": _recorded_frames, "at_s": at_s})


func _note_error(error: RoomtoneError, kind: String) -> void:
	_note(kind, [error.code, error.what, error.fix])


func _record() -> void:
	var frames := _capture.get_frames_available()
	if frames > 0:
		_sound.append_array(_capture.get_buffer(frames).to_byte_array())
		_recorded_frames += frames


# Steps ---------------------------------------------------------------------------------------------------------------


func _wait(duration_s: float) -> void:
	await seconds(duration_s)


## Notes where the recording is.
func _mark(name: String) -> void:
	_record()
	_marks[name] = _recorded_frames


## Keeps the main thread busy, as a game does that loads a level.
func _stall(duration_ms: int) -> void:
	OS.delay_msec(duration_ms)
	await process_frame


## Tells the test that the check has come so far.
func _tell(word: String) -> void:
	print("TOLD " + word)


## Waits until the test has made a file.
func _await_file(path: String) -> void:
	var until_usec := Time.get_ticks_usec() + _SETTLED_S * 1e6
	while not FileAccess.file_exists(path) and Time.get_ticks_usec() < until_usec:
		await process_frame


## Keeps so much buffered; before anything is opened.
func _keep_ahead(ahead_ms: float) -> void:
	_daemon().ahead_ms = ahead_ms


## Brings a daemon of the game's own.
func _own_daemon(command: String, scenes_dir: String) -> void:
	var daemon := _daemon()
	daemon.starts_daemon = true
	daemon.command = command
	daemon.scenes_dir = scenes_dir
	daemon.connect_client()
	report["own_daemon"] = {
		"runs": daemon._own_daemon.is_running(), "token_bytes": daemon.token.length() / 2
	}
	report["own_daemon_pid"] = daemon._own_daemon._pid


func _connect() -> void:
	_daemon().connect_client()


## Adds a RoomtoneScene with properties of its own, and waits until it sounds.
func _open(scene_name: String, properties: Dictionary = {}) -> void:
	var scene := _make(scene_name, properties)
	root.add_child(scene)
	await _until_playing(scene)


## Adds a RoomtoneScene that may find its daemon later.
func _add(scene_name: String) -> void:
	root.add_child(_make(scene_name, {}))


## Adds a RoomtoneScene that plays a bake.
func _add_baked(scene_name: String, folder: String) -> void:
	root.add_child(_make(scene_name, {"baked_folder": folder}))


## Adds a RoomtoneScene of which one layer alone is heard, at a place of its own.
func _open_by_hand(scene_name: String, layer: String, at: Array, reach_m: float) -> void:
	var scene := _make(scene_name, {"makes_layers": false})
	var node := RoomtoneLayer3D.new()
	node.layer = layer
	node.position = _vector(at)
	node.reach_m = reach_m
	scene.add_child(node)
	root.add_child(scene)
	await _until_playing(scene)


## Adds a scene within a spherical zone.
func _open_zone(scene_name: String, at: Array, radius_m: float, fade_m: float) -> void:
	var zone := RoomtoneZone3D.new()
	var shape := CollisionShape3D.new()
	shape.shape = SphereShape3D.new()
	shape.shape.radius = radius_m
	zone.add_child(shape)
	zone.fade_m = fade_m
	zone.add_child(_make(scene_name, {}))
	root.add_child(zone)
	zone.global_position = _vector(at)


func _make(scene_name: String, properties: Dictionary) -> RoomtoneScene:
	var scene := RoomtoneScene.new()
	scene.scene_name = scene_name
	for property: String in properties:
		scene.set(property, properties[property])
	scene.failed.connect(_note_error.bind("scene_failed"))
	scene.scene_opened.connect(func() -> void: _note("scene_opened", [scene_name]))
	scene.layer_opened.connect(func(layer: Node) -> void: _watch_layer(scene, layer))
	scene.layer_closed.connect(func(layer: String) -> void: _note("layer_closed", [layer]))
	scene.scene_changed.connect(
		func(added: Array, changed: Array, removed: Array) -> void:
			_note("scene_changed", [added, changed, removed])
	)
	_scenes[scene_name] = scene
	return scene


func _watch_layer(scene: RoomtoneScene, layer: Node) -> void:
	_note("layer_opened", [scene.scene_name, layer.layer, layer.get_class()])


func _until_playing(scene: RoomtoneScene) -> void:
	var until_usec := Time.get_ticks_usec() + _SETTLED_S * 1e6
	while scene.state != RoomtoneScene.State.PLAYING and Time.get_ticks_usec() < until_usec:
		await process_frame


func _await_playing(scene_name: String) -> void:
	await _until_playing(_scenes[scene_name])


func _set_property(scene_name: String, property: String, value: Variant) -> void:
	_scenes[scene_name].set(property, value)


func _tween(scene_name: String, property: String, value: float, over_s: float) -> void:
	create_tween().tween_property(_scenes[scene_name], property, value, over_s)


func _morph(scene_name: String, mood: String, over_s: float) -> void:
	await _scenes[scene_name].morph(mood, over_s).settled_value()


func _close_scene(scene_name: String) -> void:
	_scenes[scene_name].queue_free()
	await process_frame


## Puts the listener somewhere, and turns it: positive yaw to the right.
func _stand(at: Array, yaw_deg: float = 0.0) -> void:
	_listener.global_position = _vector(at)
	_listener.rotation.y = -deg_to_rad(yaw_deg)
	await physics_frame
	await physics_frame


## Walks straight to a place.
func _walk(at: Array, over_s: float) -> void:
	var tween := create_tween()
	tween.tween_property(_listener, "global_position", _vector(at), over_s)
	await tween.finished


## Asks for a sound in words.
func _request(scene_name: String, prompt: String, options: Dictionary = {}) -> void:
	var layer: Node = _scenes[scene_name].request(prompt, options)
	_asked[prompt] = layer
	layer.layer_opened.connect(func() -> void: _note("request_opened", [prompt]))
	layer.source_changed.connect(
		func(source: String, bank: String, reason: String) -> void:
			_note("source_changed", [prompt, source, bank, reason])
	)
	layer.generated.connect(func() -> void: _note("generated", [prompt]))


func _await_event(kind: String) -> void:
	var until_usec := Time.get_ticks_usec() + _SETTLED_S * 1e6
	while Time.get_ticks_usec() < until_usec:
		if _events.any(func(event: Dictionary) -> bool: return event["kind"] == kind):
			return
		await process_frame


func _pause_tree(paused: bool) -> void:
	self.paused = paused
	await process_frame


## Puts what is known about a scene into the report.
func _look(scene_name: String, as_name: String) -> void:
	var scene: RoomtoneScene = _scenes[scene_name]
	var layers := {}
	for layer in scene.layer_names():
		var node := scene.get_layer(layer)
		layers[layer] = {
			"kind": node.get_class(),
			"volume_db": node.volume_db,
			"at": node.global_position if node is Node3D else null,
			"fill_frames": node.feed.fill_frames(),
			"source": node.feed.source,
		}
	report[as_name] = {
		"layers": layers,
		"properties":
		scene.get_property_list().filter(
			func(row: Dictionary) -> bool: return row["name"].begins_with("parameters/")
		),
		"values": scene.known_parameters,
		"moods": scene.moods,
		"level": scene.level,
		"position_frame": scene.position_frame(),
		"buffered_ms": scene.buffered_ms(),
		"underruns": scene.underruns(),
		"client": {} if _daemon().client == null else _daemon().client.stats(),
	}


func _ask_stats() -> void:
	_daemon().ask_stats()
	await seconds(0.2)


func _govern(max_share: float) -> void:
	_daemon().govern(max_share)


static func _vector(at: Array) -> Vector3:
	return Vector3(at[0], at[1], at[2])
