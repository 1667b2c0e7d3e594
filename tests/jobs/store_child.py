"""A program for the fault tests: it works on a job store until it is killed, or until it is done.

python store_child.py kill FOLDER SEED     accept, run and end jobs for ever, saying each step
python store_child.py full FOLDER          accept jobs on a disk that fills up and empties again
python store_child.py open FOLDER          open the store, and say why it cannot be
"""

from __future__ import annotations

import os
import random
import resource
import signal
import sys
from pathlib import Path

from blockloom.errors import StorageError
from blockloom.jobs.job_store import JobStore
from blockloom.jobs.model import JobStatus, NewJob


def say(*words: str) -> None:
    os.write(1, (" ".join(words) + "\n").encode())


def job(id: str, group: str = "") -> NewJob:
    inputs = {"prompt": f"a castle {id} " * 20, "model": "demo"}
    graph = {"prompt": {"text": {"class_type": "Text", "inputs": inputs}}}
    return NewJob(id, graph, group=group)


def accept(store: JobStore, choice: random.Random, name: str) -> None:
    new = [job(f"{name}-{part}", name) for part in range(choice.choice((1, 1, 3)))]
    store.accept_all(new)
    say("accepted", *(each.id for each in new))


def run_one(store: JobStore, choice: random.Random) -> None:
    waiting = store.pending(1)
    if not waiting:
        return
    id = waiting[0].id
    attempt = store.begin(id, "cpu").attempt
    store.record_output(id, "save", {"files": [{"path": f"/out/{id}.png"}], "texts": []})
    say("announced", id, str(attempt))
    store.log(id, "execution_success", {"prompt_id": id})
    status = choice.choice((JobStatus.DONE, JobStatus.FAILED))
    store.end(id, status)
    say("ended", id, status.value)


def work(folder: Path, seed: str) -> None:
    choice = random.Random(seed)
    with JobStore(folder / "jobs.sqlite") as store:
        if store.notices:
            say("notices", *store.notices)
        for found in store.recover():
            say("interrupted", found.id)
            store.retry(found.id)
        for number in range(1_000_000):
            accept(store, choice, f"{seed}-{number}")
            run_one(store, choice)
            if number % 4 == 3:
                cancelled = store.cancel_pending([each.id for each in store.pending(1)])
                say("cancelled", *cancelled)


def fill(folder: Path) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    with JobStore(folder / "jobs.sqlite") as store:
        store.accept(job("first"))
        store.begin("first", "cpu")
        _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, hard))
        for number in range(10_000):
            try:
                store.accept(job(f"a{number}"))
            except StorageError as error:
                say("refused", f"a{number}", str(error))
                break
            say("accepted", f"a{number}")
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
        try:
            store.end("first", JobStatus.DONE)
        except StorageError:
            say("failed")
        say("waiting", str(len(store.pending())), store.get("first").status.value)
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
        store.accept(job("after"))
        say("accepted", "after")
        store.end("first", JobStatus.DONE)


def try_to_open(folder: Path) -> None:
    if os.geteuid() == 0:
        # Nothing is read-only to root; nobody may write nothing.
        os.setgid(65534)
        os.setuid(65534)
    try:
        with JobStore(folder / "jobs.sqlite") as store:
            store.accept(job("a"))
            say("opened")
    except StorageError as error:
        say("refused", str(error))


if __name__ == "__main__":
    action, folder = sys.argv[1], Path(sys.argv[2])
    if action == "kill":
        work(folder, sys.argv[3])
    elif action == "full":
        fill(folder)
    else:
        try_to_open(folder)
