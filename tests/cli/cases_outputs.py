"""Where reports go: standard output, files, terminals, pipes that close, disks that are full."""

import json
import os
import pty
import re
import stat
import subprocess

import documents
import formats
import images
from harness import FORMATS, MACHINE_FORMATS, TOP, case, check, equal


def web(bench):
    bench.make_image("web.image", f"oci:{bench.home}/web")
    return f"{bench.home}/web"


@case
def several_outputs_of_one_run(bench):
    """One to stdout, the others to files; each is what it is alone."""
    image, folder = web(bench), bench.home / "out"
    folder.mkdir()
    outputs = [w for f in FORMATS for w in ("-o", f"{f}={folder}/{f}")]
    both = bench.run(image, *outputs, "-o", "text")
    for form in FORMATS:
        equal(form, (folder / form).read_bytes(), bench.run(image, "-o", form).out)
    equal("standard output", both.out, bench.run(image).out)
    equal("--json", bench.run(image, "--json").out, (folder / "json").read_bytes())
    equal("nothing else is there", sorted(os.listdir(folder)), sorted(FORMATS))


@case
def two_outputs_on_stdout_are_refused(bench):
    image = web(bench)
    for outputs in [["-o", "json", "-o", "text"], ["--json", "-o", "csv"], ["--json", "--json"]]:
        bench.fails(2, "standard output", arguments=[image, *outputs])


@case
def files_appear_whole_or_not_at_all(bench):
    image, folder = web(bench), bench.home / "out"
    folder.mkdir()
    target = folder / "report.json"
    target.write_text("old")
    bench.fails(None, arguments=["./absent", "-o", f"json={target}"])
    equal("after a run that failed", target.read_text(), "old")
    bench.fails(6, "absent/report.json", arguments=[image, "-o", f"json={folder}/absent/report.json"])
    bench.fails(None, arguments=[image, "-o", f"tree={target}", "--path", "no/such/path"])
    equal("after a format that failed", target.read_text(), "old")
    old = os.umask(0o027)
    try:
        bench.run(image, "-o", f"json={target}")
    finally:
        os.umask(old)
    equal("mode", oct(stat.S_IMODE(target.stat().st_mode)), oct(0o640))
    equal("schema", json.loads(target.read_text())["schema"], "imgprof/1")
    equal("what is there", os.listdir(folder), ["report.json"])


@case
def a_folder_is_no_output_file(bench):
    image = web(bench)
    (bench.home / "folder").mkdir()
    bench.fails(6, "folder", arguments=[image, "-o", f"json={bench.home}/folder"])
    equal("what is there", os.listdir(bench.home / "folder"), [])


@case
def a_full_disk_is_6(bench):
    """/dev/full as standard output and as a file, for every format and for small texts."""
    image = web(bench)
    commands = [[image, "-o", f] for f in FORMATS] + [["--help"], ["version"], ["rules"], ["cache", "dir"], ["completion", "bash"]]
    for arguments in commands:
        with open("/dev/full", "wb") as full:
            bench.fails(6, "standard output", arguments=arguments, stdout=full)
    for form in FORMATS:
        bench.fails(6, "/dev/full", arguments=[image, "-o", f"{form}=/dev/full"])


@case
def a_closed_pipe_is_quiet(bench):
    """Before the first byte, and while a long report is written: 141, and not a word."""
    image = images.write_layout(bench.home / "image", images.Image(images.tar(*[(f"folder/file-{n:05}", b"x") for n in range(3000)])))
    for arguments in [["--help"], *[[image, "-o", f] for f in FORMATS]]:
        reading, writing = os.pipe()
        os.close(reading)
        result = bench.run(*arguments, stdout=writing, status=141)
        os.close(writing)
        equal("stderr", result.err, "", result)
    for form in MACHINE_FORMATS:  # more than a pipe holds
        if form in ("csv-packages", "html", "sarif", "codequality", "openmetrics"):  # too short
            continue
        process = bench.start(image, "-o", form, bufsize=0)
        check(process.stdout.read(10), "nothing came")
        process.stdout.close()
        _, err = process.communicate()
        equal(f"{form}: stderr", err, b"")
        equal(f"{form}: status", process.returncode, 141)


