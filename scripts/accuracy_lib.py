"""What the accuracy scripts share: trees from Debian's archive, layers of folders, what imgprof says, tables."""
import base64
import contextlib
import json
import os
import pathlib
import re
import shutil
import stat
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True

TOP = pathlib.Path(__file__).resolve().parent.parent
# What scripts/packages installs is what is used, whatever else this machine has.
os.environ["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin:" + os.environ["PATH"]
IMGPROF = os.environ.get("IMGPROF", str(TOP / "build/imgprof"))
LIST_PACKAGES = os.environ.get("IMGPROF_LIST_PACKAGES", str(TOP / "build-test/tests/accuracy/list-packages"))
WORK = pathlib.Path(os.environ.get("IMGPROF_ACCURACY_WORK", "/tmp/imgprof-accuracy"))
SUITE = "bookworm"
MIRROR = os.environ.get("IMGPROF_DEBIAN_MIRROR", "http://deb.debian.org/debian")


def run(*command, **options):
    options.setdefault("stdout", subprocess.PIPE)
    return subprocess.run(command, check=True, text=True, **options).stdout


def quiet(*command, **options):
    """Whether COMMAND succeeds."""
    return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False, **options).returncode == 0


def profile(reference, *options):
    """The document of one image, and its instance records. A report that is stored is not asked: it may be of other code."""
    with tempfile.TemporaryDirectory() as work:
        run(IMGPROF, "-q", "--no-cache", reference, "-o", f"json={work}/json", "-o", f"ndjson={work}/ndjson", "--no-tree", *options)
        with open(f"{work}/json", encoding="utf-8") as text:
            document = json.load(text)["images"][0]
        with open(f"{work}/ndjson", encoding="utf-8") as lines:
            records = [r for r in map(json.loads, lines) if r["record"] == "instance"]
    return document, records


def path_of(record):
    raw = base64.b64decode(record["path_base64"]) if record.get("path_base64") else record["path"].encode()
    return os.fsdecode(raw)


class View:
    """What imgprof says of the live files of an image."""

    def __init__(self, reference):
        self.document, self.records = profile(reference)
        self.findings = {f["id"]: f for f in self.document["findings"]}
        self.dropped = self.document["dropped"]
        self.sizes, self.flagged, self.partial = {}, {}, {}
        for record in self.records:
            if record["type"] not in ("file", "hardlink") or record["fate"] != "live":
                continue
            path = path_of(record)
            self.sizes[path] = record["disk_bytes"]
            if record.get("partial_bytes"):
                self.partial[path] = record["partial_bytes"], self.findings[record["finding"]]
            elif record.get("finding"):
                self.flagged[path] = self.findings[record["finding"]]

    def of_rules(self, *rules):
        return {p for p, f in self.flagged.items() if f["rule"] in rules}

    def bytes_of(self, paths):
        return sum(self.sizes.get(p, 0) for p in paths)


def debian_tree(name, *packages, options=()):
    """A tree of minbase and PACKAGES, with what apt left there; made once."""
    tree = WORK / name
    if not tree.exists():
        WORK.mkdir(parents=True, exist_ok=True)
        scratch = WORK / f"{name}.part"
        shutil.rmtree(scratch, ignore_errors=True)
        run("mmdebstrap", "--quiet", "--variant=minbase", "--skip=cleanup/apt/cache,cleanup/apt/lists",
            f"--include={','.join(packages)}", *(f"--dpkgopt={o}" for o in options), SUITE, str(scratch), MIRROR)
        scratch.rename(tree)
    return tree


class Layout:
    """An OCI layout, made by umoci; each image in it is a list of layers and a configuration."""

    def __init__(self, folder):
        self.folder = folder
        shutil.rmtree(folder, ignore_errors=True)
        run("umoci", "init", "--layout", str(folder))

    def image(self, name, tree, place="", base=None, *config):
        """An image NAME: TREE at PLACE as a layer, above the image BASE."""
        at = f"{self.folder}:{name}"
        if base:
            run("umoci", "tag", "--image", f"{self.folder}:{base}", name)
        else:
            run("umoci", "new", "--image", at)
        archive = f"{self.folder}.tar"
        prefix = f"{place}/" if place else ""
        run("tar", "-cf", archive, "--numeric-owner", "--exclude=./dev/*", "--transform", rf"flags=r;s,^\./,{prefix},", "-C", str(tree), ".")
        run("umoci", "raw", "add-layer", "--image", at, archive, stderr=subprocess.DEVNULL)
        os.unlink(archive)
        if config:
            run("umoci", "config", "--image", at, *config)
        return f"oci:{self.folder}:{name}"


