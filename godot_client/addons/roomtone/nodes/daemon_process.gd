extends RefCounted
## A daemon of one's own: a process on a free port that only this game can talk to, and that ends with the game.

## Where it listens, once started.
var endpoint := ""
## What its clients must say.
var token := ""
var _pid := -1


## Starts [param command] with the scenes of [param scenes_dir]; returns what went wrong, else null.
func start(command: String, scenes_dir: String) -> RoomtoneError:
	var port := _free_port()
	if port == 0:
		return RoomtoneError.make("daemon.no-port", "there is no free port", "close some programs")
	endpoint = "tcp://127.0.0.1:%d" % port
	token = Crypto.new().generate_random_bytes(16).hex_encode()
	# A command line can be read by every user of the computer, an environment only by this one.
	OS.set_environment("ROOMTONE_TOKEN", token)
	var folder := ProjectSettings.globalize_path(scenes_dir)
	_pid = OS.create_process(command, ["serve", folder, "--endpoint", endpoint])
	OS.unset_environment("ROOMTONE_TOKEN")
	if _pid > 0:
		return null
	return RoomtoneError.make(
		"daemon.not-started",
		"'%s' could not be started" % command,
		"install Roomtone, or set roomtone/daemon/command in the project's settings"
	)


## Whether it runs.
func is_running() -> bool:
	return _pid > 0 and OS.is_process_running(_pid)


## Ends it.
func stop() -> void:
	if is_running():
		OS.kill(_pid)
	_pid = -1


static func _free_port() -> int:
	var probe := TCPServer.new()
	if probe.listen(0, "127.0.0.1") != OK:
		return 0
	var port := probe.get_local_port()
	probe.stop()
	return port
