"""Pictures in a terminal: a real pseudo-terminal, as one without graphics is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import draw

TOP = Path(__file__).parent.parent
SHOW = (
    "import sys; from pathlib import Path; from app.cli.preview import can_preview, preview; "
    "print(can_preview(), preview(Path(sys.argv[1])))"
)


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX terminals")
def test_half_blocks_in_a_plain_terminal(tmp_path: Path) -> None:
    import fcntl
    import pty
    import struct
    import termios

    photo = draw(tmp_path / "red.png", "red", (64, 48))
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    child = subprocess.Popen(
        [sys.executable, "-c", SHOW, str(photo)],
        cwd=TOP,
        stdin=theirs,
        stdout=theirs,
        env={**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"},
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            part = os.read(ours, 65_536)
        except OSError:  # Linux's way to say that the other end is closed
            break
        if not part:
            break
        shown += part
    assert child.wait(timeout=60) == 0
    os.close(ours)
    text = shown.decode()
    assert "\u2580" in text or "\u2584" in text
    assert "255;0;0" in text
    assert "True True" in text


def test_a_pipe_is_no_terminal(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SHOW, str(tmp_path / "none.png")],
        cwd=TOP,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "False False\n"
