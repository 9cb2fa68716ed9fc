extends Node3D
## A listener walks from a rainy street into a café and on to a forest; with the arrow keys one goes oneself.

const Story := preload("story.gd")

const _SPEED_M_S := 3.0
const _STEER_EVERY_S := 0.05
const _TURN_RAD_PER_PIXEL := 0.004
# In a checkout of Roomtone its own environment has the daemon, and the scenes are beside this project.
const _CHECKOUTS: Array[String] = [
	"res://../.venv/bin/roomtone", "res://../.venv/Scripts/roomtone.exe"
]
const _RAINS_FROM := 0.12
const _SKY_M := 7.0
const _SCENES := "res://../scenes"

## How long the walk takes.
@export_range(10.0, 600.0, 1.0, "suffix:s") var walk_s: float = Story.SECONDS

## How far the walk is, from 0 to 1.
var share := 0.0
## Whether somebody has taken over.
var is_free := false
var _steered_s := 0.0

@onready var listener: Camera3D = $Listener
@onready var drops: CPUParticles3D = $Drops
@onready var street: RoomtoneScene = $Street/RainyStreet
@onready var cafe: RoomtoneScene = $Cafe/CafeScene
@onready var forest: RoomtoneScene = $Forest/NightForest
@onready var scenes: Array[RoomtoneScene] = [street, cafe, forest]


func _enter_tree() -> void:
	var daemon := RoomtoneDaemon.of(self)
	for path in _CHECKOUTS:
		if FileAccess.file_exists(path):
			daemon.command = ProjectSettings.globalize_path(path)
			daemon.scenes_dir = _SCENES
	daemon.starts_daemon = not OS.has_environment("ROOMTONE_ENDPOINT")


func _ready() -> void:
	for scene in scenes:
		_steer(scene)
		scene.open()
	_follow()


func _process(delta_s: float) -> void:
	if is_free:
		_go(delta_s)
	else:
		share = minf(1.0, share + delta_s / walk_s)
		_follow()
	_rain()
	_steered_s += delta_s
	if _steered_s >= _STEER_EVERY_S:
		_steered_s = 0.0
		for scene in scenes:
			_steer(scene)


func _unhandled_input(event: InputEvent) -> void:
	if event is InputEventMouseMotion and event.button_mask & MOUSE_BUTTON_MASK_LEFT:
		is_free = true
		listener.rotation.y -= event.relative.x * _TURN_RAD_PER_PIXEL
	elif event.is_action_pressed("ui_accept"):
		is_free = false


func _follow() -> void:
	listener.global_position = Story.place(share)
	listener.rotation.y = -Story.yaw_rad(share)


# It rains around the listener, but not under the café's roof.
func _rain() -> void:
	drops.global_position = listener.global_position + _SKY_M * Vector3.UP
	drops.emitting = street.get_parameter("rain") > _RAINS_FROM and cafe.level < 0.7


func _go(delta_s: float) -> void:
	var way := Input.get_vector("ui_left", "ui_right", "ui_up", "ui_down")
	var forward := listener.global_transform.basis * Vector3(way.x, 0.0, way.y)
	listener.global_position += forward * _SPEED_M_S * delta_s


func _input(event: InputEvent) -> void:
	for action: String in ["ui_left", "ui_right", "ui_up", "ui_down"]:
		if event.is_action_pressed(action):
			is_free = true


func _steer(scene: RoomtoneScene) -> void:
	var values := Story.values(scene.scene_name, share)
	for parameter: String in values:
		scene.set_parameter(parameter, values[parameter])
