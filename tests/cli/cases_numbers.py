"""The numbers against independent ones: tar -tv, umoci unpack, noise that does not compress."""

import collections
import gzip
import json
import os
import random
import re
import shutil
import stat

import documents
import images
from harness import case, check, equal

MEBI = 1 << 20


def listing(bench, blob):
    """(entries, bytes of regular files) of a layer, by tar -tv; markers are no files."""
    head = blob.read_bytes()[:4]
    decode = {b"\x1f\x8b": "-z", b"\x28\xb5": "--zstd"}.get(head[:2])
    text = bench.tool("tar", *([decode] if decode else []), "--numeric-owner", "--quoting-style=escape", "-tvf", blob).decode()
    lines = [re.match(r"(\S)\S+ \S+ +([\d,]+) \S+ \S+ (.*)", line).groups() for line in text.splitlines()]
    files = [int(size) for kind, size, name in lines if kind == "-" and not re.search(r"(^|/)\.wh\.(?!\.wh\.(?!\.opq$))", name)]
    return len(lines), sum(files)


def check_listings(bench, layout, compression):
    bench.make_image(layout + ".image", f"oci:{bench.home}/{layout}", compression=compression)
    image = bench.profile(f"{bench.home}/{layout}", "--no-cache")["images"][0]
    for layer in image["layers"]:
        blob = bench.home / layout / "blobs/sha256" / layer["digest"].removeprefix("sha256:")
        equal(f"pull bytes of layer {layer['index']}", layer["pull_bytes"], blob.stat().st_size)
        entries, size = listing(bench, blob)
        equal(f"entries of layer {layer['index']}", layer["entries"], entries)
        equal(f"disk bytes of layer {layer['index']}", layer["disk_bytes"], size)
    return image


@case
def layers_are_what_tar_lists(bench):
    check_listings(bench, "web", "gzip")
    check_listings(bench, "odd", "plain")


@case
def demo_is_what_tar_lists(bench):
    image = check_listings(bench, "demo", "zstd")
    check(image["totals"]["wasted_bytes"] > 6_000_000, "the demo hides nothing", image["totals"])


