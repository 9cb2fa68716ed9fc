extends RefCounted
## After a new welcome: going on where the daemon stands, or opening everything again where it knows nothing.
##
## One attempt; a connection that breaks meanwhile ends it, and the next welcome makes another. The connection's
## thread.

const Connection := preload("connection.gd")
const Record := preload("record.gd")
const Stream := preload("stream.gd")

var _connection: Connection
# Told of every scene that is open, of a stream that has ended meanwhile, and of a scene that cannot be opened again.
var _opened: Callable
var _layer_gone: Callable
var _scene_gone: Callable
var _under_way := 0


func _init(
	connection: Connection, opened: Callable, layer_gone: Callable, scene_gone: Callable
) -> void:
	_connection = connection
	_opened = opened
	_layer_gone = layer_gone
	_scene_gone = scene_gone


## Brings every scene back, then lets the connection go on.
func begin(welcome: Dictionary, records: Array[Record]) -> void:
	_under_way += 1
	var known := {}
	for resume: Dictionary in welcome["scenes_open"]:
		known[resume["scene"]] = resume
	for record in records:
		if known.has(record.handle):
			_resume(record, known[record.handle])
			known.erase(record.handle)
		else:
			_open(record)
	for handle: int in known:
		# Its answer was lost with the old connection, and the request will be sent again.
		_close("close_scene", {"scene": handle})
	_one_done()


func _close(message_name: String, what: Dictionary) -> void:
	what.merge({"t": message_name, "id": _connection.next_id()})
	_connection.send_now(what)


func _one_done() -> void:
	_under_way -= 1
	if _under_way == 0:
		_connection.go_on()


func _resume(record: Record, resume: Dictionary) -> void:
	_opened.call(record)
	var ours := record.playback.handles()
	var theirs: Array = resume["streams"]
	for handle: int in ours:
		if not theirs.has(handle):
			_layer_gone.call(record, handle, record.playback.received_frame)
	for handle: int in theirs:
		if not ours.has(handle):
			_close("close_layer", {"stream": handle})
	_say_where(record)


func _open(record: Record) -> void:
	_under_way += 1
	# The new daemon numbers from 1, too. Until it has everything of the scene, the scene has no number; should the
	# connection break before, the next attempt begins from the start.
	record.handle = 0
	var streams := record.playback.restart()
	var request := {
		"t": "open_scene",
		"id": _connection.next_id(),
		"name": record.name,
		"seed": record.seed_value,
		"first_frame": record.playback.received_frame,
		"values": record.steering.values.duplicate(),
	}
	_connection.ask_now(request, _scene_open.bind(record, streams))


func _scene_open(
	answer: Dictionary, refusal: RoomtoneError, record: Record, streams: Array[Stream]
) -> void:
	if refusal != null:
		for stream in streams:
			stream.end_frame = record.playback.received_frame
		_scene_gone.call(record, refusal)
		_one_done()
		return
	record.describe(answer)
	_open_layers(record, answer["scene"], streams)


func _open_layers(record: Record, handle: int, streams: Array[Stream]) -> void:
	var waiting := {}
	for stream in streams:
		waiting[stream.layer] = true
	if waiting.is_empty():
		_scene_ready(record, handle)
	for stream in streams:
		var request := record.open_again(stream, handle, _connection.next_id())
		_connection.ask_now(request, _layer_open.bind(record, handle, stream, waiting))


func _layer_open(
	answer: Dictionary,
	refusal: RoomtoneError,
	record: Record,
	handle: int,
	stream: Stream,
	waiting: Dictionary
) -> void:
	if refusal == null:
		record.playback.add(answer)
	else:
		stream.end_frame = record.playback.received_frame
	waiting.erase(stream.layer)
	if waiting.is_empty():
		_scene_ready(record, handle)


func _scene_ready(record: Record, handle: int) -> void:
	record.handle = handle
	_opened.call(record)
	var now_s := Connection.now()
	for message in record.mood_again(_connection.next_id(), _connection.next_id(), now_s):
		_connection.send_now(message)
	# Only now: credit that came earlier would let the first layer run ahead of the others.
	_say_where(record)
	_one_done()


func _say_where(record: Record) -> void:
	for message in record.whereabouts():
		_connection.send_now(message)
