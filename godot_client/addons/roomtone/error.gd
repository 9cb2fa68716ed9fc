class_name RoomtoneError
extends RefCounted
## What is wrong, where, and how to mend it. The code is stable: programs may match on it.

## Stable, dotted: [code]request.unknown-layer[/code].
var code: String
## What is wrong, for people.
var what: String
## Where: a field, a file with its line, an address; may be empty.
var at: String
## What to do about it; may be empty.
var fix: String
## The number of the request that it answers; 0 if nobody asked.
var request_id: int = 0


static func make(
	error_code: String, what_is_wrong: String, how_to_fix: String = "", where: String = ""
) -> RoomtoneError:
	var error := RoomtoneError.new()
	error.code = error_code
	error.what = what_is_wrong
	error.fix = how_to_fix
	error.at = where
	return error


## Prefixes [member at] with the name or [code][index][/code] that led here.
func under(step: String) -> RoomtoneError:
	var joint := "." if at != "" and not at.begins_with("[") else ""
	at = step + joint + at
	return self


func _to_string() -> String:
	var where := " (%s)" % at if at != "" else ""
	var remedy := ": %s" % fix if fix != "" else ""
	return _shown("%s: %s%s%s" % [code, what, where, remedy])


# Escapes control characters: the words may come from the other side, and end in a log.
static func _shown(text: String) -> String:
	var shown := ""
	for i in text.length():
		var letter := text.unicode_at(i)
		var is_control := letter < 0x20 or (letter >= 0x7F and letter < 0xA0)
		shown += "\\u%04x" % letter if is_control else text[i]
	return shown
