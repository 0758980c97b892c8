"""Manifests, indexes, configs and what a registry says about them (formats.md 2)."""

import base64
import hashlib
import json

from harness import case, check_fails, check_image
from server import (CONFIG, INDEX, LAYER, LIST, MANIFEST, Image, Registry, descriptor, embedded,
                    index, noise, sha256)

ATTESTATION = {"platform": {"os": "unknown", "architecture": "unknown"},
               "annotations": {"vnd.docker.reference.type": "attestation-manifest"}}


def with_index(fetch, *entries, images=(), media_type=INDEX, **changes):
    """A registry whose tag is an index of ENTRIES, with IMAGES beside it."""
    registry = fetch.serve(Registry())
    for image in images:
        registry.add(image)
    registry.put(index(*entries, **changes), media_type, "latest")
    return registry


def arm(variant, **changes):
    return Image([noise(100, 40)], architecture="arm", variant=variant, **changes)


@case
def plain_image(fetch):
    image = Image()
    registry = fetch.serve(Registry(image))
    result = fetch(registry.reference)
    check_image(result, image)
    assert result.all("image") == [registry.reference], result
    assert result.all("platform") == ["linux/amd64"], result
    assert not result.all("warning"), result
    assert {r.method for r in registry.log} == {"GET"}


@case
def by_digest_makes_one_manifest_request(fetch):
    image = Image()
    registry = fetch.serve(Registry(image))
    result = fetch(f"{registry.host}/r/x:gone@{image.digest}")
    check_image(result, image)
    assert len(registry.requests("/manifests/")) == 1
    assert registry.requests("/manifests/")[0].path.endswith(image.digest)


@case
def accept_is_one_line_with_all_types(fetch):
    image = Image()
    registry = fetch.serve(Registry(image))

    def strict(request):
        accept = request.headers["accept"]
        first = accept.split("\n")[0]
        wanted = [INDEX, LIST, MANIFEST]
        assert "\n" not in accept
        if not all(t in first for t in wanted):
            request.reply(200, {"schemaVersion": 1}, ("Content-Type", "application/json"))
            return None
        return False

    registry.on("/manifests/", strict)
    check_image(fetch(registry.reference), image)


@case
def never_asks_for_an_encoding(fetch):
    registry = fetch.serve(Registry(Image()))
    fetch(registry.reference)
    assert all(r.headers["accept-encoding"] == "identity" for r in registry.log)


@case
def content_type_with_parameters(fetch):
    image = Image()
    registry = with_index(fetch, image.entry(), images=[image],
                          media_type=INDEX.upper() + "; charset=utf-8")
    check_image(fetch(registry.reference), image)


@case
def type_from_the_body_when_served_as_text(fetch):
    image = Image()
    del image.manifest_json["mediaType"]
    registry = fetch.serve(Registry())
    registry.add(image.seal())
    registry.put(image.manifest, "text/plain; charset=utf-8", "latest")
    check_image(fetch(registry.reference), image)


@case
def type_from_the_body_without_a_header(fetch):
    image = Image()
    registry = fetch.serve(Registry(image))
    registry.on("/manifests/", lambda r: r.reply(200, image.manifest))
    check_image(fetch(registry.reference), image)


@case
def types_in_conflict_on_a_tag(fetch):
    image = Image()
    registry = fetch.serve(Registry(image))
    registry.put(image.manifest, INDEX, "latest")
    check_fails(fetch(registry.reference), "format", "calls itself")


@case
def types_in_conflict_below_a_digest_warn(fetch):
    image = Image(mediaType="application/vnd.docker.distribution.manifest.v2+json")
    registry = with_index(fetch, image.entry(), images=[image])
    result = fetch(registry.reference)
    check_image(result, image)
    assert any(w.startswith("media-type:") for w in result.all("warning")), result


@case
def index_and_manifest_at_once(fetch):
    image = Image(manifests=[])
    registry = fetch.serve(Registry(image))
    check_fails(fetch(registry.reference), "format", "ambiguous")


@case
def schema1_is_named(fetch):
    registry = fetch.serve(Registry())
    body = json.dumps({"schemaVersion": 1, "fsLayers": [], "history": []}).encode()
    registry.put(body, "application/vnd.docker.distribution.manifest.v1+prettyjws", "latest")
    check_fails(fetch(registry.reference), "unsupported", "schema 1")