@case
def pipes_and_devices_are_written_in_place(bench):
    image = web(bench)
    bench.run(image, "-o", "json=/dev/null")
    check(stat.S_ISCHR(os.stat("/dev/null").st_mode), "/dev/null was replaced")
    fifo = bench.home / "fifo"
    os.mkfifo(fifo)
    process = bench.start(image, "-o", f"json={fifo}")
    equal("through a FIFO", json.loads(fifo.read_text())["schema"], "imgprof/1")
    equal("status", process.wait(), 0)
    check(stat.S_ISFIFO(fifo.stat().st_mode), "the FIFO was replaced")


@case
def closed_descriptors(bench):
    """0 to 2 may come closed, in any mix: no file of ours takes their place."""
    image = web(bench)
    expected = bench.run(image, "-o", "json").out
    for closing in ["<&-", "2>&-", "<&- 2>&-", "<&- >&- 2>&-", ">&-"]:
        target = bench.home / "report"
        outputs = f'-o json="{target}"'
        shell = ["sh", "-c", f'exec "$0" "$1" {outputs} {closing}', bench.program, image]
        run = subprocess.run(shell, env=bench.environment(), capture_output=True, timeout=100)
        equal(f"{closing}: status", run.returncode, 0, run)
        equal(f"{closing}: report", target.read_bytes(), expected)
        target.unlink()
    # A report that nobody can get is not written with success.
    run = subprocess.run(["sh", "-c", 'exec "$0" "$1" >&-', bench.program, image], env=bench.environment(), capture_output=True, timeout=100)
    equal("status with stdout closed", run.returncode, 6, run)


@case
def no_surroundings_at_all(bench):
    """An empty environment, few descriptors, a working directory that is gone."""
    image = web(bench)
    expected = bench.run(image, "-o", "json").out
    gone = bench.home / "gone"
    script = f'mkdir "{gone}" && cd "{gone}" && rmdir "{gone}" && ulimit -n 40 && exec env -i ASAN_OPTIONS="$ASAN_OPTIONS" "$0" "$1" -o json --no-cache'
    run = subprocess.run(["sh", "-c", script, bench.program, image], env=bench.environment(), capture_output=True, timeout=100)
    equal("status", run.returncode, 0, run.stderr)
    equal("report", run.stdout, expected)
    equal("stderr", run.stderr, b"")


def on_a_terminal(bench, *arguments, env={}, columns=80, rows=24):
    """What a terminal would get."""
    import fcntl
    import struct
    import termios
    control, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    process = bench.start(*arguments, env={"TERM": "xterm", **env}, stdout=terminal, stderr=subprocess.PIPE)
    os.close(terminal)
    out = b""
    while True:
        try:
            data = os.read(control, 65536)
        except OSError:
            break
        if not data:
            break
        out += data
    os.close(control)
    process.wait()
    return out.decode().replace("\r\n", "\n")


