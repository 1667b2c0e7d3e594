"""Captions: one full wording of a scene, and the many ways in which a person might word it."""

from __future__ import annotations

from random import Random

from blockloom.demo.scenes import Land, Many, One, Pair, Scene

WHEN = {"day": "by day", "dawn": "at dawn", "sunset": "at sunset", "night": "at night"}
STANDS = {
    "green hills": "on green hills",
    "snowy mountains": "in snowy mountains",
    "desert": "in the desert",
    "sea": "on the sea",
}
FLIES = {
    "green hills": "over green hills",
    "snowy mountains": "over snowy mountains",
    "desert": "over the desert",
    "sea": "over the sea",
}
SKY = {
    "sun": "the sun",
    "clouds": "clouds",
    "rainbow": "a rainbow",
    "full moon": "a full moon",
    "crescent moon": "a crescent moon",
    "stars": "stars",
}
NUMBERS = {2: "two", 3: "three"}
OPENINGS = ("a painting of", "a picture of", "a drawing of", "an illustration of", "a photo of")
FILLERS = (
    "masterpiece", "4k", "cute", "highly detailed", "beautiful", "best quality", "flat colors",
    "minimal", "sharp", "vector art",
)  # fmt: skip
SYNONYMS = {"gray": "grey", "hot air balloon": "balloon", "big": "large", "sea": "ocean"}

EMPTY_SHARE = 0.05
FILLER_SHARE = 0.12
OPENING_SHARE = 0.12
TAGS_SHARE = 0.25
SYNONYM_SHARE = 0.15


def full_caption(scene: Scene) -> str:
    """The plainest complete sentence: what the check and the examples use."""
    match scene:
        case Land():
            return _land_sentence(scene, with_place=scene.place != "middle", with_sky=True)
        case One():
            what = _a(f"{scene.size} {scene.colour} {scene.shape}")
            place = f" on the {scene.place}" if scene.place else ""
            return f"{what}{place} on a {scene.background} background"
        case Many():
            what = f"{NUMBERS[scene.count]} {scene.colour} {scene.shape}s"
            return f"{what} on a {scene.background} background"
        case Pair():
            first, second = (
                _a(f"{colour} {shape}") for shape, colour in (scene.first, scene.second)
            )
            where = "to the " + scene.relation if " of" in scene.relation else scene.relation
            return f"{first} {where} {second} on a {scene.background} background"


def any_caption(scene: Scene, random: Random) -> str:
    """A random wording for training: sentence or tags, parts dropped, fillers, or nothing."""
    if random.random() < EMPTY_SHARE:
        return ""
    text = (
        _any_tags(scene, random) if random.random() < TAGS_SHARE else _any_sentence(scene, random)
    )
    for word, other in SYNONYMS.items():
        if random.random() < SYNONYM_SHARE:
            text = text.replace(word, other)
    if random.random() < OPENING_SHARE:
        text = f"{random.choice(OPENINGS)} {text}"
    if random.random() < FILLER_SHARE:
        text = ", ".join([text, *random.sample(FILLERS, random.randint(1, 3))])
    return text


def _a(phrase: str) -> str:
    """The phrase with its article, single-spaced."""
    words = " ".join(phrase.split())
    return f"an {words}" if words[0] in "aeiou" else f"a {words}"


def _land_sentence(scene: Land, *, with_place: bool, with_sky: bool) -> str:
    when = WHEN[scene.time]
    if scene.thing:
        thing = _a(f"{scene.colour or ''} {scene.thing}")
        where = (FLIES if scene.thing == "hot air balloon" else STANDS)[scene.terrain]
        parts = [thing, _side(scene.place) if with_place else "", where, when]
    else:
        parts = ["the" if scene.terrain in ("desert", "sea") else "", scene.terrain, when]
    if scene.sky and with_sky:
        parts.append(f"with {SKY[scene.sky]}")
    return " ".join(part for part in parts if part)


def _any_sentence(scene: Scene, random: Random) -> str:
    match scene:
        case Land():
            with_place = bool(scene.thing) and random.random() < 0.6
            return _land_sentence(scene, with_place=with_place, with_sky=random.random() < 0.85)
        case One() if random.random() < 0.25:
            return _a(f"{scene.size} {scene.colour} {scene.shape} on {scene.background}")
        case One() if scene.place and random.random() < 0.3:
            return full_caption(One(scene.shape, scene.colour, scene.background, scene.size))
        case Many() | Pair() if random.random() < 0.25:
            return full_caption(scene).replace("on a", "on").removesuffix(" background")
        case _:
            return full_caption(scene)


def _any_tags(scene: Scene, random: Random) -> str:
    match scene:
        case Land():
            thing = f"{scene.colour} {scene.thing}" if scene.colour else scene.thing
            tags = [scene.terrain, scene.time, thing, scene.sky]
            random.shuffle(tags)
        case One():
            tags = [f"{scene.size} {scene.colour} {scene.shape}".strip(), scene.place]
            tags.append(f"{scene.background} background")
        case Many():
            tags = [f"{NUMBERS[scene.count]} {scene.colour} {scene.shape}s"]
            tags.append(f"{scene.background} background")
        case Pair():
            sentence = full_caption(scene).replace(" on a ", ", ")
            return sentence
    kept = [tag for tag in tags if tag]
    if len(kept) > 2 and random.random() < 0.2:
        kept.pop(random.randrange(len(kept)))
    return ", ".join(kept)


def _side(place: str) -> str:
    return "in the middle" if place == "middle" else f"on the {place}"
