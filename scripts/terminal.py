#!/usr/bin/env python3
"""Runs a command at a terminal of its own and answers its prompts.

Usage: scripts/terminal.py [--help | ANSWER… -- COMMAND…]

At each prompt (output that ends in ": ") the next ANSWER is typed, with Enter behind it. ^C, ^D and
^Z are typed as such; KILL:NAME sends the process that signal. Prints what the terminal showed, and as
the last line "exit=CODE echo=on|off": the exit code, and whether the terminal echoes afterwards.
Ends after twenty seconds at the latest.
"""
import fcntl
import os
import pty
import select
import signal
import sys
import termios
import time

KEYS = {"^C": b"\x03", "^D": b"\x04", "^Z": b"\x1a"}


def main():
    if "--" not in sys.argv:
        print(__doc__.strip())
        sys.exit(0 if sys.argv[1:] == ["--help"] else 2)
    split = sys.argv.index("--")
    answers, command = sys.argv[1:split], sys.argv[split + 1:]
    keyboard, terminal = pty.openpty()
    child = os.fork()
    if child == 0:
        os.setsid()
        fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)
        for number in range(3):
            os.dup2(terminal, number)
        os.execvp(command[0], command)
    shown, seen, status = b"", 0, None
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if select.select([keyboard], [], [], 0.05)[0]:
            shown += os.read(keyboard, 4096)
        elif status is not None:
            break
        if status is None:
            ended, found = os.waitpid(child, os.WNOHANG)
            status = found if ended else None
        if status is None and answers and shown[seen:].endswith(b": "):
            seen = len(shown)
            answer = answers.pop(0)
            if answer.startswith("KILL:"):
                os.kill(child, getattr(signal, answer[5:]))
            else:
                os.write(keyboard, KEYS.get(answer, answer.encode() + b"\n"))
    if status is None:
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    echo = "on" if termios.tcgetattr(terminal)[3] & termios.ECHO else "off"
    sys.stdout.write(shown.decode(errors="replace").replace("\r", ""))
    print(f"\nexit={code} echo={echo}")


main()
