extends RefCounted
## Writes a parameter's default into the text of a scene file, and touches nothing else: comments and layout stay.

const _SIGNIFICANT := 4


## Writes the file anew, whole or not at all; returns what went wrong, else null.
static func save_default(path: String, parameter: String, value: float) -> RoomtoneError:
	var text := FileAccess.get_file_as_string(path)
	if text == "":
		return RoomtoneError.make(
			"scene-file.unreadable",
			"the scene's file cannot be read",
			"set roomtone/daemon/scenes_dir to the folder of your scene files",
			path
		)
	var edited := with_default(text, parameter, value)
	if edited == "":
		return RoomtoneError.make(
			"scene-file.no-default",
			"the default of '%s' is not where it is written by hand" % parameter,
			"write it as `%s: {default: %s}` below `parameters:`" % [parameter, shown(value)],
			path
		)
	return _replace(path, edited)


## Returns [param text] with another default; empty if the parameter or its default is not there.
static func with_default(text: String, parameter: String, value: float) -> String:
	var bare := _without_comments(text)
	var within := Vector2i(0, bare.length())
	for key: String in ["parameters", parameter, "default"]:
		within = _value_of(bare, key, within)
	var found := _match("[^\\s,}]+", bare, within)
	if found == null:
		return ""
	return text.left(found.get_start()) + shown(value) + text.substr(found.get_end())


## Writes a number as people do.
static func shown(value: float) -> String:
	return String.num(value, _SIGNIFICANT)


# Where the value of a key stands that belongs to the mapping within, not to one inside of it; empty if there is none.
static func _value_of(bare: String, key: String, within: Vector2i) -> Vector2i:
	var first := _match("\\S", bare, within)
	if first == null:
		return Vector2i(within.y, within.y)
	var in_braces := first.get_string() == "{"
	var line := bare.rfind("\n", first.get_start()) + 1
	var indent := first.get_start() - line
	var before := "[{,]\\s*" if in_braces else "(?m)^[ \\t]{%d}" % indent
	var pattern := before + "[\"']?%s[\"']?\\s*:[ \\t]*" % key
	var found := _match(pattern, bare, Vector2i(first.get_start() if in_braces else line, within.y))
	while found != null and in_braces and _depth(bare, first.get_start(), found.get_start()) != 1:
		found = _match(pattern, bare, Vector2i(found.get_end(), within.y))
	if found == null:
		return Vector2i(within.y, within.y)
	return Vector2i(found.get_end(), _end_of_value(bare, found.get_end(), indent, within.y))


# Where a value ends: at its closing brace, or before the next line that is not further in.
static func _end_of_value(bare: String, first: int, indent: int, end: int) -> int:
	if first < end and bare[first] == "{":
		var at := first
		while at < end and _depth(bare, first, at) > 0:
			at += 1
		return at
	var next := _match("(?m)^[ \\t]{0,%d}\\S" % indent, bare, Vector2i(first, end))
	return end if next == null else next.get_start()


# How many braces are open behind the one at `at`.
static func _depth(bare: String, first: int, at: int) -> int:
	var piece := bare.substr(first, at + 1 - first)
	return piece.count("{") - piece.count("}")


# The text with its comments blanked out: every place stays what it was.
static func _without_comments(text: String) -> String:
	var bare := text
	for comment in RegEx.create_from_string("(?m)(^|[ \\t])#.*$").search_all(text):
		var blank := " ".repeat(comment.get_end() - comment.get_start())
		bare = bare.left(comment.get_start()) + blank + bare.substr(comment.get_end())
	return bare


static func _match(pattern: String, text: String, within: Vector2i) -> RegExMatch:
	return RegEx.create_from_string(pattern).search(text, within.x, within.y)


static func _replace(path: String, text: String) -> RoomtoneError:
	var staged := path + ".writing"
	var file := FileAccess.open(staged, FileAccess.WRITE)
	if file != null and file.store_string(text):
		file.close()
		if DirAccess.rename_absolute(staged, path) == OK:
			return null
	return RoomtoneError.make(
		"scene-file.unwritable", "the scene's file cannot be written", "see who may write it", path
	)
