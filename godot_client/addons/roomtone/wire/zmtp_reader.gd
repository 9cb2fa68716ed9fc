extends RefCounted
## Takes the bytes of one connection as they come, and hands out what they say; what no daemon says is refused.
##
## Holds no more than one message and what the last read brought: lengths are checked before anything is kept for them.

enum Stage { GREETING, HANDSHAKE, FRAMES }

const Limits := preload("limits.gd")
const Zmtp := preload("zmtp.gd")

const _COMPACT_BYTES := 65536

## How far the connection has come.
var stage := Stage.GREETING
## Why it cannot go on; null while all is well.
var fault: RoomtoneError
var _bytes := PackedByteArray()
var _at := 0
var _frames: Array[PackedByteArray] = []


## Keeps what was read from the socket.
func feed(bytes: PackedByteArray) -> void:
	if _at > _COMPACT_BYTES or _at == _bytes.size():
		_bytes = _bytes.slice(_at)
		_at = 0
	_bytes.append_array(bytes)


## Whether so much waits to be taken that no more should be read.
func is_full() -> bool:
	return _bytes.size() - _at > 2 * Limits.MAX_FRAME_BYTES


## Returns the next command or message; null if it is not all here yet, or never will be: see [member fault].
func next() -> Zmtp.Heard:
	if fault == null and stage == Stage.GREETING:
		_read_greeting()
	while fault == null and stage != Stage.GREETING:
		var size_bytes := _frame_size()
		if size_bytes < 0:
			return null
		var flags := _bytes[_at]
		var first := _at + (9 if flags & Zmtp.LONG else 2)
		var body := _bytes.slice(first, first + size_bytes)
		_at = first + size_bytes
		var heard := _take(flags, body)
		if heard != null:
			return heard
	return null


# The signature is looked at as it comes: a web server never sends 64 bytes.
func _read_greeting() -> void:
	var had := _bytes.size() - _at
	if had > 0 and _bytes[_at] != 0xFF or had > 9 and _bytes[_at + 9] != 0x7F:
		_refuse("connection.no-daemon", "what answers is no ZeroMQ socket")
	elif had > 10 and _bytes[_at + 10] < 3:
		_refuse("connection.no-daemon", "what answers speaks an older ZeroMQ")
	elif had >= Zmtp.GREETING_BYTES:
		var mechanism := _bytes.slice(_at + 12, _at + 32)
		_at += Zmtp.GREETING_BYTES
		_check_mechanism(mechanism)


func _check_mechanism(padded: PackedByteArray) -> void:
	var name := PackedByteArray("NULL".to_ascii_buffer())
	name.resize(padded.size())
	if padded == name:
		stage = Stage.HANDSHAKE
		return
	_refuse(
		"connection.other-mechanism",
		"the daemon asks for keys or a password",
		"use a daemon on loopback with a token; reach a remote one through a tunnel"
	)


# The size of the next frame's body once all of it is here, else -1.
func _frame_size() -> int:
	var had := _bytes.size() - _at
	if had < 1:
		return -1
	var flags := _bytes[_at]
	if (
		flags & ~(Zmtp.MORE | Zmtp.LONG | Zmtp.COMMAND)
		or flags & Zmtp.COMMAND and flags & Zmtp.MORE
	):
		_refuse("connection.bad-frame", "a frame with flags %02x" % flags)
		return -1
	var head_bytes := 9 if flags & Zmtp.LONG else 2
	if had < head_bytes:
		return -1
	var size_bytes := _length(head_bytes - 1)
	if size_bytes < 0 or size_bytes > Limits.MAX_FRAME_BYTES:
		_refuse("connection.bad-frame", "a frame longer than %d bytes" % Limits.MAX_FRAME_BYTES)
		return -1
	return size_bytes if had >= head_bytes + size_bytes else -1


func _length(width: int) -> int:
	var number := 0
	for i in width:
		number = number << 8 | _bytes[_at + 1 + i]
	return number


func _take(flags: int, body: PackedByteArray) -> Zmtp.Heard:
	if flags & Zmtp.COMMAND:
		return _take_command(body)
	if stage == Stage.HANDSHAKE:
		_refuse("connection.bad-handshake", "a message before READY")
		return null
	_frames.append(body)
	if _frames.size() > Limits.MAX_FRAMES_OF_A_MESSAGE:
		_refuse("connection.bad-frame", "a message of more than two frames")
	elif not flags & Zmtp.MORE:
		var heard := Zmtp.Heard.new()
		heard.frames = _frames
		_frames = []
		return heard
	return null


func _take_command(body: PackedByteArray) -> Zmtp.Heard:
	if body.is_empty() or body[0] > body.size() - 1:
		_refuse("connection.bad-frame", "a command whose name goes beyond its end")
		return null
	var heard := Zmtp.Heard.new()
	heard.command = _ascii(body.slice(1, 1 + body[0]))
	heard.data = body.slice(1 + body[0])
	if stage == Stage.HANDSHAKE:
		_take_ready(heard)
	elif heard.command == "PING" and (heard.data.size() < 2 or heard.data.size() > 18):
		_refuse("connection.bad-frame", "a PING of another size")
	return heard if fault == null else null


func _take_ready(heard: Zmtp.Heard) -> void:
	if heard.command == "ERROR":
		var reason := _ascii(heard.data.slice(1))
		_refuse("connection.refused", "the daemon refused: %s" % reason)
	elif heard.command != "READY":
		_refuse("connection.bad-handshake", "%s in place of READY" % heard.command.left(20))
	elif properties(heard.data).get("Socket-Type") != "ROUTER":
		_refuse("connection.no-daemon", "what answers is no ROUTER")
	else:
		stage = Stage.FRAMES


## Reads a READY's properties; empty if one goes beyond the end.
static func properties(data: PackedByteArray) -> Dictionary:
	var found := {}
	var at := 0
	while at < data.size():
		var value_at := at + 1 + data[at] + 4
		if value_at > data.size():
			return {}
		var size_bytes := 0
		for i in 4:
			size_bytes = size_bytes << 8 | data[value_at - 4 + i]
		if value_at + size_bytes > data.size():
			return {}
		var name := _ascii(data.slice(at + 1, value_at - 4))
		found[name] = _ascii(data.slice(value_at, value_at + size_bytes))
		at = value_at + size_bytes
	return found


# What the other side calls itself may be any bytes: only letters are shown.
static func _ascii(bytes: PackedByteArray) -> String:
	var text := ""
	for byte in bytes:
		text += char(byte) if byte >= 0x20 and byte < 0x7F else "?"
	return text


func _refuse(
	code: String, what: String, fix: String = "see which program listens at the daemon's address"
) -> void:
	if fault == null:
		fault = RoomtoneError.make(code, what, fix)
