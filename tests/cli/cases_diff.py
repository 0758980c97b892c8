"""diff: what is told of two images that were made to differ in known ways."""

import json

import documents
from harness import TOP, case, check, equal
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
    documents.check_schema(diff, "diff")
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
    documents.check_schema(diff, "diff")
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


WEB = ["env TOKEN=s3cret", "env MODE=a", "layer RUN install", "file usr/lib/a 9000 seed=1", "file usr/share/doc/x/y 700 seed=2", "link usr/lib/b -> usr/lib/a",
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
    bench.fails(2, "a comparison", arguments=["diff", old, path])
    bench.run(old, "-o", f"json={path}")
    bench.fails(2, "--base-image", arguments=["diff", path, old, "--base-image", old])
    path.write_text('{"schema": "imgprof/2"}')
    bench.fails(5, "imgprof/1", arguments=["diff", path, old])


def rows(diff, name="paths"):
    return {row["path"]: row for row in diff[name]}


BEFORE = ["env MODE=old", "env TOKEN=s3cret-a", "cmd [\"a\"]", "user root", "label team=x",
          "layer RUN a", "file keep 5000 seed=1", "file gone 1500 seed=2", "file less 900 seed=3", "file more 200 seed=4",
          "file same 700 seed=5", "file from/here 3000 seed=6", "file mode 10 seed=7", "file owner 11 seed=8", "symlink link -> keep"]
AFTER = ["env MODE=new", "env TOKEN=s3cret-b", "cmd [\"b\"]", "user 1000", "workdir /w",
         "layer RUN b", "file keep 5000 seed=1", "file came 2500 seed=12", "file less 400 seed=3", "file more 250 seed=4",
         "file same 700 seed=15", "file to/there 3000 seed=6", "file mode 10 seed=7 mode=755", "file owner 11 seed=8 uid=5", "symlink link -> more"]


@case
def each_kind_of_change_is_told(bench):
    old, new = make(bench, "old", *BEFORE), make(bench, "new", *AFTER)
    diff = compare(bench, old, new)
    found = {path: (row["state"], row["before_bytes"], row["after_bytes"]) for path, row in rows(diff).items() if path != "[overhead]"}
    equal("paths", found, {"gone": ("removed", 1500, 0), "came": ("added", 0, 2500), "less": ("shrunk", 900, 400), "more": ("grown", 200, 250),
                           "same": ("changed", 700, 700), "to/there": ("moved", 3000, 3000)})
    equal("from", rows(diff)["to/there"]["from"], "from/here")
    equal("attributes", {path: (row["what"], row["before"], row["after"]) for path, row in rows(diff, "attributes").items()},
          {"mode": (["mode"], "0644 0:0", "0755 0:0"), "owner": (["owner"], "0644 0:0", "0644 5:5"), "link": (["link"], "-> keep", "-> more")})
    equal("settings", {row["what"]: (row["before"], row["after"]) for row in diff["settings"]},
          {"env MODE": ("old", "new"), "env TOKEN": ("***", "***"), "cmd": ('["a"]', '["b"]'), "user": ("root", "1000"),
           "label team": ("x", None), "workdir": (None, "/w")})
    every = bench.run("diff", old, new, "-o", "markdown").text + bench.run("diff", old, new, "-v").text
    check("s3cret" not in every, "the value of a secret")


@case
def an_image_and_itself_do_not_differ(bench):
    old = make(bench, "old", *BEFORE)
    diff = compare(bench, old, old)
    for name in ("reasons", "packages", "findings", "settings", "attributes", "paths"):
        equal(name, diff[name], [])
    equal("classes", {row["change_bytes"] for row in diff["classes"]}, {0})
    equal("layers", [row["state"] for row in diff["layers"]], ["same"])
    equal("download", (diff["new_layer_bytes"], diff["new_layers"], diff["chain_break"]), (0, 0, None))
    equal("text", bench.run("diff", old, old, "-q").lines[1:], ["No change"])
    check("no change" in bench.run("diff", old, old, "-o", "markdown").lines[0], "markdown")


@case
def the_other_way_round_every_sign_turns(bench):
    old, new = make(bench, "old", *BEFORE), make(bench, "new", *AFTER, "layer RUN c", "whiteout came", "file x/y 99 seed=9")
    there, back = compare(bench, old, new), compare(bench, new, old)
    turned = {"added": "removed", "removed": "added", "grown": "shrunk", "shrunk": "grown"}
    for name, key in (("packages", "name"), ("classes", "class"), ("findings", "id"), ("paths", "path"), ("reasons", "subject")):
        a = sorted((row[key], row["change_bytes"], row["change_pull_bytes"], row.get("state")) for row in there[name] if row.get("state") != "moved")
        b = sorted((row[key], -row["change_bytes"], -row["change_pull_bytes"], turned.get(row.get("state"), row.get("state")))
                   for row in back[name] if row.get("state") != "moved")
        equal(name, a, b)
    for name, figure in there["totals"].items():
        equal(name, figure["change"], -back["totals"][name]["change"])


@case
def one_changed_file_costs_its_layer(bench):
    lower = ["layer COPY base", "file base/big 500k seed=1 kind=random", "layer RUN install", "files lib 40 9k"]
    old = make(bench, "old", *lower, "layer COPY . .", "file code/a.py 3k seed=2", "file code/b.py 5k seed=3", "layer RUN check", "text ok yes")
    new = make(bench, "new", *lower, "layer COPY . .", "file code/a.py 3k seed=4", "file code/b.py 5k seed=3", "layer RUN check", "text ok yes")
    diff = compare(bench, old, new)
    layers = bench.profile(new, records=False)["images"][0]["layers"]
    equal("layers", [row["state"] for row in diff["layers"]], ["same", "same", "changed", "same"])
    equal("new", [row["new"] for row in diff["layers"]], [False, False, True, False])
    equal("the first that differs", diff["chain_break"], 2)
    equal("download", diff["new_layer_bytes"], layers[2]["pull_bytes"])
    equal("that layer's blob", layers[2]["pull_bytes"], blob_size(bench, new, 2))
    check(abs(diff["totals"]["pull_bytes"]["change"]) < 3000, "a few kB", diff["totals"]["pull_bytes"])
    equal("paths", [path for path in rows(diff) if path != "[overhead]"], ["code/a.py"])
    check("The first that differs: 2 COPY . ." in bench.run("diff", old, new).text, "named")


def blob_size(bench, image, layer):
    """By the manifest, not by the program."""
    folder = bench.home / image.removeprefix("oci:")
    index = json.loads((folder / "index.json").read_text())
    manifest = json.loads((folder / "blobs/sha256" / index["manifests"][0]["digest"][7:]).read_text())
    return manifest["layers"][layer]["size"]


@case
def several_pairs_have_one_distinct_total(bench):
    shared = ["layer RUN shared", "file shared 9000 seed=1"]
    image = {name: make(bench, name, *shared, "layer RUN own", *lines) for name, lines in
             {"web1": ["file w 100 seed=2"], "web2": ["file w 300 seed=3"], "api1": ["file p 1000 seed=4"], "api2": ["file p 600 seed=5"]}.items()}
    pairs = ["--pair", "web", image["web1"], image["web2"], "--pair", "api", image["api1"], image["api2"]]
    diff = compare(bench, *pairs)
    equal("names", [pair["name"] for pair in diff["pairs"]], ["web", "api"])
    equal("changes", [pair["totals"]["disk_bytes"]["change"] for pair in diff["pairs"]], [200, -400])
    equal("distinct", diff["distinct"]["disk_bytes"], {"before": 10100, "after": 9900, "change": -200})
    text = bench.run("diff", *pairs).text
    check("All images, each layer once" in text, text)
    bench.fails(2, "--pair", arguments=["diff", "--pair", "web", image["web1"]])
    bench.fails(2, "--pair 'web' stands here twice", arguments=["diff", "--pair", "web", image["web1"], image["web2"], "--pair", "web", image["api1"], image["api2"]])


@case
def every_platform_is_a_pair(bench):
    for name, size in (("old", 100), ("new", 160)):
        arm = bench.home / f"{name}-arm.image"
        arm.write_text(f"platform linux/arm64\nlayer RUN a\nfile a {size * 2} seed=1\n")
        path = bench.home / "amd.image"
        path.write_text(f"platform linux/amd64\nlayer RUN a\nfile a {size} seed=1\n")
        bench.tool(TOP / "scripts/make-image", path, f"oci:{bench.home}/{name}", "--also", arm)
    diff = compare(bench, f"oci:{bench.home}/old", f"oci:{bench.home}/new", "--all-platforms")
    equal("pairs", [(pair["name"], pair["totals"]["disk_bytes"]["change"]) for pair in diff["pairs"]], [("linux/amd64", 60), ("linux/arm64", 120)])
    alone = make(bench, "alone", "layer RUN a", "file a 1")
    bench.fails(3, "linux/arm64", arguments=["diff", "--all-platforms", f"oci:{bench.home}/old", alone])


@case
def a_list_that_is_cut_adds_up_too(bench):
    old, new = make(bench, "old", *BEFORE), make(bench, "new", *AFTER)
    diff = compare(bench, old, new, "--top", "2")
    equal("paths", [row["path"] for row in diff["paths"]][-2:], ["[overhead]", "[other]"])
    equal("reasons", diff["reasons"][-1]["kind"], "rest")
