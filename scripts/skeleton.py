"""Blocks of an image's description that say what a real layer held, without its contents.

  owner NAME LISTFILE              entries marked @NAME stand in LISTFILE: dpkg's info/NAME.list, or RECORD
  own NAME PATH                    marks PATH of an earlier layer
  in DIR [@NAME]                   what follows, indented by one space, lies in DIR and is NAME's
   BASENAME/ [MODE]                a directory
   BASENAME SIZE [WORD...]         a file
   BASENAME -> TARGET              a symlink
   BASENAME => PATH                a hard link
    TEXT                           indented by two: a line of the content of the file above

Words of a file: MODE when it is not 644; `@NAME` owner (`@~NAME`: its list leaves out usr/, `@` none, `@A,B` both); `#N` the content of
all others with this N and size, or of the file at the path N; `!PROGRAM` a script; `kind=KIND`; `py=A,B` and `js=A,B` what it imports; `elf` or
`elf=TYPE` with need=A,B soname=A rpath=A runpath=A interp=A machine=N bits=N marks=go,rust strip=BYTES (sections that
strip takes). A name may hold \\xNN and \\s. Content that is not here is a few bytes that tell files apart, then a hole; lists and
RECORDs are written from the marks and filled up with newlines, as is all that is shorter than its size.
"""
import copy
import hashlib
import os
import struct
import tarfile

MAGICS = {
    "ar": b"!<arch>\n", "pdb": b"BSJB", "gcov": b"gcno", "libtool": b"# x - a libtool library file\n",
    "private-key": b"-----BEGIN PRIVATE KEY-----\n", "cachedir": b"Signature: 8a477f597d28d172789f06886806bc55\n",
    "xml-doc": b'<?xml version="1.0"?>\n<doc>\n',
    "coff": struct.pack("<HHIIIHH", 0x8664, 1, 0, 20, 0, 0, 0),
}
ELF_TYPES = {"other": 0, "relocatable": 1, "executable": 2, "shared": 3, "core": 4}
LOADER = b"/lib64/ld-linux-x86-64.so.2"
PT_LOAD, PT_DYNAMIC, PT_INTERP = 1, 2, 3
DT_NEEDED, DT_STRTAB, DT_STRSZ, DT_SONAME, DT_RPATH, DT_RUNPATH = 1, 5, 10, 14, 15, 29
HOLE_FROM = 4096  # shorter files are written out


def seed_text(seed):
    return hashlib.sha256(seed).hexdigest()[:16].encode()


def fill(content, size, byte=b"\0"):
    if len(content) > size:
        raise ValueError(f"content of {len(content)} bytes in a file of {size}")
    return content + byte * (size - len(content))


class Strings:
    """A string table of ELF."""

    def __init__(self):
        self.data = b"\0"

    def add(self, text):
        at = len(self.data)
        self.data += text + b"\0"
        return at


def elf_dynamic(strings, words):
    """The dynamic section but for its string table, which comes last."""
    entries = [(DT_NEEDED, strings.add(name)) for name in words.get("need", b"").split(b",") if name]
    for tag, name in ((DT_SONAME, "soname"), (DT_RPATH, "rpath"), (DT_RUNPATH, "runpath")):
        if words.get(name):
            entries.append((tag, strings.add(words[name])))
    return entries


