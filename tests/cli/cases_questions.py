"""Questions about an image: --why, --without, --fixes, --recompress; filters; what is really run."""

import json
import os
import pathlib
import subprocess
import zlib

import documents
import images
from harness import case, check, equal


def demo(bench):
    bench.make_image("demo.image", f"oci:{bench.home}/demo")
    return f"{bench.home}/demo"


@case
def why_tells_of_a_path(bench):
    image = demo(bench)
    out = bench.run(image, "--why", "/code/.git", "--why", "var/lib/apt/lists").text
    check("/code/.git  (" in out and "[GEN-GIT]" in out, "no finding of .git", out)
    check("deleted by layer 6: /var/lib/apt/lists" in out, "nothing about what was deleted", out)
    check("Next:" not in out, "the screen is there as well", out)
    found = bench.profile(image, "--why", "code/.git", "--why", "/")["images"][0]
    git, root = found["why"]
    equal("path", (git["path"], root["path"]), ("code/.git", ""))
    equal("live", root["live"]["disk_bytes"], found["totals"]["live_bytes"])
    equal("hidden", root["hidden"]["disk_bytes"], found["totals"]["wasted_bytes"])
    equal("findings below the root", {f["id"]: f["disk_bytes"] for f in root["findings"]}, {f["id"]: f["disk_bytes"] for f in found["findings"]})


@case
def why_of_no_path_is_3(bench):
    image = demo(bench)
    bench.fails(3, "code/.gti", "near: /code/.git", arguments=[image, "--why", "code/.gti"])
    bench.fails(3, "no/such", arguments=[image, "--json", "--why", "no/such/path\x1b[31m"])
    bench.fails(2, "--why", arguments=[image, "--why", ""])


@case
def without_adds_up(bench):
    """What-if takes what the findings have, and no layer gets more."""
    image = demo(bench)
    for terms in [["wasted"], ["docs"], ["NPM-CACHE"], ["docs", "NPM-CACHE", "wasted"], ["foreign"]]:
        found = bench.profile(image, *[w for t in terms for w in ("--without", t)], records=False)["images"][0]
        what_if = found["what_if"]
        mine = [f for f in found["findings"] if f["rule"] in terms or f["class"] in terms and f["confidence"] != "possible"]
        equal(f"{terms}: findings", sorted(what_if["findings"]), sorted(f["id"] for f in mine))
        equal(f"{terms}: removed", what_if["removed"]["disk_bytes"], sum(f["disk_bytes"] for f in mine) + (0 if "wasted" in terms else what_if["dead_copies"]["disk_bytes"]))
        equal(f"{terms}: disk", what_if["after"]["disk_bytes"], found["totals"]["disk_bytes"] - what_if["removed"]["disk_bytes"])
        for size in ["disk_bytes", "pull_bytes"]:
            for when in ["before", "after"]:
                equal(f"{terms}: {when} {size}", sum(layer[when][size] for layer in what_if["layers"]), what_if[when][size])
            check(all(layer["after"][size] <= layer["before"][size] for layer in what_if["layers"]), "a layer grows", what_if)
    check(" without docs" in bench.run(image, "--without", "docs").text, "no title")
    bench.fails(2, "nonsense", arguments=[image, "--without", "nonsense"])
    bench.fails(2, "runtime", arguments=[image, "--without", "runtime"])


@case
def fixes_have_every_finding_once(bench):
    image = demo(bench)
    found = bench.profile(image, "--fixes", records=False)["images"][0]
    listed = [f for step in found["fixes"] for f in step["findings"]]
    equal("findings", sorted(listed), sorted(f["id"] for f in found["findings"] if f["class"] != "secret"))
    for possible in [False, True]:
        sizes = [s["disk_bytes"] for s in found["fixes"] if s["possible"] == possible]
        equal("order", sizes, sorted(sizes, reverse=True))
    out = bench.run(image, "--fixes", "-v").text
    for finding in found["findings"]:
        check(f"[{finding['rule']}]" in out, f"lacks {finding['id']}", out)


@case
def questions_need_a_format_that_answers(bench):
    image = demo(bench)
    for question in [["--why", "code"], ["--fixes"], ["--without", "docs"], ["--recompress", "zstd"]]:
        bench.fails(2, question[0], "text and json", arguments=[image, "-o", "tree", *question])
    bench.run(image, "-o", "tree", "-o", f"json={bench.home}/j", "--fixes")
    check("fixes" in json.loads((bench.home / "j").read_text())["images"][0], "no answer in the file")


