"""imgprof cost: against a real docker-registry, OCI layouts, and a scripted registry."""

import gzip
import json
import random
import re
import shutil
import sqlite3
import subprocess
import urllib.error
import urllib.request

import documents
import images
from harness import case, check, equal
from images import Image as Stack, tar as tar_of
from registry import DockerRegistry
from server import CONFIG, INDEX, LAYER, MANIFEST, Image, Registry, Server, Tokens, descriptor, index, noise, sha256

KB = 1000
SIZES = {"B": 60, "D1": 300, "D2": 310, "A1": 10, "A2": 12, "A3": 14, "C": 20}
LAYERS = {name: noise(size * KB, 100 + i) for i, (name, size) in enumerate(SIZES.items())}
EXAMPLE = [("web", ["v1"], "B D1 A1"), ("web", ["v2"], "B D1 A2"), ("web", ["v3", "latest"], "B D2 A3"),
           ("celery", ["c1"], "B D1 C")]
NOW = ["--as-of", "2026-11-23"]


def image(layers, day, labels=None, **platform):
    made = Image([LAYERS.get(name) or name for name in layers], **platform)
    config = json.loads(made.config)
    if day:
        config["created"] = f"2026-11-{day:02}T12:00:00Z"
    config["config"] = {"Labels": labels or {}}
    made.config = json.dumps(config).encode()
    made.manifest_json["config"] = descriptor(made.manifest_json["config"]["mediaType"], made.config)
    return made.seal()


def example():
    return [(repository, tags, image(layers.split(), 1 + i)) for i, (repository, tags, layers) in enumerate(EXAMPLE)]


def overhead(made):
    return len(made.manifest) + len(made.config)


class Store(DockerRegistry):
    """A docker-registry that is filled by plain requests."""

    def send(self, method, path, body=None, **headers):
        url = path if path.startswith("http") else f"http://{self.host}{path}"
        request = urllib.request.Request(url, data=body, method=method, headers=headers)
        return urllib.request.urlopen(request, timeout=30)

    def blob(self, repository, data):
        start = self.send("POST", f"/v2/{repository}/blobs/uploads/", b"")
        place = start.headers["Location"]
        self.send("PUT", place + ("&" if "?" in place else "?") + "digest=" + sha256(data), data,
                  **{"Content-Type": "application/octet-stream"})

    def put(self, repository, name, body, media_type):
        self.send("PUT", f"/v2/{repository}/manifests/{name}", body, **{"Content-Type": media_type})

    def fill(self, repository, tags, made):
        for data in [made.config, *made.layers]:
            self.blob(repository, data)
        for tag in tags or [made.digest]:
            self.put(repository, tag, made.manifest, MANIFEST)

    def data(self):
        folder = self.bench.home / "registry/data"
        return sum(path.stat().st_size for path in folder.glob("docker/registry/v2/blobs/*/*/*/data"))

    def collect(self):
        self.stop()
        config = self.bench.home / "registry/config.yml"
        subprocess.run(["docker-registry", "garbage-collect", config], check=True, capture_output=True)


def cost(bench, *arguments, status=0, **options):
    result = bench.run("cost", "-o", "json", *NOW, *arguments, status=status, **options)
    found = json.loads(result.out)
    documents.check_schema(found)
    check_sums(found)
    return found


def check_sums(found):
    totals = found["totals"]
    stored = totals["stored_bytes"]
    for field in ["attributed_bytes", "marginal_bytes"]:
        equal(f"sum of {field}", sum(root[field] for root in found["roots"]), stored)
    equal("platforms", sum(row["stored_bytes"] for row in found["platforms"]), stored)
    equal("naive", sum(r["full_bytes"] * max(1, len(r["tags"])) for r in found["roots"]), totals["naive_bytes"])
    equal("saved", totals["dedupe_saved_bytes"], totals["naive_bytes"] - stored)
    check(totals["dedupe_saved_bytes"] >= 0, "less than nothing saved")
    equal("repositories", sum(row["attributed_bytes"] for row in found["repositories"]), stored)


def roots(found):
    return {(r["repository"].rsplit("/", 1)[-1], *r["tags"]): r for r in found["roots"]}


def check_example(found, images):
    """The table of the specification, and manifests and configs, each once."""
    extra = sum(overhead(made) for _, _, made in images)
    equal("stored", found["totals"]["stored_bytes"], 1086 * KB + extra)
    doubled = overhead(images[2][2])
    equal("naive", found["totals"]["naive_bytes"], 1890 * KB + extra + doubled)
    table = {("web", "v1"): (370, 10, 180, 370), ("web", "v2"): (372, 12, 182, 12),
             ("web", "latest", "v3"): (384, 324, 344, 324), ("celery", "c1"): (380, 380, 380, 380)}
    rows = roots(found)
    equal("roots", set(rows), set(table))
    for (_, tags, made), (key, figures) in zip(images, table.items()):
        for field, kilobytes in zip(["full", "exclusive", "attributed", "marginal"], figures):
            equal(f"{key} {field}", rows[key][f"{field}_bytes"], kilobytes * KB + overhead(made))
    equal("what if", [w["free_bytes"] for w in found["what_if"]],
          [10 * KB + overhead(images[0][2]), 12 * KB + overhead(images[1][2]),
           322 * KB + overhead(images[0][2]) + overhead(images[1][2])])


