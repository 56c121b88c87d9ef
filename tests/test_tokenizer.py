"""Our tokenizer against open_clip's, token by token."""

from __future__ import annotations

import csv
import itertools
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from indexer.encoders.tokenizer import ClipTokenizer, trimmed

TOP = Path(__file__).parent.parent
FLICKR = TOP.parent / "shared" / "flickr8k" / "captions.tsv"
STRANGE = (
    "it's",
    "DON'T we'll they'RE",
    "naïve Ærø Straße ﬁne",
    "<start_of_text> <end_of_text>",
    "&amp;lt;b&amp;gt;",
    "日本語の写真",
    "🎉🎉 👩‍👩‍👧",
    "x" * 60,
    "1234 5,678.90",
    "a_b-c--d!!...",
    "â€™ cafÃ©",
    "q\u0301 e\u0301",
    "  tab\tand\nline  ",
    '"quoted" (and not)',
    "",
    " ",
)


PARTS = [
    ["a man", "two dogs", "the children", "an old woman", "3 boys in red", "my cat", "a crowd"],
    [" runs", " is jumping", " stands still", " rides a bike", " isn't here", " looks up", ""],
    [" on the beach", " in snow", " at night", " near a river's edge", " by Mt. Fuji", ""],
    ["", " with a ball", ", smiling", " & waving!", " (blurred)", " - 2019", " in the fog"],
    ["", " at sunset", " in the rain", "; bright sun", " by candlelight"],
]


def captions() -> list[str]:
    """10,000 of them, no two alike."""
    every = ["".join(parts) for parts in itertools.product(*PARTS)]
    return random.Random(0).sample(every, 10_000)


@pytest.mark.one_python
@pytest.mark.parametrize("context", [77, 32, 9])
def test_equal_on_10_000_captions(context: int) -> None:
    compare(captions(), context)


@pytest.mark.skipif(not FLICKR.exists(), reason="the research captions are not here")
def test_equal_on_captions_that_people_wrote() -> None:
    with FLICKR.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        compare([row["caption"] for row in rows][:10_000], 77)


def test_equal_on_strange_text() -> None:
    compare(STRANGE, 77)
    chance = random.Random(1)
    ranges = [(32, 126), (160, 0x2FFF), (0x1F300, 0x1F6FF)]
    any_text = [
        "".join(chr(chance.randint(*chance.choice(ranges))) for _ in range(n % 30))
        for n in range(1000)
    ]
    compare(any_text, 32)


def compare(texts: list[str] | tuple[str, ...], context: int) -> None:
    import open_clip

    ours = ClipTokenizer(context)(texts)
    theirs = open_clip.SimpleTokenizer(context_length=context)(list(texts)).numpy()
    assert ours.dtype == theirs.dtype
    different = [text for text, a, b in zip(texts, ours, theirs, strict=True) if (a != b).any()]
    assert different == []


def test_truncation() -> None:
    tokenizer = ClipTokenizer(9)
    assert not tokenizer.truncates("one two three four five six seven")  # 7 + start and end = 9
    assert tokenizer.truncates("one two three four five six seven eight")
    cut = tokenizer(["one two three four five six seven eight"])[0]
    assert (cut[0], cut[-1], int(np.count_nonzero(cut))) == (49406, 49407, 9)


def test_it_needs_neither_torch_nor_open_clip() -> None:
    script = (
        "import sys\n"
        "from indexer.encoders.tokenizer import ClipTokenizer\n"
        "assert ClipTokenizer(77)(['a dog']).any()\n"
        "assert not {'torch', 'open_clip', 'transformers'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", script], cwd=TOP, check=True)


def test_trimmed_leaves_out_the_padding_only() -> None:
    tokens = np.zeros((2, 77), np.int64)
    tokens[0, :3], tokens[1, :9] = 5, 7
    assert trimmed(tokens).shape == (2, 16)
    assert (trimmed(tokens) == tokens[:, :16]).all() and not tokens[:, 16:].any()
    assert trimmed(np.full((1, 77), 7)).shape == (1, 77)
    assert trimmed(np.zeros((0, 32), np.int64)).shape == (0, 8)
