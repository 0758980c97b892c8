"""Blobs: redirects, resuming, lengths, encodings, foreign layers (formats.md 3.12 to 3.15)."""

import gzip
import random
import re

from harness import case, check_fails, check_image
from server import Image, Registry, Server, Tokens, descriptor, noise, sha256

BLOB = "/blobs/"
FOREIGN = "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip"
MIB = 1 << 20


def one_layer(fetch, size=3 * MIB, **options):
    image = Image([noise(size, 3)])
    registry = fetch.serve(Registry(image, **options))
    return image, registry, sha256(image.layers[0])


def on_layer(registry, digest, function):
    registry.on(re.escape(digest), function)


# Redirects.

def store(fetch, registry, refuse_authorization=True):
    """An object store of another origin."""
    def answer(request):
        if refuse_authorization and "authorization" in request.headers:
            return request.reply(400, "Only one auth mechanism allowed")
        digest = request.path.rpartition("/")[2]
        return registry.send_blob(request, registry.blobs[digest])
    return fetch.serve(Server(answer))


@case
def redirect_to_another_port_without_the_token(fetch):
    image, registry, _ = one_layer(fetch)
    other = store(fetch, registry)
    Tokens(registry)
    registry.on(BLOB, lambda r: r.redirect(f"{other.url}/s/{r.path[11:]}?X-Sig=CANARYsig"))
    check_image(fetch(registry.reference), image)
    assert len(other.log) == 2 and all("CANARYsig" in r.target for r in other.log)


@case
def redirect_without_basic_credentials(fetch):
    image, registry, _ = one_layer(fetch)
    other = store(fetch, registry)
    registry.on("^/v2/", lambda r: False if "authorization" in r.headers else r.reply(
        401, "", ("WWW-Authenticate", "Basic")))
    registry.on(BLOB, lambda r: r.redirect(f"{other.url}/s/{r.path[11:]}", 302))
    fetch.home.login(registry.host, "me:CANARY")
    check_image(fetch(registry.reference), image)


@case
def redirects_of_all_kinds_in_a_chain(fetch):
    image, registry, digest = one_layer(fetch)
    steps = [301, 302, 303, 307, 308]

    def hop(request):
        n = int(request.query or 0)
        if n == len(steps):
            return False
        return request.reply(steps[n], "moved", ("Location", f"?{n + 1}"))

    on_layer(registry, digest, hop)
    check_image(fetch(registry.reference), image)


@case
def redirect_loop(fetch):
    image, registry, digest = one_layer(fetch)
    on_layer(registry, digest, lambda r: r.redirect(r.path))
    check_fails(fetch(registry.reference), "network", "layer 0", "more than 5 redirects")
    assert len(registry.requests(digest)) == 6


@case
def manifest_redirects(fetch):
    image, registry, _ = one_layer(fetch)
    there = f"/v2/r/x/manifests/{image.digest}"
    registry.on("/manifests/latest", lambda r: r.redirect(there))
    check_image(fetch(registry.reference), image)


def refused_redirect(fetch, location, *parts):
    _, registry, digest = one_layer(fetch)
    headers = [("Location", location)] if location else []
    on_layer(registry, digest, lambda r: r.reply(307, "", *headers))
    check_fails(fetch(registry.reference), "network", "layer 0", *parts)


@case
def redirect_to_a_file(fetch):
    refused_redirect(fetch, "file:///etc/passwd", "redirect", "not http or https")


@case
def redirect_to_gopher(fetch):
    refused_redirect(fetch, "gopher://127.0.0.1/", "redirect", "not http or https")


@case
def redirect_to_the_metadata_service(fetch):
    refused_redirect(fetch, "https://169.254.169.254/latest/meta-data/", "refused", "link-local")


@case
def redirect_with_a_user_name(fetch):
    refused_redirect(fetch, "http://user:CANARY@127.0.0.1/", "redirect", "user name")


@case
def redirect_to_nowhere(fetch):
    refused_redirect(fetch, None, "redirect", "to nowhere")


@case
def redirect_to_plain_http_elsewhere(fetch):
    refused_redirect(fetch, "http://registry.invalid/x", "redirect", "plain http")


@case
def redirect_with_a_broken_address(fetch):
    refused_redirect(fetch, "http://[::1/", "redirect", "malformed")


