extends RefCounted
## The msgpack subset of protocol/SPEC.md, annex A. A length is checked against the limits before anything is
## allocated.

const Limits := preload("limits.gd")
const Utf8 := preload("utf8.gd")


## An integer of more than 63 bits: no GDScript integer holds it, no field wants it, but a float may be written so.
class Huge:
	extends RefCounted
	var value: float

	func _init(number: float) -> void:
		value = number


## Reads one value. One thread, one frame.
class Reader:
	extends RefCounted
	## Why reading stopped; null while all is well.
	var fault: RoomtoneError
	var _bytes: PackedByteArray
	var _at := 0
	var _string_bytes: int
	var _items: int

	func _init(frame: PackedByteArray, limits: Dictionary) -> void:
		_bytes = frame
		_string_bytes = limits["string_bytes"]
		_items = limits["items"]

	## Returns the one value of the frame; check [member fault].
	func read() -> Variant:
		var value: Variant = _value(0)
		if fault == null and _at < _bytes.size():
			_refuse_bytes("%d bytes follow the value" % (_bytes.size() - _at))
		return value

	func _value(depth: int) -> Variant:
		if not _has(1):
			return null
		var lead := _bytes[_at]
		_at += 1
		if lead <= 0x7F:
			return lead
		if lead >= 0xE0:
			return lead - 0x100
		if lead <= 0x8F:
			return _map(lead & 0x0F, depth)
		if lead <= 0x9F:
			return _array(lead & 0x0F, depth)
		if lead <= 0xBF:
			return _text(lead & 0x1F)
		return _long(lead, depth)

	func _long(lead: int, depth: int) -> Variant:
		match lead:
			0xC0:
				return null
			0xC2:
				return false
			0xC3:
				return true
			0xCA, 0xCB:
				return _float(lead)
			0xCC, 0xCD, 0xCE, 0xCF:
				return _unsigned(1 << (lead - 0xCC))
			0xD0, 0xD1, 0xD2, 0xD3:
				return _signed(1 << (lead - 0xD0))
			0xD9, 0xDA, 0xDB:
				return _text(_length(1 << (lead - 0xD9)))
			0xDC, 0xDD:
				return _array(_length(2 << (lead - 0xDC)), depth)
			0xDE, 0xDF:
				return _map(_length(2 << (lead - 0xDE)), depth)
		return _refused(lead)

	func _has(count: int) -> bool:
		if fault == null and _at + count > _bytes.size():
			_refuse_bytes("the frame ends too early")
		return fault == null

	func _length(width: int) -> int:
		if not _has(width):
			return 0
		var number := 0
		for i in width:
			number = number << 8 | _bytes[_at + i]
		_at += width
		return number

	func _unsigned(width: int) -> Variant:
		var number := _length(width)
		# The top bit of eight bytes is the sign here: what it says is 2^64 more.
		return number if number >= 0 else Huge.new(float(number) + 18446744073709551616.0)

	func _signed(width: int) -> int:
		var number := _length(width)
		var unused_bits := 64 - 8 * width
		return (number << unused_bits) >> unused_bits

	func _float(lead: int) -> float:
		var width := 4 if lead == 0xCA else 8
		if not _has(width):
			return 0.0
		var turned := _bytes.slice(_at, _at + width)
		turned.reverse()
		_at += width
		return turned.decode_float(0) if width == 4 else turned.decode_double(0)

	func _text(count: int) -> String:
		if count > _string_bytes:
			_refuse_size("a string of %d bytes" % count)
		if not _has(count):
			return ""
		var end := _at + count
		if not Utf8.is_valid(_bytes, _at, end):
			_refuse_bytes("a string is not UTF-8")
			return ""
		var piece := _bytes.slice(_at, end)
		_at = end
		return _unescaped(piece)

	# An engine's string ends at its first NUL: what would be cut off is shown as a character that is no letter.
	func _unescaped(piece: PackedByteArray) -> String:
		if not piece.has(0):
			return piece.get_string_from_utf8()
		var shown := ""
		var first := 0
		for i in piece.size() + 1:
			if i == piece.size() or piece[i] == 0:
				shown += piece.slice(first, i).get_string_from_utf8()
				shown += "\uFFFD" if i < piece.size() else ""
				first = i + 1
		return shown

	func _array(count: int, depth: int) -> Array:
		var items: Array = []
		if not _may_hold(count, "an array", depth):
			return items
		for i in count:
			items.append(_value(depth + 1))
			if fault != null:
				break
		return items

	func _map(count: int, depth: int) -> Dictionary:
		var entries := {}
		if not _may_hold(count, "a map", depth):
			return entries
		for i in count:
			var key: Variant = _value(depth + 1)
			if fault == null and not key is String:
				_refuse_bytes("a key that is no string")
			var entry: Variant = _value(depth + 1)
			if fault != null:
				break
			entries[key] = entry
		return entries

	func _may_hold(count: int, kind: String, depth: int) -> bool:
		if count > _items:
			_refuse_size("%s of %d" % [kind, count])
		elif depth >= Limits.MAX_NESTING and fault == null:
			fault = RoomtoneError.make(
				"wire.too-deep", "the message nests too deep", "send flatter data"
			)
		return fault == null

	func _refused(lead: int) -> Variant:
		if lead == 0xC1:
			_refuse_bytes("byte c1 is not msgpack")
			return null
		if lead <= 0xC9 and _length(1 << ((lead - 0xC4) % 3)) == 0:
			return PackedByteArray()  # empty binary or extension data: the field that has it will be named
		if fault == null:
			fault = RoomtoneError.make(
				"wire.wrong-type",
				"binary or extension data in a message",
				"send strings, numbers, arrays and maps only"
			)
		return null

	func _refuse_bytes(what: String) -> void:
		if fault == null:
			fault = RoomtoneError.make(
				"wire.not-msgpack", what, "send one msgpack map and nothing after it"
			)

	func _refuse_size(what: String) -> void:
		if fault == null:
			fault = RoomtoneError.make(
				"wire.too-large", what, "keep to the limits of protocol/SPEC.md"
			)


