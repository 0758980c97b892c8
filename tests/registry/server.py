"""A scripted registry: what a good one never does, on a free loopback port.

A Server calls a function for each request, which answers through the request object, down
to single bytes and resets. A Registry is a Server with images in it that behaves well where
no hook of the case says otherwise. Every request is logged with all its headers.
"""

import base64
import hashlib
import json
import random
import re
import socket
import ssl
import struct
import threading

INDEX = "application/vnd.oci.image.index.v1+json"
LIST = "application/vnd.docker.distribution.manifest.list.v2+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"


def sha256(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def noise(size, seed=1):
    return random.Random(seed).randbytes(size)


class Gone(Exception):
    """The connection is closed: nothing more can be said on it."""


class Request:
    def __init__(self, server, connection, method, target, headers, body):
        self.server, self.connection = server, connection
        self.method, self.target, self.headers, self.body = method, target, headers, body
        self.path, _, self.query = target.partition("?")

    def send(self, data):
        try:
            self.connection.sendall(data)
        except OSError:
            raise Gone()

    def head(self, status, headers):
        lines = [f"HTTP/1.1 {status} X"] + [f"{k}: {v}" for k, v in headers]
        self.send(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))

    def reply(self, status, body=b"", *headers):
        if isinstance(body, (dict, list)):
            body = json.dumps(body).encode()
        if isinstance(body, str):
            body = body.encode()
        given = [h.lower() for h, _ in headers]
        if "content-length" not in given and "transfer-encoding" not in given:
            headers += (("Content-Length", len(body)),)
        self.head(status, headers)
        if self.method != "HEAD":
            self.send(body)

    def redirect(self, location, status=307):
        self.reply(status, "", ("Location", location))

    def close(self):
        """An orderly end in the middle of whatever was going on."""
        raise Gone()

    def reset(self):
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.connection.close()
        raise Gone()

    def offset(self):
        match = re.fullmatch(r"bytes=(\d+)-", self.headers.get("range", ""))
        return int(match[1]) if match else 0


class Server:
    def __init__(self, answer, tls=None, port=0):
        self.answer, self.tls = answer, tls
        self.log, self.connections = [], 0
        self.lock = threading.Lock()
        self.stopped = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", port), backlog=64)
        self.port = self.listener.getsockname()[1]
        self.host = f"127.0.0.1:{self.port}"
        self.url = ("https://" if tls else "http://") + self.host
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self):
        self.stopped.set()
        # Wakes accept(), which close() alone does not.
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def requests(self, part=""):
        with self.lock:
            return [r for r in self.log if part in r.target]

    def _accept(self):
        while not self.stopped.is_set():
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        try:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.tls:
                connection = self.tls.wrap_socket(connection, server_side=True)
            stream = connection.makefile("rb")
            while request := self._read(connection, stream):
                with self.lock:
                    self.log.append(request)
                self.answer(request)
        except (Gone, OSError, ssl.SSLError):
            pass
        finally:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            connection.close()

    def _read(self, connection, stream):
        line = stream.readline().decode("latin-1").split()
        if len(line) != 3:
            return None
        headers = {}
        while (header := stream.readline().decode("latin-1").strip()):
            key, _, value = header.partition(":")
            key = key.lower()
            # Twice the same header is for the cases to see.
            headers[key] = headers[key] + "\n" + value.strip() if key in headers else value.strip()
        body = stream.read(int(headers.get("content-length", 0)))
        return Request(self, connection, line[0], line[1], headers, body)


class Image:
    """Layers of any bytes with the config and the manifest that belong to them."""

    def __init__(self, layers=None, os="linux", architecture="amd64", variant=None, **changes):
        self.layers = [noise(3000, 7), noise(100, 8)] if layers is None else layers
        config = {"os": os, "architecture": architecture,
                  "rootfs": {"type": "layers", "diff_ids": [sha256(b"d" + l) for l in self.layers]},
                  "history": [{"created_by": f"step {i}"} for i in range(len(self.layers))]}
        if variant:
            config["variant"] = variant
        self.platform = {k: config[k] for k in ("os", "architecture", "variant") if k in config}
        self.config = json.dumps(config).encode()
        self.manifest_json = {
            "schemaVersion": 2, "mediaType": MANIFEST,
            "config": descriptor(CONFIG, self.config),
            "layers": [descriptor(LAYER, l) for l in self.layers]}
        self.manifest_json.update(changes)
        self.seal()

    def seal(self):
        """To be called again when manifest_json was changed."""
        self.manifest = json.dumps(self.manifest_json).encode()
        self.digest = sha256(self.manifest)
        return self

    def entry(self, **changes):
        return descriptor(MANIFEST, self.manifest, platform=self.platform, **changes)


