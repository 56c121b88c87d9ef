"""Figures of an open_clip model on the ``dev`` photos, loaded as any user of open_clip would.

Text to image and image to text recall@1/5/10 over all ``dev`` photos and captions. With ``--work``,
of the photos of which the three ImageNet classifiers of step 9 are more than 0.3 and 0.5 sure: how
often the zero-shot class is among their five likeliest, and their class the zero-shot one or among
its first five (these photos have no class labels of their own: this is agreement, not accuracy).

``python -m training.evaluate --data FLICKR8K --model local-dir:indexer/starter [--work WORK]``
"""

from __future__ import annotations

import argparse
from pathlib import Path

import open_clip
import torch
import torch.nn.functional as F
from PIL import Image
from timm.data import ImageNetInfo
from torch import Tensor

from training.common import agreement, load, recall, recall_of_photos
from training.data import read_captions


@torch.inference_mode()
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--work", type=Path, help="for the classifiers' opinion")
    parser.add_argument("--skip", type=int, default=0, help="photos that choices were made on")
    options = parser.parse_args()

    model, _, preprocess = open_clip.create_model_and_transforms(options.model)
    tokenizer = open_clip.get_tokenizer(options.model)
    model.eval()

    def encode(texts: list[str]) -> Tensor:
        parts = [texts[i : i + 250] for i in range(0, len(texts), 250)]
        return torch.cat([model.encode_text(tokenizer(p), normalize=True) for p in parts])

    captions = [c for c in read_captions(options.data / "captions.tsv") if c.split == "dev"]
    files = sorted({caption.file for caption in captions})[options.skip :]
    kept = set(files)
    captions = [caption for caption in captions if caption.file in kept]
    batches = []
    for start in range(0, len(files), 50):
        photos = [Image.open(options.data / "photos" / f) for f in files[start : start + 50]]
        pixels = torch.stack([preprocess(photo.convert("RGB")) for photo in photos])
        batches.append(model.encode_image(pixels, normalize=True))
    images = torch.cat(batches)
    position = {file: i for i, file in enumerate(files)}
    owner = torch.tensor([position[caption.file] for caption in captions])
    texts = encode([caption.text for caption in captions])
    similarity = texts @ images.T

    def show(name: str, values: list[float]) -> None:
        print(f"{name} recall@1/5/10: " + " / ".join(f"{v:.1f}" for v in values))

    show("text to image", recall(similarity, owner))
    show("image to text", recall_of_photos(similarity, owner))

    if options.work:
        info = ImageNetInfo()
        names = [info.index_to_description(i).split(",")[0] for i in range(1000)]
        labels = F.normalize(encode([f"a photo of a {n}" for n in names]) + encode(names), dim=1)
        dev = load(options.work / "images2.pt")["is_dev"]
        opinion = load(options.work / "heads.pt")["known"][dev][options.skip :]
        for least in (0.3, 0.5):
            likely, first, five = agreement(images @ labels.T, opinion, least)
            print(
                f"{int((opinion.max(1).values > least).sum())} photos of which the classifiers are "
                f"more than {least} sure: the zero-shot class is among their five likeliest for "
                f"{likely:.1f} %; their class is the zero-shot one for {first:.1f} %, and one of "
                f"the first five for {five:.1f} %"
            )


if __name__ == "__main__":
    main()
