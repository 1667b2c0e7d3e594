"""Which device and number format are chosen, and what is said about names that mean nothing."""

from __future__ import annotations

import pytest
import torch

from blockloom.bridge.devices import choose_device, choose_dtype
from blockloom.errors import UsageError


@pytest.fixture
def only_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    _pretend(monkeypatch, cuda=0, xpu=0, mps=False)


def _pretend(monkeypatch: pytest.MonkeyPatch, *, cuda: int, xpu: int, mps: bool) -> None:
    for module, count in ((torch.cuda, cuda), (torch.xpu, xpu)):
        monkeypatch.setattr(module, "is_available", lambda count=count: count > 0)
        monkeypatch.setattr(module, "device_count", lambda count=count: count)
        monkeypatch.setattr(module, "is_bf16_supported", lambda: True)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)


@pytest.mark.parametrize(
    ("cuda", "xpu", "mps", "expected"),
    [(2, 1, True, "cuda:0"), (0, 1, True, "xpu:0"), (0, 0, True, "mps:0"), (0, 0, False, "cpu")],
)
def test_auto_takes_the_best_device(
    monkeypatch: pytest.MonkeyPatch, cuda: int, xpu: int, mps: bool, expected: str
) -> None:
    _pretend(monkeypatch, cuda=cuda, xpu=xpu, mps=mps)
    assert choose_device("auto") == choose_device("") == torch.device(expected)


def test_a_numbered_device_is_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    _pretend(monkeypatch, cuda=2, xpu=0, mps=False)
    assert choose_device("cuda:1") == torch.device("cuda", 1)
    assert choose_device("cuda") == choose_device("cuda:0") == torch.device("cuda", 0)
    assert choose_device("cpu") == torch.device("cpu")


@pytest.mark.parametrize("name", ["gpu", "cuda:", "cuda:x", "cuda:-1", "meta", "cuda:2", "xpu"])
def test_names_of_no_device_say_what_there_is(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    _pretend(monkeypatch, cuda=2, xpu=0, mps=False)
    with pytest.raises(UsageError) as caught:
        choose_device(name)
    assert f'"{name}"' in caught.value.message
    assert caught.value.remedy == "Use auto, cuda, cuda:0, cuda:1, cpu."


@pytest.mark.usefixtures("only_cpu")
def test_a_missing_kind_of_device_is_an_error() -> None:
    with pytest.raises(UsageError, match='no "cuda" device'):
        choose_device("cuda")


@pytest.mark.parametrize(
    ("device", "expected"),
    [
        ("cpu", torch.float32),
        ("cuda", torch.bfloat16),
        ("xpu", torch.bfloat16),
        ("mps", torch.float16),
    ],
)
def test_auto_dtype_suits_the_device(
    monkeypatch: pytest.MonkeyPatch, device: str, expected: torch.dtype
) -> None:
    _pretend(monkeypatch, cuda=1, xpu=1, mps=True)
    assert choose_dtype("auto", torch.device(device)) == expected


def test_old_gpus_get_float16(monkeypatch: pytest.MonkeyPatch) -> None:
    _pretend(monkeypatch, cuda=1, xpu=0, mps=False)
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda: False)
    assert choose_dtype("auto", torch.device("cuda")) == torch.float16


def test_a_named_dtype_is_itself_and_others_are_errors() -> None:
    assert choose_dtype("bfloat16", torch.device("cpu")) == torch.bfloat16
    with pytest.raises(UsageError, match='"int8" is not a number format'):
        choose_dtype("int8", torch.device("cpu"))
