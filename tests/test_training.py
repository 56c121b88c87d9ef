"""Pieces of how the bundled model was trained that can be right or wrong without its data."""

from __future__ import annotations

import random

import pytest
import timm
import torch
from open_clip.tokenizer import SimpleTokenizer
from timm.models.efficientnet import EfficientNet
from torch import Tensor, nn

from training.augmented import augmented
from training.common import EMBED_DIM, Order
from training.ensemble import axes
from training.features import normalise
from training.finetune import FROZEN_BLOCKS
from training.hubs import DIMENSIONS, LEVEL, MOST, SHARE, Hubs, nearness
from training.image_student import in_float32
from training.lesson import follow, pairs_loss
from training.mixtures import mixed
from training.packed import say_packed
from training.targets import moved
from training.teacher import class_directions
from training.text_student import Pool, off_in_hubs, ranked_alike, ranked_by
from training.text_tower import TEXT_CONFIG, say, text_tower
from training.trunks import frozen_part, whole

pytestmark = pytest.mark.one_python

TEXTS = ["dog", "a dog runs over the grass", "two children in red shirts play with a ball", ""]


def test_packed_texts_say_what_padded_ones_say() -> None:
    torch.manual_seed(0)
    tower = text_tower().eval()
    tokens = SimpleTokenizer(context_length=TEXT_CONFIG["context_length"])(TEXTS * 3).int()
    with torch.no_grad():
        packed, padded = say_packed(tower, tokens), say(tower, tokens)
    assert (packed * padded).sum(1).min() > 0.999
    assert (packed[0] * packed[1]).sum() < 0.99  # or all would be alike


def test_class_directions_lead_to_where_classes_are() -> None:
    torch.manual_seed(0)
    spread = torch.linspace(0.2, 3, 20)
    centres = torch.randn(5, 20)
    classes = torch.arange(5).repeat_interleave(400)
    features = centres[classes] + torch.randn(2000, 20) * spread
    classifier = nn.Linear(20, 5)
    with torch.no_grad():
        classifier.weight.copy_((centres - centres.mean(0)) / spread**2)
    away = nn.functional.normalize(centres - centres.mean(0), dim=1)
    directions = class_directions(features, classifier)
    weights = nn.functional.normalize(classifier.weight.detach(), dim=1)
    assert (directions * away).sum(1).mean() > (weights * away).sum(1).mean() + 0.1


def unit(*shape: int) -> Tensor:
    return nn.functional.normalize(torch.randn(*shape), dim=-1)


def test_pairs_that_fit_have_the_smaller_loss() -> None:
    torch.manual_seed(0)
    images = unit(4, 8)
    texts = nn.functional.normalize(images[:, None] + 0.5 * torch.randn(4, 2, 8), dim=2)
    scale = torch.tensor(10.0)
    assert pairs_loss(images, texts, scale) < pairs_loss(images, texts.roll(1, 0), scale) - 1


def test_an_average_soon_leaves_where_it_began() -> None:
    mean, now = nn.Linear(1, 1, bias=False), nn.Linear(1, 1, bias=False)
    mean.weight.data.fill_(0)
    now.weight.data.fill_(1)
    follow(mean, now, 0.99, step=0)
    assert mean.weight.item() == pytest.approx(0.9)
    follow(mean, now, 0.99)
    assert mean.weight.item() == pytest.approx(0.901)


def test_ranking_alike_costs_nothing_and_otherwise_something() -> None:
    torch.manual_seed(0)
    said, others = unit(5, 8), unit(20, 8)
    assert ranked_alike(said, said, others).abs() < 1e-5
    assert ranked_alike(said, said.roll(1, 0), others) > 0.1


def test_an_order_gives_no_row_twice_until_it_is_drawn_anew() -> None:
    torch.manual_seed(0)
    order = Order(torch.arange(10, 20))
    assert not len(order.draw(0))
    drawn = torch.cat([order.draw(4), order.draw(4)])
    assert len(set(drawn.tolist())) == 8
    assert set(order.draw(10).tolist()) == set(range(10, 20))


