"""What a batch of step 14 or 15 has to learn: what an ensemble sees in copies of photos."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from training.common import EMBED_DIM, SIZE, class_distillation
from training.ensemble_heads import Lines
from training.lesson import CAPTIONS, Towers, pairs_loss
from training.mixtures import Taught
from training.teacher import class_directions, pseudo_features
from training.text_student import SCALE, off_in_hubs, ranked_alike, ranked_by
from training.trunks import whole

KNOWN, MORE = 1000, 1500  # captions that are ranked: of photos that are here, and of others


@dataclass(frozen=True)
class Weights:
    """Of parts of the loss.

    Attributes:
        pairs, classes: of InfoNCE, and of class distillation.
        hubs: of how far off images are in the dimensions of hubs.
        asked: of how texts rank the batch's images.
        pseudo: how many features of things that no photo shows a batch has.
    """

    pairs: float = 0.5
    classes: float = 0.5
    hubs: float = 10
    asked: float = 1
    pseudo: int = 128


class ImageLesson:
    """The loss of a batch.

    Args:
        targets: what is said of texts, by their kind.
        features: (n, 1280) of whole photos.
    """

    def __init__(
        self,
        lines: Lines,
        targets: dict[str, Tensor],
        towers: Towers,
        features: Tensor,
        weights: Weights = Weights(),
    ) -> None:
        self._lines, self._targets = lines, targets
        self._towers, self._weights = towers, weights
        learnt = ~lines.is_dev[lines.said["caption_photo"]]
        self._captions = targets["caption"][learnt]
        self._directions = class_directions(features, towers.trunk.classifier)

    def loss(self, features: Tensor, copies: Taught) -> Tensor:
        """Of the trunk's features (n, 1280) of ``copies``."""
        towers, targets, scale = self._towers, self._targets, torch.tensor(SCALE)
        weights = self._weights
        classifier = towers.trunk.classifier
        made, classes = pseudo_features(
            features.detach(), classifier, weights.pseudo, self._directions
        )
        shown = towers.images(torch.cat([features, made]))
        images = shown[: len(features)]
        alone = copies.photo >= 0
        rows = copies.photo[alone]
        picked = torch.rand(len(rows), 5).argsort(1)[:, :CAPTIONS]
        own = targets["caption"][self._lines.captions_of[rows[:, None], picked]]
        bank = torch.cat(
            [
                own.flatten(0, 1),
                self._captions[torch.randint(len(self._captions), (KNOWN,))],
                targets["more"][torch.randint(len(targets["more"]), (MORE,))],
            ]
        )
        names = targets["name"][self._lines.name_rows()]
        taught = torch.cat([copies.known, classes])
        kept = F.kl_div(classifier(features).log_softmax(1), copies.known, reduction="batchmean")
        members = self._lines.said["members"]
        loss: Tensor = (
            4 * (1 - (images * copies.image).sum(1)).mean()
            + weights.hubs * off_in_hubs(images, copies.image)
            + ranked_alike(images, copies.image, bank)
            + weights.asked * ranked_by(torch.cat([bank, names]), images, copies.image)
            + weights.pairs * pairs_loss(images[alone], own, scale)
            + weights.classes * class_distillation(shown, names, taught, members, scale)
            + 0.3 * kept
        )
        return loss

    @torch.inference_mode()
    def measure(self, towers: Towers, photos: Tensor) -> str:
        """Recalls of whole ``dev`` photos, against what the ensemble says of their captions."""
        images = torch.zeros(len(photos), EMBED_DIM)
        dev = self._lines.is_dev
        images[dev] = towers.images(whole(towers.trunk, SIZE)(photos[dev]))
        return self._lines.measure(self._targets["caption"], images)
