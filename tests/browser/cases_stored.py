"""The page of what registries store and of what images share."""

import json

import images
from cases import HOSTILE, axe_source, browser_case, check_accessible
from harness import check, equal

NOW = ["--as-of", "2026-11-23"]


def made(*files, label):
    image = images.Image(*[images.tar((name, b"x" * size)) for name, size in files])
    image.config_json["config"]["Labels"] = {"team": label}
    image.config_json["created"] = "2026-11-01T12:00:00Z"
    return image.seal()


def hostile_cost(bench):
    """Two layouts whose tags and labels are as hostile as names get, one with images that share."""
    first = [made(("base", 50_000 + 7), (f"own{n}", 900 * (n + 1)), label=name) for n, name in enumerate(HOSTILE)]
    second = made(("other", 70_000), label="blue")
    images.write_layout(bench.home / "first", *first, index=[image.entry(tag) for image, tag in zip(first, HOSTILE)])
    images.write_layout(bench.home / "second", second, index=[second.entry()])
    page, report = bench.home / "cost.html", bench.home / "cost.json"
    bench.run("cost", f"oci:{bench.home}/first", f"oci:{bench.home}/second", *NOW, "--units", "bytes", "--what-if", "keep=1", "--what-if", f"match={HOSTILE[0]}",
              "--group", "label:team", "--digests", "-o", f"json={report}", "-o", f"html={page}")
    again = bench.run("render", report, "--digests", "--units", "bytes", "-o", "html").out
    check(again == page.read_bytes(), "the page of the stored report is another one")
    return page, json.loads(report.read_text())


def hostile_share(bench):
    common = [(f"{name.replace('/', '|')}/{n}", b"%d" % n * 999) for n, name in enumerate(HOSTILE)]
    for n, name in enumerate(["web", "celery", "beat"]):
        images.write_layout(bench.home / name, images.Image(images.tar(("base", b"b" * 5000)), images.tar((f"only{n}", b"o" * n), *common[n:])))
    page, report = bench.home / "share.html", bench.home / "share.json"
    asked = [f"oci:{bench.home}/{name}" for name in ["web", "celery", "beat"]]
    bench.run("share", *asked, "--no-cache", "--units", "bytes", "-o", f"json={report}", "-o", f"html={page}")
    again = bench.run("render", report, "--units", "bytes", "-o", "html").out
    check(again == page.read_bytes(), "the page of the stored report is another one")
    return page, json.loads(report.read_text())


def table(browser, caption):
    """The plain table of that caption: its cells, row by row."""
    return browser.run("const found = [...document.querySelectorAll('article table')].find(t => t.caption.textContent.startsWith(arguments[0]));"
                       "return [...found.tBodies[0].rows].map(row => [...row.cells].map(cell => cell.textContent))", caption)


def check_inert(browser):
    browser.run("document.querySelectorAll('#tree tr').forEach(row => row.click())")
    browser.run("document.querySelectorAll('#map .box').forEach(box => { box.click(); })")
    equal("ran", browser.run("return window.wasPwned"), None)
    equal("elements from names", len(browser.all("main img, main svg, main b, main script, article script, [onerror], [onload]")), 0)
    equal("scripts", len(browser.all("script")), 2)
    for text in browser.run("return [...document.querySelectorAll('td, th, option, .box, h1, h2, #legend li')].map(e => e.textContent)"):
        check(not any(c in text for c in "\u202e\x1b\r\n\t"), f"raw control characters: {text!r}")


def check_colors(browser, colors):
    for color in colors:
        for view in ["treemap", "icicle"]:
            browser.choose("color", color)
            browser.choose("view", view)
            check(len(browser.all("#map .box")) > 2, f"no boxes of {view} by {color}")
            check(len(browser.all("#legend li")) > 0, f"no legend of {color}")


@browser_case
def a_cost_page_adds_up(bench, browser):
    page, document = hostile_cost(bench)
    totals, roots = document["totals"], document["roots"]
    browser.open(page)
    for size, field in [("attributed", "attributed_bytes"), ("added", "marginal_bytes")]:
        browser.choose("size", size)
        equal(size, browser.found(), (len(roots), totals["stored_bytes"]))
        for row in document["repositories"]:
            path = row["repository"].strip("/")
            browser.run("location.hash = arguments[0]", f"#size={size}&path={path}")
            browser.wait(lambda: browser.found() == (row["roots"], row[field]), path)
        browser.run("location.hash = ''")
        browser.wait(lambda: browser.found()[0] == len(roots), "all again")
    check_colors(browser, ["repository", "label", "tags"])
    equal("repositories", [(int(row[0]), int(row[1])) for row in table(browser, "Repositories")],
          [(row["stored_bytes"], row["attributed_bytes"]) for row in document["repositories"]])
    equal("images", [[int(cell) for cell in row[:4]] for row in table(browser, "Images")],
          [[root[f"{name}_bytes"] for name in ["attributed", "full", "exclusive", "marginal"]] for root in roots])
    equal("what if", [int(row[1]) for row in table(browser, "What if")], [row["free_bytes"] for row in document["what_if"]])
    check_inert(browser)


@browser_case
def a_share_page_adds_up(bench, browser):
    page, document = hostile_share(bench)
    groups = document["groups"]
    browser.open(page)
    check(len(groups) > 3, "nothing in common")
    for size in ["disk", "pull"]:
        browser.choose("size", size)
        equal(size, browser.found(), (sum(g["files"] for g in groups), sum(g[f"{size}_bytes"] for g in groups)))
    browser.choose("size", "disk")
    equal("identical", browser.found()[1], document["identical_all_bytes"])
    check_colors(browser, ["images", "manager"])
    matrix = [row[1:] for row in table(browser, "Pairs")]
    for pair in document["pairs"]:
        told = f"{pair['identical_bytes']} ({pair['shared_layer_bytes']})"
        equal("both ways", {matrix[pair["a"]][pair["b"]], matrix[pair["b"]][pair["a"]]}, {told})
    equal("layers", [int(row[1]) for row in table(browser, "Identical layers")], [layer["disk_bytes"] for layer in document["shared_layers"]])
    costs = table(browser, "The plan: what")
    equal("the plan", [[int(row[0]), int(row[1])] for row in costs],
          [[document["plan"]["before"][name], document["plan"]["after"][name]] for name in ["stored_bytes", "first_pull_bytes", "disk_bytes", "push_bytes"]])
    check_inert(browser)


@browser_case
def accessible_cost_and_share(bench, browser):
    script = axe_source()
    browser.command("Page.setBypassCSP", enabled=True)
    for page, fragments in ((hostile_cost(bench)[0], ["", "#view=icicle&color=label"]), (hostile_share(bench)[0], ["", "#color=manager&search=a"])):
        for fragment in fragments:
            browser.open(page, fragment)
            browser.run("document.querySelectorAll('#tree tr')[1].click()")
            check_accessible(browser, script, f"{page.name}{fragment}")
