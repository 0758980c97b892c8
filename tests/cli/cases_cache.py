"""The cache of layer profiles: what is fetched, what is on disk, what happens to damage."""

import os
import re
import shutil
import stat

import images
from harness import case, check, equal
from registry import DockerRegistry
from server import Registry


def entries(bench):
    """Files of the cache that hold a profile, by the digest in their path."""
    found = {}
    for name in bench.files_below(bench.cache):
        match = re.search(r"[0-9a-f]{64}", name)
        if match:
            found["sha256:" + match[0]] = bench.cache / name
    return found


def layers_of(document):
    return [layer["digest"] for layer in document["images"][0]["layers"]]


@case
def a_layer_is_fetched_once(bench):
    """Against a real registry, by its access log; a sibling fetches only what it does not share."""
    registry = DockerRegistry(bench)
    base = [images.tar(("base", b"b" * 9000)), images.tar(("lib", b"l" * 7000))]
    for name, own in [("web", b"w"), ("worker", b"k")]:
        layout = images.write_layout(bench.home / name, images.Image(*base, images.tar((name, own * 5000))))
        registry.push(layout + ":x", f"site/{name}:x")
    web, worker = f"{registry.host}/site/web:x", f"{registry.host}/site/worker:x"
    before = len(registry.fetched())
    first = bench.profile(web, records=False)
    fetched = registry.fetched()[before:]
    equal("fetched by the first run, but for the config", sorted(d for d in fetched if d in layers_of(first)), sorted(layers_of(first)))
    before = len(registry.fetched())
    equal("the second run's document", bench.profile(web, records=False), first)
    again = registry.fetched()[before:]
    equal("layers fetched by the second run", [d for d in again if d in layers_of(first)], [])
    before = len(registry.fetched())
    sibling = bench.profile(worker, records=False)
    fetched = [d for d in registry.fetched()[before:] if d in layers_of(sibling)]
    equal("layers fetched for the sibling", fetched, [layers_of(sibling)[2]])


@case
def two_images_of_one_run_fetch_a_layer_once(bench):
    """Even without a cache on disk."""
    base = images.tar(("base", b"b" * 9000))
    registry = Registry(scripted(images.Image(base, images.tar(("one", b"1")))), tag="one")
    bench.closing.append(registry.stop)
    registry.add(scripted(images.Image(base, images.tar(("two", b"2")))), "two")
    bench.run("--no-cache", *[f"{registry.host}/r/x:{tag}" for tag in ("one", "two")])
    shared = images.sha256(images.compress(base, "gzip"))
    equal("requests for the shared layer", len(registry.requests(shared)), 1)
    equal("files in the cache", bench.files_below(bench.home / "cache") if bench.cache.exists() else [], [])


def scripted(image):
    """An image as the scripted registry takes it."""
    image.layers = image.blobs
    return image


@case
def private_from_the_start(bench):
    """0700 and 0600 whatever the umask."""
    bench.make_image("web.image", f"oci:{bench.home}/web")
    old = os.umask(0)
    try:
        bench.run(f"{bench.home}/web")
    finally:
        os.umask(old)
    check(entries(bench), "nothing in the cache")
    for path in [bench.cache / "imgprof", *(bench.cache / "imgprof").rglob("*")]:
        mode = stat.S_IMODE(path.lstat().st_mode)
        equal(f"mode of {path}", oct(mode), oct(0o700 if path.is_dir() else 0o600))


def replace_by_symlink(path):
    other = path.with_name("elsewhere")
    os.rename(path, other)
    os.symlink(other, path)


def replace_by_fifo(path):
    os.unlink(path)
    os.mkfifo(path)


def flip(position):
    def damage(path):
        data = bytearray(path.read_bytes())
        data[int(position * (len(data) - 1))] ^= 0x10
        path.write_bytes(data)
    return damage


DAMAGES = {
    "empty": lambda path: path.write_bytes(b""),
    "cut": lambda path: path.write_bytes(path.read_bytes()[:-1]),
    "longer": lambda path: path.write_bytes(path.read_bytes() + b"x"),
    "noise": lambda path: path.write_bytes(bytes(range(256)) * 8),
    "symlink": replace_by_symlink,
    "fifo": replace_by_fifo,
    **{f"flipped at {part}": flip(part) for part in (0, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 1)},
}


