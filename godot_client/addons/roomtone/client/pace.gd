extends RefCounted
## How the engine's mixer takes samples: in bursts, of so many frames, so often. One thread.
##
## A sound device takes some 500 frames every 10 ms, the driver without a device 4,096 every 85 ms: how much must be in
## a player's buffer at a time follows from what was seen.

const RATE_HZ := 48000.0
# What a sound device takes, until something else has been seen.
const _FIRST_BURST_FRAMES := 1024.0
# The mixer works in steps; those that belong to one burst follow one another at once.
const _SAME_BURST_S := 0.004
const _REMEMBERED := 8
const _SPARE_FRAMES := 256.0

var _sizes: Array[float] = []
var _last_s := -1.0


## Notes that [param frames] were taken, or missed, since the last look.
func observe(now_s: float, frames: int) -> void:
	if frames <= 0:
		return
	if _last_s >= 0.0 and now_s - _last_s < _SAME_BURST_S:
		_sizes[-1] += frames
		return
	_sizes.append(float(frames))
	if _sizes.size() > _REMEMBERED:
		_sizes.pop_front()
	_last_s = now_s


## How many frames a burst has.
func burst_frames() -> float:
	if _sizes.is_empty():
		return _FIRST_BURST_FRAMES
	# The middle one: a look that came late sees two bursts as one, and who has nothing gives less than was wanted.
	var sorted := _sizes.duplicate()
	sorted.sort()
	return sorted[(sorted.size() - 1) / 2]


## How many frames should wait for what is taken within [param margin_s] from now: a few more than were seen.
func due_frames(now_s: float, margin_s: float) -> float:
	var burst := burst_frames()
	var since_s := 0.0 if _last_s < 0.0 else now_s - _last_s
	var bursts := floorf((since_s + margin_s) * RATE_HZ / burst)
	return bursts * burst + _SPARE_FRAMES if bursts > 0.0 else 0.0
