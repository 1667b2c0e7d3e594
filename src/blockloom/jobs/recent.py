"""What was made of the last texts that came, for those that come again just as they were."""

from __future__ import annotations

from collections import OrderedDict
from typing import Generic, TypeVar

Text = TypeVar("Text", str, bytes)
Value = TypeVar("Value")


class Recent(Generic[Text, Value]):
    """The last ``count`` values by the text they were made from, of ``size`` letters together.

    Whoever gets a value shares it, and leaves it as it is.
    """

    def __init__(self, count: int, size: int) -> None:
        self._count = count
        self._size = size
        self._known: OrderedDict[Text, Value] = OrderedDict()

    def get(self, text: Text) -> Value | None:
        """What was made of exactly this text, if it is still known."""
        if text in self._known:
            self._known.move_to_end(text)
        return self._known.get(text)

    def put(self, text: Text, value: Value) -> None:
        """Remember a value, and forget the oldest."""
        self._known[text] = value
        self._known.move_to_end(text)
        while sum(map(len, self._known)) > self._size or len(self._known) > self._count:
            self._known.popitem(last=False)
