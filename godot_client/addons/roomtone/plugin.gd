@tool
extends EditorPlugin
## Puts the daemon among the autoloads, its settings among the project's, and the dock beside the inspector.

const Settings := preload("settings.gd")

const _DAEMON := "res://addons/roomtone/nodes/daemon.gd"


func _enable_plugin() -> void:
	add_autoload_singleton(RoomtoneDaemon.AUTOLOAD, _DAEMON)


func _disable_plugin() -> void:
	remove_autoload_singleton(RoomtoneDaemon.AUTOLOAD)


func _enter_tree() -> void:
	Settings.show()
