"""Frames of videos: which are taken; long and damaged ones; what files say of themselves."""

from __future__ import annotations

import errno
import hashlib
import io
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image

from films import film, pixels, turned
from indexer.pictures.limits import DECODING
from indexer.videos import watched_file
from indexer.videos.decode_video import decode_video, frame_at
from indexer.videos.frame_choice import MOST_FRAMES, VideoFrame, chosen
from indexer.videos.video_facts import facts_of
from indexer.videos.video_files import claims_video, video_digest
from indexer.videos.watched_file import WatchedFile
from store.errors import PhotoError, Stopped
from store.states import State
from store.values import ContentFacts


def decoded(path: Path, side: int = 48) -> tuple[list[VideoFrame], ContentFacts]:
    with path.open("rb") as file:
        return decode_video(file, path.name, side)


def seconds(frames: list[VideoFrame]) -> list[int]:
    return [frame.at_ms // 1_000 for frame in frames]


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("a.mp4", "mpeg4"),
        ("a.mov", "libx264"),
        ("a.m4v", "libx264"),
        ("a.mkv", "libx265"),
        ("a.webm", "libvpx"),
        ("a.avi", "mpeg4"),
        ("a.mts", "mpeg2video"),
    ],
)
def test_each_scene_has_a_frame_and_black_ones_none(tmp_path: Path, name: str, codec: str) -> None:
    scenes = ["black", "red", "red", "blue", "white", "black"]
    frames, facts = decoded(film(tmp_path / name, scenes, codec=codec, size=(128, 96)))
    assert seconds(frames) == [2, 6, 8]
    assert (facts.width, facts.height) == (128, 96)
    kind = {"m4v": "MP4"}.get(name[2:], name[2:].upper())
    assert facts.format == kind and facts.duration_ms == pytest.approx(12_000, abs=300)
    colours = [np.asarray(frame.image).mean(axis=(0, 1)).argmax() for frame in frames[:2]]
    assert colours == [0, 2]
    with (tmp_path / name).open("rb") as file:
        again = frame_at(file, frames[1].at_ms, 48)
    assert again.tobytes() == frames[1].image.tobytes()


def test_a_black_video_is_shown_as_it_is(tmp_path: Path) -> None:
    frames, _ = decoded(film(tmp_path / "night.mp4", ["black", "black"]))
    assert len(frames) == 1


def test_a_recording_that_does_not_say_how_long_it_is(tmp_path: Path) -> None:
    path = film(tmp_path / "live.webm", ["red", "blue", "white"], codec="libvpx", live=True)
    with av.open(str(path)) as container:
        assert container.duration is None
    frames, facts = decoded(path)
    assert seconds(frames) == [0, 2, 4]
    assert facts.duration_ms == pytest.approx(6_000, abs=600)


def test_there_are_never_more_frames_than_sixteen() -> None:
    pictures = [Image.effect_noise((32, 32), 100 + 3 * one).convert("RGB") for one in range(40)]
    frames = [VideoFrame(1_000 * number, one) for number, one in enumerate(pictures)]
    taken = chosen(frames)
    assert len(taken) == MOST_FRAMES
    assert [frame.at_ms for frame in taken] == sorted(frame.at_ms for frame in taken)
    assert chosen([]) == []


