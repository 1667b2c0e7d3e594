"""What is trusted: exactly the code that was looked at, kept in one file, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from blockloom.errors import StorageError, UsageError
from blockloom.trust import TrustBook, Trusted, not_trusted, read_code


@pytest.fixture
def book(tmp_path: Path) -> TrustBook:
    return TrustBook(tmp_path / "config" / "trust.json")


def entry(name: str, revision: str = "", commit: str = "", digest: str = "d") -> Trusted:
    return Trusted(name, revision, f"/where/{name}" if not commit else name, commit, digest)


def test_a_yes_is_for_one_commit_or_for_the_code_as_it_is(book: TrustBook) -> None:
    book.add(entry("mine"))
    book.add(entry("a/b", "main", "c" * 40))
    assert book.allows("/where/mine", "", "d")
    assert not book.allows("/where/mine", "", "other")
    assert not book.allows("/where/else", "", "d")
    assert book.allows("a/b", "c" * 40, "d")
    assert not book.allows("a/b", "e" * 40, "d")
    assert book.find("a/b", "main") == book.find("a/b", "c" * 40) == entry("a/b", "main", "c" * 40)
    assert book.find("a/b") is None
    assert book.knows("a/b", "c" * 40)
    assert not book.knows("a/b", "e" * 40)


def test_a_new_yes_replaces_the_one_before_and_can_be_taken_back(book: TrustBook) -> None:
    book.add(entry("mine"))
    book.add(entry("mine", digest="new"))
    book.add(entry("a/b", "main", "c" * 40))
    assert [e.digest for e in book.entries()] == ["new", "d"]
    assert book.remove("a/b", "dev") == 0
    assert book.remove("/where/mine") == 1
    assert book.remove("a/b") == 1
    assert book.entries() == ()
    assert [path.name for path in book.file.parent.iterdir()] == ["trust.json"]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"trusted": 1}',
        '{"trusted": [1, {"repository": "mine"}]}',
        '{"trusted": [{"repository": "mine", "revision": "", "location": "/where/mine", '
        '"commit": null, "digest": "d"}]}',
        "[" * 100_000,
        "\x00",
    ],
)
def test_a_damaged_file_trusts_nothing(book: TrustBook, text: str) -> None:
    book.add(entry("mine"))
    assert book.file is not None
    book.file.write_text(text)
    assert book.entries() == ()
    assert not book.allows("/where/mine", "", "d")


def test_without_settings_nothing_is_trusted_or_written() -> None:
    assert TrustBook().entries() == ()
    with pytest.raises(UsageError):
        TrustBook().add(entry("mine"))


def test_what_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="cannot be written"):
        TrustBook(tmp_path / "file" / "trust.json").add(entry("mine"))


def test_the_digest_follows_all_code_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "block.py").write_text("one = 1")
    digests = [read_code(tmp_path).digest]
    for name, text in (
        ("parts/more.py", "two = 2"),
        ("block.py", "one = 2"),
        ("modular_config.json", json.dumps({"auto_map": {}})),
        ("parts/__init__.py", ""),
    ):
        (tmp_path / name).write_text(text)
        digests.append(read_code(tmp_path).digest)
    (tmp_path / "parts" / "more.py").rename(tmp_path / "parts" / "other.py")
    digests.append(read_code(tmp_path).digest)
    assert len(set(digests)) == len(digests)
    (tmp_path / "weights.safetensors").write_bytes(b"0")
    (tmp_path / "README.md").write_text("Read me.")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "hook.py").write_text("")
    assert read_code(tmp_path).digest == digests[-1]


def test_links_to_other_folders_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "big.py").write_text("")
    (tmp_path / "here" / "link").symlink_to(tmp_path / "there")
    assert read_code(tmp_path / "here").files == {}


def test_the_command_is_safe_to_paste() -> None:
    assert not_trusted("a/b", "main").endswith("type: blockloom trust a/b@main")
    assert not_trusted("my $(touch x)", "").endswith("type: blockloom trust 'my $(touch x)'")
