"""Jobs in a real worker, that stays up whatever they do."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import time
from pathlib import Path

import numpy
import PIL.Image
import pytest
import safetensors.numpy

from blockloom.demo import model_folder
from blockloom.errors import NotFoundError
from blockloom.jobs.worker_options import log_path
from blockloom.resources import examples_folder


def demo(seed: int = 5, steps: int = 3) -> dict:
    """The text-to-image example, made short."""
    text = (examples_folder() / "text_to_image.json").read_text()
    prompt = json.loads(text)["prompt"]
    for node in prompt.values():
        if "num_inference_steps" in node["inputs"]:
            node["inputs"]["num_inference_steps"] = steps
        if "generator" in node["inputs"]:
            node["inputs"]["generator"] = seed
    assert any(node["inputs"].get("generator") == seed for node in prompt.values())
    return prompt


def loop(**inputs) -> dict:
    """A loop of toy blocks; its wire starts with the demo model, which is not loaded for it."""
    return {
        "model": ("BlockloomLoadPipeline", {"model": "demo"}),
        "loop": ("WorkerToyLoop", {"pipeline": ["model", "pipeline"], **inputs}),
        "show": ("PreviewAny", {"source": ["loop", "latents"]}),
    }


@pytest.fixture(scope="module", autouse=True)
def _ready(rig):
    rig.wait_for_idle()


def test_the_demo_model_paints_and_is_kept(rig):
    ended, running = rig.run(demo(), wants_previews=True)
    assert (ended["outcome"], ended["message"], ended["seed"]) == ("done", "", 5)
    assert (ended["ran"], ended["kept"]) == ([*demo()], [])
    kinds = [event["event"] for event in running.events()]
    assert (kinds[0], kinds[-1]) == ("run_started", "run_finished")
    assert [event["node_id"] for event in running.events("node_finished")] == ended["ran"]
    assert len(running.events("node_step")) >= 3
    (path,) = [file["path"] for event in running.events("node_finished") for file in event["files"]]
    assert Path(path).parent == rig.folder / "output"
    picture = PIL.Image.open(path)

    previews = [(m, blob) for m, blob in running.heard if m["type"] == "preview"]
    assert previews
    for message, blob in previews:
        assert message["node_id"] == "denoise"
        assert PIL.Image.open(io.BytesIO(blob)).format == "JPEG"

    assert ended["loaded"] == list(rig.stats().loaded) != []
    again, running = rig.run(demo())
    assert (again["ran"], again["kept"]) == ([], ended["ran"])
    other, _ = rig.run(demo(seed=6))
    assert other["outcome"] == "done"
    assert "text_encoder" in other["kept"]
    assert "denoise" in other["ran"]

    (saved,) = [node for node in demo().values() if node["class_type"] == "SaveImage"]
    node_id, name = saved["inputs"]["images"]
    value = rig.ask("value", running.job_id, node_id=node_id, name=name, form="png")
    assert value.content_type == "image/png"
    shown = PIL.Image.open(io.BytesIO(value.blob))
    assert numpy.array_equal(numpy.asarray(shown), numpy.asarray(picture))


def test_what_a_node_read_and_wrote_can_be_asked_for(rig):
    _, running = rig.run(loop(num_inference_steps=4))
    job_id = running.job_id
    state = rig.ask("block_state", job_id, node_id="loop").content
    latents = {
        "kind": "tensor",
        "type": "Tensor",
        "text": "float32 1 x 4 x 8 x 8",
        "size": 1024,
        "shape": [1, 4, 8, 8],
        "dtype": "float32",
        "device": "cpu",
    }
    (written,) = [value for value in state["written"] if value["name"] == "latents"]
    key = written.pop("key")
    assert len(key) == 16
    assert written == {
        "name": "latents",
        "change": "new",
        "origin": "output",
        "warning": "",
        "value": latents,
    }
    (steps,) = [read for read in state["read"] if read["name"] == "num_inference_steps"]
    assert (steps["came_from"], steps["value"]["value"]) == ("typed", 4)
    assert (state["class_type"], state["step_count"]) == ("WorkerToyLoop", 4)

    steps = rig.ask("steps", job_id, node_id="loop").content["steps"]
    assert [step["index"] for step in steps] == [0, 1, 2, 3]
    assert [step["values"] for step in steps[1:]] == [{"latents": latents}] * 3

    where = {"node_id": "loop", "name": "latents"}
    assert rig.ask("statistics", job_id, **where).content["mean"] == 6.0
    assert rig.ask("statistics", job_id, step=1, **where).content["mean"] == 1.0
    thumbnail = rig.ask("thumbnail", job_id, size=32, **where)
    image = PIL.Image.open(io.BytesIO(thumbnail.blob))
    assert {"width": image.width, "height": image.height} == thumbnail.content
    assert max(image.size) <= 32

    expected = numpy.full((1, 4, 8, 8), 6, numpy.float32)
    array = numpy.load(io.BytesIO(rig.ask("value", job_id, form="npy", **where).blob))
    assert numpy.array_equal(array, expected)
    tensors = safetensors.numpy.load(rig.ask("value", job_id, form="safetensors", **where).blob)
    assert list(tensors) == ["value"]
    assert numpy.array_equal(tensors["value"], expected)
    listed = json.loads(rig.ask("value", job_id, form="json", **where).blob)
    assert listed == {"summary": latents, "values": expected.tolist()}


@pytest.mark.parametrize(
    ("what", "arguments", "message"),
    [
        ("block_state", {"node_id": "nobody"}, 'Node "nobody" has no block state'),
        ("block_state", {}, 'needs "node_id"'),
        ("value", {"node_id": "a", "name": "x", "form": "png"}, 'has no value "x"'),
        ("thumbnail", {"node_id": "a", "name": "x", "size": 10**9}, "a whole number from 1"),
        ("statistics", {"node_id": "a", "name": "float"}, "no statistics"),
        ("philosophy", {}, 'cannot be asked for "philosophy"'),
    ],
)
def test_a_question_that_cannot_be_answered_says_why(rig, what, arguments, message):
    prompt = {"a": ("ToyNumber", {}), "b": ("PreviewAny", {"source": ["a", "float"]})}
    ended, running = rig.run(prompt)
    assert ended["message"] == ""
    with pytest.raises(NotFoundError, match=message):
        rig.ask(what, running.job_id, **arguments)


def test_a_run_can_be_asked_about_while_another_goes_on_and_while_it_does_so_itself(rig):
    _, before = rig.run(loop(num_inference_steps=2))
    running = rig.start(
        loop(num_inference_steps=2) | {"z": ("ToySteps", {}), "y": ("ToyShow", {"text": "y"})}
    )
    running.wait_for("node_step", 2)
    started = time.monotonic()
    assert rig.ask("block_state", before.job_id, node_id="loop").content["step_count"] == 2
    statistics = rig.ask("statistics", running.job_id, node_id="loop", name="latents")
    assert statistics.content["mean"] == 1.0
    assert time.monotonic() - started < 5
    assert rig.cancel(running)
    assert running.ended()["outcome"] == "cancelled"
    assert rig.ask("block_state", running.job_id, node_id="loop").content["step_count"] == 2


def test_the_steps_of_a_loop_can_be_looked_at_while_it_runs(rig):
    running = rig.start(demo(steps=1000))
    running.wait_for("node_step", 3)
    steps = rig.ask("steps", running.job_id, node_id="denoise").content["steps"]
    assert 3 <= len(steps) < 1000
    assert [step["index"] for step in steps] == [*range(len(steps))]
    assert {step["total"] for step in steps} == {1000}
    where = {"node_id": "denoise", "name": "latents"}
    pictures = [rig.ask("thumbnail", running.job_id, step=n, **where).blob for n in (0, 2)]
    assert pictures[0] != pictures[1]
    with pytest.raises(NotFoundError, match="has no block state"):
        rig.ask("block_state", running.job_id, node_id="denoise")
    assert rig.cancel(running)
    assert running.ended()["outcome"] == "cancelled"
    # A loop that was broken off leaves its steps, and nothing else.
    after = rig.ask("steps", running.job_id, node_id="denoise").content["steps"]
    assert len(after) >= len(steps)
    assert rig.ask("thumbnail", running.job_id, step=2, **where).blob == pictures[1]
    with pytest.raises(NotFoundError, match="has no block state"):
        rig.ask("block_state", running.job_id, node_id="denoise")


def test_plans_and_branches_are_told_without_running(rig):
    graph = {
        "prompt": {
            node_id: {"class_type": class_type, "inputs": inputs}
            for node_id, (class_type, inputs) in loop(num_inference_steps=9).items()
        }
    }
    plan = rig.ask("plan", graph=graph).content
    assert plan["nodes"]["loop"] == "run"
    branches = rig.ask("branches", graph={"prompt": demo()}).content
    assert set(branches) == {"branches", "undecided"}
    rig.run(loop(num_inference_steps=9))
    plan = rig.ask("plan", graph=graph).content
    assert (plan["nodes"]["model"], plan["nodes"]["loop"]) == ("kept", "kept")


def test_a_plan_looks_at_files_where_the_job_would(rig, tmp_path):
    PIL.Image.new("RGB", (4, 4), "red").save(tmp_path / "a.png")
    prompt = {
        "load": ("LoadImage", {"image": "a.png"}),
        "save": ("SaveImage", {"images": ["load", 0]}),
        "show": ("PreviewImage", {"images": ["load", 0]}),
    }
    nodes = {id: {"class_type": kind, "inputs": inputs} for id, (kind, inputs) in prompt.items()}
    places = {
        "output_folder": str(tmp_path / "out"),
        "temporary_folder": str(tmp_path / "temp"),
        "input_folders": [str(tmp_path)],
    }

    def plan(**changed):
        return rig.ask("plan", graph={"prompt": nodes}, **{**places, **changed}).content["nodes"]

    assert plan() == dict.fromkeys(prompt, "run")
    ended, _ = rig.run(prompt, **places)
    assert ended["outcome"] == "done"
    assert plan() == dict.fromkeys(prompt, "kept")
    (tmp_path / "out" / "blockloom_00001_.png").unlink()
    assert plan() == dict.fromkeys(prompt, "kept") | {"save": "run"}
    elsewhere = str(tmp_path / "elsewhere")
    assert plan(output_folder=elsewhere)["save"] == "run"
    assert plan(temporary_folder=elsewhere)["show"] == "run"
    PIL.Image.new("RGB", (4, 4), "blue").save(tmp_path / "a.png")
    assert plan()["load"] == "run"
    with pytest.raises(NotFoundError, match="There is no file"):
        plan(input_folders=[])


def test_the_nodes_of_node_files_are_told(rig):
    own = rig.ask("own_types").content
    assert {"ToyNumber", "WorkerToyLoop", "SaveImage"} <= {found["id"] for found in own["types"]}
    assert own["problems"] == []


def test_cancelling_takes_effect_within_one_step_of_a_loop(rig):
    running = rig.start(loop(num_inference_steps=500, pause=0.2))
    running.wait_for("node_step", 2)
    heard = len(running.events("node_step"))
    assert rig.cancel(running)
    ended = running.ended(5)
    assert (ended["outcome"], ended["message"]) == ("cancelled", "The run was cancelled.")
    assert (ended["node_id"], ended["class_type"]) == ("loop", "WorkerToyLoop")
    # The step that runs comes to its end; one more may have been on its way.
    assert len(running.events("node_step")) <= heard + 2
    assert running.events()[-1]["outcome"] == "cancelled"


def test_cancelling_another_job_changes_nothing(rig):
    running = rig.start({"a": ("ToySteps", {"count": 10})})
    assert not rig.do(rig.pool.cancel, "another")
    assert running.ended()["outcome"] == "done"


def test_garbage_that_a_node_prints_becomes_lines_of_the_log(rig, worker_options):
    ended, running = rig.run({"a": ("ToyNoise", {"lines": 2})})
    assert ended["outcome"] == "done"
    expected = [
        "line 0",
        "line 1",
        '{"type": "ended", "job_id": "x"}',
        "to stderr",
        "\0\ufffd\ufffd bytes",
        "[1,2",
        "\0\0\0\x10 frame",
        "from C",
        "toys: from a log",
    ]
    assert sorted(running.lines()) == sorted(expected)
    log = log_path(worker_options.log_folder, running.job_id).read_text()
    assert sorted(log.split("\n")) == sorted([*expected, ""])
    _, running = rig.run({"a": ("ToyNoise", {"lines": 3})})
    assert "line 2" in running.lines()


def test_a_flood_of_lines_is_cut_and_counted(rig, worker_options):
    _, running = rig.run({"a": ("ToyNoise", {"lines": 20_000})})
    assert len(running.lines()) < 10_000
    assert any("more lines were left out" in line for line in running.lines())
    log = log_path(worker_options.log_folder, running.job_id).read_text()
    assert "line 19999" in log


@pytest.mark.parametrize(
    ("kind", "name", "message"),
    [
        ("", "ValueError", "ValueError: the toy is broken \\ud800"),
        ("exit", "SystemExit", "SystemExit: 7"),
        ("interrupt", "KeyboardInterrupt", "KeyboardInterrupt: no message"),
    ],
)
def test_whatever_a_node_raises_fails_its_own_job_only(rig, kind, name, message):
    ended, _ = rig.run({"n": ("ToyNumber", {}), "a": ("ToyRaise", {"kind": kind})})
    found = {key: ended[key] for key in ("outcome", "message", "node_id", "class_type", "kind")}
    assert found == {
        "outcome": "failed",
        "message": message,
        "node_id": "a",
        "class_type": "ToyRaise",
        "kind": name,
    }
    assert "worker_toys.py" in ended["details"]
    assert rig.run({"a": ("ToyShow", {"text": "still here"})})[0]["outcome"] == "done"
    assert rig.stats().starts == 1


def test_a_graph_that_does_not_check_fails_with_its_problems(rig):
    ended, _ = rig.run({"a": ("NoSuchNode", {})})
    assert (ended["outcome"], ended["kind"]) == ("failed", "GraphError")
    assert "NoSuchNode" in ended["message"]
    ended, _ = rig.run({}, graph='["no graph"]')
    assert ended["outcome"] == "failed"


@pytest.mark.parametrize("kind", ["torch", "real", "python"])
def test_out_of_memory_frees_the_models_and_leaves_the_worker_usable(rig, kind):
    ended, _ = rig.run(demo(seed=7, steps=1))
    assert ended["loaded"] != []
    ended, _ = rig.run({"a": ("ToyOutOfMemory", {"kind": kind})})
    assert (ended["outcome"], ended["node_id"], ended["loaded"]) == ("failed", "a", [])
    assert ended["message"].startswith("Memory ran out.")
    assert rig.stats().loaded == ()
    assert rig.run({"a": ("ToyShow", {"text": "still here"})})[0]["outcome"] == "done"
    assert rig.stats().starts == 1


def test_out_of_memory_gives_back_what_the_failed_node_held(rig):
    assert rig.run({"a": ("ToyHoard", {})})[0]["outcome"] == "failed"
    _, running = rig.run({"a": ("ToyHoardLeft", {})})
    assert running.events("node_finished")[0]["texts"] == ["0"]


def test_models_and_values_can_be_freed(rig):
    first, _ = rig.run(demo(seed=8, steps=1))
    assert rig.stats().loaded != ()
    rig.do(rig.pool.free, models=True, values=True)
    again, _ = rig.run(demo(seed=8, steps=1))
    assert again["ran"] == first["ran"] + first["kept"]


@pytest.mark.parametrize("where", ["path", "link", "home", "address", "part"])
def test_models_outside_of_the_model_folders_are_not_opened(rig, worker_options, where):
    """Whatever the server let through: a name may come over a link, or from an older database."""
    models = worker_options.settings.models
    models.mkdir(parents=True, exist_ok=True)
    (models / "link").unlink(missing_ok=True)
    (models / "link").symlink_to(model_folder())
    name = {"path": str(model_folder()), "link": "link", "home": "~", "part": "demo"}.get(
        where, "https://example.com/model.safetensors"
    )
    part = {"part": "../model/vae"}.get(where, "vae")
    prompt = {
        "name": ("PrimitiveString", {"value": name}),
        "part": ("BlockloomLoadComponent", {"model": ["name", 0], "component": part}),
        "show": ("PreviewAny", {"source": ["part", 0]}),
    }
    ended, _ = rig.run(prompt)
    assert (ended["outcome"], ended["node_id"], ended["kind"]) == ("failed", "part", "UsageError")
    says = {"address": "is an address", "part": "is not inside the model"}
    assert says.get(where, "is not in a model folder of this server") in ended["message"]


def test_what_is_sent_is_total_json(rig):
    ended, running = rig.run({"a": ("ToyMessy", {})})
    assert ended["outcome"] == "done"
    (finished,) = running.events("node_finished")
    assert finished["texts"] == ["half a pair: \\udc00"]


def test_a_log_that_cannot_be_written_costs_the_log_only(rig, worker_options):
    blocked = log_path(worker_options.log_folder, "blocked")
    blocked.mkdir()
    ended, running = rig.run({"a": ("ToyNoise", {"lines": 1})}, job_id="blocked")
    assert ended["outcome"] == "done"
    assert running.lines()[0].startswith("The log of this job cannot be kept: ")
    assert "line 0" in running.lines()


def test_the_server_has_imported_nothing_heavy():
    script = (
        "import sys, blockloom.jobs.workers\n"
        "print([name for name in ('torch', 'diffusers', 'transformers', 'numpy', 'PIL') "
        "if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
