"""imgprof check and imgprof budget: verdicts, statuses, where the budget and the base come from."""

import json
import pathlib

import jsonschema

import images
from cases_errors import docker_archive, serve, small
from harness import case, check, equal

SCHEMA = json.loads((pathlib.Path(__file__).resolve().parents[2] / "data/schema/check.schema.json").read_text())


def both(bench):
    bench.make_image("demo.image", f"oci:{bench.home}/demo")
    bench.make_image("web.image", f"oci:{bench.home}/web")
    return f"{bench.home}/demo", f"{bench.home}/web"


def budget(bench, *rules, name=".imgprof.yaml", more=""):
    (bench.home / name).write_text("version: 1\nimages:\n  - match: '*'\n    budgets:\n" + "".join(f"      - {{{r}}}\n" for r in rules) + more)


def document(result):
    found = json.loads(result.out)
    jsonschema.Draft202012Validator(SCHEMA).validate(found)
    return found


@case
def a_first_budget_passes_at_once(bench):
    demo, _ = both(bench)
    (bench.home / ".imgprof.yaml").write_bytes(bench.run("budget", "init", demo).out)
    out = bench.run("check", demo).text
    check(out.startswith("Budget not evaluated: 2 not evaluated, 4 ok"), "verdict", out)
    check(all(len(line) <= 80 for line in out.splitlines() if not line.endswith("demo")), "too wide", out)


@case
def a_broken_budget_is_1_and_the_report_is_whole(bench):
    demo, web = both(bench)
    budget(bench, "metric: pull, max: 1MB", "metric: disk, max: 1MB, level: warn", "metric: disk, max_rise: 0")
    result = bench.run("check", demo, "-o", "json", status=1)
    check(result.err.splitlines()[-1].startswith("imgprof: .imgprof.yaml: 1 of 3 rules broken"), "error", result)
    found = document(result)
    equal("verdict", found["verdict"], "fail")
    equal("states", [b["state"] for b in found["budgets"]], ["fail", "warn", "not evaluated"])
    equal("value", found["budgets"][0]["value"], found["images"][0]["totals"]["pull_bytes"])
    check("pairs" not in found and found["base"] is None, "a base from nowhere")
    bench.run("check", demo, "--exit-zero")
    bench.run("check", demo, "--fail-on", "never")
    budget(bench, "metric: disk, max: 1MB, level: warn")
    bench.run("check", demo)
    bench.run("check", demo, "--fail-on", "warn", status=1)
    markdown = bench.run("check", demo, "-o", "markdown").text
    check(markdown.startswith("### Image size: `demo` 27.1 MB to pull - budget warning\n"), "headline", markdown)
    bench.run("check", demo, "--exit-zero", "-o", "json=report.json")
    bench.fails(2, "a stored report, no image", arguments=["check", "report.json"])


@case
def a_base_may_be_a_stored_report(bench):
    demo, web = both(bench)
    budget(bench, "metric: pull, max_rise: 1MB", "metric: new_layer, max: 1GB")
    (bench.home / "web.json").write_bytes(bench.run(web, "-o", "json").out)
    fresh = document(bench.run("check", demo, "--base", web, "-o", "json", status=1))
    stored = document(bench.run("check", demo, "--base-report", "web.json", "-o", "json", status=1))
    equal("rules", stored["budgets"], fresh["budgets"])
    equal("totals", stored["pairs"][0]["totals"], fresh["pairs"][0]["totals"])
    check("as given" in fresh["base"] and "web.json" in stored["base"], "reasons", fresh["base"], stored["base"])
    out = bench.run("check", demo, "--base", web, status=1).text
    check(out.index("Over budget") < out.index("metric pull") < out.index("Compared with"), "order", out)
    bench.fails(2, "2 of --base, 1 images", arguments=["check", demo, "--base", web, "--base", web])
    bench.fails(2, "--base-tag without", arguments=["check", demo, "--base-tag", "sha-{commit}"])


@case
def a_stored_report_is_found_by_its_commit(bench):
    """reference/ecosystem.md 1.6: what was stored for the wanted commit, else for the nearest before it."""
    demo, web = both(bench)
    budget(bench, "metric: pull, max_rise: 1MB")
    (bench.home / "reports").mkdir()
    (bench.home / "reports/bbbbbbb.json").write_bytes(bench.run(web, "-o", "json").out)
    (bench.home / "reports/ddddddd.json").write_bytes(bench.run("check", demo, "-o", "json").out)
    ask = ["check", demo, "-o", "json", "--base-report", "reports/{commit}.json"]
    commits = {c: ["--base-commit", c * 7] for c in "abcd"}
    found = document(bench.run(*ask, *commits["a"], *commits["b"], *commits["d"], status=1))
    equal("reason", found["base"], "report reports/bbbbbbb.json, 1 commit before the wanted one")
    equal("before", found["pairs"][0]["before"]["reference"], web)
    found = document(bench.run(*ask, *commits["d"], *commits["b"]))
    equal("of a check", found["base"], "report reports/ddddddd.json, of the wanted commit")
    equal("nothing", document(bench.run(*ask, *commits["a"]))["base"], None)
    # Its image says that it was built from another commit: passed over, and said.
    stored = json.loads((bench.home / "reports/bbbbbbb.json").read_text())
    stored["images"][0]["config"]["labels"].append({"name": "org.opencontainers.image.revision", "value": "f" * 40})
    (bench.home / "reports/ccccccc.json").write_text(json.dumps(stored))
    found = document(bench.run(*ask, *commits["c"], *commits["b"], status=1))
    equal("passed over", found["base"], "report reports/bbbbbbb.json, 1 commit before the wanted one; "
          f"not reports/ccccccc.json, which says that it was built from {'f' * 40}")
    bench.fails(2, "without --base-commit", arguments=ask)
    bench.fails(2, "--base-commit of what?", arguments=["check", demo, *commits["a"]])
    (bench.home / "reports/aaaaaaa.json").write_text("{")
    bench.fails(5, "reports/aaaaaaa.json", arguments=[*ask, *commits["a"]])


