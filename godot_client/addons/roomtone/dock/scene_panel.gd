@tool
extends VBoxContainer
## One scene in the dock: a slider for each parameter, a row for each layer.

## A slider was moved.
signal parameter_moved(scene_name: String, parameter: String, value: float)
## A slider's value should become the default in the scene's file.
signal default_asked(scene_name: String, parameter: String, value: float)

const _QUIETEST_DB := -60.0
const _STEPS := 1000.0
const _SHOWN_DIGITS := 2

var scene_name: String
var _title := Label.new()
var _parameters := GridContainer.new()
var _layers := GridContainer.new()
var _sliders := {}
var _rows := {}


func _init(name_of_scene: String = "") -> void:
	scene_name = name_of_scene
	_parameters.columns = 4
	_layers.columns = 4
	for part: Control in [_title, _parameters, _layers, HSeparator.new()]:
		add_child(part)


## Shows what the game told about the scene.
func show_scene(scene: Dictionary) -> void:
	_title.text = (
		"%s   %d %% · %d ms buffered · %d underruns"
		% [scene_name, 100.0 * scene["level"], scene["buffered_ms"], scene["underruns"]]
	)
	_keep_only(_sliders, scene["parameters"].keys())
	for parameter: String in scene["parameters"]:
		_show_parameter(parameter, scene["parameters"][parameter], scene["values"][parameter])
	_keep_only(_rows, scene["layers"].map(func(row: Dictionary) -> String: return row["name"]))
	for layer: Dictionary in scene["layers"]:
		_show_layer(layer)


## The slider of a parameter; null if there is none.
func slider_of(parameter: String) -> HSlider:
	return _sliders[parameter][1] if _sliders.has(parameter) else null


func _show_parameter(parameter: String, info: Dictionary, value: float) -> void:
	if not _sliders.has(parameter):
		_sliders[parameter] = _make_parameter(parameter, info)
	var slider: HSlider = _sliders[parameter][1]
	# Whoever drags it is not interrupted by what the game says about it.
	if not slider.has_focus():
		slider.set_value_no_signal(value)
	_sliders[parameter][2].text = "%s %s" % [String.num(slider.value, _SHOWN_DIGITS), info["unit"]]


func _make_parameter(parameter: String, info: Dictionary) -> Array[Control]:
	var label := Label.new()
	label.text = parameter
	var slider := HSlider.new()
	slider.min_value = info["low"]
	slider.max_value = info["high"]
	slider.step = (info["high"] - info["low"]) / _STEPS
	slider.size_flags_horizontal = Control.SIZE_EXPAND_FILL
	slider.value_changed.connect(
		func(value: float) -> void: parameter_moved.emit(scene_name, parameter, value)
	)
	var save := Button.new()
	save.text = "Save"
	save.tooltip_text = "Write this value into the scene's file, as the parameter's default."
	save.pressed.connect(func() -> void: default_asked.emit(scene_name, parameter, slider.value))
	return _added(_parameters, [label, slider, Label.new(), save])


func _show_layer(layer: Dictionary) -> void:
	if not _rows.has(layer["name"]):
		_rows[layer["name"]] = _make_layer(layer["name"])
	var row: Array = _rows[layer["name"]]
	row[1].value = clampf(layer["level_db"], _QUIETEST_DB, 0.0)
	row[2].text = "%d ms" % layer["buffered_ms"]
	row[3].text = layer["source"]
	row[3].tooltip_text = layer["reason"]


func _make_layer(layer: String) -> Array[Control]:
	var label := Label.new()
	label.text = layer
	var meter := ProgressBar.new()
	meter.min_value = _QUIETEST_DB
	meter.max_value = 0.0
	meter.show_percentage = false
	meter.size_flags_horizontal = Control.SIZE_EXPAND_FILL
	return _added(_layers, [label, meter, Label.new(), Label.new()])


func _added(grid: GridContainer, parts: Array[Control]) -> Array[Control]:
	for part in parts:
		grid.add_child(part)
	return parts


func _keep_only(rows: Dictionary, names: Array) -> void:
	for name: String in rows.keys():
		if not names.has(name):
			for part: Control in rows[name]:
				part.queue_free()
			rows.erase(name)
