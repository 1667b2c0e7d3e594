from __future__ import annotations

import json
import signal
import subprocess
import sys
import time

import PIL.Image
import pytest

from blockloom.demo import model_folder
from blockloom.export.png import read_png_origin

STAMP = '''
from blockloom import Context, node

@node(category="test", id="TestSlow", output=True)
def slow(ctx: Context, text: str = "") -> None:
    """Goes on until it is cancelled."""
    import time
    print("this goes to stderr")
    for done in range(2000):
        ctx.progress(done, 2000)
        time.sleep(0.01)

@node(category="test", id="TestFails", output=True)
def fails(text: str = "") -> None:
    """Never works."""
    print("this goes to stderr")
    raise ValueError("paper jam")
'''


@pytest.fixture
def red_picture(graph_file):
    return graph_file(
        red=("EmptyImage", {"width": 8, "height": 4, "color": 0xFF0000}),
        inverted=("ImageInvert", {"image": ["red", "image"]}),
        save=("SaveImage", {"images": ["inverted", "image"]}),
    )


@pytest.fixture
def own_nodes(folder):
    (folder / "own").mkdir()
    (folder / "own" / "stamp.py").write_text(STAMP)
    return "own"


def look(path):
    with PIL.Image.open(path) as picture:
        return picture.size, picture.getpixel((0, 0))


def without_seconds(report):
    assert report["seconds"] >= 0
    return {name: value for name, value in report.items() if name != "seconds"}


def test_the_paths_written_are_printed(blockloom, red_picture, folder):
    answer = blockloom("run", red_picture)

    assert (answer.code, answer.out) == (0, "output/blockloom_00001_.png\n")
    assert "3 ran, 0 kept" in answer.err
    assert look("output/blockloom_00001_.png") == ((8, 4), (0, 255, 255))
    origin = read_png_origin(folder / "output" / "blockloom_00001_.png")
    assert (list(origin.graph_json["prompt"]), origin.node_id) == (
        ["red", "inverted", "save"],
        "save",
    )


def test_json_is_one_object_and_nothing_else(blockloom, red_picture):
    answer = blockloom("run", red_picture, "--json", "--out", "pictures", "--set", "width=16")

    assert (answer.code, answer.err) == (0, "")
    assert without_seconds(answer.json) == {
        "outputs": {"save": ["pictures/blockloom_00001_.png"]},
        "seed": None,
        "ran": ["red", "inverted", "save"],
        "kept": [],
    }
    assert look("pictures/blockloom_00001_.png")[0] == (16, 4)


def test_shown_texts_are_printed(blockloom, graph_file):
    graph = graph_file(
        number=("PrimitiveInt", {"value": 3}), look=("PreviewAny", {"source": ["number", 0]})
    )
    assert blockloom("run", graph).out == "look: 3\n"
    assert blockloom("run", graph, "--json").json["texts"] == {"look": ["3"]}


def test_run_to_a_node(blockloom, red_picture):
    answer = blockloom("run", red_picture, "--to", "inverted", "--json")
    assert without_seconds(answer.json) == {
        "outputs": {},
        "seed": None,
        "ran": ["red", "inverted"],
        "kept": [],
    }
    answer = blockloom("run", red_picture, "--to", "sav")
    assert (answer.code, answer.out) == (2, "")
    assert 'error: node "sav": ' in answer.err


def test_repeat_keeps_what_did_not_change(blockloom, red_picture, folder):
    lines = [
        '{"filename_prefix": "again"}',
        "",
        '{"red.color": 255}',
        '{"width": "wide"}',
        '{"x": 1}',
    ]
    (folder / "lines.jsonl").write_text("\n".join(lines))

    answer = blockloom("run", red_picture, "--repeat", "lines.jsonl")

    reports = [json.loads(line) for line in answer.out.splitlines()]
    assert [(report.get("ran"), report.get("kept")) for report in reports] == [
        (["red", "inverted", "save"], []),
        (["save"], ["red", "inverted"]),
        (["red", "inverted", "save"], []),
        (None, None),
        (None, None),
    ]
    assert reports[1]["outputs"] == {"save": ["output/again_00001_.png"]}
    assert [problem["socket"] for problem in reports[3]["problems"]] == ["width"]
    assert reports[4]["error"].startswith('No node of the graph reads "x".')
    assert answer.code == 2


def test_a_picture_from_the_command_line(blockloom, red_picture, folder):
    (folder / "elsewhere").mkdir()
    PIL.Image.new("RGB", (3, 2), "white").save(folder / "elsewhere" / "white.png")

    answer = blockloom("run", red_picture, "--set", "inverted.image=@elsewhere/white.png", "--json")

    assert look(answer.json["outputs"]["save"][0]) == ((3, 2), (0, 0, 0))


