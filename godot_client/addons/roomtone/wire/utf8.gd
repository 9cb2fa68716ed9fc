extends RefCounted
## UTF-8, strictly: no overlong forms, no surrogates, nothing beyond U+10FFFF.


## Whether [param bytes] from [param first] to [param end] are UTF-8.
static func is_valid(bytes: PackedByteArray, first: int, end: int) -> bool:
	var i := first
	while i < end:
		var lead := bytes[i]
		if lead < 0x80:
			i += 1
			continue
		var following := _following(lead)
		if following == 0 or i + following >= end:
			return false
		if not _second_fits(lead, bytes[i + 1]):
			return false
		for j in range(2, following + 1):
			if bytes[i + j] & 0xC0 != 0x80:
				return false
		i += following + 1
	return true


static func _following(lead: int) -> int:
	if lead >= 0xC2 and lead <= 0xDF:
		return 1
	if lead & 0xF0 == 0xE0:
		return 2
	return 3 if lead >= 0xF0 and lead <= 0xF4 else 0


static func _second_fits(lead: int, second: int) -> bool:
	var low := 0x80
	var high := 0xBF
	match lead:
		0xE0:
			low = 0xA0
		0xED:
			high = 0x9F
		0xF0:
			low = 0x90
		0xF4:
			high = 0x8F
	return second >= low and second <= high
