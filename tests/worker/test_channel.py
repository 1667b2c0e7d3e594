"""Messages between two processes, told apart from whatever else they hold."""

from __future__ import annotations

import json
import math
import multiprocessing
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blockloom.jobs.channel import Channel
from blockloom.jobs.total_json import dump_total, total
from blockloom.worker.step_sieve import FREE_STEPS, StepSieve

anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters())
    | st.binary()
    | st.builds(object),
    lambda inner: (
        st.lists(inner)
        | st.tuples(inner)
        | st.dictionaries(st.text() | st.integers(), inner)
        | st.frozensets(st.integers())
    ),
    max_leaves=20,
)


@pytest.fixture
def ends():
    one, other = multiprocessing.Pipe()
    yield Channel(one, "one"), Channel(other, "other")
    one.close()
    other.close()


@given(anything)
def test_anything_can_be_sent(value):
    text = dump_total({"value": value})
    text.decode("ascii")

    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    found = json.loads(text, parse_constant=refuse)
    json.dumps(found, ensure_ascii=False).encode("utf-8")


def test_plain_json_is_left_as_it_is():
    value = {"a": [1, 2.5, None, True, "é€😀"], "b": {"c": []}}
    assert json.loads(dump_total(value)) == value
    assert total(value) == value


def test_what_json_cannot_say_is_said_as_a_text():
    endless: list = []
    endless.append(endless)
    assert total(math.nan) == "nan"
    assert total(-math.inf) == "-inf"
    assert total("\ud800") == "\\ud800"
    assert total({1: object()}) == {"1": "<object>"}
    assert total((1, 2)) == [1, 2]
    assert total(1 << 5000) == hex(1 << 5000)
    assert b"\\u2026" in dump_total(endless)


def test_messages_and_blobs_arrive_in_order(ends):
    one, other = ends
    for number in range(2000):
        blob = b"%d" % number if number % 3 == 0 else None
        one.send({"type": "x", "number": number, "has_blob": blob is not None}, blob)
    heard: list = []
    while len(heard) < 2000:
        heard += other.receive()
    assert [message["number"] for message, _ in heard] == list(range(2000))
    assert [blob for _, blob in heard] == [
        b"%d" % number if number % 3 == 0 else b"" for number in range(2000)
    ]


def test_sending_never_waits_for_the_other_end(ends):
    one, other = ends
    started = time.monotonic()
    for _ in range(10):
        one.send({"type": "x", "has_blob": True}, b"x" * 2**20)
    assert time.monotonic() - started < 1
    assert not one.flush(0.05)
    heard: list = []
    reader = threading.Thread(target=lambda: [heard.extend(other.receive()) for _ in range(1)])
    reader.start()
    reader.join()
    while len(heard) < 10:
        heard += other.receive()
    assert one.flush(5)
    assert {len(blob) for _, blob in heard} == {2**20}


def test_the_end_of_the_other_side_is_told():
    one, other = multiprocessing.Pipe()
    channel: Channel = Channel(one, "one")
    other.close()
    with pytest.raises(EOFError):
        channel.receive()
    channel.send({"type": "x"})
    assert not channel.flush(5)
    channel.send({"type": "x"})
    one.close()


@pytest.mark.parametrize("frame", [b"", b"{", b"\xff", b"12", b"\x80\x04N."])
def test_a_broken_frame_ends_the_connection(frame):
    one, other = multiprocessing.Pipe()
    channel: Channel = Channel(one, "one")
    other.send_bytes(frame)
    with pytest.raises(EOFError):
        channel.receive()
    one.close()
    other.close()


def test_a_flood_of_steps_is_thinned_out_and_its_end_is_told():
    now = 0.0
    sieve = StepSieve(lambda: now)

    def step(done: int) -> bool:
        event = {"event": "node_step", "node_id": "a", "done": done, "total": 10_000}
        return sieve.lets_pass(event)

    passed = []
    for done in range(1, 10_001):
        now += 0.001
        if step(done):
            passed.append(done)
    assert passed[:FREE_STEPS] == list(range(1, FREE_STEPS + 1))
    assert passed[-1] == 10_000
    assert FREE_STEPS + 400 < len(passed) < FREE_STEPS + 600
    assert sieve.lets_pass({"event": "node_started", "node_id": "b"})
    assert step(1)
