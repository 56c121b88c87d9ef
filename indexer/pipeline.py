"""Indexing: scan -> decode -> encode -> library, overlapped, in bounded memory.

One thread walks the folders; ``indexer.stages`` has what is done with what it meets, in this
process or in others. This module puts a run together, and ends it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from indexer.encoders.encoder import Encoder
from indexer.events import Event, Finished
from indexer.folders.file_count import Counting
from indexer.folders.filesystems import Filesystems
from indexer.folders.sight import Sight
from indexer.folders.steps import Step, Target
from indexer.folders.survey import IsUnsettled, Survey, all_settled
from indexer.missing_thumbnails import make_missing
from indexer.pictures.likeness import EditJudge
from indexer.pictures.raw import WITHOUT_RAWPY, can_read_raw
from indexer.place_names import name_anew
from indexer.probe_texts import probe_vectors
from indexer.recorder import Recorder
from indexer.stages import Parts, Stages
from indexer.tally import Tally
from indexer.unread_metadata import read_unread
from indexer.videos.video_files import NEEDS_EXTRA, can_read_videos
from store.library import Library
from store.online import is_online
from store.writer import LibraryWriter

MakeStages = Callable[[Parts], Stages]
"""Makes the stages of a run: ``Stages`` itself, or others that do the same."""


def run_index(
    library: Library,
    writer: LibraryWriter,
    encoder: Encoder,
    targets: Sequence[Target],
    *,
    accepted: Sequence[Path] = (),
    retry: bool = False,
    verify: bool = False,
    is_unsettled: IsUnsettled = all_settled,
    steps: Iterator[Step] | None = None,
    workers: int | None = None,
    stop: threading.Event | None = None,
    make_stages: MakeStages = Stages,
    saves_index: bool = True,
    sight: Sight | None = None,
) -> Iterator[Event]:
    """Bring the library up to date with ``targets``; the last event is ``Finished``.

    Args:
        accepted: folders (absolute) whose missing photos are believed to be gone.
        retry: read every file again that failed before, changed or not.
        verify: read every known file, and compare its digest with the library's.
        is_unsettled: says which files are still being written, and left for a later run.
        steps: what to do, instead of looking through ``targets``.
        workers: decoding threads; one a core by default.
        stop: set it to end the run early, with everything so far kept.
        make_stages: where files are read and encoded: in this process, unless it says otherwise.
        saves_index: bring the index files up to the rows at the end; else searches do that.
        sight: takes in what is seen of the folders, for who compares that with another look.
    """
    stop = stop or threading.Event()
    writer.hold([target.root.path for target in targets])
    model = writer.add_model(encoder.name, encoder.fingerprint, encoder.dim)
    writer.let_damaged_go(model)
    passed_over = [
        *(WITHOUT_RAWPY if can_read_raw() else ()),
        *([NEEDS_EXTRA] if can_read_videos() else ()),
    ]
    for target in targets:
        if passed_over and is_online(target.root.path):
            writer.try_again(passed_over, target.root.id, target.folder, target.only)
    tally = Tally()
    texts = partial(probe_vectors, encoder)
    recorder = Recorder(library, writer, model, tally, texts=texts)
    recorder.accept_missing(accepted)
    if steps is None:
        survey = Survey(
            library,
            model,
            Filesystems(writer.filesystem_id),
            accepted=accepted,
            retry=retry,
            verify=verify,
            is_unsettled=is_unsettled,
            sight=sight,
        )
        steps = survey.steps(targets)
    stages = make_stages(Parts(library, encoder, model, recorder, tally, workers, library.views()))
    start = time.monotonic()
    summary = tally.summary
    yield from stages.run(steps, stop, Counting(library, list(targets)))
    if not summary.stopped:
        recorder.settle_moves()
        # Before edits are judged, by thumbnails perhaps: a kill may have lost some.
        summary.thumbnails = make_missing(library, stop)
        read_unread(library, writer, stop, small=not saves_index)
        yield from name_anew(library, writer, stop)
        summary.stopped = stop.is_set()
    recorder.finish(EditJudge(library.thumbnails, encoder), saves_index=saves_index)
    summary.seconds = time.monotonic() - start
    yield from summary.missing
    yield Finished(summary)
