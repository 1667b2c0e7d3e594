"""The two text encoders and their tokenizer: CLIP in kind, with 0.6 million weights in all."""

from __future__ import annotations

import json
from random import Random

from tokenizers import Tokenizer, models, pre_tokenizers, trainers
from transformers import (
    CLIPTextConfig,
    CLIPTextModel,
    CLIPTextModelWithProjection,
    CLIPTokenizer,
)

from blockloom.demo.captions import any_caption
from blockloom.demo.scenes import Family, random_scene

MAX_TOKENS = 28
VOCABULARY = 831
WORD_END = "</w>"
START, END = "<|startoftext|>", "<|endoftext|>"

WIDTH_1, WIDTH_2 = 64, 96
TEXT_WIDTH = WIDTH_1 + WIDTH_2
POOLED_WIDTH = WIDTH_2

FAMILIES: tuple[Family, ...] = ("land", "one", "many", "pair")
EVERYDAY = (
    "a b c d e f g h i j k l m n o p q r s t u v w x y z and or the with of in at to from near "
    "cat dog bird fish boat ship car man woman person girl boy flower forest lake river beach "
    "city street road bridge room table chair portrait landscape style art digital oil watercolor "
    "dark bright light soft warm cold old new tall tiny huge very morning evening sky cloud moon "
    "mountain hill dunes waves ocean winter summer autumn spring snow rain fog storm planet space "
    "low quality blurry ugly bad anatomy watermark text realistic cinematic anime fantasy"
)


def build_tokenizer() -> CLIPTokenizer:
    """Learn byte-pair merges from captions.

    Merges that are equally frequent come in a different order every time, so a run must keep the
    tokenizer that it began with.
    """
    random = Random(0)
    captions = [
        any_caption(random_scene(random, random.choice(FAMILIES), held_out=False), random)
        for _ in range(6000)
    ]
    captions += [EVERYDAY] * 60
    empty = CLIPTokenizer(vocab={START: 0, END: 1}, merges=[])
    learner = Tokenizer(models.BPE(end_of_word_suffix=WORD_END))
    learner.normalizer = empty.backend_tokenizer.normalizer
    learner.pre_tokenizer = empty.backend_tokenizer.pre_tokenizer
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        end_of_word_suffix=WORD_END,
        show_progress=False,
        initial_alphabet=letters,
    )
    learner.train_from_iterator(captions, trainer)
    return _as_clip(learner)


def _as_clip(learner: Tokenizer) -> CLIPTokenizer:
    """CLIP's order of entries: bytes, bytes at a word's end, merges, start, end."""
    merges = [tuple(pair) for pair in json.loads(learner.to_str())["model"]["merges"]]
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    entries = letters + [letter + WORD_END for letter in letters]
    for left, right in merges:
        if left + right not in entries:
            entries.append(left + right)
    entries = [*entries, START, END]
    return CLIPTokenizer(
        vocab={entry: index for index, entry in enumerate(entries)},
        merges=merges,
        model_max_length=MAX_TOKENS,
    )


def build_encoders(
    tokenizer: CLIPTokenizer,
) -> tuple[CLIPTextModel, CLIPTextModelWithProjection]:
    """Both encoders, untrained."""
    shared = {
        "vocab_size": len(tokenizer),
        "max_position_embeddings": MAX_TOKENS,
        "bos_token_id": tokenizer.bos_token_id,
        "eos_token_id": tokenizer.eos_token_id,
        "pad_token_id": tokenizer.pad_token_id,
    }
    first = CLIPTextConfig(
        hidden_size=WIDTH_1, intermediate_size=4 * WIDTH_1, num_hidden_layers=2,
        num_attention_heads=2, hidden_act="quick_gelu", projection_dim=WIDTH_1, **shared,
    )  # fmt: skip
    second = CLIPTextConfig(
        hidden_size=WIDTH_2, intermediate_size=4 * WIDTH_2, num_hidden_layers=3,
        num_attention_heads=4, hidden_act="gelu", projection_dim=POOLED_WIDTH, **shared,
    )  # fmt: skip
    return CLIPTextModel(first), CLIPTextModelWithProjection(second)
