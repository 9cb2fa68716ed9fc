extends RefCounted
## The client: one connection to a daemon that heals itself, and the scenes it has open. Main thread; nothing waits.
##
## Call [method poll] once a frame: signals are emitted and answers settled there.

## The daemon was reached for the first time.
signal connected(server: String)
## The daemon went away; what is missing is concealed, and the client keeps trying.
signal disconnected(reason: RoomtoneError)
## The daemon is back. [param resumed]: the streams go on sample for sample; else the scenes were opened anew.
signal reconnected(resumed: bool, away_s: float)
## The daemon will have nothing to do with this client; it has stopped trying.
signal refused(reason: RoomtoneError)
## Something went wrong: a refused [code]steer[/code], a scene file with mistakes, no daemon within five seconds.
signal failed(reason: RoomtoneError)
## The daemon's answer to [method ask_stats].
signal measured(stats: Dictionary)

const Playback := preload("playback.gd")
const Record := preload("record.gd")
const Scene := preload("scene.gd")
const Session := preload("session.gd")

const VERSION := "0.1.0"
const DEFAULT_ENDPOINT := "tcp://127.0.0.1:5570"
const _MOST_AHEAD_MS := 2000.0

## Names that can be opened, as of the last welcome.
var scenes := PackedStringArray()
## Whether the daemon is there right now.
var is_daemon_there := false
## How much is kept buffered.
var ahead_frames: int
var _session: Session
var _scenes: Array[Scene] = []


## Makes a client of [param host] and [param port]; see [method parse_endpoint].
func _init(host: String, port: int, token: String, ahead_ms: float, client_name: String) -> void:
	ahead_frames = ceili(clampf(ahead_ms, 20.0, _MOST_AHEAD_MS) * 48.0 / 480.0) * 480
	_session = Session.new(host, port, client_name, token)
	_session.told = _told
	_session.connection.start()


## Splits [code]tcp://127.0.0.1:5570[/code] into host and port; empty if it is no such thing.
static func parse_endpoint(endpoint: String) -> Array:
	var pattern := RegEx.create_from_string("^tcp://(\\[[0-9a-fA-F:]+\\]|[^:/\\s]+):([0-9]{1,5})$")
	var found := pattern.search(endpoint)
	if found == null or found.get_string(2).to_int() not in range(1, 65536):
		return []
	return [found.get_string(1).trim_prefix("[").trim_suffix("]"), found.get_string(2).to_int()]


## Opens a scene; the answer's value is a [code]client/scene.gd[/code].
##
## [param seed_value]: in place of the file's own; null for that. [param values]: parameters that do not start at their
## default.
func open_scene(
	name: String, seed_value: Variant = null, values: Dictionary = {}, first_frame: int = 0
) -> RoomtoneAnswer:
	var answer := RoomtoneAnswer.new()
	var scene := Scene.new(_session, ahead_frames)
	_scenes = _scenes.filter(func(other: Scene) -> bool: return not other.is_over())
	_scenes.append(scene)
	var record := Record.new()
	record.name = name
	record.seed_value = seed_value
	record.steering.note(values)
	record.told = scene.take_event
	var message := {
		"t": "open_scene",
		"id": 0,
		"name": name,
		"seed": seed_value,
		"first_frame": first_frame,
		"values": values.duplicate(),
	}
	_session.request(message, _opened.bind(record, scene), _as_it_is, answer)
	return answer


## Leaves more or less of the processor to the models while the game needs it.
##
## [param max_share]: of its time; 0 pauses them. [param max_vram_gb]: of its memory; null sets no limit.
func govern(max_share: float = 1.0, max_vram_gb: Variant = null) -> void:
	var message := {"t": "govern", "max_share": max_share, "max_vram_gb": max_vram_gb}
	_session.connection.post(_session.govern.bind(message))


## Asks the daemon how it is doing; [signal measured] tells.
func ask_stats() -> void:
	_session.connection.post(_ask_stats)


## Emits what has happened since the last call.
func poll() -> void:
	for news in _session.take_news():
		news.call()


## How often the daemon came back.
func reconnects() -> int:
	return _session.reconnects


## How well the client is being served, over the scenes that are open.
func stats() -> Dictionary:
	var found := {"underruns": 0, "concealed_frames": 0, "late_blocks": 0}
	for scene in _scenes:
		found["underruns"] += scene.underruns()
		found["concealed_frames"] += scene.concealed_frames()
		found["late_blocks"] += scene.late_blocks()
	found["reconnects"] = reconnects()
	return found


## Says goodbye.
func close() -> void:
	_session.close()
	_session.told = Callable()
	_scenes.clear()


func _opened(opened: Dictionary, record: Record, scene: Scene) -> Scene:
	var ahead := mini(ahead_frames, _session.most_ahead_frames())
	record.handle = opened["scene"]
	record.described = opened
	record.playback = Playback.new(opened["first_frame"], ahead)
	_session.keep(record)
	_session.tell(scene.take_up.bind(record, opened))
	return scene


func _ask_stats() -> void:
	_session.connection.say({"t": "get_stats", "id": _session.connection.next_id()})


func _told(name: String, details: Array) -> void:
	match name:
		"connected":
			_take_welcome(details[0])
			connected.emit(details[0]["server"])
		"reconnected":
			_take_welcome(details[0])
			reconnected.emit(details[0]["resumed"], details[1])
		"disconnected":
			is_daemon_there = false
			disconnected.emit(details[0])
		"refused":
			is_daemon_there = false
			refused.emit(details[0])
		"failed":
			failed.emit(details[0])
		"measured":
			measured.emit(details[0])


func _take_welcome(welcome: Dictionary) -> void:
	is_daemon_there = true
	scenes = PackedStringArray(welcome["scenes"])


static func _as_it_is(message: Dictionary) -> Dictionary:
	return message
