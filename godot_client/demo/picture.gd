extends SceneTree
## Takes the picture of the README: the demo as it looks at a share of the walk, after it has played for some seconds.
##
## [codeblock]godot --path godot_client -s res://demo/picture.gd -- PICTURE.png [SHARE] [SECONDS][/codeblock]

const Walk := preload("walk.gd")


func _initialize() -> void:
	_take.call_deferred()


func _take() -> void:
	var words := OS.get_cmdline_user_args()
	var walk: Walk = (load("res://demo/walk.tscn") as PackedScene).instantiate()
	var share := words[1].to_float() if words.size() > 1 else 0.5
	var played_s := words[2].to_float() if words.size() > 2 else 4.0
	walk.share = share - played_s / walk.walk_s
	root.add_child(walk)
	while walk.share < share:
		await process_frame
	await RenderingServer.frame_post_draw
	root.get_texture().get_image().save_png(words[0])
	quit()
