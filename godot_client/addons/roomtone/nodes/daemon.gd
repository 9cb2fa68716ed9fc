@icon("res://addons/roomtone/icons/daemon.svg")
class_name RoomtoneDaemon
extends Node
## Where the daemon is: the autoload [code]Roomtone[/code], through which every scene of the game reaches it.
##
## Its settings stand in the project's settings under [code]roomtone/daemon[/code]; the environment variables
## ROOMTONE_ENDPOINT and ROOMTONE_TOKEN, as the daemon itself has them, win over those. Nothing is connected until the
## first scene is opened. On loopback a token keeps other programs out; beyond this computer the daemon asks for CURVE
## keys, which this client does not have: reach it through a tunnel (ssh -L 5570:localhost:5570).

## The daemon was reached for the first time.
signal connected(server: String)
## The daemon went away; what is missing is concealed, and the client keeps trying.
signal disconnected(reason: RoomtoneError)
## The daemon is back. [param resumed]: the streams go on sample for sample; else the scenes were opened anew.
signal reconnected(resumed: bool, away_s: float)
## The daemon will have nothing to do with this game; the client has stopped trying.
signal refused(reason: RoomtoneError)
## Something went wrong; also shown as a warning.
signal failed(reason: RoomtoneError)
## The daemon's answer to [method ask_stats].
signal measured(stats: Dictionary)

const Client := preload("../client/client.gd")
const DebugLink := preload("debug_link.gd")
const DaemonProcess := preload("daemon_process.gd")
const Settings := preload("../settings.gd")
const Zones := preload("zones.gd")

const AUTOLOAD := "Roomtone"

## Where the daemon listens.
@export var endpoint: String = Client.DEFAULT_ENDPOINT
## The daemon's access token, where it has one.
@export var token: String = ""
## How much is kept buffered: less is heard sooner, more survives longer hiccups.
@export_range(20.0, 1000.0, 1.0, "suffix:ms") var ahead_ms: float = 150.0
## Start a daemon with the game and end it with the game.
@export var starts_daemon: bool = false
## What starts it.
@export var command: String = "roomtone"
## The folder of scene files that it serves.
@export_dir var scenes_dir: String = "res://scenes"

## The connection; null until the first scene is opened.
var client: Client
## Who crossfades scenes by place.
var zones := Zones.new()
var _own_daemon: DaemonProcess
var _debug_link: DebugLink


func _init() -> void:
	process_mode = Node.PROCESS_MODE_ALWAYS
	Settings.read_into(self)


func _ready() -> void:
	_debug_link = DebugLink.new(self)


func _process(delta_s: float) -> void:
	if client != null:
		client.poll()
	zones.update()
	_debug_link.update(delta_s)


func _exit_tree() -> void:
	if client != null:
		client.close()
		client = null
	if _own_daemon != null:
		_own_daemon.stop()


## Finds the autoload; null where the plugin is not enabled.
static func of(node: Node) -> RoomtoneDaemon:
	if not node.is_inside_tree():
		return null
	return node.get_tree().root.get_node_or_null(AUTOLOAD) as RoomtoneDaemon


## Connects, if that has not been done; returns the client, or null if the settings cannot work.
func connect_client() -> Client:
	if client != null:
		return client
	if starts_daemon and not _start_daemon():
		return null
	var address := Client.parse_endpoint(endpoint)
	if address.is_empty():
		_fail(
			RoomtoneError.make(
				"settings.bad-endpoint",
				"'%s' is no endpoint" % endpoint,
				"write it as tcp://127.0.0.1:5570"
			)
		)
		return null
	client = Client.new(address[0], address[1], token, ahead_ms, _client_name())
	client.connected.connect(connected.emit)
	client.disconnected.connect(disconnected.emit)
	client.reconnected.connect(reconnected.emit)
	client.measured.connect(measured.emit)
	client.refused.connect(_refuse)
	client.failed.connect(_fail)
	return client


## Whether the daemon is there right now.
func is_daemon_there() -> bool:
	return client != null and client.is_daemon_there


## Names of scenes that can be opened, as of the last welcome.
func scenes() -> PackedStringArray:
	return PackedStringArray() if client == null else client.scenes


## Leaves more or less of the processor to the models while the game needs it.
##
## [param max_share]: of its time; 0 pauses them. [param max_vram_gb]: of its memory; null sets no limit.
func govern(max_share: float = 1.0, max_vram_gb: Variant = null) -> void:
	if connect_client() != null:
		client.govern(max_share, max_vram_gb)


## Asks the daemon how it is doing; [signal measured] tells.
func ask_stats() -> void:
	if client != null:
		client.ask_stats()


func _start_daemon() -> bool:
	_own_daemon = DaemonProcess.new()
	var error := _own_daemon.start(command, scenes_dir)
	if error != null:
		_fail(error)
		return false
	endpoint = _own_daemon.endpoint
	token = _own_daemon.token
	return true


func _refuse(reason: RoomtoneError) -> void:
	push_warning("Roomtone: the daemon refused this game: %s" % reason)
	refused.emit(reason)


func _fail(reason: RoomtoneError) -> void:
	push_warning("Roomtone: %s" % reason)
	failed.emit(reason)


static func _client_name() -> String:
	var game := str(ProjectSettings.get_setting("application/config/name", "game"))
	return ("%s, roomtone-godot %s" % [game, Client.VERSION]).left(64)
