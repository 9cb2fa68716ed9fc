extends RefCounted
## The project's settings of Roomtone, and what the environment says instead.

## The row of a setting: its default, and how the editor asks for it.
const ROWS := {
	"endpoint": ["tcp://127.0.0.1:5570", PROPERTY_HINT_NONE, ""],
	"token": ["", PROPERTY_HINT_PASSWORD, ""],
	"ahead_ms": [150.0, PROPERTY_HINT_RANGE, "20,1000,1,suffix:ms"],
	"starts_daemon": [false, PROPERTY_HINT_NONE, ""],
	"command": ["roomtone", PROPERTY_HINT_NONE, ""],
	"scenes_dir": ["res://scenes", PROPERTY_HINT_DIR, ""],
}
const _FOLDER := "roomtone/daemon/"
const _ENVIRONMENT := {"endpoint": "ROOMTONE_ENDPOINT", "token": "ROOMTONE_TOKEN"}


## Puts every setting into the property of its name.
static func read_into(target: Object) -> void:
	for name: String in ROWS:
		target.set(name, ProjectSettings.get_setting(_FOLDER + name, ROWS[name][0]))
	for name: String in _ENVIRONMENT:
		if OS.has_environment(_ENVIRONMENT[name]):
			target.set(name, OS.get_environment(_ENVIRONMENT[name]))


## Shows the settings in the editor's project settings.
static func show() -> void:
	for name: String in ROWS:
		var row: Array = ROWS[name]
		var path := _FOLDER + name
		if not ProjectSettings.has_setting(path):
			ProjectSettings.set_setting(path, row[0])
		ProjectSettings.set_initial_value(path, row[0])
		ProjectSettings.set_as_basic(path, true)
		ProjectSettings.add_property_info(
			{"name": path, "type": typeof(row[0]), "hint": row[1], "hint_string": row[2]}
		)
