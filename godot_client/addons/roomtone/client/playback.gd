extends RefCounted
## One scene as it is heard here: blocks that have arrived, where the ear is, and how far the daemon may go.
##
## The connection's thread calls everything. The counters are plain numbers that any thread may read.

const Pace := preload("pace.gd")
const Stream := preload("stream.gd")
const Voice := preload("voice.gd")

const BLOCK_FRAMES := 480
const BLOCK_BYTES := BLOCK_FRAMES * Stream.CHANNELS * 4
# The daemon keeps one granted block in hand, so that an update is heard in it: credit asks for one more.
const _IN_HAND_FRAMES := BLOCK_FRAMES
# How long before the engine needs samples those that are missing are made up; earlier once a gap is there.
const _MARGIN_S := 0.025
const _GAP_MARGIN_S := 0.045
# A burst of work, not an endless loop, whatever the players claim to have played.
const _MOST_BLOCKS_AT_ONCE := 64

## The next frame that will be given to the players.
var position_frame: int
## The next frame that the ear will hear.
var ear_frame: int
var first_frame: int
var received_frame: int
var until_frame: int
var ahead_frames: int
## Gaps that had to be concealed, however long they were.
var underruns := 0
var concealed_frames := 0
var late_blocks := 0
## How many streams are open, or still heard to their end.
var streams_open := 0
## Streams by layer.
var open := {}
## What was said about layers and is heard by now: arrays of layer and event.
var events: Array[Array] = []
var _by_handle := {}
var _blocks := {}
var _pace := Pace.new()
var _concealing := false
var _begun := false
var _holding := false
var _head: PackedByteArray
var _silence := PackedVector2Array()


func _init(first: int, ahead: int) -> void:
	first_frame = first
	position_frame = first
	ear_frame = first
	received_frame = first
	until_frame = first
	ahead_frames = ahead
	_silence.resize(BLOCK_FRAMES)
	# A serialised PackedVector2Array is this and the floats as they are on the wire: converted in one call.
	_head.resize(8)
	_head.encode_u32(0, TYPE_PACKED_VECTOR2_ARRAY)
	_head.encode_u32(4, BLOCK_FRAMES)


# What arrives -------------------------------------------------------------------------------------


## Begins a stream, or goes on with the one that the same layer had before.
func add(opened: Dictionary) -> Stream:
	var stream: Stream = open.get(opened["layer"])
	if stream == null:
		stream = Stream.from(opened)
		open[stream.layer] = stream
		streams_open = open.size()
	else:
		stream.go_on(opened)
	_by_handle[stream.handle] = stream
	return stream


## Notes that nothing follows [param end_frame]; returns the stream, or null if it is not open.
func end(handle: int, end_frame: int) -> Stream:
	var stream: Stream = _by_handle.get(handle)
	if stream != null:
		_by_handle.erase(handle)
		stream.end_frame = maxi(end_frame, position_frame)
	return stream


## Keeps one block; what comes after its time is counted and dropped. Returns what is wrong with it, else null.
func take(audio: Dictionary, pcm: PackedByteArray) -> RoomtoneError:
	var at_frame: int = audio["first_frame"]
	var end_frame: int = at_frame + audio["frames"]
	if audio["frames"] != BLOCK_FRAMES or at_frame % BLOCK_FRAMES != 0 or end_frame > until_frame:
		return _bad_audio(
			"a block of %d frames at %d was not asked for" % [audio["frames"], at_frame]
		)
	if end_frame <= position_frame:
		late_blocks += 1
	else:
		var error := _unpack(audio["streams"], pcm, _blocks.get_or_add(at_frame, {}))
		if error != null:
			return error
	if not audio["more"]:
		received_frame = maxi(received_frame, end_frame)
	return null


## Notes what was said about a stream; whether it is one of this scene's.
func note(event: Dictionary) -> bool:
	var stream: Stream = _by_handle.get(event["stream"])
	# An event that this client does not know is of a later revision.
	if stream != null and event["event"] in ["placed", "source"]:
		stream.note(event)
	return stream != null


## Lets the old daemon's handles go; returns the streams to open again. [member received_frame] is where.
func restart() -> Array[Stream]:
	var streams: Array[Stream] = []
	for stream: Stream in open.values():
		if stream.end_frame == Stream.NEVER:
			streams.append(stream)
	_by_handle = {}
	received_frame = maxi(received_frame, _grid_up(position_frame))
	return streams


## Whether a layer has a stream that the daemon goes on with.
func is_open(layer: String) -> bool:
	return open.has(layer) and _by_handle.has((open[layer] as Stream).handle)


## Names the streams that are open.
func handles() -> Array:
	return _by_handle.keys()


func _unpack(slices: Array, pcm: PackedByteArray, block: Dictionary) -> RoomtoneError:
	for slice: Array in slices:
		var offset_bytes: int = slice[1]
		var size_bytes: int = slice[2]
		var stream: Stream = _by_handle.get(slice[0])
		if stream == null or size_bytes == 0:
			continue
		if size_bytes != BLOCK_BYTES or offset_bytes + size_bytes > pcm.size():
			return _bad_audio("stream %d has %d bytes at %d" % [slice[0], size_bytes, offset_bytes])
		var floats := pcm.slice(offset_bytes, offset_bytes + size_bytes)
		block[stream.layer] = bytes_to_var(_head + floats)
	return null


# What is heard ------------------------------------------------------------------------------------


## Lets the daemon fill the buffer; call it once the layers are open, so that they all begin together.
func begin() -> void:
	_begun = true


