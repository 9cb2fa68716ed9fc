extends "check.gd"
## Loads a bake as a game does: what its files and its scene of players have become.


func run() -> void:
	var folder: String = arguments["folder"]
	var players := {}
	var packed := load(folder.path_join("%s/%s.tscn" % [arguments["scene"], arguments["scene"]]))
	var scene: Node = (packed as PackedScene).instantiate()
	for player in scene.get_children():
		var stream: AudioStream = player.get("stream")
		players[String(player.name)] = {
			"kind": player.get_class(),
			"has_stream": stream != null and stream.get_length() > 0.0,
			"volume_db": player.get("volume_db"),
		}
	report["players"] = players
	scene.free()
	var wav := load(folder.path_join("yard/brook.wav")) as AudioStreamWAV
	report["wav"] = {
		"loop_mode": wav.loop_mode,
		"loop_begin": wav.loop_begin,
		"loop_end": wav.loop_end,
		"frames": roundi(wav.get_length() * wav.mix_rate),
	}
	var ogg: String = arguments["ogg"]
	report["ogg_loops"] = (load(ogg.path_join("yard/brook.ogg")) as AudioStreamOggVorbis).loop
	finish()
