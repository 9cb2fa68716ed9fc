extends RefCounted
## The thread that speaks to the daemon and feeds the players: requests and their answers, and a new connection when
## the old one breaks.
##
## [method start], [method close] and [method post] may be called by any thread, the rest by its own.

const Codec := preload("../wire/codec.gd")
const Limits := preload("../wire/limits.gd")
const Link := preload("link.gd")
const Pending := preload("pending.gd")

const _RETRY_S := 0.01
const _MOST_RETRY_S := 0.25
# The daemon takes a client that says nothing for ten seconds for one that hangs.
const _QUIET_S := 2.0
# Often enough that a mixer that takes 500 frames at a time never waits.
const _PERIOD_USEC := 2000
# So long a daemon may stand still and still hear goodbye; one that runs confirms it at once.
const _GOODBYE_S := 2.0
const _CLOCK := {"rate_hz": 48000, "block_frames": 480}
const _HOPELESS: Array[String] = [
	"session.wrong-token", "session.bad-token", "session.no-common-version"
]
const _FAREWELLS := {
	"resumed-elsewhere":
	["another connection goes on with this session", "open a client of its own"],
	"bad-messages":
	["the daemon could not read this client", "update the older of daemon and client"],
	"failed":
	["the daemon failed on what this client asked", "see the daemon's log, and report it"],
}

## What is told of what happens; see session.gd.
var session: RefCounted
var _host: String
var _port: int
var _name: String
var _token: String
var _secret := ""
var _next_id := 0
var _hello_id := 0
var _greeted := false
var _live := false
var _retry_s := _RETRY_S
var _retry_at_s := 0.0
var _spoke_s := 0.0
var _closing := false
var _link: Link
var _requests := Pending.new()
var _openings := Pending.new()
var _inbox: Array[Callable] = []
var _mutex := Mutex.new()
var _thread := Thread.new()


func _init(host: String, port: int, client_name: String, token: String) -> void:
	_host = host
	_port = port
	_name = client_name
	_token = token


# Any thread ---------------------------------------------------------------------------------------


## Begins to connect.
func start() -> void:
	_thread.start(_run, Thread.PRIORITY_HIGH)


## Has [param action] done by the connection's thread, in the order of the calls.
func post(action: Callable) -> void:
	_mutex.lock()
	_inbox.append(action)
	_mutex.unlock()


## Says goodbye and ends the thread.
func close() -> void:
	if _thread.is_started():
		post(_stop)
		_thread.wait_to_finish()


# Its own thread -----------------------------------------------------------------------------------


## Seconds on a clock that never goes back.
static func now() -> float:
	return Time.get_ticks_usec() / 1e6


## Numbers a request.
func next_id() -> int:
	_next_id += 1
	return _next_id


## Sends a request; if the connection breaks before its answer, again on the next one.
func ask(request: Pending.Request) -> void:
	if _closing:
		request.act.call({}, _closed())
		return
	_requests.add(request)
	if _live:
		send_now(request.renumber.call(request.message))


## Sends what has no answer; while there is no connection it is dropped.
func say(message: Dictionary) -> void:
	if _live:
		send_now(message)


## Sends a request that opens something again, before the others may go on; it dies with the connection.
func ask_now(message: Dictionary, act: Callable) -> void:
	_openings.add(Pending.Request.new(message, act, Callable()))
	send_now(message)


## Everything is open again: sends what had to wait.
func go_on() -> void:
	_live = _link != null
	for message in _requests.messages():
		send_now(message)


## Sends past everything that waits.
func send_now(message: Dictionary) -> void:
	_spoke_s = now()
	if _link != null:
		_link.send(Codec.encode(message))


func _stop() -> void:
	_closing = true


func _run() -> void:
	while not _closing:
		_mend()
		_receive()
		_do_inbox()
		_keep_up()
		session.advance(now())
		if _link != null:
			_link.flush()
		OS.delay_usec(_PERIOD_USEC)
	if _live:
		_say_goodbye()
	if _link != null:
		_link.close()
	_abandon()


# A socket that is closed with something unread may take back what it said: the daemon is heard out.
func _say_goodbye() -> void:
	send_now({"t": "bye", "reason": ""})
	_link.ask_for_receipt()
	var until_s := now() + _GOODBYE_S
	while not _link.received and _link.fault == null and now() < until_s:
		_link.poll(now())
		OS.delay_usec(_PERIOD_USEC)


func _abandon() -> void:
	_requests.fail(_closed())
	_do_inbox()
	session.ended()


