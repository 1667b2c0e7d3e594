"""Write docs/coverage.md from the tests that compare every workflow with diffusers.

Usage: .venv/bin/python scripts/make_coverage.py [REPORT.xml ...]

Runs the tests, or reads the reports of runs (pytest's --junitxml).
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


def main() -> int:
    """Returns the number of workflows that are not the same everywhere."""
    import diffusers
    import torch
    from tests.kit.compare import workshop
    from tests.kit.coverage import SAME, read_reports, write_page
    from tests.kit.recipes import all_missing

    with tempfile.TemporaryDirectory() as folder:
        reports = [*map(Path, sys.argv[1:])] or _run_tests(Path(folder))
        outcomes = read_reports(reports)
    order = [
        (entry.name, workflow.name)
        for entry in workshop().catalogue.pipelines.values()
        for workflow in entry.workflows
    ]
    versions = {"diffusers": diffusers.__version__, "torch": torch.__version__.partition("+")[0]}
    page = write_page(outcomes, all_missing(), order, versions)
    (ROOT / "docs" / "coverage.md").write_text(page)
    return sum(set(modes.values()) != {SAME} for modes in outcomes.values())


def _run_tests(folder: Path) -> list[Path]:
    """Run them as ./test does: those that need torchvision by themselves."""
    common = {**os.environ, "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
    reports = []
    for tests, more in (
        ("tests/pixels", {}),
        ("tests/with_torchvision", {"PYTHONPATH": str(ROOT / ".venv" / "torchvision")}),
    ):
        reports.append(folder / f"{len(reports)}.xml")
        command = [sys.executable, "-m", "pytest", "-q", "-n", "logical", "--maxprocesses", "8"]
        command += ["--dist", "loadfile", f"--junitxml={reports[-1]}"]
        command += [tests, "-k", "same_as_diffusers"]
        subprocess.run(command, cwd=ROOT, env={**common, **more}, check=False)
    return reports


if __name__ == "__main__":
    sys.exit(main())