WHAT_IFS = ["--what-if", "match=v1", "--what-if", "match=v2"]


@case
def cost_worked_example_from_a_registry(bench):
    store, images = Store(bench), example()
    for repository, tags, made in images:
        store.fill(repository, tags, made)
    targets = [f"{store.host}/web", f"{store.host}/celery"]
    found = cost(bench, *targets, *WHAT_IFS)
    check_example(found, images)
    check(store.log.read_text().count("/blobs/sha256") > 0, "no configs")
    layers = {sha256(data) for data in LAYERS.values()}
    check(not layers & set(store.fetched()), "a layer was read")
    whole = cost(bench, "--registry", store.host, *WHAT_IFS)
    check_example(whole, images)
    check(not whole["scope_is_part"], "the whole registry is no part")
    shared = cost(bench, "--registry", store.host, "--dedupe", "registry", "--what-if", "match=v?,keep=0",
                  "--what-if", "match=v[12]")
    extra = sum(overhead(made) for _, _, made in images)
    equal("stored by registry", shared["totals"]["stored_bytes"], 726 * KB + extra)


@case
def cost_worked_example_from_a_folder(bench):
    images = example()
    web, celery = bench.home / "web", bench.home / "celery"
    write_layout(web, [(made, tags) for repository, tags, made in images if repository == "web"])
    write_layout(celery, [(made, tags) for repository, tags, made in images if repository == "celery"])
    found = cost(bench, f"oci:{web}", f"oci:{celery}", *WHAT_IFS)
    check_example(found, images)
    equal("untagged", found["totals"]["untagged_bytes"], 0)


def write_layout(folder, images):
    blobs = folder / "blobs/sha256"
    blobs.mkdir(parents=True)
    entries = []
    for made, tags in images:
        for data in [made.manifest, made.config, *made.layers]:
            (blobs / sha256(data)[7:]).write_bytes(data)
        for tag in tags or [None]:
            entry = descriptor(MANIFEST, made.manifest)
            entries.append(entry | ({"annotations": {"org.opencontainers.image.ref.name": tag}} if tag else {}))
    (folder / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}')
    (folder / "index.json").write_bytes(index(*entries))


def docker_archive(path, *entries, drop=()):
    """What docker saved before it wrote layouts: configs, plain layer tars, manifest.json; ENTRIES are (image, names)."""
    members = {made.config_name(): made.config for made, _ in entries}
    members |= {f"{sha256(layer)[7:]}/layer.tar": layer for made, _ in entries for layer in made.tars}
    listed = [{"Config": made.config_name(), "RepoTags": names, "Layers": [f"{sha256(layer)[7:]}/layer.tar" for layer in made.tars]}
              for made, names in entries]
    members["manifest.json"] = json.dumps(listed).encode()
    path.write_bytes(tar_of(*[(name, data) for name, data in members.items() if name not in drop]))
    return path


class Saved(Stack):
    """An image as docker saves it, without a manifest; its layers are KILOBYTES of noise each, by seed."""

    def __init__(self, *layers):
        super().__init__(*[tar_of(("x", noise(kilobytes * KB, seed))) for seed, kilobytes in layers])

    def config_name(self):
        return sha256(self.config)[7:] + ".json"

    def stored(self):
        return {sha256(data): len(data) for data in [self.config, *self.tars]}


@case
def cost_of_what_docker_saved(bench):
    base, other = Saved((1, 60), (2, 10)), Saved((1, 60), (3, 20))
    path = docker_archive(bench.home / "x.tar", (base, ["acme/web:1", "acme/web:latest"]), (other, None))
    blobs = base.stored() | other.stored()
    found = cost(bench, path, "--dedupe", "registry", "--what-if", "keep=0")
    equal("stored", found["totals"]["stored_bytes"], sum(blobs.values()))
    equal("said to be plain", found["totals"]["plain_layers"], 4)
    equal("roots", {(r["repository"], *r["tags"]): r["digest"] for r in found["roots"]},
          {("docker.io/acme/web", "1", "latest"): sha256(base.config), (str(path),): sha256(other.config)})
    equal("nothing to delete by digest", found["what_if"][0]["digests"], [])
    check("is not known" in bench.run("cost", path).text, "what a registry would hold is not known")
    packed = bench.home / "x.tar.gz"
    packed.write_bytes(gzip.compress(path.read_bytes(), 1))
    bench.tool("zstd", "-q", path, "-o", bench.home / "x.tar.zst")
    for again in [packed, bench.home / "x.tar.zst"]:
        equal(again.name, cost(bench, again, "--dedupe", "registry")["totals"], found["totals"])
    equal("from a pipe", cost(bench, "-", "--dedupe", "registry", stdin=packed.read_bytes())["totals"], found["totals"])


