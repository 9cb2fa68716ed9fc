extends RefCounted
## Where a scene's parameters were last told to go, so that a daemon that starts anew can be told again. One thread.
##
## A mood's values stand only in the scene's file: it is remembered by name, with what was set after it.

## Targets that were set, whenever.
var values := {}
## The last mood, or empty.
var mood := ""
## When the morph to it is complete.
var until_s := 0.0
## Targets that were set since that mood.
var after := {}


## Notes targets.
func note(targets: Dictionary) -> void:
	values.merge(targets, true)
	if mood != "":
		after.merge(targets, true)


## Notes a mood, which takes over every parameter that it names.
func morph(name: String, over_s: float, now_s: float) -> void:
	mood = name
	until_s = now_s + over_s
	after = {}


## Forgets what an edited scene no longer has.
func keep(parameters: Dictionary, moods: Array) -> void:
	for targets: Dictionary in [values, after]:
		for name: String in targets.keys():
			if not parameters.has(name):
				targets.erase(name)
	if not moods.has(mood):
		mood = ""