def elf(size, words, seed):
    """A file of 64 or 32 bits, little-endian, whose headers say what the words do."""
    kind = ELF_TYPES[words.get("elf", b"shared").decode()]
    machine, bits = int(words.get("machine", 62)), int(words.get("bits", 64))
    wide = bits == 64
    head_bytes, segment_bytes, section_bytes = (64, 56, 64) if wide else (52, 32, 40)
    strings, names = Strings(), Strings()
    dynamic = elf_dynamic(strings, words)
    interpreter = words.get("interp", b"") and words["interp"] + b"\0"
    marks = [{"go": b".go.buildinfo", "rust": b".rustc"}[m.decode()] for m in words.get("marks", b"").split(b",") if m]
    strip = int(words.get("strip", 0))
    segments = 1 + bool(dynamic) + bool(interpreter) if dynamic or interpreter else 0
    at = head_bytes + segments * segment_bytes
    interpreter_at, at = at, at + len(interpreter)
    strings_at, at = at, at + (len(strings.data) if dynamic else 0)
    entry_bytes = 16 if wide else 8
    dynamic_at, at = at, at + (len(dynamic) + 3) * entry_bytes if dynamic else at
    body = interpreter
    if dynamic:
        dynamic = [*dynamic, (DT_STRTAB, strings_at), (DT_STRSZ, len(strings.data)), (0, 0)]
        body += strings.data + b"".join(struct.pack("<QQ" if wide else "<II", *pair) for pair in dynamic)
    sections = []
    if strip or marks:
        table = [(names.add(mark), 1, 2, at, 0) for mark in marks]
        table += [(names.add(b".debug_info"), 1, 0, size - strip, strip)] if strip else []
        own = names.add(b".shstrtab")
        sections = [(0, 0, 0, 0, 0), *table, (own, 3, 0, at, len(names.data))]
        body += names.data
    sections_at = head_bytes + segments * segment_bytes + len(body)

    def segment(kind, offset, length):
        flags = 4 if kind == PT_LOAD else 6
        if wide:
            return struct.pack("<IIQQQQQQ", kind, flags, offset, offset, offset, length, length, 1)
        return struct.pack("<IIIIIIII", kind, offset, offset, offset, length, length, flags, 1)

    table = b""
    if segments:
        table += segment(PT_LOAD, 0, size)
        table += segment(PT_INTERP, interpreter_at, len(interpreter)) if interpreter else b""
        table += segment(PT_DYNAMIC, dynamic_at, len(dynamic) * entry_bytes) if dynamic else b""
    for name, sort, flags, offset, length in sections:
        body += struct.pack("<IIQQQQIIQQ" if wide else "<IIIIIIIIII", name, sort, flags, 0, offset, length, 0, 0, 1, 0)
    head = b"\x7fELF" + bytes([2 if wide else 1, 1, 1]) + bytes(9)
    head += struct.pack("<HHIQQQ" if wide else "<HHIIII", kind, machine, 1, 0, head_bytes if segments else 0, sections_at if sections else 0)
    head += struct.pack("<IHHHHHH", 0, head_bytes, segment_bytes, segments, section_bytes, len(sections), max(len(sections) - 1, 0))
    whole = head + table + body
    return fill(whole + seed_text(seed)[: max(size - len(whole), 0)], size)


def python_import(name):
    if name.startswith(b"="):
        return b'"%s"\n' % name[1:]
    if name.startswith(b"."):
        return b"from %s import *\n" % name
    return b"import %s\n" % name


def source(words):
    out = b"#!" + words["script"] + b"\n" if "script" in words else b""
    out += b"".join(python_import(name) for name in words.get("py", b"").split(b",") if name)
    return out + b"".join(b'require("%s");\n' % name for name in words.get("js", b"").split(b",") if name)


def content(seed, size, words, lines):
    """Content of a file that differs by SEED from others, and where a hole begins that reaches to its end (or None)."""
    seed = words.get("group") or seed
    if lines:
        return fill(b"\n".join(lines) + b"\n" if sum(map(len, lines)) + len(lines) <= size else b"\n".join(lines), size, b"\n"), None
    if "elf" in words:
        return elf(size, words, seed), None
    text = source(words)
    if text:
        comment = (b"//" if "js" in words else b"#") + seed_text(seed)
        return fill(text + comment[: max(size - len(text), 0)], size), None
    head = MAGICS.get(words.get("kind", b"").decode(), b"")
    head = (head + seed_text(seed))[:size]
    return (head, len(head)) if size >= HOLE_FROM and not words.get("kind") else (fill(head, size), None)


def sparse_entry(info, data):
    """The blocks of a file that is DATA and a hole, in the form that GNU tar calls PAX 1.0."""
    part = copy.copy(info)
    part.pax_headers = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.name": info.name, "GNU.sparse.realsize": str(info.size)}
    part.name = "GNUSparseFile.0/" + os.path.basename(info.name)[:60]
    stored = fill(b"1\n0\n%d\n" % len(data), tarfile.BLOCKSIZE) + data
    part.size = len(stored)
    return part.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape") + stored + bytes(-len(stored) % tarfile.BLOCKSIZE)


