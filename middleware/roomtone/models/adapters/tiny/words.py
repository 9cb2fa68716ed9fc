"""Tokenizers of the real classes with small vocabularies: a few words of ambience, and letters for everything else."""

import string
from typing import Any, Final

from tokenizers.pre_tokenizers import ByteLevel
from transformers import GemmaTokenizer, RobertaTokenizer, T5Tokenizer

_WORDS: Final = [
    "rain",
    "wind",
    "storm",
    "water",
    "forest",
    "birds",
    "fire",
    "crowd",
    "café",
    "street",
    "night",
]
_LETTERS: Final = [*string.ascii_lowercase, *string.digits, *".,'-", "é", "ö"]
_LONGEST_WORDS: Final = 77


def bytes_tokenizer() -> Any:
    """Return a tokenizer of RoBERTa's kind that spells everything, byte for byte."""
    names = ["<s>", "<pad>", "</s>", "<unk>", "<mask>", *sorted(ByteLevel.alphabet())]
    vocabulary = {name: i for i, name in enumerate(names)}
    return RobertaTokenizer(vocab=vocabulary, merges=[], model_max_length=_LONGEST_WORDS)


def words_tokenizer(longest: int = 512) -> Any:
    """Return a tokenizer of T5's kind that knows some words and spells the others."""
    pieces = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁", -4.0)]
    pieces += [(f"▁{word}", -2.0) for word in _WORDS] + [(letter, -6.0) for letter in _LETTERS]
    return T5Tokenizer(vocab=pieces, extra_ids=0, model_max_length=longest)


def gemma_tokenizer() -> Any:
    """Return a tokenizer of Gemma's kind that spells everything, byte for byte."""
    names = ["<pad>", "<eos>", "<bos>", "<unk>", "<mask>", "▁", *_LETTERS]
    names += [f"<0x{byte:02X}>" for byte in range(256)]
    vocabulary = {name: i for i, name in enumerate(names)}
    return GemmaTokenizer(vocab=vocabulary, merges=[], model_max_length=256)