@case
def wrong_digest_header_on_a_tag_warns(fetch):
    image = Image()
    registry = fetch.serve(Registry(image))
    registry.on("/manifests/", lambda r: r.reply(
        200, image.manifest, ("Content-Type", MANIFEST), ("Docker-Content-Digest", sha256(b"?"))))
    result = fetch(registry.reference)
    check_image(result, image)
    assert any(w.startswith("digest-header:") for w in result.all("warning")), result


@case
def other_manifest_than_the_digest_asked_for(fetch):
    image, other = Image(), Image([noise(5)])
    registry = fetch.serve(Registry(image))
    registry.on("/manifests/", lambda r: r.reply(200, other.manifest, ("Content-Type", MANIFEST)))
    check_fails(fetch(f"{registry.host}/r/x@{image.digest}"), "integrity", other.digest)


@case
def image_asked_for_by_sha512(fetch):
    image = Image()
    registry = fetch.serve(Registry(image))
    digest = "sha512:" + hashlib.sha512(image.manifest).hexdigest()
    result = fetch(f"{registry.host}/r/x@{digest}")
    assert result.status == 0 and result.all("digest") == [digest], result


@case
def layer_with_sha512(fetch):
    layer = noise(4000)
    digest = "sha512:" + hashlib.sha512(layer).hexdigest()
    image = Image([layer])
    image.manifest_json["layers"][0]["digest"] = digest
    registry = fetch.serve(Registry(image.seal()))
    registry.blobs[digest] = layer
    result = fetch(registry.reference)
    assert result.status == 0 and result.all("layer") == [f"0 {digest} 4000"], result


@case
def layer_with_an_unknown_algorithm(fetch):
    image = Image()
    image.manifest_json["layers"][0]["digest"] = "blake3:" + "a" * 64
    registry = fetch.serve(Registry(image.seal()))
    check_fails(fetch(registry.reference), "unsupported", "blake3")


@case
def endless_manifest_without_length(fetch):
    registry = fetch.serve(Registry())

    def flood(request):
        request.head(200, [("Content-Type", MANIFEST), ("Transfer-Encoding", "chunked")])
        while True:
            request.send(b"10000\r\n" + b" " * 65536 + b"\r\n")

    registry.on("/manifests/", flood)
    check_fails(fetch(registry.reference), "limit", "manifest-bytes")


@case
def oversized_config_in_the_descriptor(fetch):
    image = Image()
    image.manifest_json["config"]["size"] = 100_000_000
    registry = fetch.serve(Registry(image.seal()))
    check_fails(fetch(registry.reference), "limit", "config-bytes")
    assert not registry.requests("/blobs/")


@case
def config_longer_than_it_says(fetch):
    image = Image()
    image.manifest_json["config"]["size"] -= 1
    registry = fetch.serve(Registry(image.seal()))
    check_fails(fetch(registry.reference), "integrity", "config sha256:")


@case
def config_with_another_digest(fetch):
    image = Image()
    registry = fetch.serve(Registry(image))
    registry.blobs[sha256(image.config)] = image.config.replace(b"step 0", b"step 9")
    check_fails(fetch(registry.reference), "integrity", "config sha256:")


@case
def fewer_diff_ids_than_layers(fetch):
    image = Image()
    image.manifest_json["layers"].append(image.manifest_json["layers"][0])
    registry = fetch.serve(Registry(image.seal()))
    check_fails(fetch(registry.reference), "format", "3 layers", "2 diff_ids")


@case
def same_layer_twice(fetch):
    layer = noise(900)
    image = Image([layer, noise(50, 2), layer])
    registry = fetch.serve(Registry(image))
    check_image(fetch(registry.reference), image)


@case
def config_only_image(fetch):
    image = Image([])
    registry = fetch.serve(Registry(image))
    check_image(fetch(registry.reference), image)


@case
def nested_indexes(fetch):
    image = Image()
    inner = index(image.entry())
    middle = index(descriptor(INDEX, inner))
    registry = with_index(fetch, descriptor(INDEX, middle), images=[image])
    registry.put(inner, INDEX)
    registry.put(middle, INDEX)
    check_image(fetch(registry.reference), image)


