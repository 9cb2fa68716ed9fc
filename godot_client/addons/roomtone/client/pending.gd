extends RefCounted
## Requests that wait for their answers, by their number, in the order in which they were made. One thread.


## One request.
class Request:
	extends RefCounted
	## With its [code]id[/code].
	var message: Dictionary
	## Takes the daemon's answer before anything that comes after it, or null and the refusal.
	var act: Callable
	## Puts today's handles into the message, should it have to be sent again.
	var renumber: Callable

	func _init(asked: Dictionary, on_answer: Callable, put_handles: Callable) -> void:
		message = asked
		act = on_answer
		renumber = put_handles


var _requests := {}


## Waits for an answer.
func add(request: Request) -> void:
	_requests[request.message["id"]] = request


## Gives a message to the request that it answers; whether there is one.
func settle(message: Dictionary) -> bool:
	var id: int = message.get("id", 0)
	if not _requests.has(id):
		return false
	var request: Request = _requests[id]
	_requests.erase(id)
	if message["t"] == "error":
		request.act.call({}, refusal(message))
	else:
		request.act.call(message, null)
	return true


## Returns what must be sent again on a new connection.
func messages() -> Array[Dictionary]:
	var again: Array[Dictionary] = []
	for request: Request in _requests.values():
		again.append(request.renumber.call(request.message))
	return again


## Waits for nothing more, and tells nobody.
func forget() -> void:
	_requests.clear()


## Tells everyone who waits that no answer will come.
func fail(reason: RoomtoneError) -> void:
	var waiting := _requests.values()
	_requests.clear()
	for request: Request in waiting:
		request.act.call({}, reason)


## Makes the daemon's words an error.
static func refusal(message: Dictionary) -> RoomtoneError:
	return RoomtoneError.make(message["code"], message["what"], message["fix"], message["at"])
