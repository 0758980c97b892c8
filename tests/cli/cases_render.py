"""Stored reports: every format from them is what the run itself writes."""

import json
import re
import sqlite3

import documents
from cases_cost import NOW, image, snapshots_of, write_layout
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


def renders_as(bench, asked, rendered, look, names, status=None):
    """A run of ASKED and one of RENDERED, each with LOOK and an output of every format of NAMES."""
    said = []
    for arguments in (asked, rendered):
        outputs = [part for name in names for part in ("-o", f"{name}={bench.home}/{name}.out")]
        run = bench.run(*arguments, *look, *outputs, status=status)
        said.append((run.status, {name: (bench.home / f"{name}.out").read_bytes() for name in names}))
    (direct_status, direct), (stored_status, stored) = said
    equal(f"{rendered} {look}: status", stored_status, direct_status)
    for name in names:
        equal(f"{rendered} {look}: {name}", stored[name], direct[name])


@case
def a_stored_report_renders_as_the_run_itself(bench):
    for name in ["web", "demo", "odd"]:
        report = store(bench, name)
        for look in LOOKS:
            names = ["text", "json"] if look and look[0] in QUESTIONS else formats(bench)
            renders_as(bench, [f"{bench.home}/{name}"], ["render", report], look, names)


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
def a_document_of_too_many_values_names_its_limit(bench):
    report = store(bench, "demo")
    for limit in ["report-values=10", "report-heap-bytes=5k"]:
        result = bench.run("render", report, "--limit", limit, status=5)
        check("--limit report-values=N and report-heap-bytes=N" in result.err, result)
    bench.run("render", report, "--limit", "report-values=1000000")


@case
def a_foreign_document_is_refused(bench):
    path = bench.home / "x.json"
    for document, word in (({"schema": "imgprof/2"}, "imgprof/1"), ([], "no report"), ({"a": 1}, "no report")):
        path.write_text(json.dumps(document))
        result = bench.run("render", path, status=5)
        check(word in result.err, result)


def formats_of(bench, kind):
    """All that write a report of that kind, found by asking for it."""
    return [name for name in formats(bench) + ["markdown"] if bench.run("render", kind, "--exit-zero", "-o", name, status=None).status == 0]


@case
def a_stored_check_renders_as_the_run_itself(bench):
    for name in ["web", "demo"]:
        bench.make_image(f"{name}.image", f"oci:{bench.home}/{name}")
    demo, web, report = f"{bench.home}/demo", f"{bench.home}/web", bench.home / "check.json"
    rules = ["metric: pull, max: 1MB, why: 'too much'", "path: 'usr/**', max_pct: 12.345, level: warn", "metric: disk, max_rise: 1kB, max_rise_pct: 0.5, when: both"]
    (bench.home / ".imgprof.yaml").write_text("version: 1\nimages:\n  - match: '*'\n    budgets:\n" + "".join(f"      - {{{r}}}\n" for r in rules))
    (bench.home / ".dive-ci").write_text("rules: {lowestEfficiency: 0.97, highestWastedBytes: disabled, highestUserWastedPercent: 0.09}\n")
    for asked in ([demo], [demo, "--base", web], [demo, web, "--base", web, "--base", demo], [demo, "--dive-ci", ".dive-ci"]):
        bench.run("check", *asked, "-o", f"json={report}", status=1)
        known = formats_of(bench, report)
        check({"text", "json", "markdown", "github", "sarif", "openmetrics", "codequality"} <= set(known), known)
        for look in ([], ["--units", "iec"], ["-v"], ["--for", "gitlab", "--name", "x"]):
            if look[:1] == ["--for"] and len(asked) > 4:
                continue
            names = ["markdown"] if look[:1] == ["--for"] else known
            renders_as(bench, ["check", *asked], ["render", report], look, names, status=1)
    bench.run("render", report, "--fail-on", "never")
    for question in (["--why", "usr"], ["--without", "docs"], ["--manager", "dpkg"], ["--fixes"]):
        result = bench.run("render", report, *question, status=2)
        check(question[0] in result.err, result)
    found = json.loads(report.read_text())
    found["verdict"] = "pass"
    report.write_text(json.dumps(found))
    check("verdict" in bench.run("render", report, status=5).err, "a verdict that its rows deny")