@case
def indexes_nested_too_deep(fetch):
    image = Image()
    registry = fetch.serve(Registry(image, tag="plain"))
    entry = image.entry()
    for _ in range(5):
        body = index(entry)
        registry.put(body, INDEX)
        entry = descriptor(INDEX, body)
    registry.put(body, INDEX, "latest")
    check_fails(fetch(f"{registry.host}/r/x"), "limit", "index-depth")


@case
def index_with_too_many_entries(fetch):
    image = Image()
    registry = with_index(fetch, *[image.entry()] * 10_000, images=[image])
    check_fails(fetch(registry.reference), "limit", "platforms")


@case
def index_fans_out_over_levels(fetch):
    registry = fetch.serve(Registry())
    leaves = [index(image=i) for i in range(6)]
    for leaf in leaves:
        registry.put(leaf, INDEX)
    registry.put(index(*(descriptor(INDEX, l) for l in leaves)), INDEX, "latest")
    result = fetch(registry.reference, "--limit", "platforms=5")
    check_fails(result, "limit", "platforms")


@case
def unknown_entry_of_an_index_is_passed_over(fetch):
    image = Image()
    registry = with_index(fetch, descriptor("application/xml", b"<x/>"), image.entry(),
                          images=[image])
    check_image(fetch(registry.reference), image)


@case
def docker_list_without_annotations(fetch):
    image = Image()
    registry = with_index(fetch, image.entry(), images=[image], media_type=LIST, mediaType=LIST)
    check_image(fetch(registry.reference), image)


@case
def empty_index(fetch):
    registry = with_index(fetch)
    check_fails(fetch(registry.reference), "not-found", "no image")


@case
def attestation_first_needs_no_platform(fetch):
    image = Image(architecture="s390x")
    attestation = Image([noise(9)])
    registry = with_index(fetch, descriptor(MANIFEST, attestation.manifest, **ATTESTATION),
                          image.entry(), images=[image, attestation])
    result = fetch(registry.reference)
    check_image(result, image)
    assert not result.all("other"), result
    assert any(w.startswith("platform:") for w in result.all("warning")), result


@case
def config_from_embedded_data(fetch):
    image = Image()
    image.manifest_json["config"] = embedded(image.manifest_json["config"], image.config)
    registry = fetch.serve(Registry(image.seal()))
    del registry.blobs[sha256(image.config)]
    check_image(fetch(registry.reference), image)


@case
def layer_from_embedded_data(fetch):
    image = Image()
    image.manifest_json["layers"][1] = embedded(image.manifest_json["layers"][1], image.layers[1])
    registry = fetch.serve(Registry(image.seal()))
    del registry.blobs[sha256(image.layers[1])]
    check_image(fetch(registry.reference), image)


@case
def manifest_from_embedded_data(fetch):
    image = Image()
    registry = with_index(fetch, embedded(image.entry(), image.manifest), images=[image])
    check_image(fetch(registry.reference), image)
    assert len(registry.requests("/manifests/")) == 1


@case
def embedded_data_of_another_digest(fetch):
    image = Image()
    config = image.manifest_json["config"]
    config["data"] = base64.b64encode(b"x" * config["size"]).decode()
    registry = fetch.serve(Registry(image.seal()))
    check_fails(fetch(registry.reference), "integrity", "digest")


def artifact(fetch, config_type, layer_type, config=b"{}", **changes):
    image = Image([noise(64)], **changes)
    image.manifest_json["config"] = descriptor(config_type, config)
    image.manifest_json["layers"][0]["mediaType"] = layer_type
    registry = fetch.serve(Registry(image.seal()))
    registry.blobs[sha256(config)] = config
    return fetch(registry.reference)


@case
def helm_chart(fetch):
    check_fails(artifact(fetch, "application/vnd.cncf.helm.config.v1+json",
                         "application/vnd.cncf.helm.chart.content.v1.tar+gzip"),
                "unsupported", "a Helm chart", "not an image")


@case
def cosign_signature_with_an_image_config(fetch):
    check_fails(artifact(fetch, CONFIG, "application/vnd.dev.cosign.simplesigning.v1+json"),
                "unsupported", "a signature", "not an image")


