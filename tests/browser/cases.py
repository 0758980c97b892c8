"""What somebody does with the page of -o html: each function marked with @case is a test by its name."""

import csv
import functools
import hashlib
import io
import json
import subprocess
import urllib.parse

import axe
import images
from browser import Browser, payload
from harness import case, check, equal

DIFF_PAGE = CACHE = None  # run.py sets them


class Skipped(Exception):
    pass


def browser_case(function):
    """A case with a browser, which has been quiet at its end."""
    @functools.wraps(function)
    def run(bench):
        browser = Browser(bench.home)
        bench.closing.append(browser.close)
        function(bench, browser)
        browser.check_quiet()
    return case(run)


HOSTILE = ["<script>pwned()</script>", "<img src=x onerror=pwned()>", "\"><svg onload=pwned()>", "</template><script>pwned()</script>", "javascript:pwned()",
           "'-pwned()-'", "&lt;b&gt;", "=1+1", "\u202egnp.exe", "a\nb\rc\td", "\x1b[31mred", "{{pwned()}}", "${pwned()}", "</td><td>", "<!--", "]]>"]


def demo(bench, *more, name="demo"):
    """The page of the demo image with sizes in bytes, and its document."""
    if not (bench.home / name).exists():
        bench.make_image(f"{name}.image", f"oci:{bench.home}/{name}")
    page = bench.home / f"{name}.html"
    bench.run(f"oci:{bench.home}/{name}", "--no-cache", "--units", "bytes", "-o", f"html={page}", *more)
    return page, bench.profile(f"oci:{bench.home}/{name}", "--no-cache")["images"][0]


def instances(bench, name="demo"):
    lines = bench.run(f"oci:{bench.home}/{name}", "--no-cache", "-o", "ndjson").text.splitlines()
    return [r for r in map(json.loads, lines) if r["record"] == "instance" and r["type"] == "file"]


def hostile_page(bench):
    layer = images.tar(*[(f"{name.replace('/', '|')}.{n}", b"x" * (100 + n)) for n, name in enumerate(HOSTILE)],
                       *[(f"dir-{name.replace('/', '|')}/inside", b"y" * 50) for name in HOSTILE])
    image = images.Image(layer)
    image.config_json["history"][0]["created_by"] = "RUN " + " ".join(HOSTILE)
    images.write_layout(bench.home / "hostile", image.seal())
    page = bench.home / "hostile.html"
    bench.run(f"oci:{bench.home}/hostile", "--no-cache", "--units", "bytes", "-o", f"html={page}")
    return page


def diff_page(bench):
    page = bench.home / "diff.html"
    page.write_bytes(subprocess.run([DIFF_PAGE], stdout=subprocess.PIPE, check=True).stdout)
    return page


@browser_case
def sums_are_those_of_the_document(bench, browser):
    page, document = demo(bench)
    totals = document["totals"]
    browser.open(page)
    for size, total in [("disk", "disk_bytes"), ("pull", "pull_bytes"), ("goes", "reclaimable_bytes")]:
        browser.choose("size", size)
        equal(size, browser.found(), (totals["files"], totals[total]))
        name, _, *figures = browser.rows()[0][:5]
        equal("the root's row", list(map(int, figures)), [totals["disk_bytes"], totals["pull_bytes"], totals["reclaimable_bytes"]])
        children = [row for row in browser.rows()[1:]]
        for column, figure in zip([2, 3, 4], figures):
            equal(f"what stands below {name}", sum(int(row[column]) for row in children), int(figure))
    hidden = next(row for row in browser.rows() if row[0].startswith("[hidden"))
    equal("hidden", (int(hidden[2]), int(hidden[3])), (totals["wasted_bytes"], totals["wasted_pull_bytes"]))
    browser.choose("size", "disk")
    legend = browser.run("return [...document.querySelectorAll('#legend li')].map(li => li.lastChild.textContent)")
    for row in document["classes"][:6]:
        check(f"{row['class']} {row['disk_bytes']}" in legend, f"{row['class']} in the legend", *legend)


