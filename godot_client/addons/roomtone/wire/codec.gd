extends RefCounted
## Messages to bytes and back. Keeps no state between calls; any thread may call anything.
##
## A message is a dictionary with its name in [code]t[/code] and every field of its row in messages.gd.

const Limits := preload("limits.gd")
const Messages := preload("messages.gd")
const Msgpack := preload("msgpack.gd")
const Shapes := preload("shapes.gd")


## What a frame was: a message, or why it is none.
class Decoded:
	extends RefCounted
	var message: Dictionary
	var error: RoomtoneError


## Writes frame 0 of a message. Whoever calls vouches for its fields: only what arrives is checked.
static func encode(message: Dictionary) -> PackedByteArray:
	return Msgpack.write(message)


## Reads what the daemon said.
static func decode_daemon(frame: PackedByteArray) -> Decoded:
	return _decode(frame, Messages.FROM_DAEMON, Limits.FROM_DAEMON)


## Reads what a client said.
static func decode_client(frame: PackedByteArray) -> Decoded:
	return _decode(frame, Messages.FROM_CLIENT, Limits.FROM_CLIENT)


static func _decode(frame: PackedByteArray, messages: Dictionary, limits: Dictionary) -> Decoded:
	var decoded := Decoded.new()
	var value: Variant = _unpack(frame, limits, decoded)
	if decoded.error != null:
		return decoded
	if not value is Dictionary:
		decoded.error = RoomtoneError.make(
			"wire.wrong-type", "the message is no map", "send a map with the message's name in t"
		)
		return decoded
	_check(value, messages, decoded)
	return decoded


static func _unpack(frame: PackedByteArray, limits: Dictionary, decoded: Decoded) -> Variant:
	if frame.size() > limits["frame_bytes"]:
		var what := "a message of %d bytes, above %d" % [frame.size(), limits["frame_bytes"]]
		decoded.error = RoomtoneError.make("wire.too-large", what, "send a smaller message")
		return null
	var reader := Msgpack.Reader.new(frame, limits)
	var value: Variant = reader.read()
	decoded.error = reader.fault
	return value


static func _check(fields: Dictionary, messages: Dictionary, decoded: Decoded) -> void:
	var name: Variant = fields.get("t")
	if not name is String or not messages.has(name):
		decoded.error = _nameless(fields)
		decoded.error.request_id = _request_id(fields)
		return
	var shapes := Shapes.new()
	fields.erase("t")
	decoded.message = shapes.record(fields, messages[name], 0)
	decoded.message["t"] = name
	if shapes.fault != null:
		decoded.error = shapes.fault
		decoded.error.what = "%s: %s" % [name, decoded.error.what]
		decoded.error.request_id = _request_id(fields)


static func _nameless(fields: Dictionary) -> RoomtoneError:
	var fix := "send a message of protocol/SPEC.md"
	if not fields.has("t"):
		return RoomtoneError.make("wire.missing-field", "the message has no name", fix, "t")
	if not fields["t"] is String:
		return RoomtoneError.make("wire.wrong-type", "the message's name is no string", fix, "t")
	var what := "there is no message '%s' in this direction" % (fields["t"] as String).left(40)
	return RoomtoneError.make("wire.unknown-message", what, fix, "t")


static func _request_id(fields: Dictionary) -> int:
	var id: Variant = fields.get("id")
	if typeof(id) == TYPE_INT and id >= 0 and id <= Limits.MAX_ID:
		return id
	return 0
