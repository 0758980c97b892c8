"""Reports kept in the cache: the same bytes as made afresh, and only where nothing differs."""

import images
from harness import case, check, equal


def reports(bench):
    folder = bench.cache / "imgprof"
    return {path.name: path for path in folder.glob("v*/report/*")} if folder.exists() else {}


def damage_profiles(bench):
    """Whoever stacks layers reads profiles: those that are damaged go, and are made again."""
    for path in (bench.cache / "imgprof").glob("v*/sha256/*"):
        path.write_bytes(b"damage")


def was_recalled(bench, *arguments):
    """Whether a run leaves profiles alone; and its result."""
    damage_profiles(bench)
    result = bench.run(*arguments)
    kept = (bench.cache / "imgprof").glob("v*/sha256/*")
    return all(path.read_bytes() == b"damage" for path in kept), result


def without_reading(messages):
    """But for what says which layers were read."""
    return "".join(line for line in messages.splitlines(True) if not line.startswith("imgprof: layer "))


LOOKS = [[], ["-v"], ["-v", "--top", "100"], ["--top", "2"], ["--units", "iec"], ["--width", "50"], ["-q"],
         ["--color", "always"], ["--fixes"], ["--no-classify"], ["--no-classify", "-v"]]


@case
def a_kept_report_is_the_same_to_the_byte(bench):
    for name in ["web", "demo", "odd"]:
        bench.make_image(f"{name}.image", f"oci:{bench.home}/{name}")
        for look in LOOKS:
            arguments = [f"{bench.home}/{name}", *look]
            fresh = bench.run(*arguments, "--no-cache")
            first = bench.run(*arguments)
            recalled, second = was_recalled(bench, *arguments)
            check(recalled, f"{name} {look}: layers were looked at")
            equal(f"{name} {look}: first", first.out, fresh.out)
            equal(f"{name} {look}: second", second.out, fresh.out)
            equal(f"{name} {look}: messages", second.err, without_reading(first.err))


@case
def kept_reports_of_several_images(bench):
    one = images.Image(images.tar(("one", b"1" * 100)), architecture="amd64")
    two = images.Image(images.tar(("two", b"2" * 200)), architecture="arm64")
    layout = images.write_layout(bench.home / "both", one, two,
                                 index=[image.entry("x", platform=image.platform()) for image in (one, two)])
    bench.make_image("web.image", f"oci:{bench.home}/web")
    for arguments in ([layout, "--all-platforms"], [layout, f"{bench.home}/web", "-v"]):
        fresh = bench.run(*arguments, "--no-cache")
        bench.run(*arguments)
        recalled, second = was_recalled(bench, *arguments)
        check(recalled, f"{arguments}: layers were looked at")
        equal(f"{arguments}", second.out, fresh.out)
    other = bench.run(layout, "--platform", "linux/arm64")
    check("linux/arm64" in other.text and "linux/amd64" not in other.text, "another platform", other)


@case
def a_kept_report_is_of_the_same_question(bench):
    """Where anything differs that it rests on, the layers are looked at."""
    bench.make_image("demo.image", f"oci:{bench.home}/demo")
    image = f"{bench.home}/demo"
    rules = bench.home / "own.rules"
    rules.write_text("ignore\tDEB-LISTS\tkept\n")
    bench.run(image)
    check(was_recalled(bench, image)[0], "not recalled at all")
    for change in (["--no-classify"], ["--verify", "full"], ["--rules", rules], ["--limit", "path-bytes=5000"]):
        recalled, fresh = was_recalled(bench, image, *change)
        check(not recalled, f"{change}: recalled the first report")
        equal(f"{change}", fresh.out, bench.run(image, *change, "--no-cache").out)
    rules.write_text("ignore\tDEB-LISTS\tkept for another reason\n")
    check(not was_recalled(bench, image, "--rules", rules)[0], "rules that changed")
    before = set(reports(bench))
    for question in (["-o", "tree"], ["--why", "/"], ["--without", "docs"], ["--run", "true"], ["--manager", "dpkg"], ["--ignore-base"],
                     ["--partial"], ["-o", "text", "-o", f"json={bench.home}/x.json"]):
        check(not was_recalled(bench, image, *question)[0], f"{question}: recalled")
        equal(f"{question}: reports", set(reports(bench)), before)


@case
def a_damaged_report_is_made_again(bench):
    bench.make_image("web.image", f"oci:{bench.home}/web")
    first = bench.run(f"{bench.home}/web", "-v")
    path, = reports(bench).values()
    data = path.read_bytes()
    spots = range(0, len(data), max(1, len(data) // 40))
    damages = [b"", data[:-1], data + b"x", *(data[:i] + bytes([data[i] ^ 4]) + data[i + 1:] for i in spots)]
    for n, damage in enumerate(damages):
        path.write_bytes(damage)
        recalled, second = was_recalled(bench, f"{bench.home}/web", "-v")
        check(not recalled, f"damage {n}: believed")
        equal(f"damage {n}: report", second.out, first.out)
        equal(f"damage {n}: made again", path.read_bytes() == data, True)
    path.write_bytes(b"damage")
    check(bench.run("cache", "verify").text.endswith(", 1 removed\n"), "verify")
    equal("reports", reports(bench), {})
    bench.run(f"{bench.home}/web")
    check("1 reports, " in bench.run("cache", "ls").lines[-1], "ls")
    bench.run("cache", "prune", "0")
    equal("pruned", reports(bench), {})
    equal("nothing is kept", bench.run(f"{bench.home}/web", "--no-cache").out and reports(bench), {})


@case
def incomplete_reports_are_not_kept(bench):
    tar = images.tar(("a", b"a" * 3000))
    layout = images.write_layout(bench.home / "image", images.Image(tar, blobs={0: images.compress(tar, "gzip")[:-9]}))
    bench.run(layout, "--partial", status=5)
    equal("reports", reports(bench), {})
