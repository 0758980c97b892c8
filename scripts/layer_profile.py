"""Reads layer profiles as docs/profile-format.md describes them: entries, kept files, facts."""
import dataclasses
import subprocess

TYPES = "file hardlink directory symlink char block fifo whiteout opaque".split()
KINDS = "other elf script ar coff pdb gcov libtool private-key cachedir xml-doc credentials".split()
ELF_TYPES = "other relocatable executable shared core".split()
MAGIC = b"imgprof\n"
VERSION = 4


@dataclasses.dataclass
class Entry:
    path: bytes
    type: str
    size: int = 0
    mode: int = 0
    uid: int = 0
    gid: int = 0
    mtime: int = 0
    link: bytes = b""
    hash: bytes = b""
    headers: int = 1
    inert: bool = False  # a whiteout that hides nothing
    content: bytes = None  # of a kept file
    fact: dict = None


class Bytes:
    """Bytes that are read from front to back."""

    def __init__(self, data, at=0):
        self.data, self.at = data, at

    def take(self, count):
        self.at += count
        return self.data[self.at - count : self.at]

    def byte(self):
        return self.take(1)[0]

    def number(self):
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    def text(self):
        return self.take(self.number())

    def packed(self):
        length, packed_length = self.number(), self.number()
        packed = self.take(packed_length)
        return Bytes(subprocess.run(["zstd", "-dcq"], input=packed, stdout=subprocess.PIPE, check=True).stdout if length else b"")


def names(text):
    return [name for name in text.split(b"\0") if name]


def read_fact(data):
    head = data.byte()
    fact = {"kind": KINDS[head & 63], "imports": []}
    if fact["kind"] == "script":
        fact["interpreter"] = data.text()
    elif fact["kind"] == "elf":
        fact |= {"type": ELF_TYPES[data.byte()], "machine": data.number(), "bits": data.byte(), "flags": data.byte()}
        fact |= {name: data.text() for name in ("interpreter", "soname", "rpath", "runpath")}
        fact |= {"needed": names(data.text()), "strip": data.number(), "fatbin": data.number(), "modules": data.text(), "deps": data.text()}
    if head & 64:
        fact["imports"] = names(data.text())
    return fact


def read_columns(data):
    lengths = [data.number() for _ in range(9)]
    return [Bytes(data.take(length)) for length in lengths]


def read_entries(data):
    shapes, extras, paths, spellings, links, sizes, pulls, hashes, meta = read_columns(data)
    modes, uid, gid, mtime, headers, path = {}, 0, 0, 0, 1, b""
    for shape in shapes.data:
        extra = extras.byte() if shape & 0x80 else 0
        kind = TYPES[shape & 15]
        shared = paths.number()
        path = path[:shared] + paths.text()
        if extra & 4 and spellings.number() == 3:
            spellings.text()
        entry = Entry(path, kind)
        if kind in ("hardlink", "symlink"):
            entry.link = links.text()
        stored = entry.size = sizes.number() if kind == "file" else 0
        if extra & 0x10:
            stored = sizes.number()
        if stored:
            pulls.number()
        if entry.size:
            entry.hash = hashes.take(16)
        if shape & 0x10:
            modes[kind] = meta.number()
        if shape & 0x20:
            uid, gid = meta.number(), meta.number()
        if shape & 0x40:
            step = meta.number()
            mtime += step >> 1 if step & 1 == 0 else -(step + 1 >> 1)
        if extra & 8:
            meta.number()
        if extra & 0x20:
            headers = meta.number()
        entry.mode, entry.uid, entry.gid, entry.mtime, entry.headers = modes.get(kind, 0), uid, gid, mtime, headers
        entry.inert = bool(extra & 2)
        yield entry


def read(path):
    """The entries of one layer, in tar order."""
    with open(path, "rb") as file:
        stored = file.read()
    data = Bytes(stored, max(stored.find(MAGIC), 0))  # the cache writes a header of its own in front
    if data.take(len(MAGIC)) != MAGIC or int.from_bytes(data.take(4), "little") != VERSION:
        raise ValueError(f"{path}: no profile of version {VERSION}")
    data.take(3 + 64)
    for _ in range(5 + 10):
        data.number()
    entries = list(read_entries(data))
    at, kept = 0, []
    for _ in range(data.number()):
        at += data.number()
        kept.append((entries[at], data.byte(), data.number()))
    contents = data.packed()
    for entry, cut, length in kept:
        entry.content = contents.take(length) if not cut else None
    count = data.number()
    facts, at = data.packed(), 0
    for _ in range(count):
        at += facts.number()
        entries[at].fact = read_fact(facts)
    return entries
