extends RefCounted
## What a client has open, whatever becomes of its connections: requests on one side, arrivals on the other.
##
## The first group of methods belongs to the main thread, which [method tell]s nobody anything by itself: it takes what
## happened with [method take_news], once a frame. The connection's thread calls the rest.

const Comeback := preload("comeback.gd")
const Connection := preload("connection.gd")
const Pending := preload("pending.gd")
const Record := preload("record.gd")

# More than a game that looks once a frame can ever leave; one that does not look loses the oldest.
const _MOST_NEWS := 8192
# So long nobody worries that there is no daemon yet.
const _PATIENCE_S := 5.0

var connection: Connection
## How often the daemon came back. Any thread may read it.
var reconnects := 0
## What happens to the client as a whole, on the main thread: [code](name: String, details: Array)[/code].
var told: Callable
var _records: Array[Record] = []
var _by_handle := {}
var _governor := {}
# The attempt to bring everything back: the connection's requests know its methods only, and do not keep it.
var _comeback: Comeback
var _welcomed := false
var _began_s := Connection.now()
var _lost_s := -1.0
var _max_ahead_frames := 0
var _news: Array[Callable] = []
var _mutex := Mutex.new()


func _init(host: String, port: int, client_name: String, token: String) -> void:
	connection = Connection.new(host, port, client_name, token)
	connection.session = self


## Sends a request; [param act] takes its answer on the connection's thread and returns what [param answer] gets.
## Without an [param answer] a refusal is told to everyone.
func request(
	message: Dictionary, act: Callable, renumber: Callable, answer: RoomtoneAnswer
) -> void:
	connection.post(_request.bind(message, act, renumber, answer))


## Puts an answer in. Nobody else may hold it any more: a method of its own would be gone with it.
static func settle(answer: RoomtoneAnswer, value: Variant, refusal: RoomtoneError) -> void:
	answer.settle(value, refusal)


## Takes what has happened since the last call; call each of it.
func take_news() -> Array[Callable]:
	_mutex.lock()
	var news := _news
	_news = []
	_mutex.unlock()
	return news


## Ends it; nothing is told after this.
func close() -> void:
	connection.close()
	# They hold each other: whoever is closed lets go.
	connection.session = null


# The connection's thread --------------------------------------------------------------------------


## Has [param action] done by the main thread.
func tell(action: Callable) -> void:
	_mutex.lock()
	_news.append(action)
	if _news.size() > _MOST_NEWS:
		_news.pop_front()
	_mutex.unlock()


## Takes up a scene under its handle of today.
func keep(record: Record) -> void:
	_by_handle[record.handle] = record
	if not _records.has(record):
		_records.append(record)


## Ends a scene that was closed.
func forget(record: Record) -> void:
	for handle: int in record.playback.handles():
		record.playback.end(handle, record.playback.received_frame)
	_by_handle.erase(record.handle)
	record.gone = true


## Leaves more or less of the processor to the models, now and after every restart of the daemon.
func govern(message: Dictionary) -> void:
	_governor = message
	connection.say(message)


## How many frames credit may reach beyond what was received.
func most_ahead_frames() -> int:
	return _max_ahead_frames / 2


## A hello was answered: brings every scene back.
func welcomed(welcome: Dictionary) -> void:
	_max_ahead_frames = welcome["max_ahead_frames"]
	_by_handle = {}
	_comeback = Comeback.new(connection, keep, _layer_gone, _scene_lost)
	_comeback.begin(welcome, _records.filter(func(record: Record) -> bool: return not record.gone))
	if not _governor.is_empty() and not welcome["resumed"]:
		connection.send_now(_governor)
	_tell_welcome(welcome)
	_welcomed = true
	_lost_s = -1.0


## The connection broke; another is being tried.
func lost(reason: RoomtoneError) -> void:
	if _welcomed and _lost_s < 0.0:
		_lost_s = Connection.now()
		tell(told.bind("disconnected", [reason]))
	elif not _welcomed and Connection.now() - _began_s > _PATIENCE_S:
		_began_s = INF
		tell(told.bind("failed", [reason]))


## The daemon will have nothing to do with this client; no other connection is tried.
func refused(reason: RoomtoneError) -> void:
	tell(told.bind("refused", [reason]))


## Something is wrong that nobody asked for.
func noted(error: RoomtoneError) -> void:
	tell(told.bind("failed", [error]))


## The thread is over.
func ended() -> void:
	_records.clear()
	_by_handle = {}


## Feeds every scene's players, and grants what they have room for.
func advance(now_s: float) -> void:
	for record: Record in _records.duplicate():
		if record.playback.advance(now_s) and record.handle != 0:
			connection.say(record.credit())
		for heard: Array in record.playback.events:
			tell(record.told.bind("layer_event", heard))
		record.playback.events.clear()
		# What is buffered of a scene that is gone is heard to its end, and fades.
		if record.gone and record.playback.open.is_empty():
			_records.erase(record)


## Takes samples; returns what is wrong with them, else null.
func take_audio(audio: Dictionary, pcm: PackedByteArray) -> RoomtoneError:
	var record: Record = _by_handle.get(audio["scene"])
	return null if record == null else record.playback.take(audio, pcm)


## Takes what comes by itself.
func received(message: Dictionary) -> void:
	var record: Record = _by_handle.get(message.get("scene", 0))
	match message["t"]:
		"layer_event":
			for each in _records:
				each.playback.note(message)
		"layer_closed":
			for each in _records:
				_layer_gone(each, message["stream"], message["end_frame"])
		"scene_changed":
			if record != null:
				record.describe(message)
				tell(record.told.bind("changed", [message]))
		"scene_closed":
			if record != null:
				_scene_gone(record)
		"stats":
			tell(told.bind("measured", [message]))
		"error":
			noted(Pending.refusal(message))


func _request(
	message: Dictionary, act: Callable, renumber: Callable, answer: RoomtoneAnswer
) -> void:
	message["id"] = connection.next_id()
	connection.ask(Pending.Request.new(message, _answered.bind(act, answer), renumber))


func _answered(
	message: Dictionary, refusal: RoomtoneError, act: Callable, answer: RoomtoneAnswer
) -> void:
	var value: Variant = null if refusal != null else act.call(message)
	if answer != null:
		tell(settle.bind(answer, value, refusal))
	elif refusal != null:
		noted(refusal)


func _tell_welcome(welcome: Dictionary) -> void:
	if not _welcomed:
		tell(told.bind("connected", [welcome]))
		return
	reconnects += 1
	tell(told.bind("reconnected", [welcome, Connection.now() - _lost_s]))


func _layer_gone(record: Record, handle: int, end_frame: int) -> void:
	var stream := record.playback.end(handle, end_frame)
	if stream != null:
		tell(record.told.bind("layer_gone", [stream.layer]))


func _scene_gone(record: Record) -> void:
	for handle: int in record.playback.handles():
		_layer_gone(record, handle, record.playback.received_frame)
	tell(record.told.bind("gone", []))
	_by_handle.erase(record.handle)
	record.handle = 0
	record.gone = true


func _scene_lost(record: Record, error: RoomtoneError) -> void:
	_scene_gone(record)
	noted(error)
