"""Stored reports: every format from them is what the run itself writes."""

import json
import re

from harness import case, check, equal

LOOKS = [[], ["--top", "2"], ["--units", "iec"], ["-v"], ["--sort", "pull"], ["--path", "usr"], ["--fixes"],
         ["--without", "docs"], ["--manager", "dpkg"], ["--ignore-base"], ["--why", "usr"]]
QUESTIONS = {"--fixes", "--without", "--why"}


def formats(bench):
    """All that the program lists and that tell of an image."""
    listed = bench.run("--help").text.split("\nFormats:\n")[1].split("\n\n")[0]
    return [name for name in re.findall(r"^  ([\w-]+) ", listed, re.M) if name != "markdown"]


def store(bench, name, *more):
    bench.make_image(f"{name}.image", f"oci:{bench.home}/{name}")
    report = bench.home / f"{name}.json"
    bench.run(f"{bench.home}/{name}", *more, "-o", f"json={report}")
    return report


@case
def a_stored_report_renders_as_the_run_itself(bench):
    for name in ["web", "demo", "odd"]:
        report = store(bench, name)
        for format in formats(bench):
            for look in LOOKS:
                if look and look[0] in QUESTIONS and format not in ("text", "json"):
                    continue
                direct = bench.run(f"{bench.home}/{name}", *look, "-o", format, status=None)
                stored = bench.run("render", report, *look, "-o", format, status=None)
                equal(f"{name} {format} {look}: status", stored.status, direct.status, stored)
                equal(f"{name} {format} {look}", stored.out, direct.out)


@case
def what_was_left_out_is_missed_by_name(bench):
    bare = store(bench, "web", "--no-tree")
    equal("text", bench.run("render", bare).out, bench.run(f"{bench.home}/web").out)
    for arguments, word in ((["-o", "csv"], "csv"), (["--why", "usr"], "--why")):
        result = bench.run("render", bare, *arguments, status=2)
        check(word in result.err and "--no-tree" in result.err, result)
    cut = store(bench, "web", "--top", "1")
    result = bench.run("render", cut, status=2)
    check("cut" in result.err, result)


@case
def a_foreign_document_is_refused(bench):
    path = bench.home / "x.json"
    for document, word in (({"schema": "imgprof/2"}, "imgprof/1"), ([], "no report"), ({"a": 1}, "no report")):
        path.write_text(json.dumps(document))
        result = bench.run("render", path, status=5)
        check(word in result.err, result)
