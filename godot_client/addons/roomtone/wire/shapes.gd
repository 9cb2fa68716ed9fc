extends RefCounted
## Holds a decoded value to what its field may be: one checker for each kind of shape in messages.gd.

const Limits := preload("limits.gd")
const Messages := preload("messages.gd")
const Msgpack := preload("msgpack.gd")

const _SHOWN_CHARACTERS := 40

## Why a value was refused; null while all is well.
var fault: RoomtoneError


## Returns a record with every field of [param fields], its defaults where they were left out.
## [param around] is how many containers it stands in: 0 for a message.
func record(value: Variant, fields: Dictionary, around: int) -> Dictionary:
	var checked := {}
	if not value is Dictionary:
		_wrong_type("a map", value)
		return checked
	var entries: Dictionary = value
	for name: String in fields:
		var field: Array = fields[name]
		if entries.has(name):
			checked[name] = check(entries[name], field[0], around + 1)
		elif field.size() > 1:
			checked[name] = _own(field[1])
		else:
			_refuse("wire.missing-field", "the field is missing", "send it")
		if fault != null:
			fault.under(name)
			return checked
	_check_unknown(entries, fields, around)
	return checked


## Returns a value as its field holds it.
func check(value: Variant, shape: Array, around: int) -> Variant:
	match shape[0]:
		"int":
			return _whole(value, shape[1], shape[2])
		"float":
			return _number(value, shape)
		"string":
			return _characters(value, shape[1], shape[2])
		"bool":
			return _flag(value)
		"choice":
			return _choice(value, shape[1])
		"maybe":
			return null if value == null else check(value, shape[1], around)
		"record":
			return record(value, Messages.RECORDS[shape[1]], around)
		"array":
			return _many(value, shape, around)
		"tuple":
			return _fixed(value, shape[1], around)
	return _table(value, shape, around)


func _whole(value: Variant, low: int, high: int) -> int:
	if value is Msgpack.Huge:
		_out_of_range("a number beyond 2^63 is outside %d..%d" % [low, high])
		return 0
	if typeof(value) != TYPE_INT:
		_wrong_type("an integer", value)
		return 0
	if value < low or value > high:
		_out_of_range("%d is outside %d..%d" % [value, low, high])
	return value


func _number(value: Variant, shape: Array) -> float:
	var number := _as_float(value)
	if fault != null:
		return 0.0
	if not is_finite(number):
		_refuse("wire.not-finite", "%s is no finite number" % number, "send a finite number")
	elif shape.size() > 1 and number < shape[1] or shape.size() > 2 and number > shape[2]:
		_out_of_range("%s is outside its range" % number)
	return number


func _as_float(value: Variant) -> float:
	match typeof(value):
		TYPE_FLOAT:
			return value
		TYPE_INT:
			return float(value)
	if value is Msgpack.Huge:
		return (value as Msgpack.Huge).value
	_wrong_type("a number", value)
	return 0.0


func _characters(value: Variant, low: int, high: int) -> String:
	if typeof(value) != TYPE_STRING:
		_wrong_type("a string", value)
		return ""
	var text: String = value
	# A character has at most four bytes: most texts need not be counted.
	var size_bytes := text.length()
	if size_bytes > high / 4 or size_bytes < low:
		size_bytes = text.to_utf8_buffer().size()
	if size_bytes < low or size_bytes > high:
		_out_of_range("a string of %d bytes, not %d..%d" % [size_bytes, low, high])
	return text


func _flag(value: Variant) -> bool:
	if typeof(value) != TYPE_BOOL:
		_wrong_type("a boolean", value)
		return false
	return value


func _choice(value: Variant, choices: Array) -> Variant:
	if typeof(value) != typeof(choices[0]):
		_wrong_type(_kind_name(choices[0]), value)
	elif not choices.has(value):
		_out_of_range("%s is none of %s" % [_shown(value), choices])
	return value


