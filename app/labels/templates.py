"""Prompt templates: the label replaces the braces, and the prompts' embeddings are averaged.

(Radford et al. 2021, arXiv 2103.00020, section 3.1.4, "Prompt Engineering and Ensembling".)
"""

from __future__ import annotations

from store.errors import QueryError
from store.sql.fspath import expanded

ONE = ("a photo of a {}.",)

SEVEN = (
    "itap of a {}.",
    "a bad photo of the {}.",
    "a origami {}.",
    "a photo of the large {}.",
    "a {} in a video game.",
    "art of the {}.",
    "a photo of the small {}.",
)
"""The paper's authors found these seven to do as well on ImageNet as all eighty
(https://github.com/openai/CLIP, ``Prompt_Engineering_for_ImageNet.ipynb``)."""

_PHOTO = (
    *("a bad photo of a {}.", "a bad photo of the {}.", "a low resolution photo of a {}."),
    *(
        "a low resolution photo of the {}.",
        "a cropped photo of a {}.",
        "a cropped photo of the {}.",
    ),
    *("a bright photo of a {}.", "a bright photo of the {}.", "a dark photo of a {}."),
    *("a dark photo of the {}.", "a photo of my {}.", "a photo of the cool {}."),
    *("a photo of a cool {}.", "a close-up photo of a {}.", "a close-up photo of the {}."),
    *("a black and white photo of a {}.", "a black and white photo of the {}."),
    *("a jpeg corrupted photo of a {}.", "a jpeg corrupted photo of the {}."),
    *("a blurry photo of a {}.", "a blurry photo of the {}.", "a photo of a {}."),
    *("a photo of the {}.", "a good photo of a {}.", "a good photo of the {}."),
    *("a photo of one {}.", "a photo of a clean {}.", "a photo of the clean {}."),
    *("a photo of a dirty {}.", "a photo of the dirty {}.", "a photo of a nice {}."),
    *("a photo of the nice {}.", "a photo of a weird {}.", "a photo of the weird {}."),
    *("a photo of a large {}.", "a photo of the large {}.", "a photo of a small {}."),
    *("a photo of the small {}.", "a photo of many {}.", "a photo of a hard to see {}."),
    *("a photo of the hard to see {}.", "a pixelated photo of a {}."),
    *("a pixelated photo of the {}.", "itap of a {}.", "itap of the {}.", "itap of my {}."),
)
_ELSE = (
    *("a sculpture of a {}.", "a sculpture of the {}.", "graffiti of a {}.", "graffiti of the {}."),
    *("a rendering of a {}.", "a rendering of the {}.", "a rendition of a {}."),
    *("a rendition of the {}.", "a tattoo of a {}.", "a tattoo of the {}."),
    *("the embroidered {}.", "a embroidered {}.", "a drawing of a {}.", "a drawing of the {}."),
    *("the plastic {}.", "a plastic {}.", "a painting of a {}.", "a painting of the {}."),
    *("a doodle of a {}.", "a doodle of the {}.", "a origami {}.", "the origami {}."),
    *("a sketch of a {}.", "a sketch of the {}.", "a toy {}.", "the toy {}."),
    *("a plushie {}.", "the plushie {}.", "a cartoon {}.", "the cartoon {}."),
    *("art of a {}.", "art of the {}.", "a {} in a video game.", "the {} in a video game."),
)
EIGHTY = (*_PHOTO, *_ELSE)
"""The paper's eighty for ImageNet, as its authors published them with their code."""

SETS = {"one": ONE, "seven": SEVEN, "eighty": EIGHTY}


def templates(name: str) -> tuple[str, ...]:
    """The templates of a built-in set (``one``, ``seven``, ``eighty``), or those of a file.

    Raises:
        QueryError: there is no such set or file, or a line has no place for the label.
    """
    if name in SETS:
        return SETS[name]
    try:
        lines = expanded(name).read_text(encoding="utf-8-sig").splitlines()
    except (OSError, ValueError) as error:
        raise QueryError(
            f"There are the templates {', '.join(SETS)}, or a file; {name} is none."
        ) from error
    templates = tuple(line.strip() for line in lines if line.strip())
    wrong = next((line for line in templates if line.count("{}") != 1), None)
    if wrong is not None or not templates:
        what = f"this line has none: {wrong}" if wrong else "it is empty"
        raise QueryError(f"Each template in {name} needs one {{}} where the label goes; {what}")
    return templates
