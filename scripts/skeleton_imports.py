"""What files import, as far as it leads to something in the image."""
import os


class Imports:
    """Leaves those names out that lead nowhere in the image."""

    def __init__(self, real):
        self.paths = set(real.paths)
        for path in real.paths:  # a tar need not name its folders
            while path and (path := os.path.dirname(path)) not in self.paths:
                self.paths.add(path)
        self.roots = {b""} | {p for p in self.paths if p.endswith((b"/site-packages", b"/dist-packages")) or os.path.basename(p).startswith(b"python3")}
        environment = dict(e.split("=", 1) for e in real.config["config"].get("Env", []) if "=" in e)
        for folder in [real.config["config"].get("WorkingDir") or "/", *environment.get("PYTHONPATH", "").split(":")]:
            self.roots.add(os.fsencode(folder.strip("/")))
        self.extensions = {p.partition(b".")[0] for p in real.paths if p.endswith(b".so")}
        self.modules = {p.rpartition(b"/node_modules/")[2] for p in real.paths if b"/node_modules/" in p}
        self.modules |= {p[len(b"usr/share/nodejs/"):] for p in real.paths if p.startswith(b"usr/share/nodejs/")}
        self.known = {p["name"].lower().replace("-", "_").encode() for p in real.document["packages"] if p["manager"] == "python"}
        self.found = {}

    def depth(self, root, parts):
        for depth in range(len(parts)):
            place = b"/".join([root, *parts[: depth + 1]]).lstrip(b"/")
            if place + b".py" in self.paths or place in self.extensions:
                return depth + 1
            if place not in self.paths:
                return depth
        return len(parts)

    def absolute(self, name, folder):
        parts = name.split(b".")
        if name not in self.found:
            self.found[name] = max(self.depth(root, parts) for root in self.roots)
        depth = max(self.found[name], self.depth(folder, parts))
        return b".".join(parts[:depth]) if depth else parts[0] if parts[0].lower() in self.known else None

    def relative(self, name, folder):
        rest = name.lstrip(b".")
        dots = len(name) - len(rest)
        for _ in range(dots - 1):
            folder = os.path.dirname(folder)
        parts = rest.split(b".") if rest else []
        depth = self.depth(folder, parts)
        return b"." * dots + b".".join(parts[:depth]) if depth else None

    def python(self, path, names):
        folder = os.path.dirname(path)
        out = {}
        for name in names:
            if name.startswith(b"="):
                kept = name if self.absolute(name[1:], folder) else None
            else:
                kept = self.relative(name, folder) if name.startswith(b".") else self.absolute(name, folder)
            if kept:
                out[kept] = None
        return [name for name in out if not any(other.startswith(name + b".") for other in out)]

    def javascript(self, names):
        return [n for n in names if b"," not in n and b'"' not in n and (
            n.startswith(b".") or b"/".join(n.split(b"/")[: 2 if n.startswith(b"@") else 1]) in self.modules)]
