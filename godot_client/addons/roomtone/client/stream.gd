extends RefCounted
## One layer as this client receives it. One thread.

const Concealer := preload("concealer.gd")
const Voice := preload("voice.gd")

## Every stream is taken as stereo: the engine's frames are, and the daemon converts.
const CHANNELS := 2
const NEVER := -1
const _MOST_EVENTS := 64

var layer: String
## Its number on the wire; another one after the daemon has started anew.
var handle: int
## Where it begins; before that it is silent.
var first_frame: int
## The frame after its last; [constant NEVER] while that is not known.
var end_frame := NEVER
## Where samples begin that do not continue those before.
var anew_at_frame := NEVER
## Who plays it.
var voices: Array[Voice] = []
var _events: Array[Dictionary] = []


static func from(opened: Dictionary) -> RefCounted:
	var stream := new()
	stream.layer = opened["layer"]
	stream.handle = opened["stream"]
	stream.first_frame = opened["first_frame"]
	return stream


## Goes on under another number.
func go_on(opened: Dictionary) -> void:
	handle = opened["stream"]
	end_frame = NEVER
	anew_at_frame = opened["first_frame"]


## Whether samples of [param frame] come from the daemon, sooner or later.
func lives_at(frame: int) -> bool:
	return end_frame == NEVER or frame < end_frame


## Whether there is anything to hear at or after [param frame]: a stream that has ended fades a little longer.
func heard_from(frame: int) -> bool:
	return end_frame == NEVER or frame < end_frame + Concealer.FAREWELL_FRAMES


## Notes what was said about it, to be told when it is heard.
func note(event: Dictionary) -> void:
	_events.append(event)
	if _events.size() > _MOST_EVENTS:
		_events.pop_front()


## Takes the events that are heard by now.
func heard_events(ear_frame: int) -> Array[Dictionary]:
	var heard: Array[Dictionary] = []
	while not _events.is_empty() and _events[0]["at_frame"] <= ear_frame:
		heard.append(_events.pop_front())
	return heard
