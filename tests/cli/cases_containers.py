"""One image is the same image in every container, compression, locale and number of threads."""

import json

import documents
import images
from harness import FORMATS, MACHINE_FORMATS, case, check, equal
from registry import DockerRegistry

DESCRIPTION = "web.image"


def containers(bench, compression):
    """(label, arguments, file for standard input or None) of the one image."""
    folder = bench.home / compression
    folder.mkdir()
    bench.make_image(DESCRIPTION, f"oci:{folder}/oci", f"oci-archive:{folder}/oci.tar", f"docker-archive:{folder}/docker.tar",
                     f"dir:{folder}/dir", compression=compression)
    for whole in ["gzip", "zstd"]:
        bench.make_image(DESCRIPTION, f"oci-archive:{folder}/oci.tar.{whole}", f"docker-archive:{folder}/docker.tar.{whole}",
                         compression=compression, whole=whole)
    source = f"oci:{folder}/oci:demo"
    if compression != "zstd":  # which skopeo does not put into a docker archive
        bench.tool("skopeo", "--insecure-policy", "copy", "-q", source, f"docker-archive:{folder}/skopeo.tar:web:latest")
        yield "docker archive by skopeo", [f"docker-archive:{folder}/skopeo.tar"], None
        yield "docker archive by skopeo on stdin", ["-"], folder / "skopeo.tar"
    bench.tool("skopeo", "--insecure-policy", "copy", "-q", source, f"dir:{folder}/skopeo-dir")
    yield "layout", [f"oci:{folder}/oci"], None
    yield "bare layout", [f"{folder}/oci"], None
    yield "registry", [DockerRegistry(bench).push(source, "site/web:x")], None
    yield "dir", [f"dir:{folder}/dir"], None
    yield "dir by skopeo", [f"{folder}/skopeo-dir"], None
    for name in ["oci.tar", "docker.tar"]:
        kind = name.removesuffix(".tar")
        yield f"{kind} archive", [f"{kind}-archive:{folder}/{name}"], None
        yield f"{kind} archive on stdin", ["-"], folder / name
        for whole in ["gzip", "zstd"]:
            yield f"{kind} archive, {whole} as a whole", [f"{folder}/{name}.{whole}"], None
            yield f"{kind} archive, {whole} as a whole, on stdin", ["-"], folder / f"{name}.{whole}"


def same_everywhere(bench, compression):
    first = None
    for label, arguments, stdin in containers(bench, compression):
        with open(stdin or "/dev/null", "rb") as opened:
            found = bench.profile(*arguments, "--no-cache", stdin=opened)
        image = found["images"][0]
        check(image["totals"]["wasted_bytes"] > 0, f"{label}: nothing is hidden in the image of this case")
        equal(f"{label}: complete", found["complete"], True)
        equal(f"{label}: unverified layers", [n["index"] for n in image["layers"] if n["verified"] == "none"], [])
        rest = documents.without_pull(found)
        first = first or rest
        check(rest == first, f"{label} differs", *differences(first, rest))
    # Compressions are compared with each other through the plain layout.
    bench.make_image(DESCRIPTION, f"oci:{bench.home}/plain-oci", compression="plain")
    plain = documents.without_pull(bench.profile(f"oci:{bench.home}/plain-oci", "--no-cache"))
    check(plain == first, f"plain differs from {compression}", *differences(plain, first))


def differences(a, b, path=""):
    """Where two documents part, the first five places."""
    if isinstance(a, dict) and isinstance(b, dict):
        found = [d for k in sorted(a.keys() | b.keys()) for d in differences(a.get(k), b.get(k), f"{path}/{k}")]
    elif isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        found = [d for n, (x, y) in enumerate(zip(a, b)) for d in differences(x, y, f"{path}/{n}")]
    else:
        found = [] if a == b else [f"{path}: {str(a)[:200]} and {str(b)[:200]}"]
    return found[:5]


@case
def same_in_every_container_gzip(bench):
    same_everywhere(bench, "gzip")


@case
def same_in_every_container_zstd(bench):
    same_everywhere(bench, "zstd")


@case
def same_in_every_container_plain(bench):
    same_everywhere(bench, "plain")


def every_format(bench, *arguments, **options):
    """What a run writes in each format, and on stderr."""
    folder = bench.home / "out"
    folder.mkdir(exist_ok=True)
    outputs = [word for f in FORMATS for word in ("-o", f"{f}={folder}/{f}")]
    result = bench.run(*outputs, *arguments, **options)
    return {f: (folder / f).read_bytes() for f in FORMATS} | {"stderr": result.err.encode()}


def same_files(found, expected, label):
    for name, data in expected.items():
        check(found[name] == data, f"{name} differs {label}", first_difference(expected[name], found[name]))


def first_difference(a, b):
    for x, y in zip(a.splitlines(), b.splitlines()):
        if x != y:
            return f"{x[:300]!r}\n{y[:300]!r}"
    return f"{len(a)} and {len(b)} bytes"


