"""Draws landscapes: a sky, a ground, something that stands there, something that hangs above."""

from __future__ import annotations

import math
from random import Random

from PIL import Image

from blockloom.demo.canvas import SIDE, Canvas, jittered
from blockloom.demo.scenes import RGB, Land

SKY: dict[str, tuple[RGB, RGB]] = {
    "day": ((80, 160, 240), (190, 226, 250)),
    "dawn": ((170, 150, 220), (252, 206, 208)),
    "sunset": ((222, 76, 70), (254, 190, 84)),
    "night": ((12, 14, 48), (38, 44, 104)),
}
LIGHT: dict[str, tuple[float, float, float]] = {
    "day": (1.0, 1.0, 1.0),
    "dawn": (0.93, 0.86, 0.95),
    "sunset": (0.92, 0.70, 0.60),
    "night": (0.38, 0.42, 0.62),
}
THING_COLOURS: dict[str, RGB] = {
    "red": (222, 45, 45),
    "orange": (248, 145, 35),
    "yellow": (252, 220, 60),
    "blue": (50, 100, 220),
    "purple": (145, 70, 195),
    "pink": (248, 130, 188),
    "white": (248, 248, 248),
}
FAR_GREEN, NEAR_GREEN = (128, 190, 90), (84, 160, 62)
ROCK, SNOW, SNOW_FIELD = (120, 128, 150), (248, 250, 255), (232, 240, 250)
FAR_SAND, NEAR_SAND = (240, 208, 140), (226, 182, 102)
WATER, WAVE = (40, 110, 176), (110, 170, 216)
TRUNK, LEAF, NEEDLE, CACTUS = (120, 78, 46), (52, 134, 52), (28, 100, 70), (44, 140, 78)
ROOF, DOOR, WINDOW, BASKET = (112, 62, 48), (90, 58, 42), (255, 240, 150), (128, 84, 48)
RAINBOW = (
    (226, 60, 60),
    (248, 156, 50),
    (252, 226, 80),
    (80, 180, 90),
    (70, 120, 220),
    (150, 80, 200),
)

THING_X = {"left": 15.0, "middle": 32.0, "right": 49.0}
HORIZON = 40.0


def draw_land(scene: Land, random: Random) -> Image.Image:
    """Draw a landscape from back to front."""
    canvas = Canvas(_sky(scene.time, random))
    x = THING_X[scene.place] + random.uniform(-2, 2)
    if scene.sky:
        _hang(canvas, scene, x, random)
    _lay_ground(canvas, scene, random)
    if scene.thing:
        _place(canvas, scene, x, random)
    return canvas.finished()


def _lit(colour: RGB, time: str) -> RGB:
    red, green, blue = (round(c * part) for c, part in zip(colour, LIGHT[time], strict=True))
    return red, green, blue


def _half_lit(colour: RGB, time: str) -> RGB:
    """Painted things keep more of their own colour, so that its name can still be read at night."""
    red, green, blue = (
        round(c * (0.6 + 0.4 * part)) for c, part in zip(colour, LIGHT[time], strict=True)
    )
    return red, green, blue


def _sky(time: str, random: Random) -> Image.Image:
    top, low = (jittered(colour, random) for colour in SKY[time])
    column = Image.new("RGB", (1, 16))
    for y in range(16):
        part = min(1.0, y * 4.0 / HORIZON)
        red, green, blue = (round(a + (b - a) * part) for a, b in zip(top, low, strict=True))
        column.putpixel((0, y), (red, green, blue))
    return column


