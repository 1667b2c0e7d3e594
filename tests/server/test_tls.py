"""``blockloom serve`` over https, with certificates that are made here."""

from __future__ import annotations

import asyncio
import socket
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import trustme
from cryptography.hazmat.primitives import serialization
from tests.server.server_kit import image_graph
from tests.server.server_process import Process, server_in

TOKEN = "a-token-of-some-length"


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def certificate(authority: trustme.CA, tmp_path: Path) -> tuple[Path, Path]:
    issued = authority.issue_cert("127.0.0.1", "localhost")
    certificate, key = tmp_path / "server.pem", tmp_path / "server.key"
    certificate.write_bytes(b"".join(part.bytes() for part in issued.cert_chain_pems))
    issued.private_key_pem.write_to_path(key)
    return certificate, key


@pytest.fixture
def server(
    authority: trustme.CA, certificate: tuple[Path, Path], tmp_path: Path
) -> Iterator[Process]:
    with server_in(tmp_path) as found:
        found.trust = ssl.create_default_context()
        authority.configure_trust(found.trust)
        yield found


def options(certificate: tuple[Path, Path]) -> list[str]:
    return ["--tls-certfile", str(certificate[0]), "--tls-keyfile", str(certificate[1])]


async def run_over_wss(server: Process) -> list[str]:
    """Run a job and hear of it, all of it encrypted; the names of the events."""
    events: list[str] = []
    headers = {"Authorization": f"Bearer {TOKEN}", "Origin": server.url}
    async with aiohttp.ClientSession(server.url, headers=headers) as session:
        # Broken off with the session: a goodbye in TLS could outlast this loop.
        ws = await session.ws_connect("/ws?clientId=me", ssl=server.trust)
        body = {"prompt": image_graph(), "client_id": "me"}
        async with session.post("/prompt", json=body, ssl=server.trust) as response:
            assert response.status == 200
        while True:
            event = await ws.receive_json(timeout=60)
            events.append(event["type"])
            if event["type"] == "executing" and event["data"]["node"] is None:
                break
    await asyncio.sleep(0)
    return events


def test_page_and_socket_are_served_over_https(
    server: Process, certificate: tuple[Path, Path]
) -> None:
    server.start(*options(certificate), "--token", TOKEN)
    assert f"at https://127.0.0.1:{server.port}/?token={TOKEN}" in server.log.read_text()
    page = urllib.request.Request(f"{server.url}/?token={TOKEN}", headers={"Accept": "text/html"})
    with urllib.request.build_opener(
        urllib.request.HTTPSHandler(context=server.trust), NoRedirects
    ).open(page) as response:
        assert response.status == 303
        assert "; Secure" in response.headers["Set-Cookie"]
    assert "execution_success" in asyncio.run(run_over_wss(server))

    # Who does not know the authority, speaks an old version or no TLS at all, gets nowhere.
    with pytest.raises(urllib.error.URLError, match="CERTIFICATE_VERIFY_FAILED"):
        urllib.request.urlopen(f"{server.url}/", timeout=10, context=ssl.create_default_context())
    for nonsense in (b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", b"\x16\x03\x01\x00\x05hello"):
        with socket.create_connection(("127.0.0.1", server.port), timeout=20) as plain:
            plain.sendall(nonsense)
            assert b"HTTP/1.1 200" not in plain.recv(1000)
    assert "execution_success" in asyncio.run(run_over_wss(server))
    assert "Traceback" not in server.log.read_text()


class NoRedirects(urllib.request.HTTPErrorProcessor):
    def http_response(self, request: Any, response: Any) -> Any:
        return response

    https_response = http_response


def refusal(arguments: list[str]) -> str:
    """What a server says that does not start."""
    command = [sys.executable, "-m", "blockloom", "--port", "0", "--no-browser", *arguments]
    found = subprocess.run(
        command, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL
    )
    assert found.returncode == 2
    assert "Traceback" not in found.stderr
    return found.stderr


def test_certificates_that_cannot_be_used_are_clear_errors(
    authority: trustme.CA, certificate: tuple[Path, Path], tmp_path: Path
) -> None:
    data = ["--data", str(tmp_path / "data")]
    other = tmp_path / "other.key"
    authority.issue_cert("other.example").private_key_pem.write_to_path(other)
    key = serialization.load_pem_private_key(certificate[1].read_bytes(), None)
    locked = tmp_path / "locked.key"
    locked.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"secret"),
        )
    )
    for pair in (
        (tmp_path / "nothing.pem", certificate[1]),
        (certificate[0], other),
        (certificate[0], locked),
    ):
        said = refusal([*data, *options(pair)])
        assert f'"{pair[0]}"' in said
        assert "PEM" in said
    assert "--tls-certfile" in refusal([*data, "--tls-keyfile", str(certificate[1])])
