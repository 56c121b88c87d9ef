"""Decodes the frames of a video that stand for it, in seconds whatever its length.

Frames are looked at by seeking: a key frame at each of up to ``_LOOKS`` places, all over the video.
Of a short one with few key frames, the first ``_MOST_DECODED`` frames are decoded one after the
other as well. PyAV (FFmpeg) reads through a file of Python's, so that it opens no other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO

from PIL import Image

from indexer.pictures import formats
from indexer.pictures.decode import OVERSAMPLING
from indexer.pictures.limits import DECODING, check_shape
from indexer.text import reason_of
from indexer.videos.frame_choice import VideoFrame, chosen
from indexer.videos.upright import MOST_PIXELS, upright
from indexer.videos.video_facts import facts_of
from indexer.videos.watched_file import TIME_LIMIT, Clock, WatchedFile
from store.errors import PhotoError
from store.states import State
from store.values import ContentFacts

if TYPE_CHECKING:
    from av import VideoFrame as Decoded
    from av.container import InputContainer
    from av.video.stream import VideoStream

_LOOKS = 48
_FEW, _SPARSE = 12, 2.5
"""Of fewer key frames, more than so many seconds apart, other frames are looked at too."""
_MOST_DECODED = 900  # frames, one after the other
_MOST_DECODED_PIXELS = 2_000_000_000  # in all of these: 240 frames in 4K
_MOST_PACKETS = 2_000  # looked through for a key frame, at each place
_EVERY = 0.5  # seconds between the frames that are looked at, at the least
_BYTES_A_PIXEL = 30  # some 16 frames at 1.5 bytes that a decoder refers to, and one converted
_LONGEST_S = 10 * 365 * 86_400.0  # what says more is damaged

_CONTAINERS = "mov,matroska,avi,mpegts,mpeg,mpegvideo,asf,flv,ogg,mxf"
"""FFmpeg's names of what is read: no playlists, which name other files and addresses."""


def decode_video(file: BinaryIO, name: str, side: int) -> tuple[list[VideoFrame], ContentFacts]:
    """The frames of a video that stand for it, at least one, and what is known of it.

    Args:
        name: that of the file.
        side: the least pixels of a frame's shorter side, if the video has so many.

    Raises:
        PhotoError: it has no frame that can be decoded, or is damaged, truncated or too large.
        OSError: the file can't be read any more.
    """
    with _opened(file, side) as decoding:
        return decoding.read(name)


def frame_at(file: BinaryIO, at_ms: int, side: int) -> Image.Image:
    """One frame, upright RGB: the first at or after ``at_ms`` milliseconds.

    Raises: see ``decode_video``.
    """
    with _opened(file, side) as decoding:
        return decoding.at(at_ms)


_TAGS_AS_THEY_ARE: Any = {"metadata_errors": "surrogateescape"}
"""What PyAV has to be told before its version 19; newer ones do nothing else."""


@contextmanager
def _opened(file: BinaryIO, side: int) -> Iterator[_Decoding]:
    import av

    clock = Clock()
    try:
        with av.open(
            WatchedFile(file, clock),
            "r",
            options={"format_whitelist": _CONTAINERS, "protocol_whitelist": ""},
            **_TAGS_AS_THEY_ARE if int(av.__version__.split(".")[0]) < 19 else {},
        ) as container:
            if not container.streams.video:
                if formats.is_cut_short(file):
                    raise PhotoError(State.TRUNCATED, "only the beginning of the video is there")
                raise PhotoError(State.UNSUPPORTED, "it has no pictures, only sound or other data")
            if getattr(container.streams.video[0], "codec_context", None) is None:
                raise PhotoError(State.UNSUPPORTED, "no decoder knows how its pictures are coded")
            yield _Decoding(container, clock, int(side * OVERSAMPLING))
    except PhotoError:
        raise
    except MemoryError as error:
        raise PhotoError(State.TOO_LARGE, "it does not fit into memory") from error
    except Exception as error:  # of hostile bytes, FFmpeg and PyAV raise anything
        if clock.broken is not None:
            raise clock.broken from error
        raise _failed(file, clock, error) from error