def test_what_is_nearer_to_all_than_it_should_be_costs_something() -> None:
    torch.manual_seed(0)
    said, others = unit(5, 8), unit(20, 8)
    nearer = said.clone()
    nearer[0] = nn.functional.normalize(others.mean(0), dim=0)
    assert ranked_by(others, said, said).abs() < 1e-5
    assert ranked_by(others, nearer, said) > 0.02
    assert off_in_hubs(nearer, said) == pytest.approx(
        float((nearer[0, :DIMENSIONS] - said[0, :DIMENSIONS]).pow(2).sum()) / 5
    )


def clustered(*shape: int) -> Tensor:
    """Unit vectors that lean one way, and say nothing in the dimensions that hubs take."""
    leaning = 0.3 + 0.15 * torch.randn(*shape)
    leaning[..., :DIMENSIONS] = 0
    return nn.functional.normalize(leaning, dim=-1)


def test_nearness_is_the_log_mean_exp_of_cosines() -> None:
    bank = torch.eye(3)[:2]
    near = nearness(torch.eye(3), bank)
    assert near[0] == pytest.approx(float(torch.tensor([25.0, 0.0]).exp().mean().log() / 25))
    assert near[2] == pytest.approx(0, abs=1e-6)


def first(asked: Tensor, answers: Tensor) -> int:
    """How many of ``asked`` find the first of ``answers`` first."""
    return int(((asked @ answers.T).argmax(1) == 0).sum())


def middle_of(vectors: Tensor) -> Tensor:
    return nn.functional.normalize(vectors.mean(0), dim=0)


def test_a_photo_that_is_near_to_all_captions_is_less_so() -> None:
    torch.manual_seed(0)
    photos, captions, names = clustered(200, 256), clustered(300, 256), unit(50, 256)
    photos[0] = middle_of(captions)
    hubs = Hubs(photos, captions, names)
    seen = hubs.photos(photos)
    assert torch.allclose(seen.norm(dim=1), torch.ones(200), atol=1e-5)
    assert first(captions, photos) > 30
    assert first(hubs.captions(captions), seen) < 15
    assert not hubs.names(names)[:, :2].any()  # where captions and photos correct each other
    assert not hubs.captions(captions)[:, 2].any()


def test_a_photo_that_is_near_to_all_names_is_less_so() -> None:
    torch.manual_seed(0)
    photos, names = clustered(200, 256), clustered(300, 256)
    photos[0] = middle_of(names)
    hubs = Hubs(photos, unit(50, 256), names)
    assert first(names, photos) > 30
    assert first(hubs.names(names), hubs.photos(photos)) < 15


def test_a_caption_that_is_near_to_all_photos_is_less_so() -> None:
    torch.manual_seed(0)
    photos, captions = clustered(200, 256), clustered(300, 256)
    captions[0] = middle_of(photos)
    hubs = Hubs(photos, captions, unit(50, 256))
    assert first(photos, captions) > 20
    assert first(hubs.photos(photos), hubs.captions(captions)) < 10


def test_a_photo_like_nothing_else_is_raised_by_no_more_than_most() -> None:
    torch.manual_seed(0)
    photos, captions = clustered(200, 256), clustered(300, 256)
    photos[0] = -middle_of(captions)
    seen = Hubs(photos, captions, clustered(50, 256)).photos(photos)
    assert seen[0, 1] / seen[0, 0] == pytest.approx(SHARE * MOST / LEVEL**2)


def test_axes_keep_what_lies_in_few_directions() -> None:
    torch.manual_seed(0)
    vectors = unit(500, EMBED_DIM) @ torch.linalg.qr(torch.randn(400, EMBED_DIM)).Q.T
    turn = axes([vectors[:200], vectors[200:]])
    assert turn.shape == (400, EMBED_DIM)
    assert torch.allclose((vectors @ turn).norm(dim=1), torch.ones(500), atol=1e-4)


