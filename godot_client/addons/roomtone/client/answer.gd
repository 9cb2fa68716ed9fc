class_name RoomtoneAnswer
extends RefCounted
## What a request will be answered with: [code]await request.settled_value()[/code], or look at it later. Main thread.

## Emitted once, when the answer or the refusal is here.
signal settled

## Whether it is here.
var is_settled := false
## What was asked for; null until then, and if it was refused.
var value: Variant
## Why it was refused; null if it was granted.
var error: RoomtoneError


## Waits for the answer; returns [member value].
func settled_value() -> Variant:
	if not is_settled:
		await settled
	return value


## Puts the answer in; called once, by the client.
func settle(answer: Variant, refusal: RoomtoneError) -> void:
	value = answer
	error = refusal
	is_settled = true
	settled.emit()
