"""Bad input: one line, the right exit status, nothing presented as complete that is not."""

import gzip
import io
import json
import tarfile

import documents
import formats
import images
from cases_cache import scripted
from harness import FORMATS, case, check, equal
from registry import free_port
from server import Registry, Tokens


def serve(bench, image, **options):
    registry = Registry(scripted(image), **options)
    bench.closing.append(registry.stop)
    return registry


def small(**options):
    return images.Image(images.tar(("a", b"a" * 3000)), images.tar(("b", b"b" * 3000)), **options)


# ---- registries: the whole way to the exit status (tests/registry looks at each protocol step)


@case
def unknown_host(bench):
    bench.fails(4, "nosuchhost.invalid", arguments=["nosuchhost.invalid/web:1"])


@case
def nobody_listens(bench):
    host = f"127.0.0.1:{free_port()}"
    bench.fails(4, host, arguments=[f"{host}/web:1"])


@case
def access_denied(bench):
    registry = serve(bench, small())
    Tokens(registry, user="someone:secret")
    bench.fails(3, registry.host, arguments=[registry.reference])


@case
def forbidden(bench):
    registry = serve(bench, small())
    body = {"errors": [{"code": "DENIED", "message": "not\x1b[31m for you"}]}
    registry.on("^/v2/", lambda request: request.reply(403, body))
    result = bench.fails(3, registry.host, arguments=[registry.reference])
    check("\x1b" not in result.err, "an escape came through", result)


@case
def missing_tag(bench):
    registry = serve(bench, small())
    bench.fails(3, "absent", arguments=[f"{registry.host}/r/x:absent"])


@case
def missing_repository(bench):
    registry = serve(bench, small())
    bench.fails(3, "other/name", arguments=[f"{registry.host}/other/name:latest"])


@case
def missing_platform(bench):
    image = small()
    registry = serve(bench, image)
    body = json.dumps({"schemaVersion": 2, "mediaType": images.INDEX, "manifests": [image.entry(platform=image.platform())]}).encode()
    registry.put(body, images.INDEX, "index")
    bench.fails(3, "linux/amd64", "s390x", arguments=[f"{registry.host}/r/x:index", "--platform", "linux/s390x"])
    bench.fails(3, "linux/amd64", "s390x", arguments=[registry.reference, "--platform", "linux/s390x"])


@case
def a_lone_image_of_another_platform(bench):
    """Without --platform that is a warning."""
    layout = images.write_layout(bench.home / "other", small(architecture="s390x"))
    result = bench.run(layout, env={"IMGPROF_PLATFORM": None})
    check("s390x" in result.err and result.err.startswith("imgprof: warning: "), "no warning", result)
    bench.fails(3, "s390x", arguments=[layout, "--platform", "linux/amd64"])


@case
def missing_blob(bench):
    image = small()
    registry = serve(bench, image)
    del registry.blobs[images.sha256(image.blobs[1])]
    bench.fails(3, "layer 1", arguments=[registry.reference])


@case
def blobs_that_are_not_what_was_promised(bench):
    """A wrong byte, one too few, one too many; and no part of it may reach the cache."""
    image = small()
    digest = images.sha256(image.blobs[1])
    blob = image.blobs[1]
    wrong = bytes([*blob[:-20], blob[-20] ^ 1, *blob[-19:]])
    for bad in [wrong, blob[:-1], blob + b"x", b"", blob[:10]]:
        registry = serve(bench, image)
        registry.blobs[digest] = bad
        result = bench.fails(None, "layer 1", digest[:19], arguments=[registry.reference, "--limit", "retry-wait-s=1", "--limit", "retries=1",
                                                                      "--limit", "retries-without-progress=1"])
        # What ends early could be the network's fault.
        check(result.status == 5 or len(bad) < len(blob) and result.status == 4, "status", result)
        check(digest[7:] not in str(bench.files_below(bench.cache)), "a bad layer was kept", result)


@case
def wrong_manifest_digest(bench):
    image = small()
    registry = serve(bench, image)
    other = images.sha256(b"other")
    registry.manifests[other] = (image.manifest, images.MANIFEST)
    bench.fails(5, other[:19], arguments=[f"{registry.host}/r/x@{other}"])


