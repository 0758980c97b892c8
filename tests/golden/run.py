#!/usr/bin/env python3
"""run.py --list | run.py IMGPROF CASE... | run.py --update IMGPROF [CASE...]

A case is a folder of testdata/golden: `command`, a shell script, and what it writes and ends
with: `stdout`, `stderr`, `exit`. Comparison is exact. The script runs in an empty folder with
imgprof, make-image and the tools of the machine on its PATH, testdata in $TESTDATA, no cache,
80 columns that are nobody's terminal, linux/amd64 and UTF-8 where it says nothing else.
"""
import difflib
import os
import pathlib
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parents[2]
GOLDEN = TOP / "testdata/golden"
PARTS = ["stdout", "stderr", "exit"]
RUN_TIMEOUT_S = 100


def run(program, case):
    with tempfile.TemporaryDirectory(prefix="imgprof-golden-") as work:
        tools = pathlib.Path(work) / ".tools"
        tools.mkdir()
        (tools / "imgprof").symlink_to(os.path.abspath(program))
        (tools / "make-image").symlink_to(TOP / "scripts/make-image")
        env = {"PATH": f"{tools}:{os.path.dirname(sys.executable)}:/usr/bin:/bin", "HOME": f"{work}/.home", "TESTDATA": str(TOP / "testdata"), "IMGPROF_PROGRESS": "none",
               "LC_ALL": "C.UTF-8", "TZ": "UTC", "TERM": "dumb", "COLUMNS": "80", "TMPDIR": work,
               "IMGPROF_PLATFORM": "linux/amd64"}
        env |= {k: v for k, v in os.environ.items() if k.endswith("SAN_OPTIONS") or k == "MAKE_IMAGE_CACHE"}
        done = subprocess.run(["sh", "-e", GOLDEN / case / "command"], cwd=work, env=env, stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=RUN_TIMEOUT_S)
        return {"stdout": done.stdout, "stderr": done.stderr, "exit": b"%d\n" % done.returncode}


def expected(case, part):
    path = GOLDEN / case / part
    return path.read_bytes() if path.exists() else b""


def compare(program, case):
    found = run(program, case)
    different = False
    for part in PARTS:
        a, b = (data.decode(errors="backslashreplace").splitlines(keepends=True) for data in (expected(case, part), found[part]))
        if a != b:
            different = True
            sys.stdout.writelines(difflib.unified_diff(a, b, f"testdata/golden/{case}/{part}", "this run"))
    return different


def update(program, case):
    for part, data in run(program, case).items():
        (GOLDEN / case / part).write_bytes(data)


def main():
    words = sys.argv[1:]
    everything = sorted(p.parent.name for p in GOLDEN.glob("*/command"))
    if words == ["--list"]:
        print("\n".join(everything))
        return 0
    if words[0] == "--update":
        for case in words[2:] or everything:
            update(words[1], case)
        return 0
    return max(compare(words[0], case) for case in words[1:] or everything)


sys.exit(main())
