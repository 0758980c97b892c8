"""Help, version, completion, rules: for every command, on 80 columns, to the right place."""

import re
import shutil
import subprocess

from harness import ALL_FORMATS, TOP, case, check, equal

COMMANDS = ["profile", "diff", "check", "budget", "share", "cost", "blame", "render", "cache", "rules", "completion", "version", "help"]


def options_of(text):
    return set(re.findall(r"^ +(?:-\w, )?--([a-z-]+)", text, re.M))


@case
def help_fits_and_goes_to_stdout(bench):
    for command in COMMANDS:
        asked = [bench.run(command, "--help"), bench.run(command, "-h"), bench.run("help", command)]
        for result in asked:
            equal(f"{command}: stderr", result.err, "")
            equal(f"{command}: one text", result.text, asked[0].text)
            for line in result.lines:
                check(len(line) <= 80 and line == line.rstrip(), f"{command}: too wide, or ends in space: {line!r}")
        check(asked[0].text.startswith("Usage: imgprof "), "no usage", asked[0])
    equal("--help alone", bench.run("--help").text, bench.run("profile", "--help").text)
    check(all(f"\n  {c} " in bench.run("--help").text for c in COMMANDS), "a command is not listed")
    check(all(f"\n  {f} " in bench.run("--help").text for f in ALL_FORMATS), "a format is not listed")


@case
def help_alone_is_short(bench):
    """Without arguments: ten lines to stderr, for nothing was done."""
    result = bench.run(status=2)
    equal("stdout", result.out, b"")
    check(len(result.err.splitlines()) <= 12 and "imgprof --help" in result.err, "not short", result)


@case
def wrong_options_are_2_with_a_suggestion(bench):
    for wrong, near in [("--jsn", "--json"), ("--platfrom=x", "--platform"), ("--no-cahce", "--no-cache"), ("--colour", "--color"), ("--thread", "--threads")]:
        bench.fails(2, wrong.split("=")[0], near, arguments=["web", wrong])
    for command in COMMANDS:
        bench.fails(2, "--nonsense-option", "--help", arguments=[command, "--nonsense-option"])
        bench.fails(2, "-Z", "--help", arguments=[command, "-Z"])
    bench.fails(2, "--threads", arguments=["web", "--threads"])
    bench.fails(2, "-o", arguments=["web", "-o"])
    bench.fails(2, "--json", arguments=["web", "--json=yes"])
    check("  " not in bench.fails(2, arguments=["--nonsense-option"]).err, "two spaces in a hint")


@case
def options_end_with_two_dashes(bench):
    (bench.home / "--json").mkdir()
    result = bench.run("-q", "--", "--json", status=None)
    check("option" not in result.err, "taken for an option", result)
    bench.make_image("web.image", f"oci:{bench.home}/web")
    equal("options behind the image", bench.run("./web", "--json", "-q").out, bench.run("-q", "--json", "--", "./web").out)
    equal("letters together", bench.run("-qojson", "./web").out, bench.run("-q", "-o", "json", "./web").out)


@case
def options_stand_before_the_command_too(bench):
    bench.make_image("web.image", f"oci:{bench.home}/web")
    for options, command, rest in [
        (["-q"], "diff", ["./web", "./web"]),
        (["-q", "-o", "json", "--top=3"], "diff", ["./web", "./web"]),
        (["--rules", "mine.tsv", "--workdir", "diff"], "rules", ["--test", "diff"]),
        (["--help"], "diff", []),
        (["--nonsense"], "diff", ["./web", "./web"]),
        (["-q"], "scan", []),
    ]:
        before, behind = bench.run(*options, command, *rest, status=None), bench.run(command, *options, *rest, status=None)
        equal(f"{options} before {command}", (before.status, before.out, before.err), (behind.status, behind.out, behind.err))
    check("imgprof diff" in bench.run("-q", "--help", "diff").lines[0], "not the command's help")


@case
def a_command_s_name_is_an_image_when_it_is_written_so(bench):
    bench.make_image("web.image", f"oci:{bench.home}/diff")
    image = bench.run("-q", "./diff").lines[1:]
    for arguments in [["-q", "--", "./diff"], ["-q", "oci:diff"], ["profile", "-q", "./diff"]]:
        equal(arguments, bench.run(*arguments).lines[1:], image)
    bench.fails(2, "diff", arguments=["-q", "diff"])


@case
def version_tells_the_build(bench):
    text = bench.run("version").text
    check(re.fullmatch(r"imgprof \d+\.\d+\.\d+ \(.*\+zstd.*\)\n", text), "version", text)
    equal("--version", bench.run("--version").text, text)