DEVICES = {"null": (1, 3), "zero": (1, 5), "full": (1, 7), "random": (1, 8), "urandom": (1, 9), "tty": (5, 0)}


def make_devices(folder):
    """Device files of its own: what deletes a tree must not reach the machine's."""
    run("mount", "-t", "tmpfs", "tmpfs", str(folder))
    for name, (major, minor) in DEVICES.items():
        os.mknod(folder / name, stat.S_IFCHR, os.makedev(major, minor))
        os.chmod(folder / name, 0o666)
    for name, target in {"fd": "fd", "stdin": "fd/0", "stdout": "fd/1", "stderr": "fd/2"}.items():
        os.symlink(f"/proc/self/{target}", folder / name)
    (folder / "shm").mkdir()
    os.chmod(folder / "shm", 0o1777)


def unmount(folder):
    """All that is mounted at FOLDER and below, also while something that was started there runs on."""
    for options in (["-R"], ["-R", "-l"]):
        if os.path.ismount(folder):
            subprocess.run(["umount", *options, folder], check=False, stderr=subprocess.DEVNULL)


@contextlib.contextmanager
def writable(tree):
    """A tree that can be changed without changing TREE, with /proc, /dev and /tmp of its own."""
    work = tempfile.mkdtemp(prefix="imgprof-accuracy-")
    layers = {name: f"{work}/{name}" for name in ("upper", "scratch", "merged")}
    try:
        run("mount", "-t", "tmpfs", "tmpfs", work)
        for folder in layers.values():
            os.mkdir(folder)
        run("mount", "-t", "overlay", "overlay", "-o", f"lowerdir={tree},upperdir={layers['upper']},workdir={layers['scratch']}", layers["merged"])
        root = pathlib.Path(layers["merged"])
        for folder in ("proc", "dev", "tmp"):
            (root / folder).mkdir(exist_ok=True)
        run("mount", "-t", "proc", "proc", str(root / "proc"))
        make_devices(root / "dev")
        run("mount", "-t", "tmpfs", "tmpfs", str(root / "tmp"))
        (root / "etc").mkdir(exist_ok=True)
        (root / "etc/hosts").write_text("127.0.0.1 localhost\n")  # as an engine does
        yield root
    finally:
        unmount(layers["merged"])
        unmount(work)
        os.rmdir(work)  # empty: never delete what may still be mounted


def opened_files(root, log):
    """Paths below ROOT that the trace opened or executed, symlinks resolved."""
    paths = set()
    with open(log, encoding="utf-8", errors="surrogateescape") as lines:
        for line in lines:
            result = re.search(r"= \d+<([^>]*)>$", line)
            program = re.search(r'execve(?:at)?\((?:[^"]*)"([^"]*)".* = 0$', line)
            if result and result[1].startswith(str(root) + "/"):
                paths.add(result[1][len(str(root)) + 1:])
            elif program:
                paths.add(os.path.realpath(program[1]).lstrip("/"))
                with contextlib.suppress(OSError):
                    paths.add(os.path.relpath(os.path.realpath(str(root) + program[1]), root))
    return paths


def regular_files(tree):
    """Paths below TREE of regular files, and their state; symlinks are not followed."""
    out = {}
    for folder, _, names in os.walk(tree):
        for name in names:
            file = os.path.join(folder, name)
            if os.path.isfile(file) and not os.path.islink(file):
                out[os.path.relpath(file, tree)] = os.lstat(file)
    return out


def table(title, head, rows):
    print(f"\n{title}")
    widths = [max(len(str(row[i])) for row in [head, *rows]) for i in range(len(head))]
    for row in [head, *rows]:
        cells = [str(c).ljust(w) if i == 0 else str(c).rjust(w) for i, (c, w) in enumerate(zip(row, widths))]
        print("  ".join(cells).rstrip())
    sys.stdout.flush()


def mb(count):
    return f"{count / 1e6:.1f}"


def mb2(count):
    return f"{count / 1e6:.2f}"


def yes(fine):
    return "yes" if fine else "NO"


def main(document, parts):
    """Runs the parts that the command line names, or all; 1 when one does not hold."""
    wanted = sys.argv[1:] or list(parts)
    name = os.path.basename(sys.argv[0])
    unknown = [part for part in wanted if part not in parts]
    if unknown or os.geteuid() != 0:
        sys.exit(f"{name}: no part {unknown[0]}: {', '.join(parts)}" if unknown else document)
    WORK.mkdir(parents=True, exist_ok=True)
    return 0 if all([parts[part]() for part in wanted]) else 1
