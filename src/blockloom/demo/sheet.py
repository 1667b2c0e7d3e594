"""A contact sheet of unpicked pictures: ``python -m blockloom.demo.sheet OUT.png``."""

from __future__ import annotations

import argparse
import sys
import textwrap
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from blockloom.demo import model_folder
from blockloom.demo.captions import full_caption
from blockloom.demo.check import held_out_scenes
from blockloom.demo.detect import Pixels
from blockloom.demo.painter import load_pipeline, paint

SEED = 40_000
ROWS = {"land": 24, "one": 10, "many": 6, "pair": 8}
COLUMNS = 8
SHOWN = 128
GAP, CAPTION_HEIGHT, CAPTION_CHARACTERS, FONT_SIZE = 8, 58, 24, 10


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m blockloom.demo.sheet", description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--model", type=Path, default=model_folder())
    options = parser.parse_args()
    scenes = [scene for family, count in ROWS.items() for scene in held_out_scenes(family, count)]
    captions = [full_caption(scene) for scene in scenes]
    contact_sheet(paint(load_pipeline(options.model), captions, SEED), captions).save(options.out)
    return 0


def contact_sheet(pictures: list[Pixels], captions: list[str]) -> Image.Image:
    """Pictures at twice their size, each with its prompt below."""
    wide, high = SHOWN + GAP, SHOWN + CAPTION_HEIGHT
    rows = -(-len(pictures) // COLUMNS)
    sheet = Image.new("RGB", (COLUMNS * wide + GAP, rows * high + GAP), (255, 255, 255))
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(FONT_SIZE)
    for index, (picture, caption) in enumerate(zip(pictures, captions, strict=True)):
        x, y = GAP + index % COLUMNS * wide, GAP + index // COLUMNS * high
        small = Image.fromarray(np.clip(picture + 0.5, 0, 255).astype(np.uint8))
        sheet.paste(small.resize((SHOWN, SHOWN), Image.Resampling.LANCZOS), (x, y))
        lines = textwrap.wrap(caption, CAPTION_CHARACTERS)
        pen.multiline_text((x, y + SHOWN + 3), "\n".join(lines), (60, 60, 60), font, spacing=1)
    return sheet


if __name__ == "__main__":
    sys.exit(main())
