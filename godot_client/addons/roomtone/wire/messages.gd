extends RefCounted
## Every message of the protocol, one row each. The text of record is protocol/SPEC.md.
##
## A field is [code][shape][/code] if it is required, else [code][shape, default][/code]. A shape is an array: its
## kind, then its limits, both ends included.

const Limits := preload("limits.gd")

const REQUEST_ID := ["int", 1, Limits.MAX_ID]
const ANSWER_ID := ["int", 0, Limits.MAX_ID]
const HANDLE := ["int", 1, Limits.MAX_ID]
const FRAME := ["int", 0, Limits.MAX_FRAME]
const COUNT := ["int", 0, Limits.MAX_FRAME]
const VERSION := ["int", 1, 65535]
const OFFSET := ["int", 0, Limits.MAX_PCM_BYTES]
const CHANNELS := ["int", 1, 2]
const FLAG := ["bool"]
const NUMBER := ["float"]
const SECONDS := ["float", 0.0, 86400.0]
const ELAPSED := ["float", 0.0]
const METRES := ["float", -1e9, 1e9]
const DISTANCE := ["float", 0.0, 1e9]
const NAME := ["string", 1, Limits.MAX_NAME_BYTES]
const UNIT := ["string", 0, Limits.MAX_NAME_BYTES]
const LABEL := ["string", 0, 256]
const SECRET := ["string", 0, 256]
const PROMPT := ["string", 1, Limits.MAX_PROMPT_BYTES]
const TEXT := ["string", 0, Limits.MAX_TEXT_BYTES]
const FORMAT := ["choice", ["f32", "s16"]]
const MADE_CHANNELS := ["choice", [0, 1, 2]]
const VECTOR := ["tuple", [METRES, METRES, METRES]]
const VALUES := ["map", NAME, NUMBER, 0, Limits.MAX_PER_SCENE]
const NAMES := ["array", NAME, 0, Limits.MAX_PER_SCENE]
const HANDLES := ["array", HANDLE, 0, Limits.MAX_STREAMS]
const PARAMETERS := ["array", ["record", "parameter_info"], 0, Limits.MAX_PER_SCENE]
const LAYERS := ["array", ["record", "layer_info"], 0, Limits.MAX_PER_SCENE]

const RECORDS := {
	"scene_resume":
	{
		"scene": [HANDLE],
		"name": [NAME],
		"next_frame": [FRAME],
		"streams": [HANDLES],
	},
	"parameter_info":
	{
		"name": [NAME],
		"value": [NUMBER],
		"default": [NUMBER],
		"low": [NUMBER],
		"high": [NUMBER],
		"unit": [UNIT],
		"wraps": [FLAG],
	},
	"layer_info":
	{
		"name": [NAME],
		"channels": [CHANNELS],
		"placement": [["record", "placement_info"]],
	},
	"placement_info":
	{
		"kind": [["choice", ["bed", "point", "area", "scatter"]]],
		"at_m": [VECTOR, [0.0, 0.0, 0.0]],
		"near_m": [DISTANCE, 0.0],
		"reach_m": [DISTANCE, 0.0],
		"distance_m": [["tuple", [DISTANCE, DISTANCE]], [0.0, 0.0]],
	},
	"stream_stats":
	{
		"stream": [HANDLE],
		"layer": [NAME],
		"audible": [FLAG],
		"level_db": [["float", -200.0, 200.0]],
		"sent_frames": [COUNT],
	},
}

