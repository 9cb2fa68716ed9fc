extends RefCounted
## ZMTP 3 for a client that connects: what it says, and a reader of what it hears (protocol/SPEC.md, annex B).

const Limits := preload("limits.gd")

const GREETING_BYTES := 64
const MORE := 0x01
const LONG := 0x02
const COMMAND := 0x04


## What came: a command, or a whole message.
class Heard:
	extends RefCounted
	## Empty for a message.
	var command: String
	## A command's bytes after its name.
	var data: PackedByteArray
	## A message's frames.
	var frames: Array[PackedByteArray] = []


## What we say first.
static func greeting() -> PackedByteArray:
	var bytes := PackedByteArray([0xFF, 0, 0, 0, 0, 0, 0, 0, 0, 0x7F, 3, 1])
	bytes.append_array("NULL".to_ascii_buffer())
	bytes.resize(GREETING_BYTES)
	return bytes


## What we say second: that we are a DEALER.
static func ready() -> PackedByteArray:
	var data := _property("Socket-Type", "DEALER") + _property("Identity", "")
	return _command("READY", data)


## Asks whether the other side is still there; it answers with the context, of up to 16 bytes.
static func ping(context := PackedByteArray()) -> PackedByteArray:
	return _command("PING", PackedByteArray([0, 0]) + context)


## Answers a PING with its context.
static func pong(context: PackedByteArray) -> PackedByteArray:
	return _command("PONG", context)


## Wraps a message of one frame.
static func message(body: PackedByteArray) -> PackedByteArray:
	return _frame(0, body)


static func _command(name: String, data: PackedByteArray) -> PackedByteArray:
	return _frame(COMMAND, _short_text(name) + data)


static func _frame(flags: int, body: PackedByteArray) -> PackedByteArray:
	var head := PackedByteArray([flags, body.size() & 0xFF])
	if body.size() > 0xFF:
		head = PackedByteArray([flags | LONG, 0, 0, 0, 0])
		for shift: int in [24, 16, 8, 0]:
			head.append(body.size() >> shift & 0xFF)
	return head + body


static func _property(name: String, value: String) -> PackedByteArray:
	var bytes := _short_text(name)
	bytes.append_array(PackedByteArray([0, 0, 0, value.length()]))
	bytes.append_array(value.to_ascii_buffer())
	return bytes


static func _short_text(text: String) -> PackedByteArray:
	return PackedByteArray([text.length()]) + text.to_ascii_buffer()
