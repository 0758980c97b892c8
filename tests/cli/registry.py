"""A real docker-registry on a free port of the loopback."""

import re
import socket
import subprocess
import urllib.request

from harness import check, wait_until

CONFIG = """version: 0.1
log: {{accesslog: {{disabled: false}}, level: info, formatter: text}}
storage: {{filesystem: {{rootdirectory: {root}}}, delete: {{enabled: true}}}}
http: {{addr: "127.0.0.1:{port}"}}
"""


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


class DockerRegistry:
    def __init__(self, bench):
        self.bench = bench
        folder = bench.home / "registry"
        folder.mkdir()
        port = free_port()
        self.host, self.log = f"127.0.0.1:{port}", folder / "log"
        (folder / "config.yml").write_text(CONFIG.format(root=folder / "data", port=port))
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(["docker-registry", "serve", folder / "config.yml"], env=bench.environment(), stdout=log, stderr=log)
        bench.closing.append(self.stop)
        wait_until(self.answers, "docker-registry answers")

    def stop(self):
        self.process.kill()
        self.process.wait()

    def answers(self):
        check(self.process.poll() is None, "docker-registry ended", self.log.read_text())
        try:
            return urllib.request.urlopen(f"http://{self.host}/v2/", timeout=10).status == 200
        except OSError:
            return False

    def push(self, source, name):
        """SOURCE as skopeo names it, NAME with a tag; returns the reference."""
        reference = f"{self.host}/{name}"
        self.bench.tool("skopeo", "--insecure-policy", "copy", "-q", "--preserve-digests", "--dest-tls-verify=false", source, f"docker://{reference}")
        return reference

    def fetched(self):
        """Digests of the blobs that were asked for with GET, by the access log, in order."""
        return re.findall(r'"GET /v2/\S+/blobs/(sha256:[0-9a-f]{64}) ', self.log.read_text())