const FROM_CLIENT := {
	"hello":
	{
		"id": [REQUEST_ID],
		"versions": [["array", VERSION, 1, 16]],
		"client": [LABEL, ""],
		"token": [SECRET, ""],
		"session": [SECRET, ""],
	},
	"open_scene":
	{
		"id": [REQUEST_ID],
		"name": [NAME],
		"seed": [["maybe", FRAME], null],
		"first_frame": [FRAME, 0],
		"values": [VALUES, {}],
	},
	"close_scene": {"id": [REQUEST_ID], "scene": [HANDLE]},
	"open_layer":
	{
		"id": [REQUEST_ID],
		"scene": [HANDLE],
		"layer": [NAME],
		"format": [FORMAT, "f32"],
		"channels": [MADE_CHANNELS, 0],
	},
	"request":
	{
		"id": [REQUEST_ID],
		"scene": [HANDLE],
		"layer": [NAME],
		"prompt": [PROMPT],
		"model": [UNIT, ""],
		"variations": [["int", 1, 16], 4],
		"seconds": [["float", 1.0, 60.0], 10.0],
		"loop": [FLAG, false],
		"gain_db": [["float", -120.0, 6.0], 0.0],
		"placement": [["maybe", ["record", "placement_info"]], null],
		"format": [FORMAT, "f32"],
		"channels": [MADE_CHANNELS, 0],
	},
	"close_layer": {"id": [REQUEST_ID], "stream": [HANDLE]},
	"set": {"id": [REQUEST_ID], "scene": [HANDLE], "values": [VALUES], "at_frame": [FRAME, 0]},
	"morph":
	{
		"id": [REQUEST_ID],
		"scene": [HANDLE],
		"mood": [NAME],
		"over_s": [SECONDS],
		"at_frame": [FRAME, 0],
	},
	"credit": {"scene": [HANDLE], "until_frame": [FRAME], "received_frame": [FRAME]},
	"listener": {"scene": [HANDLE], "at_m": [VECTOR]},
	"govern":
	{
		"max_share": [["float", 0.0, 1.0]],
		"max_vram_gb": [["maybe", ["float", 0.0, 1e6]], null],
	},
	"get_stats": {"id": [REQUEST_ID]},
	"bye": {"reason": [LABEL, ""]},
}

const FROM_DAEMON := {
	"welcome":
	{
		"id": [REQUEST_ID],
		"version": [VERSION],
		"server": [LABEL],
		"session": [SECRET],
		"resumed": [FLAG],
		"rate_hz": [["int", 1, 192000]],
		"block_frames": [["int", 1, 48000]],
		"max_ahead_frames": [FRAME],
		"linger_s": [SECONDS],
		"scenes": [["array", NAME, 0, Limits.MAX_SCENES]],
		"scenes_open": [["array", ["record", "scene_resume"], 0, Limits.MAX_STREAMS], []],
	},
	"scene_opened":
	{
		"id": [REQUEST_ID],
		"scene": [HANDLE],
		"name": [NAME],
		"first_frame": [FRAME],
		"parameters": [PARAMETERS],
		"moods": [NAMES],
		"layers": [LAYERS],
		"neighbours": [NAMES],
	},
	"scene_closed": {"id": [ANSWER_ID], "scene": [HANDLE]},
	"layer_opened":
	{
		"id": [REQUEST_ID],
		"scene": [HANDLE],
		"stream": [HANDLE],
		"layer": [NAME],
		"format": [FORMAT],
		"channels": [CHANNELS],
		"first_frame": [FRAME],
	},
	"layer_closed": {"id": [ANSWER_ID], "stream": [HANDLE], "end_frame": [FRAME]},
	"applied": {"id": [REQUEST_ID], "scene": [HANDLE], "at_frame": [FRAME]},
	"audio":
	{
		"scene": [HANDLE],
		"first_frame": [FRAME],
		"frames": [["int", 1, 48000]],
		"streams": [["array", ["tuple", [HANDLE, OFFSET, OFFSET]], 0, Limits.MAX_STREAMS]],
		"more": [FLAG, false],
	},
	"scene_changed":
	{
		"scene": [HANDLE],
		"at_frame": [FRAME],
		"added": [NAMES],
		"changed": [NAMES],
		"removed": [NAMES],
		"parameters": [PARAMETERS],
		"moods": [NAMES],
		"layers": [LAYERS],
		"neighbours": [NAMES],
	},
	"layer_event":
	{
		"stream": [HANDLE],
		"event": [LABEL],
		"at_frame": [FRAME],
		"offset_m": [VECTOR, [0.0, 0.0, 0.0]],
		"source": [["choice", ["", "stand_in", "nearest", "exact"]], ""],
		"bank": [TEXT, ""],
		"reason": [LABEL, ""],
	},
	"stats":
	{
		"id": [REQUEST_ID],
		"uptime_s": [ELAPSED],
		"clients": [COUNT],
		"streams_total": [COUNT],
		"render_load": [ELAPSED],
		"late_blocks": [COUNT],
		"resident_bytes": [COUNT],
		"streams": [["array", ["record", "stream_stats"], 0, Limits.MAX_STREAMS]],
	},
	"error":
	{
		"id": [ANSWER_ID],
		"code": [NAME],
		"what": [TEXT],
		"at": [TEXT, ""],
		"fix": [TEXT, ""],
	},
	"bye": {"reason": [LABEL, ""]},
}
