extends RefCounted
## What is heard while samples are missing: the last second goes on as a texture, fades, and hands back.
##
## Stands between one stream's samples and one player. While samples arrive they pass untouched. A gap begins with the
## mirror image of what was heard, which is continuous by construction, and goes on with random overlapping grains of
## the last second; it holds its level for a second and is silent after three. What returns is crossfaded in over 30
## ms. A new stream is a return from silence: it fades in. One thread.

## A texture needs about a second of material before its grains stop sounding like an echo.
const HISTORY_FRAMES := 48000
const GRAIN_FRAMES := 5760
## Over so much grains overlap, and what returns is crossfaded in: all that is computed frame by frame.
const RETURN_FRAMES := 1440
const FAREWELL_FRAMES := 1440
const HOLD_FRAMES := 48000
const GONE_FRAMES := 144000
# So long a gain stands while a gap fades: a thousandth of the fade.
const _STEP_FRAMES := 48

# Squares of the two sum to one: grains of noise that know nothing of each other keep its power.
static var _rise := PackedFloat32Array()
static var _fall := PackedFloat32Array()

var _chance: RandomNumberGenerator
var _heard := Recent.new(RETURN_FRAMES)
# What would have been heard had no gap faded: continuous, at full level, so grains may start anywhere.
var _lively := Recent.new(HISTORY_FRAMES)
var _material := PackedVector2Array()
var _ready := PackedVector2Array()
# What the next grain overlaps.
var _end := PackedVector2Array()
var _gap_frames := 0
var _returned_frames := 0
var _leaving := false


## The last samples of a signal, at least as many as asked for, kept in pieces and joined on demand.
class Recent:
	extends RefCounted
	var frames := 0
	var _keep_frames: int
	var _pieces: Array[PackedVector2Array] = []
	var _oldest := 0

	func _init(keep_frames: int) -> void:
		_keep_frames = keep_frames

	func add(samples: PackedVector2Array) -> void:
		_pieces.append(samples)
		frames += samples.size()
		while frames - _pieces[_oldest].size() >= _keep_frames:
			frames -= _pieces[_oldest].size()
			_pieces[_oldest] = PackedVector2Array()
			_oldest += 1
		if _oldest > 64:
			_pieces = _pieces.slice(_oldest)
			_oldest = 0

	func joined() -> PackedVector2Array:
		var whole := PackedVector2Array()
		for i in range(_oldest, _pieces.size()):
			whole.append_array(_pieces[i])
		return whole


static func _static_init() -> void:
	for i in RETURN_FRAMES:
		_rise.append(sin(PI / 2.0 * (i + 0.5) / RETURN_FRAMES))
	_fall = _rise.duplicate()
	_fall.reverse()


func _init(seed_value: int) -> void:
	_chance = RandomNumberGenerator.new()
	_chance.seed = seed_value
	_end.resize(RETURN_FRAMES)


## Takes samples that arrived, and returns what should be heard in their place.
func real(samples: PackedVector2Array) -> PackedVector2Array:
	if _returned_frames < RETURN_FRAMES:
		return _hand_back(samples)
	_heard.add(samples)
	_lively.add(samples)
	return samples


## Returns what should be heard where [param frames] frames are missing.
func fill(frames: int) -> PackedVector2Array:
	_open_gap()
	if _gap_frames >= GONE_FRAMES:
		var nothing := PackedVector2Array()
		nothing.resize(frames)
		_heard.add(nothing)
		return nothing
	var gap_frames := _gap_frames
	var lively := _textured(frames)
	var heard := _faded(lively, gap_frames)
	_heard.add(heard)
	_lively.add(lively)
	return heard


## Expects that the next samples do not continue the last ones: crossfades them in as after a gap.
func bridge() -> void:
	if _heard.frames > 0:
		_open_gap()


## Returns what should be heard after a stream's very end: it fades, it is not cut.
func farewell(frames: int) -> PackedVector2Array:
	if not _leaving:
		_leaving = true
		_ready = _mirrored_end()
		for i in FAREWELL_FRAMES:
			_ready[i] *= _fall[i]
	var piece := _ready.slice(0, frames)
	_ready = _ready.slice(piece.size())
	piece.resize(frames)
	return piece


func _hand_back(samples: PackedVector2Array) -> PackedVector2Array:
	var frames := mini(samples.size(), RETURN_FRAMES - _returned_frames)
	var level := _gap_level(_gap_frames)
	var texture := _textured(frames)
	var lively := samples.duplicate()
	var heard := samples.duplicate()
	for i in frames:
		var coming := samples[i] * _rise[_returned_frames + i]
		var going := texture[i] * _fall[_returned_frames + i]
		lively[i] = coming + going
		heard[i] = coming + going * level
	_heard.add(heard)
	_lively.add(lively)
	_returned_frames += frames
	if _returned_frames >= RETURN_FRAMES:
		_material = PackedVector2Array()
	return heard


func _open_gap() -> void:
	if _returned_frames == 0:
		return  # nothing returned since the gap began: it goes on
	_returned_frames = 0
	_gap_frames = 0
	_material = _lively.joined()
	_ready = PackedVector2Array()
	_end = _mirrored_end()


func _mirrored_end() -> PackedVector2Array:
	var end := _heard.joined()
	end = end.slice(maxi(0, end.size() - RETURN_FRAMES))
	end.reverse()
	end.resize(RETURN_FRAMES)
	return end


# The next frames of the texture, at full level.
func _textured(frames: int) -> PackedVector2Array:
	while _ready.size() < frames:
		_ready.append_array(_next_grain())
	var piece := _ready.slice(0, frames)
	_ready = _ready.slice(frames)
	_gap_frames += frames
	return piece


# A piece of the material from anywhere, its beginning over the end of the last one; its own end waits for the next.
func _next_grain() -> PackedVector2Array:
	var room := _material.size() - GRAIN_FRAMES
	var first := _chance.randi_range(0, maxi(0, room))
	var grain := _material.slice(first, first + GRAIN_FRAMES)
	grain.resize(GRAIN_FRAMES)
	for i in RETURN_FRAMES:
		grain[i] = _end[i] * _fall[i] + grain[i] * _rise[i]
	_end = grain.slice(GRAIN_FRAMES - RETURN_FRAMES)
	grain.resize(GRAIN_FRAMES - RETURN_FRAMES)
	return grain


# In steps too small to hear, each in one call.
static func _faded(samples: PackedVector2Array, gap_frames: int) -> PackedVector2Array:
	if gap_frames + samples.size() <= HOLD_FRAMES:
		return samples
	var faded := PackedVector2Array()
	for first in range(0, samples.size(), _STEP_FRAMES):
		var gain := _gap_level(gap_frames + first)
		var scaled := Transform2D(0.0, Vector2(gain, gain), 0.0, Vector2.ZERO)
		faded.append_array(scaled * samples.slice(first, first + _STEP_FRAMES))
	return faded


# How loud a gap is after so many frames: whole for 1 s, then falling to nothing at 3 s.
static func _gap_level(gap_frames: int) -> float:
	var way := float(gap_frames - HOLD_FRAMES) / (GONE_FRAMES - HOLD_FRAMES)
	return 0.5 + 0.5 * cos(PI * clampf(way, 0.0, 1.0))