def _lay_ground(canvas: Canvas, scene: Land, random: Random) -> None:
    def paint(colour: RGB) -> RGB:
        return jittered(_lit(colour, scene.time), random)

    shift = random.uniform(-4, 4)
    if scene.terrain == "green hills":
        canvas.oval(16 + shift, 60, 34, 22, paint(FAR_GREEN))
        canvas.oval(52 + shift, 62, 32, 21, paint(FAR_GREEN))
        canvas.oval(34 - shift, 76, 60, 26, paint(NEAR_GREEN))
    elif scene.terrain == "snowy mountains":
        for peak, top, half in ((14 + shift, 21, 20), (50 + shift, 18, 22), (33 - shift, 25, 16)):
            rock, snow = paint(ROCK), paint(SNOW)
            canvas.polygon([(peak, top), (peak + half, 56), (peak - half, 56)], rock)
            cut = half * 0.42
            depth = top + 0.42 * (56 - top)
            canvas.polygon([(peak, top), (peak + cut, depth), (peak - cut, depth)], snow)
        canvas.box(0, 50, SIDE, SIDE, paint(SNOW_FIELD))
        canvas.oval(32 + shift, 54, 44, 6, paint(SNOW_FIELD))
    elif scene.terrain == "desert":
        canvas.oval(20 + shift, 62, 36, 20, paint(FAR_SAND))
        canvas.oval(56 + shift, 64, 30, 19, paint(FAR_SAND))
        canvas.oval(26 - shift, 78, 62, 28, paint(NEAR_SAND))
    else:
        canvas.box(0, HORIZON + 2, SIDE, SIDE, paint(WATER))
        for row in range(4):
            left = random.uniform(2, 40)
            crest = 45.5 + 5 * row
            canvas.box(left, crest, left + random.uniform(8, 18), crest + 0.9, paint(WAVE))


def _hang(canvas: Canvas, scene: Land, thing_x: float, random: Random) -> None:
    """Hang the sky item, out of the way of a balloon."""
    x = random.uniform(13, 51)
    if scene.thing and abs(x - thing_x) < 16:
        x = thing_x + (22 if thing_x < 32 else -22)
    y = random.uniform(10, 14)
    if scene.sky == "sun":
        low = {"day": (255, 232, 92), "dawn": (255, 238, 170), "sunset": (255, 240, 130)}
        canvas.disc(x, y + (0 if scene.time == "day" else 6), 7.5, low[scene.time])
    elif scene.sky == "full moon":
        canvas.disc(x, y, 7.0, (244, 242, 220))
    elif scene.sky == "crescent moon":
        turns = [math.pi * i / 14 for i in range(15)]
        outer = [(x + 8 * math.sin(a), y - 8 * math.cos(a)) for a in turns]
        inner = [(x + 3 * math.sin(a), y - 8 * math.cos(a)) for a in reversed(turns)]
        canvas.polygon(outer + inner, (246, 240, 196))
    elif scene.sky == "stars":
        for _ in range(12):
            at = (random.uniform(3, 61), random.uniform(3, 30))
            canvas.disc(*at, random.choice((0.8, 1.1, 1.4)), (250, 246, 214))
    elif scene.sky == "rainbow":
        for index, colour in enumerate(RAINBOW):
            canvas.ring(32 + random.uniform(-0.2, 0.2), 46, 34 - 2.2 * index, 2.3, colour)
    else:
        white = {"day": (252, 252, 255), "dawn": (255, 236, 240), "sunset": (255, 214, 180)}
        for cloud_x, cloud_y in ((x, y), ((x + 30) % 64, y + random.uniform(4, 8))):
            for shift, radius in ((-5, 3.4), (0, 4.6), (5, 3.6)):
                canvas.disc(cloud_x + shift, cloud_y - radius / 3, radius, white[scene.time])