@browser_case
def layers_add_up(bench, browser):
    page, document = demo(bench)
    browser.open(page)
    for layer in document["layers"]:
        browser.choose("layer", str(layer["index"]))
        browser.choose("size", "disk")
        equal("disk", browser.found()[1], layer["disk_bytes"])
        browser.choose("size", "pull")
        equal("pull", browser.found()[1], layer["pull_bytes"])


@browser_case
def search_counts_files_and_bytes(bench, browser):
    page, _ = demo(bench)
    files = instances(bench)
    browser.open(page)
    for text in ["node_modules/lighthouse", ".DEB", "usr/share/doc", "no such name"]:
        browser.search(text)
        expected = [f for f in files if text.lower() in f["path"].lower()]
        equal(text, browser.found(), (len(expected), sum(f["disk_bytes"] for f in expected)))
    equal("rows that nothing matches", len(browser.rows()), 1)
    browser.search(".deb")
    check(not any(row[0] == "code/" for row in browser.rows()), "a folder without a match is shown")


@browser_case
def zoom_by_mouse_crumb_and_history(bench, browser):
    page, _ = demo(bench)
    browser.open(page)
    whole = browser.found()
    code = [box for box in browser.all("#map .box") if box.get_attribute("title").startswith("code\n")][0]
    browser.run("arguments[0].click()", code)
    equal("rows", browser.rows()[0][0], "code/")
    equal("address", browser.address(), "#path=code")
    check(browser.found()[1] < whole[1], "zoomed in, and as large")
    browser.run("arguments[0].click()", [b for b in browser.all("#map .box") if b.get_attribute("title").startswith("code/node_modules\n")][0])
    equal("crumbs", [b.text for b in browser.all("#crumbs button")][1:], ["code", "node_modules"])
    browser.find("#crumbs button:nth-of-type(2)").click()
    equal("one up", browser.address(), "#path=code")
    browser.driver.back()
    browser.wait(lambda: browser.address() == "#path=code%2Fnode_modules", "back")
    browser.wait(lambda: browser.rows()[0][0] == "node_modules/", "the page follows")
    browser.find("#crumbs button").click()
    equal("all again", browser.found(), whole)


@browser_case
def keyboard_alone(bench, browser):
    """A tree as any other: one stop of the Tab key, arrows from there."""
    page, _ = demo(bench)
    browser.open(page)
    equal("stops in the tree", len(browser.all("#tree [tabindex='0']")), 1)
    browser.run("document.querySelector('#tree [tabindex=\"0\"]').focus()")
    equal("root", browser.focused()[1:], [1, "true"])
    browser.press("arrow_down")
    first = browser.focused()
    equal("first", first[1:], [2, "false"])
    browser.press("arrow_right")
    equal("opened", browser.focused(), [first[0], 2, "true"])
    browser.press("arrow_right")
    equal("inside", browser.focused()[1], 3)
    browser.press("arrow_left")
    equal("its parent", browser.focused()[0], first[0])
    browser.press("arrow_left")
    equal("closed", browser.focused(), [first[0], 2, "false"])
    browser.press("end")
    last = browser.focused()
    browser.press("home")
    check(browser.focused()[1] == 1 and last[1] == 2, "Home and End", last)
    equal("still one stop", len(browser.all("#tree [tabindex='0']")), 1)
    browser.press("arrow_down", "enter")
    equal("zoomed in", browser.focused()[:2], [first[0], 1])
    browser.press("backspace")
    equal("and out", browser.focused()[1], 1)
    equal("address", browser.address() or "#", "#")


@browser_case
def long_folders_open_piece_by_piece(bench, browser):
    bench.make_image("layer RUN many\nfiles many 450 2k\n", f"oci:{bench.home}/many")
    page = bench.home / "many.html"
    bench.run(f"oci:{bench.home}/many", "-o", f"html={page}", "--no-cache", "--units", "bytes")
    browser.open(page, "#path=many")
    equal("rows", len(browser.rows()), 1 + 100 + 1)
    browser.run("document.querySelector('#tree [tabindex=\"0\"]').focus()")
    browser.press("end", "enter")
    equal("rows", len(browser.rows()), 1 + 200 + 1)
    equal("goes on where it was", browser.focused()[1], 2)


