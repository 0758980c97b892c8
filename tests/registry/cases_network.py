"""Trouble on the way: retries, overload, floods, stalls, TLS, proxies (formats.md 3.16 to 3.21)."""

import email.utils
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
import time

from harness import case, check_fails, check_image
from server import Image, Registry, Server, noise, sha256

SECOND = ("--limit", "retry-wait=1")


def failing(fetch, *answers, path="/manifests/"):
    """A registry that gives ANSWERS one after the other before it behaves."""
    image = Image()
    registry = fetch.serve(Registry(image))
    left = list(answers)
    registry.on(path, lambda r: left.pop(0)(r) if left else False)
    return image, registry


def status(number, *headers, body=""):
    return lambda r: r.reply(number, body, *headers)


# Retries and overload.

@case
def unavailable_twice(fetch):
    image, registry = failing(fetch, status(503), status(503))
    check_image(fetch(registry.reference), image)


@case
def every_status_that_may_pass(fetch):
    image, registry = failing(fetch, *(status(s) for s in (408, 429, 500, 502, 504)))
    check_image(fetch(registry.reference), image)


@case
def unavailable_for_ever(fetch):
    _, registry = failing(fetch, *[status(503)] * 100)
    check_fails(fetch(registry.reference), "network", "503")
    assert len(registry.log) == 6


@case
def refusals_are_not_repeated(fetch):
    for number, category in [(400, "network"), (401, "denied"), (403, "denied"),
                             (404, "not-found"), (405, "network")]:
        _, registry = failing(fetch, *[status(number)] * 100, path="/v2/")
        check_fails(fetch(registry.reference), category, str(number))
        assert len(registry.requests("/manifests/")) == 1, number


@case
def reset_at_the_headers(fetch):
    image, registry = failing(fetch, lambda r: r.reset(), lambda r: r.close())
    check_image(fetch(registry.reference), image)


@case
def manifest_cut_in_the_middle(fetch):
    image, registry = failing(fetch, lambda r: (r.head(200, [("Content-Length", 500)]), r.close()))
    check_image(fetch(registry.reference), image)


@case
def manifest_cut_for_ever(fetch):
    def cut(request):
        request.head(200, [("Content-Length", 500)])
        request.close()

    _, registry = failing(fetch, *[cut] * 100)
    check_fails(fetch(registry.reference), "network", "the connection broke")
    assert len(registry.log) == 6


@case
def retry_after_one_second(fetch):
    image, registry = failing(fetch, status(429, ("Retry-After", "1")))
    result = fetch(registry.reference, "--limit", "retry-wait=60")
    check_image(result, image)
    assert "attempt 2 of 6 in 1.0 s" in result.log, result


@case
def retry_after_a_date(fetch):
    date = email.utils.formatdate(time.time() + 2, usegmt=True)
    image, registry = failing(fetch, status(503, ("Retry-After", date)))
    result = fetch(registry.reference, "--limit", "retry-wait=60")
    check_image(result, image)
    assert "attempt 2 of 6 in " in result.log, result


@case
def retry_after_a_day(fetch):
    image, registry = failing(fetch, status(429, ("Retry-After", "99999")))
    result = fetch(registry.reference, *SECOND)
    check_image(result, image)
    assert "attempt 2 of 6 in 1.0 s" in result.log, result


@case
def overload_without_a_word(fetch):
    image, registry = failing(fetch, status(429))
    result = fetch(registry.reference, *SECOND)
    check_image(result, image)
    assert "in 1.0 s" in result.log, "two seconds, cut to the longest allowed\n" + str(result)


@case
def overload_with_html(fetch):
    _, registry = failing(fetch, *[status(429, ("Content-Type", "text/html"), body="<html>")] * 100)
    result = fetch(registry.reference)
    check_fails(result, "network", "too many requests", "text/html")
    assert "<html>" not in result.out + result.log


@case
def waits_add_up_to_their_limit(fetch):
    _, registry = failing(fetch, *[status(429, ("Retry-After", "1"))] * 100)
    check_fails(fetch(registry.reference, *SECOND, "--limit", "retry-total=2"), "network", "429")
    assert len(registry.log) == 3


@case
def pull_limit_is_not_waited_for(fetch):
    body = {"errors": [{"code": "TOOMANYREQUESTS", "message": "your pull rate limit"}]}
    _, registry = failing(fetch, *[status(429, ("Retry-After", "3600"), body=body)] * 100)
    result = fetch(registry.reference, "--limit", "retry-wait=60")
    check_fails(result, "network", "TOOMANYREQUESTS")
    assert len(registry.log) == 1 and "log in" in result.hint, result


