#!/usr/bin/env python3
"""run.py --list | run.py FETCH CASE...: the cases of this folder, by name."""

import importlib
import sys

sys.dont_write_bytecode = True
harness = importlib.import_module("harness")
for topic in ["documents", "auth", "blobs", "network", "registry"]:
    importlib.import_module("cases_" + topic)


def main():
    if sys.argv[1:] == ["--list"]:
        print("\n".join(harness.CASES))
        return 0
    for name in sys.argv[2:] or harness.CASES:
        harness.run_case(name, sys.argv[1])
        print("ok", name)
    return 0


sys.exit(main())
