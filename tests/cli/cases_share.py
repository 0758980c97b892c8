"""imgprof share: figures against an independent count, and names that nobody would choose."""

import collections
import csv
import io
import itertools
import json
import random

import documents
import images
from cases_escape import check_printable, names
from harness import case, check, equal

FORMATS = ["text", "json", "ndjson", "csv", "markdown", "html"]


def layout(bench, name, *layers):
    return images.write_layout(bench.home / name, images.Image(*layers))


def share(bench, *arguments, **options):
    found = json.loads(bench.run("share", "-o", "json", *arguments, **options).out)
    documents.check_schema(found)
    equal("groups", documents.total(found["groups"], "disk_bytes"), found["identical_all_bytes"])
    return found


@case
def share_counts_as_a_slow_count_does(bench):
    """Random files in three images that have a layer in common."""
    dice = random.Random(7)
    contents = [bytes([n]) * dice.randint(1, 4000) for n in range(40)]
    common = images.tar(*[(f"base/{n}", dice.choice(contents)) for n in range(30)])
    files = [[dice.choice(contents) for _ in range(dice.randint(20, 60))] for _ in range(3)]
    layouts = [layout(bench, f"i{n}", common, images.tar(*[(f"own/{k}", data) for k, data in enumerate(own)])) for n, own in enumerate(files)]
    found = share(bench, *layouts)
    counts = [collections.Counter(own) for own in files]
    for pair in found["pairs"]:
        a, b = counts[pair["a"]], counts[pair["b"]]
        equal("a pair", pair["identical_bytes"], sum(len(c) * min(a[c], b[c]) for c in a))
    equal("pairs", {(p["a"], p["b"]) for p in found["pairs"]}, set(itertools.combinations(range(3), 2)))
    equal("all", found["identical_all_bytes"], sum(len(c) * (sum(n[c] for n in counts) - max(n[c] for n in counts)) for c in contents))
    equal("shared layers", [layer["images"] for layer in found["shared_layers"]], [[0, 1, 2]])
    equal("common layers", found["plan"]["common_layers"]["count"], 1)


@case
def share_is_the_same_in_any_order_of_threads(bench):
    layouts = [layout(bench, f"i{n}", images.tar((f"a/{n}", b"x" * n), ("same", b"y" * 50))) for n in range(1, 5)]
    for form in FORMATS:
        first = bench.run("share", "-o", form, *layouts, "--threads", "1").out
        equal(form, bench.run("share", "-o", form, *layouts, "--no-cache").out, first)


@case
def share_of_any_names(bench):
    """Names reach no terminal and break no document."""
    wanted = list(dict.fromkeys(names()))
    folders = [(name + b"/file-%d" % n, b"z" * (n + 1)) for n, name in enumerate(wanted)]
    layouts = [layout(bench, f"i{n}", images.tar((f"only-{n}", b"%d" % n), *folders)) for n in range(2)]
    found = share(bench, *layouts)
    told = {documents.raw(group, "name") for group in found["groups"]}
    equal("folders, to the byte", {name.split(b"/")[0] for name in told}, {name.split(b"/")[0] for name in wanted})
    text = bench.run("share", "-v", *layouts).text
    check_printable("text", text)
    check_printable("markdown", bench.run("share", "-o", "markdown", "--top", "10000", *layouts).text)
    for row in csv.reader(io.StringIO(bench.run("share", "-o", "csv", *layouts).text, newline="")):
        equal("columns", len(row), 8)
        check(not row[3].startswith(("=", "+", "-", "@")), "a formula", row)


@case
def share_fits_80_columns(bench):
    layouts = [layout(bench, f"i{n}", images.tar((f"only-{n}", b"q"), (f"{'long/' * 30}name", b"w" * 999))) for n in range(2)]
    for line in bench.run("share", *layouts).lines:
        check(len(line) <= 80, "too wide", line)


@case
def share_wants_two_images(bench):
    one = layout(bench, "one", images.tar(("a", b"a")))
    bench.fails(2, "1 image", arguments=["share", one])
    bench.fails(2, "0 images", arguments=["share"])
    bench.fails(2, "no share as ncdu", arguments=["share", one, one, "-o", "ncdu"])
    bench.fails(6, "absent", arguments=["share", one, "./absent"])
    found = share(bench, one, one)
    equal("itself", (found["identical_all_bytes"], len(found["shared_layers"])), (0, 1))
