extends RefCounted
## One player of a stream: the buffer that the engine empties, and what stands between it and the stream.
##
## Made on the main thread; from then on only the connection's thread touches it, but for [member finished].

const Concealer := preload("concealer.gd")

# The engine's mixer takes a generator's frames in such pieces.
const _FRAMES_OF_A_SKIP := 128
# A player that takes nothing for so long is paused, or not begun.
const _RESTS_AFTER_S := 0.4
# So long must a player hold less than the others before it is believed: the mixer may run between two looks.
const _LOW_FOR_S := 0.25
const _LOW_FRAMES := 960

## How many frames wait in the player.
var fill_frames := 0
## How many the engine has taken between the last two looks, and would have if they had been there.
var wanted_frames := 0
## Whether the stream has ended and all of it is heard.
var finished := false
var _playback: AudioStreamGeneratorPlayback
var _capacity_frames: int
var _concealer: Concealer
var _expected_frames := 0
var _skips := 0
var _skips_before := -1
var _took_s := -1.0
var _behind := false
var _gathering := false
var _gathered := PackedVector2Array()
var _low_since_s := -1.0


## [param playback] belongs to a player that has just been told to play.
func _init(playback: AudioStreamGeneratorPlayback, seed_value: int) -> void:
	_playback = playback
	_capacity_frames = playback.get_frames_available()
	_concealer = Concealer.new(seed_value)


## How many frames wait in the player at this very moment.
func level_frames() -> int:
	return maxi(0, _capacity_frames - _playback.get_frames_available())


## Looks how much the engine has taken.
func observe(now_s: float) -> void:
	fill_frames = level_frames()
	wanted_frames = _expected_frames - fill_frames
	_expected_frames = fill_frames
	# Whoever is empty gives nothing and yet plays: the engine counts how often it found less than it wanted.
	var missed := _playback.get_skips() - _skips
	_skips += missed
	if _took_s >= 0.0:
		wanted_frames += missed * _FRAMES_OF_A_SKIP
	if wanted_frames > 0:
		_took_s = now_s


## Whether the engine is playing it.
func is_moving(now_s: float) -> bool:
	return _took_s >= 0.0 and now_s - _took_s < _RESTS_AFTER_S


## How often the engine found nothing to play, since there was something.
func skips() -> int:
	return 0 if _skips_before < 0 else _playback.get_skips() - _skips_before


## Waits as long as the others do: their next frame is its first.
func wait_frames(frames: int) -> void:
	var silence := PackedVector2Array()
	silence.resize(clampi(frames, 0, _capacity_frames))
	_push(silence)


## Keeps what is played from here on, until all players have theirs.
func gather() -> void:
	_gathering = true


## Gives the engine what was gathered.
func release() -> void:
	_gathering = false
	_give(_gathered)
	_gathered = PackedVector2Array()


## Plays samples that arrived; [param anew] if they do not continue those before.
func play(samples: PackedVector2Array, anew: bool) -> void:
	if not _has_room(samples.size()):
		return
	if anew or _behind:
		_concealer.bridge()
		_behind = false
	_push(_concealer.real(samples))


## Plays what conceals that samples are missing.
func conceal(frames: int) -> void:
	if _has_room(frames):
		_push(_concealer.fill(frames))


## Plays the end.
func leave(frames: int) -> void:
	if _has_room(frames):
		_push(_concealer.farewell(frames))


## Catches up with the others, should it have starved alone.
func keep_level(others_frames: int, now_s: float) -> void:
	if fill_frames + _LOW_FRAMES >= others_frames:
		_low_since_s = -1.0
	elif _low_since_s < 0.0:
		_low_since_s = now_s
	elif now_s - _low_since_s > _LOW_FOR_S:
		_low_since_s = -1.0
		conceal(others_frames - fill_frames)


# A player that is paused keeps what it has; what it misses meanwhile is bridged when it goes on.
func _has_room(frames: int) -> bool:
	if fill_frames + frames <= _capacity_frames and _playback.can_push_buffer(frames):
		return true
	_behind = true
	return false


func _push(samples: PackedVector2Array) -> void:
	if _gathering:
		_gathered.append_array(samples)
	if _gathering or _give(samples):
		fill_frames += samples.size()
		_expected_frames += samples.size()


func _give(samples: PackedVector2Array) -> bool:
	if not _playback.push_buffer(samples):
		return false
	if _skips_before < 0 and not samples.is_empty():
		_skips_before = _playback.get_skips()
	return true