## Gives a player to a layer's stream; whether there is one.
func attach(layer: String, voice: Voice, now_s: float) -> bool:
	var stream: Stream = open.get(layer)
	if stream == null:
		return false
	var others := _voices()
	var moving := _moving(others, now_s)
	_join(voice, others if moving.is_empty() else moving)
	stream.voices.append(voice)
	return true


## Feeds nobody until all players are there, so that they begin together.
func hold(holding: bool) -> void:
	_holding = holding


## Takes a player from its stream.
func detach(voice: Voice) -> void:
	for stream: Stream in open.values():
		stream.voices.erase(voice)


## Feeds the players up to [member ahead_frames]; whether the daemon may go further than it was told.
func advance(now_s: float) -> bool:
	var voices := _voices()
	for voice in voices:
		voice.observe(now_s)
	var moving := _moving(voices, now_s)
	if not moving.is_empty():
		_pace.observe(now_s, moving[0].wanted_frames)
	var leading := voices if moving.is_empty() else moving
	if not leading.is_empty() and not _holding:
		if not moving.is_empty() or _most_fill(leading) > 0:
			_feed(leading, not moving.is_empty(), now_s)
		elif _is_ready():
			_feed_together(leading, now_s)
		for voice in moving:
			voice.keep_level(_most_fill(moving), now_s)
	ear_frame = maxi(ear_frame, position_frame - _most_fill(leading))
	_tell_events()
	return _want()


# A mix that ran between two players would leave one of them behind for good. So what is ready is gathered first, and
# handed over while the engine does not mix: some tens of microseconds when a scene begins.
func _feed_together(leading: Array[Voice], now_s: float) -> void:
	for voice in leading:
		voice.gather()
	_feed(leading, false, now_s)
	AudioServer.lock()
	for voice in leading:
		voice.release()
	AudioServer.unlock()


# For the same reason the engine does not mix between the look at the others and the silence that waits for them.
static func _join(voice: Voice, others: Array[Voice]) -> void:
	AudioServer.lock()
	var most := 0
	for other in others:
		most = maxi(most, other.level_frames())
	voice.wait_frames(most)
	AudioServer.unlock()


func _is_ready() -> bool:
	return position_frame + BLOCK_FRAMES <= received_frame or not _awaited()


func _feed(leading: Array[Voice], playing: bool, now_s: float) -> void:
	var margin_s := _GAP_MARGIN_S if _concealing else _MARGIN_S
	for i in _MOST_BLOCKS_AT_ONCE:
		if _most_fill(leading) + BLOCK_FRAMES > ahead_frames:
			return
		if _is_ready():
			_play_block(_blocks.get(position_frame, {}))
			_concealing = false
		elif playing and _least_fill(leading) < _pace.due_frames(now_s, margin_s):
			_conceal_block()
		else:
			return
		_blocks.erase(position_frame - BLOCK_FRAMES)


# Whether anything that the ear waits for is still to come from the daemon.
func _awaited() -> bool:
	for stream: Stream in open.values():
		if stream.lives_at(position_frame):
			return true
	return false


func _play_block(block: Dictionary) -> void:
	for stream: Stream in open.values():
		for voice in stream.voices:
			if not stream.lives_at(position_frame):
				voice.leave(BLOCK_FRAMES)
			elif position_frame >= stream.first_frame:
				var anew := position_frame == stream.anew_at_frame
				voice.play(block.get(stream.layer, _silence), anew)
			else:
				voice.wait_frames(BLOCK_FRAMES)
	_step()


func _conceal_block() -> void:
	for stream: Stream in open.values():
		for voice in stream.voices:
			if stream.lives_at(position_frame):
				voice.conceal(BLOCK_FRAMES)
			else:
				voice.leave(BLOCK_FRAMES)
	underruns += 0 if _concealing else 1
	concealed_frames += BLOCK_FRAMES
	_concealing = true
	_step()


func _step() -> void:
	position_frame += BLOCK_FRAMES
	for stream: Stream in open.values():
		if not stream.heard_from(position_frame):
			for voice in stream.voices:
				voice.finished = true
			open.erase(stream.layer)
			streams_open = open.size()


func _want() -> bool:
	if not _begun or open.is_empty():
		return false
	var wanted := _grid_up(ear_frame + ahead_frames) + _IN_HAND_FRAMES
	if wanted <= until_frame:
		return false
	until_frame = wanted
	return true


func _tell_events() -> void:
	for stream: Stream in open.values():
		for event in stream.heard_events(ear_frame):
			events.append([stream.layer, event])


func _voices() -> Array[Voice]:
	var voices: Array[Voice] = []
	for stream: Stream in open.values():
		voices.append_array(stream.voices)
	return voices


func _moving(voices: Array[Voice], now_s: float) -> Array[Voice]:
	var moving: Array[Voice] = []
	for voice in voices:
		if voice.is_moving(now_s):
			moving.append(voice)
	return moving


static func _most_fill(voices: Array[Voice]) -> int:
	var most := 0
	for voice in voices:
		most = maxi(most, voice.fill_frames)
	return most


static func _least_fill(voices: Array[Voice]) -> int:
	var least := 1 << 30
	for voice in voices:
		least = mini(least, voice.fill_frames)
	return least


static func _bad_audio(what: String) -> RoomtoneError:
	return RoomtoneError.make("wire.bad-audio", what, "update the older of daemon and client")


static func _grid_up(frame: int) -> int:
	return ceili(float(frame) / BLOCK_FRAMES) * BLOCK_FRAMES