class Owners:
    """Who owns what so far, and the lists that say so."""

    def __init__(self):
        self.lists = {}  # list file: owner
        self.paths = {}  # owner: its paths as the list spells them
        self.written = {}  # path: how many files it was

    def add(self, name, listfile):
        self.lists[listfile] = name
        self.paths.setdefault(name, {})

    def own(self, mark, path):
        short = mark.startswith(b"~")
        name = mark[1:] if short else mark
        self.paths[name][path[4:] if short else path] = None

    def seed(self, path):
        """What tells the next file of this path from others, and from those before it."""
        self.written[path] = self.written.get(path, 0) + 1
        return path if self.written[path] == 1 else path + b"@%d" % self.written[path]

    def text(self, listfile):
        paths = self.paths[self.lists[listfile]]
        if listfile.endswith(b"/RECORD"):
            base = os.path.dirname(os.path.dirname(listfile))
            return b"".join(os.path.relpath(b"/" + p, b"/" + base) + b",,\n" for p in paths)
        return b"".join(b"/" + p + b"\n" for p in paths)


WORDS = ("elf", "need", "soname", "rpath", "runpath", "interp", "machine", "bits", "marks", "strip", "py", "js", "kind", "uid", "gid")


def read_words(words, default):
    """What stands behind a file's size."""
    out = {"owner": default, "mode": "644"}
    for word in words:
        name, equals, value = word.partition(b"=")
        if word.startswith(b"@"):
            out["owner"] = word[1:]
        elif word.startswith(b"#"):
            out["group"] = word[1:]
        elif word.startswith(b"!"):
            out["script"] = word[1:]
        elif word.isdigit():
            out["mode"] = word.decode()
        elif name.decode() in WORDS:
            out[name.decode()] = value if equals else {"elf": b"shared", "interp": LOADER}[name.decode()]
        else:
            raise ValueError(f"no word {word.decode()}")
    return out


class Block:
    """What `in` has opened: turns indented lines into entries of a layer."""

    def __init__(self, layer, owners, line, raw):
        words = line.split(" ")
        self.layer, self.owners, self.raw = layer, owners, raw
        self.folder = raw(words[0]).strip(b"/.") if words[0] in ("/", ".") else raw(words[0])
        self.owner = raw(words[1])[1:] if len(words) > 1 else b""
        self.file = None  # whose content may follow: path, size, words, lines

    def path(self, name):
        return self.folder + b"/" + name if self.folder else name

    def line(self, text):
        if text.startswith("  "):
            self.file[3].append(self.raw(text[2:]))
            return
        self.end()
        words = [self.raw(word) for word in text[1:].split(" ")]
        path = self.path(words[0].removesuffix(b"/"))
        if words[0].endswith(b"/"):
            self.layer.add(path, tarfile.DIRTYPE, options(read_words(words[1:], b""), "755"))
        elif words[1] in (b"->", b"=>"):
            self.mark(read_words(words[3:], self.owner)["owner"], path)
            self.link(path, words[1] == b"=>", words[2])
        else:
            self.file = (path, int(words[1]), read_words(words[2:], self.owner), [])
            self.mark(self.file[2]["owner"], path)

    def mark(self, owner, path):
        for one in owner.split(b","):
            if one:
                self.owners.own(one, path)

    def link(self, path, hard, target):
        if hard:
            self.layer.links.append((path, target))
        else:
            self.layer.add(path, tarfile.SYMTYPE, {}, link=target)

    def end(self):
        """The file that the last lines were about."""
        if not self.file:
            return
        path, size, words, lines = self.file
        self.file = None
        if path in self.owners.lists and not lines:
            self.layer.unwritten.append((len(self.layer.entries), size))
            self.layer.add(path, tarfile.REGTYPE, options(words, "644"), b"")
            return
        data, hole = content(self.owners.seed(path), size, words, lines)
        self.layer.add(path, tarfile.REGTYPE, options(words, "644"), data)
        if hole is not None:
            self.layer.entries[-1][0].size = size


def options(words, mode):
    given = {name: words[name].decode() for name in ("uid", "gid") if name in words}
    return {"mode": words["mode"] if words["mode"] != "644" else mode, **given}


def end_layer(layer, owners):
    """Hard links, whose targets are there now, and lists, whose files are."""
    for path, target in layer.links:
        layer.add(path, tarfile.LNKTYPE, {}, link=target)
    for place, size in layer.unwritten:
        info, _ = layer.entries[place]
        text = fill(owners.text(info.name.encode("utf-8", "surrogateescape")), size, b"\n")
        info.size = size
        layer.entries[place] = (info, text)
    layer.links, layer.unwritten = [], []
