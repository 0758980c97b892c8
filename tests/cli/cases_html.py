"""The page of -o html as a file; tests/browser opens it."""

import base64
import gzip
import hashlib
import json
import re

import images
from harness import case, check, equal

LARGEST_WITHOUT_FILES = 100_000


def page_of(bench, *arguments, **options):
    return bench.run(*arguments, "--no-cache", "-o", "html", **options).text


def payload(page):
    packed = re.search(r'<template id="payload">([A-Za-z0-9+/=]*)</template>', page).group(1)
    return json.loads(gzip.decompress(base64.b64decode(packed)))


def sums(rows):
    goes = sum(all_of_it if part == -1 else part for part, all_of_it in zip(rows["goes"], rows["disk"]))
    return {"files": sum(rows["files"]), "disk_bytes": sum(rows["disk"]), "pull_bytes": sum(rows["pull"]), "reclaimable_bytes": goes}


def paths(rows):
    """Of each row, by walking down as a reader of the page would."""
    names = []
    for depth, name in zip(rows["depth"], rows["name"]):
        names[depth:] = [name]
        yield "/".join(names[1:])


def many_files(bench, count):
    """Files of 64 bytes in 50 folders whose names do not compress."""
    names = [hashlib.sha256(b"%d" % n).hexdigest() for n in range(count)]
    layers = images.tar(*[(f"d{n % 50}/sub/{name}", name.encode()) for n, name in enumerate(names)]), images.tar((f"d0/sub/.wh.{names[0]}", b""))
    return images.write_layout(bench.home / "many", images.Image(*layers))


@case
def html_leaves_add_up_to_the_totals(bench):
    for name in ["demo", "web", "odd"]:
        bench.make_image(f"{name}.image", f"oci:{bench.home}/{name}")
        document = bench.profile(f"oci:{bench.home}/{name}", "--no-cache", status=None)["images"][0]
        rows = payload(page_of(bench, f"oci:{bench.home}/{name}", status=None))["parts"][0]["rows"]
        found = sums(rows)
        equal(name, found, {key: document["totals"][key] for key in found})
        for layer in document["layers"]:
            here = [i for i, number in enumerate(rows["layer"]) if number == layer["index"]]
            equal(f"pull of layer {layer['index']}", sum(rows["pull"][i] for i in here), layer["pull_bytes"])
            equal(f"disk of layer {layer['index']}", sum(rows["disk"][i] for i in here), layer["disk_bytes"])


@case
def html_folds_small_files_below_its_limit(bench):
    """Every folder stays, what is folded still adds up; folders go last."""
    layout = many_files(bench, 6000)
    whole = payload(page_of(bench, layout))["parts"][0]["rows"]
    folders = {path for path, kind in zip(paths(whole), whole["type"]) if kind == 0}
    for limit in [300_000, 150_000, LARGEST_WITHOUT_FILES]:
        page = page_of(bench, layout, "--html-max", str(limit))
        rows = payload(page)["parts"][0]["rows"]
        check(len(page.encode()) <= limit, f"{len(page.encode())} bytes, at most {limit}")
        check(len(rows["name"]) < len(whole["name"]), "nothing was folded")
        equal("sums", sums(rows), sums(whole))
        equal("folders", {path for path, kind in zip(paths(rows), rows["type"]) if kind == 0}, folders)
        check(2 in rows["type"], "no leaf of small files")


@case
def html_of_many_folders_fits(bench):
    names = [hashlib.sha256(b"%d" % n).hexdigest() for n in range(4000)]
    layout = images.write_layout(bench.home / "folders", images.Image(images.tar(*[(f"{name}/file", b"x" * n) for n, name in enumerate(names)])))
    page = page_of(bench, layout, "--html-max", "150kB")
    check(len(page) <= 150_000, f"{len(page)} bytes")
    equal("disk", sum(payload(page)["parts"][0]["rows"]["disk"]), sum(range(4000)))
    for value in ["1", "99kB", "x", "-1"]:
        bench.fails(2, "--html-max", arguments=[layout, "-o", "html", "--html-max", value])


@case
def html_allows_its_own_script_and_style_only(bench):
    """The policy's hashes are those of what stands in the page, by an independent SHA-256."""
    bench.make_image("demo.image", f"oci:{bench.home}/demo")
    page = page_of(bench, f"oci:{bench.home}/demo")
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page).group(1)
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    equal("default", rules["default-src"], "'none'")

    def hashes(pattern):
        return [f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in re.findall(pattern, page, re.S)]

    equal("scripts", rules["script-src"].split(), hashes(r"<script[^>]*>(.*?)</script>"))
    equal("styles", rules["style-src"].split(), hashes(r"<style>(.*?)</style>"))
    for word in ["http:", "src=", "href=", "style=", "onclick", "@import", "url("]:
        outside = re.sub(r"<pre>.*?</pre>|<template.*?</template>|<td>.*?</td>", "", re.sub(r"<script.*?</script>", "", page, flags=re.S), flags=re.S)
        check(word not in outside, f"{word} in the page")


@case
def html_is_the_same_every_time(bench):
    bench.make_image("demo.image", f"oci:{bench.home}/demo")
    equal("again", page_of(bench, f"oci:{bench.home}/demo") == page_of(bench, f"oci:{bench.home}/demo", env={"TZ": "Asia/Kolkata"}), True)
