extends "check.gd"
## Puts every vector of the protocol through the codec, and the addon's table of messages into the report.

const Codec := preload("res://addons/roomtone/wire/codec.gd")
const Limits := preload("res://addons/roomtone/wire/limits.gd")
const Messages := preload("res://addons/roomtone/wire/messages.gd")
const Msgpack := preload("res://addons/roomtone/wire/msgpack.gd")
const Zmtp := preload("res://addons/roomtone/wire/zmtp.gd")
const ZmtpReader := preload("res://addons/roomtone/wire/zmtp_reader.gd")

const _GREETED := "ff00000000000000007f03014e554c4c"


func run() -> void:
	var asked: Dictionary = read_json(arguments["in"])
	report["table"] = {
		"client": Messages.FROM_CLIENT, "daemon": Messages.FROM_DAEMON, "records": Messages.RECORDS
	}
	report["limits"] = {
		"from_client": Limits.FROM_CLIENT,
		"from_daemon": Limits.FROM_DAEMON,
		"depth": Limits.MAX_DEPTH,
		"pcm_bytes": Limits.MAX_PCM_BYTES,
	}
	report["messages"] = (asked["messages"] as Array).map(_read_message)
	report["cut"] = (asked["cut"] as Array).map(_read_cut)
	report["values"] = (asked["values"] as Array).map(_read_value)
	report["zmtp"] = (asked["zmtp"] as Array).map(_hear)
	report["said"] = {
		"greeting": Zmtp.greeting().hex_encode(),
		"ready": Zmtp.ready().hex_encode(),
		"ping": Zmtp.ping().hex_encode(),
		"pong": Zmtp.pong(PackedByteArray([1, 2, 3])).hex_encode(),
		"short": Zmtp.message(_filled(255)).hex_encode(),
		"long": Zmtp.message(_filled(256)).hex_encode(),
	}
	finish()


func _filled(size_bytes: int) -> PackedByteArray:
	var bytes := PackedByteArray()
	bytes.resize(size_bytes)
	bytes.fill(0x2A)
	return bytes


func _read_message(vector: Dictionary) -> Dictionary:
	var decoded := _decode(vector, (vector["hex"] as String).hex_decode())
	if decoded.error == null:
		return {
			"message": decoded.message,
			"again": Codec.encode(decoded.message).hex_encode(),
		}
	var error := decoded.error
	return {
		"code": error.code,
		"what": error.what,
		"fix": error.fix,
		"at": error.at,
		"id": error.request_id
	}


## How many of a message's proper beginnings are taken for a message: none should be.
func _read_cut(vector: Dictionary) -> int:
	var frame := (vector["hex"] as String).hex_decode()
	var taken := 0
	for size_bytes in frame.size():
		if _decode(vector, frame.slice(0, size_bytes)).error == null:
			taken += 1
	return taken


func _decode(vector: Dictionary, frame: PackedByteArray) -> Codec.Decoded:
	if vector["direction"] == "daemon":
		return Codec.decode_daemon(frame)
	return Codec.decode_client(frame)


func _read_value(hex: String) -> Dictionary:
	var reader := Msgpack.Reader.new(hex.hex_decode(), Limits.FROM_DAEMON)
	var value: Variant = reader.read()
	if reader.fault != null:
		return {"code": reader.fault.code}
	if value is Msgpack.Huge:
		return {"value": (value as Msgpack.Huge).value, "type": "huge"}
	if value is PackedByteArray:
		return {"value": null, "type": "bytes"}
	return {
		"value": value,
		"type": type_string(typeof(value)),
		"again": Msgpack.write(value).hex_encode()
	}


## Hears a vector byte by byte, as slow a connection as there is, behind what a daemon says before.
func _hear(vector: Dictionary) -> Dictionary:
	var reader := ZmtpReader.new()
	if vector["stage"] != "greeting":
		var greeted := _GREETED.hex_decode()
		greeted.resize(Zmtp.GREETING_BYTES)
		reader.feed(greeted)
		reader.next()
	if vector["stage"] == "frames":
		reader.stage = ZmtpReader.Stage.FRAMES
	var heard: Array[Dictionary] = []
	for byte in (vector["hex"] as String).hex_decode():
		reader.feed(PackedByteArray([byte]))
		var piece := reader.next()
		if piece != null:
			heard.append(_described(piece))
	var fault := reader.fault
	return {
		"heard": heard,
		"stage": reader.stage,
		"code": fault.code if fault != null else "",
		"what": fault.what if fault != null else "",
	}


func _described(piece: Zmtp.Heard) -> Dictionary:
	return {
		"command": piece.command,
		"data": piece.data.hex_encode(),
		"properties": ZmtpReader.properties(piece.data) if piece.command == "READY" else {},
		"frames":
		piece.frames.map(func(frame: PackedByteArray) -> String: return frame.hex_encode()),
	}
