"""Everything that is read, kept and sent besides prompts."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from typing import Any

import aiohttp
import PIL.Image
import pytest
from tests.server.server_kit import SAMPLES, Lab, image_graph, picture_bytes, play, shape

from blockloom.jobs.retention import Retention
from blockloom.jobs.workers import AnswerData
from blockloom.server.app import routes
from blockloom.server.tidying import tidy

READ = json.loads((SAMPLES / "read_endpoints.json").read_text())["http"]
# Not part of what this server has, or answered where ComfyUI has nothing yet.
_ELSEWHERE = ("/internal", "/api/jobs", "/api/assets", "/global_subgraphs", "/templates", "/docs")


def readable() -> list[Any]:
    return [e for e in READ if not e["path"].startswith((*_ELSEWHERE, "/user.css", "/view_meta"))]


@pytest.mark.parametrize("entry", readable(), ids=lambda entry: entry["path"])
def test_what_is_read_has_comfyuis_shape(entry: Any, tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        status, answer = await lab.get(entry["path"])
        assert status == entry["status"]
        expected = entry["response"]
        if status != 200 or "_truncated" in expected or entry["path"].startswith("/history"):
            return
        if entry["path"].startswith("/object_info/"):
            for name, info in expected.items():
                assert info.keys() - {"output_tooltips"} <= answer[name].keys()
                for key in ("output", "output_is_list", "output_node", "name", "category"):
                    assert answer[name][key] == info[key], key
        elif entry["path"] == "/system_stats":
            assert expected["system"].keys() <= answer["system"].keys()
            assert shape(answer["devices"]) == shape(expected["devices"])
        elif entry["path"] == "/models":
            assert isinstance(answer, list)
        else:
            assert shape(answer) == shape(expected)

    play(tmp_path, story)


def test_every_node_type_is_described_in_comfyuis_terms(tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        _, found = await lab.get("/object_info")
        for name, info in found.items():
            assert info["name"] == name
            assert isinstance(info["display_name"], str)
            assert len(info["output"]) == len(info["output_name"]) == len(info["output_is_list"])
            for group, names in info["input_order"].items():
                assert list(info["input"][group]) == names
                for kind, options in info["input"][group].values():
                    assert isinstance(kind, (str, list))
                    if kind in ("INT", "FLOAT"):
                        assert {"min", "max", "step"} <= options.keys()
        assert found["EmptyImage"]["input"]["optional"]["width"][:1] == ["INT"]
        assert found["SaveImage"]["output_node"] is True
        seed = found["BlockloomSeed"]["input"]["optional"]["seed"]
        assert seed[0] == "INT"
        assert seed[1]["control_after_generate"] is True
        lab.folders.input.mkdir(parents=True)
        (lab.folders.input / "a.png").write_bytes(picture_bytes())
        _, found = await lab.get("/object_info")
        image = found["LoadImage"]["input"]["required"]["image"]
        assert image[0] == ["a.png"]
        assert image[1]["image_upload"] is True
        assert (await lab.get("/object_info/LoadImage"))[1]["LoadImage"] == found["LoadImage"]

    play(tmp_path, story)


def test_object_info_is_sent_once(tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        async with lab.session.get(lab.url("/object_info")) as response:
            tag = response.headers["ETag"]
            assert response.headers["Content-Encoding"] == "gzip"
            packed = await response.json()
        headers = {"Accept-Encoding": "identity"}
        async with lab.session.get(lab.url("/object_info"), headers=headers) as response:
            assert await response.json() == packed
        headers = {"If-None-Match": tag}
        async with lab.session.get(lab.url("/object_info"), headers=headers) as response:
            assert response.status == 304

    play(tmp_path, story)


async def upload(lab: Lab, data: bytes, name: str = "up.png", **fields: str) -> tuple[int, Any]:
    form = aiohttp.FormData()
    form.add_field("image", data, filename=name, content_type="image/png")
    for key, value in fields.items():
        form.add_field(key, value)
    return await lab.json("POST", "/upload/image", data=form)


def test_uploads_are_named_and_never_replaced_unasked(tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        red, blue = picture_bytes(), picture_bytes(color="blue")
        stored = {"name": "up.png", "subfolder": "", "type": "input"}
        assert await upload(lab, red) == (200, stored)
        assert await upload(lab, red) == (200, stored)
        assert await upload(lab, blue) == (200, {**stored, "name": "up (1).png"})
        assert await upload(lab, blue, overwrite="true") == (200, stored)
        assert (lab.folders.input / "up.png").read_bytes() == blue
        in_folder = {**stored, "subfolder": "labsub"}
        assert await upload(lab, red, subfolder="labsub") == (200, in_folder)
        assert (await upload(lab, red, name="evil.html"))[1]["name"] == "evil.html.png"
        assert (await upload(lab, red, type="output"))[0] == 400
        mask = io.BytesIO()
        PIL.Image.new("RGBA", (32, 32), (0, 0, 0, 7)).save(mask, format="PNG")
        form = aiohttp.FormData()
        form.add_field("image", mask.getvalue(), filename="masked.png")
        form.add_field("original_ref", json.dumps({"filename": "up.png", "type": "input"}))
        status, answer = await lab.json("POST", "/upload/mask", data=form)
        assert (status, answer["name"]) == (200, "masked.png")
        with PIL.Image.open(lab.folders.input / "masked.png") as picture:
            assert picture.getpixel((0, 0)) == (0, 0, 255, 7)

    play(tmp_path, story)


def test_pictures_are_shown_whole_small_and_in_part(tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        await lab.ended(await lab.prompt(image_graph()))
        path = "/view?filename=lab_00001_.png&type=output"
        async with lab.session.get(lab.url(path)) as response:
            whole = await response.read()
            assert response.headers["Content-Disposition"] == 'filename="lab_00001_.png"'
            assert response.content_type == "image/png"
            assert "ETag" in response.headers
            assert "Last-Modified" in response.headers
        async with lab.session.get(lab.url(path), headers={"Range": "bytes=1-3"}) as response:
            assert (response.status, await response.read()) == (206, whole[1:4])
        for query, kind, size in (
            ("preview=webp;80", "WEBP", (32, 32)),
            ("preview=jpeg;50&size=16", "JPEG", (16, 16)),
            ("channel=rgb", "PNG", (32, 32)),
            ("channel=a", "PNG", (32, 32)),
        ):
            async with lab.session.get(lab.url(f"{path}&{query}")) as response:
                assert response.content_type == f"image/{kind.lower()}"
                tag = response.headers["ETag"]
                with PIL.Image.open(io.BytesIO(await response.read())) as picture:
                    assert (picture.format, picture.size) == (kind, size)
            headers = {"If-None-Match": tag}
            async with lab.session.get(lab.url(f"{path}&{query}"), headers=headers) as response:
                assert response.status == 304
        (lab.folders.output / "page.html").write_text("<script>")
        (lab.folders.output / "drawing.svg").write_text("<svg/>")
        for name in ("page.html", "drawing.svg"):
            async with lab.session.get(lab.url(f"/view?filename={name}")) as response:
                assert response.content_type == "application/octet-stream"
        status, answer = await lab.get("/view?filename=page.html&preview=webp")
        assert (status, answer["error"]["type"]) == (400, "bad_request")

    play(tmp_path, story)


def test_an_editor_keeps_files_and_settings(tmp_path: Any) -> None:
    recorded = json.loads((SAMPLES / "userdata_and_settings.json").read_text())["http"]

    async def story(lab: Lab) -> None:
        for entry in recorded:
            import yarl

            url = yarl.URL(lab.url(entry["path"]), encoded=True)
            options = {"json": entry["request"]} if "request" in entry else {}
            async with lab.session.request(entry["method"], url, **options) as response:
                assert response.status == entry["status"], entry["path"]
                if "_non_json" not in str(entry["response"]):
                    answer = json.loads(await response.read())
                    assert shape(answer) == shape(entry["response"]), entry["path"]

    play(tmp_path, story)


def test_block_states_come_from_the_worker(tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        png = AnswerData({"width": 8}, picture_bytes(), "image/png")
        lab.pool.answers |= {"thumbnail": png, "value": png}
        _, found = await lab.get("/blockloom/block_states/mine")
        assert found == {"what": "block_states", "job": "mine", "arguments": {}}
        _, found = await lab.get("/blockloom/state/mine/1")
        assert (found["what"], found["arguments"]) == ("state", {"node_id": "1"})
        _, found = await lab.get("/blockloom/statistics/mine/1/images?item=a&item=0&step=2")
        assert found["arguments"] == {
            **{"node_id": "1", "name": "images", "step": 2},
            **{"items": ["a", "0"], "per_channel": False},
        }
        _, state = await lab.get("/blockloom/block_state/job/node")
        expected = {"what": "block_state", "job": "job", "arguments": {"node_id": "node"}}
        assert state == expected
        _, state = await lab.get("/blockloom/statistics/job/node/latents?step=3&per_channel=1")
        asked = {"node_id": "node", "name": "latents", "step": 3, "per_channel": True}
        assert state["arguments"] == asked
        for path in ("thumbnail/job/node/latents?size=64", "block_state/job/node/x?form=png"):
            async with lab.session.get(lab.url(f"/blockloom/{path}")) as response:
                assert response.content_type == "image/png"
                assert await response.read() == picture_bytes()
        lab.pool.answers["value"] = AnswerData({}, b"npy", "application/octet-stream")
        async with lab.session.get(lab.url("/blockloom/block_state/j/a%20%22/x?form=npy")) as file:
            assert file.headers["Content-Disposition"] == 'attachment; filename="a-_x.npy"'
        assert (await lab.get("/blockloom/block_state/job/node/x?form=pickle"))[0] == 400

    play(tmp_path, story)


def test_graphs_are_checked_before_they_run(tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        lab.pool.answers["plan"] = AnswerData({"nodes": {"1": "runs", "2": "runs"}})
        _, found = await lab.post("/blockloom/check", {"prompt": image_graph()})
        assert found["can_run"] is True
        assert found["order"] == ["1", "2"]
        assert found["plan"] == {"1": "runs", "2": "runs"}
        what, arguments = lab.pool.asked[-1]
        assert (what, arguments["targets"]) == ("plan", [])
        assert arguments["output_folder"] == str(lab.folders.output)
        assert arguments["temporary_folder"] == str(lab.folders.temporary)
        assert arguments["input_folders"] == [str(lab.folders.input)]
        width = found["nodes"]["1"]["inputs"]["width"]
        assert width == {"from": "typed", "value": 32}
        graph = image_graph()
        del graph["2"]["inputs"]["images"]
        status, found = await lab.post("/blockloom/check", {"prompt": graph})
        assert (status, found["can_run"], found["plan"]) == (200, False, None)
        (problem,) = found["problems"]
        assert (problem["node"], problem["socket"]) == ("2", "images")
        status, found = await lab.post("/blockloom/check", {"prompt": {"1": 5}})
        assert (status, found["error"]["type"]) == (400, "graph")
        assert found["error"]["problems"][0]["node"] == "1"

    play(tmp_path, story)


def test_the_queue_pauses_moves_and_retries(tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        _, work = await lab.post("/blockloom/queue", {"is_paused": True})
        assert work["is_paused"] is True
        ids = [await lab.prompt(image_graph(color)) for color in range(3)]
        await lab.post(f"/blockloom/jobs/{ids[2]}/move", {"before": ids[0]})
        pending = (await lab.get("/queue"))[1]["queue_pending"]
        assert [item[1] for item in pending] == [ids[2], ids[0], ids[1]]
        await lab.post("/blockloom/queue", {"is_paused": False})
        for job_id in ids:
            await lab.ended(job_id)
        assert list((await lab.get("/history"))[1]) == [ids[2], ids[0], ids[1]]
        status, _ = await lab.post(f"/blockloom/jobs/{ids[0]}/retry", {})
        assert status == 200
        assert await lab.get(f"/blockloom/jobs/{ids[1]}/log") == (
            200,
            {"id": ids[1], "lines": []},
        )

    play(tmp_path, story)


def test_metrics_count_what_happened(tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        await lab.ended(await lab.prompt(image_graph()))
        async with lab.session.get(lab.url("/metrics")) as response:
            lines = (await response.text()).splitlines()
        for line in (
            'blockloom_jobs_ended_total{status="done"} 1.0',
            'blockloom_nodes_total{outcome="ran"} 2.0',
            "blockloom_jobs_waiting 0.0",
            "blockloom_workers_ready 1.0",
        ):
            assert line in lines

    play(tmp_path, story)


def test_every_route_is_described(tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        _, document = await lab.get("/blockloom/openapi.json")
        described = {
            (method.upper(), path)
            for path, operations in document["paths"].items()
            for method in operations
        }
        there = {(route.method, re.sub(r":[^}]*", "", route.path)) for route in routes()}
        assert described == there
        for operations in document["paths"].values():
            for operation in operations.values():
                assert operation["summary"], operation["operationId"]

    play(tmp_path, story)


def test_every_route_of_comfyui_is_there_twice() -> None:
    paths = {(route.method, route.path) for route in routes()}
    bare = {p for p in paths if not p[1].startswith(("/api", "/blockloom", "/metrics"))}
    bare -= {("GET", "/"), ("GET", "/assets/{path:.+}")}
    assert {(method, f"/api{path}") for method, path in bare} <= paths


def test_the_server_needs_no_torch() -> None:
    code = (
        "import sys, blockloom.server.app, blockloom.server.catalogue_reading, "
        "blockloom.server.running, blockloom.cli.serve;"
        "print([name for name in ('torch', 'diffusers', 'transformers') if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_old_jobs_go_with_their_files(tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        ids = []
        for color in range(3):
            ids.append(await lab.prompt(image_graph(color)))
            await lab.ended(ids[-1])
        tidy(lab.server.app)
        assert list((await lab.get("/history"))[1]) == ids[1:]
        names = sorted(path.name for path in lab.folders.output.iterdir())
        assert names == ["lab_00002_.png", "lab_00003_.png"]

    play(tmp_path, story, retention=Retention(max_jobs=2))
