extends "check.gd"
## Stands in for the editor's debugger: shows in the real dock what a running game tells, and moves a slider.

const Dock := preload("res://addons/roomtone/dock/dock.gd")
const SceneFile := preload("res://addons/roomtone/dock/scene_file.gd")
const ScenePanel := preload("res://addons/roomtone/dock/scene_panel.gd")

const _WITHIN_S := 20.0

var _dock := Dock.new()
var _game := PacketPeerStream.new()
var _state := {}


func run() -> void:
	root.add_child(_dock)
	report["idle"] = _texts()
	report["edits"] = (read_json(arguments["in"]) as Array).map(_edit)
	var listener := TCPServer.new()
	listener.listen(0, "127.0.0.1")
	print("TOLD port %d" % listener.get_local_port())
	while not listener.is_connection_available():
		await process_frame
	_game.stream_peer = listener.take_connection()
	_game.input_buffer_max_size = 1 << 23
	_dock.parameter_moved.connect(_tell_game)
	await _until(func() -> bool: return _has_sound())
	report["playing"] = _texts()
	report["meters"] = _meters()
	_panel().slider_of("rain").value = 1.0
	await _until(func() -> bool: return _state["scenes"][0]["values"]["rain"] == 1.0)
	report["values"] = _state["scenes"][0]["values"]
	_press_save()
	report["saved"] = _texts()
	_game.put_var(["roomtone:nonsense", OS.get_main_thread_id(), []])
	_dock.show_idle()
	finish()


func _edit(asked: Dictionary) -> String:
	return SceneFile.with_default(asked["text"], asked["parameter"], asked["value"])


func _until(happened: Callable) -> void:
	var until_usec := Time.get_ticks_usec() + _WITHIN_S * 1e6
	while Time.get_ticks_usec() < until_usec:
		_hear_game()
		if not _state.is_empty() and happened.call():
			return
		await process_frame


func _hear_game() -> void:
	(_game.stream_peer as StreamPeerTCP).poll()
	while _game.get_available_packet_count() > 0:
		var message: Variant = _game.get_var()
		if message is Array and message[0] == "roomtone:state":
			_state = message[2][0]
			_dock.show_state(_state)


func _tell_game(scene_name: String, parameter: String, value: float) -> void:
	var thread_id := OS.get_main_thread_id()
	_game.put_var(["roomtone:set", thread_id, [scene_name, parameter, value]])


func _has_sound() -> bool:
	if _state["scenes"].is_empty():
		return false
	var layers: Array = _state["scenes"][0]["layers"]
	return layers.any(func(layer: Dictionary) -> bool: return layer["level_db"] > -60.0)


func _panel() -> ScenePanel:
	for node in _dock.find_children("*", "VBoxContainer", true, false):
		if node is ScenePanel:
			return node
	return null


func _press_save() -> void:
	(_dock.find_children("*", "Button", true, false)[0] as Button).pressed.emit()


func _meters() -> Array:
	return _dock.find_children("*", "ProgressBar", true, false).map(
		func(bar: ProgressBar) -> float: return bar.value
	)


func _texts() -> Array:
	return _dock.find_children("*", "Label", true, false).map(
		func(label: Label) -> String: return label.text
	)
