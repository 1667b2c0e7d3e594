"""Clients that other people wrote for ComfyUI, unmodified, against this server."""

from __future__ import annotations

import asyncio
import io
import json
from typing import Any

import comfy_api_simplified
import comfyuiclient
import PIL.Image
from tests.server.server_kit import Lab, image_graph, play


def titled(prefix: str, color: int = 0) -> dict[str, Any]:
    nodes = image_graph(color, prefix)
    nodes["2"]["_meta"] = {"title": "Save Image"}
    return nodes


def test_comfy_api_simplified(tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        api = comfy_api_simplified.ComfyApiWrapper(lab.url("/"))

        def talk() -> None:
            for number in range(3):  # new, and kept from the time before
                workflow = comfy_api_simplified.ComfyWorkflowWrapper(titled("simple", number // 2))
                workflow.set_node_param("Save Image", "filename_prefix", "changed")
                pictures = api.queue_and_wait_images(workflow, "Save Image")
                (data,) = pictures.values()
                with PIL.Image.open(io.BytesIO(data)) as picture:
                    assert picture.size == (32, 32)
            assert api.get_queue() == {"queue_running": [], "queue_pending": []}
            file = tmp_path / "sent.png"
            PIL.Image.new("RGB", (8, 8)).save(file)
            assert api.upload_image(str(file))["name"] == "sent.png"

        await asyncio.to_thread(talk)

    play(tmp_path, story)


def test_comfyui_workflow_client(tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        file = tmp_path / "graph.json"
        await asyncio.to_thread(file.write_text, json.dumps(titled("workflow")))
        client = comfyuiclient.ComfyUIClientAsync(f"127.0.0.1:{lab.server.port}", str(file))
        await client.connect()
        try:
            for _ in range(2):  # new, and kept from the time before
                pictures = await client.generate(["Save Image"])
                assert pictures["Save Image"].size == (32, 32)
            graph = {
                "1": {
                    "class_type": "LoadImage",
                    "inputs": {"image": "x"},
                    "_meta": {"title": "Picture"},
                },
                "2": {
                    "class_type": "PreviewImage",
                    "inputs": {"images": ["1", 0]},
                    "_meta": {"title": "Shown"},
                },
            }
            client.comfyui_prompt = graph
            await client.set_data("Picture", image=PIL.Image.new("RGB", (8, 8)))
            assert graph["1"]["inputs"]["image"] == "temp/temp.png"
            assert (await client.generate(["Shown"]))["Shown"].size == (32, 32)
        finally:
            await client.close()

    play(tmp_path, story)
