extends RefCounted
## One connection to the daemon, from its first attempt until it breaks, and never beyond. One thread.

const Zmtp := preload("../wire/zmtp.gd")
const ZmtpReader := preload("../wire/zmtp_reader.gd")

const _CONNECT_S := 3.0
const _HANDSHAKE_S := 3.0
const _HEARTBEAT_S := 1.0
const _SILENT_S := 3.0
const _READ_BYTES := 262144
const _RECEIPT := "all of it"
# Whoever does not read what we say hangs; a game's updates of a minute are far less than this.
const _MOST_UNSENT_BYTES := 1048576
# So many are taken at a time that whoever floods us cannot keep the thread from feeding the players.
const _MOST_AT_ONCE := 512

## Whether the handshake is over: only then may a message be sent.
var open := false
## Whether the daemon has read all that was said before [method ask_for_receipt].
var received := false
## Why the connection ended; null while it lives.
var fault: RoomtoneError
var _tcp := StreamPeerTCP.new()
var _reader := ZmtpReader.new()
var _unsent := PackedByteArray()
var _address: String
var _began_s: float
var _heard_s: float
var _pinged_s: float
var _greeted := false


func _init(host: String, port: int, now_s: float) -> void:
	_address = "tcp://%s:%d" % [host, port]
	_began_s = now_s
	_heard_s = now_s
	_pinged_s = now_s
	if _tcp.connect_to_host(host, port) != OK:
		_end(
			"connection.unreachable",
			"the address cannot be used",
			"write it as tcp://127.0.0.1:5570"
		)


## Reads and writes what can be without waiting; returns whole messages, each an array of frames.
func poll(now_s: float) -> Array[Array]:
	var messages: Array[Array] = []
	if fault != null:
		return messages
	_tcp.poll()
	match _tcp.get_status():
		StreamPeerTCP.STATUS_CONNECTED:
			_greet()
			_read(now_s)
			_hear(messages)
			_watch(now_s)
			_write()
		StreamPeerTCP.STATUS_CONNECTING:
			if now_s - _began_s > _CONNECT_S:
				_end_unreachable("it does not answer")
		_:
			_closed_by_peer(messages)
	return messages


## Sends a message of one frame.
func send(body: PackedByteArray) -> void:
	_say(Zmtp.message(body))


## Asks the daemon to confirm that it has read everything up to here.
func ask_for_receipt() -> void:
	_say(Zmtp.ping(_RECEIPT.to_ascii_buffer()))


## Writes what waits to be written.
func flush() -> void:
	if fault == null and _tcp.get_status() == StreamPeerTCP.STATUS_CONNECTED:
		_write()


func close() -> void:
	_tcp.disconnect_from_host()


func _greet() -> void:
	if not _greeted:
		_greeted = true
		_tcp.set_no_delay(true)
		_say(Zmtp.greeting() + Zmtp.ready())


func _read(now_s: float) -> void:
	var waiting := mini(_tcp.get_available_bytes(), _READ_BYTES)
	if waiting <= 0 or _reader.is_full():
		return
	var read := _tcp.get_partial_data(waiting)
	if read[0] == OK:
		_heard_s = now_s
		_reader.feed(read[1])


func _hear(messages: Array[Array]) -> void:
	for i in _MOST_AT_ONCE:
		var heard := _reader.next()
		if heard == null:
			break
		if heard.command == "PING":
			_say(Zmtp.pong(heard.data.slice(2)))
		elif heard.command == "PONG":
			received = received or heard.data == _RECEIPT.to_ascii_buffer()
		elif heard.command == "ERROR":
			_end("connection.refused", "the daemon ended the connection", "see the daemon's log")
		elif heard.command == "":
			messages.append(heard.frames)
	open = _reader.stage == ZmtpReader.Stage.FRAMES
	if _reader.fault != null:
		fault = _reader.fault
		fault.at = _address
		close()


func _watch(now_s: float) -> void:
	if not open and now_s - _began_s > _HANDSHAKE_S:
		_end(
			"connection.bad-handshake",
			"what answers does not finish its handshake",
			"see which program listens at the daemon's address"
		)
	elif now_s - _heard_s > _SILENT_S:
		_end("connection.silent", "the daemon says nothing any more", "see whether it hangs")
	elif open and now_s - _heard_s > _HEARTBEAT_S and now_s - _pinged_s > _HEARTBEAT_S:
		_pinged_s = now_s
		_say(Zmtp.ping())


func _say(bytes: PackedByteArray) -> void:
	_unsent.append_array(bytes)
	if _unsent.size() > _MOST_UNSENT_BYTES:
		_end("connection.stuck", "the daemon takes nothing any more", "see whether it hangs")


func _write() -> void:
	if _unsent.is_empty() or fault != null:
		return
	var written := _tcp.put_partial_data(_unsent)
	if written[0] == OK:
		_unsent = _unsent.slice(written[1])


func _closed_by_peer(messages: Array[Array]) -> void:
	_hear(messages)
	if fault != null:
		return
	if not _greeted:
		_end_unreachable("nobody listens there")
	elif not open:
		_end(
			"connection.refused",
			"it was closed during the handshake: perhaps the daemon asks for keys",
			"use a daemon on loopback with a token; reach a remote one through a tunnel"
		)
	else:
		_end("connection.lost", "the daemon closed the connection", "see the daemon's log")


func _end_unreachable(why: String) -> void:
	_end(
		"connection.unreachable",
		"no daemon could be reached: %s" % why,
		"start one with `roomtone serve SCENES_DIR`"
	)


func _end(code: String, what: String, fix: String) -> void:
	fault = RoomtoneError.make(code, what, fix, _address)
	close()