@case
def a_page_instead_of_a_manifest(bench):
    registry = serve(bench, small())
    registry.on("/manifests/", lambda request: request.reply(200, "<html>please log in", ("Content-Type", "text/html")))
    bench.fails(4, "text/html", arguments=[registry.reference])


# ---- layers


def one_layer(bench, name, blob, **options):
    tar = images.tar(("a", b"a" * 3000), ("b", bytes(range(256)) * 20))
    return images.write_layout(bench.home / name, images.Image(tar, blobs={0: blob(tar)}, **options))


@case
def damaged_compression(bench):
    """In blobs whose digest is right: the manifest was made over the damage."""
    def change(position, how="gzip"):
        def damage(tar):
            data = bytearray(images.compress(tar, how))
            data[position] ^= 0x55
            return bytes(data)
        return damage

    cases = {
        "truncated gzip": lambda tar: images.compress(tar, "gzip")[:-9],
        "gzip cut in its trailer": lambda tar: images.compress(tar, "gzip")[:-3],
        "wrong CRC": change(-8), "wrong length": change(-1), "broken deflate": change(30),
        "truncated zstd": lambda tar: images.compress(tar, "zstd")[:-9],
        "zstd checksum": change(-1, "zstd"), "broken zstd block": change(15, "zstd"),
        "truncated tar": lambda tar: images.compress(tar[:1000], "gzip"),
        "no tar": lambda tar: images.compress(b"no tar" * 300, "gzip"),
        "HTML": lambda tar: b"<html><body>502 Bad Gateway</body></html>" * 20,
        "xz": lambda tar: b"\xfd7zXZ\x00\x00\x04" + tar, "bzip2": lambda tar: b"BZh91AY&SY" + tar,
    }
    for label, blob in cases.items():
        layout = one_layer(bench, label.replace(" ", "-"), blob)
        print(bench.fails(5, "layer 0", arguments=[layout]).err, end="")
        equal("kept in the cache", [n for n in bench.files_below(bench.cache) if len(n) > 64], [])


@case
def bytes_behind_the_stream_are_told(bench):
    """Some engines refuse them; the digest is right, so it is a warning."""
    layout = one_layer(bench, "garbage", lambda tar: images.compress(tar, "gzip") + b"garbage")
    check("[gzip-trailing-data]" in bench.run(layout).err, "no warning")
    equal("bytes", bench.profile(layout)["images"][0]["layers"][0]["overheads"]["after_end"]["pull_bytes"] >= 7, True)


@case
def wrong_diff_id(bench):
    """Looked at with --verify full, and where no blob digest protects the layer."""
    image = small(diff_ids=[images.sha256(b"x"), images.sha256(b"y")])
    layout = images.write_layout(bench.home / "layout", image)
    bench.run(layout)
    bench.fails(5, "layer ", "diff ID", arguments=[layout, "--verify", "full"])
    bench.fails(5, "layer ", "diff ID", arguments=[docker_archive(bench, image)])


def docker_archive(bench, image, **changes):
    names = [f"{n}.tar" for n in range(len(image.blobs))]
    manifest = [{"Config": "config.json", "RepoTags": ["web:latest"], "Layers": names} | changes]
    return write_archive(bench.home / "docker.tar", [*zip(names, image.blobs), ("config.json", image.config), ("manifest.json", json.dumps(manifest).encode())])


def write_archive(path, members):
    with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


@case
def limits_are_named(bench):
    """A bomb, a huge window, too many of anything: the line names the limit to change."""
    layout = images.write_layout(bench.home / "layers", small())
    zeros = images.write_layout(bench.home / "zeros", images.Image(images.tar(("z", bytes(3_000_000))), compression="zstd"))
    deep = images.write_layout(bench.home / "deep", images.Image(images.tar(("/".join("d" * 300), b""))))
    window = images.write_layout(bench.home / "window", images.Image(b"", blobs={0: b"\x28\xb5\x2f\xfd\x00\xa8\x01\0\0"}))
    for name, value, image in [
            ("layer-tar-bytes", "2MB", zeros), ("layers", "1", layout), ("config-bytes", "100", layout),
            ("nodes", "100", deep), ("implied-directories", "10", deep), ("json-depth", "3", layout), ("json-values", "5", layout),
            ("zstd-window-log", "20", window)]:
        more = ["--limit", "implied-per-entry=1"] if name == "implied-directories" else []
        bench.fails(5, name, arguments=[image, "--limit", f"{name}={value}", *more])
    bench.fails(5, "ratio", arguments=[zeros, "--limit", "ratio=100", "--limit", "ratio-after-bytes=1MB"])
    bench.run(deep)
    bench.fails(5, "window", arguments=[window])


