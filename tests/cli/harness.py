"""Runs the built imgprof for a case, away from everything that the machine has: home, cache,
credentials, locale, time zone, terminal. Cases are functions in the modules of this folder,
marked with @case; `run.py --list` names them."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import time

import documents

TOP = pathlib.Path(__file__).resolve().parents[2]
CASES = {}
# Far beyond what any run takes: a run that hangs is a failure, not a wait.
RUN_TIMEOUT_S = 100
TEXT_FORMATS = ["text", "tree", "dockerfile"]
MACHINE_FORMATS = ["json", "ndjson", "csv", "csv-packages", "ncdu", "folded", "html", "sarif", "codequality", "openmetrics"]
FORMATS = TEXT_FORMATS + MACHINE_FORMATS
# With those that show nothing of one image alone.
ALL_FORMATS = FORMATS + ["markdown", "github"]


def case(function):
    assert function.__name__ not in CASES, function.__name__
    CASES[function.__name__] = function
    return function


class Result:
    def __init__(self, arguments, status, out, err):
        self.arguments, self.status, self.out = arguments, status, out
        self.err = err.decode(errors="backslashreplace")

    @property
    def text(self):
        return self.out.decode()

    @property
    def lines(self):
        return self.text.splitlines()

    def __str__(self):
        out = self.out[:2000].decode(errors="backslashreplace")
        return f"imgprof {' '.join(map(str, self.arguments))}\nstatus {self.status}\n{out}--- stderr\n{self.err}"


def check(holds, what, *details):
    """An assertion that says what was expected, and shows the rest."""
    if not holds:
        raise AssertionError("\n".join([str(what), *map(str, details)]))


def equal(what, found, expected, *details):
    check(found == expected, f"{what}: {found!r}, expected {expected!r}", *details)


class Bench:
    def __init__(self, program):
        self.program = os.path.abspath(program)
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="imgprof-cli-"))
        self.cache = self.home / "cache"
        self.closing = []
        (self.home / "tmp").mkdir()

    def close(self):
        for close in reversed(self.closing):
            close()
        shutil.rmtree(self.home)

    def environment(self, **more):
        env = {"HOME": self.home, "XDG_CACHE_HOME": self.cache, "XDG_CONFIG_HOME": self.home / "config",
               "XDG_RUNTIME_DIR": self.home / "run", "TMPDIR": self.home / "tmp", "PATH": "/usr/bin:/bin",
               "LC_ALL": "C.UTF-8", "TZ": "UTC", "TERM": "dumb", "COLUMNS": "80",
               "IMGPROF_PLATFORM": "linux/amd64"}
        # What the sanitizers of the test build are told.
        env |= {k: v for k, v in os.environ.items() if k.endswith("SAN_OPTIONS")}
        env |= more
        return {k: str(v) for k, v in env.items() if v is not None}

    def run(self, *arguments, status=0, stdin=None, env={}, **options):
        """STATUS None: any. Arguments are text, paths or bytes. STDIN: bytes or an open file."""
        given = {"input": stdin} if isinstance(stdin, bytes) else {"stdin": stdin or subprocess.DEVNULL}
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
        run = subprocess.run([self.program, *arguments], env=self.environment(**env), cwd=self.home,
                             timeout=RUN_TIMEOUT_S, **given, **options)
        result = Result(arguments, run.returncode, run.stdout or b"", run.stderr or b"")
        self.sound(result)
        check(status is None or result.status == status, f"status {result.status}, expected {status}", result)
        return result

    @staticmethod
    def sound(result):
        for word in ("Sanitizer", "runtime error:"):
            check(word not in result.err, "a sanitizer complains", result)
        check(result.status not in (70, -6, -11), "a bug of imgprof", result)

    def start(self, *arguments, env={}, **options):
        """A run that the case looks after; killed at the end if it is still there."""
        options = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
        process = subprocess.Popen([self.program, *arguments], env=self.environment(**env), cwd=self.home, **options)

        def end():
            if process.poll() is None:
                process.kill()
            process.communicate()

        self.closing.append(end)
        return process

    def fails(self, status, *parts, arguments, **options):
        """One line `imgprof: ...` that holds PARTS, nothing on stdout; but what a slow machine says of its progress."""
        result = self.run(*arguments, status=status, **options)
        equal("standard output of a failed run", result.out, b"", result)
        lines = [line for line in result.err.splitlines() if not re.fullmatch(r"imgprof: layer \d+ [0-9a-f]+ read, [0-9.]+ .?B", line)]
        check(len(lines) == 1 and result.err.endswith("\n"), "not one line", result)
        check(lines[0].startswith("imgprof: "), "no `imgprof: `", result)
        check(len(lines[0]) <= 520, "longer than a message and a hint", result)
        check(lines[0].isprintable(), "not printable", result)
        for part in parts:
            check(part in lines[0], f"lacks '{part}'", result)
        return result

    def profile(self, *arguments, status=0, records=True, **options):
        """The JSON document of a run, checked against the schema and its own sums; with the
        ndjson of the same run they are checked against each other."""
        outputs = ["-o", "json"]
        side = self.home / "profile.ndjson"
        if records:
            outputs += ["-o", f"ndjson={side}"]
        result = self.run(*outputs, *arguments, status=status, **options)
        found = json.loads(result.out)
        documents.check_schema(found)
        documents.check_document(found)
        if records:
            documents.check_records(found, side.read_text())
            side.unlink()
        return found

    def make_image(self, description, *destinations, **options):
        """Runs scripts/make-image on a file below testdata, or on lines of text."""
        if "\n" in description:
            path = self.home / "description.image"
            path.write_text(description)
        else:
            path = TOP / "testdata" / description
        given = [f"--{k}={v}" for k, v in options.items()]
        subprocess.run([TOP / "scripts/make-image", path, *destinations, *given], check=True)

    def tool(self, *command, **options):
        """Another program, in the same surroundings; its output."""
        run = subprocess.run(list(map(str, command)), env=self.environment(), cwd=self.home, timeout=RUN_TIMEOUT_S,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)
        check(run.returncode == 0, f"{' '.join(map(str, command))}: {run.returncode}", run.stderr.decode(errors="replace"))
        return run.stdout

    def files_below(self, folder):
        folder = pathlib.Path(folder)
        return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if not p.is_dir() or p.is_symlink())


def wait_until(condition, what):
    end = time.monotonic() + RUN_TIMEOUT_S
    while not condition():
        check(time.monotonic() < end, f"never happened: {what}")
        time.sleep(0.01)


def run_case(name, program):
    bench = Bench(program)
    try:
        CASES[name](bench)
    finally:
        bench.close()
