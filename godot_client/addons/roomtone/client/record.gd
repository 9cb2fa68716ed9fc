extends RefCounted
## One open scene as the connection's thread knows it: what it is, where it was told to go, what has arrived of it.

const Playback := preload("playback.gd")
const Steering := preload("steering.gd")
const Stream := preload("stream.gd")

var name: String
## In place of the file's own; null for that.
var seed_value: Variant
## Its number on the wire; another one after the daemon has started anew, 0 while it has none.
var handle: int
## Whether it has ended: what is buffered of it is still heard.
var gone := false
## The last [code]scene_opened[/code] or [code]scene_changed[/code].
var described: Dictionary
var playback: Playback
var steering := Steering.new()
## Where the listener was last said to be, in the scene; empty if nowhere.
var listener_m: Array = []
## Requests in words, by layer, which no scene file has: a daemon that starts anew must be asked again.
var requested := {}
## Told of what happens to the scene, on the main thread: [code](event: Dictionary)[/code].
var told: Callable


## Every parameter by name.
func parameters() -> Dictionary:
	return by_name(described["parameters"])


## Every layer that can be opened, by name.
func layers() -> Dictionary:
	return by_name(described["layers"])


## Notes targets that the daemon will accept.
func steer(values: Dictionary) -> void:
	var known := parameters()
	var targets := {}
	for parameter: String in values:
		if known.has(parameter) and is_finite(values[parameter]):
			targets[parameter] = values[parameter]
	steering.note(targets)


## Takes the scene as it is now.
func describe(message: Dictionary) -> void:
	described = message
	steering.keep(parameters(), described["moods"])


## Says how far the daemon may go and how far it came.
func credit() -> Dictionary:
	return {
		"t": "credit",
		"scene": handle,
		"until_frame": playback.until_frame,
		"received_frame": playback.received_frame,
	}


## Asks a daemon that starts anew for a stream that was open.
func open_again(stream: Stream, scene: int, id: int) -> Dictionary:
	if requested.has(stream.layer):
		var asked: Dictionary = requested[stream.layer].duplicate()
		asked.merge({"id": id, "scene": scene}, true)
		return asked
	return {
		"t": "open_layer",
		"id": id,
		"scene": scene,
		"layer": stream.layer,
		"format": "f32",
		"channels": Stream.CHANNELS,
	}


## Says, on a new connection, what needs no answer.
func whereabouts() -> Array[Dictionary]:
	var messages: Array[Dictionary] = []
	if not listener_m.is_empty():
		messages.append({"t": "listener", "scene": handle, "at_m": listener_m})
	if playback.until_frame > playback.first_frame:
		messages.append(credit())
	return messages


## Says, to a daemon that started anew, what its opening values could not.
func mood_again(morph_id: int, set_id: int, now_s: float) -> Array[Dictionary]:
	var messages: Array[Dictionary] = []
	if steering.mood != "":
		var over_s := maxf(0.0, steering.until_s - now_s)
		messages.append(
			{
				"t": "morph",
				"id": morph_id,
				"scene": handle,
				"mood": steering.mood,
				"over_s": over_s,
				"at_frame": 0
			}
		)
		if not steering.after.is_empty():
			messages.append(
				{
					"t": "set",
					"id": set_id,
					"scene": handle,
					"values": steering.after.duplicate(),
					"at_frame": 0
				}
			)
	return messages


## Sorts rows by their name.
static func by_name(rows: Array) -> Dictionary:
	var found := {}
	for row: Dictionary in rows:
		found[row["name"]] = row
	return found