class _Decoding:
    """Reads one opened video; ``side``: the least pixels of the shorter side of what is kept."""

    def __init__(self, container: InputContainer, clock: Clock, side: int) -> None:
        self._container, self._clock, self._side = container, clock, side
        self._stream: VideoStream = container.streams.video[0]
        self._codec = self._stream.codec_context
        self._codec.thread_count = 1  # other videos are decoded meanwhile
        width, height = self._codec.width, self._codec.height
        if width < 1 or height < 1:
            raise PhotoError(State.DAMAGED, "it does not say how large its pictures are")
        check_shape(width, height, MOST_PIXELS)
        self._pixels = width * height
        self._base = float(self._stream.time_base or 0) or 1e-3
        self._start = (self._stream.start_time or 0) * self._base
        self._looked: dict[int, VideoFrame] = {}  # by time
        self._size = (0, 0)  # upright, with square pixels

    def read(self, name: str) -> tuple[list[VideoFrame], ContentFacts]:
        length = self._length()
        with DECODING.hold(self._pixels * _BYTES_A_PIXEL):
            self._look_at_key_frames(length)
            if not length or len(self._looked) < min(_FEW, max(1.0, length / _SPARSE)):
                self._look_at_all(length)
        frames = chosen([self._looked[at] for at in sorted(self._looked)])
        if not frames:
            why = "not one of its frames can be decoded"
            if self._clock.is_over:
                raise PhotoError(State.DAMAGED, f"{why} in {TIME_LIMIT:.0f} seconds")
            raise PhotoError(State.DAMAGED, why)
        length = max(length, max(self._looked) / 1_000)
        tags: Mapping[str, str] = {**self._stream.metadata, **self._container.metadata}
        width, height = self._size
        return frames, facts_of(
            tags,
            container=self._container.format.name,
            name=name,
            width=width,
            height=height,
            duration_ms=round(1_000 * length),
        )

    def at(self, at_ms: int) -> Image.Image:
        with DECODING.hold(self._pixels * _BYTES_A_PIXEL):
            last: Decoded | None = None
            self._seek(at_ms / 1_000)
            for number, decoded in enumerate(self._container.decode(self._stream)):
                last = decoded
                late = self._time(decoded) >= at_ms - 1
                if late or number >= _MOST_DECODED or self._clock.is_over:
                    break
            if last is None:
                raise PhotoError(State.DAMAGED, "the frame can't be decoded")
            return self._upright(last)

    def _length(self) -> float:
        """Seconds; 0 where nothing says it."""
        length = 0.0
        if self._stream.duration is not None:
            length = self._stream.duration * self._base
        elif self._container.duration is not None:
            length = self._container.duration / 1_000_000
        return min(max(length, 0.0), _LONGEST_S)

    def _look_at_key_frames(self, length: float) -> None:
        looks = max(1, min(_LOOKS, int(length / _EVERY)))
        seen: set[int | None] = set()
        for number in range(looks):
            if self._clock.is_over:
                return
            packet = self._key_packet(length * number / looks)
            if packet is None or packet.pts in seen:
                continue
            seen.add(packet.pts)
            try:
                decoded = [*self._codec.decode(packet), *self._codec.decode(None)]
            except Exception:  # this one is damaged
                decoded = []
            finally:
                self._codec.flush_buffers()
            for one in decoded[:1]:
                self._keep(one)

    def _key_packet(self, at: float) -> Any:
        """The packet of the last key frame before ``at`` seconds; None if there is none."""
        try:
            self._seek(at)
            for number, packet in enumerate(self._container.demux(self._stream)):
                if packet.is_keyframe and packet.size:
                    return packet
                if number > _MOST_PACKETS or self._clock.is_over:
                    return None
        except Exception:  # it can't be searched, or not there
            return None
        return None

    def _look_at_all(self, length: float) -> None:
        """Decode one frame after the other from the beginning, and keep one at each half second."""
        step = max(_EVERY, length / _LOOKS)
        next_at = 0.0
        most = min(_MOST_DECODED, _MOST_DECODED_PIXELS // self._pixels)
        try:
            self._seek(0.0)
            for number, decoded in enumerate(self._container.decode(self._stream)):
                at = self._time(decoded) / 1_000
                if at >= next_at:
                    self._keep(decoded)
                    next_at = at + step
                if number >= most or self._clock.is_over:
                    return
        except Exception:  # damaged from here on
            return

    def _seek(self, at: float) -> None:
        self._container.seek(int((self._start + at) / self._base), stream=self._stream)

    def _time(self, decoded: Decoded) -> int:
        """Milliseconds from the beginning."""
        seconds = 0.0 if decoded.pts is None else decoded.pts * self._base - self._start
        return max(0, round(1_000 * min(seconds, _LONGEST_S)))

    def _keep(self, decoded: Decoded) -> None:
        if not decoded.is_corrupt:
            at_ms = self._time(decoded)
            self._looked.setdefault(at_ms, VideoFrame(at_ms, self._upright(decoded)))

    def _upright(self, decoded: Decoded) -> Image.Image:
        image, self._size = upright(decoded, self._stream.sample_aspect_ratio, self._side)
        return image


def _failed(file: BinaryIO, clock: Clock, error: Exception) -> PhotoError:
    # What FFmpeg says, without the number and the name of no file that PyAV has around it.
    said = getattr(error, "strerror", None) or reason_of(error)
    reason = f"it can't be read as a video: {said}"
    if clock.is_over:
        reason = f"it could not be read in {TIME_LIMIT:.0f} seconds"
    cut = formats.is_cut_short(file)
    return PhotoError(State.TRUNCATED if cut else State.DAMAGED, reason)