@case
def redirected_host_asks_for_a_login(fetch):
    image, registry, digest = one_layer(fetch)
    other = fetch.serve(Server(lambda r: r.reply(401, "", (
        "WWW-Authenticate", f'Bearer realm="{r.server.url}/token"'))))
    tokens = Tokens(registry, user="me:CANARY")
    fetch.home.login(registry.host, "me:CANARY")
    on_layer(registry, digest, lambda r: r.redirect(other.url))
    result = fetch(registry.reference)
    check_fails(result, "denied", other.host)
    assert result.hint == "", result
    assert len(other.log) == 1 and "authorization" not in other.log[0].headers
    assert tokens.given == 1


@case
def credentials_do_not_return_after_a_detour(fetch):
    image, registry, digest = one_layer(fetch)
    other = fetch.serve(Server(lambda r: r.redirect(registry.url + "/back")))
    Tokens(registry)
    on_layer(registry, digest, lambda r: r.redirect(other.url))
    registry.on("^/back", lambda r: registry.send_blob(r, image.layers[0]))
    check_image(fetch(registry.reference), image)
    assert "authorization" not in registry.requests("/back")[0].headers


# Resuming.

@case
def closed_after_each_mebibyte(fetch):
    image, registry, digest = one_layer(fetch, 6 * MIB + 5)
    on_layer(registry, digest, lambda r: registry.send_blob(r, image.layers[0], r.offset() + MIB))
    check_image(fetch(registry.reference), image)
    offsets = [r.offset() for r in registry.requests(digest)]
    assert offsets == [i * MIB for i in range(7)], offsets


@case
def broken_at_random_offsets(fetch):
    """Sixty layers, each cut somewhere once, in four ways."""
    rng = random.Random(14)
    image = Image([noise(rng.randrange(1, 150_000), 100 + i) for i in range(60)])
    registry = fetch.serve(Registry(image))
    cut = set()

    def break_once(request):
        digest = request.path.rpartition("/")[2]
        if digest in cut or registry.blobs[digest] is image.config:
            return False
        cut.add(digest)
        blob = registry.blobs[digest]
        until = rng.randrange(len(blob))
        if len(cut) % 4 == 0:
            request.reset()
        if len(cut) % 4 == 1:
            request.head(200, [("Connection", "close")])
        elif len(cut) % 4 == 2:
            request.head(200, [("Transfer-Encoding", "chunked")])
            request.send(b"%x\r\n" % (until + 1))
        else:
            request.head(200, [("Content-Length", len(blob))])
        request.send(blob[:until])
        return request.close()

    registry.on(BLOB, break_once)
    check_image(fetch(registry.reference, "--threads"), image)


