@tool
extends EditorDebuggerPlugin
## Carries messages between the dock and the game that runs in the debugger.

## The game told how it does.
signal state_told(state: Dictionary)

const CHANNEL := "roomtone"
const STATE := CHANNEL + ":state"


func _has_capture(capture: String) -> bool:
	return capture == CHANNEL


func _capture(message: String, data: Array, _session_id: int) -> bool:
	if message != STATE or data.size() != 1 or not data[0] is Dictionary:
		return false
	state_told.emit(data[0])
	return true


## Tells the running game where a parameter should go.
func set_parameter(scene_name: String, parameter: String, value: float) -> void:
	for session: EditorDebuggerSession in get_sessions():
		if session.is_active():
			session.send_message(CHANNEL + ":set", [scene_name, parameter, value])


## Whether a game runs.
func is_game_running() -> bool:
	return get_sessions().any(
		func(session: EditorDebuggerSession) -> bool: return session.is_active()
	)
