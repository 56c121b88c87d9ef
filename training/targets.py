"""Step 11: what the third version is to say of every text and photo, in 256 dimensions.

``python -m training.targets --work WORK --start SECOND`` writes ``WORK/targets.pt``.
"""

from __future__ import annotations

from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from training.common import EMBED_DIM, TextHead, load, parser
from training.ensemble_heads import Lines
from training.ensemble_texts import KINDS
from training.export import towers_of

WEIGHT = 0.3
"""Of each pair of heads' cosine; the second version's has 1. See ``training/README.md``."""


def axes(vectors: list[Tensor]) -> Tensor:
    """The EMBED_DIM directions (d, 256) in which vectors (n, d), each part counting alike, lie."""
    moments = torch.stack([part.T @ part / len(part) for part in vectors]).sum(0)
    directions: Tensor = torch.linalg.eigh(moments).eigenvectors
    return directions[:, -EMBED_DIM:]


@torch.inference_mode()
def main() -> None:
    options = parser(__doc__).parse_args()
    work: Path = options.work
    lines = Lines(work)
    saved = load(work / "heads.pt")
    heads = []
    for one in saved["heads"]:
        head = TextHead().eval()
        head.load_state_dict(one["text"])
        heads.append(head)

    towers = towers_of(options.start)
    seen = load(work / "ensemble.pt")["second"].float()
    own = torch.stack([towers.images(seen[:, view]) for view in range(seen.shape[1])], 1)
    images = torch.cat([own, *[WEIGHT**0.5 * one["images"] for one in saved["heads"]]], 2)
    texts = {
        kind: torch.cat(
            [
                lines.said[f"second {kind}"],
                *[WEIGHT**0.5 * head(lines.said[kind]) for head in heads],
            ],
            1,
        )
        for kind in KINDS
    }
    learnt = ~lines.is_dev[lines.said["caption_photo"]]
    turn = axes([texts["caption"][learnt], images[lines.train, 0], texts["name"]])
    targets = {kind: F.normalize(of @ turn, dim=1) for kind, of in texts.items()}
    targets["image"] = F.normalize(images.mean(1) @ turn, dim=1)
    print("all together", lines.measure(texts["caption"], images[:, 0]))
    print("in 256 dimensions, four views", lines.measure(targets["caption"], targets["image"]))
    torch.save({name: of.clone() for name, of in targets.items()}, work / "targets.pt")


if __name__ == "__main__":
    main()