@case
def patience_is_for_all_requests_of_the_host(fetch):
    """One thread is told to wait; another, on its way through a redirect, waits too."""
    image = Image([noise(2000, 1), noise(2000, 2)])
    registry = fetch.serve(Registry(image))
    first, other, told = threading.Lock(), threading.Event(), threading.Event()

    def answer(request):
        if request.path.endswith(sha256(image.config)) or told.is_set():
            return False
        if first.acquire(blocking=False):
            other.wait()
            request.reply(429, "", ("Retry-After", "2"))
            time.sleep(1)  # for the client to read it
            told.set()
            return None
        other.set()
        told.wait()
        return request.reply(307, "", ("Location", request.path + "?later"))

    registry.on("/blobs/", answer)
    result = fetch(registry.reference, "--threads", "--limit", "retry-wait=2")
    check_image(result, image)
    assert f"log 1: {registry.host}: asked for patience, waiting" in result.log, result


@case
def connection_refused_is_tried_twice(fetch):
    closed = socket.create_server(("127.0.0.1", 0))
    port = closed.getsockname()[1]
    closed.close()
    result = fetch(f"127.0.0.1:{port}/r/x")
    check_fails(result, "network", "r/x", "connection refused")
    assert result.status == 4
    assert result.log.count("attempt") == 1, result


@case
def connection_that_nobody_accepts(fetch):
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        # One more than the queue holds: what comes behind gets no answer.
        waiting = [socket.socket() for _ in range(3)]
        for client in waiting:
            client.setblocking(False)
            client.connect_ex(full.getsockname())
        result = fetch("127.0.0.1:%d/r/x" % full.getsockname()[1],
                       "--limit", "connect-timeout=1", "--limit", "retries=1")
        for client in waiting:
            client.close()
    check_fails(result, "network", "no connection within 1 s")
    assert result.log.count("attempt") == 1, result


@case
def unknown_host(fetch):
    # A name that is too long is known to be none without asking any server.
    result = fetch("a" * 64 + ".invalid/r/x")
    check_fails(result, "network", "the host is unknown")
    assert result.status == 4
    assert result.log.count("attempt") == 1, result


# Floods and stalls.

@case
def one_byte_at_a_time(fetch):
    image = Image([noise(100_000)])
    registry = fetch.serve(Registry(image))
    digest = sha256(image.layers[0])
    slow = [True]

    def drip(request):
        if not slow:
            return False
        slow.pop()
        request.head(200, [("Content-Length", 100_000)])
        for i in range(1000):
            request.send(image.layers[0][i:i + 1])
            time.sleep(0.05)

    registry.on(digest, drip)
    result = fetch(registry.reference, "--limit", "stall-timeout=1")
    check_image(result, image)
    assert "under 1024 bytes/s" in result.log, result


@case
def silence_before_the_headers(fetch):
    _, registry = failing(fetch, *[lambda r: r.server.stopped.wait(30)] * 100)
    result = fetch(registry.reference, "--limit", "stall-timeout=1", "--limit", "retries=1")
    check_fails(result, "network", "bytes/s")


@case
def small_answer_that_takes_too_long(fetch):
    def drip(request):
        request.head(200, [("Content-Length", 1_000_000)])
        while not request.server.stopped.wait(0.02):
            request.send(b" " * 100)

    _, registry = failing(fetch, *[drip] * 100)
    result = fetch(registry.reference, "--limit", "small-timeout=1", "--limit", "retries=1")
    check_fails(result, "network", "no whole answer within 1 s")


@case
def blobs_have_no_total_time(fetch):
    """Nor is a slow reader a stalled server."""
    image = Image([noise(8 << 20)])
    registry = fetch.serve(Registry(image))
    result = fetch(registry.reference, "--slow", "300", "--limit", "stall-timeout=2",
                   "--limit", "small-timeout=2")
    check_image(result, image)
    assert "attempt" not in result.log and len(registry.log) == 3, result


@case
def headers_without_end(fetch):
    def flood(request):
        request.send(b"HTTP/1.1 200 X\r\n")
        while True:
            request.send(b"X-Flood: y\r\n" * 1000)

    _, registry = failing(fetch, *[flood] * 100)
    check_fails(fetch(registry.reference), "limit", "header-lines")
    assert len(registry.log) == 1


@case
def header_of_10_mib(fetch):
    def flood(request):
        request.send(b"HTTP/1.1 200 X\r\nX-Flood: " + b"y" * (10 << 20) + b"\r\n\r\n")

    _, registry = failing(fetch, *[flood] * 100)
    check_fails(fetch(registry.reference), "limit", "header-bytes")


@case
def interim_answers_without_end(fetch):
    def flood(request):
        while True:
            request.send(b"HTTP/1.1 102 X\r\n\r\n" * 1000)

    _, registry = failing(fetch, *[flood] * 100)
    check_fails(fetch(registry.reference), "limit", "header-lines")