def test_a_pool_gives_out_every_text_before_one_comes_again() -> None:
    lines = [str(number) for number in range(10)]
    pool = Pool(lines, torch.arange(10.0)[:, None], torch.tensor([1, 3, 5, 7, 8, 9]))
    rounds = [pool.draw(3) for _ in range(4)]
    for pair in (rounds[:2], rounds[2:]):
        assert sorted(text for drawn, _ in pair for text in drawn) == ["1", "3", "5", "7", "8", "9"]
    for drawn, aims in rounds:
        assert [int(text) for text in drawn] == aims[:, 0].tolist()


def test_depthwise_convolutions_stay_in_float32() -> None:
    torch.manual_seed(0)
    plain = nn.Sequential(nn.Conv2d(8, 8, 3, groups=8), nn.Conv2d(8, 4, 1))
    photos = torch.randn(2, 8, 9, 9)
    exact = plain(photos)
    depthwise = plain[0](photos)
    in_float32(plain)
    with torch.autocast("cpu", torch.bfloat16):
        assert torch.equal(plain[0](photos), depthwise)
        assert plain[1](depthwise).dtype == torch.bfloat16
    assert torch.equal(plain(photos), exact)


def test_augmented_photos_are_of_one_size_and_in_range() -> None:
    torch.manual_seed(0)
    random.seed(0)
    photos = torch.randint(0, 256, (60, 3, 64, 64), dtype=torch.uint8)
    seen = augmented(photos, 48, 0.4)
    assert seen.shape == (60, 3, 48, 48)
    assert seen.dtype == torch.float32
    assert seen.min() >= 0
    assert seen.max() <= 255
    assert seen.std((1, 2, 3)).min() > 1


def test_openvino_sees_what_torch_sees() -> None:
    torch.manual_seed(0)
    trunk = timm.create_model("tf_efficientnet_lite0").eval()
    assert isinstance(trunk, EfficientNet)
    photos = torch.randint(0, 256, (3, 3, 64, 64), dtype=torch.uint8)
    with torch.inference_mode():
        maps = trunk.blocks[:FROZEN_BLOCKS](trunk.bn1(trunk.conv_stem(normalise(photos))))
        features = trunk.forward_head(trunk.forward_features(normalise(photos)), pre_logits=True)
    seen = frozen_part(trunk, 64)(photos.float())
    assert seen.shape == maps.shape
    assert (seen - maps).norm() < 0.05 * maps.norm()
    assert torch.cosine_similarity(whole(trunk, 64)(photos), features).min() > 0.99
    assert all(parameter.requires_grad for parameter in trunk.parameters())


def test_a_mixture_shows_both_pictures() -> None:
    random.seed(1)
    black, white = torch.zeros(40, 3, 32, 32), torch.full((40, 3, 32, 32), 255.0)
    seen = mixed(black, white)
    shares = seen.mean((1, 2, 3)) / 255
    assert ((shares > 0.03) & (shares < 0.97)).all()
    cut = ((seen == 0) | (seen == 255)).flatten(1).all(1)
    assert 0 < cut.sum() < 40  # a part of the other in some, the other shining through in the rest
    assert not black.any()


def test_a_name_moves_to_where_its_class_is_seen() -> None:
    torch.manual_seed(1)
    directions = nn.functional.normalize(torch.randn(1001, 16), dim=1)
    names, shown = directions.roll(1, 0), directions[:1000]  # every name is that of another class
    known, members = torch.eye(1000), torch.cat([torch.eye(1000), torch.ones(1, 1000)])
    way = moved(names, shown[:, None], known, (shown, known), members)
    said = nn.functional.normalize(names + way, dim=1)[:1000]
    before, after = ((of * shown).sum(1).mean() for of in (names[:1000], said))
    assert after > before + 0.2
