"""``python -m blockloom`` is ``blockloom``."""

from __future__ import annotations

import sys

from blockloom.cli import main

sys.exit(main())