## Writes one value of null, bool, int, float, String, Array and Dictionary; whoever calls vouches for it.
static func write(value: Variant) -> PackedByteArray:
	var out := StreamPeerBuffer.new()
	out.big_endian = true
	_put(out, value)
	return out.data_array


static func _put(out: StreamPeerBuffer, value: Variant) -> void:
	match typeof(value):
		TYPE_NIL:
			out.put_u8(0xC0)
		TYPE_BOOL:
			out.put_u8(0xC3 if value else 0xC2)
		TYPE_INT:
			_put_int(out, value)
		TYPE_FLOAT:
			out.put_u8(0xCB)
			out.put_double(value)
		TYPE_STRING, TYPE_STRING_NAME:
			var text := String(value).to_utf8_buffer()
			_put_length(out, text.size(), 0xA0, 32, [0xD9, 0xDA, 0xDB])
			out.put_data(text)
		TYPE_DICTIONARY:
			_put_map(out, value)
		_:
			_put_array(out, value)


static func _put_map(out: StreamPeerBuffer, entries: Dictionary) -> void:
	_put_length(out, entries.size(), 0x80, 16, [-1, 0xDE, 0xDF])
	for key: String in entries:
		_put(out, key)
		_put(out, entries[key])


static func _put_array(out: StreamPeerBuffer, items: Array) -> void:
	_put_length(out, items.size(), 0x90, 16, [-1, 0xDC, 0xDD])
	for item: Variant in items:
		_put(out, item)


# The shortest form: in the lead byte below `short`, else behind the first of `leads` whose width holds it.
static func _put_length(
	out: StreamPeerBuffer, count: int, lead: int, short: int, leads: Array
) -> void:
	if count < short:
		out.put_u8(lead | count)
	elif count <= 0xFF and leads[0] >= 0:
		out.put_u8(leads[0])
		out.put_u8(count)
	elif count <= 0xFFFF:
		out.put_u8(leads[1])
		out.put_u16(count)
	else:
		out.put_u8(leads[2])
		out.put_u32(count)


static func _put_int(out: StreamPeerBuffer, number: int) -> void:
	if number >= 0 and number <= 0xFFFFFFFF:
		_put_length(out, number, 0x00, 0x80, [0xCC, 0xCD, 0xCE])
	elif number >= -32 and number < 0:
		out.put_u8(number & 0xFF)
	else:
		_put_wide(out, number)


static func _put_wide(out: StreamPeerBuffer, number: int) -> void:
	out.put_u8(0xD3)
	out.put_64(number)