@case
def no_http_at_all(fetch):
    _, registry = failing(fetch, *[lambda r: (r.send(b"220 smtp ready\r\n"), r.close())] * 100)
    check_fails(fetch(registry.reference), "network", "no HTTP answer")
    assert len(registry.log) == 1


# Cancelling.

@case
def cancelled_while_waiting_for_an_answer(fetch):
    _, registry = failing(fetch, lambda r: r.server.stopped.wait(100))
    result = fetch(registry.reference, "--cancel-after", "300", "--limit", "stall-timeout=1000")
    check_fails(result, "cancelled")


@case
def cancelled_while_waiting_to_try_again(fetch):
    _, registry = failing(fetch, *[status(429, ("Retry-After", "1000"))] * 100)
    result = fetch(registry.reference, "--cancel-after", "300", "--limit", "retry-wait=1000",
                   "--limit", "retry-total=10000")
    check_fails(result, "cancelled")


@case
def cancelled_in_a_blob(fetch):
    image = Image([noise(5000)])
    registry = fetch.serve(Registry(image))

    def half(request):
        request.head(200, [("Content-Length", 5000)])
        request.send(image.layers[0][:2000])
        request.server.stopped.wait(100)

    registry.on(sha256(image.layers[0]), half)
    result = fetch(registry.reference, "--threads", "--cancel-after", "500",
                   "--limit", "stall-timeout=1000")
    check_fails(result, "cancelled")


@case
def cancelled_while_bytes_flow(fetch):
    image = Image()
    image.manifest_json["layers"][0]["size"] = 1 << 40
    registry = fetch.serve(Registry(image.seal()))

    def endless(request):
        request.head(200, [("Content-Length", 1 << 40)])
        while True:
            request.send(bytes(1 << 20))

    registry.on(sha256(image.layers[0]), endless)
    check_fails(fetch(registry.reference, "--slow", "20", "--cancel-after", "500"), "cancelled")


# TLS.

