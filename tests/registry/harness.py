"""Runs `fetch` for a case and looks at what it says. Cases are functions in the modules of
this folder, marked with @case; `run.py --list` names them."""

import base64
import json
import os
import pathlib
import shutil
import subprocess
import tempfile

from server import sha256

CASES = {}
SECRET = "CANARY"
RUN_TIMEOUT_S = 60


def case(function):
    assert function.__name__ not in CASES, function.__name__
    CASES[function.__name__] = function
    return function


class Result:
    def __init__(self, status, out, log):
        self.status, self.out, self.log = status, out, log
        self.lines = out.splitlines()

    def all(self, word):
        return [l[len(word) + 1:] for l in self.lines if l.startswith(word + " ")]

    @property
    def error(self):
        errors = self.all("error")
        return errors[0] if errors else ""

    @property
    def hint(self):
        return next((l[6:] for l in self.lines if l.startswith("hint: ")), "")

    def __str__(self):
        return f"status {self.status}\n{self.out}--- log\n{self.log}"


class Home:
    """A HOME of its own: no credential or certificate of the machine takes part."""

    def __init__(self):
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="imgprof-registry-"))

    def write(self, name, text, mode=0o644):
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text if isinstance(text, str) else json.dumps(text))
        path.chmod(mode)
        return path

    def login(self, host, user, name=".docker/config.json", **more):
        auth = base64.b64encode(user.encode()).decode()
        return self.write(name, {"auths": {host: {"auth": auth} | more}})

    def helper(self, suffix, script):
        self.write(f"bin/docker-credential-{suffix}", "#!/bin/sh\n" + script, 0o755)

    def remove(self):
        shutil.rmtree(self.path)


class Fetch:
    def __init__(self, program):
        self.program, self.home, self.servers = program, Home(), []

    def serve(self, server):
        self.servers.append(server)
        return server

    def __call__(self, reference, *options, **environment):
        """Limits are lowered so that no case waits long; options come last and win."""
        quick = ["--limit", "retry-wait=0", "--limit", "connect-timeout=5",
                 "--limit", "stall-timeout=5"]
        env = {"HOME": str(self.home.path), "PATH": f"{self.home.path}/bin:/usr/bin:/bin",
               "XDG_RUNTIME_DIR": str(self.home.path / "run")}
        # What the sanitizers of the test build are told.
        env |= {k: v for k, v in os.environ.items() if k.endswith("SAN_OPTIONS")}
        run = subprocess.run([self.program, *quick, *options, reference], env=env | environment,
                             capture_output=True, timeout=RUN_TIMEOUT_S)
        result = Result(run.returncode, run.stdout.decode(errors="replace"),
                        run.stderr.decode(errors="replace"))
        assert "Sanitizer" not in result.log and run.returncode >= 0, result
        check_secrets(result)
        return result


def check_secrets(result):
    """No credential of any case may show anywhere: they all hold the canary."""
    everything = result.out + result.log
    for needle in [SECRET, *(encoded(i) for i in range(3))]:
        assert needle not in everything, f"secret {needle} in\n{result}"


def encoded(shift):
    """The digits of base64 that SECRET alone decides, SHIFT bytes into the text."""
    text = base64.b64encode(b"x" * shift + SECRET.encode()).decode()
    return text[-(-shift * 8 // 6):(shift + len(SECRET)) * 8 // 6]


def check_image(result, image):
    assert result.status == 0, result
    assert result.all("digest") == [image.digest], result
    expected = [f"{i} {sha256(l)} {len(l)}" for i, l in enumerate(image.layers)]
    assert result.all("layer") == expected, result


def check_fails(result, category, *parts):
    assert result.error.startswith(category + ":"), f"expected {category}\n{result}"
    for part in parts:
        assert part in result.error, f"expected '{part}'\n{result}"
    assert len(result.error) < 400, result


def run_case(name, program):
    fetch = Fetch(program)
    try:
        CASES[name](fetch)
    finally:
        for server in fetch.servers:
            server.stop()
        fetch.home.remove()