@case
def a_chain_of_headers_ends(bench):
    header = images.tarfile.TarInfo("x").tobuf(tarfile.USTAR_FORMAT)
    chain = b"".join(pax_header(b"21 comment=abcdefghi\n") for _ in range(40))
    bench.fails(5, "special-headers", arguments=[images.write_layout(bench.home / "chain", images.Image(chain + header + bytes(1024)))])


def pax_header(records):
    info = tarfile.TarInfo("pax")
    info.type, info.size = tarfile.XHDTYPE, len(records)
    return info.tobuf(tarfile.USTAR_FORMAT) + records.ljust(512, b"\0")


@case
def sizes_no_layer_has(bench):
    for size in [b"\x80" + b"\x7f" * 11, b"\xff" * 12, b"\x80" + b"\0" * 3 + b"\x7f" + b"\xff" * 7]:
        header = bytearray(tarfile.TarInfo("x").tobuf(tarfile.USTAR_FORMAT))
        header[124:136] = size
        header[148:156] = b"        "
        header[148:156] = b"%06o\0 " % sum(header)
        layout = images.write_layout(bench.home / size.hex(), images.Image(bytes(header) + bytes(2048)))
        bench.fails(5, "layer 0", arguments=[layout])


# ---- documents


def with_manifest(bench, name, body):
    """A layout whose manifest is BODY, under a digest that fits."""
    image = small()
    image.manifest = body if isinstance(body, bytes) else json.dumps(body).encode()
    return images.write_layout(bench.home / name, image)


@case
def broken_documents(bench):
    manifest = small().manifest_json
    text = json.dumps(manifest)
    big = dict(manifest, layers=[dict(manifest["layers"][0], size=2**63)])
    cases = {
        "empty": b"", "broken": text[:-5].encode(), "list": b"[]", "latin": b'{"schemaVersion": 2, "x": "\xff"}',
        "twice": text.replace('"layers"', '"layers": [], "layers"', 1).encode(),
        "both": dict(manifest, manifests=[]), "neither": {"schemaVersion": 2},
        "deep": b"[" * 10000 + b"]" * 10000, "nul": text.replace("sha256", "sha\\u0000256").encode(),
        "negative": dict(manifest, layers=[dict(manifest["layers"][0], size=-1)]), "huge": big,
        "digest": dict(manifest, layers=[dict(manifest["layers"][0], digest="sha256:../../../../etc/passwd")]),
        "no digest": dict(manifest, layers=[{"mediaType": images.LAYER["gzip"], "size": 1}]),
        "text size": dict(manifest, layers=[dict(manifest["layers"][0], size="7")]),
        "trailing": text.encode() + b" {}",
    }
    for label, body in cases.items():
        print(bench.fails(5, arguments=[with_manifest(bench, label, body)]).err, end="")


@case
def broken_configs(bench):
    for label, config in {"empty": b"", "list": b"[]", "cut": b'{"os": "linux"', "twice": b'{"os": "linux", "os": "linux"}',
                          "diff ids": b'{"os": "linux", "architecture": "amd64", "rootfs": {"type": "layers", "diff_ids": ["sha256:x", 7]}}'}.items():
        image = small()
        image.config = config
        image.manifest = json.dumps(image.manifest_json | {"config": images.descriptor(images.CONFIG, config)}).encode()
        bench.fails(5, arguments=[images.write_layout(bench.home / label, image)])


@case
def layers_and_diff_ids_disagree(bench):
    image = small(diff_ids=[images.sha256(b"only one")])
    bench.fails(5, arguments=[images.write_layout(bench.home / "layout", image)])