@case
def same_for_any_number_of_threads(bench):
    """Also with damage and warnings, whose order could depend on who is first."""
    bench.make_image("web.image", f"oci:{bench.home}/web")
    bench.make_image("odd.image", f"oci:{bench.home}/odd", compression="zstd")
    arguments = [f"oci:{bench.home}/web", f"oci:{bench.home}/odd", "--no-cache"]
    first = every_format(bench, *arguments, "--threads", "1")
    for threads in ["2", "16", "2", "16"]:
        same_files(every_format(bench, *arguments, "--threads", threads), first, f"with {threads} threads")


@case
def same_with_and_without_cache(bench):
    bench.make_image("odd.image", f"oci:{bench.home}/odd")
    arguments = [f"oci:{bench.home}/odd"]
    first = every_format(bench, *arguments, "--no-cache")
    same_files(every_format(bench, *arguments), first, "when the cache is filled")
    same_files(every_format(bench, *arguments), first, "out of the cache")


@case
def same_in_every_locale_and_time_zone(bench):
    """Text and tree use other glyphs where the locale is not UTF-8; nothing else may change."""
    bench.make_image("odd.image", f"oci:{bench.home}/odd")
    arguments = [f"oci:{bench.home}/odd", "--no-cache"]
    first = every_format(bench, *arguments)
    for env in [dict(LC_ALL="tr_TR.UTF-8"), dict(LC_ALL=None, LANG="de_DE.UTF-8", LC_NUMERIC="de_DE.UTF-8"), dict(TZ="Asia/Kolkata"),
                dict(TZ=":/etc/no-such-zone"), dict(TZ="America/St_Johns", LC_ALL="tr_TR.utf8")]:
        same_files(every_format(bench, *arguments, env=env), first, f"under {env}")
    for env in [dict(LC_ALL="C"), dict(LC_ALL="POSIX", LANG="tr_TR.UTF-8"), dict(LC_ALL=None)]:
        found = every_format(bench, *arguments, env=env)
        same_files({f: found[f] for f in MACHINE_FORMATS}, {f: first[f] for f in MACHINE_FORMATS}, f"under {env}")
        bars = first["text"].decode().replace("█", "#").replace("░", ".").encode()
        equal(f"text under {env}", found["text"], bars)
        branches = first["tree"].decode()
        for glyph, ascii in [("├─", "|-"), ("└─", "`-"), ("│ ", "| ")]:
            branches = branches.replace(glyph, ascii)
        equal(f"tree under {env}", found["tree"], branches.encode())


@case
def several_images_share_what_they_share(bench):
    """Two images of one run: each is what it is alone."""
    base = images.tar(("base", b"b" * 5000))
    one, two = images.Image(base, images.tar(("one", b"1"))), images.Image(base, images.tar(("two", b"2")))
    references = [images.write_layout(bench.home / name, image) for name, image in [("one", one), ("two", two)]]
    alone = [bench.profile(r, "--no-cache")["images"][0] for r in references]
    together = bench.profile(*references, "--no-cache")
    equal("images", together["images"], alone)


@case
def an_image_chosen_from_several(bench):
    one, two = images.Image(images.tar(("one", b"1"))), images.Image(images.tar(("two", b"22")))
    layout = images.write_layout(bench.home / "layout", one, two)
    for selector, size in [(":x", 1), (":x1", 2), (":@0", 1), (":@1", 2)]:
        equal(selector, bench.profile(layout + selector)["images"][0]["totals"]["disk_bytes"], size)
    bench.fails(3, "x1", arguments=[layout])
    bench.fails(3, "x1", arguments=[layout + ":absent"])


@case
def all_platforms_in_index_order(bench):
    parts = [images.Image(images.tar((a, b"x" * n)), architecture=a) for n, a in enumerate(["arm64", "amd64", "s390x"])]
    body = json.dumps({"schemaVersion": 2, "mediaType": images.INDEX, "manifests": [p.entry(platform=p.platform()) for p in parts]}).encode()
    layout = images.write_layout(bench.home / "layout", *parts, index=[images.descriptor(images.INDEX, body)])
    (bench.home / "layout/blobs/sha256" / images.sha256(body)[7:]).write_bytes(body)
    found = bench.profile(layout, "--all-platforms")
    equal("platforms", [i["platform"]["architecture"] for i in found["images"]], ["arm64", "amd64", "s390x"])
    equal("sizes", [i["totals"]["disk_bytes"] for i in found["images"]], [0, 1, 2])
    equal("one", bench.profile(layout, "--platform", "linux/aarch64")["images"], [found["images"][0]])
    bench.fails(3, "linux/arm64", "linux/amd64", "linux/s390x", arguments=[layout, "--platform", "linux/riscv64"])
    bench.fails(2, "both", arguments=[layout, "--platform", "linux/amd64", "--all-platforms"])
