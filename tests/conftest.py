"""What all tests share: nothing is downloaded, and torch keeps to one thread."""

from __future__ import annotations

import os

import hypothesis

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

# Where a change is judged, the same examples every time; where one works on it, new ones.
hypothesis.settings.register_profile("judged", derandomize=True, deadline=None)
hypothesis.settings.register_profile("new examples", deadline=None)
hypothesis.settings.load_profile("judged" if os.environ.get("CI") else "new examples")