@case
def artifact_with_an_empty_config(fetch):
    check_fails(artifact(fetch, "application/vnd.oci.empty.v1+json", "application/octet-stream",
                         artifactType="application/x-mine"),
                "unsupported", "application/x-mine", "not an image")


@case
def build_cache_manifest(fetch):
    check_fails(artifact(fetch, "application/vnd.buildkit.cacheconfig.v0", LAYER),
                "unsupported", "a build cache, not an image")


@case
def build_cache_index(fetch):
    registry = with_index(fetch, descriptor(LAYER, noise(10)),
                          descriptor("application/vnd.buildkit.cacheconfig.v0", b"{}"))
    check_fails(fetch(registry.reference), "unsupported", "a build cache, not an image")
    assert len(registry.log) == 1


PLATFORMS = {"v6": arm("v6"), "v7": arm("v7", annotations={"n": "7"}),
             "arm64": Image([noise(64, 5)], architecture="arm64", variant="v8"),
             "amd64": Image([noise(64, 6)]),
             "amd64v3": Image([noise(64, 7)], variant="v3")}


def chosen(fetch, platform, expected):
    images = PLATFORMS.values()
    registry = with_index(fetch, *(i.entry() for i in images), images=images)
    result = fetch(registry.reference, "--platform", platform)
    check_image(result, PLATFORMS[expected])
    assert len(result.all("other")) == 4, result


@case
def platform_arm(fetch):
    chosen(fetch, "arm", "v7")


@case
def platform_armhf(fetch):
    chosen(fetch, "linux/armhf", "v7")


@case
def platform_aarch64(fetch):
    chosen(fetch, "aarch64", "arm64")


@case
def platform_arm64_v8(fetch):
    chosen(fetch, "linux/arm64/v8", "arm64")


@case
def platform_x86_64(fetch):
    chosen(fetch, "x86_64", "amd64")


@case
def platform_that_is_not_there(fetch):
    attestation = Image([noise(9)])
    registry = with_index(fetch, *(i.entry() for i in PLATFORMS.values()),
                          descriptor(MANIFEST, attestation.manifest, **ATTESTATION),
                          images=PLATFORMS.values())
    result = fetch(registry.reference, "--platform", "riscv64")
    check_fails(result, "not-found", "linux/riscv64", "linux/arm/v6", "linux/arm/v7",
                "linux/arm64", "linux/amd64", "linux/amd64/v3")
    assert "unknown" not in result.error, result
    assert "--platform" in result.hint, result


@case
def entries_without_platform_are_looked_into(fetch):
    images = [Image([noise(5, 1)], architecture="arm64"), Image([noise(5, 2)])]
    chart = Image([noise(5, 3)])
    chart.manifest_json["config"] = descriptor("application/vnd.cncf.helm.config.v1+json", b"{}")
    entries = [descriptor(MANIFEST, i.manifest) for i in [chart.seal(), *images]]
    registry = with_index(fetch, *entries, images=[chart, *images])
    check_image(fetch(registry.reference, "--platform", "linux/amd64"), images[1])


@case
def lone_manifest_of_another_platform_warns(fetch):
    image = Image(architecture="arm64")
    registry = fetch.serve(Registry(image))
    result = fetch(registry.reference)
    check_image(result, image)
    assert any("linux/arm64" in w for w in result.all("warning")), result


@case
def lone_manifest_of_another_platform_than_asked_for(fetch):
    registry = fetch.serve(Registry(Image(architecture="arm64")))
    check_fails(fetch(registry.reference, "--platform", "linux/amd64"), "not-found", "linux/arm64")


@case
def all_platforms(fetch):
    images = list(PLATFORMS.values())
    registry = with_index(fetch, *(i.entry() for i in images), images[0].entry(), images=images)
    result = fetch(registry.reference, "--all-platforms")
    assert result.status == 0 and result.all("digest") == [i.digest for i in images], result


@case
def all_platforms_of_a_sparse_index(fetch):
    here, gone = Image([noise(5, 1)]), Image([noise(5, 2)], architecture="arm64")
    registry = with_index(fetch, gone.entry(), here.entry(), images=[here])
    result = fetch(registry.reference, "--all-platforms")
    check_image(result, here)
    assert any("linux/arm64" in w for w in result.all("warning")), result


