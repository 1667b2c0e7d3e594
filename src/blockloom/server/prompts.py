"""``/prompt``: graphs come in here."""

from __future__ import annotations

import asyncio
import json
import uuid
from dataclasses import dataclass, replace

from aiohttp import web

from blockloom.catalogue.catalogue import Catalogue
from blockloom.errors import GraphError, UsageError
from blockloom.export.png import NOTES_LIMIT, check_notes
from blockloom.graph.check_json import problem_json
from blockloom.graph.file import graph_to_json
from blockloom.graph.json_value import plain_copy
from blockloom.graph.literals import MAX_SEED
from blockloom.graph.model import Json
from blockloom.jobs.batches import expand_batch
from blockloom.jobs.model import NewJob
from blockloom.jobs.recent import Recent
from blockloom.server.batch_reading import BatchReader
from blockloom.server.bodies import JsonObject, is_large, json_response, object_in
from blockloom.server.job_shapes import shown_number
from blockloom.server.keys import BACKEND, CONFIG, CROWD, catalogue_of
from blockloom.server.outside import outside_of
from blockloom.server.prompt_errors import top_error
from blockloom.server.prompt_reading import Accepted, Posted, PromptRefused, accept_prompt, stands

_LONGEST_ID = 200
# What ComfyUI's editor sends along for its paid nodes; it is never to be kept or shown.
_SECRETS = ("auth_token_comfy_org", "api_key_comfy_org")
_MOST_TOLD = 1000


@dataclass(frozen=True, slots=True)
class LastPrompt:
    """A body that was accepted: sent once more as it is, it need not be read and checked again."""

    body: JsonObject
    accepted: Accepted
    catalogue: Catalogue


class LastPrompts(Recent[bytes, LastPrompt]):
    """The last few, by their bytes, so that running the same graph over and over costs little."""


LAST_PROMPTS = web.AppKey("last_prompts", LastPrompts)


def remember_prompts(app: web.Application) -> None:
    """Have an application remember the last few bodies that were accepted."""
    app[LAST_PROMPTS] = LastPrompts(count=4, size=1_500_000)


async def get_prompt(request: web.Request) -> web.Response:
    """How many jobs there are still to do."""
    remaining = request.app[BACKEND].remaining()
    return json_response({"exec_info": {"queue_remaining": remaining}})


async def post_prompt(request: web.Request) -> web.Response:
    """Accept a graph for a run, or say everything that is wrong with it."""
    catalogue = await catalogue_of(request)
    try:
        data = await request.app[CROWD].body(request)
        known = request.app[LAST_PROMPTS].get(data)
        body = known.body if known is not None else await object_in(data)
        posted = _prompt_in(body)
        outside = outside_of(request.app[CONFIG].folders)
        query_client = request.query.get("clientId", "")

        def accept() -> tuple[Accepted, NewJob]:
            is_known = known is not None and known.catalogue is catalogue
            earlier = known.accepted if known is not None and is_known else None
            if earlier is None or not stands(earlier, catalogue, outside):
                earlier = accept_prompt(posted, catalogue, outside)
            return earlier, _new_job(body, query_client, earlier)

        accepted, new = await asyncio.to_thread(accept) if is_large(request) else accept()
        request.app[LAST_PROMPTS].put(data, LastPrompt(body, accepted, catalogue))
        new = replace(new, number=_number(request, body))
        if "batch" in body:
            reader = BatchReader(posted, accepted.graph, catalogue, outside)
            jobs = await asyncio.to_thread(_jobs_of, reader, new, body["batch"])
            request.app[BACKEND].queue.accept_all(jobs)
            return json_response(_batch_answer(jobs, accepted))
        job = request.app[BACKEND].submit(new)
    except PromptRefused as refused:
        answer = {"error": refused.error, "node_errors": refused.node_errors}
        return json_response(answer, status=400)
    except UsageError as error:
        invalid = top_error("invalid_prompt", error.message, str(error))
        return json_response({"error": invalid, "node_errors": {}}, status=400)
    number: float = job.new.number if "number" in body else shown_number(job.new.number)
    return json_response({"prompt_id": job.id, "number": number, **_remarks(accepted)})


def _jobs_of(reader: BatchReader, new: NewJob, batch: Json) -> list[NewJob]:
    """All jobs a batch stands for, every value checked."""
    if not isinstance(batch, dict):
        raise UsageError('"batch" has to be an object.')
    try:
        return expand_batch(new, reader.read(batch))
    except GraphError as error:
        raise UsageError(error.message) from error