@case
def limits_are_listed(bench):
    rows = [line.split() for line in bench.run("help", "limits").lines[2:]]
    check(len(rows) > 30, "few limits", rows)
    bench.make_image("web.image", f"oci:{bench.home}/web")
    arguments = [word for name, value in rows for word in ("--limit", f"{name}={value}")]
    equal("each at its default", bench.run("./web", *arguments).out, bench.run("./web").out)


@case
def rules_are_listed_and_explained(bench):
    lines = bench.run("rules").lines
    check(all(len(line) <= 80 for line in lines), "too wide", lines)
    rows = [line.split() for line in lines if line.startswith("  ")]
    rules = [row for row in rows if row[1] != "keep"]
    check(len(rules) >= 150, "few rules", len(rules))
    for row in rules:
        check(row[2] in ("certain", "likely", "possible"), "no confidence", row)
    texts = bench.run("rules", *[row[0] for row in rules]).text
    for row in rules:
        check(re.search(rf"^{row[0]}: .*\n  class  .*\n(  .*\n)*  fix  ", texts, re.M), f"{row[0]} is not explained", texts)
    check("PACKAGEMORE" not in texts, "words run together", texts)
    check("leave SEEDS out of INSTRUCTION" in bench.run("rules", "DEB-CC").text, "not the fix for packages")
    check("--workdir DIR" in bench.run("rules", "--test", "/code/tests/test_a.py").text, "no word of the project")
    bench.fails(2, "imgprof rules", arguments=["rules", "NO-SUCH"])
    bench.fails(2, "did you mean DEB-LISTS", arguments=["rules", "DEB-LIST"])


@case
def completion_scripts_are_sound(bench):
    for shell, check_only in [("bash", "-n"), ("zsh", "-n"), ("fish", "--no-execute")]:
        script = bench.home / f"completion.{shell}"
        script.write_bytes(bench.run("completion", shell).out)
        if shutil.which(shell):
            bench.tool(shell, check_only, script)
    known = options_of(bench.run("--help").text)
    for shell, pattern in [("bash", r"--([a-z-]+)"), ("zsh", r"'--([a-z-]+)"), ("fish", r" -l ([a-z-]+)")]:
        offered = set(re.findall(pattern, (bench.home / f"completion.{shell}").read_text()))
        check(known <= offered, f"{shell} does not offer", known - offered)


def complete(bench, *words):
    """What bash would offer behind WORDS."""
    script = f"""source "{bench.home}/completion.bash"
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_imgprof
printf '%s\\n' "${{COMPREPLY[@]}}" """
    out = subprocess.run(["bash", "-c", script, "bash", *words], env=bench.environment(), capture_output=True, check=True).stdout
    return out.decode().split()


@case
def bash_completes(bench):
    (bench.home / "completion.bash").write_bytes(bench.run("completion", "bash").out)
    equal("commands", set(complete(bench, "imgprof", "")), set(COMMANDS) - {"profile"})
    equal("a command begun", complete(bench, "imgprof", "ca"), ["cache"])
    equal("formats", set(complete(bench, "imgprof", "-o", "")), set(ALL_FORMATS))
    equal("an option begun", complete(bench, "imgprof", "web", "--no-c"), ["--no-classify", "--no-cache"])
    equal("choices", complete(bench, "imgprof", "web", "--units", ""), ["decimal", "iec", "bytes"])


@case
def the_page_names_every_option(bench):
    page = (TOP / "man/imgprof.1.scd").read_text()
    for command in COMMANDS:
        own = TOP / f"man/imgprof-{command}.1.scd"
        pages = page + (own.read_text() if own.exists() else "")
        for option in options_of(bench.run(command, "--help").text):
            check(f"*--{option}*" in pages, f"the page of {command} lacks --{option}")
    for form in ALL_FORMATS:
        check(f"*{form}*" in page, f"imgprof(1) lacks the format {form}")


@case
def rules_of_ones_own_are_read(bench):
    bench.home.joinpath("my.tsv").write_text("confidence\tGEN-LOG\tpossible\n")
    check("class       junk, possible" in bench.run("rules", "--rules", "my.tsv", "GEN-LOG").text, "not taken")
    check("GEN-LOG" in bench.run("rules", "--test", "/var/log/x").text, "no match")
    bench.fails(2, "--test needs a path", arguments=["rules", "--test"])
    bench.fails(6, "none.tsv", arguments=["rules", "--rules", "none.tsv"])
    bench.home.joinpath(".imgprof.yaml").write_text("rules:\n  ignor: []\n")
    bench.fails(2, ".imgprof.yaml:2:3: unknown key 'ignor' (did you mean ignore?)", arguments=["rules"])
    bench.home.joinpath(".imgprof.yaml").write_text("rules:\n  ignore: [{rule: GEN-LOG, reason: mine}]\n")
    bench.run("rules", "GEN-LOG")
