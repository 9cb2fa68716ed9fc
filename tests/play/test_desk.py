import pytest

from roomtone.play.desk import Desk, Morph, Move
from roomtone.play.keys import DOWN, LEFT, QUIT, RIGHT, UP, name_key, name_scan_code
from roomtone.wire.messages import ParameterInfo

RAIN = ParameterInfo(name="rain", value=0.4, default=0.4, low=0.0, high=1.0, unit="", wraps=False)
HOUR = ParameterInfo(name="hour", value=23.0, default=18.0, low=0.0, high=24.0, unit="h", wraps=True)
MOODS = {"storm": {"rain": 1.0}, "calm": {"rain": 0.1, "hour": 6.0}}


@pytest.fixture
def desk() -> Desk:
    return Desk.of((RAIN, HOUR), MOODS)


def pressed(desk: Desk, *keys: str) -> tuple[Desk, object]:
    action: object = None
    for key in keys:
        desk, action = desk.press(key)
    return desk, action


def test_up_and_down_move_the_parameter_in_hand(desk: Desk):
    assert pressed(desk, UP)[1] == Move(name="rain", value=0.45)
    assert pressed(desk, DOWN, DOWN)[1] == Move(name="rain", value=0.3)


def test_a_parameter_stops_at_the_ends_of_its_range_and_a_circle_goes_round(desk: Desk):
    assert pressed(desk, *[UP] * 30)[1] == Move(name="rain", value=1.0)
    assert pressed(desk, "2", UP)[1] == Move(name="hour", value=0.2)


def test_numbers_and_arrows_choose_a_parameter(desk: Desk):
    assert pressed(desk, "2")[0].selected == 1
    assert pressed(desk, RIGHT, RIGHT)[0].selected == 0
    assert pressed(desk, LEFT)[0].selected == 1
    assert pressed(desk, "9") == (desk, None)


def test_m_goes_round_the_moods_and_moves_from_where_they_lead(desk: Desk):
    stormy, action = pressed(desk, "m")
    assert action == Morph(mood="storm")
    assert stormy.press(DOWN)[1] == Move(name="rain", value=0.95)
    assert pressed(desk, "m", "m")[1] == Morph(mood="calm")
    assert pressed(desk, "m", "m", "m")[1] == Morph(mood="storm")


def test_the_line_shows_the_parameter_in_hand_first_and_fits(desk: Desk):
    assert desk.line(200).startswith("1 rain ████░░░░░░ 0.4  2 hour 23h")
    assert pressed(desk, "2", "m")[0].line(200).startswith("2 hour ██████████ 23h  mood storm  1 rain 1")
    assert len(desk.line(10)) == 10


def test_a_scene_without_parameters_has_nothing_to_move():
    desk = Desk.of((), {})
    for key in (UP, DOWN, "1", "m", RIGHT):
        assert desk.press(key) == (desk, None)


@pytest.mark.parametrize(
    ("typed", "name"),
    [("\x1b[A", UP), ("\x1bOB", DOWN), ("\x1b[C", RIGHT), ("\x1b[D", LEFT), ("+", UP), ("-", DOWN), ("q", QUIT),
     ("\x1b", QUIT), ("\x03", QUIT), ("7", "7"), ("\x1b[5~", ""), ("", "")],
)  # fmt: skip
def test_what_a_terminal_sends_is_named(typed: str, name: str):
    assert name_key(typed) == name


def test_what_a_windows_console_sends_is_named():
    assert [name_scan_code(code) for code in "HPMKG"] == [UP, DOWN, RIGHT, LEFT, ""]
