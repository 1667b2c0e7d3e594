"""What ``openapi.json`` says is so: a running server is asked all that it describes, and worse."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks
from tests.server.lab_thread import lab_in_thread
from tests.server.server_kit import Lab, image_graph, picture_bytes

from blockloom.jobs.workers import AnswerData
from blockloom.server.app import routes
from blockloom.server.openapi import shape_name
from blockloom.server.openapi_shapes import ANSWERS, BODIES, MORE_STATUSES, OTHER_STATUSES, QUERIES

# Requests for each route, well-formed and ill-formed ones; as many more as somebody has time for.
EXAMPLES = int(os.environ.get("BLOCKLOOM_EXAMPLES", "10"))
SECONDS = 20.0
# All of ComfyUI's routes are there a second time under /api, with the same handlers.
ROUTES = sorted(
    {(r.method, r.path.replace(":.+}", "}")) for r in routes() if r.path[:5] != "/api/"}
)
# What is there to be found; a server that is only asked for what it does not have is not tested.
THERE = {
    "job_id": "mine",
    "node_id": "1",
    "name": "image",
    "type_id": "LoadImage",
    "folder": "loras",
    "file": "kept.json",
    "target": "moved.json",
    "group": "batch",
}


def has_one_error_shape(context: object, response: Any, case: Any) -> None:
    """Every refusal says what is wrong in the same way."""
    if response.status_code >= 400:
        error = response.json()["error"]
        assert {"type", "message", "details"} <= error.keys()
        assert error["message"]


CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    has_one_error_shape,
]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with lab_in_thread(tmp_path_factory.mktemp("lab").resolve()) as lab:
        png = AnswerData({"width": 8}, picture_bytes(), "image/png")
        states = AnswerData({"nodes": {"1": {"node_id": "1"}}})
        state = AnswerData({"node_id": "1", "has_wire": False, "components": [], "values": []})
        lab.pool.answers |= {"thumbnail": png, "value": png}
        lab.pool.answers |= {"block_states": states, "state": state}
        # Python 3.11 loses count where two threads parse at once, as of node files and of imports.
        requests.get(lab.url("/blockloom/node_types"), timeout=SECONDS)
        yield lab


@pytest.fixture(scope="module")
def described(running: Lab) -> Any:
    return schemathesis.openapi.from_url(running.url("/blockloom/openapi.json"))


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_a_route_answers_as_described(method: str, path: str, running: Lab, described: Any) -> None:
    operation = described[path][method]
    put_there(running)
    has_rules = bool(
        len(operation.query) or any(body.definition["schema"] for body in operation.body)
    )
    given_path = {name: THERE[name] for name in THERE if f"{{{name}}}" in path}
    tries = [(GenerationMode.POSITIVE, {})]
    if given_path:
        tries.append((GenerationMode.POSITIVE, given_path))
    if has_rules:
        tries.append((GenerationMode.NEGATIVE, given_path))
    for mode, parts in tries:
        ask(running, operation, mode, parts)


def ask(lab: Lab, operation: Any, mode: Any, parts: dict[str, str]) -> None:
    """Some requests of a kind, always the same ones."""
    # ComfyUI passes over much that is wrong, and its clients rely on that; our own routes do not.
    is_strict = operation.path.startswith("/blockloom")
    wanted = [*CHECKS, checks.negative_data_rejection] if is_strict else CHECKS

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy(generation_mode=mode, path_parameters=parts or None))
    def each(case: Any) -> None:
        response = case.call(base_url=lab.url(""), timeout=SECONDS)
        case.validate_response(response, checks=wanted)

    each()


def put_there(lab: Lab) -> None:
    """A job, a batch and a file, whatever earlier requests have made of them."""
    post(lab, "/blockloom/queue", {"is_paused": False})
    requests.post(lab.url("/prompt"), json={"prompt": image_graph(), "prompt_id": "mine"})
    requests.post(lab.url("/userdata/kept.json"), data=b"{}", timeout=SECONDS)


def post(lab: Lab, path: str, body: Any) -> Any:
    response = requests.post(lab.url(path), json=body, timeout=SECONDS)
    assert response.status_code == 200, response.text
    return response


def test_good_graphs_are_answered_as_described(running: Lab, described: Any) -> None:
    batch = {"mode": "product", "inputs": {"1.color": [1, 2]}}
    odd = image_graph()
    odd["1"]["inputs"]["nonsense"] = 5
    broken = image_graph()
    del broken["2"]["inputs"]["images"]
    for path, body in (
        ("/prompt", {"prompt": image_graph()}),
        ("/prompt", {"prompt": image_graph(), "batch": batch}),
        ("/prompt", {"prompt": odd}),
        ("/prompt", {"prompt": broken}),
        ("/blockloom/check", {"prompt": image_graph()}),
        ("/blockloom/check", {"prompt": broken, "targets": ["2"]}),
    ):
        case = described[path]["POST"].Case(body=body, media_type="application/json")
        response = case.call(base_url=running.url(""), timeout=SECONDS)
        case.validate_response(response, checks=CHECKS)
        assert (response.status_code == 400) == (body["prompt"] is broken and path == "/prompt")


def test_every_shape_belongs_to_a_route() -> None:
    handlers = {shape_name(route.handler) for route in routes()}
    assert handlers == set(ANSWERS)
    for table in (BODIES, QUERIES, MORE_STATUSES, OTHER_STATUSES):
        assert set(table) <= handlers
