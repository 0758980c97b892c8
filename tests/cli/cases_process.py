"""Signals while something is slow, progress, and what is left behind."""

import fcntl
import json
import os
import pathlib
import random
import re
import signal
import subprocess
import sys
import termios
import threading
import time

import images
from cases_cache import scripted
from harness import case, check, equal, wait_until
from server import Registry

# A run that ignores a signal would be there for as long as the server holds the line.
PATIENCE_S = 20


class SlowRegistry:
    """Sends half of every layer, and then nothing until it is told to go on."""

    def __init__(self, bench):
        noise = random.Random(1).randbytes(300_000)
        self.image = scripted(images.Image(images.tar(("noise", noise)), images.tar(("more", noise[:200_000]))))
        self.registry = Registry(self.image)
        self.waiting, self.go_on = threading.Semaphore(0), threading.Event()
        for blob in self.image.blobs:
            self.registry.on(f"/blobs/{images.sha256(blob)}", self.serve)
        self.reference = self.registry.reference
        bench.closing += [self.registry.stop, self.go_on.set]

    def serve(self, request):
        blob = self.registry.blobs[request.path.rpartition("/")[2]]
        request.head(200, [("Content-Length", len(blob))])
        request.send(blob[:len(blob) // 2])
        self.waiting.release()
        self.go_on.wait(60)
        request.send(blob[len(blob) // 2:])


def end_by(bench, process, number):
    begun = time.monotonic()
    process.send_signal(number)
    try:
        out, err = process.communicate(timeout=PATIENCE_S)
    except subprocess.TimeoutExpired:
        raise AssertionError(f"{number.name} was ignored")
    equal(f"status after {number.name}", process.returncode, 128 + number, err)
    equal(f"stdout after {number.name}", out, b"")
    check(b"Sanitizer" not in err, "a sanitizer complains", err.decode())
    return err, time.monotonic() - begun


@case
def signals_end_a_slow_read(bench):
    for number in [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]:
        slow = SlowRegistry(bench)
        target = bench.home / "out"
        target.mkdir(exist_ok=True)
        process = bench.start(slow.reference, "-o", f"json={target}/report.json", "--threads", "4")
        for _ in slow.image.blobs:
            check(slow.waiting.acquire(timeout=PATIENCE_S), "the layers were never asked for")
        err, _ = end_by(bench, process, number)
        equal("stderr", err, b"")
        equal("outputs", os.listdir(target), [])
        equal("temporary files", os.listdir(bench.home / "tmp"), [])
        equal("cache", [n for n in bench.files_below(bench.cache) if len(n) > 60], [])


@case
def signals_end_a_wait_for_standard_input(bench):
    """While an archive is being read, with members spilled that must wait for their manifest."""
    bench.make_image("web.image", f"oci-archive:{bench.home}/web.tar")
    data = (bench.home / "web.tar").read_bytes()
    for part in [0, 600, len(data) // 2]:
        reading, writing = os.pipe()
        process = bench.start("-", stdin=reading)
        os.close(reading)
        os.write(writing, data[:part][:60_000])
        wait_until(lambda: waits_for_input(process, writing), "imgprof waits for its input")
        end_by(bench, process, signal.SIGTERM)
        os.close(writing)
        equal("temporary files", os.listdir(bench.home / "tmp"), [])


def waits_for_input(process, pipe):
    """Nothing is left in the pipe, and all threads sleep (one is there for signals)."""
    unread = int.from_bytes(fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)), sys.byteorder)
    tasks = [t.read_text() for t in pathlib.Path(f"/proc/{process.pid}/task").glob("*/stat")]
    return unread == 0 and len(tasks) > 1 and all(t.rpartition(") ")[2][0] == "S" for t in tasks)


@case
def signals_end_a_retry(bench):
    """The wait between two attempts is no reason to stay."""
    registry = Registry(scripted(images.Image(images.tar(("a", b"a")))))
    asked = threading.Event()

    def busy(request):
        request.reply(503, b"", ("Retry-After", "50"))
        asked.set()

    registry.on("^/v2/", busy)
    bench.closing.append(registry.stop)
    process = bench.start(registry.reference)
    check(asked.wait(PATIENCE_S), "nothing was asked for")
    end_by(bench, process, signal.SIGINT)


@case
def progress_is_quiet_when_nobody_looks(bench):
    """Not a terminal: a line for each layer at most, and none for a run that is quick."""
    bench.make_image("web.image", f"oci:{bench.home}/web")
    equal("a quick run", bench.run(f"{bench.home}/web").err, "")
    slow = SlowRegistry(bench)
    process = bench.start(slow.reference, "--no-cache", "--progress", "plain")
    for _ in slow.image.blobs:
        slow.waiting.acquire(timeout=PATIENCE_S)
    time.sleep(1.0)  # beyond the half second in which nothing is shown
    slow.go_on.set()
    _, err = process.communicate()
    equal("status", process.returncode, 0, err)
    for line in err.decode().splitlines():
        check(line.startswith("imgprof: layer "), "a line that tells something else", line)
    equal("escapes", b"\x1b" in err, False)


@case
def progress_on_a_terminal_is_erased(bench):
    slow = SlowRegistry(bench)
    process = bench.start(slow.reference, "--no-cache", "--progress", "tty")
    for _ in slow.image.blobs:
        slow.waiting.acquire(timeout=PATIENCE_S)
    time.sleep(1.0)
    slow.go_on.set()
    _, err = process.communicate()
    equal("status", process.returncode, 0, err)
    check(b" of " in err and b"total" in err, "nothing was drawn", err)
    equal("what stays", after_drawing(err.decode()), "")
    for arguments in [["-q"], ["--progress", "none"]]:
        equal(f"with {arguments}", bench.run(slow.reference, "--no-cache", "--progress", "tty", *arguments).err, "")


@case
def a_signal_erases_the_progress(bench):
    slow = SlowRegistry(bench)
    process = bench.start(slow.reference, "--no-cache", "--progress", "tty")
    for _ in slow.image.blobs:
        slow.waiting.acquire(timeout=PATIENCE_S)
    time.sleep(1.0)
    err, _ = end_by(bench, process, signal.SIGINT)
    check(b"total" in err, "nothing was drawn", err)
    equal("what stays", after_drawing(err.decode()).strip(), "")


def after_drawing(text):
    """The screen after lines, `cursor up N to the first column` and `erase below`."""
    lines, row = [""], 0
    for part in re.findall(r"\x1b\[\d*[FJ]|\n|\r|[^\x1b\n\r]+", text):
        if part == "\n":
            row += 1
            lines += [""] * (row + 1 - len(lines))
        elif part == "\r":
            lines[row] = ""
        elif part.startswith("\x1b") and part.endswith("F"):
            row = max(0, row - int(part[2:-1] or 1))
        elif part.startswith("\x1b"):
            del lines[row:]
            lines.append("")
        else:
            lines[row] += part
    return "\n".join(lines)


@case
def one_bad_layer_ends_those_above(bench):
    """They are not waited for: the other layer's bytes never come."""
    slow = SlowRegistry(bench)
    bad = images.sha256(slow.image.blobs[0])
    slow.registry.hooks = [h for h in slow.registry.hooks if bad not in h[0].pattern]
    slow.registry.blobs[bad] = bytes(len(slow.image.blobs[0]))
    begun = time.monotonic()
    result = bench.fails(5, "layer 0", bad[:19], arguments=[slow.reference, "--threads", "4"])
    check(time.monotonic() - begun < PATIENCE_S, "waited for a layer that nobody needs", result)


@case
def lowest_bad_layer_is_named_for_any_number_of_threads(bench):
    """Layer 2 is the largest, so it begins and fails first; layer 1 fails later; layer 3 never comes."""
    noise = random.Random(2).randbytes(400_000)
    image = scripted(images.Image(*[images.tar((f"f{n}", noise[:size])) for n, size in enumerate([50_000, 200_000, 300_000, 100_000])]))
    registry = Registry(image)
    bench.closing.append(registry.stop)
    digests = [images.sha256(blob) for blob in image.blobs]
    go_on = threading.Event()
    bench.closing.append(go_on.set)

    def late(request):
        time.sleep(0.4)
        request.head(200, [("Content-Length", len(image.blobs[1]))])
        request.send(bytes(len(image.blobs[1])))

    def never(request):
        request.head(200, [("Content-Length", len(image.blobs[3]))])
        go_on.wait(60)

    registry.on(f"/blobs/{digests[1]}", late)
    registry.blobs[digests[2]] = bytes(len(image.blobs[2]))
    registry.on(f"/blobs/{digests[3]}", never)
    for threads in ["1", "2", "16"]:
        result = bench.fails(5, f"layer 1 {digests[1][:19]}", arguments=[registry.reference, "--no-cache", "--threads", threads])
        check("layer 2" not in result.err, "more than the lowest is told", result)


@case
def documents_are_the_same_whatever_comes_first(bench):
    """Layers that arrive in another order, or in pieces, change nothing."""
    slow = SlowRegistry(bench)
    slow.go_on.set()
    first = bench.run(slow.reference, "--no-cache", "--json").out
    delay = {images.sha256(blob): n for n, blob in enumerate(slow.image.blobs)}
    for order in [1, -1]:
        for blob in slow.image.blobs:
            def late(request, blob=blob):
                time.sleep(0.2 * max(0, order * (delay[images.sha256(blob)] * 2 - 1)))
                for at in range(0, len(blob), 7_000):
                    if at == 0:
                        request.head(200, [("Content-Length", len(blob))])
                    request.send(blob[at:at + 7_000])
            slow.registry.hooks.insert(0, (re.compile(images.sha256(blob)), late))
        equal("document", json.loads(bench.run(slow.reference, "--no-cache", "--json", "--threads", "8").out), json.loads(first))
