extends SceneTree
## What every check shares: arguments after [code]--[/code], a report as JSON, and an exit code that no error escapes.
##
## [codeblock]godot --headless --path . -s res://tests/NAME.gd -- --out report.json --KEY value[/codeblock]

## Exit code where the engine or a script reported an error.
const FAILED := 1

var arguments := {}
var report := {}
var _errors: ErrorLog


class ErrorLog:
	extends Logger
	var lines: Array[String] = []
	var warnings: Array[String] = []
	var _mutex := Mutex.new()

	func _log_error(
		function: String,
		file: String,
		line: int,
		code: String,
		rationale: String,
		_editor_notify: bool,
		error_type: int,
		_script_backtraces: Array[ScriptBacktrace]
	) -> void:
		_mutex.lock()
		if error_type == Logger.ERROR_TYPE_WARNING:
			warnings.append("%s %s" % [code, rationale])
		else:
			lines.append("%s:%d %s: %s %s" % [file, line, function, code, rationale])
		_mutex.unlock()


func _initialize() -> void:
	_errors = ErrorLog.new()
	OS.add_logger(_errors)
	_read_arguments()
	run.call_deferred()


## What a check does; it ends with [method finish].
func run() -> void:
	finish()


## Writes the report and ends the process.
func finish() -> void:
	report["errors"] = _errors.lines
	var file := FileAccess.open(arguments["out"], FileAccess.WRITE)
	file.store_string(JSON.stringify(report, "", false, true))
	file.close()
	quit(FAILED if not _errors.lines.is_empty() else 0)


## What the engine and the scripts warned of so far.
func warnings() -> Array[String]:
	return _errors.warnings


## Reads a JSON file that the test wrote.
func read_json(path: String) -> Variant:
	return JSON.parse_string(FileAccess.get_file_as_string(path))


## Waits on the engine's own clock.
func seconds(duration_s: float) -> Signal:
	return create_timer(duration_s, true, false, true).timeout


func _read_arguments() -> void:
	var words := OS.get_cmdline_user_args()
	for i in range(0, words.size() - 1, 2):
		arguments[words[i].trim_prefix("--")] = words[i + 1]
