@tool
extends EditorPlugin
## Puts the daemon among the autoloads, its settings among the project's, and the dock beside the inspector.

const Debugger := preload("dock/debugger.gd")
const Dock := preload("dock/dock.gd")
const Settings := preload("settings.gd")

const _DAEMON := "res://addons/roomtone/nodes/daemon.gd"
# So long after its last word a game is taken to have ended.
const _QUIET_S := 1.0

var _dock: Dock
var _debugger: Debugger
var _quiet_s := 0.0


func _enable_plugin() -> void:
	add_autoload_singleton(RoomtoneDaemon.AUTOLOAD, _DAEMON)


func _disable_plugin() -> void:
	remove_autoload_singleton(RoomtoneDaemon.AUTOLOAD)


func _enter_tree() -> void:
	Settings.show()
	_dock = Dock.new()
	_debugger = Debugger.new()
	_debugger.state_told.connect(_show_state)
	_dock.parameter_moved.connect(_debugger.set_parameter)
	add_debugger_plugin(_debugger)
	add_control_to_dock(DOCK_SLOT_RIGHT_BL, _dock)


func _exit_tree() -> void:
	remove_debugger_plugin(_debugger)
	remove_control_from_docks(_dock)
	_dock.queue_free()


func _process(delta_s: float) -> void:
	_quiet_s += delta_s
	if _quiet_s > _QUIET_S and not _debugger.is_game_running():
		_quiet_s = 0.0
		_dock.show_idle()


func _show_state(state: Dictionary) -> void:
	_quiet_s = 0.0
	_dock.show_state(state)
	_remember(state)


# A scene that was played has parameters to show in the inspector, too.
func _remember(state: Dictionary) -> void:
	var edited := EditorInterface.get_edited_scene_root()
	if edited == null:
		return
	for scene: Dictionary in state["scenes"]:
		for node in edited.find_children("*", "Node3D"):
			var found := node as RoomtoneScene
			if found != null and found.scene_name == scene["name"]:
				if found.known_parameters.hash() != scene["parameters"].hash():
					found.know(scene["parameters"])