@case
def cost_of_archives_that_name_one_repository(bench):
    first, second = Saved((1, 60), (2, 10)), Saved((1, 60), (3, 20))
    paths = [docker_archive(bench.home / f"{i}.tar", (made, [f"acme/web:{i}"])) for i, made in enumerate([first, second])]
    found = cost(bench, *paths)
    equal("repositories", [r["repository"] for r in found["repositories"]], ["docker.io/acme/web"])
    equal("the base once", found["totals"]["stored_bytes"], sum((first.stored() | second.stored()).values()))


@case
def cost_of_an_archive_that_lacks_a_layer(bench):
    whole, lacking = Saved((1, 60)), Saved((1, 60), (2, 10))
    path = docker_archive(bench.home / "x.tar", (lacking, ["a:1"]), (whole, ["b:1"]), drop=[f"{sha256(lacking.tars[1])[7:]}/layer.tar"])
    found = cost(bench, path, status=5)
    equal("nothing invented", found["totals"]["stored_bytes"], sum(whole.stored().values()))
    check("layer.tar: not in the archive" in json.dumps(found["warnings"]), "said", found["warnings"])
    bench.fails(5, "no image", arguments=["cost", empty_archive(bench)])


def empty_archive(bench):
    path = bench.home / "empty.tar"
    path.write_bytes(tar_of(("readme", b"no image")))
    return path


@case
def cost_counts_untagged_images_of_a_layout(bench):
    made, second = image(["A1"], 1), image(["A2"], 2)
    write_layout(bench.home / "x", [(made, ["one"]), (second, [])])
    found = cost(bench, f"oci:{bench.home}/x")
    equal("untagged", found["totals"]["untagged_bytes"], 12 * KB + overhead(second))
    equal("from an archive", found["totals"], archive_of(bench, "x")["totals"])


def archive_of(bench, name):
    bench.tool("tar", "-C", bench.home / name, "-cf", bench.home / f"{name}.tar", ".")
    return cost(bench, f"oci-archive:{bench.home}/{name}.tar")


@case
def cost_sets_the_spreadsheets_figure_beside(bench):
    """Unpacked bytes times tags: only where a run or a report has told of every layer."""
    common, one, two = tar_of(("base", b"b" * 5000)), tar_of(("one", b"1" * 300)), tar_of(("two", b"2" * 20))
    layout = write_stacks(bench.home / "x", ("v1", Stack(common, one)), ("v2", Stack(common, two)))
    unpacked = lambda *more: {root["tags"][0]: root["unpacked_bytes"] for root in cost(bench, layout, *more)["roots"]}
    equal("nobody looked", unpacked(), {"v1": None, "v2": None})
    bench.run(f"{layout}:v1", "-o", "json=v1.json")
    equal("in the cache", unpacked(), {"v1": 5300, "v2": None})
    equal("not from the cache", unpacked("--no-cache"), {"v1": None, "v2": None})
    bench.run(f"{layout}:v2", "-o", "json=v2.json", "--no-cache")
    reports = ["--no-cache", "--unpacked-from", "v1.json", "--unpacked-from", "v2.json"]
    equal("from reports", unpacked(*reports), {"v1": 5300, "v2": 5020})
    totals = cost(bench, layout, *reports)["totals"]
    equal("in all", totals["unpacked"], {"bytes": 10320, "tags": 2, "known_tags": 2, "monthly_cost": "0.000001032"})
    check("known of 1 of 2 tags" in bench.run("cost", layout).text, "the text says what is missing")
    bench.fails(5, "--unpacked-from: x/oci-layout", arguments=["cost", layout, "--unpacked-from", "x/oci-layout"])


def write_stacks(path, *tagged):
    entries = [stack.entry(tag) for tag, stack in tagged]
    return images.write_layout(path, *(stack for _, stack in tagged), index=entries)


@case
def cost_money_and_the_gate(bench):
    write_layout(bench.home / "x", [(image([noise(86 * KB)], 1), ["one"])])
    target = f"oci:{bench.home}/x"
    found = cost(bench, target, "--price", "1000USD/GB-month")
    stored = found["totals"]["stored_bytes"]
    equal("month", found["totals"]["monthly_cost"], f"0.{stored * 1000:09}")
    over = cost(bench, target, "--price", "1000/GB-month", "--max", "0.05USD", status=1)
    check(over["complete"], "a broken budget is no damage")
    cost(bench, target, "--price", "1000/GB-month", "--max", "0.5")
    bench.fails(2, "in USD", arguments=["cost", target, "--max", "5EUR"])
    bench.fails(2, "no price", arguments=["cost", target, "--price", "cheap"])
    bench.fails(2, "--as-of", arguments=["cost", target, "--as-of", "soon"])
    bench.fails(2, "--what-if", arguments=["cost", target, "--what-if", "keep"])
    bench.fails(2, "no repository", arguments=["cost"])
    text = bench.run("cost", target, "--as-of", "2028-01-01").text
    check("STALE" in text, "a price of two years ago", text)


