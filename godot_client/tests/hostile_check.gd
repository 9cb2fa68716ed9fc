extends "check.gd"
## Connects to peers that are no daemon, one after another, and reports what the client says about each.

const Client := preload("res://addons/roomtone/client/client.gd")

## So long a peer may take to be seen through.
const _WITHIN_S := 8.0

var _heard: Array = []


func run() -> void:
	var peers: Dictionary = read_json(arguments["in"])
	report["peers"] = {}
	for name: String in peers:
		report["peers"][name] = await _meet(peers[name])
	finish()


func _meet(port: int) -> Dictionary:
	_heard = []
	var before_bytes := OS.get_static_memory_usage()
	var client := Client.new("127.0.0.1", port, "a token", 150.0, "hostile check")
	# Nobody waits five seconds here before they are told that there is no daemon.
	client._session._began_s = -INF
	client.refused.connect(_hear)
	client.failed.connect(_hear)
	client.disconnected.connect(_hear)
	client.connected.connect(_open.bind(client))
	var began_s := Time.get_ticks_usec() / 1e6
	var longest_s := 0.0
	while _heard.is_empty() and Time.get_ticks_usec() / 1e6 - began_s < _WITHIN_S:
		var frame_s := Time.get_ticks_usec() / 1e6
		client.poll()
		longest_s = maxf(longest_s, Time.get_ticks_usec() / 1e6 - frame_s)
		await process_frame
	var took_s := Time.get_ticks_usec() / 1e6 - began_s
	var grown_bytes := OS.get_static_memory_usage() - before_bytes
	var closing_s := Time.get_ticks_usec() / 1e6
	client.close()
	return {
		"told": _heard,
		"took_s": took_s,
		"grown_bytes": grown_bytes,
		"longest_frame_s": longest_s,
		"closed_in_s": Time.get_ticks_usec() / 1e6 - closing_s,
	}


func _open(_server: String, client: Client) -> void:
	client.open_scene("yard")


func _hear(error: RoomtoneError) -> void:
	_heard.append([error.code, error.what, error.fix])