@case
def colour_only_where_it_is_wanted(bench):
    image = web(bench)
    escape = "\x1b["
    plain = bench.run(image, env={"TERM": "xterm"}).text
    check(escape not in plain, "colour in a file")
    painted = on_a_terminal(bench, image)
    check(escape in painted, "no colour on a terminal")
    cut = bench.run(image, "--width", "80").text
    equal("meaning by colour alone", re.sub(r"\x1b\[[0-9;]*m", "", painted), cut)
    for env in [{"NO_COLOR": "1"}, {"TERM": "dumb"}, {"NO_COLOR": "1", "FORCE_COLOR": "1"}, {"IMGPROF_COLOR": "never"}]:
        check(escape not in on_a_terminal(bench, image, env=env), f"colour with {env}")
    check(escape in on_a_terminal(bench, image, env={"NO_COLOR": ""}), "an empty NO_COLOR counts")
    for env in [{"FORCE_COLOR": "1"}, {"CLICOLOR_FORCE": "1"}, {"IMGPROF_COLOR": "always"}]:
        check(escape in bench.run(image, env=env).text, f"no colour with {env}")
    check(escape not in bench.run(image, env={"FORCE_COLOR": "0"}).text, "FORCE_COLOR=0 counts")
    check(escape in bench.run(image, "--color", "always", env={"NO_COLOR": "1"}).text, "the option does not win")
    for form in MACHINE_FORMATS:
        check(escape not in bench.run(image, "--color", "always", "-o", form).text, f"colour in {form}")


@case
def as_wide_as_the_terminal(bench):
    """Nothing is wider than the window; nothing is cut when nobody looks."""
    web(bench)
    image = "./web"
    for columns in [80, 132]:
        for form in ["text", "tree"]:
            lines = on_a_terminal(bench, image, "-o", form, "--color", "never", columns=columns).splitlines()
            widest = max(lines, key=len)
            check(len(widest) <= columns, f"{form} at {columns} columns: {len(widest)}", widest)
    check("rm -rf /var/lib/apt/lists/* /root/.npm && date > /etc/timezone" in bench.run(image).text, "an instruction was cut")
    equal("--width", bench.run(image, "--width", "80").text, on_a_terminal(bench, image, "--color", "never", columns=80))


@case
def the_first_screen_fits(bench):
    """80 columns and 24 rows, for the demo and for the image of these tests."""
    for name in ["demo", "web"]:
        bench.make_image(f"{name}.image", f"oci:{bench.home}/{name}")
        lines = on_a_terminal(bench, f"./{name}", "--color", "never").splitlines()
        check(len(lines) <= 24, f"{name}: {len(lines)} lines", *lines)
        check(max(map(len, lines)) <= 80, f"{name}: too wide", *[l for l in lines if len(l) > 80])


@case
def quiet_and_verbose(bench):
    bench.make_image("odd.image", f"oci:{bench.home}/odd")
    image = f"oci:{bench.home}/odd"
    loud = bench.run(image)
    check("warning" in loud.err, "the image of this case warns of nothing", loud)
    equal("quiet", bench.run(image, "-q").err, "")
    check("Next:" in loud.text and "Next:" not in bench.run(image, "-q").text, "advice")
    for line in bench.run(image, "-vv", "--no-cache").err.splitlines():
        check(line.startswith("imgprof: "), "a line without a name", line)


@case
def no_tree(bench):
    image = web(bench)
    whole, without = (json.loads(bench.run(image, "--json", *more).out) for more in ([], ["--no-tree"]))
    del whole["images"][0]["tree"], whole["images"][0]["records"]
    equal("document", without, whole)


@case
def top_cuts_lists_and_sums_hold(bench):
    image = web(bench)
    everything = bench.profile(image)["images"][0]
    found = json.loads(bench.run(image, "--json", "--top", "2").out)["images"][0]
    equal("findings", found["findings"], [f | {"paths": f["paths"][:2]} for f in everything["findings"][:2]])
    equal("totals", found["totals"], everything["totals"])


@case
def without_classification(bench):
    """--no-classify: sizes and hidden bytes only."""
    image = web(bench)
    whole, ledger = bench.profile(image)["images"][0], bench.profile(image, "--no-classify")["images"][0]
    equal("fates", ledger["fates"], whole["fates"])
    equal("classes", [c["class"] for c in ledger["classes"]], ["runtime"])
    equal("findings", [f for f in whole["findings"] if f["class"] == "wasted"], ledger["findings"])