@case
def filters_name_a_manager(bench):
    image = demo(bench)
    bench.fails(2, "zypper", "dpkg", arguments=[image, "--manager", "zypper"])
    for option in [["--manager", "npm"], ["--ignore-base"], ["--run", "x"], ["--used", "/dev/null"]]:
        bench.fails(2, option[0], "--no-classify", arguments=[image, "--no-classify", *option])
    whole = bench.profile(image)["images"][0]
    found = json.loads(bench.run(image, "--json", "--manager", "npm").out)
    documents.check_schema(found)
    found = found["images"][0]
    equal("filter", found["filter"], {"manager": "npm", "ignore_base": False})
    equal("totals", found["totals"], whole["totals"])
    equal("managers", {p["manager"] for p in found["packages"]} - {"npm", None}, set())
    for size in ["disk_bytes", "pull_bytes"]:
        equal(size, sum(p[size] for p in found["packages"]), found["totals"][size])
    check("Filtered: " in bench.run(image, "--manager", "npm").text, "the screen does not say so")


@case
def packages_are_a_table_of_their_own(bench):
    import csv
    import io
    image = demo(bench)
    found = bench.profile(image)["images"][0]
    rows = list(csv.DictReader(io.StringIO(bench.run(image, "-o", "csv-packages").text, newline="")))
    equal("rows", [(r["manager"] or None, r["name"], int(r["disk_bytes"])) for r in rows],
          [(p["manager"], p["name"], p["disk_bytes"]) for p in found["packages"]])


@case
def evidence_from_outside(bench):
    image = demo(bench)
    bench.fails(6, "absent", arguments=[image, "--used", "absent"])
    bench.fails(2, "--run", arguments=[image, "--run", ""])
    used = bench.home / "used"
    used.write_text("/no/such/file\n")
    found = bench.profile(image, "--used", used, "--run", "node /code/server.js")["images"][0]
    check(found["runtime"] is not None, "no runtime evidence", found.keys())


def machine_tar(least_bytes):
    """A tar of programs and texts of this machine, the same for all who read it."""
    taken, size = [], 0
    for folder in ["/usr/lib/python3", "/usr/share", "/usr/bin", "/usr/lib"]:
        for path in sorted(pathlib.Path(folder).rglob("*")):
            if path.is_file() and not path.is_symlink() and 0 < path.stat().st_size < 4 << 20 and os.access(path, os.R_OK):
                taken.append((str(path)[1:], path.read_bytes()))
                size += path.stat().st_size
            if size > least_bytes:
                return images.tar(*taken)
    return images.tar(*taken)


def really(bench, tar, setting):
    codec, level = setting.split(":")
    if codec == "gzip":
        compress = zlib.compressobj(int(level), zlib.DEFLATED, 31)
        return len(compress.compress(tar)) + len(compress.flush())
    return len(bench.tool("zstd", "-q", "-c", f"-{level}", input=tar))


@case
def recompression_is_within_its_error(bench):
    """Of a layer that is sampled, and of one that is compressed whole."""
    settings = ["gzip:9", "zstd:3"]
    large, small = machine_tar(40 << 20), images.tar(("a", b"some text " * 4000))
    layout = images.write_layout(bench.home / "large", images.Image(large, small))
    found = bench.profile(layout, "--recompress", "|".join(settings), records=False)["images"][0]
    equal("settings", [r["setting"] for r in found["recompress"]], settings)
    for estimate in found["recompress"]:
        sampled, whole = estimate["layers"]
        equal("compressed whole", (sampled["whole"], whole["whole"], whole["error_bytes"]), (False, True, 0))
        real = really(bench, large, estimate["setting"])
        off = abs(sampled["pull_bytes"] - real)
        check(off <= sampled["error_bytes"], f"{estimate['setting']}: {sampled}, really {real}")
        check(sampled["error_bytes"] < real / 4, f"an error that says nothing: {sampled}")
        equal("sum", estimate["pull_bytes"], sampled["pull_bytes"] + whole["pull_bytes"])
    equal("gzip of the small layer", found["recompress"][0]["layers"][1]["pull_bytes"], really(bench, small, "gzip:9"))


@case
def recompression_does_not_depend_on_threads_or_cache(bench):
    image = demo(bench)
    first = bench.run(image, "--recompress", "gzip:1,zstd:1", "--threads", "1", "--no-cache").out
    for more in [["--threads", "4"], []]:
        equal(f"with {more}", bench.run(image, "--recompress", "gzip:1,zstd:1", *more).out, first)


@case
def recompression_is_refused(bench):
    image = demo(bench)
    for setting in ["zip", "gzip:10", "zstd:23", "zstd:", "", "gzip,,zstd"]:
        bench.fails(2, "--recompress", arguments=[image, "--recompress", setting])
    bench.make_image("demo.image", f"docker-archive:{bench.home}/demo.tar")
    with open(bench.home / "demo.tar", "rb") as archive:
        bench.fails(2, "--recompress", "only once", arguments=["-", "--recompress", "zstd"], stdin=subprocess.Popen(["cat"], stdin=archive, stdout=subprocess.PIPE).stdout)
    bench.run(f"{bench.home}/demo.tar", "--recompress", "zstd")
