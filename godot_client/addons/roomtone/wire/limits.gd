extends RefCounted
## What a message may hold: the numbers of protocol/SPEC.md.

const PROTOCOL_VERSION := 1
const MAX_ID := 2147483647
## 2^53 - 1: every double holds such a frame exactly.
const MAX_FRAME := 9007199254740991
const MAX_DEPTH := 8
## Whoever nests deeper is refused while reading, before a checker can say which field it is.
const MAX_NESTING := 32
const MAX_NAME_BYTES := 64
const MAX_TEXT_BYTES := 1024
const MAX_PROMPT_BYTES := 256
const MAX_PER_SCENE := 256
const MAX_STREAMS := 256
const MAX_SCENES := 4096
const MAX_PCM_BYTES := 1048576
## A ZMTP frame of the daemon's.
const MAX_FRAME_BYTES := 1048576
## A header and its PCM.
const MAX_FRAMES_OF_A_MESSAGE := 2

## What is refused before, or while, a header is decoded.
const FROM_CLIENT := {"frame_bytes": 65536, "string_bytes": 256, "items": 256}
const FROM_DAEMON := {"frame_bytes": 1048576, "string_bytes": MAX_TEXT_BYTES, "items": MAX_SCENES}
