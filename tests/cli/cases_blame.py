"""blame: tags whose growth is known, from a layout and from a real docker-registry."""

import collections
import json

import documents
from harness import case, check, equal
from registry import DockerRegistry

BASE = ["layer RUN base", "file os/a 9000 seed=1"]
APP = {
    "t1": ["layer RUN app", "file app/x 100 seed=2"],
    "t2": ["layer RUN app", "file app/x 150 seed=3"],
    "t3": ["layer RUN app", "file app/x 150 seed=3", "layer RUN model", "file app/model/big 70000 seed=4"],
    "t4": ["layer RUN app", "file app/x 170 seed=5", "layer RUN model", "file app/model/big 70000 seed=4"],
    "t5": ["layer RUN app", "file app/x 170 seed=5"],
}
DISK = [9100, 9150, 79150, 79170, 9170]


def describe(tag, day):
    return "\n".join([f"created 2026-11-{day:02}T12:00:00Z", f"label org.opencontainers.image.revision=c0ffee{day}",
                      *BASE, *APP[tag]]) + "\n"


def five(bench):
    """Five tags, the oldest last in the order of names: what is sorted is time."""
    names = ["e", "d", "c", "b", "a"]
    for i, tag in enumerate(APP):
        bench.make_image(describe(tag, i + 1), f"oci:{bench.home}/{tag}", tag=names[i])
    return [(f"oci:{bench.home}/{tag}:{name}", name) for tag, name in zip(APP, names)]


def blame(bench, *arguments, **options):
    found = json.loads(bench.run("blame", "-o", "json", *arguments, **options).out)
    documents.check_schema(found, "blame")
    return found


def repository(bench):
    registry = DockerRegistry(bench)
    for source, name in five(bench):
        registry.push(source, f"site/web:{name}")
    return registry, f"{registry.host}/site/web"


def column(found, key):
    return [row[key] for row in found["rows"]]


@case
def blame_of_a_registry_lists_tags_by_time(bench):
    registry, name = repository(bench)
    found = blame(bench, name)
    equal("tags", column(found, "tags"), [["e"], ["d"], ["c"], ["b"], ["a"]])
    equal("disk", column(found, "disk_bytes"), DISK)
    equal("changes", column(found, "change_bytes"), [None, 50, 70000, 20, -70000])
    equal("revisions", column(found, "revision"), [f"c0ffee{day}" for day in range(1, 6)])
    equal("cause", found["rows"][2]["cause"]["instruction"], "RUN model")
    equal("layers read", column(found, "layers_read"), [2, 1, 1, 1, 0])
    times = collections.Counter(registry.fetched())
    layers = {layer["digest"] for _, tag in five(bench)
              for layer in json.loads(bench.run("-o", "json", f"{name}:{tag}").out)["images"][0]["layers"]}
    equal("layers fetched", {times[digest] for digest in layers}, {1})
    equal("from the cache", sum(column(blame(bench, name), "layers_read")), 0)


@case
def blame_of_a_path_names_the_layer_that_wrote_it(bench):
    _, name = repository(bench)
    found = blame(bench, name, "--path", "/app/mod*")
    equal("watched", column(found, "watched_bytes"), [0, 0, 70000, 70000, 0])
    cause = found["rows"][2]["cause"]
    equal("cause", (cause["subject"], cause["instruction"], cause["change_bytes"]), ("app/model/big", "RUN model", 70000))
    equal("no change has no cause", found["rows"][3]["cause"], None)
    equal("of what went", found["rows"][4]["cause"]["layer_is_before"], True)


@case
def blame_reads_the_newest(bench):
    _, name = repository(bench)
    found = blame(bench, f"{name}:*", "--top", "2")
    equal("tags", (column(found, "tags"), found["left_out"]), ([["b"], ["a"]], 3))
    text = bench.run("blame", name, "--width", "80", "--top", "2").out.decode()
    check("3 older not read" in text, text)
    check(all(len(line) <= 80 for line in text.splitlines()), text)


@case
def tags_of_one_digest_are_one_row(bench):
    registry, name = repository(bench)
    registry.push(f"oci:{bench.home}/t5:a", "site/web:latest")
    equal("tags", column(blame(bench, name), "tags")[-1], ["a", "latest"])


@case
def a_layout_is_a_repository(bench):
    source, name = five(bench)[0]
    layout = source[len("oci:"):].rsplit(":", 1)[0]
    found = blame(bench, f"oci:{layout}")
    equal("row", (column(found, "tags"), column(found, "disk_bytes")), ([[name]], [9100]))
    rows = bench.run("blame", f"oci:{layout}", "-o", "csv").out.decode().splitlines()
    equal("csv", (len(rows), rows[1].split(",")[0]), (2, name))


@case
def blame_takes_one_repository_and_one_scope(bench):
    bench.fails(2, "one is read", arguments=["blame", "a", "b"])
    bench.fails(2, "both --path and --class", arguments=["blame", "a", "--path", "x", "--class", "docs"])
    bench.fails(2, "no class 'nonsense'", arguments=["blame", "a", "--class", "nonsense"])


@case
def a_damaged_tag_keeps_its_row(bench):
    source, name = five(bench)[2]
    layout = bench.home / "t3"
    blob = max((layout / "blobs/sha256").iterdir(), key=lambda path: path.stat().st_size)
    blob.write_bytes(blob.read_bytes()[:-1000])
    found = blame(bench, f"oci:{layout}", status=5)
    equal("complete", (found["complete"], column(found, "complete"), column(found, "tags")), (False, [False], [[name]]))
    check(found["rows"][0]["trouble"] or "disk_bytes" in found["rows"][0], found)


@case
def tags_behind_a_damaged_one_are_read(bench):
    layout = bench.home / "all"
    for source, name in five(bench)[1:]:
        bench.tool("skopeo", "--insecure-policy", "copy", "-q", source, f"oci:{layout}:{name}")
    image = json.loads(bench.run(f"oci:{layout}:c", "-o", "json").out)["images"][0]
    blob = layout / "blobs" / image["layers"][-1]["digest"].replace(":", "/")
    blob.write_bytes(blob.read_bytes()[:-20])
    found = blame(bench, f"oci:{layout}", "--no-cache", status=5)
    equal("complete", (column(found, "tags"), column(found, "complete")), ([["d"], ["c"], ["b"], ["a"]], [True, False, False, True]))
    check(all("ends after" in row["trouble"] for row in found["rows"][1:3]), "not the reason", found)
    equal("against the last that was read", found["rows"][3]["change_bytes"], DISK[4] - DISK[1])


@case
def blame_of_what_docker_saved(bench):
    bench.make_image(describe("t3", 3), f"oci:{bench.home}/t3", tag="t3")
    bench.tool("skopeo", "--insecure-policy", "copy", "-q", f"oci:{bench.home}/t3:t3", f"docker-archive:{bench.home}/t3.tar:acme/web:t3")
    found = blame(bench, f"{bench.home}/t3.tar")
    equal("tags", column(found, "tags"), [["t3"]])
    equal("disk", column(found, "disk_bytes"), [DISK[2]])
    bench.fails(2, "only once", arguments=["blame", "-"])
