"""Images that no description says: layers of any bytes, manifests with mistakes, random stacks."""

import gzip
import hashlib
import io
import json
import pathlib
import random
import subprocess
import tarfile

OCI = "application/vnd.oci.image."
MANIFEST, INDEX, CONFIG = OCI + "manifest.v1+json", OCI + "index.v1+json", OCI + "config.v1+json"
LAYER = {"gzip": OCI + "layer.v1.tar+gzip", "zstd": OCI + "layer.v1.tar+zstd", "plain": OCI + "layer.v1.tar"}


def sha256(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def compress(data, how):
    if how == "gzip":
        return gzip.compress(data, 6, mtime=0)
    if how == "zstd":
        return subprocess.run(["zstd", "-qc"], input=data, stdout=subprocess.PIPE, check=True).stdout
    return data


def tar(*entries, form=tarfile.PAX_FORMAT):
    """Each entry is (name, bytes) for a file, (name, None) for a folder, or (name, kind, target)."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form, encoding="utf-8", errors="surrogateescape") as archive:
        for name, what, *target in entries:
            if isinstance(name, bytes):
                name = name.decode("utf-8", "surrogateescape")
            info = tarfile.TarInfo(name)
            info.mtime = 1700000000
            if what is None:
                info.type, info.mode = tarfile.DIRTYPE, 0o755
            elif isinstance(what, str):
                info.type = {"link": tarfile.LNKTYPE, "symlink": tarfile.SYMTYPE, "fifo": tarfile.FIFOTYPE}[what]
                info.linkname = target[0] if target else ""
            else:
                info.size = len(what)
            archive.addfile(info, io.BytesIO(what) if isinstance(what, bytes) else None)
    return out.getvalue()


def descriptor(media_type, data, **more):
    return {"mediaType": media_type, "digest": sha256(data), "size": len(data)} | more


class Image:
    """The documents and blobs of an image. LAYERS are tars; BLOBS replaces what they are stored
    as, by index. Change .manifest_json or .config_json and call seal() for mistakes."""

    def __init__(self, *layers, compression="gzip", blobs={}, architecture="amd64", diff_ids=None):
        self.tars = layers
        self.blobs = [blobs.get(i, compress(layer, compression)) for i, layer in enumerate(layers)]
        self.config_json = {"os": "linux", "architecture": architecture, "config": {},
                            "rootfs": {"type": "layers", "diff_ids": diff_ids or [sha256(layer) for layer in layers]},
                            "history": [{"created_by": f"RUN step {i}"} for i in range(len(layers))]}
        self.layers_json = [descriptor(LAYER[compression], blob) for blob in self.blobs]
        self.changes = {}
        self.seal()

    def seal(self, **changes):
        self.changes |= changes
        self.config = json.dumps(self.config_json).encode()
        self.manifest_json = {"schemaVersion": 2, "mediaType": MANIFEST, "config": descriptor(CONFIG, self.config),
                              "layers": self.layers_json} | self.changes
        self.manifest = json.dumps(self.manifest_json).encode()
        return self

    def platform(self):
        return {"os": self.config_json["os"], "architecture": self.config_json["architecture"]}

    def entry(self, tag=None, **more):
        named = {"annotations": {"org.opencontainers.image.ref.name": tag}} if tag else {}
        return descriptor(MANIFEST, self.manifest, **named, **more)


def write_layout(folder, *images, index=None):
    """An OCI layout; INDEX replaces the entries of its index."""
    folder = pathlib.Path(folder)
    blobs = folder / "blobs/sha256"
    blobs.mkdir(parents=True, exist_ok=True)
    for image in images:
        for data in [image.config, image.manifest, *image.blobs]:
            (blobs / sha256(data)[7:]).write_bytes(data)
    entries = index if index is not None else [image.entry("x" if n == 0 else f"x{n}") for n, image in enumerate(images)]
    (folder / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": entries}))
    (folder / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}')
    return f"oci:{folder}"


NAMES = ["a", "b", "etc", "usr", "lib", "x" * 110, "é", "日本", "two words", "-dash", ".dot", "quote\"'", "back\\slash", "wh.", "#", "%41"]


class Stack:
    """A random stack of layers on which engines agree: whiteouts name what lower layers have, and
    no layer both removes and writes a path. Deterministic by seed."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.shown = {}  # path: "d", "f" or "s", of all layers so far
        self.layers = [self.layer() for _ in range(self.random.randint(2, 6))]

    def layer(self):
        pick = self.random
        self.entries, self.mine, self.gone, self.files = [], set(), set(), []
        self.prefix = pick.choice(["", "./"])
        for _ in range(pick.randint(3, 30)):
            path = "/".join(pick.choice(NAMES) for _ in range(pick.randint(1, 4)))
            pick.choices([self.write, self.whiteout, self.opaque, self.link], [12, 4, 1, 3])[0](path)
        return tar(*self.entries, form=pick.choice([tarfile.PAX_FORMAT, tarfile.GNU_FORMAT]))

    def add(self, path, *what):
        self.entries.append((self.prefix + path, *what))
        self.mine.add(path)

    def below(self, path):
        return [p for p in self.shown if p.startswith(path + "/")]

    def touched(self, path):
        """This layer wrote or removed something at, above or below PATH."""
        around = [path, *(path[:i] for i, c in enumerate(path) if c == "/")]
        return any(p in self.gone for p in around) or any(p == path or p.startswith(path + "/") for p in self.mine | self.gone)

    def make_parents(self, path):
        parents = [path[:i] for i, c in enumerate(path) if c == "/"]
        if any(p in self.gone or self.shown.get(p, "d") != "d" for p in parents):
            return False
        for parent in parents:
            if parent not in self.shown:
                self.add(parent, None)
                self.shown[parent] = "d"
        return True

    def write(self, path):
        if self.touched(path) or not self.make_parents(path):
            return
        kind = self.random.choice("ffffds")
        if kind != "d":
            for gone in self.below(path):
                del self.shown[gone]
        if kind == "f":
            data = self.random.choice([b"", b"same", self.random.randbytes(self.random.choice([1, 511, 512, 513, 4000]))])
            self.add(path, data)
            self.files.append(path)
        elif kind == "s":
            self.add(path, "symlink", self.random.choice(["nowhere", "/etc", "../a"]))
        else:
            self.add(path, None)
        self.shown[path] = kind

    def link(self, path):
        if not self.files or self.touched(path) or self.shown.get(path) == "d" or not self.make_parents(path):
            return
        self.add(path, "link", self.prefix + self.random.choice(self.files))
        self.shown[path] = "f"

    def whiteout(self, _):
        able = [p for p in self.shown if not self.touched(p) and all(self.shown.get(p[:i], "d") == "d" for i, c in enumerate(p) if c == "/")]
        if not able:
            return
        path = self.random.choice(able)
        folder, _, base = path.rpartition("/")
        self.entries.append((self.prefix + (folder + "/" if folder else "") + ".wh." + base, b""))
        for gone in [path, *self.below(path)]:
            del self.shown[gone]
        self.gone.add(path)

    def opaque(self, _):
        able = [p for p, kind in self.shown.items() if kind == "d" and not self.touched(p)]
        if not able:
            return
        path = self.random.choice(able)
        self.add(path, None)
        self.entries.append((self.prefix + path + "/.wh..wh..opq", b""))
        self.gone.update(p for p in self.below(path))
        for gone in self.below(path):
            del self.shown[gone]
