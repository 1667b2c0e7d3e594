"""``blockloom serve``: the server."""

from __future__ import annotations

import argparse
import gc
import sys
from pathlib import Path

from blockloom.catalogue.catalogue import Catalogue
from blockloom.cli.browser import has_browser, open_browser
from blockloom.cli.terminal import note
from blockloom.errors import NotFoundError, UsageError
from blockloom.jobs.job_store import JobStore
from blockloom.jobs.queue import JobQueue
from blockloom.jobs.retention import Retention
from blockloom.jobs.worker_options import WorkerOptions, parse_devices
from blockloom.jobs.workers import WorkerPool, worker_options_for
from blockloom.resources import examples_folder
from blockloom.server.app import make_app
from blockloom.server.backend import Backend, WorkFolders
from blockloom.server.catalogue_reading import read_whole_catalogue
from blockloom.server.keys import Access, Config, Folders
from blockloom.server.logs import log_to_terminal
from blockloom.server.running import Listening, access_for, serve
from blockloom.settings import Settings, read_settings


def main(options: argparse.Namespace) -> int:
    """Serve until told to stop."""
    log_to_terminal(as_json=options.log_json)
    data: Path | None = options.data
    settings = read_settings(data=data.absolute() if data else None)
    listening = _listening(options)
    access = access_for(listening)
    folders = _folders(options, settings)
    for folder in options.nodes_folders:
        if not folder.exists():
            raise NotFoundError(f'There is no folder "{folder}" with node files.')
    pool = _pool(options, settings, folders)
    backend = Backend(
        JobQueue(JobStore(settings.data / "jobs.db")),
        pool,
        WorkFolders(str(folders.output), str(folders.temporary), tuple(map(str, folders.inputs))),
    )

    async def read() -> Catalogue:
        catalogue = await read_whole_catalogue(settings, options.nodes_folders, pool)
        # It stays: nobody should wait while it is looked through for garbage.
        gc.collect()
        gc.freeze()
        return catalogue

    config = Config(
        folders, access, retention=_retention(options), arguments=_shown_arguments(options)
    )
    serve(make_app(config, backend, read), listening, lambda: _say_ready(options, access))
    return 0


def _listening(options: argparse.Namespace) -> Listening:
    if options.tls_keyfile and not options.tls_certfile:
        raise UsageError("--tls-keyfile needs --tls-certfile beside it.")
    return Listening(
        host=options.host,
        port=options.port,
        token=options.token,
        hosts=tuple(options.allow_host),
        origins=tuple(options.allow_origin),
        certificate=options.tls_certfile,
        key=options.tls_keyfile,
    )


def _folders(options: argparse.Namespace, settings: Settings) -> Folders:
    """The folders clients may name, made where they are not there yet."""
    out: Path | None = options.out
    output = (out or settings.data / "output").absolute()
    for folder in options.models:
        if not folder.is_dir():
            raise NotFoundError(
                f'There is no folder "{folder}" with models.', remedy="Check --models."
            )
    models = (*(folder.absolute() for folder in options.models), settings.models.absolute())
    try:
        for folder in (output, settings.inputs, settings.data / "user", settings.data / "temp"):
            folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f'The folder "{error.filename}" cannot be made: {error.strerror}.',
            remedy="Choose another place with --data or --out.",
        ) from error
    temporary = settings.data.resolve() / "temp"
    if output.resolve().is_relative_to(temporary.resolve()):
        raise UsageError(
            f'Pictures cannot be kept in "{output}": that folder is emptied at every start.',
            remedy="Choose another folder with --out.",
        )
    return Folders(
        output=output.resolve(),
        temporary=temporary,
        input=settings.inputs.resolve(),
        user=(settings.data / "user").resolve(),
        models=tuple(dict.fromkeys(models)),
        examples=examples_folder(),
    )


def _retention(options: argparse.Namespace) -> Retention:
    size: float | None = options.keep_gb
    return Retention(
        max_age_days=options.keep_days,
        max_jobs=options.keep_jobs,
        max_bytes=None if size is None else int(size * 2**30),
    )


def _pool(options: argparse.Namespace, settings: Settings, folders: Folders) -> WorkerPool:
    size: float | None = options.model_gb
    if size is not None and not 0 <= size < 1e6:
        raise UsageError(f"--model-gb is {size}.", remedy="Give a number of gigabytes.")
    template = WorkerOptions(
        settings=settings,
        nodes_folders=tuple(folder.absolute() for folder in options.nodes_folders),
        model_folders=folders.models,
        model_budget=None if size is None else int(size * 2**30),
        log_folder=settings.data / "logs" / "jobs",
    )
    return WorkerPool(worker_options_for(parse_devices(options.device), template))


def _shown_arguments(options: argparse.Namespace) -> tuple[str, ...]:
    """What the server was started with, without its secret."""
    arguments = list(sys.argv[1:])
    if options.token:
        arguments = [text.replace(options.token, "…") for text in arguments]
    return ("blockloom", *arguments)


def _say_ready(options: argparse.Namespace, access: Access) -> None:
    url = _listening(options).url
    if access.token:
        url = f"{url}?token={access.token}"
    note(f"Blockloom is at {url}", "Press Ctrl-C to stop it.")
    if not options.no_browser and has_browser():
        open_browser(url)