def test_ten_hours_are_looked_at_in_all_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "long.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=Fraction(1, 10))
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.codec_context.gop_size = 10
        for colour in ("red", "green", "blue", "yellow"):
            frame = av.VideoFrame.from_ndarray(pixels(colour, (64, 48)), format="rgb24")
            for _ in range(900):
                frame.pts = None
                container.mux(stream.encode(frame))
        container.mux(stream.encode())
    reads: list[int] = []

    def counted(file: WatchedFile, size: int, read: Any = WatchedFile.read) -> bytes:
        reads.append(size)
        content: bytes = read(file, size)
        return content

    monkeypatch.setattr(WatchedFile, "read", counted)
    frames, facts = decoded(path)
    assert facts.duration_ms == 36_000_000
    assert [frame.at_ms // 9_000_000 for frame in frames] == [0, 1, 2, 3]
    assert sum(reads) < 4_000_000  # a few for each place, as large as the file may be


def test_a_video_is_upright(tmp_path: Path) -> None:
    path = film(tmp_path / "phone.mp4", ["red", "blue"], size=(128, 96))
    (wide, *_), facts = decoded(path)
    assert wide.image.width > wide.image.height and (facts.width, facts.height) == (128, 96)
    (upright, *_), facts = decoded(turned(path))
    assert (facts.width, facts.height) == (96, 128)
    assert upright.image.size == wide.image.size[::-1]
    # The lower half is darker: turned by 90 degrees clockwise, it is on the left.
    red = upright.image.getchannel("R")
    left, right = (np.asarray(red)[:, x].mean() for x in (4, -4))
    assert left < right - 60


def test_what_no_frame_comes_from_has_a_reason(tmp_path: Path) -> None:
    whole = film(tmp_path / "whole.mp4", ["red", "blue"]).read_bytes()
    for content, state in (
        (whole[: len(whole) // 2], State.TRUNCATED),
        (whole.replace(b"moov", b"mooo"), State.DAMAGED),
        (b"\x1a\x45\xdf\xa3" + bytes(1_000), State.DAMAGED),
    ):
        (tmp_path / "bad.mp4").write_bytes(content)
        with pytest.raises(PhotoError) as caught:
            decoded(tmp_path / "bad.mp4")
        assert caught.value.state is state, caught.value


def test_an_unknown_codec_is_said_to_be_one(tmp_path: Path) -> None:
    path = film(tmp_path / "new.avi", ["red", "blue"])
    path.write_bytes(path.read_bytes().replace(b"FMP4", b"ZZZ9"))
    with pytest.raises(PhotoError, match="no decoder knows") as caught:
        decoded(path)
    assert caught.value.state is State.UNSUPPORTED


def test_zero_frames_and_sound_alone(tmp_path: Path) -> None:
    with av.open(str(tmp_path / "none.mkv"), "w") as container:
        stream = container.add_stream("mpeg4", rate=10)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        container.start_encoding()
    with pytest.raises(PhotoError, match=r"frames can be decoded|as a video"):
        decoded(tmp_path / "none.mkv")
    with av.open(str(tmp_path / "sound.mp4"), "w") as container:
        sound = container.add_stream("aac", rate=48_000)
        assert isinstance(sound, av.AudioStream)
        silence = av.AudioFrame.from_ndarray(np.zeros((1, 1_024), np.float32), "fltp", "mono")
        silence.rate = 48_000
        container.mux(sound.encode(silence))
        container.mux(sound.encode())
    with pytest.raises(PhotoError, match="only sound") as caught:
        decoded(tmp_path / "sound.mp4")
    assert caught.value.state is State.UNSUPPORTED


def test_a_file_that_takes_too_long_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = film(tmp_path / "slow.mp4", ["red", "blue"])
    monkeypatch.setattr(watched_file, "TIME_LIMIT", -1.0)
    with pytest.raises(PhotoError, match="could not be read in"):
        decoded(path)


class Unplugged(io.BytesIO):
    """A file whose disk answers ``calls`` times, then no more."""

    def __init__(self, content: bytes, calls: int, seeks: int = 1_000_000) -> None:
        super().__init__(content)
        self._calls, self._seeks = calls, seeks

    def read(self, size: int | None = -1, /) -> bytes:
        self._calls -= 1
        if self._calls < 0:
            raise OSError(errno.EIO, "Input/output error")
        return super().read(size)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        self._seeks -= 1
        if self._seeks < 0:
            raise OSError(errno.EIO, "Input/output error")
        return super().seek(offset, whence)


def test_a_disk_that_fails_in_the_middle_leaves_no_part_of_a_video(tmp_path: Path) -> None:
    noise = [Image.effect_noise((320, 240), 40 + 9 * one).convert("RGB") for one in range(6)]
    content = film(tmp_path / "a.mp4", noise, size=(320, 240)).read_bytes()
    counted = Unplugged(content, 1_000_000)
    decode_video(counted, "a.mp4", 48)
    calls, seeks = 1_000_000 - counted._calls, 1_000_000 - counted._seeks
    assert calls > 6 and seeks > 6
    for number in range(calls):
        with pytest.raises(OSError, match="Input/output error") as caught:
            decode_video(Unplugged(content, number), "a.mp4", 48)
        assert caught.value.errno == errno.EIO
    for number in range(seeks):
        with pytest.raises(OSError, match="Input/output error"):
            decode_video(Unplugged(content, 1_000_000, number), "a.mp4", 48)
    with pytest.raises(OSError, match="Input/output error"):
        frame_at(Unplugged(content, 3), 8_000, 48)


def test_the_time_that_others_decode_does_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]

    @contextmanager
    def hold(count: int) -> Iterator[None]:
        now[0] += 2 * watched_file.TIME_LIMIT
        yield

    monkeypatch.setattr(watched_file, "time", SimpleNamespace(monotonic=lambda: now[0]))
    monkeypatch.setattr(DECODING, "hold", hold)
    path = film(tmp_path / "a.mp4", ["red", "blue"])
    assert seconds(decoded(path)[0]) == [0, 2] and now[0] > watched_file.TIME_LIMIT


def test_tags_in_no_utf_8_are_read_as_far_as_they_are(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mp4", ["red"], tags={"title": "Strasse am Meer"})
    path.write_bytes(path.read_bytes().replace(b"Strasse", b"Stra\xdfe "))
    _, facts = decoded(path)
    assert facts.title == "Stra\ufffde  am Meer"


def said(**tags: str) -> ContentFacts:
    named = {name.replace("__", "."): value for name, value in tags.items()}
    return facts_of(named, container="mov,mp4", name="a.mov", width=1, height=1, duration_ms=0)


def test_what_files_say(tmp_path: Path) -> None:
    apple = {
        "com.apple.quicktime.creationdate": "2019-07-14T12:20:30+0200",
        "creation_time": "2019-07-14T10:20:30.000000Z",
        "com.apple.quicktime.location.ISO6709": "+48.8577+002.2950+035.000/",
        "com.apple.quicktime.make": "Apple",
        "com.apple.quicktime.model": "iPhone 12",
        "title": "Bastille Day",
    }
    _, facts = decoded(film(tmp_path / "a.mp4", ["red", "blue"], tags=apple))
    assert facts.taken_at == datetime(2019, 7, 14, 12, 20, 30) and facts.taken_offset == 120
    assert (facts.latitude, facts.longitude) == (48.8577, 2.295)
    assert (facts.camera, facts.title) == ("Apple iPhone 12", "Bastille Day")
    assert said(creation_time="1904-01-01T00:00:00Z").taken_at is None
    assert said(creation_time="soon", location="nowhere").taken_at is None
    assert said(location="+91.0000+181.0000/").latitude is None


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the time zone is the system's")
def test_times_in_utc_become_this_machines(in_zone: Callable[[str], None]) -> None:
    in_zone("America/New_York")
    android = said(creation_time="2019-07-14T10:20:30.000000Z")
    assert android.taken_at == datetime(2019, 7, 14, 6, 20, 30)
    assert android.taken_offset == -240


def test_a_large_video_is_told_by_all_of_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "large.mp4"
    with path.open("wb") as file:
        file.truncate(90_000_000)
    kept = set()
    for place in (0, 3_000_000, 47_654_321, 89_999_999):
        with path.open("r+b") as changed:
            changed.seek(place)
            changed.write(b"x")
        with path.open("rb") as file:
            kept.add(video_digest(file))
            file.seek(0)
            assert hashlib.file_digest(file, "sha256").digest() in kept
    assert len(kept) == 4


class Endless(io.RawIOBase):
    """A file that is never read to its end."""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0, /) -> int:
        return offset

    def readinto(self, buffer: Any, /) -> int:
        return len(buffer)


def test_the_reading_of_a_huge_video_can_be_ended() -> None:
    stop = threading.Event()
    timer = threading.Timer(0.2, stop.set)
    timer.start()
    with pytest.raises(Stopped):
        video_digest(io.BufferedReader(Endless()), stop)
    timer.join()


def test_a_stream_is_told_from_typescript() -> None:
    assert claims_video("a.MTS", b"\0\0\0\0\x47@\0\x10") and claims_video("b.ts", b"\x47@\0\x10")
    assert not claims_video("c.ts", b"import x from")
    assert claims_video("d.Mp4", b"") and not claims_video("e.txt", b"\x47")
