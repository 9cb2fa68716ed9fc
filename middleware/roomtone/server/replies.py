"""One function per request: what the daemon does about it."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, Final

from roomtone.audio import BLOCK_FRAMES
from roomtone.errors import RoomtoneError, SceneErrors, WireError
from roomtone.layers.describe import describe_layers, describe_parameters
from roomtone.layers.performance import Performance
from roomtone.layers.playing import Playing
from roomtone.layers.sources import Moment, same_source, start_source
from roomtone.memory import resident_bytes
from roomtone.models.crew import Governor
from roomtone.scene.model import Layer, Scene
from roomtone.server.house import House
from roomtone.server.requests import Requested, check_new_layer, read_request
from roomtone.server.session import MOST_PLANNED, Session
from roomtone.server.stage import Stage
from roomtone.stream.outbox import Stream
from roomtone.wire.messages import (
    Applied,
    Bye,
    CloseLayer,
    CloseScene,
    Credit,
    GetStats,
    Govern,
    LayerClosed,
    LayerOpened,
    Listener,
    Morph,
    OpenLayer,
    OpenScene,
    Request,
    SceneClosed,
    SceneOpened,
    Set,
    Stats,
    StreamStats,
)
from roomtone.wire.refusal import error_reply

# A level that JSON and msgpack can carry where there is no sound at all.
_NO_LEVEL_DB: Final = -200.0


def _open_scene(house: House, session: Session, message: OpenScene) -> None:
    house.check_open()
    session.check_room_for_scene()
    if message.first_frame % BLOCK_FRAMES:
        raise WireError(
            "request.unaligned-frame",
            at="first_frame",
            what=f"{message.first_frame} is not a multiple of {BLOCK_FRAMES}",
            fix="start on a block",
        )
    good = house.library.good(message.name)
    if good is not None:
        _begin_scene(house, session, message, good)
        return
    session.opening += 1
    house.workshop.submit(
        partial(house.library.load, message.name),
        house.register.in_turn(session, partial(_scene_read, house, session, message)),
        house.register.in_turn(session, partial(_cannot_open, house, session, message)),
    )


def _scene_read(house: House, session: Session, message: OpenScene, scene: Scene) -> None:
    session.opening -= 1
    _begin_scene(house, session, message, house.edits.keep_scene(scene))


def _cannot_open(house: House, session: Session, message: OpenScene, error: RoomtoneError) -> None:
    session.opening -= 1
    if isinstance(error, SceneErrors):
        error = WireError("request.broken-scene", what=error.what, at=error.at, fix=error.fix)
    house.register.refuse(session, message.id, error)


def _begin_scene(house: House, session: Session, message: OpenScene, scene: Scene) -> None:
    if session.closed:
        return
    try:
        performance = Performance(
            scene, seed=message.seed, first_frame=message.first_frame, values=message.values
        )
    except RoomtoneError as error:
        house.register.refuse(session, message.id, error)
        return
    stage = Stage(session.new_handle(), performance)
    session.stages[stage.handle] = stage
    house.register.reply(
        session,
        SceneOpened(
            id=message.id,
            scene=stage.handle,
            name=scene.name,
            first_frame=performance.frame,
            parameters=describe_parameters(scene, performance.targets),
            moods=tuple(scene.moods),
            layers=describe_layers(scene),
            neighbours=scene.neighbours,
        ),
    )


def _close_scene(house: House, session: Session, message: CloseScene) -> None:
    session.stage(message.scene)
    del session.stages[message.scene]
    house.register.reply(session, SceneClosed(id=message.id, scene=message.scene))


def _open_layer(house: House, session: Session, message: OpenLayer) -> None:
    session.check_room_for_stream()
    stage = session.stage(message.scene)
    stage.performance.check_layer(message.layer)
    if stage.is_playing(message.layer):
        _begin_stream(house, session, stage, message)
    else:
        _prepare_layer(house, session, stage, message)


def _prepare_layer(house: House, session: Session, stage: Stage, message: OpenLayer | Request) -> None:
    scene, performance = stage.scene, stage.performance
    moment = Moment(first_frame=performance.frame, values=performance.values)
    session.preparing += 1
    house.workshop.submit(
        partial(start_source, scene, message.layer, seed=performance.seed, banks=house.banks, moment=moment),
        house.register.in_turn(
            session, partial(_begin_layer, house, session, stage, message, scene.layers[message.layer])
        ),
        house.register.in_turn(session, partial(_cannot_begin_layer, house, session, message)),
    )


def _cannot_begin_layer(
    house: House, session: Session, message: OpenLayer | Request, error: RoomtoneError
) -> None:
    session.preparing -= 1
    house.register.refuse(session, message.id, error)


def _begin_layer(
    house: House,
    session: Session,
    stage: Stage,
    message: OpenLayer | Request,
    layer: Layer,
    source: Playing,
) -> None:
    session.preparing -= 1
    if session.closed:
        return
    try:
        # The scene may have been closed, or its file edited, while the source was being made.
        session.stage(message.scene)
        stage.performance.check_layer(message.layer)
    except WireError as error:
        house.register.refuse(session, message.id, error)
        return
    if not same_source(layer, stage.scene.layers[message.layer]):
        _prepare_layer(house, session, stage, message)
        return
    if not stage.is_playing(message.layer):
        stage.performance.add(message.layer, source)
    _begin_stream(house, session, stage, message)


def _begin_stream(house: House, session: Session, stage: Stage, message: OpenLayer | Request) -> None:
    channels = message.channels or stage.performance.channels(message.layer)
    stream = Stream(session.new_handle(), message.layer, message.format, channels)
    first_frame = stage.add_stream(stream)
    house.register.reply(
        session,
        LayerOpened(
            id=message.id,
            scene=stage.handle,
            stream=stream.stream,
            layer=stream.layer,
            format=stream.format,
            channels=stream.channels,
            first_frame=first_frame,
        ),
    )


def _request(house: House, session: Session, message: Request) -> None:
    session.check_room_for_stream()
    stage = session.stage(message.scene)
    check_new_layer(message.layer, stage.scene, stage.requested)
    session.preparing += 1
    house.workshop.submit(
        partial(read_request, message, stage.scene),
        house.register.in_turn(session, partial(_add_requested, house, session, message)),
        house.register.in_turn(session, partial(_cannot_begin_layer, house, session, message)),
    )


def _add_requested(house: House, session: Session, message: Request, requested: Requested) -> None:
    session.preparing -= 1
    if session.closed:
        return
    try:
        # The scene may have been closed, or given a layer of that name, while the prompt was being read.
        stage = session.stage(message.scene)
        check_new_layer(message.layer, stage.scene, stage.requested)
    except WireError as error:
        house.register.refuse(session, message.id, error)
        return
    stage.add_requested(
        requested.layer,
        partial(house.register.send_block, session),
        partial(house.register.reply, session),
    )
    if requested.unknown is not None:
        house.register.reply(session, error_reply(requested.unknown))
    _prepare_layer(house, session, stage, message)


def _govern(house: House, session: Session, message: Govern) -> None:  # noqa: ARG001 - one shape for all
    session.governor = Governor(max_share=message.max_share, max_vram_gb=message.max_vram_gb)


def _close_layer(house: House, session: Session, message: CloseLayer) -> None:
    # A block that has begun has the stream; and it may be that with it a removed layer has faded out.
    session.stage_of_stream(message.stream).settle(
        partial(house.register.send_block, session), partial(house.register.reply, session)
    )
    end_frame = session.stage_of_stream(message.stream).close_stream(message.stream)
    house.register.reply(session, LayerClosed(id=message.id, stream=message.stream, end_frame=end_frame))


def _set(house: House, session: Session, message: Set) -> None:
    stage = _stage_to_steer(session, message)
    at_frame = stage.performance.set(message.values, message.at_frame)
    _applied(house, session, stage, message, at_frame, message.values)


def _morph(house: House, session: Session, message: Morph) -> None:
    stage = _stage_to_steer(session, message)
    at_frame = stage.performance.morph(message.mood, message.over_s, message.at_frame)
    _applied(house, session, stage, message, at_frame, stage.scene.moods[message.mood])


def _stage_to_steer(session: Session, message: Set | Morph) -> Stage:
    stage = session.stage(message.scene)
    ahead = message.at_frame > stage.performance.frame
    if ahead and stage.performance.planned >= MOST_PLANNED:
        raise WireError(
            "request.too-many-changes",
            what=f"{MOST_PLANNED} changes wait for later frames",
            fix="plan fewer changes ahead",
        )
    return stage


def _applied(
    house: House,
    session: Session,
    stage: Stage,
    message: Set | Morph,
    at_frame: int,
    parameters: Iterable[str],
) -> None:
    house.register.reply(session, Applied(id=message.id, scene=stage.handle, at_frame=at_frame))
    if at_frame == stage.performance.frame:
        stage.hurry(parameters, house.clock())


def _credit(house: House, session: Session, message: Credit) -> None:
    if not session.was_open(message.scene):
        session.stage(message.scene).grant(
            message, house.clock(), partial(house.register.send_block, session)
        )


def _listener(house: House, session: Session, message: Listener) -> None:  # noqa: ARG001 - one shape for all
    if not session.was_open(message.scene):
        session.stage(message.scene).performance.listen_at(message.at_m)


def _get_stats(house: House, session: Session, message: GetStats) -> None:
    house.register.reply(
        session,
        Stats(
            id=message.id,
            uptime_s=house.clock() - house.started_s,
            clients=len(house.register.everyone()),
            streams_total=house.register.streams,
            render_load=sum(stage.take_load() for stage in session.stages.values()),
            late_blocks=sum(stage.late_blocks for stage in session.stages.values()),
            resident_bytes=resident_bytes(),
            streams=tuple(
                StreamStats(
                    stream=stream.stream,
                    layer=stream.layer,
                    audible=stage.performance.audible(stream.layer),
                    level_db=max(stage.performance.level_db(stream.layer), _NO_LEVEL_DB),
                    sent_frames=stream.sent_frames,
                )
                for stage in session.stages.values()
                for stream in stage.streams.values()
            ),
        ),
    )


def _bye(house: House, session: Session, message: Bye) -> None:
    house.register.forget(session, f"the client said goodbye {message.reason!r}")


Reply = Callable[[House, Session, Any], None]

REPLIES: Final[Mapping[type, Reply]] = MappingProxyType(
    {
        OpenScene: _open_scene,
        CloseScene: _close_scene,
        OpenLayer: _open_layer,
        Request: _request,
        CloseLayer: _close_layer,
        Set: _set,
        Morph: _morph,
        Credit: _credit,
        Listener: _listener,
        Govern: _govern,
        GetStats: _get_stats,
        Bye: _bye,
    }
)