@browser_case
def state_is_in_the_address(bench, browser):
    page, _ = demo(bench)
    browser.open(page)
    for name, value in [("view", "icicle"), ("size", "pull"), ("color", "package"), ("layer", "1")]:
        browser.choose(name, value)
    browser.search("usr")
    address = browser.address()
    equal("in words", dict(urllib.parse.parse_qsl(address[1:])), {"view": "icicle", "size": "pull", "color": "package", "layer": "1", "search": "usr"})
    before = (browser.found(), browser.rows(), browser.text("#legend"))
    browser.open(page, address)
    equal("the same after loading it", (browser.found(), browser.rows(), browser.text("#legend")), before)
    equal("view", browser.find("#map").get_attribute("class"), "icicle")
    browser.run("location.hash = '#search=deb'")
    browser.wait(lambda: browser.run("return document.querySelector('input[name=search]').value") == "deb", "the page follows")
    browser.open(page, "#path=no/such/folder&size=nonsense&layer=99&part=7&view=x")
    equal("nonsense", browser.rows()[0][0], f"oci:{bench.home}/demo")


@browser_case
def every_view_and_colour_draws(bench, browser):
    page, _ = demo(bench)
    browser.open(page)
    for view in ["treemap", "icicle"]:
        for color in ["class", "layer", "package"]:
            browser.choose("view", view)
            browser.choose("color", color)
            check(len(browser.all("#map .box")) > 20, f"{view}: few boxes")
            check(len(browser.all("#legend li")) > 2, f"{color}: few colours")
            outside = browser.run("const m = document.getElementById('map').getBoundingClientRect(); return [...document.querySelectorAll('.box')]"
                                  ".filter(b => { const r = b.getBoundingClientRect(); return r.right > m.right + 1 || r.bottom > m.bottom + 1 }).length")
            equal(f"{view}: boxes outside", outside, 0)
    browser.choose("view", "none")
    equal("table only", browser.find("#map").is_displayed(), False)


@browser_case
def hostile_names_are_text(bench, browser):
    page = hostile_page(bench)
    browser.command("Page.addScriptToEvaluateOnNewDocument", source="window.pwned = () => { window.wasPwned = true }")
    browser.open(page)
    names = [row[0] for row in browser.rows()]
    for n, name in enumerate(HOSTILE[:8]):
        check(f"{name.replace('/', '|')}.{n}" in names, f"{name} is not shown as it is", *names)
    check(any("\\u{202e}gnp.exe" in name for name in names), "text direction is not escaped", *names)
    browser.choose("layer", "0")
    browser.search("pwned")
    browser.run("document.querySelectorAll('#tree tr').forEach(row => row.click())")
    browser.run("document.querySelectorAll('#map .box').forEach(box => { box.click(); })")
    equal("ran", browser.run("return window.wasPwned"), None)
    equal("elements from names", len(browser.all("main img, main svg, main b, main script, article script, [onerror], [onload]")), 0)
    equal("scripts", len(browser.all("script")), 2)
    for text in browser.run("return [...document.querySelectorAll('td, option, .box, h1, h2')].map(e => e.textContent)"):
        check(not any(c in text for c in "\u202e\x1b\r\n\t"), f"raw control characters: {text!r}")


