extends Control
## What the demo shows of what one hears: where the walk is, how loud each scene is, and every layer with its level.

const Story := preload("story.gd")
const Walk := preload("walk.gd")

const _COLOURS := {
	"rainy_street": Color("63b3ed"), "cafe": Color("f6ad55"), "night_forest": Color("7ed6a0")
}
const _INK := Color("e8e6df")
const _FAINT := Color("8b93a5")
const _PANEL := Color(0.05, 0.06, 0.09, 0.78)
const _ROW := 20.0
const _BAR := 120.0
const _ASK_EVERY_S := 0.2
const _QUIETEST_DB := -60.0

var _levels_db := {}
var _asked_s := 0.0

@onready var _walk: Walk = $"../.."
@onready var _font: Font = get_theme_default_font()


func _ready() -> void:
	RoomtoneDaemon.of(self).measured.connect(_measure)


func _process(delta_s: float) -> void:
	_asked_s += delta_s
	if _asked_s >= _ASK_EVERY_S:
		_asked_s = 0.0
		RoomtoneDaemon.of(self).ask_stats()
	queue_redraw()


func _measure(stats: Dictionary) -> void:
	_levels_db.clear()
	for stream: Dictionary in stats["streams"]:
		var loudest: float = _levels_db.get(stream["layer"], -200.0)
		_levels_db[stream["layer"]] = maxf(loudest, stream["level_db"])


func _draw() -> void:
	var rows := 3.0
	for scene in _walk.scenes:
		rows += 1.6 + scene.layer_names().size()
	draw_rect(Rect2(16.0, 16.0, 440.0, rows * _ROW), _PANEL)
	var y := 40.0
	_write(Vector2(28.0, y), Story.caption(_walk.share), _INK)
	y += _ROW
	_write(Vector2(28.0, y), _state(), _FAINT)
	y += 1.3 * _ROW
	for scene in _walk.scenes:
		y = _draw_scene(scene, y)


func _state() -> String:
	var daemon := RoomtoneDaemon.of(self)
	if not daemon.is_daemon_there():
		return (
			"the daemon starts …"
			if daemon.client == null
			else "no daemon: what is heard is concealed"
		)
	var stats := daemon.client.stats()
	return "underruns %d, reconnects %d" % [stats["underruns"], stats["reconnects"]]


func _draw_scene(scene: RoomtoneScene, y: float) -> float:
	var colour: Color = _COLOURS[scene.scene_name]
	var title := (
		"%s   %.0f %%   %.0f ms" % [scene.scene_name, 100.0 * scene.level, scene.buffered_ms()]
	)
	_write(Vector2(28.0, y), title, colour)
	y += _ROW
	for layer in scene.layer_names():
		_draw_layer(scene, layer, y, colour)
		y += _ROW
	return y + 0.6 * _ROW


func _draw_layer(scene: RoomtoneScene, layer: String, y: float, colour: Color) -> void:
	var node := scene.get_layer(layer)
	_write(Vector2(44.0, y), layer + _whence(node), _INK)
	var heard_db: float = _levels_db.get(layer, -200.0) + node.volume_db
	var way := clampf(1.0 - heard_db / _QUIETEST_DB, 0.0, 1.0)
	var bar := Rect2(316.0, y - 10.0, _BAR, 8.0)
	draw_rect(bar, Color(_FAINT, 0.25))
	draw_rect(Rect2(bar.position, Vector2(_BAR * way, bar.size.y)), colour)


func _whence(node: Node) -> String:
	return "" if node.feed.source == "" else "  (%s)" % node.feed.source


func _write(at: Vector2, text: String, colour: Color) -> void:
	draw_string(_font, at, text, HORIZONTAL_ALIGNMENT_LEFT, -1.0, 14, colour)
