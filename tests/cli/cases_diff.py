"""diff: what is told of two images that were made to differ in known ways."""

import json

from harness import case, check, equal
from registry import DockerRegistry

LISTS = ["layers", "packages", "classes", "paths", "reasons"]


def make(bench, name, *lines, **options):
    """An image of LINES; its location."""
    bench.make_image("\n".join(lines) + "\n", f"oci:{bench.home}/{name}", **options)
    return f"oci:{bench.home}/{name}"


def sums_of(diff):
    """Every list adds up to the totals, in both sizes."""
    for size in ("disk", "pull"):
        total = diff["totals"][f"{size}_bytes"]
        equal(f"change of {size}", total["change"], total["after"] - total["before"])
        key = "change_bytes" if size == "disk" else "change_pull_bytes"
        for name in LISTS:
            if name == "classes" and diff["rules_differ"]:
                continue
            equal(f"{name}: {size}", sum(row[key] for row in diff[name]), total["change"], diff[name])


def compare(bench, *arguments, **options):
    diff = json.loads(bench.run("diff", "-o", "json", *arguments, **options).out)
    for one in diff.get("pairs", [diff]):
        sums_of(one)
    return diff


def base_and_app(bench):
    """Two bases, the second with a layer more, and an application on each: own bytes rise by 50."""
    first = ["layer FROM-1", "file os/a 1000 seed=1"]
    second = [*first, "layer FROM-2", "file os/b 700 seed=2"]
    return {"base1": make(bench, "base1", *first), "base2": make(bench, "base2", *second),
            "old": make(bench, "old", *first, "layer RUN app", "file app/x 100 seed=3"),
            "new": make(bench, "new", *second, "layer RUN app", "file app/x 150 seed=4")}


def change(figure):
    return figure["disk_bytes"]["change"]


@case
def the_base_that_is_named_has_its_own_row(bench):
    image = base_and_app(bench)
    pair = [image["old"], image["new"]]
    base = ["--base-image", f"{image['base1']}..{image['base2']}"]
    diff = compare(bench, *pair, *base)
    equal("base", change(diff["origin"]["base"]), 700)
    equal("own", change(diff["origin"]["own"]), 50)
    equal("base of before", (diff["before"]["base"]["origin"], diff["before"]["base"]["layers"]), ("given", 1))
    equal("base of after", (diff["after"]["base"]["origin"], diff["after"]["base"]["layers"]), ("given", 2))
    reasons = {row["kind"]: row for row in diff["reasons"]}
    equal("its row", reasons["base"]["change_bytes"], 700)
    check(not any("os" in row["subject"] for row in diff["reasons"] if row["kind"] != "base"), "told twice", diff["reasons"])
    equal("origin by path", {row["path"]: row["origin"] for row in diff["paths"] if row["path"].startswith(("os", "app"))},
          {"os/b": "base", "app/x": "own"})
    units = ["--units", "bytes"]
    text = bench.run("diff", *pair, *base, *units).text
    check("The base image moved: +700 of +750 on disk are its, +50 are your own" in text, text)
    comment = bench.run("diff", *pair, *base, *units, "-o", "markdown").text
    check("The base image moved: +700 B of the +750 B on disk are not yours, +50 B are." in comment, comment)


@case
def a_base_that_one_side_alone_has_is_not_known(bench):
    image = base_and_app(bench)
    pair = [image["old"], image["new"]]
    result = bench.run("diff", *pair, "-o", "json", "--base-image", image["base2"])
    check("are not the lowest of this image" in result.err, result)
    diff = json.loads(result.out)
    equal("origin", diff["origin"], None)
    equal("origins", {row["origin"] for row in diff["paths"]}, {"unknown"})
    # One base below both.
    same = compare(bench, *pair, "--base-image", image["base1"])
    equal("base", change(same["origin"]["base"]), 0)
    equal("own", change(same["origin"]["own"]), 750)
    check("moved" not in bench.run("diff", *pair, "--base-image", image["base1"]).text, "nothing moved")