@browser_case
def csv_of_the_rows_that_pass(bench, browser):
    page, document = demo(bench)
    browser.command("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(bench.home))
    saved = bench.home / "imgprof.csv"
    browser.open(page)
    for text, expected in [("", document["totals"]["disk_bytes"]), (".deb", None)]:
        browser.search(text)
        browser.find("#csv").click()
        browser.wait(saved.exists, "a download")
        rows = list(csv.DictReader(io.StringIO(saved.read_text(), newline="")))
        equal("sum", sum(int(row["disk_bytes"]) for row in rows), browser.found()[1] if expected is None else expected)
        check(all(text in row["path"] for row in rows), "a row that does not pass")
        saved.unlink()
    browser.open(hostile_page(bench))
    browser.find("#csv").click()
    browser.wait(saved.exists, "a download")
    for row in csv.reader(io.StringIO(saved.read_text(), newline="")):
        check(not any(cell[:1] in tuple("=+@\t\r") for cell in row), "a formula", row)


@browser_case
def a_path_is_copied(bench, browser):
    page, _ = demo(bench)
    browser.command("Browser.grantPermissions", permissions=["clipboardReadWrite", "clipboardSanitizedWrite"])
    browser.open(page, "#path=code/node_modules")
    browser.find("#copy").click()
    browser.wait(lambda: "copied" in browser.text("#found"), "copied")
    equal("said", browser.text("#found"), "copied: code/node_modules")
    browser.run("window.pasted = null; navigator.clipboard.readText().then(text => { window.pasted = text })")
    browser.wait(lambda: browser.run("return window.pasted"), "pasted")
    equal("pasted", browser.run("return window.pasted"), "code/node_modules")


@browser_case
def details_name_finding_and_fix(bench, browser):
    page, document = demo(bench)
    browser.open(page, "#path=var/cache/apt/archives")
    browser.run("document.querySelector('#tree tbody tr:nth-child(2)').click()")
    finding = next(f for f in document["findings"] if f["rule"] == "DEB-DEBS")
    for text in [finding["fix"]["text"], finding["id"], document["layers"][1]["created_by"], "cache"]:
        check(text in browser.text("#detail"), f"lacks {text!r}", browser.text("#detail"))


@browser_case
def several_images_are_a_choice(bench, browser):
    bench.make_image("demo.image", f"oci:{bench.home}/demo")
    bench.make_image("web.image", f"oci:{bench.home}/web")
    page = bench.home / "two.html"
    arguments = [f"oci:{bench.home}/demo", f"oci:{bench.home}/web", "--no-cache"]
    bench.run(*arguments, "--units", "bytes", "-o", f"html={page}")
    documents = bench.profile(*arguments, records=False)["images"]
    browser.open(page, "#layer=1")
    for part, document in enumerate(documents):
        browser.choose("part", str(part))
        browser.choose("layer", "")
        equal("sums", browser.found(), (document["totals"]["files"], document["totals"]["disk_bytes"]))
        equal("tables shown", [s.is_displayed() for s in browser.all(".part")], [i == part for i in range(2)])


@browser_case
def small_pages_have_the_same_sums(bench, browser):
    names = [hashlib.sha256(b"%d" % n).hexdigest() for n in range(3000)]
    images.write_layout(bench.home / "many", images.Image(images.tar(*[(f"d{n % 40}/sub/{name}", name.encode()) for n, name in enumerate(names)])))
    totals = bench.profile(f"oci:{bench.home}/many", "--no-cache")["images"][0]["totals"]
    page = bench.home / "small.html"
    bench.run(f"oci:{bench.home}/many", "--no-cache", "--units", "bytes", "-o", f"html={page}", "--html-max", "100kB")
    check(page.stat().st_size <= 100000, "too large", page.stat().st_size)
    browser.open(page, "#path=d7/sub")
    check(any("small files)" in row[0] for row in browser.rows()), "nothing folded", browser.rows()[:3])
    browser.open(page)
    equal("sums", browser.found(), (totals["files"], totals["disk_bytes"]))


@browser_case
def deep_and_odd_images_open(bench, browser):
    path = "/".join(["d"] * 2000)
    images.write_layout(bench.home / "deep", images.Image(images.tar((path, b"x" * 9)), images.tar((".wh.d", b""))))
    images.write_layout(bench.home / "empty", images.Image(images.tar()))
    bench.make_image("odd.image", f"oci:{bench.home}/odd")
    for name in ["deep", "empty", "odd"]:
        page = bench.home / f"{name}.html"
        bench.run(f"oci:{bench.home}/{name}", "--no-cache", "--units", "bytes", "-o", f"html={page}", status=None)
        browser.open(page)
        document = bench.run(f"oci:{bench.home}/{name}", "--no-cache", "--json", "--no-tree", status=None).out
        totals = json.loads(document)["images"][0]["totals"]
        equal(name, browser.found(), (totals["files"], totals["disk_bytes"]))


@browser_case
def tables_need_no_script(bench, browser):
    page, document = demo(bench)
    browser.command("Emulation.setScriptExecutionDisabled", value=True)
    browser.driver.get(f"file://{page}")
    equal("views without script", browser.find("#views").is_displayed(), False)
    text = browser.find(".part").text
    for part in ["Largest files", "usr/lib/chromium/chromium", "Largest packages", document["findings"][0]["fix"]["text"], document["layers"][1]["created_by"]]:
        check(part in text, f"lacks {part!r}", text[:3000])
    browser.command("Emulation.setScriptExecutionDisabled", value=False)


@browser_case
def print_has_the_tables_only(bench, browser):
    page, _ = demo(bench)
    browser.open(page)
    browser.command("Emulation.setEmulatedMedia", media="print")
    for selector, shown in [("#map", False), ("#controls", False), ("#detail", False), ("#tree", True), (".part", True)]:
        equal(selector, browser.find(selector).is_displayed(), shown)


@browser_case
def a_diff_shows_both_sides(bench, browser):
    page = diff_page(bench)
    rows = payload(page)["parts"][0]["rows"]
    browser.open(page)
    equal("after", browser.found()[1], sum(rows["disk"]))
    root = browser.rows()[0]
    equal("root", (int(root[1]), int(root[2])), (sum(rows["diskBefore"]), sum(rows["disk"])))
    equal("change", int(root[3]), sum(rows["disk"]) - sum(rows["diskBefore"]))
    names = {row[0]: row for row in browser.rows()}
    equal("removed", names["gone<b>.bin"][1:5], ["5000000", "0", "-5000000", "removed"])
    check(not any("gone" in box.get_attribute("title") for box in browser.all("#map .box")), "what is gone has an area")
    equal("unchanged", "(12 unchanged files)" in names, True)
    legend = browser.text("#legend")
    for state in ["added", "grown", "shrunk", "same"]:
        check(state in legend, f"no colour for {state}", legend)
    browser.choose("color", "origin")
    check("base" in browser.text("#legend"), "no base", browser.text("#legend"))
    browser.choose("size", "pull")
    equal("pull", browser.found()[1], sum(rows["pull"]))
    text = browser.text(".part")
    for part in ["Reasons", "RUN npm ci", "node<js> 18.1 to 20.2", "<i>web</i>:2", "DEB-DEBS", "env PATH"]:
        check(part in text, f"lacks {part!r}", text)


def violations(browser, script):
    browser.run(script + "; window.axe = axe")
    browser.run("window.axeFound = null; axe.run(document, {resultTypes: ['violations']}).then(r => { window.axeFound = r.violations }, e => { window.axeFound = String(e) })")
    browser.wait(lambda: browser.run("return window.axeFound !== null"), "axe is done")
    return browser.run("return window.axeFound")


def check_accessible(browser, script, what):
    for scheme in ["light", "dark"]:
        browser.command("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        found = violations(browser, script)
        check(found == [], f"{what}, {scheme}", *[f"{v['id']}: {v['help']}: {v['nodes'][0]['html'][:300]} {v['nodes'][0]['failureSummary']}" for v in found])


def axe_source():
    script = axe.source(CACHE)
    if script is None:
        raise Skipped("the npm registry cannot be reached: axe-core is not there")
    return script


@browser_case
def accessible_profile(bench, browser):
    script = axe_source()
    page, _ = demo(bench)
    browser.command("Page.setBypassCSP", enabled=True)
    for fragment in ["", "#view=icicle&color=package", "#view=none&search=deb", "#path=code/node_modules&size=goes&color=layer"]:
        browser.open(page, fragment)
        browser.run("document.querySelectorAll('#tree tr')[2].click()")
        check_accessible(browser, script, fragment)
    browser.run("document.documentElement.removeAttribute('lang')")
    equal("what is wrong is found", [v["id"] for v in violations(browser, script)], ["html-has-lang"])


@browser_case
def accessible_diff(bench, browser):
    script = axe_source()
    browser.command("Page.setBypassCSP", enabled=True)
    for fragment in ["", "#view=icicle&color=origin"]:
        browser.open(diff_page(bench), fragment)
        check_accessible(browser, script, fragment)


@case
def canary(bench):
    """Fails on purpose: a page that loads something and complains is found out."""
    page = bench.home / "loud.html"
    page.write_text("<body data-ready=yes><p id=trouble hidden></p><img src='http://127.0.0.1:9/x.png'><script>console.error('loud')</script>")
    browser = Browser(bench.home)
    bench.closing.append(browser.close)
    browser.open(page)
    browser.check_quiet()