@case
def a_stored_check_that_passes_but_is_incomplete_is_5(bench):
    bench.make_image("demo.image", f"oci:{bench.home}/demo")
    (bench.home / ".imgprof.yaml").write_text("version: 1\nimages:\n  - match: '*'\n    budgets: [{metric: pull, max: 1GB}]\n")
    bench.run("check", f"{bench.home}/demo", "-o", "json=check.json")
    bench.run("render", "check.json")
    found = json.loads((bench.home / "check.json").read_text())
    found["complete"] = False
    (bench.home / "check.json").write_text(json.dumps(found))
    check("incomplete" in bench.run("render", "check.json", status=5).err, "not told")


@case
def a_stored_share_renders_as_the_run_itself(bench):
    names = ["web", "demo", "odd"]
    for name in names:
        bench.make_image(f"{name}.image", f"oci:{bench.home}/{name}")
    for chosen in (names[:2], names, ["web", "web"]):
        images, report = [f"{bench.home}/{name}" for name in chosen], bench.home / "share.json"
        status = bench.run("share", *images, "-o", f"json={report}", status=None).status
        known = [name for name in formats(bench) + ["markdown"] if bench.run("share", *images, "-o", name, status=None).status == status]
        check({"text", "json", "ndjson", "csv", "markdown"} <= set(known), known)
        for look in ([], ["--top", "2"], ["--units", "iec"], ["-v"]):
            renders_as(bench, ["share", *images], ["render", report], look, known, status=status)
    found = json.loads(report.read_text())
    found["identical_all_bytes"] += 1
    report.write_text(json.dumps(found))
    check("groups" in bench.run("render", report, status=5).err, "a sum that does not hold")


@case
def a_stored_cost_renders_as_the_run_itself(bench):
    report = bench.home / "cost.json"
    write_layout(bench.home / "x", [(image(["A1", "A2"], 1, {"team": "=blue"}), ["one", "old"]), (image(["A2", "A3"], 2), ["two"]), (image(["A3"], 0), [])])
    write_layout(bench.home / "y", [(image(["A2", "C"], 3, architecture="arm64"), ["c1"])])
    base = ["cost", f"oci:{bench.home}/x", f"oci:{bench.home}/y", "--as-of", "2026-11-23"]
    more = ["--what-if", "keep=1", "--what-if", "match=c*", "--group", "label:team", "--price", "ecr", "--replicas", "2", "--unit-base", "2^30", "--max", "0.000001"]
    bench.run(*base, "-o", f"json={report}")
    known = formats_of(bench, report)
    check({"text", "json", "ndjson", "csv", "markdown"} <= set(known), known)
    for asked, status in ((base, 0), (base + more, 1), (base + ["--price", "docker-hub", "--free-tier", "--currency", "EUR"], 0)):
        bench.run(*asked, "-o", f"json={report}", status=status)
        for look in ([], ["--top", "1"], ["--units", "iec", "-v", "--digests"]):
            renders_as(bench, asked, ["render", report], look, known, status=status)
    result = bench.run("render", report, "--why", "usr", status=2)
    check("--why" in result.err, result)
    bench.run(*base, *more, "-o", f"json={report}", status=1)
    bench.run("render", report, "--fail-on", "never")
    found = json.loads(report.read_text())
    documents.check_schema(found)
    found["roots"][0]["attributed_bytes"] += 1
    report.write_text(json.dumps(found))
    bench.fails(5, "malformed", arguments=["render", report])
    bench.run(*base, "--top", "1", "-o", f"json={report}")
    check("cut" in bench.run("render", report, status=2).err, "a report that was cut")


def formats_of_run(bench, asked, status=0):
    return [name for name in formats(bench) + ["markdown"] if bench.run(*asked, "-o", name, status=None).status == status]


def changed(bench, report, word, change):
    """A stored document of which CHANGE made something that does not add up: refused, naming WORD."""
    found = json.loads(report.read_text())
    change(found)
    (bench.home / "changed.json").write_text(json.dumps(found))
    check(word in bench.run("render", "changed.json", status=5).err, f"not refused for {word}")