@case
def a_damaged_entry_is_made_again(bench):
    """The report is what it was, and the entry as well."""
    layout = images.write_layout(bench.home / "image", images.Image(images.tar(("a", b"a" * 3000), ("b", b"b")), images.tar(("c", b"c"))))
    first = bench.run(layout, "-o", "json").out
    kept = {digest: path.read_bytes() for digest, path in entries(bench).items()}
    equal("entries", len(kept), 2)
    for label, damage in DAMAGES.items():
        for path in entries(bench).values():
            damage(path)
        equal(f"{label}: report", bench.run(layout, "-o", "json").out, first)
        now = entries(bench)
        for digest, data in kept.items():
            check(digest in now and not now[digest].is_symlink(), f"{label}: not made again", now)
            equal(f"{label}: same entry", now[digest].read_bytes() == data, True)
        (now[digest].with_name("elsewhere")).unlink(missing_ok=True)


@case
def an_entry_of_another_layer_is_not_believed(bench):
    """A right profile under a wrong name is no profile of that name."""
    one, two = images.Image(images.tar(("one", b"1" * 100))), images.Image(images.tar(("two", b"2" * 200)))
    layouts = [images.write_layout(bench.home / name, image) for name, image in [("one", one), ("two", two)]]
    documents = [bench.profile(layout, records=False) for layout in layouts]
    found = entries(bench)
    paths = [found[layers_of(document)[0]] for document in documents]
    shutil.copyfile(paths[0], paths[1])
    equal("the second image", bench.profile(layouts[1], records=False), documents[1])


@case
def no_cache_writes_nothing(bench):
    bench.make_image("web.image", f"oci:{bench.home}/web")
    bench.run(f"{bench.home}/web", "--no-cache")
    check(not bench.cache.exists(), "a cache was made")
    bench.run(f"{bench.home}/web")
    before = {p: p.read_bytes() for p in entries(bench).values()}
    for path in before:
        path.write_bytes(b"damage")
    bench.run(f"{bench.home}/web", "--no-cache")
    equal("entries were touched", {p.read_bytes() for p in before}, {b"damage"})


@case
def damaged_layers_are_not_kept(bench):
    tar = images.tar(("a", b"a" * 3000))
    layout = images.write_layout(bench.home / "image", images.Image(tar, blobs={0: images.compress(tar, "gzip")[:-9]}))
    bench.run(layout, "--partial", status=5)
    equal("entries", entries(bench), {})


@case
def looked_at_and_tidied(bench):
    """imgprof cache ls, dir, verify, prune."""
    equal("ls of nothing", bench.run("cache", "ls").lines[-1], "0 profiles, 0 reports, 0 B")
    bench.make_image("web.image", f"oci:{bench.home}/web")
    document = bench.profile(f"{bench.home}/web")
    distinct = sorted(set(layers_of(document)))
    equal("dir", bench.run("cache", "dir").text, f"{bench.cache}/imgprof\n")
    equal("ls", [line.split()[0] for line in bench.run("cache", "ls").lines[:-1]], distinct)
    equal("verify", bench.run("cache", "verify").text, f"{len(distinct)} checked, 0 removed\n")
    flip(0.5)(entries(bench)[distinct[1]])
    equal("verify finds damage", bench.run("cache", "verify").text, f"{len(distinct)} checked, 1 removed\n")
    equal("damage is gone", sorted(entries(bench)), sorted(set(distinct) - {distinct[1]}))
    bench.profile(f"{bench.home}/web")
    sizes = {digest: path.stat().st_size for digest, path in entries(bench).items()}
    for age, digest in enumerate(distinct):
        os.utime(entries(bench)[digest], (1_000_000 - age, 1_000_000 - age))
    keep = sizes[distinct[0]] + sizes[distinct[1]]
    check(bench.run("cache", "prune", str(keep)).text.startswith(f"{len(distinct) - 2} removed, "), "prune")
    equal("the last used stay", sorted(entries(bench)), distinct[:2])
    check(bench.run("cache", "prune", "0").text.startswith("2 removed, "), "prune 0")
    equal("nothing stays", entries(bench), {})
    for wrong in [["cache"], ["cache", "rm"], ["cache", "prune", "much"]]:
        bench.fails(2, "cache" if len(wrong) < 3 else "much", arguments=wrong)


