extends "check.gd"
## Opens the demo as it stands, takes its whole walk in a few seconds, and tells where it was and what was heard there.

const Story := preload("res://demo/story.gd")
const Walk := preload("res://demo/walk.gd")

const _SHARES := 40
const _WITHIN_S := 20.0


func run() -> void:
	report["story"] = range(_SHARES + 1).map(_told)
	var walk: Walk = (load("res://demo/walk.tscn") as PackedScene).instantiate()
	walk.walk_s = arguments["walk_s"].to_float()
	root.add_child(walk)
	await _until_heard(walk.street)
	walk.share = 0.0
	var steps := []
	while walk.share < 1.0:
		steps.append([walk.share, walk.scenes.map(_level), walk.scenes.map(_position)])
		await process_frame
	report["steps"] = steps
	report["underruns"] = walk.scenes.map(
		func(scene: RoomtoneScene) -> int: return scene.underruns()
	)
	report["layers"] = walk.scenes.map(
		func(scene: RoomtoneScene) -> int: return scene.layer_names().size()
	)
	report["warnings"] = warnings()
	walk.free()
	finish()


func _told(i: int) -> Dictionary:
	var share := float(i) / _SHARES
	var values := {}
	for scene_name: String in Story.COURSES:
		values[scene_name] = Story.values(scene_name, share)
	var at := Story.place(share)
	return {
		"share": share,
		"at": [at.x, at.y, at.z],
		"yaw_deg": rad_to_deg(Story.yaw_rad(share)),
		"values": values,
		"caption": Story.caption(share),
	}


func _until_heard(scene: RoomtoneScene) -> void:
	var until_usec := Time.get_ticks_usec() + _WITHIN_S * 1e6
	while scene.state != RoomtoneScene.State.PLAYING and Time.get_ticks_usec() < until_usec:
		await process_frame


func _level(scene: RoomtoneScene) -> float:
	return scene.level


func _position(scene: RoomtoneScene) -> int:
	return scene.position_frame()