@case
def noise_and_zeros(bench):
    """A layer of 1 MiB of noise and 1 MiB of zeros: the noise has the pull bytes."""
    noise = random.Random(1).randbytes(MEBI)
    for order in [[("noise", noise), ("zeros", bytes(MEBI))], [("zeros", bytes(MEBI)), ("noise", noise)]]:
        for compression in ["gzip", "zstd"]:
            layout = images.write_layout(bench.home / f"{order[0][0]}-{compression}", images.Image(images.tar(*order), compression=compression))
            tree = bench.profile(layout)["images"][0]["tree"]
            pull = {row[documents.NAME]: row[documents.PULL] for row in tree[documents.KIDS]}
            label = f"{compression}, {order[0][0]} first: {pull}"
            check(abs(pull["noise"] - MEBI) < MEBI // 50, label)
            check(pull["zeros"] < MEBI // 50, label)


@case
def plain_layers_pull_what_they_hold(bench):
    """Without compression a file's pull bytes are its data, up to the grid's interpolation."""
    sizes = [1, 511, 512, 513, 100_000, 1_000_000]
    entries = [(f"f{n}", random.Random(n).randbytes(n)) for n in sizes]
    layout = images.write_layout(bench.home / "plain", images.Image(images.tar(*entries), compression="plain"))
    tree = bench.profile(layout)["images"][0]["tree"]
    equal("pull bytes", {row[0]: row[documents.PULL] for row in tree[documents.KIDS]}, {f"f{n}": n for n in sizes})


def unpacked(folder):
    """Every path below FOLDER as (type, size, target)."""
    found = {}
    for here, folders, files in os.walk(folder):
        for name in folders + files:
            path = os.path.join(here, name)
            about = os.lstat(path)
            kind = {stat.S_IFDIR: "directory", stat.S_IFLNK: "symlink", stat.S_IFREG: "file"}[stat.S_IFMT(about.st_mode)]
            found[os.path.relpath(path, folder)] = (
                kind, about.st_size if kind == "file" else 0, os.readlink(path) if kind == "symlink" else None)
    return found


def shown(document, records):
    """The image tree of a document in the same words. A row does not tell its type: the last
    record of its layer does. A live file whose own name is gone lives on in hard links."""
    last, size_of, linked = {}, {}, collections.defaultdict(set)
    for record in records:
        if record["record"] == "instance" and record["type"] not in ("whiteout", "opaque"):
            last[record["path"], record["layer"]] = record
    found = {}
    for path, row in documents.walk(document["images"][0]["tree"]):
        if not path or row[documents.FATE] != "live":
            continue
        record = last.get((path, row[documents.LAYER]))
        if row[documents.KIDS] is not None:
            found[path] = ("directory", 0, None)
        elif record["type"] == "symlink":
            found[path] = ("symlink", 0, record["link"])
        elif record["type"] == "hardlink":
            linked[record["link"].removeprefix("./")].add(path)
            found[path] = ("file", None, None)
        else:
            found[path] = ("file", row[documents.DISK], None)
            size_of[path] = row[documents.DISK]
    return found, size_of, linked


def compare_with_umoci(bench, seed):
    stack = images.Stack(seed)
    compression = ["gzip", "plain"][seed % 2]
    work = bench.home / "random"
    shutil.rmtree(work, ignore_errors=True)
    layout = images.write_layout(work / "layout", images.Image(*stack.layers, compression=compression))
    bench.tool("umoci", "raw", "unpack", "--rootless", "--image", work / "layout:x", work / "root")
    truth = unpacked(work / "root")
    document = bench.profile(layout, "--no-cache", "-o", f"ndjson={work}/records")
    records = [json.loads(line) for line in (work / "records").read_text().splitlines()]
    found, size_of, linked = shown(document, records)
    for path in found.keys() | truth.keys():
        mine, theirs = found.get(path), truth.get(path)
        if theirs is None and path in size_of and any(l in truth for l in linked[path]):
            continue
        if mine and mine[:2] == ("file", None):
            mine = ("file", theirs[1], None) if theirs else mine
        check(mine == theirs, f"seed {seed}: {path!r}: imgprof {mine}, umoci {theirs}")
    return len(truth)


def random_stacks(bench, first):
    count = sum(compare_with_umoci(bench, seed) for seed in range(first, first + 20))
    check(count > 200, f"only {count} paths in 20 images: the generator makes nothing")


@case
def random_stacks_against_umoci_1(bench):
    random_stacks(bench, 100)


@case
def random_stacks_against_umoci_2(bench):
    random_stacks(bench, 200)


@case
def random_stacks_against_umoci_3(bench):
    random_stacks(bench, 300)


@case
def many_members_are_one_stream(bench):
    """gzip members, empty ones and zero padding between layers of the same tar change no figure
    but pull bytes."""
    tar = images.tar(("a", b"a" * 10_000), ("b", random.Random(1).randbytes(10_000)))
    pieces = [gzip.compress(tar[i:i + 3000], mtime=0) for i in range(0, len(tar), 3000)]
    blob = b"".join(p + gzip.compress(b"", mtime=0) for p in pieces) + bytes(512)
    split = bench.profile(images.write_layout(bench.home / "split", images.Image(tar, blobs={0: blob})))
    whole = bench.profile(images.write_layout(bench.home / "whole", images.Image(tar)))
    equal("figures", documents.without_pull(split), documents.without_pull(whole))
    equal("pull bytes", split["images"][0]["totals"]["pull_bytes"], len(blob))


@case
def the_ledger_of_the_web_image(bench):
    """What testdata/web.image hides, by hand."""
    bench.make_image("web.image", f"oci:{bench.home}/web")
    image = bench.profile(f"{bench.home}/web")["images"][0]
    fates = {fate: (image["fates"][fate]["files"], image["fates"][fate]["disk_bytes"]) for fate in documents.FATES}
    lists, npm, modules = (4, 4 * 80_000), (3, 3 * 9_000), (25, 20 * 4_000 + 5 * 2_000)
    package = len('{"dependencies": {"express": "4"}}\n')
    equal("deleted", fates["deleted"], (lists[0] + npm[0], lists[1] + npm[1]))
    equal("reshipped", fates["reshipped"], (modules[0] + 1, modules[1] + package))
    equal("overwritten", fates["overwritten"], (1, len("UTC\n")))
    equal("replaced", fates["replaced"], (1, 900))
    equal("duplicate", fates["duplicate"], (0, 0))
    equal("leftover", fates["leftover"], (0, 0))
    by = {(f["rule"], tuple(f["layers"]), f["hidden_by"]): f["disk_bytes"] for f in image["findings"] if f["class"] == "wasted"}
    equal("apt's lists, written in layer 1, hidden by the last", [n for (_, layers, by_), n in by.items() if layers == (1,) and by_ == 6 and n == lists[1]], [lists[1]])
    equal("the modules, shipped again by a chown", [n for (_, layers, by_), n in by.items() if layers == (3,) and by_ == 5], [modules[1]])


@case
def memory_does_not_grow_with_a_layer(bench):
    """8 MiB and 512 MiB of zeros: the peak may differ by what the allocator feels like."""
    peak = {}
    for mebis in [8, 512]:
        size = mebis * MEBI
        head = images.tar(("zeros", b""))[:512]
        info = images.tarfile.TarInfo("zeros")
        info.size = size
        head = info.tobuf(images.tarfile.USTAR_FORMAT)
        step = gzip.compress(bytes(8 * MEBI), mtime=0)
        blob = gzip.compress(head, mtime=0) + step * (mebis // 8) + gzip.compress(bytes(1024), mtime=0)
        layout = images.write_layout(bench.home / str(mebis), images.Image(b"", blobs={0: blob}))
        options = bench.environment().get("ASAN_OPTIONS", "")
        process = bench.start(layout, "--no-cache", "--threads", "2", "-o", "json", "--no-tree", stdout=open(bench.home / "json", "wb"),
                              env={"ASAN_OPTIONS": options + ":quarantine_size_mb=1"})
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        equal(f"status for {mebis} MiB", process.returncode, 0, process.stderr.read().decode())
        document = json.loads((bench.home / "json").read_text())
        equal("disk bytes", document["images"][0]["totals"]["disk_bytes"], size)
        peak[mebis] = usage.ru_maxrss
    check(peak[512] < peak[8] + 48 * 1024, f"peak memory in KiB by MiB of the layer: {peak}")
