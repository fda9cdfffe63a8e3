"""on_terminal.py SECONDS SERIAL COMMAND...: runs Bochs on a terminal and prints what its serial line gets.

Debian's Bochs is built with its debugger, which wants a terminal, and shows its screen on a second terminal of its own.
Somebody has to read both: as soon as the cursor has blinked often enough to fill the second one, Bochs stands still. What
lies between the lines `=== begins` and `=== ends N` of the file SERIAL is printed as it comes; after the latter, or
SECONDS, Bochs is ended.
"""

import os
import pty
import re
import select
import signal
import sys
import time
import tty


def lines_between(text):
    """The complete lines between the marks, and whether the last mark has come."""
    lines = text.replace(b"\r", b"").split(b"\n")[:-1]
    if b"=== begins" not in lines:
        return [], False
    lines = lines[lines.index(b"=== begins") + 1 :]
    for i, line in enumerate(lines):
        if line.startswith(b"=== ends "):
            return lines[: i - 1 if i and not lines[i - 1] else i], True
    # An empty line may be the one before the last mark.
    return lines[:-1] if lines and not lines[-1] else lines, False


def main():
    seconds, serial, command = float(sys.argv[1]), sys.argv[2], sys.argv[3:]
    end = time.monotonic() + seconds
    child, terminal = pty.fork()
    if child == 0:
        os.environ["TERM"] = "xterm"
        os.execvp(command[0], command)
    terminals, said, printed, ended = [terminal], b"", 0, False
    while not ended and terminal in terminals and time.monotonic() < end:
        for ready in select.select(terminals, [], [], 1)[0]:
            try:
                text = os.read(ready, 65536)
            except OSError:
                text = b""
            if not text:  # Bochs has closed it
                terminals.remove(ready)
            elif ready == terminal and len(terminals) == 1:
                said += text
                screen = re.search(rb'connected to screen "([^"]+)"', said)
                if screen:
                    terminals.append(os.open(screen[1], os.O_RDONLY | os.O_NOCTTY))
                    tty.setraw(terminals[-1])
        with open(serial, "rb") as file:
            lines, ended = lines_between(file.read())
        for line in lines[printed:]:
            print(line.decode(errors="replace"), flush=True)
        printed = max(printed, len(lines))
    try:
        os.kill(child, signal.SIGKILL)
    except ProcessLookupError:
        pass
    os.waitpid(child, 0)
    return 0 if ended else 1


sys.exit(main())
