"""Make ``app/pages/frontend/icons.js``, the icons of the page, from Lucide (ISC and MIT).

    npm pack lucide-static@1.62.0 && tar xzf lucide-static-1.62.0.tgz
    python tools/icons.py package

The licences lie beside it, in ``icons.LICENSE.txt``, and go wherever the package goes.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from xml.etree import ElementTree

TARGET = Path(__file__).parent.parent / "app" / "pages" / "frontend" / "icons.js"
NAMES = """
    arrow-left arrow-right-to-line arrow-up-to-line book-image bookmark calendar camera check
    chevron-down chevron-left chevron-right circle circle-check circle-dot circle-minus
    circle-question-mark
    clock copy copy-check download ellipsis-vertical eye eye-off file-image folder folder-open heart
    history image image-up images info keyboard layers library-big list-filter list-minus
    loader-circle log-out map map-pin maximize minimize minus pause pencil play plus refresh-cw
    scan-search search settings-2 sliders-horizontal sparkles square-check-big star tag trash-2
    triangle-alert unplug x zoom-in zoom-out
""".split()  # noqa: SIM905

HEAD = """// @ts-check
// The icons of the page: a part of Lucide {version}, made by tools/icons.py. Their licences are in
// icons.LICENSE.txt.

import {{ svg }} from "./dom.js";

/** @type {{Record<string, ["path" | "circle" | "rect" | "line", Record<string, string>][]>}} */
const SHAPES = {{
"""
TAIL = """};

/**
 * An icon, which says nothing to a screen reader: what it stands on has the name.
 *
 * @param {string} name
 */
export function icon(name) {
  return svg("svg", { class: "icon", viewBox: "0 0 24 24", fill: "none", stroke: "currentColor",
    "stroke-width": "2", "stroke-linecap": "round", "stroke-linejoin": "round",
    "aria-hidden": "true", "data-icon": name },
  ...(SHAPES[name] ?? []).map(([tag, attributes]) => svg(tag, attributes)));
}
"""


def shapes(file: Path) -> str:
    """The shapes of an icon, as JSON: each a tag and its attributes."""
    drawn = ElementTree.fromstring(file.read_text(encoding="utf-8"))
    return json.dumps([[shape.tag.rpartition("}")[2], shape.attrib] for shape in drawn])


def main(package: Path) -> None:
    version = json.loads((package / "package.json").read_text(encoding="utf-8"))["version"]
    icons = package / "icons"
    lines = [f"  {json.dumps(name)}: {shapes(icons / f'{name}.svg')},\n" for name in sorted(NAMES)]
    TARGET.write_text(HEAD.format(version=version) + "".join(lines) + TAIL, encoding="utf-8")
    shutil.copy(package / "LICENSE", TARGET.with_name("icons.LICENSE.txt"))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