@case
def artifacts_are_no_images(bench):
    """Helm charts, cosign signatures, SBOMs: the line says what it is."""
    kinds = {
        "helm": ("application/vnd.cncf.helm.config.v1+json", "application/vnd.cncf.helm.chart.content.v1.tar+gzip", {}),
        "cosign": ("application/vnd.oci.image.config.v1+json", "application/vnd.dev.cosign.simplesigning.v1+json", {}),
        "sbom": ("application/vnd.oci.empty.v1+json", "application/spdx+json", {"artifactType": "application/spdx+json"}),
        "wasm": ("application/vnd.wasm.config.v0+json", "application/wasm", {}),
    }
    for label, (config, layer, more) in kinds.items():
        image = small()
        image.seal(config=images.descriptor(config, image.config), layers=[images.descriptor(layer, image.blobs[0])], **more)
        print(bench.fails(5, arguments=[images.write_layout(bench.home / label, image)]).err, end="")


# ---- paths


@case
def archives_without_an_image(bench):
    """A root file system tar is no image: said with a hint."""
    rootfs = write_archive(bench.home / "rootfs.tar", [("etc/passwd", b"root"), ("usr/bin/x", b"x")])
    bench.fails(5, "rootfs.tar", "(", arguments=[rootfs])
    (bench.home / "rootfs.tar.gz").write_bytes(gzip.compress(rootfs.read_bytes()))
    bench.fails(5, arguments=[bench.home / "rootfs.tar.gz"])
    bench.fails(5, arguments=["-"], stdin=rootfs.read_bytes())
    bench.fails(5, arguments=[f"docker-archive:{rootfs}"])
    bench.fails(5, arguments=[f"oci-archive:{rootfs}"])


@case
def no_archive_at_all(bench):
    files = {"empty": b"", "text": b"hello, world\n" * 100, "zeros": bytes(10240), "zip": b"PK\x03\x04" + bytes(2000),
             "cut": b"", "short": b"x"}
    image = small()
    files["cut"] = docker_archive(bench, image).read_bytes()[:2000]
    for name, data in files.items():
        path = bench.home / f"{name}.tar"
        path.write_bytes(data)
        print(bench.fails(5, arguments=[path]).err, end="")
        bench.fails(5, arguments=["-"], stdin=data)


@case
def what_is_not_there(bench):
    (bench.home / "folder").mkdir()
    for path in ["./absent.tar", "/nonexistent-imgprof/web.tar", "../absent", "docker-archive:absent.tar", "oci-archive:/nonexistent-imgprof", "oci:absent", "dir:/nonexistent-imgprof"]:
        bench.fails(6, "absent" if "absent" in path else "nonexistent", arguments=[path])
    bench.fails(5, "folder", arguments=[f"{bench.home}/folder"])
    bench.fails(5, "folder", arguments=[f"oci:{bench.home}/folder"])
    bench.fails(None, "folder", arguments=[f"docker-archive:{bench.home}/folder"])


@case
def archives_that_lack_a_member(bench):
    """A layer that the manifest names and nobody packed, for archives read in both ways."""
    image = small()
    archive = docker_archive(bench, image, Layers=["0.tar", "gone.tar"])
    bench.fails(3, "layer 1", "gone.tar", arguments=[archive])
    bench.fails(3, "layer 1", arguments=["-"], stdin=archive.read_bytes())
    layout = images.write_layout(bench.home / "layout", image)
    (bench.home / "layout/blobs/sha256" / images.sha256(image.blobs[1])[7:]).unlink()
    bench.fails(3, "layer 1", arguments=[layout])


@case
def wrong_words(bench):
    """References and options that mean nothing: 2, before anything is read."""
    for words in [["library/UPPER"], ["a//b"], ["web:bad tag"], ["web@sha256:12"], ["https://example.com/web"], [""], ["ftp://x/y"],
                  ["web", "--units", "stones"], ["web", "--limit", "nothing=1"], ["web", "--limit", "nodes"],
                  ["web", "-o", "pdf"], ["web", "-o", "json="], ["web", "--threads", "many"], ["web", "--sort", "colour"], ["help", "nothing"],
                  ["completion"], ["completion", "tcsh"], ["rules", "NO-SUCH-RULE"], ["diff", "a"], ["scan"]]:
        bench.fails(2, arguments=words)
    check("docker.io/library/scan" in bench.fails(2, arguments=["scan"]).err, "no hint how to name an image")


