extends "check.gd"
## Measures what a scene costs the game: time of the main thread a frame, time of the client's thread, memory, gaps.
##
## [code]--scene[/code] is played for [code]--seconds[/code]; a listener walks in circles, so that every layer is placed
## anew each frame.

const _SETTLE_S := 2.0
# A second is kept of every layer, to conceal with: from then on memory is flat.
const _SETTLED_FRAMES := 72000
const _SAMPLE_EVERY_S := 1.0
const _CIRCLE_M := 4.0
const _WITHIN_S := 20.0

var _walker := Camera3D.new()
var _daemon: RoomtoneDaemon


func run() -> void:
	_daemon = root.get_node("Roomtone") as RoomtoneDaemon
	_daemon.endpoint = arguments["endpoint"]
	_daemon.ahead_ms = arguments.get("ahead_ms", "150").to_float()
	# Called by hand, so that nothing but them is on the clock.
	_daemon.set_process(false)
	root.add_child(_walker)
	_walker.make_current()
	var scene := RoomtoneScene.new()
	scene.scene_name = arguments["scene"]
	root.add_child(scene)
	scene.set_process(false)
	await _play(scene, _SETTLE_S, {})
	var measured := {"frames_usec": [], "memory_bytes": [], "objects": [], "gaps": []}
	await _play(scene, arguments["seconds"].to_float(), measured)
	report["layers"] = scene.layer_names().size()
	report["frames_usec"] = measured["frames_usec"]
	report["memory_bytes"] = measured["memory_bytes"]
	report["objects"] = measured["objects"]
	report["gaps"] = measured["gaps"]
	report["underruns"] = scene.underruns()
	report["late_blocks"] = _daemon.client.stats()["late_blocks"]
	report["position_frame"] = scene.position_frame()
	report["skips"] = _skips(scene)
	scene.free()
	finish()


func _play(scene: RoomtoneScene, duration_s: float, measured: Dictionary) -> void:
	var until_usec := Time.get_ticks_usec() + duration_s * 1e6
	var sampled_usec := 0
	while Time.get_ticks_usec() < until_usec or scene.position_frame() < _SETTLED_FRAMES:
		_walk()
		var began_usec := Time.get_ticks_usec()
		_daemon._process(1.0 / 60.0)
		scene._process(1.0 / 60.0)
		var took_usec := Time.get_ticks_usec() - began_usec
		if not measured.is_empty():
			measured["frames_usec"].append(took_usec)
			if Time.get_ticks_usec() - sampled_usec > _SAMPLE_EVERY_S * 1e6:
				sampled_usec = Time.get_ticks_usec()
				measured["memory_bytes"].append(OS.get_static_memory_usage())
				measured["gaps"].append([scene.underruns(), _skips(scene)])
				measured["objects"].append(Performance.get_monitor(Performance.OBJECT_COUNT))
		await process_frame


func _walk() -> void:
	var angle := Time.get_ticks_usec() / 1e6
	_walker.global_position = Vector3(_CIRCLE_M * cos(angle), 1.7, _CIRCLE_M * sin(angle))
	_walker.rotation.y = angle


func _skips(scene: RoomtoneScene) -> int:
	var skips := 0
	for layer in scene.layer_names():
		skips += scene.get_layer(layer).feed.skips()
	return skips
