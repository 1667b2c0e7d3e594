"""What can be typed after ``blockloom``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TypeAlias

from blockloom import __version__

_SET_HELP = (
    "give an input a value; VALUE is JSON where it parses, else a text, and @FILE reads a picture "
    "or a .txt text. Without NODE the first block that reads the input gets it. May be repeated"
)


def make_parser() -> argparse.ArgumentParser:
    """The parser of all commands; ``command`` of its result is the module that runs it."""
    parser = argparse.ArgumentParser(
        prog="blockloom", description="Draw and run diffusion pipelines, block by block."
    )
    parser.add_argument("--version", action="version", version=f"blockloom {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_serve(commands)
    _add_run(commands)
    _add_check(commands)
    _add_new(commands)
    _add_export(commands)
    _add_nodes(commands)
    _add_pipelines(commands)
    _add_trust(commands)
    _add_comfyui(commands)
    return parser


_Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def _add_serve(commands: _Commands) -> None:
    parser = _command(commands, "serve", "start the server (what blockloom does by itself)")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on")
    parser.add_argument("--port", type=int, default=8195, help="the port to listen on")
    parser.add_argument(
        "--device", default="auto", metavar="DEVICES", help="auto, cpu, or cuda:0,cuda:1 …"
    )
    parser.add_argument("--out", type=Path, metavar="DIR", help="where pictures go")
    parser.add_argument(
        "--models",
        type=Path,
        action="append",
        default=[],
        metavar="DIR",
        help="a folder with models that graphs may name; may be repeated",
    )
    parser.add_argument(
        "--token", default="", help="what clients have to bring (made up if it listens elsewhere)"
    )
    parser.add_argument(
        "--allow-host",
        action="append",
        default=[],
        metavar="NAME",
        help="a name by which the server may be called, besides this machine's own",
    )
    parser.add_argument(
        "--allow-origin",
        action="append",
        default=[],
        metavar="URL",
        help="a foreign origin whose pages may use the server",
    )
    parser.add_argument("--tls-certfile", type=Path, metavar="FILE", help="serve over https")
    parser.add_argument("--tls-keyfile", type=Path, metavar="FILE", help="the certificate's key")
    parser.add_argument(
        "--keep-days", type=float, metavar="N", help="forget jobs after so long, with their files"
    )
    parser.add_argument(
        "--keep-jobs", type=int, metavar="N", help="remember only so many, and keep their files"
    )
    parser.add_argument(
        "--keep-gb", type=float, metavar="N", help="keep outputs only up to this size"
    )
    parser.add_argument(
        "--model-gb",
        type=float,
        metavar="N",
        help="keep models loaded up to this size (else most of the device's memory)",
    )
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser")
    parser.add_argument("--log-json", action="store_true", help="log a JSON object a line")
    _add_nodes_folders(parser)


def _add_run(commands: _Commands) -> None:
    parser = _command(commands, "run", "run a graph and write its pictures")
    parser.add_argument(
        "graph", type=Path, metavar="GRAPH", help="a graph file, or the name of an example"
    )
    _add_set(parser)
    parser.add_argument(
        "--out", type=Path, default=Path("output"), metavar="DIR", help="where pictures go"
    )
    parser.add_argument(
        "--input",
        type=Path,
        action="append",
        default=[],
        metavar="DIR",
        help="a folder with pictures the graph may load, besides the graph's own",
    )
    parser.add_argument(
        "--to", action="append", default=[], metavar="NODE", help="run only what NODE needs"
    )
    parser.add_argument(
        "--repeat",
        metavar="FILE",
        help="run once more for each line of FILE, a JSON object of inputs and values ('-': stdin)",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object, nothing else")
    _add_nodes_folders(parser)


def _add_check(commands: _Commands) -> None:
    parser = _command(commands, "check", "check a graph; show where each input gets its value")
    parser.add_argument(
        "graph", type=Path, metavar="GRAPH", help="a graph file, or the name of an example"
    )
    _add_set(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object, nothing else")
    _add_nodes_folders(parser)


def _add_new(commands: _Commands) -> None:
    parser = _command(commands, "new", "write a graph for one of diffusers' pipelines")
    parser.add_argument("pipeline", metavar="PIPELINE", help="see: blockloom pipelines")
    parser.add_argument("--workflow", metavar="NAME", help="text2image, inpainting …")
    parser.add_argument("--model", metavar="REPO", help="a repository, a folder, or demo")
    parser.add_argument("--leaf", action="store_true", help="the smallest blocks, not the coarse")
    parser.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help="where to write it (else: stdout)"
    )
    parser.add_argument("--force", action="store_true", help="replace FILE if it is there")
    _add_nodes_folders(parser)


def _add_export(commands: _Commands) -> None:
    parser = _command(commands, "export", "write a graph in another form")
    parser.add_argument(
        "graph", type=Path, metavar="GRAPH", help="a graph file, or the name of an example"
    )
    parser.add_argument(
        "--to", choices=["comfyui"], required=True, help="what it is for: comfyui's editor"
    )
    parser.add_argument(
        "--api", action="store_true", help="what ComfyUI's server takes, not what its editor opens"
    )
    _add_set(parser)
    parser.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help="where to write it (else: stdout)"
    )
    parser.add_argument("--force", action="store_true", help="replace FILE if it is there")
    _add_nodes_folders(parser)


def _add_nodes(commands: _Commands) -> None:
    parser = _command(commands, "nodes", "list node types, or show one with all its sockets")
    parser.add_argument("query", nargs="?", default="", metavar="QUERY")
    parser.add_argument("--json", action="store_true", help="print one JSON list, nothing else")
    _add_nodes_folders(parser)


def _add_pipelines(commands: _Commands) -> None:
    parser = _command(commands, "pipelines", "list diffusers' pipelines and their workflows")
    parser.add_argument("--json", action="store_true", help="print one JSON list, nothing else")


def _add_trust(commands: _Commands) -> None:
    parser = _command(commands, "trust", "let a repository run code of its own, or list which may")
    parser.add_argument(
        "repository",
        nargs="?",
        default="",
        metavar="REPO[@REVISION]",
        help="a folder, or a name on the Hugging Face Hub",
    )
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.add_argument("--list", action="store_true", help="show what is trusted")
    parser.add_argument("--remove", action="store_true", help="trust it no longer")
    parser.add_argument(
        "--models",
        type=Path,
        action="append",
        default=[],
        metavar="DIR",
        help="a folder with model folders that can be named without a path",
    )


def _add_comfyui(commands: _Commands) -> None:
    parser = _command(commands, "comfyui", "put Blockloom's nodes into a ComfyUI")
    parser.add_argument("action", choices=["install"], help="install: into its custom_nodes")
    parser.add_argument(
        "folder", type=Path, metavar="COMFYUI_DIR", help="where ComfyUI's main.py is"
    )


def _command(commands: _Commands, name: str, summary: str) -> argparse.ArgumentParser:
    parser = commands.add_parser(
        name, help=summary, description=f"{summary[0].upper()}{summary[1:]}."
    )
    parser.add_argument(
        "--data", type=Path, metavar="DIR", help="keep settings, nodes and caches in DIR"
    )
    parser.add_argument("--details", action="store_true", help="show the traceback of an error")
    return parser


def _add_set(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        dest="settings",
        metavar="[NODE.]INPUT=VALUE",
        help=_SET_HELP,
    )


def _add_nodes_folders(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--nodes",
        type=Path,
        action="append",
        default=[],
        dest="nodes_folders",
        metavar="DIR",
        help="a folder with node files of your own",
    )
