"""The comment as a forge shows it, rendered by cmark-gfm: whatever stands in an image, in a
stored report or in a budget, nothing of it becomes a link, an image, a mention or markup."""

import collections
import html
import html.parser
import json
import re
import subprocess

import images
from cases_escape import check_printable, names
from harness import case, check, equal

MARKUP = ["@octocat", "@org/team", "#123", "GH-123", "octo/repo#1", "octo/repo@1234567", "!12", "~label", "%5", "$1", "deadbeef", "0123456789abcdef0123456789abcdef01234567",
          "https://evil.example/x", "http://evil.example", "www.evil.example", "//evil.example", "mail@evil.example", "xmpp:a@b.c/d", "mailto:a@b.c", "ftp://e.x",
          "[x](http://e.x)", "![x](http://e.x/y.png)", "[x]: http://e.x", "<http://e.x>", "<img src=x onerror=alert(1)>", "<script>alert(1)</script>", "</code>", "</details>",
          "<details open>", "<!-- x", "-->", "--!>", "<a href=//e.x>y</a>", "&lt;b&gt;", "&#64;octocat", "**b**", "__b__", "_i_", "*i*", "~~s~~", "# head", "- item", "1. item",
          "> quote", "---", "===", "```", "`` x", "`", "``", "x`y``z", "\\`", "\\", "x\\", "\\|", "\\\\|", "a|b", "|", "||", "|:--|", "- [x] task", ":+1:", "[^1]", "$$x$$",
          "  ", " lead", "trail ", "a\n\nb", "a\r\n| x |\n|--|\n", "line\n<b>", "{{x}}", "${{ secrets.X }}", "::error::x", "x" * 250, "日本" * 40, "e" + "\u0301" * 120]
ELEMENTS = set("h3 p table thead tbody tr th td strong code details summary ul li".split())
HIDDEN_COMMENT = re.compile(r"<!-- imgprof:comment v1( (key|head|run)=[A-Za-z0-9._:/-]*)+ -->\n")
MENTION = re.compile(r"[@#]\w|\b[0-9a-f]{7,40}\b|www\.|://")


def cmark(markdown):
    command = ["cmark-gfm", "-e", "table", "-e", "autolink", "-e", "strikethrough", "-e", "tasklist", "--unsafe"]
    return subprocess.run(command, input=markdown.encode(), stdout=subprocess.PIPE, check=True).stdout.decode()