@case
def an_empty_image(bench):
    """No layers, and a layer without entries, are images of nothing: complete and right."""
    for label, layers in {"none": [], "empty tar": [bytes(1024)], "nothing": [b""]}.items():
        found = bench.profile(images.write_layout(bench.home / label, images.Image(*layers)), "--no-cache")
        equal(f"{label}: totals", set(documents.without_pull(found["images"][0]["totals"]).values()) - {1024}, {0})
        for form in FORMATS:
            bench.run(images.write_layout(bench.home / label, images.Image(*layers)), "-o", form, "--no-cache")


# ---- --partial


def mark_of_incompleteness(form, data):
    text = data.decode()
    if form == "json":
        found = json.loads(text)
        return not found["complete"] and not found["images"][0]["complete"]
    if form == "ndjson":
        return not json.loads(text.splitlines()[0])["complete"]
    if form == "sarif":
        return not any(run["invocations"][0]["executionSuccessful"] for run in json.loads(text)["runs"])
    if form == "openmetrics":
        return [value for (name, _), value in formats.metrics(text).items() if name == "imgprof_complete"] == [0]
    if form == "codequality":  # a list of issues: the status and the last line say it
        return isinstance(json.loads(text), list)
    return "incomplete" in text.lower()


@case
def partial_reports_say_so_in_every_format(bench):
    """A layer cut short shows what was read of it, one that is missing is named; exit 5."""
    layers = [images.tar((name, name.encode() * 3000), (name + "2", b"x" * 100)) for name in ("first", "second", "third")]
    cut = images.compress(layers[1], "plain")[:3 * 512 + 6000 - 6000 % 512 + 700]
    damaged = images.write_layout(bench.home / "damaged", images.Image(*layers, blobs={1: cut}))
    missing = images.write_layout(bench.home / "missing", images.Image(*layers))
    (bench.home / "missing/blobs/sha256" / images.sha256(images.compress(layers[1], "gzip"))[7:]).unlink()
    for layout in [damaged, missing]:
        bench.fails(None, "layer 1", arguments=[layout])
        found = bench.profile(layout, "--partial", status=5)
        equal("complete", found["complete"], False)
        equal("layers that are", [n["complete"] for n in found["images"][0]["layers"]], [True, False, True])
        paths = {path for path, _ in documents.walk(found["images"][0]["tree"])}
        check({"first", "first2", "third", "third2"} <= paths, "what was whole is not shown", paths)
        check("second2" not in paths, "what could not be read is shown", paths)
        unread = sum(n["pull_bytes"] for n in found["images"][0]["layers"] if n["compression"] is None)
        equal("bytes that nobody read", sum(p["pull_bytes"] for p in found["images"][0]["packages"] if p["name"] == "[not read]"), unread)
        check("incomplete" in {w["code"] for w in found["images"][0]["warnings"]}, "no warning says why")
        for form in FORMATS:
            result = bench.run(layout, "--partial", "-o", form, status=5)
            check(mark_of_incompleteness(form, result.out), f"{form} does not say that it is incomplete", result)
            check("incomplete" in result.err.splitlines()[-1], "the last line does not say so", result)
            check(mark_of_incompleteness(form, bench.run(layout, "--partial", "-q", "-o", form, status=5).out), f"{form}, quiet")


@case
def partial_of_a_whole_image_is_complete(bench):
    bench.make_image("web.image", f"oci:{bench.home}/web")
    equal("document", bench.profile(f"{bench.home}/web", "--partial"), bench.profile(f"{bench.home}/web"))


@case
def partial_from_standard_input(bench):
    image = images.Image(*[images.tar((name, name.encode() * 3000)) for name in ("first", "second")])
    data = docker_archive(bench, image, Layers=["0.tar", "gone.tar"]).read_bytes()
    found = bench.profile("-", "--partial", stdin=data, status=5)
    equal("layers that are complete", [n["complete"] for n in found["images"][0]["layers"]], [True, False])


@case
def nothing_partial_of_what_cannot_be_found(bench):
    """--partial is for damage, not for images that are not there."""
    registry = serve(bench, small())
    bench.fails(3, arguments=[f"{registry.host}/r/x:absent", "--partial"])
    bench.fails(6, arguments=["./absent.tar", "--partial"])
    bench.fails(5, arguments=[with_manifest(bench, "broken", b"{"), "--partial"])
