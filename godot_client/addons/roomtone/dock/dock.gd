@tool
extends VBoxContainer
## The dock: how the running game's scenes do, live parameters as sliders, and every layer's level, buffer and source.

## A slider was moved.
signal parameter_moved(scene_name: String, parameter: String, value: float)

const SceneFile := preload("scene_file.gd")
const ScenePanel := preload("scene_panel.gd")
const Settings := preload("../settings.gd")

const _IDLE := "No game is running. Run the project: its scenes appear here."

var _status := Label.new()
var _counts := Label.new()
var _panels := VBoxContainer.new()
var _notice := Label.new()


func _init() -> void:
	name = "Roomtone"
	var scroll := ScrollContainer.new()
	scroll.size_flags_vertical = Control.SIZE_EXPAND_FILL
	scroll.horizontal_scroll_mode = ScrollContainer.SCROLL_MODE_DISABLED
	_panels.size_flags_horizontal = Control.SIZE_EXPAND_FILL
	scroll.add_child(_panels)
	for label: Label in [_status, _counts, _notice]:
		label.autowrap_mode = TextServer.AUTOWRAP_WORD_SMART
	for part: Control in [_status, _counts, scroll, _notice]:
		add_child(part)
	show_idle()


## Shows that no game runs.
func show_idle() -> void:
	_status.text = _IDLE
	_counts.text = ""
	_notice.text = ""
	for panel in _panels.get_children():
		panel.queue_free()


## Shows what the running game told.
func show_state(state: Dictionary) -> void:
	_status.text = _status_of(state)
	var stats: Dictionary = state["stats"]
	_counts.text = (
		""
		if stats.is_empty()
		else (
			"underruns %d · late blocks %d · reconnects %d"
			% [stats["underruns"], stats["late_blocks"], stats["reconnects"]]
		)
	)
	var told := {}
	for scene: Dictionary in state["scenes"]:
		told[scene["name"]] = true
		_panel_of(scene["name"]).show_scene(scene)
	for panel: ScenePanel in _panels.get_children():
		if not told.has(panel.scene_name):
			panel.queue_free()


func _status_of(state: Dictionary) -> String:
	var where: String = state["endpoint"]
	if state["is_daemon_there"]:
		return "● the daemon at %s" % where
	return "○ no daemon at %s: start one with `roomtone serve SCENES_DIR`" % where


func _panel_of(scene_name: String) -> ScenePanel:
	for panel: ScenePanel in _panels.get_children():
		if panel.scene_name == scene_name and not panel.is_queued_for_deletion():
			return panel
	var made := ScenePanel.new(scene_name)
	made.parameter_moved.connect(parameter_moved.emit)
	made.default_asked.connect(_save_default)
	_panels.add_child(made)
	return made


func _save_default(scene_name: String, parameter: String, value: float) -> void:
	var folder: String = ProjectSettings.get_setting(
		"roomtone/daemon/scenes_dir", Settings.ROWS["scenes_dir"][0]
	)
	var path := ProjectSettings.globalize_path(folder).path_join(scene_name + ".yaml")
	var error := SceneFile.save_default(path, parameter, value)
	if error != null:
		_notice.text = str(error)
	else:
		_notice.text = "%s: %s is now %s" % [path.get_file(), parameter, SceneFile.shown(value)]