class Page(html.parser.HTMLParser):
    """What is wrong with a page, and the texts of its code spans."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.wrong, self.open, self.codes, self.words = [], [], [], []
        self.feed(text)
        self.close()
        if self.open:
            self.wrong.append(f"left open: {self.open}")

    def handle_starttag(self, tag, attributes):
        if tag not in ELEMENTS or set(attributes) - {("align", "left"), ("align", "right")}:
            self.wrong.append(f"<{tag} {attributes}>")
        self.open.append(tag)
        if tag == "code":
            self.codes.append("")

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}>")

    def handle_startendtag(self, tag, attributes):
        self.wrong.append(f"<{tag}/>")

    def handle_data(self, data):
        if "code" in self.open:
            self.codes[-1] += data
            return
        self.words.append(data)
        if MENTION.search(data):
            self.wrong.append(f"text {data!r}")

    def handle_comment(self, data):
        self.wrong.append(f"comment {data!r}")

    handle_decl = handle_pi = unknown_decl = handle_comment


def cells(row):
    """As GFM 4.10 cuts a row: at each bar without a backslash before it, wherever it stands."""
    return len(re.findall(r"(?<!\\)\|", row)) - 1


def check_tables(text):
    width = None
    for line in text.splitlines():
        if not line.startswith("|"):
            width = None
            continue
        width = width or cells(line)
        equal("cells of a row", cells(line), width, line)


def page_of(text, marker=False):
    check_printable("comment", text)
    check_tables(text)
    found = HIDDEN_COMMENT.match(text)
    equal("marker", bool(found), marker, text[:200])
    equal("blocks", len(re.findall("(?m)^<details>", text)), len(re.findall("(?m)^</details>$", text)))
    page = Page(cmark(text[found.end() if found else 0:]))
    check(not page.wrong, "\n".join(page.wrong[:20]), text[:3000])
    return page


def without_code(text):
    """The same comment by a writer that forgot to escape."""
    return re.sub(r"(?<![`\\])(`+)(?!`)( ?)(.*?[^`])\2\1(?!`)", r"\3", text)


def package_json(name):
    return json.dumps({"name": name, "version": f"1.0.0-{name}"}).encode()


def dpkg(names):
    rows = [f"Package: {name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: {name}\nInstalled-Size: 9\n" for name in names]
    return "\n".join(rows).encode()


def image_of(wanted, mark):
    """Each name in a path, an npm package and its version, the configuration and the history."""
    text = [name.decode("utf-8", "surrogateescape") for name in wanted]
    lines = [name.replace("\n", " ") for name in text if name.isprintable()]
    plain = [name for name in wanted if name != b"." and b"/" not in name and b"\0" not in name]
    entries = [(b"d/" + name, mark * (900 + n)) for n, name in enumerate(plain)]
    entries += [(b"app%d/node_modules/p/package.json" % n, package_json(name)) for n, name in enumerate(lines)]
    entries += [("var/lib/dpkg/status", dpkg(lines))]
    entries += [(b"usr/lib/python3/dist-packages/" + name + b"/__pycache__/x.pyc", mark * 5000) for name in plain[:9]]
    image = images.Image(*[images.tar(*entries[n::4]) for n in range(4)])
    odd = [name for name in text if name.encode("utf-8", "replace") == name.encode("utf-8", "surrogateescape")]
    image.config_json["history"] = [{"created_by": f"RUN {odd[n % len(odd)]}"} for n in range(4)]
    image.config_json["config"] = {"Labels": {name: name + str(mark) for name in odd}, "Env": [f"{name}={name}" for name in odd],
                                   "Cmd": odd, "User": odd[0], "WorkingDir": "/" + odd[-1]}
    return image.seal()


def pair_of(bench, label, wanted):
    before = images.write_layout(bench.home / f"before-{label}", images.Image(images.tar(("keep", b"x"))))
    after = images.write_layout(bench.home / f"after-{label}", image_of(wanted, b"x"))
    return before, after


def shown(page, name):
    """A name of ASCII alone is shown as it is, but for a backslash that would eat a bar."""
    return f"/d/{name}" in page.codes or "/d/" + re.sub(r"\\(?=\||$)", r"\\x5c", name) in page.codes


@case
def names_in_a_comment(bench):
    wanted = list(dict.fromkeys([*names(), *[text.encode() for text in MARKUP]]))
    batches = [wanted[n::12] for n in range(12)]
    for number, batch in enumerate(batches):
        before, after = pair_of(bench, number, batch)
        for pair in [(before, after), (after, before)]:
            text = bench.run("diff", *pair, "-o", "markdown").text
            page = page_of(text)
            for name in batch:
                if all(33 <= byte <= 126 for byte in name) and b"/" not in name and len(name) < 100 and not name.startswith(b"x" * 9):
                    check(shown(page, name.decode()), f"{name!r} is not shown", page.codes)
        check(Page(cmark(without_code(text))).wrong, "the check cannot fail", without_code(text)[:2000])


@case
def every_kind_of_markup_fails_the_check_when_unescaped(bench):
    """A negative control by name: those that a forge would make something of."""
    for name in ["@octocat", "x #123", "deadbeef", "https://evil.example/x", "www.evil.example", "mail@evil.example", "[x](http://e.x)", "![x](http://e.x/y.png)",
                 "<http://e.x>", "<img src=x>", "</details>", "<!-- x -->", "_i_", "~~s~~"]:
        check(Page(cmark(f"| a |\n|:--|\n| {name} |\n")).wrong, f"{name!r} passes")
    for name in ["<b>", "&lt;", "a|b"]:
        check(not Page(cmark(f"| a |\n|:--|\n| `{name}` |\n")).wrong, f"{name!r} fails in a code span")


@case
def a_stored_report_is_hostile(bench):
    """Words that are ours in a report of ours may be anything in one that was handed in."""
    before, after = pair_of(bench, "stored", [b"one", b"two"])
    document = json.loads(bench.run("diff", before, after, "-o", "json").out)
    for number, word in enumerate(text for text in MARKUP if text.isprintable()):
        changed = collections.Counter()

        def change(value, key=""):
            if isinstance(value, dict):
                return {k: change(v, k) for k, v in value.items()}
            if isinstance(value, list):
                return [change(v, key) for v in value]
            if isinstance(value, str) and key in {"title", "manager", "class", "what", "name", "subject", "reference", "created_by", "before", "after",
                                                  "rule", "version_before", "version_after", "path", "from", "os", "architecture", "base_reason"}:
                changed[key] += 1
                return word
            return value

        file = bench.home / f"{number}.json"
        file.write_text(json.dumps(change(document)))
        check(len(changed) > 5, f"only {changed} changed")
        result = bench.run("render", file, "-o", "markdown", status=None)
        if result.status == 0:
            page_of(result.text)
    file.write_text(json.dumps(document))
    page_of(bench.run("render", file, "-o", "markdown").text)


@case
def words_of_a_report_that_may_be_anything(bench):
    """Each field by itself: where one is refused, the others are still looked at."""
    before, after = pair_of(bench, "field", [b"one", b"two"])
    document = json.loads(bench.run("diff", before, after, "-o", "json").out)
    accepted = set()
    for word in ["@octocat", "<img src=x>", "deadbeef", "www.evil.example", "a|b", "`"]:
        for key in ["title", "manager", "class", "what", "name", "subject", "reference", "rule", "created_by"]:
            text = json.dumps(document)
            file = bench.home / "field.json"
            file.write_text(re.sub(rf'"{key}": "[^"]*"', lambda found: f'"{key}": {json.dumps(word)}', text))
            result = bench.run("render", file, "-o", "markdown", status=None)
            if result.status == 0:
                page_of(result.text)
                accepted.add(key)
    check({"manager", "title", "name", "reference"} <= accepted, f"only {accepted}")


@case
def names_in_a_budget(bench):
    """Globs, packages, reasons, and what a waiver says."""
    before, after = pair_of(bench, "budget", [b"one", b"two"])
    for number, name in enumerate(text for text in MARKUP if text.isprintable()):
        quoted = json.dumps(name)
        rules = [{"path": "/" + name, "forbid": True, "why": name}, {"package": "npm:" + name, "max": 0, "why": name}, {"metric": "disk", "max": 0, "why": name},
                 {"metric": "pull", "max": 0, "level": "warn", "why": name}, {"path": "/d/**", "max": 0, "why": name}]
        waive = [{"path": "/d/**", "until": "2199-12-31", "why": name}, {"metric": "disk", "until": "2000-01-01", "why": name}]
        file = bench.home / f"budget-{number}.yaml"
        file.write_text(json.dumps({"version": 1, "images": [{"match": "*", "budgets": rules, "waive": waive}]}))
        for base in [[], ["--base", before]]:
            result = bench.run("check", after, *base, "--budget", file, "-o", "markdown", "--name", name, status=None)
            if result.status == 1:
                page_of(result.text)
        equal("a budget that is broken", result.status, 1, result, quoted)


@case
def a_marker_cannot_be_broken(bench):
    before, after = pair_of(bench, "marker", [b"one"])
    for word in [text for text in MARKUP if text.isprintable()]:
        options = ["--comment-key", word, "--head", word]
        text = bench.run("diff", before, after, "-o", "markdown", *options, "--name", word).text
        page_of(text, marker=True)
        text = bench.run("diff", before, after, "-o", "markdown", "--for", "bitbucket", *options).text
        check(re.match(r"\[//\]: # \(imgprof:comment v1( (key|head|run)=[A-Za-z0-9._:/-]*)+\)\n\n", text), "marker", text[:200])
        check(not Page(cmark(text)).wrong and "imgprof:comment" not in cmark(text), "shown", cmark(text)[:400])


@case
def several_images_in_a_comment(bench):
    pairs = []
    for number, name in enumerate(["@octocat", "<b>x</b>", "a&amp;b", "</summary></details>", "`", "a|b"]):
        pairs += ["--pair", name, *pair_of(bench, f"several-{number}", [name.encode(), b"two"])]
    text = bench.run("diff", *pairs, "-o", "markdown").text
    page = page_of(text)
    for name in ["@octocat", "<b>x</b>", "a&amp;b", "</summary></details>"]:
        check(page.codes.count(name) >= 2, f"{name} is not in the table and a title", page.codes)
        check(f"<summary><code>{html.escape(name)}</code></summary>" in text, f"{name} is no title", text)
    page_of(bench.run("diff", *pairs, "-o", "markdown", "--for", "bitbucket").text)


@case
def costs_and_shares_of_any_names_are_text(bench):
    """The pages of cost and share: tags, labels, a currency and names of files that are markup."""
    made = []
    for n, name in enumerate(MARKUP):
        image = images.Image(images.tar((f"f{n}", b"x" * n)))
        image.config_json["config"]["Labels"] = {"team": name}
        made.append(image.seal())
    images.write_layout(bench.home / "cost", *made, index=[image.entry(tag) for image, tag in zip(made, MARKUP)])
    files = [(f"{name.replace('/', '|').strip()}-/f", b"%d" % n * 2000) for n, name in enumerate(MARKUP)]
    for n, name in enumerate(["@octocat", "[x](y)"]):
        images.write_layout(bench.home / name, images.Image(images.tar((f"own{n}", b"o"), *files)))
    for forge in ["github", "bitbucket"]:
        asked = ["--for", forge, "--top", "1000", "-o", "markdown"]
        page = page_of(bench.run("cost", f"oci:{bench.home}/cost", "--group", "label:team", "--what-if", "match=@octocat", "--price", "1000000/GB-month", "--currency", "[x](http://e.x)|@a", *asked).text)
        told = "\n".join(page.codes)
        for name in ["@octocat", "<b>", "match=@octocat", "[x](http://e.x)|@a"]:
            check(name in told, f"{name} is not told", told[:3000])
        page = page_of(bench.run("share", *[f"oci:{bench.home}/{name}" for name in ["@octocat", "[x](y)"]], "--no-cache", *asked).text)
        check(any("deadbeef" in code for code in page.codes), "no name of a folder")
