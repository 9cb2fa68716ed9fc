extends "check.gd"
## Asks nodes and laws for their numbers: what a test can hold against those of the reference client.

const Mixing := preload("res://addons/roomtone/mixing.gd")
const Concealer := preload("res://addons/roomtone/client/concealer.gd")
const Client := preload("res://addons/roomtone/client/client.gd")


func run() -> void:
	var asked: Dictionary = read_json(arguments["in"])
	report["distance_gains"] = (asked["distances"] as Array).map(_distance_gain)
	report["zone_gains"] = (asked["zones"] as Array).map(_zone_gains)
	report["pans"] = (asked["bearings"] as Array).map(_pan)
	report["beyond_m"] = (asked["shapes"] as Array).map(_beyond)
	report["endpoints"] = (asked["endpoints"] as Array).map(Client.parse_endpoint)
	report["shown"] = str(RoomtoneError.make("a.b", asked["said"]))
	report["warnings_of"] = _warnings()
	report["properties"] = _properties()
	_conceal()
	finish()


func _distance_gain(row: Array) -> float:
	return Mixing.distance_gain(row[0], row[1], row[2])


func _zone_gains(row: Dictionary) -> Array:
	return Array(
		Mixing.zone_gains(
			PackedFloat32Array(row["beyond_m"] as Array), PackedFloat32Array(row["fade_m"] as Array)
		)
	)


## What the engine's law makes of our panning strength: left and right.
func _pan(row: Array) -> Array:
	var strength := Mixing.panning_strength(sin(row[0]), row[1])
	var g := (1.0 - strength) ** 2
	var f := (1.0 - g) / (1.0 + g)
	return [sqrt(1.0 - sin(row[0]) * f), sqrt(1.0 + sin(row[0]) * f)]


func _beyond(row: Dictionary) -> float:
	var zone := RoomtoneZone3D.new()
	var node := CollisionShape3D.new()
	node.shape = ClassDB.instantiate(row["shape"])
	for property: String in row["properties"]:
		var value: Variant = row["properties"][property]
		var vector := Vector3(value[0], value[1], value[2]) if value is Array else Vector3.ZERO
		node.shape.set(property, vector if value is Array else value)
	zone.add_child(node)
	root.add_child(zone)
	zone.position = Vector3(1.0, 2.0, 3.0)
	zone.rotation.y = PI / 2.0
	var at := zone.global_transform * Vector3(row["at"][0], row["at"][1], row["at"][2])
	var beyond := zone.beyond_m(at)
	zone.free()
	return beyond


func _warnings() -> Dictionary:
	var found := {}
	for node: Node in [
		RoomtoneScene.new(), RoomtoneLayer.new(), RoomtoneLayer3D.new(), RoomtoneZone3D.new()
	]:
		var name: String = node.get_script().get_global_name()
		found[name] = Array(node._get_configuration_warnings())
		node.free()
	return found


func _properties() -> Dictionary:
	var scene := RoomtoneScene.new()
	scene.scene_name = "somewhere"
	scene.know(
		{
			"rain":
			{"value": 0.5, "default": 0.5, "low": 0.0, "high": 2.0, "unit": "", "wraps": false}
		}
	)
	var found := {
		"at first": scene.get("parameters/rain"),
		"can revert": scene.property_can_revert("parameters/rain"),
		"reverts to": scene.property_get_revert("parameters/rain"),
		"kept": _kept(scene),
	}
	scene.set("parameters/rain", 1.5)
	found["set"] = scene.get("parameters/rain")
	found["kept when set"] = _kept(scene)
	var packed := PackedScene.new()
	packed.pack(scene)
	var again: RoomtoneScene = packed.instantiate()
	found["loaded"] = again.get("parameters/rain")
	scene.free()
	again.free()
	return found


func _kept(scene: RoomtoneScene) -> bool:
	for row in scene.get_property_list():
		if row["name"] == "parameters/rain":
			return row["usage"] & PROPERTY_USAGE_STORAGE != 0
	return false


## A second of a known sound, a gap of four, and the sound again.
func _conceal() -> void:
	var file := FileAccess.open(arguments["known"], FileAccess.READ)
	var known := _frames(file.get_buffer(file.get_length()))
	var concealer := Concealer.new(7)
	var heard := PackedVector2Array()
	var block := 480
	for i in 150:
		heard.append_array(concealer.real(known.slice(i * block, (i + 1) * block)))
	var began_usec := Time.get_ticks_usec()
	for i in 400:
		heard.append_array(concealer.fill(block))
	report["concealed_usec_per_block"] = (Time.get_ticks_usec() - began_usec) / 400.0
	for i in range(150, 200):
		heard.append_array(concealer.real(known.slice(i * block, (i + 1) * block)))
	concealer.bridge()
	for i in range(150, 160):
		heard.append_array(concealer.real(known.slice(i * block, (i + 1) * block)))
	for i in 4:
		heard.append_array(concealer.farewell(block))
	var out := FileAccess.open(arguments["heard"], FileAccess.WRITE)
	out.store_buffer(heard.to_byte_array())
	out.close()


func _frames(bytes: PackedByteArray) -> PackedVector2Array:
	var head := PackedByteArray()
	head.resize(8)
	head.encode_u32(0, TYPE_PACKED_VECTOR2_ARRAY)
	head.encode_u32(4, bytes.size() / 8)
	return bytes_to_var(head + bytes)
