"""Step 11, its last part: what is near to everything says so, in three dimensions of its own.

Some photos are near to whatever is asked for, and some captions to whatever is shown (hubs:
Radovanović et al. 2010, JMLR 11; Dinu et al. 2014, arXiv 1412.6568). What helps is to take from a
cosine a share of the logarithm of the mean of exp(SCALE cosine) to a bank of what is on the other
side. Here embeddings carry that themselves, so that a plain cosine has it, in place of the three
axes that say least. What is too near has a negative number there, and LEVEL is on the other side:

- 0: captions say how much too near they are to photos, and every photo says LEVEL;
- 1: photos say how much too near they are to captions, and every caption says LEVEL;
- 2: photos say how much too near they are to names, and every name says LEVEL.

Captions and names have a dimension each, since what is near to all captions need not be near to all
names: class names lose when photos are corrected by captions. Names say nothing in the first, since
they stand where they tell photos best (``training.targets``).
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor

DIMENSIONS = 3
SCALE = 25.0
SHARE = 0.75
LEVEL = 0.25
MOST = 0.1
"""How far from the usual nearness counts: a photo like nothing in the banks would otherwise be
raised above all others."""


def nearness(vectors: Tensor, bank: Tensor) -> Tensor:
    """How near vectors (n, d) are to all of a bank (b, d): (n,), log-mean-exp of cosines.

    ``app.search.hubs`` measures photos in the same way.
    """
    parts = [torch.logsumexp(SCALE * part @ bank.T, 1) for part in vectors.split(2000)]
    return (torch.cat(parts) - math.log(len(bank))) / SCALE


class Hubs:
    """Banks against which hubs are measured.

    Args:
        photos: (p, d), unit length, as all of them.
        captions: (c, d).
        names: (m, d).
    """

    def __init__(self, photos: Tensor, captions: Tensor, names: Tensor) -> None:
        self.banks = {"photos": photos, "captions": captions, "names": names}
        self._usual = {
            "photos": nearness(captions, photos).mean(),
            "captions": nearness(photos, captions).mean(),
            "names": nearness(photos, names).mean(),
        }

    def photos(self, seen: Tensor) -> Tensor:
        """What is seen, (n, d), with what is to be taken from cosines to it."""
        return _replaced(seen, LEVEL, self._less(seen, "captions"), self._less(seen, "names"))

    def captions(self, said: Tensor) -> Tensor:
        """The same of captions, (n, d)."""
        return _replaced(said, self._less(said, "photos"), LEVEL, 0)

    def names(self, said: Tensor) -> Tensor:
        """The same of names, (n, d)."""
        return _replaced(said, 0, 0, LEVEL)

    def _less(self, vectors: Tensor, bank: str) -> Tensor:
        """What, times LEVEL, is added to cosines before lengths are made 1 again, (n,)."""
        above = nearness(vectors, self.banks[bank]) - self._usual[bank]
        return -SHARE * above.clamp(-MOST, MOST) / LEVEL


def _replaced(vectors: Tensor, *first: Tensor | float) -> Tensor:
    """Vectors (n, d) of unit length, whose first dimensions are given: (n,), or one number each."""
    changed = vectors.clone()
    for dimension, values in enumerate(first):
        changed[:, dimension] = values
    return F.normalize(changed, dim=1)