func _do_inbox() -> void:
	_mutex.lock()
	var actions := _inbox
	_inbox = []
	_mutex.unlock()
	for action in actions:
		action.call()


func _mend() -> void:
	if _link == null and now() >= _retry_at_s:
		_link = Link.new(_host, _port, now())
		_greeted = false
	if _link != null and _link.open and not _greeted:
		_greeted = true
		_say_hello()


func _say_hello() -> void:
	_hello_id = next_id()
	send_now(
		{
			"t": "hello",
			"id": _hello_id,
			"versions": [Limits.PROTOCOL_VERSION],
			"client": _name,
			"token": _token,
			"session": _secret,
		}
	)


func _keep_up() -> void:
	if _live and now() - _spoke_s > _QUIET_S:
		send_now({"t": "get_stats", "id": next_id()})


func _receive() -> void:
	if _link == null:
		return
	for frames: Array in _link.poll(now()):
		_hear(frames)
		if _link == null:
			return
	if _link.fault != null:
		_lose(_link.fault)


func _hear(frames: Array) -> void:
	var decoded := Codec.decode_daemon(frames[0])
	if decoded.error == null:
		var wanted := 2 if decoded.message["t"] == "audio" else 1
		if frames.size() != wanted:
			decoded.error = RoomtoneError.make(
				"wire.bad-frames",
				"a message of %d frames" % frames.size(),
				"update the older of daemon and client"
			)
	if decoded.error == null:
		_take(decoded.message, frames[1] if frames.size() > 1 else PackedByteArray())
	elif decoded.error.code != "wire.unknown-message":
		session.noted(decoded.error)
		_lose(decoded.error)


func _take(message: Dictionary, pcm: PackedByteArray) -> void:
	match message["t"]:
		"welcome":
			_welcome(message)
		"bye":
			_told_goodbye(message["reason"])
		"error":
			_take_error(message)
		"audio":
			var error: RoomtoneError = session.take_audio(message, pcm)
			if error != null:
				session.noted(error)
				_lose(error)
		_:
			_settle(message)


func _welcome(message: Dictionary) -> void:
	if message["id"] != _hello_id:
		return
	_hello_id = 0
	var other_clock := _other_clock(message)
	if other_clock != null:
		_end(other_clock)
		return
	_secret = message["session"]
	_retry_s = _RETRY_S
	session.welcomed(message)


static func _other_clock(welcome: Dictionary) -> RoomtoneError:
	for name: String in _CLOCK:
		if welcome[name] != _CLOCK[name]:
			var what := "the daemon has %s %d, not %d" % [name, welcome[name], _CLOCK[name]]
			return RoomtoneError.make(
				"session.other-clock", what, "update the older of daemon and client"
			)
	return null


func _take_error(message: Dictionary) -> void:
	if _hello_id != 0 and message["id"] == _hello_id:
		_refused(Pending.refusal(message))
	elif message["code"] == "session.hello-first":
		_lose(Pending.refusal(message))
	else:
		_settle(message)


# With a number that nobody waits for, it answers a request that was given up.
func _settle(message: Dictionary) -> void:
	if _requests.settle(message) or _openings.settle(message):
		return
	if message["t"] == "stats" or message.get("id", 0) == 0:
		session.received(message)


func _told_goodbye(reason: String) -> void:
	if _FAREWELLS.has(reason):
		var words: Array = _FAREWELLS[reason]
		_end(RoomtoneError.make("connection." + reason, words[0], words[1]))
	else:
		var what := reason if reason != "" else "the daemon said goodbye"
		_lose(RoomtoneError.make("connection.goodbye", what, "wait for it, or start it again"))


func _refused(error: RoomtoneError) -> void:
	if _HOPELESS.has(error.code) or _secret == "" and error.code != "session.draining":
		_end(error)
	else:
		_lose(error)


# Closes the link and plans the next; the first attempt is at once, those after it ever later.
func _lose(reason: RoomtoneError) -> void:
	if _link != null:
		_link.close()
	_link = null
	_openings.forget()
	_hello_id = 0
	_retry_at_s = now() + _retry_s
	_retry_s = minf(2.0 * _retry_s, _MOST_RETRY_S)
	_live = false
	session.lost(reason)


# Tries no more: the daemon will have nothing to do with this client.
func _end(refusal: RoomtoneError) -> void:
	_lose(refusal)
	_retry_at_s = INF
	_requests.fail(refusal)
	session.refused(refusal)


static func _closed() -> RoomtoneError:
	return RoomtoneError.make("connection.closed", "the client was closed", "connect again")
