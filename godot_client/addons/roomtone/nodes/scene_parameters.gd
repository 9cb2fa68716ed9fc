@tool
extends Node3D
## A scene's parameters as typed properties of its node, for the inspector, tweens and animations.

const PREFIX := "parameters/"
const _STEPS := 1000.0

## What each parameter may be, by name: value, default, low, high, unit, wraps. Remembered for the inspector.
var known_parameters := {}
# Where parameters were told to go, and which of those have not been said yet.
var _values := {}
var _moved := {}


func _get_property_list() -> Array[Dictionary]:
	var properties: Array[Dictionary] = [
		{"name": "known_parameters", "type": TYPE_DICTIONARY, "usage": PROPERTY_USAGE_STORAGE}
	]
	for name: String in known_parameters:
		var info: Dictionary = known_parameters[name]
		var step: float = (info["high"] - info["low"]) / _STEPS
		var unit: String = "" if info["unit"] == "" else ",suffix:%s" % info["unit"]
		var stored := PROPERTY_USAGE_STORAGE if _values.has(name) else PROPERTY_USAGE_NONE
		(
			properties
			. append(
				{
					"name": PREFIX + name,
					"type": TYPE_FLOAT,
					"hint": PROPERTY_HINT_RANGE,
					"hint_string": "%s,%s,%s%s" % [info["low"], info["high"], step, unit],
					"usage": PROPERTY_USAGE_EDITOR | stored,
				}
			)
		)
	return properties


func _get(property: StringName) -> Variant:
	var path := String(property)
	return get_parameter(path.trim_prefix(PREFIX)) if path.begins_with(PREFIX) else null


func _set(property: StringName, value: Variant) -> bool:
	var path := String(property)
	if path.begins_with(PREFIX):
		set_parameter(path.trim_prefix(PREFIX), value)
		return true
	return false


func _property_can_revert(property: StringName) -> bool:
	return known_parameters.has(String(property).trim_prefix(PREFIX))


func _property_get_revert(property: StringName) -> Variant:
	var info: Dictionary = known_parameters.get(String(property).trim_prefix(PREFIX), {})
	return info.get("default")


## Moves a parameter; the daemon smooths the way there. Before the scene is open this is
## where the parameter starts.
func set_parameter(name: String, value: float) -> void:
	_values[name] = value
	_moved[name] = value


## Where a parameter was last told to go, else its default.
func get_parameter(name: String) -> float:
	if _values.has(name):
		return _values[name]
	return known_parameters[name]["default"] if known_parameters.has(name) else 0.0


## Takes what the daemon says about the parameters; the inspector shows it.
func know(parameters: Dictionary) -> void:
	known_parameters = parameters.duplicate(true)
	notify_property_list_changed()
