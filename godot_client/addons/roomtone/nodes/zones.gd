extends RefCounted
## Crossfades the scenes of all zones by where the listener is: equal power, several at once. Main thread.

const Mixing := preload("../mixing.gd")

var _zones: Array[RoomtoneZone3D] = []


## Takes a zone into account.
func add(zone: RoomtoneZone3D) -> void:
	if not _zones.has(zone):
		_zones.append(zone)


## Leaves a zone out of account.
func remove(zone: RoomtoneZone3D) -> void:
	_zones.erase(zone)


## Sets how loud each zone's scene is; once a frame.
func update() -> void:
	if _zones.is_empty():
		return
	var beyond_m := PackedFloat32Array()
	var fade_m := PackedFloat32Array()
	for zone in _zones:
		beyond_m.append(zone.beyond_m(RoomtoneScene.listener_of(zone).origin))
		fade_m.append(zone.fade_m)
	var gains := Mixing.zone_gains(beyond_m, fade_m)
	for i in _zones.size():
		_zones[i].hear(gains[i], beyond_m[i])
