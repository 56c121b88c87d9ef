"""clipsearch label"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import numpy as np
import typer

from app.cli.common import (
    NOTHING_FOUND,
    DeviceOption,
    EngineOption,
    JsonOption,
    LanguageOption,
    LibraryOption,
    configure,
    note,
    note_languages,
    open_searcher,
    print_json,
    show,
)
from app.cli.photos_to_label import photos_to_label
from app.cli.query_notes import note_query
from app.labels.zero_shot import Prediction, ZeroShotClassifier
from app.languages.asked import Asked
from app.query.model import Query
from app.text import absolute, plural
from store.sql.fspath import expanded

if TYPE_CHECKING:
    from app.search.searcher import Searcher

_SHOWN = 3  # labels of each photo
_MOST_COUNTED = 20


def label(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Pictures or folders, indexed or not; none: the whole library."),
    ] = None,
    labels: Annotated[
        str | None, typer.Option("--labels", help='Names with commas: "dog,cat,beach".')
    ] = None,
    labels_file: Annotated[
        Path | None, typer.Option("--labels-file", help="A file with a label on each line.")
    ] = None,
    examples: Annotated[
        Path | None,
        typer.Option(
            "--examples", help="A folder with a folder of example pictures for each label."
        ),
    ] = None,
    query: Annotated[
        str | None, typer.Option("--query", help="Only photos that this query clearly finds.")
    ] = None,
    templates: Annotated[
        str,
        typer.Option(
            "--templates",
            help="one, seven or eighty of the CLIP paper's, or a file with {} where labels go.",
        ),
    ] = "seven",
    least: Annotated[
        float, typer.Option("--min", min=0, max=1, help="Give no label less probable than this.")
    ] = 0.0,
    save: Annotated[
        bool, typer.Option("--save", help="Keep each label as a tag of the indexed photo.")
    ] = False,
    json: JsonOption = False,
    language: LanguageOption = None,
    library: LibraryOption = None,
    device: DeviceOption = None,
    engine: EngineOption = None,
) -> None:
    """Say which of some labels each photo shows (zero-shot), or that it is none of these.

    With --examples: by what the labels' names say and by the pictures in folders of those names.
    Without labels: which of some 2,300 everyday things it surely shows. Indexed photos are not
    opened: what the model saw in them is in the library.

    Example: clipsearch label --labels "dog,cat,beach" --save ~/Pictures/2019
    """
    from app.labels.templates import templates as find_templates

    names = _labels(labels, labels_file)
    config = configure(library, device, engine, language)
    searcher = open_searcher(config)
    chosen = _query(searcher, query, Asked(config.language))
    if labels is None and labels_file is None and examples is None:
        _everyday(searcher, paths or [], chosen, least, save, json)
        return
    classifier: ZeroShotClassifier
    if examples is None:
        classifier = ZeroShotClassifier(
            searcher.encode_texts, searcher.logit_scale, names, find_templates(templates)
        )
    else:
        classifier = _by_examples(searcher, names, examples, find_templates(templates))
    counted: Counter[str | None] = Counter()
    saved = 0
    for ids, shown, vectors in photos_to_label(searcher, paths or [], chosen):
        given: dict[str, list[int]] = {}
        for id, path, prediction in zip(ids, shown, classifier.predict(vectors), strict=True):
            name = prediction.label if prediction.probability >= least else None
            counted[name] += 1
            _print(path, name, prediction, json)
            if name and id is not None:
                given.setdefault(name, []).append(id)
        if save:
            user_data = searcher.library.user_data
            saved += sum(user_data.add_tag(tagged, name) for name, tagged in given.items())
    if not counted:
        note("There are no photos to label.")
        raise typer.Exit(NOTHING_FOUND)
    none = counted.pop(None, 0)
    said = [f"{name} {count:,}" for name, count in counted.most_common()]
    note(", ".join([*said, f"none of these {none:,}"]))
    if save:
        note(f"{plural(saved, 'tag')} kept; find them with tag:NAME.")


def _everyday(
    searcher: Searcher, paths: list[Path], query: Query, least: float, save: bool, json: bool
) -> None:
    """Label by the built-in vocabulary."""
    names = searcher.vocabulary.names
    counted: Counter[str] = Counter()
    given: dict[str, list[int]] = {}
    seen = 0
    for ids, shown, vectors in photos_to_label(searcher, paths, query):
        numbers = np.array([-1 if id is None else id for id in ids], np.int64)
        labels = searcher.labeller.label(numbers, vectors, "")
        for place, (id, path) in enumerate(zip(ids, shown, strict=True)):
            labelled = [(names[n], sure) for n, sure in labels.at(place) if sure >= least]
            seen += 1
            counted.update(name for name, _ in labelled)
            if json:
                values = {name: round(sure, 4) for name, sure in labelled}
                print_json({"path": str(path), "labels": values})
            else:
                said = ", ".join(f"{name} {sure:.2f}" for name, sure in labelled)
                typer.echo(f"{show(path)}  {said or '(nothing for sure)'}")
            for name, _ in labelled:
                if id is not None:
                    given.setdefault(name, []).append(id)
    if not seen:
        note("There are no photos to label.")
        raise typer.Exit(NOTHING_FOUND)
    note(", ".join(f"{name} {count:,}" for name, count in counted.most_common(_MOST_COUNTED)))
    if save:
        user_data = searcher.library.user_data
        saved = sum(user_data.add_tag(tagged, name) for name, tagged in given.items())
        note(f"{plural(saved, 'tag')} kept; find them with tag:NAME.")


def _by_examples(
    searcher: Searcher, names: list[str], folder: Path, templates: Sequence[str]
) -> ZeroShotClassifier:
    """A classifier of ``names`` and of the folders in ``folder``, which have pictures of them."""
    from app.evaluation.zero_shot import read_classes
    from app.labels.few_shot import FewShotClassifier

    classes = read_classes(expanded(folder))
    labels = list(dict.fromkeys([*names, *classes.names]))
    shown = [labels.index(classes.names[number]) for number in classes.of]
    vectors = [searcher.encode_file(absolute(path), str(path)) for path in classes.paths]
    note(f"{plural(len(vectors), 'example')} of {plural(len(classes.names), 'label')}.")
    return FewShotClassifier(
        searcher.encode_texts, searcher.logit_scale, labels, templates, np.stack(vectors), shown
    )


def _labels(text: str | None, file: Path | None) -> list[str]:
    listed = (text or "").split(",")
    if file is not None:
        listed += expanded(file).read_text(encoding="utf-8", errors="replace").splitlines()
    return [" ".join(name.split()) for name in listed if name.strip()]


def _query(searcher: Searcher, text: str | None, asked: Asked) -> Query:
    """What chooses the photos to label, with a note of how it was read; all without a text."""
    if not text:
        return Query()
    from app.search.query_reader import QueryReader

    query = QueryReader(searcher.library, lambda: searcher.texts).query(text, asked)
    if query.changes or query.unread:
        note_query(query, text, command="")
    note_languages(searcher, query)
    return query


def _print(path: Path, name: str | None, prediction: Prediction, json: bool) -> None:
    if json:
        ranked = {label: round(value, 6) for label, value in prediction.probabilities}
        probabilities = {"labels": ranked, "none": round(prediction.none, 6)}
        print_json({"path": str(path), "label": name, **probabilities})
        return
    best = ", ".join(f"{show(one)} {value:.2f}" for one, value in prediction.probabilities[:_SHOWN])
    typer.echo(f"{show(name or '(none of these)'):<20}  {show(path)}  ({best})")