def _place(canvas: Canvas, scene: Land, x: float, random: Random) -> None:
    """Set the thing down: ``y`` is where it touches the ground."""
    y = 54 + random.uniform(-1, 1)
    body = jittered(_half_lit(THING_COLOURS[scene.colour or "white"], scene.time), random)
    if scene.thing == "house":
        _house(canvas, x, y, body, scene.time)
    elif scene.thing == "castle":
        _castle(canvas, x, y, body, scene.time)
    elif scene.thing == "hot air balloon":
        _balloon(canvas, x, 21 + random.uniform(-2, 2), body, scene.time)
    elif scene.thing == "sailboat":
        _sailboat(canvas, x, y - 2, body, scene.time)
    elif scene.thing == "tree":
        canvas.box(x - 1.6, y - 9, x + 1.6, y, _lit(TRUNK, scene.time))
        for shift_x, shift_y, radius in ((-4.5, -13, 5.5), (4.5, -13, 5.5), (0, -18, 6.5)):
            canvas.disc(x + shift_x, y + shift_y, radius, _lit(LEAF, scene.time))
    elif scene.thing == "pine tree":
        canvas.box(x - 1.5, y - 4, x + 1.5, y, _lit(TRUNK, scene.time))
        for top, half in ((-15, 9), (-20, 7.5), (-25, 6)):
            points = [(x, y + top - 2), (x + half, y + top + 12), (x - half, y + top + 12)]
            canvas.polygon(points, _lit(NEEDLE, scene.time))
    else:
        _cactus(canvas, x, y, _lit(CACTUS, scene.time))


def _house(canvas: Canvas, x: float, y: float, body: RGB, time: str) -> None:
    canvas.box(x - 9, y - 13, x + 9, y, body)
    canvas.polygon([(x - 11.5, y - 13), (x, y - 24), (x + 11.5, y - 13)], _lit(ROOF, time))
    canvas.box(x - 2, y - 7, x + 2, y, _lit(DOOR, time))
    for side in (-5.7, 5.7):
        canvas.box(x + side - 1.7, y - 10, x + side + 1.7, y - 6.5, WINDOW)


def _castle(canvas: Canvas, x: float, y: float, body: RGB, time: str) -> None:
    canvas.box(x - 9, y - 14, x + 9, y, body)
    for side in (-10, 10):
        canvas.box(x + side - 3.4, y - 20, x + side + 3.4, y, body)
        roof = [(x + side - 4.6, y - 20), (x + side, y - 28), (x + side + 4.6, y - 20)]
        canvas.polygon(roof, _lit(ROOF, time))
    for tooth in (-5, 0, 5):
        canvas.box(x + tooth - 1.4, y - 17, x + tooth + 1.4, y - 14, body)
    canvas.box(x - 2.6, y - 8, x + 2.6, y, _lit(DOOR, time))


def _balloon(canvas: Canvas, x: float, y: float, body: RGB, time: str) -> None:
    canvas.disc(x, y, 11, body)
    canvas.polygon([(x - 9.6, y + 5.4), (x + 9.6, y + 5.4), (x + 3, y + 15), (x - 3, y + 15)], body)
    pale: RGB = (min(255, body[0] + 45), min(255, body[1] + 45), min(255, body[2] + 45))
    canvas.oval(x, y + 0.5, 3.6, 10.8, pale)
    canvas.box(x - 2.8, y + 17.5, x + 2.8, y + 22, _lit(BASKET, time))


def _sailboat(canvas: Canvas, x: float, y: float, body: RGB, time: str) -> None:
    canvas.polygon(
        [(x - 11, y - 2), (x + 11, y - 2), (x + 7, y + 4), (x - 7, y + 4)], _lit(TRUNK, time)
    )
    canvas.polygon([(x - 1, y - 26), (x - 1, y - 4), (x - 10.5, y - 4)], body)
    canvas.polygon([(x + 1, y - 22), (x + 1, y - 4), (x + 9, y - 4)], body)


def _cactus(canvas: Canvas, x: float, y: float, paint: RGB) -> None:
    canvas.box(x - 2.4, y - 20, x + 2.4, y, paint)
    canvas.disc(x, y - 20, 2.4, paint)
    for side, low in ((-1, -8), (1, -11)):
        arm = x + side * 7
        canvas.box(min(x, arm), y + low - 2, max(x, arm), y + low + 2, paint)
        canvas.box(arm - 2, y + low - 7, arm + 2, y + low + 2, paint)
        canvas.disc(arm, y + low - 7, 2, paint)
