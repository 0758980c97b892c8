"""A real registry: Debian's docker-registry, started here on a free port."""

import contextlib
import http.client
import json
import shutil
import socket
import subprocess
import tempfile
import threading
import time

from harness import case, check_fails, check_image
from server import INDEX, MANIFEST, Image, basic, index, noise, sha256

START_TIMEOUT_S = 30
MIB = 1 << 20

CONFIGURATION = """\
version: 0.1
log: {{level: error}}
storage: {{filesystem: {{rootdirectory: {root}/data}}}}
http: {{addr: "127.0.0.1:{port}"}}
{auth}
"""
HTPASSWD = "auth: {{htpasswd: {{realm: test, path: {root}/htpasswd}}}}"
# bcrypt of CANARYpass
ENTRY = "me:$2b$04$Yk.yBNylG6ViiAoJMqYvD.TXPgtKAADu1uUaRDOMhyHMz2ycMbwvq"


class DockerRegistry:
    def __init__(self, user=None):
        self.root = tempfile.mkdtemp(prefix="imgprof-docker-registry-")
        self.authorization = {"Authorization": basic(user)} if user else {}
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.host = f"127.0.0.1:{self.port}"
        with open(f"{self.root}/htpasswd", "w") as file:
            file.write(ENTRY + "\n")
        auth = HTPASSWD.format(root=self.root) if user else ""
        with open(f"{self.root}/config.yml", "w") as file:
            file.write(CONFIGURATION.format(root=self.root, port=self.port, auth=auth))
        self.process = subprocess.Popen(["docker-registry", "serve", f"{self.root}/config.yml"],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            self.wait()
        except BaseException:
            self.stop()
            raise

    def wait(self):
        end = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < end and self.process.poll() is None:
            with contextlib.suppress(OSError):
                self.request("GET", "/v2/", expect=(200,))
                return
            time.sleep(0.05)
        raise AssertionError("docker-registry does not start")

    def stop(self):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.root)

    def request(self, method, path, body=None, headers=None, expect=(201, 202)):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request(method, path, body, {**self.authorization, **(headers or {})})
        answer = connection.getresponse()
        answer.read()
        assert answer.status in expect, (method, path, answer.status)
        location = answer.headers.get("Location", "")
        connection.close()
        return location

    def push_blob(self, name, blob):
        location = self.request("POST", f"/v2/{name}/blobs/uploads/")
        path = "/" + location.split("/", 3)[3]
        separator = "&" if "?" in path else "?"
        self.request("PUT", f"{path}{separator}digest={sha256(blob)}", blob,
                     {"Content-Type": "application/octet-stream"})

    def push_manifest(self, name, tag, body, media_type):
        self.request("PUT", f"/v2/{name}/manifests/{tag}", body, {"Content-Type": media_type})

    def push(self, image, name, tag):
        for blob in [image.config, *image.layers]:
            self.push_blob(name, blob)
        self.push_manifest(name, tag, image.manifest, MANIFEST)
        return f"{self.host}/{name}:{tag}"


class CuttingProxy:
    """Passes bytes on to TARGET and cuts every connection after a while."""

    def __init__(self, target, cut_after_bytes):
        self.target, self.cut_after_bytes, self.cuts = target, cut_after_bytes, 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.host = "127.0.0.1:%d" % self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def stop(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                server = socket.create_connection(self.target)
                for arguments in [(client, server, None), (server, client, self.cut_after_bytes)]:
                    threading.Thread(target=self.copy, args=arguments, daemon=True).start()

    def copy(self, source, sink, budget):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if budget is not None:
                    data, budget = data[:budget], budget - len(data)
                sink.sendall(data)
                if budget is not None and budget <= 0:
                    self.cuts += 1
                    break
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


@case
def docker_registry_image(fetch):
    registry = fetch.serve(DockerRegistry())
    image = Image([noise(3 * MIB, 1), noise(10, 2), b"", noise(300_000, 3)])
    reference = registry.push(image, "deep/path/to-some/image", "v1")
    check_image(fetch(reference), image)
    check_image(fetch(reference, "--threads"), image)
    check_image(fetch(f"{registry.host}/deep/path/to-some/image@{image.digest}"), image)


@case
def docker_registry_index(fetch):
    registry = fetch.serve(DockerRegistry())
    images = {a: Image([noise(100, i)], architecture=a) for i, a in enumerate(["amd64", "arm64"])}
    for name, image in images.items():
        registry.push(image, "r/x", name)
    registry.push_manifest("r/x", "multi", index(*(i.entry() for i in images.values())), INDEX)
    result = fetch(f"{registry.host}/r/x:multi", "--platform", "arm64")
    check_image(result, images["arm64"])
    assert result.all("other") == ["linux/amd64"], result


@case
def docker_registry_without_the_tag(fetch):
    registry = fetch.serve(DockerRegistry())
    registry.push(Image(), "r/x", "before")
    result = fetch(f"{registry.host}/r/x:after")
    check_fails(result, "not-found", "no such tag", "MANIFEST_UNKNOWN")
    assert result.hint == "the tags are before", result
    check_fails(fetch(f"{registry.host}/r/y:after"), "not-found", "MANIFEST_UNKNOWN")


@case
def docker_registry_with_a_password(fetch):
    registry = fetch.serve(DockerRegistry(user="me:CANARYpass"))
    image = Image()
    reference = registry.push(image, "r/x", "v1")
    check_fails(fetch(reference), "denied", "UNAUTHORIZED")
    fetch.home.login(registry.host, "me:CANARYpass")
    check_image(fetch(reference), image)


@case
def docker_registry_behind_a_line_that_breaks(fetch):
    registry = fetch.serve(DockerRegistry())
    image = Image([noise(9 * MIB, 4), noise(5 * MIB, 5)])
    registry.push(image, "r/x", "v1")
    line = fetch.serve(CuttingProxy(("127.0.0.1", registry.port), MIB + 77_777))
    check_image(fetch(f"{line.host}/r/x:v1", "--threads"), image)
    assert line.cuts >= 12, line.cuts


@case
def docker_registry_with_damage_on_its_disk(fetch):
    registry = fetch.serve(DockerRegistry())
    image = Image([noise(5000, 6)])
    reference = registry.push(image, "r/x", "v1")
    digest = sha256(image.layers[0]).removeprefix("sha256:")
    path = f"{registry.root}/data/docker/registry/v2/blobs/sha256/{digest[:2]}/{digest}/data"
    with open(path, "r+b") as file:
        file.seek(2500)
        file.write(b"damage")
    check_fails(fetch(reference), "integrity", digest)


@case
def docker_registry_with_docker_types(fetch):
    registry = fetch.serve(DockerRegistry())
    image = Image(mediaType="application/vnd.docker.distribution.manifest.v2+json")
    image.manifest_json["config"]["mediaType"] = "application/vnd.docker.container.image.v1+json"
    for layer in image.manifest_json["layers"]:
        layer["mediaType"] = "application/vnd.docker.image.rootfs.diff.tar.gzip"
    image.seal()
    for blob in [image.config, *image.layers]:
        registry.push_blob("r/x", blob)
    registry.push_manifest("r/x", "v1", image.manifest, json.loads(image.manifest)["mediaType"])
    check_image(fetch(f"{registry.host}/r/x:v1"), image)
