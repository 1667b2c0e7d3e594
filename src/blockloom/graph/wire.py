"""What is known of the main wire before a run: which names it carries and who wrote them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeVar

from rpds import HashTrieMap

from blockloom.graph.choices import Presence

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Written:
    """Who wrote a name last. ``presence`` says whether the value is there and not None, ``truth``
    whether it is a true value, which is known only of what is typed and of defaults.

    ``is_certain`` is false where the node may or may not have written it.
    """

    node_id: str
    is_certain: bool = True
    presence: Presence = True
    truth: Presence = None


@dataclass(frozen=True, slots=True)
class Wire:
    """The main wire behind a node; persistent, so that a long chain shares what it carries.

    ``bundles`` maps a bundle's name to its members and who put them in. ``opened_by`` is the last
    node that may have written anything ("" if there is none); what was written before it is in
    ``covered``, what was written after it, or all there is, in ``names``.
    """

    names: HashTrieMap[str, Written] = field(default_factory=HashTrieMap)
    bundles: HashTrieMap[str, HashTrieMap[str, str]] = field(default_factory=HashTrieMap)
    covered: HashTrieMap[str, Written] = field(default_factory=HashTrieMap)
    opened_by: str = ""

    def presence(self, name: str) -> Presence:
        """Whether a value (that is not None) is there; None where nobody can say."""
        written = self.writer(name)
        return False if written is None else written.presence

    def truth(self, name: str) -> Presence:
        """Whether a value is there and true; None where nobody can say."""
        written = self.writer(name)
        if written is None or written.presence is False:
            return False
        return written.truth if written.is_certain else None

    def writer(self, name: str) -> Written | None:
        """Who wrote a name last, or may have."""
        written = self.names.get(name)
        if written is not None or not self.opened_by:
            return written
        below = self.covered.get(name)
        if below is not None and below.presence is True:
            return replace(below, is_certain=False)
        return Written(self.opened_by, is_certain=False, presence=None)

    def members(self, bundle: str) -> HashTrieMap[str, str]:
        """The names in a bundle, with the nodes that put them in."""
        return self.bundles.get(bundle) or HashTrieMap()

    def with_name(self, name: str, written: Written, bundle: str = "") -> Wire:
        """This wire with a name written, or possibly written, by a node."""
        if not written.is_certain:
            before = self.presence(name)
            written = replace(written, presence=before or written.presence)
            if before is None and written.presence is False:
                written = replace(written, presence=None)
        bundles = self.bundles
        if bundle:
            members = self.members(bundle).insert(name, written.node_id)
            bundles = bundles.insert(bundle, members)
        return replace(self, names=self.names.insert(name, written), bundles=bundles)

    def opened(self, node_id: str) -> Wire:
        """This wire behind a node that may have written anything."""
        covered = _on_top(self.covered, self.names, _later)
        return Wire(HashTrieMap(), self.bundles, covered, node_id)

    def joined(self, later: Wire) -> Wire:
        """This wire with another on top; costs as much as the smaller of the two."""
        if later is self:
            return self
        bundles = self.bundles
        for bundle, members in later.bundles.items():
            bundles = bundles.insert(bundle, _on_top(self.members(bundle), members, _last))
        if later.opened_by:
            below = _on_top(self.covered, self.names, _later)
            covered = _on_top(below, later.covered, _later)
            return Wire(later.names, bundles, covered, later.opened_by)
        names = _on_top(self.names, later.names, _later)
        return Wire(names, bundles, self.covered, self.opened_by)


NEW_WIRE = Wire()
"""A wire that carries nothing yet."""


def _last(_: str, later: str) -> str:
    return later


def _later(earlier: Written, later: Written) -> Written:
    if later.is_certain or earlier.presence is False:
        return later
    return replace(later, presence=earlier.presence)


def _on_top(
    lower: HashTrieMap[str, _Value],
    upper: HashTrieMap[str, _Value],
    merge: Callable[[_Value, _Value], _Value],
) -> HashTrieMap[str, _Value]:
    """Both maps in one, going through the smaller of them; ``merge`` takes (lower, upper)."""
    if len(upper) <= len(lower):
        merged = lower
        for name, value in upper.items():
            below = lower.get(name)
            merged = merged.insert(name, value if below is None else merge(below, value))
        return merged
    merged = upper
    for name, value in lower.items():
        above = upper.get(name)
        if above is None:
            merged = merged.insert(name, value)
            continue
        both = merge(value, above)
        if both is not above:
            merged = merged.insert(name, both)
    return merged