class Authority:
    """A certificate authority in a folder of its own."""

    def __init__(self):
        self.path = tempfile.mkdtemp(prefix="imgprof-ca-")
        self.run("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                 "-keyout", "ca.key", "-out", "ca.crt", "-subj", "/CN=test authority", "-days", "2")

    def run(self, *arguments):
        subprocess.run(["openssl", *arguments], cwd=self.path, check=True, capture_output=True)

    def issue(self, name, san, days=2):
        with open(f"{self.path}/{name}.ext", "w") as file:
            file.write(f"subjectAltName={san}\n")
        self.run("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                 "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={name}")
        self.run("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.crt", "-CAkey", "ca.key",
                 "-CAcreateserial", "-out", f"{name}.crt", "-days", str(days),
                 "-extfile", f"{name}.ext")

    def context(self, name):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(f"{self.path}/{name}.crt", f"{self.path}/{name}.key")
        return context

    def text(self, name):
        with open(f"{self.path}/{name}") as file:
            return file.read()

    def stop(self):
        shutil.rmtree(self.path)


def tls_registry(fetch, san="IP:127.0.0.1", days=2, trust="ca.crt", change=None):
    """Registry with a certificate for SAN; its authority is trusted by certs.d as TRUST."""
    authority = fetch.serve(Authority())
    authority.issue("server", san, days)
    context = authority.context("server")
    if change:
        change(context, authority)
    image = Image()
    registry = fetch.serve(Registry(image, tls=context))
    folder = f".config/containers/certs.d/{registry.host}"
    fetch.home.write(f"{folder}/{trust}", authority.text("ca.crt"))
    return image, registry, authority


@case
def tls_with_an_authority_in_certs_d(fetch):
    image, registry, _ = tls_registry(fetch)
    check_image(fetch(registry.reference), image)


@case
def tls_with_an_authority_in_the_environment(fetch):
    image, registry, authority = tls_registry(fetch, trust="not-an-authority.txt")
    check_image(fetch(registry.reference, SSL_CERT_FILE=authority.path + "/ca.crt"), image)


@case
def tls_with_an_unknown_authority(fetch):
    _, registry, _ = tls_registry(fetch, trust="not-an-authority.txt")
    result = fetch(registry.reference, CURL_CA_BUNDLE="/dev/null", SSL_VERIFY="0")
    check_fails(result, "network", "certificate is not to be trusted")
    assert "attempt" not in result.log and not registry.log, result


@case
def tls_with_a_wrong_name(fetch):
    _, registry, _ = tls_registry(fetch, san="DNS:other.example")
    check_fails(fetch(registry.reference), "network", "certificate is not to be trusted")


@case
def tls_with_an_expired_certificate(fetch):
    _, registry, _ = tls_registry(fetch, days=-1)
    check_fails(fetch(registry.reference), "network", "certificate is not to be trusted", "expired")


@case
def tls_1_0_only(fetch):
    def old(context, _):
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1
        context.set_ciphers("ALL:@SECLEVEL=0")

    _, registry, _ = tls_registry(fetch, change=old)
    result = fetch(registry.reference)
    check_fails(result, "network", "no secure connection")
    assert "attempt" not in result.log, result


@case
def tls_with_a_client_pair(fetch):
    def want_client(context, authority):
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(authority.path + "/ca.crt")

    image, registry, authority = tls_registry(fetch, change=want_client)
    authority.issue("me", "DNS:me")
    folder = f".config/containers/certs.d/{registry.host}"
    fetch.home.write(f"{folder}/me.cert", authority.text("me.crt"))
    fetch.home.write(f"{folder}/me.key", authority.text("me.key"))
    check_image(fetch(registry.reference), image)


@case
def tls_client_certificate_without_a_key(fetch):
    _, registry, _ = tls_registry(fetch, trust="ca.cert")
    result = fetch(registry.reference)
    check_fails(result, "usage", "ca.cert", "there is no key")
    assert "*.crt" in result.hint, result


@case
def tls_redirect_to_plain_http(fetch):
    _, registry, _ = tls_registry(fetch)
    plain = fetch.serve(Server(lambda r: r.reply(200)))
    registry.on("/blobs/", lambda r: r.redirect(plain.url))
    check_fails(fetch(registry.reference), "network", "from https to http://")
    assert not plain.log


@case
def tls_realm_on_plain_http(fetch):
    _, registry, _ = tls_registry(fetch)
    plain = fetch.serve(Server(lambda r: r.reply(200, {"token": "CANARY"})))
    registry.on("/v2/", lambda r: r.reply(
        401, "", ("WWW-Authenticate", f'Bearer realm="{plain.url}/t"')))
    fetch.home.login(registry.host, "me:CANARY")
    check_fails(fetch(registry.reference), "network", "from https to http://")
    assert not plain.log


@case
def tls_registry_asked_in_plain_http(fetch):
    image = Image()
    registry = fetch.serve(Registry(image))
    registry.on("/v2/", lambda r: r.reply(400, "Client sent an HTTP request to an HTTPS server.\n"))
    result = fetch(registry.reference)
    check_fails(result, "network", "400")
    assert "certs.d" in result.hint, result


# Plain HTTP and proxies.

@case
def localhost_needs_no_flag(fetch):
    image = Image()
    registry = fetch.serve(Registry(image))
    check_image(fetch(f"localhost:{registry.port}/r/x"), image)


def proxy(fetch, registry):
    """Answers for any host, as a proxy does, with what REGISTRY has."""
    def answer(request):
        assert request.target.startswith("http://"), request.target
        request.path = "/" + request.path.split("/", 3)[3]
        registry._answer(request)
    return fetch.serve(Server(answer))


@case
def loopback_is_never_proxied(fetch):
    image = Image()
    registry = fetch.serve(Registry(image))
    dead = dict.fromkeys(["http_proxy", "HTTP_PROXY", "ALL_PROXY"], "http://127.0.0.1:1")
    check_image(fetch(registry.reference, **dead), image)


@case
def proxy_of_the_environment(fetch):
    image = Image()
    registry = fetch.serve(Registry(image))
    through = proxy(fetch, registry)
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        through.log.clear()
        result = fetch("registry.invalid/r/x", "--plain-http",
                       **{name: f"http://user:CANARY@{through.host}"})
        check_image(result, image)
        assert through.log[0].target.startswith("http://registry.invalid/v2/"), name
        assert "proxy-authorization" in through.log[0].headers


@case
def proxy_that_does_not_answer(fetch):
    result = fetch("registry.invalid/r/x", "--plain-http",
                   http_proxy="http://user:CANARY@127.0.0.1:1")
    check_fails(result, "network", "registry.invalid", "connection refused")


@case
def proxied_redirect_to_an_inner_address_is_refused(fetch):
    image = Image()
    registry = fetch.serve(Registry(image))
    through = proxy(fetch, registry)
    registry.on("/blobs/", lambda r: r.redirect("http://10.0.0.1/x"))
    result = fetch("registry.invalid/r/x", "--plain-http", http_proxy=f"http://{through.host}")
    check_fails(result, "network", "refused", "a private address")


@case
def plain_http_elsewhere_needs_the_flag(fetch):
    image = Image()
    registry = fetch.serve(Registry(image))
    through = proxy(fetch, registry)
    result = fetch("registry.invalid/r/x", http_proxy=f"http://{through.host}",
                   https_proxy="http://127.0.0.1:1")
    check_fails(result, "network", "connection refused")
    assert not through.log