def _batch_answer(jobs: list[NewJob], accepted: Accepted) -> JsonObject:
    """What is said of a batch that was queued; its id is the id of the group."""
    ids: list[Json] = [job.id for job in jobs]
    number = shown_number(jobs[0].number)
    group = jobs[0].group
    return {"prompt_id": group, "prompt_ids": ids, "number": number, **_remarks(accepted)}


def _remarks(accepted: Accepted) -> JsonObject:
    """What an accepted prompt is told: outputs that will not run, inputs that were passed over."""
    remarks: JsonObject = {"node_errors": accepted.node_errors}
    if accepted.warnings:
        told = accepted.warnings[:_MOST_TOLD]
        remarks["warnings"] = [problem_json(problem) for problem in told]
    return remarks


def _prompt_in(body: JsonObject) -> Posted:
    """The nodes: under ``prompt``, or the body itself where it is a bare graph."""
    if "prompt" in body:
        targets = body.get("partial_execution_targets")
        return Posted(body["prompt"], targets, body.get("extra"))
    if body and all(isinstance(node, dict) and "class_type" in node for node in body.values()):
        return Posted(body)
    raise PromptRefused(top_error("no_prompt", "No prompt provided", "No prompt provided"))


def _new_job(body: JsonObject, query_client: str, accepted: Accepted) -> NewJob:
    """The job as it was posted, but for its number."""
    extra = _plain(body.get("extra_data"), "extra_data")
    if not isinstance(extra, dict):
        raise UsageError('"extra_data" has to be an object.')
    for secret in _SECRETS:
        extra.pop(secret, None)
    _check_notes(extra.get("extra_pnginfo"))
    client_id = body.get("client_id") or query_client
    extra_client = extra.pop("client_id", "")
    is_placed = body.get("number") is not None or body.get("front") is True
    return NewJob(
        id=_text(body.get("prompt_id"), "prompt_id") or str(uuid.uuid4()),
        graph={**graph_to_json(accepted.graph), "extra": _drawn_beside(body.get("extra"))},
        targets=accepted.targets,
        seed=_seed(body.get("seed")),
        client_id=_text(client_id or extra_client, "client_id"),
        extra=extra,
        is_placed=is_placed,
    )


def _drawn_beside(extra: Json) -> Json:
    """A graph file's ``extra``: groups, notes and what else its editor keeps. It stays with the
    job, and goes into the pictures that the job saves."""
    if not isinstance(extra, dict):
        return {}
    plain = _plain(extra, "extra")
    if len(json.dumps(plain)) > NOTES_LIMIT:
        raise UsageError(
            f'"extra" is larger than {NOTES_LIMIT // 2**20} MB.',
            remedy="Keep pictures in files of their own, beside the graph.",
        )
    return plain


def _check_notes(notes: Json) -> None:
    """Refuse what could not be written into the pictures of the job."""
    if isinstance(notes, dict):
        check_notes(notes)
    elif notes is not None:
        raise UsageError('"extra_pnginfo" has to be an object: what is written into pictures.')


def _seed(value: Json) -> int | None:
    """The seed of every node that has none of its own; one is picked where it is left out."""
    if value is not None and (type(value) is not int or not 0 <= value <= MAX_SEED):
        raise UsageError(f'"seed" has to be a whole number from 0 to {MAX_SEED}.')
    return value


def _plain(value: Json, name: str) -> Json:
    def refuse(code: str, message: str, remedy: str) -> None:
        raise UsageError(f'"{name}": {message}', remedy=remedy)

    return plain_copy({} if value is None else value, refuse)


def _number(request: web.Request, body: JsonObject) -> float:
    given = body.get("number")
    if given is not None:
        if isinstance(given, bool) or not isinstance(given, (int, float)):
            raise UsageError('"number" has to be a number.')
        if not abs(given) < 1e15:
            raise UsageError('"number" is too large.')
        return float(given)
    counted = request.app[BACKEND].queue.store.next_number()
    return -counted if body.get("front") is True else counted


def _text(value: Json, name: str) -> str:
    if value is None:
        return ""
    text = str(value) if isinstance(value, (str, int)) else ""
    if not text and value != "":
        raise UsageError(f'"{name}" has to be a text.')
    if len(text) > _LONGEST_ID or not text.isprintable():
        raise UsageError(f'"{name}" has to be a printable text of at most {_LONGEST_ID} letters.')
    return text


def add_routes(routes: list[web.RouteDef]) -> None:
    """``GET`` and ``POST /prompt``."""
    routes.append(web.get("/prompt", get_prompt))
    routes.append(web.post("/prompt", post_prompt))
