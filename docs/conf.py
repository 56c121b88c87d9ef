"""Settings of the documentation site; ``make docs`` builds it into ``build/docs``.

The sources are the documents where they lie, those beside ``docs/`` too, so that their links work
on the site as they do in the repository, and no text stands in two places. Nothing is fetched
while the site is built or read: the theme has no fonts and no scripts of other hosts.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from app import __version__

project = "clipsearch"
author = "The clipsearch contributors"
version = release = __version__
language = "en"

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
root_doc = "docs/index"
include_patterns = [
    "docs/**.md",
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "RELEASING.md",
    "SECURITY.md",
    "benchmarks/README.md",
    "training/README.md",
    "indexer/languages/MODEL_CARD.md",
    "indexer/starter/MODEL_CARD.md",
]
exclude_patterns = [".*", "**/.*", "build", "dist", "node_modules", "**/node_modules"]
suppress_warnings = ["myst.header"]  # SECURITY.md and others are read by themselves first

myst_heading_anchors = 3
highlight_language = "text"  # of indented blocks, which are mostly commands

autodoc_default_options = {"members": True, "member-order": "bysource"}
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
add_module_names = False
python_use_unqualified_type_names = True

html_theme = "furo"
html_title = "clipsearch"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_extra_path = ["_extra"]  # index.html leads to docs/index.html
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
html_theme_options = {"navigation_with_keys": False}
