#!/usr/bin/env python3
"""run.py --list | run.py IMGPROF DIFF-PAGE CACHE CASE: the cases of this folder, by name. DIFF-PAGE writes the page of a
diff, CACHE is a folder for what is fetched. Exit 77: skipped."""

import importlib
import pathlib
import sys

here = pathlib.Path(__file__).resolve().parent
sys.path.append(str(here.parent / "cli"))  # harness.py, images.py
harness = importlib.import_module("harness")


def main():
    cases = importlib.import_module("cases")
    importlib.import_module("cases_stored")
    if sys.argv[1:] == ["--list"]:
        print("\n".join(harness.CASES))
        return 0
    program, cases.DIFF_PAGE, cache, name = sys.argv[1:]
    cases.CACHE = pathlib.Path(cache)
    try:
        harness.run_case(name, program)
    except cases.Skipped as reason:
        print("skipped:", reason)
        return 77
    print("ok", name)
    return 0


sys.exit(main())
