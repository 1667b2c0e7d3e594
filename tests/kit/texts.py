"""Tiny text encoders with random weights, and tokenizers that know bytes only."""

from __future__ import annotations

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors
from transformers import (
    PreTrainedTokenizerFast,
    Qwen2Tokenizer,
    T5Config,
    T5EncoderModel,
    T5Tokenizer,
    UMT5Config,
    UMT5EncoderModel,
)

TEXT_WIDTH = 16


def alphabet() -> list[str]:
    """The 256 bytes as byte-level tokenizers write them."""
    return sorted(pre_tokenizers.ByteLevel.alphabet())


def byte_tokenizer(max_length: int = 512) -> PreTrainedTokenizerFast:
    """Every byte is a token, and ``</s>`` ends a text, as with T5 and its kin."""
    entries = ["<pad>", "</s>", "<unk>", *alphabet()]
    vocabulary = {entry: index for index, entry in enumerate(entries)}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[], unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="$A </s>", special_tokens=[("</s>", 1)]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token="<pad>",
        eos_token="</s>",
        unk_token="<unk>",
        model_max_length=max_length,
    )


def t5_tokenizer() -> T5Tokenizer:
    """Pieces of one letter each."""
    letters = ["▁", *(chr(code) for code in range(33, 127))]
    pieces = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0)]
    pieces += [(letter, -2.0 - index / 100) for index, letter in enumerate(letters)]
    return T5Tokenizer(vocab=pieces, extra_ids=0)


def qwen_tokenizer(*extra: str) -> Qwen2Tokenizer:
    """Every byte is a token, and so are the marks of a chat."""
    special = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", *extra]
    entries = [*alphabet(), *special]
    vocabulary = {entry: index for index, entry in enumerate(entries)}
    tokenizer = Qwen2Tokenizer(vocab=vocabulary, merges=[])
    tokenizer.add_special_tokens({"additional_special_tokens": special[1:]})
    return tokenizer


def t5_encoder(vocabulary: int, width: int = TEXT_WIDTH) -> T5EncoderModel:
    return T5EncoderModel(
        T5Config(
            vocab_size=vocabulary,
            d_model=width,
            d_kv=4,
            d_ff=width,
            num_layers=2,
            num_heads=2,
            feed_forward_proj="gated-gelu",
        )
    ).eval()


def umt5_encoder(vocabulary: int, width: int = TEXT_WIDTH) -> UMT5EncoderModel:
    return UMT5EncoderModel(
        UMT5Config(
            vocab_size=vocabulary,
            d_model=width,
            d_kv=4,
            d_ff=width,
            num_layers=2,
            num_heads=2,
        )
    ).eval()