@case
def cost_of_every_format(bench):
    write_layout(bench.home / "x", [(image(["A1"], 1, {"team": "=blue"}), ["one"]), (image(["A2"], 2), ["two"])])
    target = f"oci:{bench.home}/x"
    rows = bench.run("cost", "-o", "csv", target).text.split("\r\n")
    equal("rows", len(rows), 4)
    check(any("'=blue" in row for row in rows), "the team, guarded", rows)
    records = [json.loads(line) for line in bench.run("cost", "-o", "ndjson", target).lines]
    equal("records", [r["record"] for r in records].count("root"), 2)
    check("| image |" in bench.run("cost", "-o", "markdown", target).text, "a table")
    found = cost(bench, target, "--group", "label:team")
    equal("groups", [g["group"] for g in found["groups"]], ["=blue", "[no label]"])
    bench.fails(2, "no cost as", arguments=["cost", "-o", "ncdu", target])


def snapshots_of(bench, *days):
    """The folder x with one more image on each of DAYS, a snapshot of each."""
    sizes = [("A1", 1), ("A2", 2), ("A3", 3)]
    made = []
    for day, (layer, created) in zip(days, sizes):
        made.append((image([layer], created), [f"v{created}"]))
        shutil.rmtree(bench.home / "x", ignore_errors=True)
        write_layout(bench.home / "x", made)
        bench.run("cost", f"oci:{bench.home}/x", "--snapshot", "--db", bench.home / "db", "--as-of", day)
    return f"oci:{bench.home}/x", [overhead(one) for one, _ in made]