@case
def an_archive_is_known_by_what_it_calls_its_image(bench):
    """RepoTags of docker's, ref.name or containerd's name of a layout: for `match`, and for the base's tag. --name goes before them."""
    image = small()
    registry = serve(bench, image, tag="sha-aaaaaaa")
    inside = f"{registry.host}/r/x"
    index = [image.entry() | {"annotations": {"org.opencontainers.image.ref.name": "pr-7", "io.containerd.image.name": f"{inside}:pr-7"}}]
    archives = [docker_archive(bench, image, RepoTags=[f"{inside}:pr-7", "web:latest"]), images.write_layout(bench.home / "layout", image, index=index)]
    (bench.home / "b.yaml").write_text(f"images:\n  - match: '{inside}*'\n    budgets: [{{metric: pull, max_rise: 0}}]\n  - match: docker.io/library/web:*\n")
    for archive in archives:
        ask = ["check", archive, "--budget", "b.yaml", "-o", "json", "--base-tag", "sha-{commit}", "--base-commit", "aaaaaaa"]
        found = document(bench.run(*ask))
        equal("base", found["base"], "tag sha-aaaaaaa, of the wanted commit")
        equal("rules", [b["state"] for b in found["budgets"]], ["pass"])
        bench.fails(2, "no entry of images matches other", arguments=[*ask, "--name", "other"])
        equal("by its name", document(bench.run(*ask, "--name", f"{inside}:pr-8"))["base"], found["base"])
        check(f'match: "{inside}*"\n' in bench.run("budget", "init", archive).text, "first budget")
    short = docker_archive(bench, image)
    equal("a short one", document(bench.run("check", short, "--budget", "b.yaml", "-o", "json"))["budgets"], [])
    # On Docker Hub that would be somebody else's image.
    bench.fails(2, "is in no registry: tag 'sha-aaaaaaa' of what?", arguments=["check", short, *ask[2:]])


@case
def images_without_a_base_stand_beside_those_with_one(bench):
    demo, web = both(bench)
    budget(bench, "metric: pull, max_rise: 1MB")
    (bench.home / "old.json").write_bytes(bench.run(web, "-o", "json").out)
    text = bench.run("check", demo, web, "--base-report", "none-{commit}.json", "--base-report", "old.json", "--base-commit", "a" * 40, "-o", "markdown", "-o", "json=check.json").text
    check(text.startswith("### Image size: 2 images, 1 without a base, no change - budget not evaluated\n"), "headline", text)
    check("\n| `demo` | - | 27.1 MB | no base | | |\n| All with a base, each layer once |" in text, "row", text)
    check("not evaluated: `" in text, "budget", text)
    equal("rendered", bench.run("render", "check.json", "-o", "markdown").text, text)


@case
def a_budget_without_rules_is_a_comparison(bench):
    """What the action asks for where there is no budget."""
    demo, web = both(bench)
    (bench.home / "none.yaml").write_text("images: [{match: '*'}]\n")
    for more in [[], ["--base", web]]:
        text = bench.run("check", demo, "--budget", "none.yaml", "-o", "markdown", *more).text
        check("udget" not in text.replace("none.yaml", ""), "speaks of a budget", text)
        check("\n\n\n" not in text, "empty lines", text)
    budget(bench, "metric: pull, max: 1GB")
    check("\n\n\n" not in bench.run("check", demo, "-o", "markdown", "--base", web).text, "empty lines")


@case
def budgets_and_dives_rules_are_found(bench):
    demo, _ = both(bench)
    budget(bench, "metric: pull, max: 1GB")
    budget(bench, "metric: pul, max: 1GB", name="bad.yaml")
    bench.fails(2, "bad.yaml:5:18", "did you mean pull", arguments=["check", demo, "--budget", "bad.yaml"])
    (bench.home / "none.yaml").write_text("images: [{match: other}]\n")
    bench.fails(2, "no entry of images matches", arguments=["check", demo, "--budget", "none.yaml"])
    (bench.home / ".imgprof.yaml").unlink()
    (bench.home / ".git").mkdir()
    bench.fails(2, "no .imgprof.yaml", arguments=["check", demo])
    (bench.home / ".dive-ci").write_text("rules: {lowestEfficiency: 0.97, highestWastedBytes: 5041794, highestUserWastedPercent: 0.089884}\n")
    out = bench.run("check", demo, "--dive-ci", ".dive-ci", "-o", "json", status=1)
    # What dive 0.13 says of this image
    equal("dive", [(d["value"], d["state"]) for d in document(out)["dive"]], [(0.96262, "fail"), (5041794, "pass"), (0.089884, "pass")])
