"""Names from images: any byte but NUL and slash may stand in them, and nothing of it may reach
a terminal, break a document or get lost."""

import csv
import io
import json
import re
import unicodedata

import documents
import formats
import images
from harness import case, check, equal

BIDI = ["\u061c", "\u200e", "\u200f", *map(chr, range(0x202a, 0x202f)), *map(chr, range(0x2066, 0x206a))]
HIDDEN = ["\u200b", "\u200c", "\u200d", "\u2028", "\u2029", "\u2060", "\ufeff", "\u00ad", "\U000e0041", "\ue000", "\U0010ffff", "\u0085", "\u009b"]
TRICKS = ["::set-env name=x::y", "=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", '"', "'", ",", "<script>", "`x`", "${x}", "$(x)", "%0a", "\\x1b", "|", "--", "~",
          "\x1b]0;title\x07", "\x1b[2J", "a\nb", "a\rb", "a\bb", "é", "e\u0301", "日本", "🐳", " lead", "trail ", "  "]

OUR_COLOURS = re.compile(r"\x1b\[(0|1|2|31|32|33)m")


def names():
    for byte in range(1, 256):
        if byte != ord("/"):
            yield b"byte-%02x-" % byte + bytes([byte]) + b"-end"
    for text in [*BIDI, *HIDDEN, *TRICKS]:
        yield b"text-" + text.encode() + b"-end"
        yield text.encode()
    for broken in [b"\xc3", b"\xe2\x82", b"\xf0\x9f\x90", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xff\xfe"]:
        yield b"broken-" + broken + b"-end"


def image_of_names(bench, wanted):
    layer = images.tar(*[(name, b"x" * 7) for name in wanted], *[(b"link-%d" % n, "symlink", name.decode("utf-8", "surrogateescape")) for n, name in enumerate(wanted)])
    image = images.Image(layer, images.tar((b".wh." + wanted[0], b"")))
    image.config_json["history"][0]["created_by"] = "RUN printf '\x1b[31m\u202e\r\n%s' # buildkit"
    image.config_json["config"]["Labels"] = {"\x1b[31m": "\u202e"}
    return images.write_layout(bench.home / "names", image.seal())


def check_printable(label, text, ends="\n"):
    for line in text.split(ends):
        for letter in line:
            bad = unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") or letter in BIDI
            check(not bad, f"{label}: U+{ord(letter):04X} in {line!r}")


def check_review_formats(bench, layout):
    for form in ["sarif", "codequality"]:
        out = bench.run(layout, "-o", form).text
        check_printable(form, out)
        formats.check(form, json.loads(out))
    out = bench.run(layout, "-o", "openmetrics").text
    check_printable("openmetrics", out)
    formats.metrics(out)


def check_stacks(bench, layout, document):
    """Each line is frames and a number; a frame for each folder, whatever its name."""
    out = bench.run(layout, "-o", "folded").text
    check_printable("folded", out)
    rows = [line.rpartition(" ") for line in out.splitlines()]
    equal("stacks", sum(int(size) for _, _, size in rows), document["images"][0]["totals"]["disk_bytes"])
    for stack, _, _ in rows:
        hidden = "[hidden by later layers]" in stack
        equal(f"frames of {stack!r}", stack.count(";"), 2 if hidden else 1)


@case
def any_name_in_every_format(bench):
    wanted = list(dict.fromkeys(names()))
    layout = image_of_names(bench, wanted)
    document = bench.profile(layout)
    records = [json.loads(line) for line in bench.run(layout, "-o", "ndjson").text.splitlines()]
    files = [r for r in records if r["record"] == "instance" and r["type"] == "file"]
    equal("paths, to the byte", [documents.raw(r, "path") for r in files], wanted)
    links = [r for r in records if r["record"] == "instance" and r["type"] == "symlink"]
    equal("targets, to the byte", [documents.raw(r, "link") for r in links], wanted)
    for record in files + links:
        for field in ["path", "link"]:
            if f"{field}_base64" in record:
                check("\ufffd" in record[field], "base64 of what is UTF-8", record)
    for form, more in [("text", []), ("tree", ["--top", "100000", "--depth", "9"])]:
        for options in [[], ["--color", "always"], ["--width", "80"]]:
            result = bench.run(layout, "-o", form, *more, *options)
            check_printable(form, OUR_COLOURS.sub("", result.text) if "always" in options else result.text)
            check_printable("stderr", result.err)
    rows = bench.run(layout, "-o", "tree", "--top", "100000", "--sort", "name").lines
    check(len(rows) >= 2 * len(wanted), f"{len(rows)} rows for {len(wanted)} files and as many links")
    out = bench.run(layout, "-o", "csv").text
    check_printable("csv", out, "\r\n")
    rows = list(csv.reader(io.StringIO(out, newline="")))
    equal("csv rows", len(rows), 1 + document["images"][0]["totals"]["entries"])
    for row in rows[1:]:
        for cell in row:
            check(cell[:1] not in "=+-@\t\r" or not cell, f"a formula: {cell!r}")
    json.loads(bench.run(layout, "-o", "ncdu").out)
    check_review_formats(bench, layout)
    check_stacks(bench, layout, document)
    page = bench.run(layout, "-o", "html").text
    check_printable("html", page)
    equal("scripts in the page", page.count("<script"), 2)


@case
def any_name_in_every_diff(bench):
    """What a change adds is as foreign as what an image has."""
    wanted = list(dict.fromkeys(names()))
    layout = image_of_names(bench, wanted)
    small = images.write_layout(bench.home / "small", images.Image(images.tar(("f", b"x"))))
    for form, ends in [("text", "\n"), ("csv", "\r\n"), ("openmetrics", "\n"), ("github", "\n"), ("markdown", "\n")]:
        for images_of_diff in [(small, layout), (layout, small)]:
            result = bench.run("diff", *images_of_diff, "-o", form, "-v")
            check_printable(form, result.text, ends)
            if form == "openmetrics":
                formats.metrics(result.text)
    rows = list(csv.DictReader(io.StringIO(bench.run("diff", small, layout, "-o", "csv").text, newline="")))
    check(len(rows) >= len(wanted), f"{len(rows)} rows for {len(wanted)} files")
    for row in rows:
        for field in ["image", "path", "from"]:
            check(row[field][:1] not in "=+-@" or not row[field], f"a formula: {row[field]!r}")


@case
def colours_in_names_are_not_ours(bench):
    """What looks like one of our own colours in a name is escaped as any other."""
    layout = images.write_layout(bench.home / "colour", images.Image(images.tar((b"\x1b[31mred\x1b[0m", b"x"))))
    for form in ["text", "tree"]:
        equal(form, b"\x1b" in bench.run(layout, "-o", form).out, False)


@case
def references_and_arguments_are_escaped(bench):
    """What the user typed comes back in messages and in the report."""
    odd = "we\x1b[31mird\u202e\r\nname"
    for argument in [f"./{odd}", f"docker-archive:./{odd}", odd, f"--{odd}", f"-o{odd}"]:
        result = bench.fails(None, arguments=[argument])
        check_printable("stderr", result.err)
    images.write_layout(bench.home / odd, images.Image(images.tar(("f", b"x"))))
    for form in ["text", "tree", "csv"]:
        check_printable(form, bench.run(f"./{odd}", "-o", form).text.replace("\r\n", "\n"))
    equal("json", json.loads(bench.run(f"oci:./{odd}", "--json").out)["images"][0]["reference"].endswith(odd), True)


@case
def words_of_the_config_are_escaped(bench):
    """Platform, history and media types are foreign text as well."""
    image = images.Image(images.tar(("f", b"x")))
    image.config_json |= {"os": "li\x1b[31mnux", "architecture": "amd\u202e64", "variant": "v\x07"}
    image.layers_json[0]["mediaType"] = "application/\x1b[31m\r\nx"
    layout = images.write_layout(bench.home / "config", image.seal())
    result = bench.run(layout, "--platform", "linux/amd64", status=None)
    check_printable("refused", result.err)
    for form in ["text", "tree", "csv"]:
        result = bench.run(layout, "-o", form, status=None)
        check_printable(form, result.text.replace("\r\n", "\n"))
        check_printable("stderr", result.err)


@case
def deep_paths_do_not_recurse(bench):
    """4,000 bytes of folders in a path, below a small stack, through every format."""
    path = "/".join(["d"] * 2000)
    layout = images.write_layout(bench.home / "deep", images.Image(images.tar((path, b"x" * 9)), images.tar((".wh.d", b""))))
    for form in ["text", "tree", "json", "ndjson", "csv", "ncdu", "html", "folded", "sarif", "openmetrics"]:
        script = 'ulimit -s 512; exec "$0" "$@"'
        out = bench.tool("sh", "-c", script, bench.program, layout, "-o", form, "--depth", "9999", "--limit", "implied-directories=10000")
        check(out, f"{form}: nothing")