@case
def missing_tag_names_the_nearest(fetch):
    registry = fetch.serve(Registry(Image(), tag="1.21-alpine"))
    for tag in ["1.20-alpine", "zebra", "1.21", "1.21-alpin", "latest", "bookworm", "mainline"]:
        registry.add(Image(), tag)
    result = fetch(f"{registry.host}/r/x:1.21-alpine3")
    check_fails(result, "not-found", "no such tag", "MANIFEST_UNKNOWN: not known here")
    nearest = "the nearest tags are 1.21-alpine, 1.20-alpine, 1.21-alpin, "
    assert result.hint.startswith(nearest), result
    assert "zebra" not in result.hint, result
    assert result.status == 3


@case
def tag_list_with_nulls_and_digests(fetch):
    registry = fetch.serve(Registry(Image()))
    registry.on("/tags/", lambda r: r.reply(
        200, {"tags": [None, "sha256:" + "0" * 64, "a\x1b[31m", "v1", 7]}))
    result = fetch(f"{registry.host}/r/x:v2")
    assert result.hint == "the tags are v1", result


@case
def tag_list_that_is_no_list(fetch):
    registry = fetch.serve(Registry(Image()))
    registry.on("/tags/", lambda r: r.reply(503, "<html>"))
    result = fetch(f"{registry.host}/r/x:v2")
    check_fails(result, "not-found", "no such tag")
    assert result.hint == "" and len(registry.requests("/tags/")) == 1, result


@case
def missing_repository(fetch):
    registry = fetch.serve(Registry())
    registry.on("/manifests/", lambda r: r.reply(404, {"errors": [{"code": "NAME_UNKNOWN"}]}))
    check_fails(fetch(registry.reference), "not-found", "no such repository")


@case
def html_in_place_of_a_manifest(fetch):
    registry = fetch.serve(Registry())
    registry.on("/manifests/", lambda r: r.reply(
        200, "<html>log in here", ("Content-Type", "text/html")))
    result = fetch(registry.reference)
    check_fails(result, "network", "not a registry's answer", "text/html")
    assert "log in here" not in result.out + result.log


@case
def html_error(fetch):
    registry = fetch.serve(Registry())
    registry.on("/v2/", lambda r: r.reply(404, "<html>nothing", ("Content-Type", "text/html")))
    result = fetch(registry.reference)
    check_fails(result, "not-found", "text/html")
    assert "<html" not in result.out + result.log


@case
def error_body_of_10_mib(fetch):
    registry = fetch.serve(Registry())
    registry.on("/v2/", lambda r: r.reply(403, "x" * (10 << 20)))
    check_fails(fetch(registry.reference), "denied", "not found or no access")


@case
def long_error_message_is_cut(fetch):
    registry = fetch.serve(Registry())
    body = {"errors": [{"code": "C" * 3000, "message": "m" * 3000}]}
    registry.on("/v2/", lambda r: r.reply(400, body))
    check_fails(fetch(registry.reference), "network", "CCC: mmm")


@case
def code_unauthorized_with_status_404(fetch):
    registry = fetch.serve(Registry())
    registry.on("/v2/", lambda r: r.reply(404, {"errors": [{"code": "UNAUTHORIZED"}]}))
    check_fails(fetch(registry.reference), "not-found", "UNAUTHORIZED")


@case
def equal_warnings_are_told_once(fetch):
    image = Image()
    registry = fetch.serve(Registry(image))
    registry.on("/manifests/", lambda r: r.reply(
        200, image.manifest, ("Content-Type", MANIFEST), ("Warning", '299 - "going \\"away\\""'),
        ("Warning", '299 - "going \\"away\\""'), ("Warning", '199 - "other"')))
    result = fetch(registry.reference)
    check_image(result, image)
    assert len(result.all("warning")) == 1, result
    assert "going" in result.all("warning")[0] and "away" in result.all("warning")[0], result


@case
def broken_json(fetch):
    registry = fetch.serve(Registry())
    registry.put(b'{"schemaVersion": 2,', MANIFEST, "latest")
    check_fails(fetch(registry.reference), "format")


@case
def missing_layer(fetch):
    image = Image()
    registry = fetch.serve(Registry(image))
    del registry.blobs[sha256(image.layers[0])]
    check_fails(fetch(registry.reference), "not-found", "layer 0", "BLOB_UNKNOWN")