@case
def tree_rows_add_up(bench):
    """In plain bytes: every folder is the sum of its rows, remainder rows included."""
    image = web(bench)
    document = bench.profile(image)["images"][0]
    for more in [[], ["--depth", "1", "--top", "1"], ["--depth", "3", "--top", "2"], ["--depth", "10", "--top", "1000"], ["--sort", "name"],
                 ["--path", "app"], ["--path", "/app/node_modules/", "--depth", "5"], ["--path", "usr", "--top", "1"]]:
        rows = tree_rows(bench.run(image, "-o", "tree", "--units", "bytes", *more).lines[1:])
        for n, (level, disk, pull, files, name) in enumerate(rows):
            kids = []
            for row in rows[n + 1:]:
                if row[0] <= level:
                    break
                if row[0] == level + 1:
                    kids.append(row)
            if kids:
                for column, label in [(1, "disk"), (2, "pull"), (3, "files")]:
                    equal(f"{more} {label} of {name}", sum(k[column] for k in kids), rows[n][column])
        if "--path" not in more:
            equal(f"{more}: disk", rows[0][1], document["totals"]["disk_bytes"])
            equal(f"{more}: pull", rows[0][2], document["totals"]["pull_bytes"])
            equal(f"{more}: files", rows[0][3], document["totals"]["files"])
    bench.fails(2, "no/such", arguments=[image, "-o", "tree", "--path", "no/such"])


