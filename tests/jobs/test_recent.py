"""The last few values by the text they were made from."""

from __future__ import annotations

from blockloom.jobs.recent import Recent


def test_the_last_ones_are_known():
    recent: Recent[str, int] = Recent(2, 100)
    recent.put("a", 1)
    recent.put("b", 2)
    assert recent.get("a") == 1
    recent.put("c", 3)
    assert [recent.get(text) for text in "abc"] == [1, None, 3]
    recent.put("a", 4)
    assert recent.get("a") == 4


def test_long_texts_leave_room_for_no_others():
    recent: Recent[bytes, str] = Recent(9, 10)
    recent.put(b"short", "first")
    recent.put(b"as short", "second")
    assert (recent.get(b"short"), recent.get(b"as short")) == (None, "second")
    recent.put(b"far too long", "third")
    assert recent.get(b"far too long") is None
    assert recent.get(b"as short") is None
