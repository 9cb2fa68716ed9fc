@tool
@icon("res://addons/roomtone/icons/zone_3d.svg")
class_name RoomtoneZone3D
extends Area3D
## Where a scene is heard: inside alone, and at the border it crossfades by distance with the zones next to it.
##
## The [RoomtoneScene] is a child of this, or named. Collision shapes say how far the zone reaches: spheres, boxes,
## cylinders and capsules. The squares of what all zones are heard at sum to 1, so that independent sounds keep their
## power on the way from one to the next; out of them all the nearest is heard.

## The listener came within the zone or its border.
signal listener_entered
## The listener left the zone and its border.
signal listener_left

## Over how far the scene fades beyond the border.
@export_range(0.1, 100.0, 0.1, "or_greater", "suffix:m") var fade_m: float = 5.0
## The scene that is heard; empty for the one below this node.
@export_node_path("Node3D") var scene_path: NodePath

## How loud the scene is, 0 to 1.
var level := 0.0
var _listener_is_here := false


func _enter_tree() -> void:
	var daemon := RoomtoneDaemon.of(self)
	if daemon != null and not Engine.is_editor_hint():
		daemon.zones.add(self)
		var scene := zoned_scene()
		if scene != null:
			scene.level = 0.0


func _exit_tree() -> void:
	var daemon := RoomtoneDaemon.of(self)
	if daemon != null and not Engine.is_editor_hint():
		daemon.zones.remove(self)


func _get_configuration_warnings() -> PackedStringArray:
	var warnings := PackedStringArray()
	if zoned_scene() == null:
		warnings.append(
			"Put a RoomtoneScene below this zone, or name one: there is nothing to hear."
		)
	if _shapes().is_empty():
		warnings.append("Give this zone a CollisionShape3D: a sphere, box, cylinder or capsule.")
	return warnings


## The scene that is heard here; null if there is none.
func zoned_scene() -> RoomtoneScene:
	if not scene_path.is_empty():
		return get_node_or_null(scene_path) as RoomtoneScene
	for child in get_children():
		if child is RoomtoneScene:
			return child
	return null


## How far [param at_m] is beyond the zone's border; negative inside.
func beyond_m(at_m: Vector3) -> float:
	var nearest := INF
	for node in _shapes():
		var local := node.global_transform.affine_inverse() * at_m
		nearest = minf(nearest, _beyond(node.shape, local))
	return nearest


## Sets how loud the scene is.
func hear(new_level: float, beyond: float) -> void:
	level = new_level
	var scene := zoned_scene()
	if scene != null:
		scene.level = level
	var is_here := beyond < fade_m
	if is_here != _listener_is_here:
		_listener_is_here = is_here
		if is_here:
			listener_entered.emit()
		else:
			listener_left.emit()


func _shapes() -> Array[CollisionShape3D]:
	var shapes: Array[CollisionShape3D] = []
	for child in get_children():
		var node := child as CollisionShape3D
		if node != null and node.shape != null and not node.disabled:
			shapes.append(node)
	return shapes


static func _beyond(shape: Shape3D, at: Vector3) -> float:
	if shape is SphereShape3D:
		return at.length() - shape.radius
	if shape is BoxShape3D:
		return _outside(Vector3(absf(at.x), absf(at.y), absf(at.z)) - shape.size / 2.0)
	var flat := Vector2(at.x, at.z).length()
	if shape is CylinderShape3D:
		return _outside(Vector3(flat - shape.radius, absf(at.y) - shape.height / 2.0, -INF))
	if shape is CapsuleShape3D:
		var up := maxf(0.0, absf(at.y) - (shape.height / 2.0 - shape.radius))
		return Vector2(flat, up).length() - shape.radius
	return INF


# The distance to a box of which `over` says how far one is beyond each side.
static func _outside(over: Vector3) -> float:
	var beyond := Vector3(maxf(over.x, 0.0), maxf(over.y, 0.0), maxf(over.z, 0.0))
	return beyond.length() + minf(maxf(over.x, maxf(over.y, over.z)), 0.0)
