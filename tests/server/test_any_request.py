"""Whatever is asked of any route: an answer, never an error of the server's own."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any

import yarl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.server.server_kit import Lab, image_graph, play

from blockloom.server.app import routes

ROUTES = sorted({(route.method, route.path) for route in routes() if route.path.count("/ws") == 0})
texts = st.one_of(
    st.sampled_from(["", "1", "-1", "x", "mine", "../..", "null", "a b", "[input]", "9" * 30]),
    st.text(max_size=20),
)
values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), texts),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(texts, inner, max_size=3)),
    max_leaves=8,
)
names = st.sampled_from(
    [
        "prompt",
        "client_id",
        "prompt_id",
        "number",
        "front",
        "extra_data",
        "batch",
        "partial_execution_targets",
        "clear",
        "delete",
        "job_ids",
        "is_paused",
        "before",
        "targets",
        "unload_models",
        "free_memory",
        "hard",
    ]
)
bodies = st.one_of(
    st.binary(max_size=30),
    st.dictionaries(names, values, max_size=4).map(lambda found: json.dumps(found).encode()),
    st.dictionaries(names, st.just(image_graph()), max_size=2).map(
        lambda f: json.dumps(f).encode()
    ),
)
queries = st.dictionaries(
    st.sampled_from(
        [
            "filename",
            "type",
            "subfolder",
            "preview",
            "channel",
            "size",
            "status",
            "limit",
            "offset",
            "max_items",
            "sort_by",
            "text",
            "model",
            "group",
            "workflow_id",
            "dir",
            "recurse",
            "path",
            "full_info",
            "form",
            "step",
            "side",
            "leaf",
            "query",
            "token",
        ]
    ),
    texts,
    max_size=4,
)


def encoded(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode("utf-8", "surrogatepass"))


@st.composite
def requests(draw: Any) -> tuple[str, str, bytes]:
    method, path = draw(st.sampled_from(ROUTES))
    filled = re.sub(r"\{[^}]*\}", lambda _: encoded(draw(texts)) or "x", path)
    query = "&".join(f"{k}={encoded(v)}" for k, v in draw(queries).items())
    return method, f"{filled}?{query}", draw(bodies)


def test_no_request_is_an_error_of_the_server(tmp_path: Any) -> None:
    found: list[tuple[str, str, bytes]] = []

    @settings(
        max_examples=400, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    @given(requests())
    def collect(request: tuple[str, str, bytes]) -> None:
        found.append(request)

    collect()

    async def story(lab: Lab) -> None:
        await lab.ended(await lab.prompt(image_graph(), prompt_id="mine"))
        for method, path, body in found:
            url = yarl.URL(lab.url(path), encoded=True)
            async with asyncio.timeout(10):
                async with lab.session.request(method, url, data=body) as response:
                    answer = await response.read()
            assert response.status < 500, (method, path, body, answer)
            if response.status >= 400 and answer and response.content_type == "application/json":
                error = json.loads(answer)["error"]
                assert {"type", "message", "details"} <= error.keys()
        await lab.post("/blockloom/queue", {"is_paused": False})
        await lab.ended(await lab.prompt(image_graph(5)))

    play(tmp_path, story)
