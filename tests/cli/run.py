#!/usr/bin/env python3
"""run.py --list | run.py IMGPROF CASE...: the cases of this folder, by name."""

import importlib
import pathlib
import sys

here = pathlib.Path(__file__).resolve().parent
sys.path.append(str(here.parent / "registry"))  # server.py: a scripted registry
harness = importlib.import_module("harness")
for module in sorted(here.glob("cases_*.py")):
    importlib.import_module(module.stem)


@harness.case
def canary(bench):
    """Fails on purpose: meson expects it to, so the runner can be red."""
    bench.fails(0, "no such thing", arguments=["version"])


def main():
    if sys.argv[1:] == ["--list"]:
        print("\n".join(harness.CASES))
        return
    for name in sys.argv[2:] or harness.CASES:
        harness.run_case(name, sys.argv[1])
        print("ok", name, flush=True)


main()
