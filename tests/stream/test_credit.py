"""Credit: the client's clock is the master, and the daemon never goes further than it was let."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roomtone.audio import BLOCK_FRAMES
from roomtone.errors import WireError
from roomtone.stream.credit import MAX_AHEAD_FRAMES, Credit


def granted(blocks: float, *, received: int = 0) -> Credit:
    credit = Credit(next_frame=0)
    credit.grant(until_frame=round(blocks * BLOCK_FRAMES), received_frame=received)
    return credit


def spent(credit: Credit) -> int:
    """How many blocks go before the account says stop."""
    count = 0
    while credit.due():
        credit.spend()
        count += 1
    return count


def test_nothing_is_due_without_credit():
    assert spent(Credit(next_frame=0)) == 0
    assert spent(Credit(next_frame=4800)) == 0


@pytest.mark.parametrize(("blocks", "sent"), [(0, 0), (1, 0), (1.9, 0), (2, 1), (2.5, 1), (10, 9)])
def test_the_last_block_that_is_whole_stays_in_hand(blocks: float, sent: int):
    assert spent(granted(blocks)) == sent


def test_a_parameter_lets_the_block_in_hand_go_once():
    credit = granted(4)
    spent(credit)
    credit.hurry()
    assert spent(credit) == 1
    assert not credit.due()


def test_a_parameter_without_credit_hurries_the_next_block_that_is_granted():
    credit = Credit(next_frame=0)
    credit.hurry()
    assert not credit.due()
    credit.grant(until_frame=BLOCK_FRAMES, received_frame=0)
    assert spent(credit) == 1


def test_a_grant_that_arrives_late_takes_nothing_back():
    credit = granted(10)
    spent(credit)
    credit.grant(until_frame=10 * BLOCK_FRAMES, received_frame=5 * BLOCK_FRAMES)
    credit.grant(until_frame=2 * BLOCK_FRAMES, received_frame=BLOCK_FRAMES)
    assert (credit.until_frame, credit.received_frame) == (10 * BLOCK_FRAMES, 5 * BLOCK_FRAMES)


def test_credit_beyond_what_is_kept_for_a_resume_does_not_count():
    assert spent(granted(1e6)) == MAX_AHEAD_FRAMES // BLOCK_FRAMES - 1
    late = Credit(next_frame=96_000_000)
    late.grant(until_frame=2**53 - 1, received_frame=0)
    assert spent(late) == MAX_AHEAD_FRAMES // BLOCK_FRAMES - 1


def test_what_was_never_sent_cannot_be_acknowledged_and_the_grant_beside_it_does_not_count():
    credit = granted(3)
    spent(credit)
    with pytest.raises(WireError, match="credit-ahead"):
        credit.grant(until_frame=50 * BLOCK_FRAMES, received_frame=3 * BLOCK_FRAMES)
    assert (credit.until_frame, credit.received_frame) == (3 * BLOCK_FRAMES, 0)


def test_credit_of_a_lost_connection_is_gone_and_what_was_received_is_not():
    credit = granted(10)
    spent(credit)
    credit.grant(until_frame=10 * BLOCK_FRAMES, received_frame=4 * BLOCK_FRAMES)
    credit.withdraw()
    assert not credit.due()
    assert credit.received_frame == 4 * BLOCK_FRAMES
    credit.grant(until_frame=12 * BLOCK_FRAMES, received_frame=0)
    assert spent(credit) == 2


@given(
    deeds=st.lists(
        st.one_of(
            st.tuples(st.just("grant"), st.integers(0, 2**53 - 1), st.integers(0, 2**53 - 1)),
            st.tuples(st.just("grant"), st.integers(0, 300_000), st.integers(0, 100_000)),
            st.tuples(st.just("hurry")),
            st.tuples(st.just("withdraw")),
        ),
        max_size=30,
    )
)
def test_no_client_can_make_the_daemon_send_what_was_not_granted_or_more_than_is_kept(deeds: list[tuple]):
    credit, promised = Credit(next_frame=0), 0
    for deed, *numbers in deeds:
        if deed == "grant":
            try:
                credit.grant(until_frame=numbers[0], received_frame=numbers[1])
                promised = max(promised, numbers[0])
            except WireError:
                assert numbers[1] > credit.next_frame
        else:
            getattr(credit, deed)()
        while credit.due():
            credit.spend()
            assert credit.next_frame <= promised
            assert credit.next_frame <= credit.received_frame + MAX_AHEAD_FRAMES
        assert credit.received_frame <= credit.next_frame
