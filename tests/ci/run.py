#!/usr/bin/env python3
"""scripts/post-comment against a fake forge.  run.py --list | run.py CASE"""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from forge import Forge  # noqa: E402

SCRIPTS = pathlib.Path(__file__).resolve().parents[2] / "scripts"
POSTER = SCRIPTS / "post-comment"
CASES = {}


def case(function):
    CASES[function.__name__] = function
    return function


def equal(what, found, expected):
    if found != expected:
        raise AssertionError(f"{what}: {found!r}, expected {expected!r}")


def body(text="### +1 MB", key="web", run="7", head="abc"):
    return f"<!-- imgprof:comment v1 key={key} head={head} run={run} -->\n{text}\n"


class Bench:
    def __init__(self):
        self.forge, self.folder = Forge(), tempfile.TemporaryDirectory(prefix="imgprof-ci-")
        self.summary = pathlib.Path(self.folder.name) / "summary.md"

    def close(self):
        self.forge.close()
        self.folder.cleanup()

    def start(self, text, *options, name="comment.md", token="secret"):
        file = pathlib.Path(self.folder.name) / name
        file.write_text(text)
        env = {"PATH": os.environ["PATH"], "GITHUB_TOKEN": token, "GITHUB_API_URL": self.forge.api, "GITHUB_STEP_SUMMARY": str(self.summary)}
        command = [sys.executable, POSTER, file, "--repo", "acme/web", "--pull", "3", "--pause", "0.001", *options]
        return subprocess.Popen(command, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def post(self, text, *options, status=0):
        """What it says: one line, without the token."""
        process = self.start(text, *options)
        out, err = process.communicate(timeout=60)
        equal(f"status ({err})", process.returncode, status)
        equal("standard output", out, "")
        if status != 2:
            equal("lines of the log", err.count("\n"), 1)
        equal("the token in the log", "secret" in err, False)
        return err

    def bodies(self):
        return [comment["body"] for comment in self.forge.comments]


@case
def a_first_report_is_posted(bench):
    bench.post(body())
    equal("comments", bench.bodies(), [body()])


@case
def the_next_replaces_it(bench):
    bench.forge.add("something that a person says", "person")
    bench.post(body())
    bench.post(body("### +2 MB", run="8"))
    equal("comments", bench.bodies(), ["something that a person says", body("### +2 MB", run="8")])


@case
def each_key_has_its_own(bench):
    bench.post(body(key="web"))
    bench.post(body(key="api"))
    equal("comments", bench.bodies(), [body(key="web"), body(key="api")])


@case
def the_same_text_is_not_sent_again(bench):
    bench.forge.add(body().replace("\n", "\r\n"))
    said = bench.post(body(run="8", head="def"))
    equal("says so", "the same" in said, True)
    equal("requests that write", bench.forge.count("PATCH") + bench.forge.count("POST"), 0)


@case
def an_old_comment_is_found_on_any_page(bench):
    for i in range(250):
        bench.forge.add(f"remark {i}", "person")
    bench.forge.add(body())
    for i in range(149):
        bench.forge.add(f"remark {i}", "person")
    bench.post(body("### +2 MB", run="8"))
    equal("comments", len(bench.bodies()), 400)
    equal("the one", bench.bodies()[250], body("### +2 MB", run="8"))


@case
def the_newest_of_several_is_taken(bench):
    for run in ["3", "4"]:
        bench.forge.add(body(run=run))
    bench.post(body("### new", run="8"))
    equal("comments", bench.bodies(), [body(run="3"), body("### new", run="8")])


@case
def comments_of_others_are_not_ours(bench):
    """Whoever copies the marker neither stops the report nor gets it."""
    bench.forge.add(body("### mine", run="999999999"), "stranger")
    bench.post(body())
    equal("comments", bench.bodies(), [body("### mine", run="999999999"), body()])


@case
def a_marker_counts_on_the_first_line_only(bench):
    bench.forge.add("see below\n" + body(run="99"))
    bench.post(body())
    equal("comments", len(bench.bodies()), 2)


@case
def a_late_run_does_not_overwrite_a_newer_one(bench):
    for new, old in [("10", "9"), ("2026-11-24T10:00:00Z", "2026-11-24T09:59:59Z")]:
        bench.forge.comments.clear()
        bench.forge.add(body(run=new))
        said = bench.post(body("### late", run=old))
        equal("says so", "later run" in said, True)
        equal("comments", bench.bodies(), [body(run=new)])


@case
def the_same_run_may_correct_itself(bench):
    bench.forge.add(body(run="9"))
    bench.post(body("### again", run="9"))
    equal("comments", bench.bodies(), [body("### again", run="9")])


@case
def runs_at_the_same_time_leave_the_newest(bench):
    bench.forge.add(body(run="1"))
    runs = [bench.start(body(f"### run {run}", run=str(run)), name=f"{run}.md") for run in range(2, 8)]
    for run in runs:
        run.communicate(timeout=60)
        equal("status", run.returncode, 0)
    bench.post(body("### run 8", run="8"))
    bench.post(body("### run 7", run="7"))
    equal("comments", bench.bodies(), [body("### run 8", run="8")])


@case
def a_newer_run_that_posts_meanwhile_stays(bench):
    bench.forge.add(body(run="1"))
    bench.forge.after_list = lambda: bench.forge.comments[0].update(body=body("### newer", run="9"))
    said = bench.post(body("### late", run="8"))
    equal("says so", "later run" in said, True)
    equal("comments", bench.bodies(), [body("### newer", run="9")])


@case
def nothing_changed_creates_no_comment(bench):
    bench.post(body("### no change"), "--unchanged")
    equal("comments", bench.bodies(), [])


@case
def nothing_changed_updates_the_comment_that_is_there(bench):
    bench.forge.add(body())
    bench.post(body("### no change", run="8"), "--unchanged")
    equal("comments", bench.bodies(), [body("### no change", run="8")])


@case
def a_fork_gets_the_summary_and_one_line(bench):
    bench.forge.plan("POST", 403, text="Resource not accessible by integration")
    said = bench.post(body())
    equal("says so", "may not comment" in said and "summary" in said, True)
    equal("summary", bench.summary.read_text(), "### +1 MB\n")
    equal("tried once", bench.forge.count("POST"), 1)


@case
def a_text_that_is_too_long_goes_to_the_summary(bench):
    bench.forge.plan("POST", 422, text="body is too long (maximum is 65536 characters)")
    said = bench.post(body())
    equal("says so", "too long" in said, True)
    equal("summary", bench.summary.read_text(), "### +1 MB\n")


@case
def a_full_summary_is_left_whole(bench):
    bench.summary.write_text("x" * 899_999)
    bench.forge.plan("POST", 403)
    said = bench.post(body())
    equal("says so", "full" in said, True)
    equal("summary", len(bench.summary.read_text()), 899_999)


@case
def what_may_pass_is_tried_again(bench):
    bench.forge.plan("GET", 502, times=2)
    bench.forge.plan("POST", 403, text="You have exceeded a secondary rate limit")
    bench.forge.plan("POST", 429, **{"Retry-After": "1"})
    bench.post(body())
    equal("comments", bench.bodies(), [body()])
    equal("attempts to post", bench.forge.count("POST"), 3)


@case
def a_forge_that_is_down_is_status_4(bench):
    bench.forge.plan("GET", 503, times=100)
    said = bench.post(body(), status=4)
    equal("says so", "503" in said, True)
    equal("summary", bench.summary.read_text(), "### +1 MB\n")


@case
def a_dry_run_writes_nothing(bench):
    said = bench.post(body(), "--dry-run")
    equal("says so", "would create" in said, True)
    equal("comments", bench.bodies(), [])


@case
def what_has_no_marker_is_refused(bench):
    for text in ["### +1 MB\n", "\n" + body(), "<!-- imgprof:comment v1 head=a -->\nx\n", "<!-- imgprof:comment v2 key=a -->\nx\n"]:
        equal("says so", "marker" in bench.post(text, status=2), True)
    equal("requests", bench.forge.requests, [])


@case
def places_that_are_none_are_refused(bench):
    for wrong in [["--repo", "acme/web/../x"], ["--repo", "acme"], ["--pull", "3/x"], ["--pull", "-1"]]:
        bench.post(body(), *wrong, status=2)
    equal("requests", bench.forge.requests, [])


@case
def messages_of_the_forge_stay_on_one_line(bench):
    bench.forge.plan("POST", 400, text="a\n::error::b\x1b[31m")
    said = bench.post(body())
    equal("escape", "\x1b" in said, False)


# Stands in for imgprof: says how it was called, and writes reports as they are described.
PROGRAM = """#!/usr/bin/env python3
import json, os, sys
a = sys.argv[1:]
with open("calls", "a") as file:
    file.write(json.dumps(a) + chr(10))
for i, word in enumerate(a):
    if word == "-o" and a[i + 1].startswith("json="):
        open(a[i + 1][5:], "w").write(open("document.json").read())
    if word == "-o" and a[i + 1].startswith("markdown="):
        key, run = a[a.index("--comment-key") + 1], a[a.index("--run-id") + 1]
        open(a[i + 1][9:], "w").write(f"<!-- imgprof:comment v1 key={key} run={run} -->" + chr(10) + "### " + key + chr(10))
sys.exit(int(open("status").read()))
"""

DIFF = {"kind": "diff", "new_layer_bytes": 5, "totals": {"pull_bytes": {"before": 10, "after": 15, "change": 5}, "disk_bytes": {"before": 20, "after": 40, "change": 20}}}
SAME = {"kind": "diff", "new_layer_bytes": 0, "totals": {"pull_bytes": {"before": 15, "after": 15, "change": 0}, "disk_bytes": {"before": 40, "after": 40, "change": 0}}}
CHECK = {"kind": "check", "verdict": "warn", "budgets": [{}], "images": [{"totals": {"pull_bytes": 15, "disk_bytes": 40}}]}


PULL = {"pull_request": {"number": 3, "head": {"sha": "abc"}, "base": {"ref": "main"}}}


def act(bench, document, status=0, expected=None, event=PULL, words=(), **inputs):
    """Runs the action's script in a folder of its own; (calls, outputs, what it says)."""
    folder = pathlib.Path(bench.folder.name)
    program = folder / "imgprof"
    program.write_text(PROGRAM)
    program.chmod(0o755)
    (folder / "document.json").write_text(json.dumps(document))
    (folder / "status").write_text(str(status))
    (folder / "event.json").write_text(json.dumps(event))
    for old in ["calls", "output"]:
        (folder / old).unlink(missing_ok=True)
    env = {"PATH": os.environ["PATH"], "GITHUB_TOKEN": "secret", "GITHUB_API_URL": bench.forge.api, "GITHUB_EVENT_PATH": str(folder / "event.json"),
           "GITHUB_REPOSITORY": "acme/web", "GITHUB_RUN_ID": "7", "GITHUB_SHA": "abc", "GITHUB_OUTPUT": str(folder / "output"), "GITHUB_STEP_SUMMARY": str(bench.summary),
           "INPUT_PROGRAM": str(program)} | {f"INPUT_{k.upper()}": v for k, v in inputs.items()}
    run = subprocess.run([SCRIPTS / "run-action", *words], env=env, cwd=folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
    equal(f"status ({run.stderr})", run.returncode, status if expected is None else expected)
    calls = [json.loads(line) for line in (folder / "calls").read_text().splitlines()] if (folder / "calls").exists() else []
    text = (folder / "output").read_text() if (folder / "output").exists() else ""
    outputs = {name: block or line for name, line, block in re.findall(r"(?m)^(\w+)(?:=(.*)|<<END\n((?:.*\n)*?)END)$", text)}
    return calls, outputs, run.stderr


@case
def the_action_compares_with_a_base(bench):
    calls, outputs, _ = act(bench, DIFF, images="ghcr.io/acme/web:pr-3", base="ghcr.io/acme/web:main")
    equal("calls", calls, [["diff", "ghcr.io/acme/web:main", "ghcr.io/acme/web:pr-3", "-o", "json=imgprof-reports/web.json", "-o", "github",
                            "-o", "markdown=imgprof-reports/web.md", "--for", "github", "--name", "web", "--comment-key", "web", "--head", "abc", "--run-id", "7"]])
    equal("outputs", outputs, {"pull": "15", "disk": "40", "change": "5", "verdict": ""})
    equal("comments", bench.bodies(), ["<!-- imgprof:comment v1 key=web run=7 -->\n### web\n"])


@case
def the_action_holds_a_budget(bench):
    calls, outputs, _ = act(bench, CHECK, images="web.tar", base="old.tar", budget="b.yaml", fail_on="warn")
    equal("call", calls[0][:9], ["check", "web.tar", "--budget", "b.yaml", "--fail-on", "warn", "--base", "old.tar", "-o"])
    equal("outputs", outputs, {"pull": "15", "disk": "40", "change": "", "verdict": "warn"})
    change = {"before": 10, "after": 15, "change": 5}
    _, outputs, _ = act(bench, CHECK | {"pairs": [{"totals": {"pull_bytes": change, "disk_bytes": change}, "new_layer_bytes": 5}]}, images="web.tar", base="old.tar", budget="b.yaml")
    equal("change", outputs["change"], "5")


@case
def the_action_reports_what_is_broken_and_fails(bench):
    calls, outputs, _ = act(bench, CHECK | {"verdict": "fail"}, status=1, images="a=x:1\nb=y:1", budget="b.yaml")
    equal("images", [call[1] for call in calls], ["x:1", "y:1"])
    equal("outputs", outputs, {"pull": "30", "disk": "80", "change": "", "verdict": "fail"})
    equal("a comment for each", len(bench.bodies()), 2)


@case
def the_action_passes_on_what_imgprof_could_not_do(bench):
    calls, outputs, _ = act(bench, CHECK, status=4, images="a=x:1\nb=y:1", budget="b.yaml")
    equal("images", [call[1] for call in calls], ["x:1"])
    equal("comments", bench.bodies(), [])


@case
def the_action_is_silent_about_no_change(bench):
    act(bench, SAME, images="web:2", base="web:1")
    equal("comments", bench.bodies(), [])


def moved(new, before, change):
    size = {"before": before, "after": before + change, "change": change}
    return {"kind": "diff", "new_layer_bytes": new, "totals": {"pull_bytes": size, "disk_bytes": size}}


@case
def the_action_is_silent_below_the_floor(bench):
    act(bench, moved(1_681, 473_000_000, 10), images="web:2", base="web:1")
    act(bench, moved(63_999, 65_000_000, -63_999), images="web:2", base="web:1")
    equal("comments", bench.bodies(), [])


@case
def the_action_tells_what_is_above_a_floor(bench):
    for key, document in [("a", moved(64_000, 473_000_000, 10)), ("b", moved(0, 473_000_000, 64_000)), ("c", moved(0, 1_000_000, -1_000)), ("d", moved(11_000_000, 473_000_000, 10))]:
        act(bench, document, images=f"{key}={key}:2", base=f"{key}:1")
    equal("comments", len(bench.bodies()), 4)


@case
def the_action_comments_only_when_it_may(bench):
    act(bench, DIFF, images="web:2", base="web:1", comment="no")
    equal("requests", bench.forge.requests, [])


@case
def the_action_refuses_what_it_cannot_understand(bench):
    for inputs in [{"images": ""}, {"images": "web:1", "keep_reports": "perhaps"}, {"images": "a/web:1\nb/web:1", "base": "x\ny"}, {"images": "web:1\napi:1", "base": "x"}]:
        calls, _, said = act(bench, DIFF, expected=2, **inputs)
        equal(f"{inputs}: calls", calls, [])
        equal(f"{inputs}: lines", said.count("\n"), 1)


@case
def the_action_hands_words_on_as_they_are(bench):
    odd = "$(touch pwned);`id`\x1b"
    calls, _, _ = act(bench, DIFF, images=f"web={odd}", base="--flag")
    equal("image", calls[0][2], odd)


@case
def the_action_compares_with_what_an_earlier_run_kept(bench):
    """Kept under the commit's name on a push, asked for by the base's commits in a pull request."""
    clone, a, b, _ = branched(bench)
    calls, pushed, _ = act(bench, CHECK, event={}, images="web=web.tar\napi=api.tar")
    equal("no rules", calls[0][:4], ["check", "web.tar", "--budget", "imgprof-reports/no-rules.yaml"])
    equal("no base", "--base-commit" in calls[0], False)
    equal("kept", sorted(p.name for p in pathlib.Path(bench.folder.name, "imgprof-reports/kept").iterdir()), ["api-abc.json", "web-abc.json"])
    _, asked, _ = act(bench, CHECK, words=["keys"], images="web=web.tar\napi=api.tar")
    equal("keys", asked["keys"].split(), [pushed["kept"].replace("abc", commit) for commit in (b, a)])
    _, other, _ = act(bench, CHECK, words=["keys"], images="web=web.tar")
    equal("keys of others", set(other["keys"].split()) & set(asked["keys"].split()), set())
    calls, outputs, _ = act(bench, CHECK, images="web=web.tar\napi=api.tar", base_tag="sha-{commit}")
    start = calls[1].index("--base-report")
    equal("base", calls[1][start:start + 8], ["--base-report", "imgprof-reports/kept/api-{commit}.json", "--base-tag", "sha-{commit}", "--base-commit", b, "--base-commit", a])
    equal("of a pull request nothing is kept", "kept" in outputs, False)
    calls, outputs, _ = act(bench, CHECK, event={}, images="web=web.tar", keep_reports="no")
    equal("not wanted", "kept" in outputs, False)
    equal("no keys", act(bench, CHECK, words=["keys"], images="web=web.tar", keep_reports="no")[1], {})


class Clone:
    def __init__(self, folder):
        self.folder = folder
        self.git("init", "-q", "-b", "main")

    def git(self, *arguments):
        run = subprocess.run(["git", "-c", "user.name=n", "-c", "user.email=e@x", "-c", "commit.gpgsign=false", *arguments], cwd=self.folder, text=True,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=True, env={"PATH": os.environ["PATH"], "HOME": str(self.folder)})
        return run.stdout.strip()

    def commit(self, name):
        self.git("commit", "-q", "--allow-empty", "-m", name)
        return self.git("rev-parse", "HEAD")

    def bases(self, *arguments, status=0):
        run = subprocess.run([SCRIPTS / "base-commits", *arguments], cwd=self.folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        equal(f"status ({run.stderr})", run.returncode, status)
        return run.stdout.split()


def branched(bench):
    """main: a b c, a topic from b; checked out at the topic."""
    clone = Clone(bench.folder.name)
    a, b = clone.commit("a"), clone.commit("b")
    clone.git("checkout", "-q", "-b", "topic")
    clone.commit("t")
    clone.git("checkout", "-q", "main")
    c = clone.commit("c")
    clone.git("checkout", "-q", "topic")
    return clone, a, b, c


@case
def a_branch_is_compared_with_where_it_began(bench):
    clone, a, b, _ = branched(bench)
    equal("commits", clone.bases("main"), [b, a])


@case
def a_merge_commit_is_compared_with_its_first_parent(bench):
    """As GitHub builds a pull request: what others merged meanwhile is not blamed on it."""
    clone, a, b, c = branched(bench)
    clone.git("checkout", "-q", "--detach", "main")
    clone.git("merge", "-q", "--no-ff", "-m", "m", "topic")
    equal("commits", clone.bases("main"), [c, b, a])
    equal("at most", clone.bases("main", "HEAD", "1"), [c])


@case
def a_merge_within_the_branch_is_no_merge_of_it(bench):
    """The target was merged into the topic: where they parted is the target's tip then."""
    clone, a, b, c = branched(bench)
    clone.git("merge", "-q", "--no-ff", "-m", "m", "main")
    equal("commits", clone.bases("main"), [c, b, a])


@case
def a_clone_that_cannot_tell_says_so(bench):
    clone, *_ = branched(bench)
    equal("no such branch", clone.bases("release"), [])
    equal("an option", clone.bases("--all"), [])
    equal("no such commit", clone.bases("main", "nothing", status=2), [])


@case
def the_action_file_hands_inputs_over_in_the_environment(bench):
    """No expression stands inside a script: a branch's name could be one."""
    text = (SCRIPTS.parent / "action.yml").read_text()
    inputs = set(re.findall(r"^  ([a-z-]+):$", text.partition("inputs:")[2].partition("outputs:")[0], re.M))
    for name in inputs - {"token"}:
        equal(f"{name} is handed over", f"INPUT_{name.upper().replace('-', '_')}:" in text, True)
    scripts = re.findall(r"run: (?:\|\n((?: {8}.*\n)+)|(.*))", text)
    equal("scripts", len(scripts), 3)
    equal("expressions in scripts", [s for pair in scripts for s in pair if "${{" in s], [])


def main(arguments):
    if arguments == ["--list"]:
        return print("\n".join(CASES))
    for name in arguments or CASES:
        bench = Bench()
        try:
            CASES[name](bench)
        finally:
            bench.close()
    return None


if __name__ == "__main__":
    main(sys.argv[1:])
