"""on_terminal.py SECONDS SERIAL COMMAND...: runs an emulator and prints what its serial line gets.

Debian's Bochs shows its screen on a terminal, and has to be given one. What lies between the lines `=== begins` and
`=== ends N` of the file SERIAL is printed as it comes; after the latter, or SECONDS, the emulator is ended.
"""

import os
import pty
import select
import signal
import sys
import time


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
    printed, ended, runs = 0, False, True
    screen = open(serial + ".screen", "wb", buffering=0)
    while not ended and runs and time.monotonic() < end:
        if select.select([terminal], [], [], 1)[0]:
            try:
                shown = os.read(terminal, 65536)
                runs = bool(shown)
                screen.write(shown)
            except OSError:  # the emulator has closed it
                runs = False
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