def tagged(bench, layout):
    """Three tags: a compiler comes, then a file goes. The digest of the layer that the second has alone."""
    app = "layer COPY . /app\nfile app/x 9000 seed=1\nfile app/a,b 100\n"
    gcc = "layer RUN apt-get install -y gcc\nfiles usr/lib/gcc 4 100k\npackage gcc-12 12.2.0 devel usr/lib/gcc\n"
    for tag, day, layers in [("v1", 1, app), ("v2", 8, gcc + app.replace("seed=1", "seed=2")), ("v3", 9, gcc + app.replace("file app/x 9000 seed=1\n", ""))]:
        label = f"label org.opencontainers.image.revision=c0ffee{day}\n" if day > 1 else ""
        bench.make_image(f"created 2026-11-{day:02}T12:00:00Z\n{label}{layers}", f"oci:{bench.home}/{tag}", tag=tag)
        bench.tool("skopeo", "--insecure-policy", "copy", "-q", f"oci:{bench.home}/{tag}:{tag}", f"oci:{layout}:{tag}")
    return json.loads(bench.run(f"oci:{layout}:v2", "-o", "json").out)["images"][0]["layers"][1]["digest"]


@case
def a_stored_blame_renders_as_the_run_itself(bench):
    layout, report = bench.home / "web", bench.home / "blame.json"
    middle = tagged(bench, layout)
    base = ["blame", f"oci:{layout}", "--no-cache"]
    known = formats_of_run(bench, base)
    check({"text", "json", "ndjson", "csv", "markdown"} <= set(known), known)

    def same(*more, looks=([],), status=0):
        bench.run(*base, *more, "-o", f"json={report}", status=status)
        documents.check_schema(json.loads(report.read_text()), "blame")
        for look in looks:
            renders_as(bench, base + list(more), ["render", report], look, known, status=status)

    same(looks=([], ["--units", "iec", "-q"], ["-v", "--width", "120"]))
    cause = json.loads(report.read_text())["rows"][1]["cause"]
    equal("cause", (cause["rule"], cause["class"], cause["instruction"]), ("DEB-CC", "toolchain", "RUN apt-get install -y gcc"))
    for word, change in [("change_bytes", lambda found: found["rows"][2].update(change_bytes=5)),
                         ("cause", lambda found: found["rows"][0].update(cause=cause)),
                         ("layers_read", lambda found: found["rows"][0].update(layers_read=9)),
                         ("layer", lambda found: cause.update(layer=7) or found["rows"][1].update(cause=cause)),
                         ("tags", lambda found: found["rows"][0].update(tags=[])),
                         ("complete", lambda found: found["rows"][0].update(complete=False)),
                         ("complete", lambda found: found["rows"][0].update(trouble="lost")),
                         ("class", lambda found: found.update({"class": "nonsense"}))]:
        changed(bench, report, word, change)
    check("--why" in bench.run("render", report, "--why", "usr", status=2).err, "a question that it cannot answer")
    same("--path", "app/**")
    same("--class", "toolchain", "--top", "2")
    blob = layout / "blobs" / middle.replace(":", "/")
    blob.write_bytes(blob.read_bytes()[:-20])
    same(status=5)
    equal("damaged", [row["complete"] for row in json.loads(report.read_text())["rows"]], [True, False, True])


@case
def a_stored_history_renders_as_the_run_itself(bench):
    report = bench.home / "history.json"
    target, _ = snapshots_of(bench, "2026-10-20", "2026-10-24", "2026-11-03")
    base = ["cost", "--history", "--db", bench.home / "db", *NOW]
    known = formats_of_run(bench, base)
    check({"text", "json", "ndjson", "csv", "markdown"} <= set(known), known)
    for more in (["--as-of", "2026-10-25T00:00:00Z"], [target], []):
        bench.run(*base, *more, "-o", f"json={report}")
        for look in ([], ["--units", "iec", "-v"]):
            renders_as(bench, base + more, ["render", report], look, known)
    for word, change in [("bytes_per_day", lambda found: found["series"][0].update(bytes_per_day=5)),
                         ("gone", lambda found: found["series"][0].update(gone=True)),
                         ("series", lambda found: found["series"].reverse()),
                         ("series", lambda found: found["series"][0].update(points=[])),
                         ("snapshots", lambda found: found["series"][0].update(snapshots=9)),
                         ("last_stored_bytes", lambda found: found["series"][0].update(last_stored_bytes=9)),
                         ("time", lambda found: found["series"][0]["points"].reverse()),
                         ("as_of", lambda found: found.update(as_of=None))]:
        changed(bench, report, word, change)
    with sqlite3.connect(bench.home / "db") as odd:
        odd.execute("INSERT INTO snapshot VALUES ('s', 'x', '', 5, 'many', 1, 1)")
    bench.run(*base, "-o", f"json={report}", status=5)
    renders_as(bench, base, ["render", report], [], known, status=5)
