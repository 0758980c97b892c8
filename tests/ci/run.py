#!/usr/bin/env python3
"""scripts/post-comment against a fake forge.  run.py --list | run.py CASE"""

import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from forge import Forge  # noqa: E402

POSTER = pathlib.Path(__file__).resolve().parents[2] / "scripts/post-comment"
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
