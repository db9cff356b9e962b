# Runs `sh -c LINE` on a pseudo-terminal of its own, types when asked, and prints what the screen saw as JSON.
# Input: {"line", "steps": [{"expect", "send"}], "timeoutSeconds"}; "send" may be empty.
import fcntl
import json
import os
import pty
import select
import signal
import struct
import sys
import termios
import time

job = json.load(sys.stdin)
child, screen = pty.fork()
if child == 0:
    os.execvp("sh", ["sh", "-c", job["line"]])
fcntl.ioctl(screen, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))

steps = list(job["steps"])
seen, unread = b"", b""
deadline = time.monotonic() + job["timeoutSeconds"]
while True:
    left = deadline - time.monotonic()
    if left <= 0:
        os.kill(child, signal.SIGKILL)
        break
    ready, _, _ = select.select([screen], [], [], left)
    if not ready:
        continue
    try:
        got = os.read(screen, 65536)
    except OSError:
        break
    if not got:
        break
    seen += got
    unread += got
    while steps and steps[0]["expect"].encode() in unread:
        step = steps.pop(0)
        unread = unread.split(step["expect"].encode(), 1)[1]
        os.write(screen, step["send"].encode())

_, status = os.waitpid(child, 0)
json.dump({"status": os.waitstatus_to_exitcode(status), "screen": seen.decode("utf-8", "replace"), "stepsLeft": len(steps)}, sys.stdout)