def descriptor(media_type, data, **changes):
    return {"mediaType": media_type, "digest": sha256(data), "size": len(data)} | changes


def embedded(found, data):
    return found | {"data": base64.b64encode(data).decode()}


def index(*entries, **changes):
    return json.dumps({"schemaVersion": 2, "mediaType": INDEX, "manifests": list(entries)}
                      | changes).encode()


class Registry(Server):
    """One repository, r/x. Hooks are tried in order: (method and path pattern, function);
    a function that returns False passes on to the next, at last to the good behaviour."""

    NAME = "r/x"

    def __init__(self, *images, tag="latest", **options):
        self.hooks, self.manifests, self.blobs = [], {}, {}
        super().__init__(self._answer, **options)
        self.reference = f"{self.host}/{self.NAME}:{tag}"
        for image in images:
            self.add(image, tag)

    def add(self, image, *tags):
        self.put(image.manifest, MANIFEST, *tags)
        for blob in [image.config, *image.layers]:
            self.blobs[sha256(blob)] = blob
        return image

    def put(self, body, media_type, *tags):
        for name in (sha256(body), "sha512:" + hashlib.sha512(body).hexdigest(), *tags):
            self.manifests[name] = (body, media_type)
        return sha256(body)

    def on(self, pattern, function):
        self.hooks.append((re.compile(pattern), function))
        return self

    def _answer(self, request):
        for pattern, function in self.hooks:
            if pattern.search(request.path) and function(request) is not False:
                return
        self.behave(request)

    def behave(self, request):
        kind, _, name = request.path.removeprefix(f"/v2/{self.NAME}/").partition("/")
        if kind == "manifests" and name in self.manifests:
            body, media_type = self.manifests[name]
            request.reply(200, body, ("Content-Type", media_type),
                          ("Docker-Content-Digest", sha256(body)))
        elif kind == "blobs" and name in self.blobs:
            self.send_blob(request, self.blobs[name])
        elif kind == "tags":
            tags = sorted(n for n in self.manifests if ":" not in n)
            request.reply(200, {"name": self.NAME, "tags": tags})
        else:
            code = "MANIFEST_UNKNOWN" if kind == "manifests" else "BLOB_UNKNOWN"
            request.reply(404, {"errors": [{"code": code, "message": "not known here"}]})

    def send_blob(self, request, blob, until=None):
        """With ranges; closes the connection behind byte UNTIL of the blob."""
        start = request.offset()
        headers = [("Content-Length", len(blob) - start)]
        if start:
            headers.append(("Content-Range", f"bytes {start}-{len(blob) - 1}/{len(blob)}"))
        request.head(206 if start else 200, headers)
        if until is None or until >= len(blob):
            request.send(blob[start:])
        else:
            request.send(blob[start:max(until, start)])
            request.close()


class Tokens:
    """A token server, and the hook that asks for its tokens. Counts what it gave."""

    def __init__(self, registry, realm=None, user=None, lifetime=300, scope=None, **extra):
        self.registry, self.user, self.lifetime, self.extra = registry, user, lifetime, extra
        self.realm = realm or registry.url + "/token"
        self.scope = scope or f"repository:{registry.NAME}:pull"
        self.valid, self.given, self.lock = set(), 0, threading.Lock()
        # Looked up when they are called: a case may put its own in their place.
        registry.on("^/token", lambda r: self.give(r)).on("^/v2/", lambda r: self.check(r))

    def challenge(self, request, error=""):
        value = f'Bearer realm="{self.realm}",service="s",scope="{self.scope}"{error}'
        request.reply(401, {"errors": [{"code": "UNAUTHORIZED", "message": "log in"}]},
                      ("WWW-Authenticate", value))

    def give(self, request):
        if self.user and request.headers.get("authorization") != basic(self.user):
            return request.reply(401, {"details": "no"})
        with self.lock:
            self.given += 1
            token = f"CANARY{self.given}"
            self.valid.add(token)
        request.reply(200, {"token": token, "expires_in": self.lifetime} | self.extra)

    def check(self, request):
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme == "Bearer" and token in self.valid:
            return False
        self.challenge(request)


def basic(user):
    return "Basic " + base64.b64encode(user.encode()).decode()