func _many(value: Variant, shape: Array, around: int) -> Array:
	var items := _array_of(value, shape[2], shape[3])
	var checked := []
	for index in items.size():
		checked.append(check(items[index], shape[1], around + 1))
		if fault != null:
			fault.under("[%d]" % index)
			break
	return checked


func _fixed(value: Variant, places: Array, around: int) -> Array:
	var items := _array_of(value, places.size(), places.size())
	var checked := []
	for index in items.size():
		checked.append(check(items[index], places[index], around + 1))
		if fault != null:
			fault.under("[%d]" % index)
			break
	return checked


func _table(value: Variant, shape: Array, around: int) -> Dictionary:
	var checked := {}
	if not value is Dictionary:
		_wrong_type("a map", value)
		return checked
	var entries: Dictionary = value
	_check_count(entries.size(), shape[3], shape[4])
	for key: String in entries:
		check(key, shape[1], around + 1)
		checked[key] = null if fault != null else check(entries[key], shape[2], around + 1)
		if fault != null:
			fault.under(_shown(key))
			break
	return checked


func _array_of(value: Variant, low: int, high: int) -> Array:
	if typeof(value) != TYPE_ARRAY:
		_wrong_type("an array", value)
		return []
	_check_count((value as Array).size(), low, high)
	return [] if fault != null else value


func _check_count(count: int, low: int, high: int) -> void:
	if fault == null and (count < low or count > high):
		_out_of_range("%d items, not %d..%d" % [count, low, high])


# Fields that are not known are ignored, but they, too, are plain, finite and flat.
func _check_unknown(entries: Dictionary, fields: Dictionary, around: int) -> void:
	for name: String in entries:
		if not fields.has(name):
			_check_anything(entries[name], around + 1)
			if fault != null:
				fault.under(_shown(name))
				return


func _check_anything(value: Variant, around: int) -> void:
	match typeof(value):
		TYPE_NIL, TYPE_BOOL, TYPE_INT, TYPE_STRING:
			return
		TYPE_FLOAT:
			_number(value, ["float"])
		TYPE_ARRAY, TYPE_DICTIONARY:
			_check_parts(value, around)
		_:
			if not value is Msgpack.Huge:
				_wrong_type("plain data", value)


func _check_parts(value: Variant, around: int) -> void:
	if around >= Limits.MAX_DEPTH:
		_refuse(
			"wire.too-deep", "it nests more than %d deep" % Limits.MAX_DEPTH, "send flatter data"
		)
		return
	var parts: Array = value.values() if value is Dictionary else value
	for part: Variant in parts:
		_check_anything(part, around + 1)
		if fault != null:
			return


func _own(default: Variant) -> Variant:
	return default.duplicate(true) if default is Array or default is Dictionary else default


func _wrong_type(wanted: String, value: Variant) -> void:
	var what := "%s where %s belongs" % [_kind_name(value), wanted]
	_refuse("wire.wrong-type", what, "send %s" % wanted)


func _out_of_range(what: String) -> void:
	_refuse("wire.out-of-range", what, "keep to the limits of protocol/messages.json")


func _refuse(code: String, what: String, fix: String) -> void:
	if fault == null:
		fault = RoomtoneError.make(code, what, fix)


static func _kind_name(value: Variant) -> String:
	match typeof(value):
		TYPE_NIL:
			return "nil"
		TYPE_BOOL:
			return "a boolean"
		TYPE_INT:
			return "an integer"
		TYPE_FLOAT:
			return "a float"
		TYPE_STRING:
			return "a string"
		TYPE_ARRAY:
			return "an array"
		TYPE_DICTIONARY:
			return "a map"
	return "an integer" if value is Msgpack.Huge else "binary or extension data"


static func _shown(value: Variant) -> String:
	var text := str(value)
	return text if text.length() <= _SHOWN_CHARACTERS else text.left(_SHOWN_CHARACTERS) + "…"