def tree_rows(lines):
    """(level, disk, pull, files, name) of each row of a tree in UTF-8."""
    found = []
    for line in lines:
        disk, pull, files, rest = re.match(r" *([\d,]+) +([\d,]+) +([\d,]+) (.*)", line).groups()
        branches, name = re.match(r"((?:│ |├─|└─|  )*)(.*)", rest).groups()
        found.append((len(branches) // 2, *(int(n.replace(",", "")) for n in (disk, pull, files)), name))
    return found


@case
def tree_sorts_as_asked(bench):
    image = web(bench)
    for key, column in [("disk", 1), ("pull", 2), ("files", 3)]:
        rows = [r for r in tree_rows(bench.run(image, "-o", "tree", "--depth", "1", "--top", "100", "--units", "bytes", "--sort", key).lines[1:]) if r[4].endswith("/")]
        equal(f"by {key}", [r[column] for r in rows[1:]], sorted((r[column] for r in rows[1:]), reverse=True))
    rows = tree_rows(bench.run(image, "-o", "tree", "--depth", "1", "--top", "100", "--units", "bytes", "--sort", "name").lines[1:])
    names = [r[4] for r in rows[1:] if not r[4].startswith("[")]
    equal("by name", names, sorted(names))


@case
def units(bench):
    layout = images.write_layout(bench.home / "sizes", images.Image(images.tar(("f", bytes(2_097_152)))))
    for unit, text in [("decimal", "2.10 MB"), ("iec", "2.00 MiB"), ("bytes", "2097152")]:
        for form in ["text", "tree"]:
            check(text in bench.run(layout, "-o", form, "--units", unit).text, f"{form} in {unit}: no {text}", bench.run(layout, "-o", form, "--units", unit))
    equal("from the environment", bench.run(layout, env={"IMGPROF_UNITS": "iec"}).text, bench.run(layout, "--units", "iec").text)
    bench.fails(2, "IMGPROF_UNITS", arguments=[layout], env={"IMGPROF_UNITS": "stones"})


def ncdu_sums(node):
    """(apparent size, disk usage) of an export's folder, all below it included."""
    todo, apparent, usage = [node], 0, 0
    while todo:
        item = todo.pop()
        if isinstance(item, list):
            todo.extend(item)
        else:
            apparent += item.get("asize", 0)
            usage += item.get("dsize", 0)
    return apparent, usage


@case
def ncdu_loads_the_export(bench):
    """Both sums are the image's; ncdu reads it and exports the same again."""
    for name in ["web", "odd"]:
        bench.make_image(f"{name}.image", f"oci:{bench.home}/{name}")
        totals = bench.profile(f"oci:{bench.home}/{name}")["images"][0]["totals"]
        export = bench.home / f"{name}.ncdu"
        bench.run(f"oci:{bench.home}/{name}", "-o", f"ncdu={export}")
        found = json.loads(export.read_text())
        equal("head", found[:2], [1, 2])
        equal(f"{name}: sums", ncdu_sums(found[3]), (totals["disk_bytes"], totals["pull_bytes"]))
        bench.tool("ncdu", "-0", "-f", export, "-o", bench.home / "again")
        again = json.loads((bench.home / "again").read_text())
        equal(f"{name}: sums after ncdu", ncdu_sums(again[3]), (totals["disk_bytes"], totals["pull_bytes"]))
    two = bench.run(*[f"oci:{bench.home}/{name}" for name in ("web", "odd")], "-o", "ncdu")
    equal("images in one export", [item[0]["name"].rpartition("/")[2] for item in json.loads(two.out)[3][1:]], ["web", "odd"])


@case
def csv_has_a_row_for_every_entry(bench):
    import csv
    import io
    bench.make_image("odd.image", f"oci:{bench.home}/odd")
    totals = bench.profile(f"oci:{bench.home}/odd")["images"][0]["totals"]
    out = bench.run(f"oci:{bench.home}/odd", "-o", "csv").text
    check(out.endswith("\r\n") and "\n" not in out.replace("\r\n", ""), "lines end otherwise")
    rows = list(csv.DictReader(io.StringIO(out, newline="")))
    equal("rows", len(rows), totals["entries"])
    equal("disk bytes", sum(int(r["disk_bytes"]) for r in rows), totals["disk_bytes"])
    equal("live bytes", sum(int(r["disk_bytes"]) for r in rows if r["fate"] == "live"), totals["live_bytes"])
    check(any("comma,quote\"" in r["path"] for r in rows), "a quoted name is wrong")


@case
def the_pages_show_what_the_schema_knows(bench):
    """imgprof-json(5) names every field of the schema."""
    page = (TOP / "man/imgprof-json.5.scd").read_text()
    todo, missing = [json.loads((documents.SCHEMAS / "profile.schema.json").read_text())], set()
    while todo:
        node = todo.pop()
        if isinstance(node, dict):
            missing |= {name for name in node.get("properties", {}) if not re.search(rf"\b{name}\b", page)} if isinstance(node.get("properties"), dict) else set()
            todo.extend(node.values())
        elif isinstance(node, list):
            todo.extend(node)
    equal("fields that the page does not name", missing, set())


@case
def formats_for_review_hold_the_findings(bench):
    """SARIF and GitLab's report say what json says, as their specifications want it."""
    for name in ["web", "odd"]:
        bench.make_image(f"{name}.image", f"oci:{bench.home}/{name}")
        layout = f"oci:{bench.home}/{name}"
        findings = json.loads(bench.run(layout, "-o", "json").out)["images"][0]["findings"]
        sarif = json.loads(bench.run(layout, "-o", "sarif").out)
        formats.check("sarif", sarif)
        results = sarif["runs"][0]["results"]
        equal("results", sorted((r["ruleId"], r["properties"]["disk_bytes"]) for r in results), sorted((f["rule"], f["disk_bytes"]) for f in findings))
        rows = json.loads(bench.run(layout, "-o", "codequality").out)
        formats.check("codequality", rows)
        equal("rows", sorted(r["check_name"] for r in rows), sorted(f["rule"] for f in findings))
        equal("fingerprints", {r["fingerprint"] for r in rows}, {r["partialFingerprints"]["imgprof/v1"] for r in results})
        equal("each its own", len({r["fingerprint"] for r in rows}), len(findings))


@case
def metrics_hold_the_totals(bench):
    bench.make_image("odd.image", f"oci:{bench.home}/odd")
    layout = f"oci:{bench.home}/odd"
    image = json.loads(bench.run(layout, "-o", "json").out)["images"][0]
    found = formats.metrics(bench.run(layout, "-o", "openmetrics").text)
    values = {}
    for (name, labels), value in found.items():
        values.setdefault(name, []).append(value)
    for name, value in image["totals"].items():
        equal(name, values[f"imgprof_{name}"], [value])
    equal("layers", sum(values["imgprof_layer_pull_bytes"]), image["totals"]["pull_bytes"])
    equal("classes", sum(values["imgprof_class_disk_bytes"]), image["totals"]["live_bytes"])
    again = bench.run(layout, layout, "-o", "openmetrics").text
    equal("an image given twice", formats.metrics(again), found)


@case
def stacks_add_up(bench):
    """Folded stacks are the disk bytes, the hidden ones in a frame of their own."""
    for name in ["web", "odd"]:
        bench.make_image(f"{name}.image", f"oci:{bench.home}/{name}")
        totals = json.loads(bench.run(f"oci:{bench.home}/{name}", "-o", "json").out)["images"][0]["totals"]
        rows = [line.rpartition(" ") for line in bench.run(f"oci:{bench.home}/{name}", "-o", "folded").lines]
        equal("disk", sum(int(size) for _, _, size in rows), totals["disk_bytes"])
        equal("hidden", sum(int(size) for stack, _, size in rows if ";[hidden by later layers];" in stack), totals["wasted_bytes"])


def two_images(bench):
    for name, content in [("old", b"x" * 1000), ("new", b"y" * 51_000)]:
        images.write_layout(bench.home / name, images.Image(images.tar(("app/f", content), ("=cmd|x", content[:7]))))
    return f"{bench.home}/old", f"{bench.home}/new"


@case
def a_diff_for_machines(bench):
    """Its csv and its metrics add up to the change."""
    import csv
    import io
    old, new = two_images(bench)
    rows = list(csv.DictReader(io.StringIO(bench.run("diff", old, new, "-o", "csv").text, newline="")))
    equal("change", sum(int(r["change_bytes"]) for r in rows), 50_000)
    equal("guarded", [r["path"] for r in rows if "cmd" in r["path"]], ["'=cmd|x"])
    equal("cut", sum(int(r["change_bytes"]) for r in csv.DictReader(io.StringIO(bench.run("diff", old, new, "-o", "csv", "--top", "1").text, newline=""))), 50_000)
    found = formats.metrics(bench.run("diff", old, new, "-o", "openmetrics").text)
    for name, value in [("disk_bytes", 51_007), ("disk_change_bytes", 50_000), ("layer_disk_change_bytes", 50_000), ("class_disk_change_bytes", 50_000)]:
        equal(name, sum(v for (n, _), v in found.items() if n == f"imgprof_{name}"), value)


@case
def a_runner_gets_the_summary(bench):
    """-o github appends the comment to the page of the job, as far as there is room."""
    old, new = two_images(bench)
    page = bench.home / "summary.md"
    page.write_text("before\n")
    for number in [1, 2]:
        equal("annotations", bench.run("diff", old, new, "-o", "github", env={"GITHUB_STEP_SUMMARY": page}).out, b"")
        text = page.read_text()
        check(text.startswith("before\n") and text.count("### Image size") == number, "not appended", text)
        check("imgprof:comment" not in text, "a marker in the summary")
    page.write_text("x" * 899_000)
    bench.run("diff", old, new, "-o", "github", env={"GITHUB_STEP_SUMMARY": page})
    equal("a full page", page.stat().st_size, 899_000)
    page.unlink()
    bench.run("diff", old, new, "-o", "csv", env={"GITHUB_STEP_SUMMARY": page})
    bench.run(new, "-o", "github", env={"GITHUB_STEP_SUMMARY": page})
    check(not page.exists(), "a summary that nobody asked for")
    bench.fails(6, "absent", arguments=["diff", old, new, "-o", "github"], env={"GITHUB_STEP_SUMMARY": bench.home / "absent/summary.md"})