@case
def cost_grows_from_snapshot_to_snapshot(bench):
    target, extra = snapshots_of(bench, "2026-10-20", "2026-10-24", "2026-11-03")
    db = ["--db", bench.home / "db"]
    found = cost(bench, target, *db)["growth"]
    # 23 November: the snapshot of 24 October is 30 days old. A3 came since.
    equal("since", (found["since"], found["seconds"], found["snapshots"]), ("2026-10-24T00:00:00Z", 30 * 86400, 3))
    more = 14 * KB + extra[2]
    equal("a day", found["bytes_per_day"], (more * 2 + 30) // 60)
    stored = 36 * KB + sum(extra)
    equal("then", found["forecast_stored_bytes"], stored + more)
    equal("money", found["forecast_monthly_cost"], f"0.{(stored + more + 5) // 10:09}")
    text = bench.run("cost", target, *db, *NOW, "--price", "1000/GB-month").text
    check("/day over 30 days, from snapshots -> +0.01" in " ".join(text.split()), "the line", text)
    check("Growth: `+" in bench.run("cost", target, *db, *NOW, "-o", "markdown").text, "in Markdown")
    equal("another domain", cost(bench, target, *db, "--dedupe", "registry")["growth"], None)
    equal("too early", cost(bench, target, *db, "--as-of", "2026-10-20T12:00:00Z")["growth"], None)
    equal("nobody's", cost(bench, target)["growth"], None)


def history(bench, *arguments, status=0):
    found = json.loads(bench.run("cost", "--history", "--db", bench.home / "db", "-o", "json", *NOW, *arguments, status=status).out)
    documents.check_schema(found)
    return found["series"]


@case
def cost_history_from_snapshots_alone(bench):
    target, extra = snapshots_of(bench, "2026-10-20", "2026-10-24", "2026-11-03")
    sizes = [10 * KB + extra[0], 22 * KB + sum(extra[:2]), 36 * KB + sum(extra)]
    shutil.rmtree(bench.home / "x")
    whole, one = history(bench)
    equal("points", [(p["time"][:10], p["stored_bytes"], p["tags"]) for p in whole["points"]],
          [("2026-10-20", sizes[0], 1), ("2026-10-24", sizes[1], 2), ("2026-11-03", sizes[2], 3)])
    equal("a day", whole["bytes_per_day"], ((sizes[2] - sizes[0]) * 2 + 14) // 28)
    equal("names", (whole["scope"], whole["repository"], one["repository"].endswith("/x")), (target, None, True))
    equal("one of them", history(bench, target), [whole, one])
    db = ["cost", "--history", "--db", bench.home / "db", *NOW]
    # 14 days are 16 columns: 24 October, 12 of 26 kB up, is level 3 of 7 from column 5 on
    check("_____----------#" in bench.run(*db, env={"LC_ALL": "C"}).text, "the trend")
    check("\u2581" in bench.run(*db, env={"LC_ALL": "C.UTF-8"}).text, "in blocks")
    equal("rows", len(bench.run(*db, "-o", "csv").text.split("\r\n")), 8)
    records = [json.loads(line)["record"] for line in bench.run(*db, "-o", "ndjson").lines]
    equal("records", sorted(set(records)), ["history", "series", "snapshot"])
    check("| `all of it` |" in bench.run(*db, "-o", "markdown").text, "a table")
    bench.fails(3, "no snapshot of", arguments=[*db, "ghcr.io/acme/web"])
    bench.fails(2, "takes no --max", arguments=[*db, "--max", "5"])
    bench.fails(6, "no snapshots there", arguments=["cost", "--history", "--db", bench.home / "none"])
    with sqlite3.connect(bench.home / "db") as odd:
        odd.execute("INSERT INTO snapshot VALUES ('s', 'x', '', 5, 'many', 1, 1)")
    equal("the rest is whole", history(bench, status=5)[0], whole)


@case
def cost_of_builds_and_pulls(bench):
    images = example()
    for name in ["web", "celery"]:
        write_layout(bench.home / name, [(made, tags) for repository, tags, made in images if repository == name])
    web, celery = f"oci:{bench.home}/web", f"oci:{bench.home}/celery"
    (bench.home / "pulls").write_text(f"# reference, pulls\n{web}:v3, 100, 80%\n{celery} 10\n{web}:none 1\n")
    rates = ["--builds-per-week", "168", "--build-minutes", "1.5", "--build-price", "0.01USD", "--push-price", "1000",
             "--pulls", bench.home / "pulls", "--warm-share", "0", "--pull-price", "2000USD"]
    found = cost(bench, web, celery, *rates)
    # The median of what v2 and v3 added is the lower; a week of 168 hours makes 730 builds a month.
    new = 12 * KB + overhead(images[1][2])
    first, second = sorted(found["traffic"], key=lambda row: not row["repository"].endswith("web"))
    equal("new", (first["new_bytes_per_build"], second["new_bytes_per_build"]), (new, None))
    equal("pushed", (first["pushed_bytes"], second["pushed_bytes"]), (730 * new, None))
    equal("money", (first["push_cost"], first["build_cost"]), (f"{730 * new * 1000 // 10**9}.{730 * new * 1000 % 10**9:09}", "10.950000000"))
    pulled = 20 * (384 * KB + overhead(images[2][2])) + 80 * new
    equal("pulled", (first["pulls"], first["pulled_bytes"], first["pull_cost"]), (100, pulled,
                      f"{pulled * 2000 // 10**9}.{pulled * 2000 % 10**9:09}"))
    equal("cold", second["pulled_bytes"], 10 * (380 * KB + overhead(images[3][2])))
    equal("not known", found["traffic_totals"]["unknown"], 1)
    equal("unmatched", [w["code"] for w in found["warnings"]], ["pulls-unmatched"])
    bench.run("cost", "-q", web, celery, *NOW, *rates, "-o", f"json={bench.home}/cost.json", "-o", f"text={bench.home}/cost.txt")
    equal("rendered", bench.run("render", bench.home / "cost.json").text, (bench.home / "cost.txt").read_text())
    bench.fails(2, "--builds-per-week", arguments=["cost", web, "--push-price", "1"])
    bench.fails(2, "pulls:3", "--warm-share", arguments=["cost", web, "--pulls", bench.home / "pulls"])
    bench.fails(2, "in USD", arguments=["cost", web, "--builds-per-week", "1", "--push-price", "1EUR"])


@case
def cost_of_pulls_by_digest_tag_and_name(bench):
    made = [image(["A1"], 1), image(["A2"], 2)]
    registry = repository_of(bench, ("t0", made[0]), ("t1", made[1]))
    name = target_of(registry)
    (bench.home / "pulls").write_text(f"{name}@{made[0].digest} 1\n{name}:t0 10\n{name} 100\n")
    found = cost(bench, name, "--pulls", bench.home / "pulls", "--warm-share", "0")
    first, second = 10 * KB + overhead(made[0]), 12 * KB + overhead(made[1])
    equal("pulled", found["traffic_totals"]["pulled_bytes"], 11 * first + 100 * second)
    equal("all matched", found["warnings"], [])


@case
def cost_snapshots_of_whole_inventories_alone(bench):
    registry = repository_of(bench, ("t0", image(["A1"], 1)))
    registry.put(b'{"schemaVersion": 2', MANIFEST, "broken")
    db = bench.home / "db"
    found = cost(bench, target_of(registry), "--snapshot", "--db", db, status=5)
    check("snapshot-not-stored" in [w["code"] for w in found["warnings"]], "said", found["warnings"])
    bench.fails(6, "no snapshots there", arguments=["cost", target_of(registry), "--db", bench.home / "none"])
    db.write_text("no database at all " * 99)
    bench.fails(5, "no file of snapshots", arguments=["cost", target_of(registry), "--snapshot", "--db", db])


def digests_deleted(store, digests):
    for name in digests:
        repository, digest = name.removeprefix(store.host + "/").split("@")
        try:
            store.send("DELETE", f"/v2/{repository}/manifests/{digest}")
        except urllib.error.HTTPError as error:
            check(error.code == 404, f"{name}: {error.code}")


def fill_at_random(store, chance):
    pool = [noise(chance.randrange(1, 60) * KB, 500 + i) for i in range(12)]
    for number in range(14):
        repository = chance.choice(["a", "b/c"])
        made = image(chance.sample(pool, chance.randrange(1, 6)), 1 + number, {"n": str(number)})
        if number % 4:
            store.fill(repository, [f"t{number}"], made)
            continue
        other = image(chance.sample(pool, 2), 1 + number, {"n": f"other {number}"}, architecture="arm64")
        for child in (made, other):
            store.fill(repository, [], child)
        store.put(repository, f"t{number}", index(made.entry(), other.entry()), INDEX)
        if number % 8:
            store.put(repository, f"child{number}", made.manifest, MANIFEST)


@case
def cost_would_free_what_collection_frees(bench):
    chance = random.Random(11)
    store = Store(bench)
    fill_at_random(store, chance)
    found = cost(bench, "--registry", store.host, "--dedupe", "registry", "--what-if", "match=t?", "--what-if", "keep=5")
    union = found["what_if"][-1]
    before = store.data()
    equal("stored is what is there", found["totals"]["stored_bytes"], before)
    digests_deleted(store, union["digests"])
    store.collect()
    equal("freed", before - store.data(), union["free_bytes"])
    check(union["free_bytes"] > 0, "nothing to free")


def repository_of(bench, *images, **options):
    registry = Registry(**options)
    bench.closing.append(registry.stop)
    for tag, made in images:
        registry.add(made, tag)
    return registry


def target_of(registry):
    return f"{registry.host}/{registry.NAME}"


@case
def cost_asks_for_every_digest_once_ever(bench):
    registry = repository_of(bench, *[(f"t{i}", image([noise(50, i)], 1 + i)) for i in range(9)])
    registry.add(image([noise(50, 3)], 4), "same")
    cost(bench, target_of(registry))
    methods = [(r.method, r.path.split("/")[4]) for r in registry.log]
    equal("HEADs", methods.count(("HEAD", "manifests")), 10)
    equal("manifests", methods.count(("GET", "manifests")), 9)
    equal("configs", methods.count(("GET", "blobs")), 9)
    registry.log.clear()
    cost(bench, target_of(registry))
    methods = [(r.method, r.path.split("/")[4]) for r in registry.log]
    equal("the second time", sorted(set(methods)), [("GET", "referrers"), ("GET", "tags"), ("HEAD", "manifests")])


@case
def cost_follows_pages(bench):
    registry = repository_of(bench, *[(f"t{i}", image([noise(50, i)], 1 + i)) for i in range(5)])
    pages = {"": (["t0", "t1", None, "sha256:" + "0" * 64], "p2"), "p2": (None, "p3"), "p3": (["t2", "t3", "t4"], "")}

    def page(request):
        tags, after = pages[dict(p.split("=") for p in request.query.split("&")).get("last", "")]
        more = (("Link", f'</v2/r%2Fx/tags/list?last={after}>; rel="next"'),) if after else ()
        request.reply(200, {"name": "r/x", "tags": tags}, *more)

    registry.on("^/v2/r(/|%2F)x/tags/list", page)
    equal("roots", len(cost(bench, target_of(registry))["roots"]), 5)


@case
def cost_notices_pages_in_a_circle(bench):
    registry = repository_of(bench, ("t0", image(["A1"], 1)))
    registry.on("/tags/list", lambda r: r.reply(200, {"tags": ["t0"]}, ("Link", '</v2/r/x/tags/list?last=a>; rel="next"')))
    found = cost(bench, target_of(registry), status=5)
    check(not found["complete"], "complete")
    equal("what was seen", len(found["roots"]), 1)
    check("circle" in json.dumps(found["warnings"]), "said", found["warnings"])


@case
def cost_says_that_a_child_is_missing(bench):
    made, gone = image(["A1"], 1), image(["A2"], 1, architecture="arm64")
    registry = repository_of(bench, ("t0", made))
    body = index(made.entry(), gone.entry())
    registry.put(body, INDEX, "all")
    found = cost(bench, target_of(registry), status=5)
    equal("nothing invented", found["totals"]["stored_bytes"], 10 * KB + overhead(made) + len(body))


@case
def cost_warns_of_a_tag_that_vanished(bench):
    registry = repository_of(bench, ("t0", image(["A1"], 1)))
    registry.on("/tags/list", lambda r: r.reply(200, {"tags": ["t0", "gone"]}))
    found = cost(bench, target_of(registry))
    equal("warnings", [w["code"] for w in found["warnings"]], ["tag-vanished"])


@case
def cost_waits_when_it_is_told_to(bench):
    registry = repository_of(bench, ("t0", image(["A1"], 1)))
    left = {"HEAD": 1, "GET": 1}

    def busy(request):
        if left.get(request.method, 0) == 0:
            return False
        left[request.method] -= 1
        request.reply(429, "", *([("Retry-After", "1")] if request.method == "HEAD" else []))

    registry.on("/manifests/", busy)
    equal("roots", len(cost(bench, target_of(registry), "--limit", "retry-wait-s=1")["roots"]), 1)
    registry.on("/manifests/", lambda r: r.reply(429, ""))
    left["HEAD"] = 1000
    found = cost(bench, target_of(registry), "--limit", "retry-wait-s=1", "--limit", "retries=1", status=5)
    check(not found["complete"] and not found["roots"], "seen", found)


@case
def cost_renews_tokens(bench):
    registry = repository_of(bench, *[(f"t{i}", image([noise(50, i)], 1 + i)) for i in range(4)])
    tokens = Tokens(registry)
    uses = {}

    def expire(request):
        token = request.headers.get("authorization", "").partition(" ")[2]
        uses[token] = uses.get(token, 0) + 1
        if uses[token] > 4:
            tokens.valid.discard(token)
        return False

    registry.hooks.insert(0, (re.compile("^/v2/"), expire))
    equal("roots", len(cost(bench, target_of(registry))["roots"]), 4)
    check(tokens.given > 2, f"{tokens.given} tokens")


@case
def cost_of_a_registry_without_catalog(bench):
    registry = repository_of(bench, ("t0", image(["A1"], 1)))
    registry.on("/_catalog", lambda r: r.reply(401, ""))
    bench.fails(5, "does not list its repositories", arguments=["cost", "--registry", registry.host])
    found = cost(bench, "--registry", registry.host, target_of(registry), status=5)
    equal("roots", len(found["roots"]), 1)


@case
def cost_counts_what_is_attached(bench):
    made = image(["A1"], 1)
    registry = repository_of(bench, ("t0", made))
    signature = Image([noise(700, 1)], subject=descriptor(MANIFEST, made.manifest))
    cosign = Image([noise(900, 2)])
    registry.add(signature, signature.digest)
    listing = index(signature.entry())
    registry.put(listing, INDEX, made.digest.replace(":", "-"))
    registry.add(cosign, made.digest.replace(":", "-") + ".sig")
    attached = len(listing) + 700 + overhead(signature) + 900 + overhead(cosign)
    found = cost(bench, target_of(registry))
    equal("roots", [r["tags"] for r in found["roots"]], [["t0"]])
    equal("attached", found["totals"]["referrer_bytes"], attached)
    equal("stored", found["totals"]["stored_bytes"], 10 * KB + overhead(made) + attached)
    registry.on(f"/referrers/{made.digest}", lambda r: r.reply(200, listing, ("Content-Type", INDEX)))
    registry.on("/referrers/", lambda r: r.reply(200, index(), ("Content-Type", INDEX)))
    equal("by the API too", cost(bench, target_of(registry))["totals"]["referrer_bytes"], attached)


@case
def cost_of_the_same_manifest_twice_and_undated(bench):
    made, undated = image(["B", "A1"], 1), image(["B", "A2"], None)
    write_layout(bench.home / "x", [(made, ["one"]), (undated, ["none"]), (image(["B", "A3"], 1, {"x": "y"}), [])])
    write_layout(bench.home / "y", [(made, ["one"]), (undated, [])])
    found = cost(bench, f"oci:{bench.home}/x", f"oci:{bench.home}/y", "--dedupe", "registry", "--what-if", "keep=0")
    equal("undated", found["what_if"][0]["undated"], 2)
    check(all(r["exclusive_bytes"] == 0 for r in found["roots"] if r["digest"] == made.digest), "shared")


@case
def cost_says_that_a_tag_is_not_there(bench):
    registry = repository_of(bench, ("t0", image(["A1"], 1)))
    bench.fails(3, "no tag 't9'", arguments=["cost", "-q", f"{target_of(registry)}:t9"])
    found = cost(bench, f"{target_of(registry)}:t0", f"{target_of(registry)}:t9")
    equal("what is there", [r["tags"] for r in found["roots"]], [["t0"]])
    equal("warnings", [w["code"] for w in found["warnings"]], ["no-such-tag"])
    equal("a glob may match nothing", cost(bench, f"{target_of(registry)}:pr-*")["roots"], [])
    path = docker_archive(bench.home / "x.tar", (Saved((1, 60)), ["acme/web:1"]), (Saved((1, 60), (2, 10)), ["acme/web:2"]))
    equal("by its whole name", [r["tags"] for r in cost(bench, f"docker-archive:{path}:acme/web:2")["roots"]], [["2"]])
    bench.fails(3, "no tag 'acme/web:3'", arguments=["cost", f"docker-archive:{path}:acme/web:3"])


@case
def cost_from_a_file(bench):
    registry = repository_of(bench, ("t0", image(["A1"], 1)), ("t1", image(["A2"], 2)))
    untagged = registry.add(image(["A3"], 3))
    (bench.home / "list").write_text(f"# ours\n{target_of(registry)}:t0 # one\n\n{target_of(registry)}@{untagged.digest}\n")
    found = cost(bench, "--from", bench.home / "list")
    equal("tags", sorted(r["tags"] for r in found["roots"]), [[], ["t0"]])
    check(found["scope_is_part"], "a selection is a part")
    equal("glob", len(cost(bench, f"{target_of(registry)}:t*")["roots"]), 2)


@case
def cost_of_hostile_manifests(bench):
    made = image(["A1"], 1)
    registry = repository_of(bench, ("t0", made))
    registry.put(b'{"schemaVersion": 2', MANIFEST, "broken")
    huge = image(["A2"], 1)
    huge.manifest_json["layers"] = [dict(descriptor("x", b"x"), size=(1 << 63) - 1)] * 2
    registry.put(huge.seal().manifest, MANIFEST, "huge")
    found = cost(bench, target_of(registry), status=5)
    equal("what is left", found["totals"]["stored_bytes"], 10 * KB + overhead(made))


class Large(Server):
    """REPOSITORIES with TAGS of them in all: documents alone, for no layer is ever asked for."""

    PAGE = 100

    def __init__(self, repositories, tags, blobs):
        self.documents, self.tags, self.chance = {}, {}, random.Random(5)
        sizes = [self.chance.randrange(100, 90_000_000) for _ in range(blobs)]
        self.pool = [{"mediaType": LAYER, "digest": sha256(str(i).encode()), "size": size} for i, size in enumerate(sizes)]
        self.images, unused = {}, list(range(blobs))
        for number in range(tags):
            place = number % repositories
            repository = f"team{place % 7}/r{place}"
            fresh = [unused.pop() for _ in range(min(12, len(unused)))]
            self.add(repository, f"t{number}", fresh + self.chance.sample(range(blobs), 3), number)
        self.names = sorted(self.tags)
        super().__init__(self.reply_to)

    def add(self, repository, tag, layers, number):
        config = json.dumps({"os": "linux", "architecture": "amd64", "created": f"2026-10-{1 + number % 28:02}T00:00:00Z",
                             "rootfs": {"type": "layers", "diff_ids": []}, "n": number // 2}).encode()
        chosen = [self.pool[i] for i in dict.fromkeys(layers)]
        manifest = json.dumps({"schemaVersion": 2, "mediaType": MANIFEST, "config": descriptor(CONFIG, config), "layers": chosen}).encode()
        for body in (config, manifest):
            self.documents[sha256(body)] = body
        self.tags.setdefault(repository, {})[tag] = sha256(manifest)
        blobs = {d["digest"]: d["size"] for d in chosen} | {sha256(b): len(b) for b in (config, manifest)}
        self.images[repository, tag] = blobs

    def page(self, request, key, names, path):
        query = dict(part.split("=") for part in request.query.split("&"))
        after = query.get("last", "")
        rest = [n for n in names if n > after.replace("%2F", "/")]
        last = rest[self.PAGE - 1:self.PAGE]
        more = [("Link", f'<{path}?last={last[0].replace("/", "%2F")}&n={self.PAGE}>; rel="next"')] if len(rest) > self.PAGE else []
        request.reply(200, {key: rest[:self.PAGE]}, *more)

    def reply_to(self, request):
        if request.path == "/v2/_catalog":
            return self.page(request, "repositories", self.names, request.path)
        repository, kind, name = re.fullmatch(r"/v2/(.+)/(tags|manifests|blobs|referrers)/([^/]+)", request.path).groups()
        tags = self.tags[repository]
        if kind == "tags":
            return self.page(request, "tags", sorted(tags), request.path)
        body = self.documents.get(tags.get(name, name)) if kind != "referrers" else None
        if body is None:
            return request.reply(404, "")
        request.reply(200, body, ("Content-Type", MANIFEST if kind == "manifests" else "application/octet-stream"),
                      ("Docker-Content-Digest", sha256(body)))

    def pages(self):
        return -(-len(self.names) // self.PAGE) + sum(-(-len(t) // self.PAGE) for t in self.tags.values())


def slow_sums(images, domain):
    """stored, and by image exclusive and attributed (without the left-over bytes), by plain sets."""
    users = {}
    for (repository, tag), blobs in images.items():
        for digest in blobs:
            users.setdefault((domain(repository), digest), set()).add((repository, tag))
    size = {digest: bytes_ for blobs in images.values() for digest, bytes_ in blobs.items()}
    stored = sum(size[digest] for _, digest in users)
    exclusive = {key: sum(size[d] for d in blobs if len(users[domain(key[0]), d]) == 1) for key, blobs in images.items()}
    attributed = {key: sum(size[d] // len(users[domain(key[0]), d]) for d in blobs) for key, blobs in images.items()}
    return stored, exclusive, attributed


def check_large(found, server, domain):
    stored, exclusive, attributed = slow_sums(server.images, domain)
    equal("stored", found["totals"]["stored_bytes"], stored)
    equal("roots", len(found["roots"]), len(server.images))
    for root in found["roots"]:
        key = root["repository"].removeprefix(server.host + "/"), root["tags"][0]
        equal(f"full of {key}", root["full_bytes"], sum(server.images[key].values()))
        equal(f"exclusive of {key}", root["exclusive_bytes"], exclusive[key])
        left_over = root["attributed_bytes"] - attributed[key]
        check(0 <= left_over <= len(server.images[key]), f"attributed of {key}", left_over)


@case
def cost_of_a_large_registry(bench):
    server = Large(200, 5000, 60000)
    bench.closing.append(server.stop)
    distinct = {sha256(b) for b in server.documents.values()}
    found = cost(bench, "--registry", server.host)
    check_large(found, server, lambda repository: repository)
    listed = server.pages() + len(server.images)
    check(len(server.log) <= 1.02 * (listed + len(distinct) + 1), f"{len(server.log)} requests", listed, len(distinct))
    server.log.clear()
    server.add("team1/r1", "new", [1, 2, 3], 99999)
    found = cost(bench, "--registry", server.host, "--dedupe", "registry")
    check_large(found, server, lambda repository: "")
    check(len(server.log) <= 1.02 * (server.pages() + len(server.images) + 2 + 1), f"{len(server.log)} requests")