@case
def a_base_that_is_not_there_ends_the_run(bench):
    image = base_and_app(bench)
    pair = [image["old"], image["new"]]
    bench.fails(6, "base image ./missing", arguments=["diff", *pair, "--base-image", f"{image['base1']}.../missing"])
    bench.fails(2, "--base-image", arguments=["diff", *pair, "--base-image", "a", "--base-image", "b"])


@case
def an_annotated_base_is_asked_for_at_its_registry(bench):
    registry = DockerRegistry(bench)
    image = base_and_app(bench)
    named = {}
    for number in ("1", "2"):
        registry.push(image["base" + number], f"site/base:{number}")
    for name, number, lines in (("old", "1", ["file app/x 100 seed=3"]), ("new", "2", ["file app/x 150 seed=4"])):
        below = ["layer FROM-1", "file os/a 1000 seed=1"] + ["layer FROM-2", "file os/b 700 seed=2"] * (number == "2")
        note = f"annotation org.opencontainers.image.base.name={registry.host}/site/base:{number}"
        named[name] = make(bench, "noted-" + name, note, *below, "layer RUN app", *lines)
    diff = compare(bench, named["old"], named["new"])
    equal("known by", diff["after"]["base"]["origin"], "annotation")
    equal("base", change(diff["origin"]["base"]), 700)
    equal("own", change(diff["origin"]["own"]), 50)
    equal("blobs of the bases that were fetched, their configurations", len(registry.fetched()), 2)


WEB = ["layer RUN install", "file usr/lib/a 9000 seed=1", "file usr/share/doc/x/y 700 seed=2", "link usr/lib/b -> usr/lib/a",
       "layer RUN rm", "whiteout usr/lib/a", "file app/x 100 seed=3"]


@case
def stored_reports_stand_for_their_images(bench):
    old = make(bench, "old", *WEB)
    new = make(bench, "new", *WEB, "layer RUN more", "file app/x 150 seed=4", "file app/y 30 seed=5")
    report = {}
    for name, image in (("old", old), ("new", new)):
        report[name] = bench.home / f"{name}.json"
        bench.run(image, "-o", f"json={report[name]}")
    direct = bench.run("diff", old, new, "-o", "json").out
    for pair in ([report["old"], new], [old, report["new"]], [report["old"], report["new"]]):
        equal(f"{pair}", bench.run("diff", *pair, "-o", "json").out, direct)
    equal("itself", bench.run("diff", report["old"], old, "-q").lines[1:], ["No change"])


@case
def other_rules_are_not_compared(bench):
    old = make(bench, "old", *WEB)
    report = bench.home / "old.json"
    bench.run(old, "-o", f"json={report}")
    document = json.loads(report.read_text())
    document["tool"]["rules"] = "0123456789ab"
    report.write_text(json.dumps(document))
    new = make(bench, "new", *WEB[:3], "layer RUN more", "file usr/share/doc/x/z 900 seed=6")
    diff = compare(bench, report, new)
    equal("rules_differ", diff["rules_differ"], True)
    equal("rules", diff["before"]["tool"]["rules"], "0123456789ab")
    equal("classes and findings", (diff["classes"], diff["findings"]), ([], []))
    check("different rules" in bench.run("diff", report, new).text, "text says so")


@case
def reports_that_cannot_be_compared(bench):
    old = make(bench, "old", *WEB)
    path = bench.home / "report.json"
    for options, word in ((["--no-tree"], "--no-tree"), (["--top", "1"], "cut")):
        bench.run(old, *options, "-o", f"json={path}")
        bench.fails(2, str(path), word, arguments=["diff", path, old])
    bench.run("diff", old, old, "-o", f"json={path}")
    bench.fails(2, "of two images", arguments=["diff", old, path])
    bench.run(old, "-o", f"json={path}")
    bench.fails(2, "--base-image", arguments=["diff", path, old, "--base-image", old])
    path.write_text('{"schema": "imgprof/2"}')
    bench.fails(5, "imgprof/1", arguments=["diff", path, old])