@case
def server_that_knows_no_ranges(fetch):
    image, registry, digest = one_layer(fetch)
    cuts = [MIB + MIB // 2]

    def whole(request):
        request.headers.pop("range", None)
        registry.send_blob(request, image.layers[0], cuts.pop() if cuts else None)

    on_layer(registry, digest, whole)
    check_image(fetch(registry.reference), image)
    assert len(registry.requests(digest)) == 2


@case
def server_that_knows_no_ranges_and_breaks_for_ever(fetch):
    image, registry, digest = one_layer(fetch, 20 * MIB)
    sent = [0]

    def whole(request):
        sent[0] += 2 * MIB
        request.headers.pop("range", None)
        registry.send_blob(request, image.layers[0], sent[0])

    on_layer(registry, digest, whole)
    check_fails(fetch(registry.reference), "network", "again and again")


def broken_then(fetch, answer):
    image, registry, digest = one_layer(fetch)

    def answer_ranges(request):
        if request.offset():
            return answer(request, image.layers[0])
        return registry.send_blob(request, image.layers[0], 2 * MIB)

    on_layer(registry, digest, answer_ranges)
    return fetch(registry.reference), image


@case
def range_from_another_offset(fetch):
    result, _ = broken_then(fetch, lambda r, blob: r.reply(206, blob[5:], (
        "Content-Range", f"bytes 5-{len(blob) - 1}/{len(blob)}")))
    check_fails(result, "network", "asked for bytes from 2097152 on", "bytes 5-")


@case
def range_of_another_length(fetch):
    result, _ = broken_then(fetch, lambda r, blob: r.reply(206, blob[r.offset():], (
        "Content-Range", f"bytes {r.offset()}-{len(blob)}/{len(blob) + 1}")))
    check_fails(result, "integrity", "the manifest says")


@case
def range_without_a_header(fetch):
    result, _ = broken_then(fetch, lambda r, blob: r.reply(206, blob[r.offset():]))
    check_fails(result, "network", "was sent the range")


@case
def range_of_unknown_length(fetch):
    result, image = broken_then(fetch, lambda r, blob: r.reply(206, blob[r.offset():], (
        "Content-Range", f"bytes {r.offset()}-{len(blob) - 1}/*")))
    check_image(result, image)


@case
def range_not_satisfiable(fetch):
    result, _ = broken_then(fetch, lambda r, blob: r.reply(416))
    check_fails(result, "network", "416")


@case
def part_where_all_was_asked_for(fetch):
    image, registry, digest = one_layer(fetch)
    on_layer(registry, digest, lambda r: r.reply(
        206, image.layers[0], ("Content-Range", "bytes 0-9/10")))
    check_fails(fetch(registry.reference), "network", "206")


@case
def other_bytes_after_the_break(fetch):
    result, _ = broken_then(fetch, lambda r, blob: r.reply(206, b"x" * (len(blob) - r.offset()), (
        "Content-Range", f"bytes {r.offset()}-{len(blob) - 1}/{len(blob)}")))
    check_fails(result, "integrity", "digest")


@case
def no_progress_gives_up(fetch):
    image, registry, digest = one_layer(fetch)
    on_layer(registry, digest, lambda r: registry.send_blob(r, image.layers[0], r.offset() + 1000))
    check_fails(fetch(registry.reference), "network", "layer 0", "of 3145728 bytes")
    assert len(registry.requests(digest)) == 4


@case
def resumed_through_a_new_signed_address(fetch):
    image, registry, digest = one_layer(fetch)
    used = []

    def answer(request):
        if request.query in used:
            return request.reply(403, "expired")
        used.append(request.query)
        return registry.send_blob(request, image.layers[0], request.offset() + MIB)

    other = fetch.serve(Server(answer))
    on_layer(registry, digest, lambda r: r.redirect(f"{other.url}/?{len(registry.log)}"))
    check_image(fetch(registry.reference), image)
    assert len(used) == 3


@case
def token_that_expires_in_the_middle(fetch):
    image, registry, digest = one_layer(fetch)
    tokens = Tokens(registry)

    def cut(request):
        tokens.valid.clear()
        registry.send_blob(request, image.layers[0], request.offset() + MIB)

    on_layer(registry, digest, cut)
    check_image(fetch(registry.reference), image)
    assert tokens.given == 3


@case
def last_chunk_is_missing(fetch):
    image, registry, digest = one_layer(fetch, 5000)

    def unfinished(request):
        request.head(200, [("Transfer-Encoding", "chunked")])
        request.send(b"1388\r\n" + image.layers[0] + b"\r\n")
        request.close()

    on_layer(registry, digest, unfinished)
    check_image(fetch(registry.reference), image)
    assert len(registry.requests(digest)) == 1


# Lengths and encodings.

@case
def length_that_contradicts_the_manifest(fetch):
    image, registry, digest = one_layer(fetch)
    on_layer(registry, digest, lambda r: r.reply(200, image.layers[0] + b"x"))
    check_fails(fetch(registry.reference), "integrity", "3145729", "the manifest says 3145728")


@case
def one_byte_more_without_length(fetch):
    image, registry, digest = one_layer(fetch)

    def longer(request):
        request.head(200, [("Connection", "close")])
        request.send(image.layers[0] + b"x")
        request.close()

    on_layer(registry, digest, longer)
    check_fails(fetch(registry.reference), "integrity")


@case
def endless_without_length(fetch):
    image, registry, digest = one_layer(fetch)

    def endless(request):
        request.head(200, [("Transfer-Encoding", "chunked")])
        while True:
            request.send(b"10000\r\n" + bytes(65536) + b"\r\n")

    on_layer(registry, digest, endless)
    check_fails(fetch(registry.reference), "integrity")


@case
def one_byte_less_for_ever(fetch):
    image, registry, digest = one_layer(fetch, 5000)

    def shorter(request):
        request.head(200, [("Connection", "close")])
        request.send(image.layers[0][:-1])
        request.close()

    on_layer(registry, digest, shorter)
    check_fails(fetch(registry.reference), "integrity", "ends after 4999 bytes", "5000")
    assert len(registry.requests(digest)) == 2


@case
def wrong_digest_of_the_right_length(fetch):
    image, registry, digest = one_layer(fetch)
    registry.blobs[digest] = noise(len(image.layers[0]), 4)
    check_fails(fetch(registry.reference), "integrity", digest[7:])


@case
def empty_layer(fetch):
    image, registry, _ = one_layer(fetch, 0)
    check_image(fetch(registry.reference), image)


@case
def content_encoding_that_is_not_true(fetch):
    image, registry, digest = one_layer(fetch)
    on_layer(registry, digest, lambda r: r.reply(
        200, image.layers[0], ("Content-Encoding", "gzip")))
    check_image(fetch(registry.reference), image)


@case
def content_encoding_that_is_true(fetch):
    image, registry, digest = one_layer(fetch)
    on_layer(registry, digest, lambda r: r.reply(
        200, gzip.compress(image.layers[0]), ("Content-Encoding", "gzip")))
    check_fails(fetch(registry.reference), "integrity", "in the encoding gzip")


@case
def html_in_place_of_a_blob(fetch):
    image, registry, digest = one_layer(fetch)
    on_layer(registry, digest, lambda r: r.reply(
        200, "<html>", ("Content-Type", "text/html; charset=utf-8")))
    check_fails(fetch(registry.reference), "network", "not a registry's answer", "text/html")


# Foreign layers.

def foreign(fetch, url, *options, answer=None):
    layer = noise(5000, 9)
    image = Image([layer])
    image.manifest_json["layers"] = [descriptor(FOREIGN, layer, urls=[url])]
    registry = fetch.serve(Registry(image.seal()))
    del registry.blobs[sha256(layer)]
    Tokens(registry)
    return fetch(registry.reference, *options), image


def layer_server(fetch, **headers):
    return fetch.serve(Server(lambda r: r.reply(200, noise(5000, 9))))


@case
def foreign_layer_is_not_fetched_by_default(fetch):
    other = layer_server(fetch)
    result, _ = foreign(fetch, other.url)
    check_fails(result, "not-found", "layer 0")
    assert not other.log


@case
def foreign_layer_from_its_address(fetch):
    other = layer_server(fetch)
    fetch.home.login(other.host, "me:CANARY")
    result, image = foreign(fetch, other.url + "/layer", "--foreign")
    check_image(result, image)
    assert "authorization" not in other.log[0].headers


@case
def foreign_layer_whose_address_wants_a_login(fetch):
    other = fetch.serve(Server(lambda r: r.reply(401, "", ("WWW-Authenticate", "Basic"))))
    fetch.home.login(other.host, "me:CANARY")
    result, _ = foreign(fetch, other.url, "--foreign")
    check_fails(result, "denied", other.host)
    assert len(other.log) == 1 and "authorization" not in other.log[0].headers


@case
def foreign_layer_in_a_file(fetch):
    result, _ = foreign(fetch, "file:///etc/passwd", "--foreign")
    check_fails(result, "network", "not http or https")


@case
def foreign_layer_at_the_metadata_service(fetch):
    result, _ = foreign(fetch, "https://169.254.169.254/", "--foreign")
    check_fails(result, "network", "refused", "link-local")


@case
def address_of_an_ordinary_layer_is_not_asked(fetch):
    other = layer_server(fetch)
    image, registry, digest = one_layer(fetch)
    image.manifest_json["layers"][0]["urls"] = [other.url]
    registry.add(image.seal(), "latest")
    del registry.blobs[digest]
    check_fails(fetch(registry.reference, "--foreign"), "not-found", "layer 0")
    assert not other.log


@case
def connections_are_used_again(fetch):
    image = Image([noise(1000 * i, i) for i in range(1, 9)])
    registry = fetch.serve(Registry(image))
    check_image(fetch(registry.reference), image)
    assert registry.connections == 1, registry.connections