@case
def pruned_to_its_cap(bench):
    """After a run that added something; the run's own document is whole all the same."""
    bench.make_image("web.image", f"oci:{bench.home}/web")
    first = bench.profile(f"{bench.home}/web", env={"IMGPROF_CACHE_SIZE": "1"})
    equal("entries", entries(bench), {})
    equal("document", bench.profile(f"{bench.home}/web", env={"IMGPROF_CACHE_SIZE": "1"}), first)


@case
def works_where_no_cache_can_be(bench):
    """Told once, in one line; the report is the same."""
    bench.make_image("web.image", f"oci:{bench.home}/web")
    expected = bench.run(f"{bench.home}/web", "--no-cache")
    equal("stderr without a cache", expected.err, "")
    (bench.home / "file").write_text("no folder")
    os.symlink(bench.home, bench.home / "symlink")
    (bench.home / "open").mkdir()
    (bench.home / "open").chmod(0o777)
    places = ["file/below", "file", "symlink", "open"]
    if os.getuid() != 0:
        (bench.home / "readonly").mkdir(mode=0o500)
        places.append("readonly")
    for place in places:
        result = bench.run(f"{bench.home}/web", "--cache-dir", f"{bench.home}/{place}")
        equal(f"{place}: report", result.out, expected.out)
        check(len(result.err.splitlines()) == 1 and result.err.startswith("imgprof: "), f"{place}: not told in one line", result)
        equal(f"{place}: quiet", bench.run(f"{bench.home}/web", "-q", "--cache-dir", f"{bench.home}/{place}").err, "")
    for env in [{"HOME": None, "XDG_CACHE_HOME": None}, {"HOME": "/proc/nonexistent", "XDG_CACHE_HOME": None}]:
        equal(f"{env}", bench.run(f"{bench.home}/web", env=env).out, expected.out)


@case
def a_full_disk_is_told_once(bench):
    """The cache on a device without room, where the machine lets us have one."""
    full = bench.home / "full"
    full.mkdir(mode=0o700)
    mounted = os.getuid() == 0 and os.system(f"mount -t tmpfs -o size=4k,mode=700 none {full} 2>/dev/null") == 0
    if not mounted:
        print("no tmpfs can be mounted here: nothing was tried")
        return
    bench.closing.append(lambda: os.system(f"umount {full}"))
    (full / "filler").write_bytes(bytes(4096))
    bench.make_image("web.image", f"oci:{bench.home}/web")
    expected = bench.run(f"{bench.home}/web", "--no-cache")
    result = bench.run(f"{bench.home}/web", "--cache-dir", str(full))
    equal("report", result.out, expected.out)
    equal("lines", len(result.err.splitlines()), 1, result)


@case
def many_runs_at_once_share_a_cache(bench):
    bench.make_image("web.image", f"oci:{bench.home}/web")
    expected = bench.run(f"{bench.home}/web", "--no-cache").out
    processes = [bench.start(f"{bench.home}/web") for _ in range(8)]
    for process in processes:
        out, err = process.communicate()
        equal("status", process.returncode, 0, err)
        equal("report", out, expected)
    equal("verify", bench.run("cache", "verify").text.split(", ")[1], "0 removed\n")
    leftover = [n for n in bench.files_below(bench.cache) if not re.fullmatch(r".*[0-9a-f]{64}\S*", n) or "tmp" in n.lower()]
    check(len(leftover) <= 1, "temporary files were left", leftover)


@case
def a_profile_without_facts_is_read_again(bench):
    """What --no-classify stored says nothing of packages: the layer is read once more, then never again."""
    layer = images.tar(("usr/share/doc/x/readme", b"d" * 3000), ("app/main.py", b"import os\n"))
    registry = Registry(scripted(images.Image(layer)), tag="x")
    bench.closing.append(registry.stop)
    image, digest = f"{registry.host}/r/x:x", images.sha256(images.compress(layer, "gzip"))
    bench.profile(image, "--no-classify", records=False)
    equal("requests by the run without facts", len(registry.requests(digest)), 1)
    found = bench.profile(image, records=False)
    equal("requests by a run that classifies", len(registry.requests(digest)), 2)
    equal("the document", found, bench.profile(image, "--no-cache", records=False))
    equal("requests without a cache", len(registry.requests(digest)), 3)
    bench.profile(image, "--no-classify", records=False)
    equal("the document of the cache", bench.profile(image, records=False), found)
    equal("requests in the end", len(registry.requests(digest)), 3)
