extends "check.gd"
## Connects to peers that are no daemon, to all of them at once, and reports what the clients say about each.

const Client := preload("res://addons/roomtone/client/client.gd")

## So long a peer may take to be seen through.
const _WITHIN_S := 10.0

var _clients := {}


func run() -> void:
	var peers: Dictionary = read_json(arguments["in"])
	report["peers"] = {}
	var before_bytes := OS.get_static_memory_usage()
	for name: String in peers:
		_clients[name] = _client_of(name, peers[name])
	report["longest_frame_s"] = await _until_all_are_told()
	report["grown_bytes"] = OS.get_static_memory_usage() - before_bytes
	for name: String in peers:
		var began_s := _now()
		_clients[name].close()
		report["peers"][name]["closed_in_s"] = _now() - began_s
	finish()


func _client_of(name: String, port: int) -> Client:
	var client := Client.new("127.0.0.1", port, "a token", 150.0, "hostile check")
	# Nobody waits five seconds here before they are told that there is no daemon.
	client._session._began_s = -INF
	report["peers"][name] = {"told": []}
	client.refused.connect(_hear.bind(name))
	client.failed.connect(_hear.bind(name))
	client.disconnected.connect(_hear.bind(name))
	client.connected.connect(func(_server: String) -> void: client.open_scene("yard"))
	return client


func _until_all_are_told() -> float:
	var until_s := _now() + _WITHIN_S
	var longest_s := 0.0
	while _now() < until_s and _is_anybody_untold():
		var began_s := _now()
		for client: Client in _clients.values():
			client.poll()
		longest_s = maxf(longest_s, _now() - began_s)
		await process_frame
	return longest_s


func _is_anybody_untold() -> bool:
	return report["peers"].values().any(
		func(peer: Dictionary) -> bool: return peer["told"].is_empty()
	)


func _hear(error: RoomtoneError, name: String) -> void:
	if report["peers"][name]["told"].is_empty():
		report["peers"][name]["told"].append([error.code, error.what, error.fix])


static func _now() -> float:
	return Time.get_ticks_usec() / 1e6
