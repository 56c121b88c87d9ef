from __future__ import annotations

import io
import struct
import threading
from collections.abc import Callable

import pytest
from PIL import Image

import hostile
from indexer.pictures.decode import decode
from indexer.pictures.limits import (
    DECODING,
    MAX_BYTES,
    MAX_PIXELS,
    Budget,
    bytes_to_decode,
    check_shape,
)
from store.errors import PhotoError
from store.states import State


@pytest.mark.parametrize(
    ("width", "height"), [(20_000, 12_500), (1, 1), (200_000, 100), (16_320, 12_240), (3_000, 2)]
)
def test_photos_and_panoramas_pass(width: int, height: int) -> None:
    check_shape(width, height)
    check_shape(height, width)


@pytest.mark.parametrize(
    ("width", "height"), [(20_000, 12_501), (200_001, 1_000), (2_001, 1), (1, 130_000_000)]
)
def test_the_limits(width: int, height: int) -> None:
    for size in ((width, height), (height, width)):
        with pytest.raises(PhotoError, match=f"{size[0]:,} x {size[1]:,}"):
            check_shape(*size)


def test_the_pixel_cap() -> None:
    for side, state in ((16_000, State.TOO_LARGE), (60_000, State.TOO_LARGE)):
        assert side * side > MAX_PIXELS
        with pytest.raises(PhotoError) as caught:
            decode(io.BytesIO(hostile.png_claiming(side, side)), 64)
        assert caught.value.state is state


@pytest.mark.parametrize(
    ("width", "height", "state"),
    [
        (1, 130_000_000, State.TOO_LARGE),
        (250_001, 900, State.TOO_LARGE),
        (2, 9_000, State.UNSUPPORTED),
    ],
)
def test_shapes_of_no_photo_are_refused_before_decoding(
    width: int, height: int, state: State
) -> None:
    for content in (hostile.png_claiming(width, height), hostile.tiff_claiming(width, height)):
        with pytest.raises(PhotoError, match=f"{width:,} x {height:,} pixels") as caught:
            decode(io.BytesIO(content), 64)
        assert caught.value.state is state


def test_what_takes_too_much_memory_is_refused_before_decoding() -> None:
    """130 megapixels of JPEG 2000 would take 2.6 GB; as PNG they take 0.5 GB."""
    file = io.BytesIO()
    hostile.noise(64, 64).save(file, "JPEG2000")
    content = file.getvalue()
    small, large = (struct.pack(">II", side, side) for side in (64, 11_500))
    assert content.count(small) >= 2
    with pytest.raises(PhotoError, match=r"2\.6 GB of memory, 2 GB are the limit") as caught:
        decode(io.BytesIO(content.replace(small, large)), 64)
    assert caught.value.state is State.TOO_LARGE
    with pytest.raises(PhotoError) as caught:
        decode(io.BytesIO(hostile.png_claiming(11_500, 11_500)), 64)
    assert caught.value.state is State.TRUNCATED


def claimed(kind: str, size: tuple[int, int], **options: object) -> int:
    """What a picture of that kind would take if it had ``size``."""
    file = io.BytesIO()
    hostile.noise(64, 64).save(file, kind, **options)
    with Image.open(file) as image:
        image._size = size
        image.draft(None, (336, 336))
        return bytes_to_decode(image, size)


def test_two_hundred_megapixels_of_a_phone_pass() -> None:
    size = 16_320, 12_240
    assert claimed("PNG", size) < MAX_BYTES / 2
    assert claimed("JPEG", size, progressive=True) < MAX_BYTES
    assert claimed("HEIF", size) < MAX_BYTES
    with pytest.raises(PhotoError, match="GB are the limit"):
        claimed("JPEG2000", size)


def test_a_jpeg_takes_what_it_is_scaled_to() -> None:
    assert claimed("JPEG", (8_000, 6_000)) < 8_000 * 6_000


def waits_for(budget: Budget, wanted: int, order: list[int]) -> threading.Thread:
    def run() -> None:
        with budget.hold(wanted):
            order.append(wanted)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    until(lambda: bool(budget._waiting) or not thread.is_alive())
    return thread


def until(true: Callable[[], bool]) -> None:
    tick = threading.Event()
    while not true():
        tick.wait(0.001)


def test_a_large_one_is_alone_and_is_not_overtaken_for_ever() -> None:
    budget, order = Budget(100), list[int]()
    with budget.hold(60):
        with budget.hold(40):  # fits beside it
            large = waits_for(budget, 1_000, order)
            small = waits_for(budget, 1, order)
        # There is room for the small one, but the large one asked first.
        assert order == []
    large.join()
    small.join()
    assert order == [1_000, 1]


def test_a_failure_gives_its_share_back() -> None:
    budget = Budget(10)
    with pytest.raises(ZeroDivisionError), budget.hold(10):
        _ = 1 / 0
    with budget.hold(10):
        pass


def test_decoding_waits_for_its_share() -> None:
    done = threading.Event()
    file = io.BytesIO()
    hostile.noise(64, 64).save(file, "PNG")
    file.seek(0)
    with DECODING.hold(DECODING.total):

        def decode_it() -> None:
            decode(file, 32)
            done.set()

        thread = threading.Thread(target=decode_it, daemon=True)
        thread.start()
        until(lambda: bool(DECODING._waiting))
        assert not done.is_set()
    thread.join()
    assert done.is_set()