def test_pictures_are_read_beside_the_graph_and_nowhere_else(blockloom, graph_file, folder):
    PIL.Image.new("RGB", (3, 2)).save(folder / "here.png")
    (folder / "more").mkdir()
    PIL.Image.new("RGB", (5, 2)).save(folder / "more" / "there.png")
    graph = graph_file(
        load=("LoadImage", {"image": "here.png"}), save=("SaveImage", {"images": ["load", "image"]})
    )
    assert blockloom("run", graph).code == 0
    assert blockloom("run", graph, "--set", "image=there.png", "--input", "more").code == 0

    answer = blockloom("run", graph, "--set", "image=/etc/passwd")

    assert (answer.code, answer.out) == (1, "")
    assert answer.err.startswith('error: node "load" (LoadImage): There is no file "/etc/passwd"')


@pytest.mark.parametrize("prefix", ["../a", "/tmp/a", "a/../../b"])
def test_nothing_is_written_outside_the_output_folder(blockloom, red_picture, folder, prefix):
    answer = blockloom("run", red_picture, "--set", f"filename_prefix={prefix}")
    assert answer.code == 1
    assert answer.err.startswith('error: node "save" (SaveImage): The file name ')
    assert list(folder.rglob("*.png")) == []


def test_a_graph_may_name_any_model_folder_of_this_machine(blockloom, graph_file, folder):
    """Who types the command may read these files anyway; a server's graphs may not."""
    (folder / "link").symlink_to(model_folder())
    for name in (str(model_folder()), "link", "./link"):
        graph = graph_file(
            vae=("BlockloomLoadComponent", {"model": name, "component": "vae"}),
            show=("PreviewAny", {"source": ["vae", "component"]}),
        )
        answer = blockloom("run", graph)
        assert answer.code == 0, answer.err
    answer = blockloom("run", graph, "--set", "vae.component=../model/vae")
    assert answer.code == 1
    assert "is not inside the model" in answer.err


def test_a_node_that_fails(blockloom, graph_file, own_nodes):
    graph = graph_file(bad=("TestFails", {}))

    answer = blockloom("run", graph, "--nodes", own_nodes, "--json")

    message = 'node "bad" (TestFails): ValueError: paper jam'
    assert answer.code == 1
    assert answer.json == {"error": message, "node": "bad", "problems": []}
    assert answer.err == f"this goes to stderr\nerror: {message}\n"
    detailed = blockloom("run", graph, "--nodes", own_nodes, "--details")
    assert 'raise ValueError("paper jam")' in detailed.err


def test_a_graph_that_does_not_check(blockloom, graph_file, folder):
    graph = graph_file(
        red=("EmptyImag", {"width": 8}), save=("SaveImage", {"images": ["red", "image"]})
    )
    answer = blockloom("run", graph, "--json")
    assert answer.code == 2
    assert answer.err.startswith('error: node "red" (EmptyImag): ')
    assert "EmptyImage" in answer.err
    assert [problem["code"] for problem in answer.json["problems"]] == ["unknown_type"]
    assert not (folder / "output").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nope.json"], 'error: There is no graph file "nope.json".'),
        (["graph.json", "--set", "width"], 'error: "width" is no setting.'),
        (
            ["graph.json", "--set", "wdth=3"],
            'error: No node of the graph reads "wdth". Did you mean',
        ),
        (
            ["graph.json", "--set", "red.wdth=3"],
            'error: Node "red" (EmptyImage) has no input "wdth"',
        ),
        (["graph.json", "--set", "image=@no.png"], 'error: image: there is no file "no.png".'),
        (["graph.json", "--repeat", "no.jsonl"], 'error: There is no file "no.jsonl"'),
        (["graph.json", "--nodes", "no"], 'error: There is no folder "no"'),
        (["graph.json", "--frobnicate"], "usage: blockloom"),
        ([], "usage: blockloom"),
    ],
)
def test_bad_usage(blockloom, red_picture, arguments, message):
    answer = blockloom("run", *arguments)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith(message)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_the_run_within_a_step(folder, graph_file, own_nodes, number):
    graph = graph_file(slow=("TestSlow", {}))
    process = subprocess.Popen(
        [sys.executable, "-m", "blockloom", "run", graph, "--nodes", own_nodes, "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stderr is not None
        line = process.stderr.readline()
        while "this goes to stderr" not in line:
            line = process.stderr.readline()
            assert line
        process.send_signal(number)
        sent = time.monotonic()
        out, err = process.communicate(timeout=20)
        # Much less than the node would take; the rest is a busy machine ending a process.
        assert time.monotonic() - sent < 18
    assert (process.returncode, json.loads(out)["error"]) == (130, "The run was cancelled.")
    assert err.splitlines()[-1] == "error: The run was cancelled."
