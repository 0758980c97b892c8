"""What every document must satisfy: the schema, the invariants of its numbers, and that JSON
and ndjson of one run tell the same. Written from the description of the formats
(imgprof-json(5)), not from the program."""

import base64
import collections
import json
import pathlib

import jsonschema

SCHEMAS = pathlib.Path(__file__).resolve().parents[2] / "data/schema"
FATES = ["live", "overwritten", "reshipped", "deleted", "replaced", "duplicate", "leftover"]
OVERHEADS = ["headers", "padding", "pax", "toc", "after_end"]
SUM = ["files", "disk_bytes", "pull_bytes"]
NAME, LAYER, DISK, PULL, CLASS, OWNER, FATE, KIDS, HIDDEN_BY = range(9)


def same(what, found, expected):
    if found != expected:
        raise AssertionError(f"{what}: {found!r}, expected {expected!r}")


def check_schema(document, kind=None):
    if kind:
        same("kind", document["kind"], kind)
    validator = jsonschema.Draft202012Validator(json.loads((SCHEMAS / f"{document['kind']}.schema.json").read_text()))
    for error in validator.iter_errors(document):
        raise AssertionError(f"schema: {'/'.join(map(str, error.absolute_path))}: {error.message[:300]}")


def total(rows, field):
    return sum(row[field] for row in rows)


def check_document(document):
    same("the first member", next(iter(document)), "schema")
    same("complete", document["complete"], all(i["complete"] for i in document["images"]))
    for image in document["images"]:
        check_image(image)


def check_image(image):
    totals, layers, fates = image["totals"], image["layers"], image["fates"]
    same("order of layers", [layer["index"] for layer in layers], list(range(len(layers))))
    for field in ["pull_bytes", "disk_bytes", "tar_bytes", "entries"]:
        same(f"sum of layers' {field}", total(layers, field), totals[field])
    for fate in FATES:
        for field in SUM:
            same(f"{fate} {field} over layers", sum(layer["fates"][fate][field] for layer in layers), fates[fate][field])
    dead = [fates[f] for f in FATES if f != "live"]
    same("live", totals["live_bytes"], fates["live"]["disk_bytes"])
    same("wasted", totals["wasted_bytes"], total(dead, "disk_bytes"))
    same("wasted to pull", totals["wasted_pull_bytes"], total(dead, "pull_bytes"))
    same("live and wasted", totals["live_bytes"] + totals["wasted_bytes"], totals["disk_bytes"])
    same("files", totals["files"], total(fates.values(), "files"))
    same("complete", image["complete"], all(layer["complete"] for layer in layers))
    check_efficiency(image, fates)
    for layer in layers:
        check_layer(layer)
    for field in ["disk_bytes", "pull_bytes"]:
        same(f"{field} over packages", total(image["packages"], field), totals[field])
    check_packages(image)
    check_findings(image)
    for field in SUM:
        same(f"{field} over classes", total(image["classes"], field), fates["live"][field])
    if "tree" in image:
        check_tree(image)


def check_efficiency(owner, fates):
    everything = total(fates.values(), "disk_bytes")
    if not everything:
        same("efficiency of nothing", owner["efficiency"], None)
    elif abs(owner["efficiency"] - fates["live"]["disk_bytes"] / everything) > 0.0001:
        raise AssertionError(f"efficiency {owner['efficiency']}: {fates}")


def check_layer(layer):
    where = f"layer {layer['index']}"
    check_efficiency(layer, layer["fates"])
    same(f"{where}: disk bytes over fates", total(layer["fates"].values(), "disk_bytes"), layer["disk_bytes"])
    same(f"{where}: header blocks", layer["overheads"]["headers"]["tar_bytes"], 512 * layer["entries"])
    accounted = sum(layer["overheads"][o]["pull_bytes"] for o in OVERHEADS) + total(layer["fates"].values(), "pull_bytes")
    if layer["complete"] and accounted > layer["pull_bytes"]:
        raise AssertionError(f"{where}: {accounted} pull bytes accounted for, of {layer['pull_bytes']}")


def check_packages(image):
    """The rows close both sums; their order; what runtime counts of them."""
    packages = [p for p in image["packages"] if p["manager"]]
    buckets = [p["name"] for p in image["packages"] if not p["manager"]]
    same("the last rows", image["packages"][len(packages):], [p for p in image["packages"] if not p["manager"]])
    same("rows that close the sums", [b for b in buckets if b not in ("[other]", "[not read]")], ["[no package]", "[wasted]", "[overhead]"])
    same("order of packages", [p["disk_bytes"] for p in packages], sorted((p["disk_bytes"] for p in packages), reverse=True))
    same("live files over packages", sum(p["files"] for p in image["packages"] if p["name"] != "[wasted]"), image["fates"]["live"]["files"])
    for package in packages:
        same(f"layers of {package['name']}", package["layers"], sorted(set(package["layers"])))
        same(f"{package['name']}: layers where there are files", bool(package["layers"]), package["files"] > 0)
    if image["runtime"] and "[other]" not in buckets:
        for row in image["runtime"]["managers"]:
            mine = [p for p in packages if p["manager"] == row["manager"]]
            reached = [p for p in mine if p["reached"]]
            same(f"packages of {row['manager']}", (row["packages"], row["disk_bytes"], row["pull_bytes"]),
                 (len(mine), total(mine, "disk_bytes"), total(mine, "pull_bytes")))
            same(f"reached packages of {row['manager']}", (row["reached_packages"], row["reached_bytes"]),
                 (len(reached), total(reached, "disk_bytes")))


def check_findings(image):
    findings, totals = image["findings"], image["totals"]
    by = collections.Counter()
    for finding in findings:
        by[finding["confidence"]] += finding["disk_bytes"]
        by[finding["class"] == "wasted"] += finding["disk_bytes"]
        same(f"{finding['id']}: hidden_by is given", finding["hidden_by"] is not None, finding["class"] == "wasted")
        same(f"{finding['id']}: layers", finding["layers"], sorted(set(finding["layers"])))
        if len(finding["paths"]) > finding["paths_total"]:
            raise AssertionError(f"{finding['id']}: more paths than there are")
    same("order of findings", [f["id"] for f in findings],
         [f["id"] for f in sorted(findings, key=lambda f: (-f["disk_bytes"], f["id"].encode()))])
    same("ids of findings are distinct", len({f["id"] for f in findings}), len(findings))
    for confidence in ["certain", "likely", "possible"]:
        same(f"{confidence} findings", by[confidence], totals[f"{confidence}_bytes"])
    same("findings about hidden bytes", by[True], totals["wasted_bytes"])
    sure = [f for f in findings if f["confidence"] != "possible"]
    same("reclaimable", total(sure, "disk_bytes"), totals["reclaimable_bytes"])
    same("reclaimable to pull", total(sure, "pull_bytes"), totals["reclaimable_pull_bytes"])
    same("more reclaimable than there is", totals["reclaimable_bytes"] > totals["disk_bytes"], False)
    same("order of classes", image["classes"], sorted(image["classes"], key=lambda c: -c["disk_bytes"]))


def walk(tree):
    """(path, row) of every row, parents first, without recursion."""
    todo = [("", tree)]
    while todo:
        path, row = todo.pop()
        yield path, row
        for kid in reversed(row[KIDS] or []):
            todo.append((f"{path}/{kid[NAME]}" if path else kid[NAME], kid))


def check_tree(image):
    fates, classes = collections.Counter(), collections.Counter()
    for path, row in walk(image["tree"]):
        if row[KIDS] is not None:
            same(f"disk bytes below {path!r}", sum(k[DISK] for k in row[KIDS]), row[DISK])
            same(f"pull bytes below {path!r}", sum(k[PULL] for k in row[KIDS]), row[PULL])
            names = [k[NAME].encode() for k in row[KIDS] if "\ufffd" not in k[NAME]]
            same(f"names below {path!r}", names, sorted(names))
            continue
        same(f"{path!r} is hidden", len(row) == 9, row[FATE] != "live")
        fates[row[FATE], row[LAYER]] += row[DISK]
        if row[CLASS] and row[FATE] == "live":
            classes[row[CLASS]] += row[DISK]
    same("disk bytes of the tree", image["tree"][DISK], image["totals"]["disk_bytes"])
    for layer in image["layers"]:
        for fate in FATES:
            same(f"{fate} rows of layer {layer['index']}", fates[fate, layer["index"]], layer["fates"][fate]["disk_bytes"])
    # Files keep their class when only a part of them can go.
    for finding in image["findings"]:
        if finding["partial"] and finding["confidence"] != "possible":
            classes[finding["class"]] += finding["disk_bytes"]
            classes["runtime"] -= finding["disk_bytes"]
    for row in image["classes"]:
        same(f"rows of class {row['class']}", classes[row["class"]], row["disk_bytes"])


def raw(record, field):
    """The bytes of a text that may not be UTF-8."""
    if f"{field}_base64" in record:
        return base64.b64decode(record[f"{field}_base64"], validate=True)
    return record[field].encode()


def check_records(document, text):
    records = [json.loads(line) for line in text.splitlines()]
    for index, image in enumerate(document["images"]):
        mine = [r for r in records if r["image"] == index]
        kinds = collections.defaultdict(list)
        for record in mine:
            kinds[record["record"]].append(record)
        check_heads(image, kinds)
        check_instances(image, kinds["instance"])
    same("images", max((r["image"] for r in records), default=-1) + 1, len(document["images"]))


def check_heads(image, kinds):
    head, = kinds["image"]
    for field in ["reference", "digest", "platform", "created", "complete", "totals", "efficiency", "fates", "classes", "runtime", "unreadable", "filter"]:
        same(f"ndjson {field}", head[field], image[field])
    for kind, field in [("layer", "layers"), ("package", "packages"), ("finding", "findings"), ("dropped", "dropped"), ("warning", "warnings")]:
        stripped = [{k: v for k, v in r.items() if k not in ("record", "image")} for r in kinds[kind]]
        same(f"ndjson {field}", stripped, image[field])


def check_instances(image, instances):
    layers = image["layers"]
    count, pull, fates, findings, owned = (collections.Counter() for _ in range(5))
    where = collections.defaultdict(set)
    for record in instances:
        layer, fate = record["layer"], record["fate"]
        count[layer] += 1
        pull[layer] += record["pull_bytes"]
        same("a path's first byte is a slash", record["path"].startswith("/"), False)
        same(f"{record['path']!r}: hidden_by", record["hidden_by"] is not None, fate not in (None, "live"))
        if record["type"] != "file":
            same(f"{record['path']!r}: disk bytes of no file", record["disk_bytes"], 0)
            same(f"{record['path']!r}: fate of no file", fate is None or record["type"] == "hardlink", True)
            continue
        fates[layer, fate, "files"] += 1
        fates[layer, fate, "disk_bytes"] += record["disk_bytes"]
        fates[layer, fate, "pull_bytes"] += record["pull_bytes"]
        same(f"{record['path']!r}: class of a hidden file", record["class"] == "wasted", fate != "live")
        if record["owner"]:
            owned[record["owner"]] += record["disk_bytes"]
            same(f"{record['path']!r}: owner of a hidden file", fate, "live")
        if record["finding"]:
            partial = record["partial_bytes"]
            for field, n in zip(SUM, [1, partial or record["disk_bytes"], record["pull_bytes"]]):
                findings[record["finding"], field] += n
            where[record["finding"]].add(layer)
    for layer in layers:
        i = layer["index"]
        same(f"records of layer {i}", count[i], layer["entries"])
        for fate in FATES:
            for field in SUM:
                same(f"{fate} {field} of layer {i}", fates[i, fate, field], layer["fates"][fate][field])
        if layer["complete"]:
            same(f"pull bytes of layer {i}", pull[i] + sum(layer["overheads"][o]["pull_bytes"] for o in OVERHEADS), layer["pull_bytes"])
    for finding in image["findings"]:
        same(f"layers of {finding['id']}", sorted(where[finding["id"]]), finding["layers"])
        for field in SUM[:2] if finding["partial"] else SUM:
            same(f"{field} of {finding['id']}", findings[finding["id"], field], finding[field])
    rows = collections.Counter()
    for package in image["packages"]:
        if package["manager"]:
            rows[f"{package['manager']}:{package['name']}"] += package["disk_bytes"]
    if not any(p["name"] == "[other]" for p in image["packages"]):
        same("bytes by owner", owned, rows)
    same("findings that only records know", set(where) - {f["id"] for f in image["findings"]}, set())


def without_pull(document):
    """What one image must have in common in all containers and compressions."""
    dropped = {"reference", "digest", "media_type", "compression", "verified", "warnings"}
    if isinstance(document, dict):
        return {k: without_pull(v) for k, v in document.items() if k not in dropped and not k.endswith("pull_bytes")}
    if isinstance(document, list):
        if len(document) in (8, 9) and isinstance(document[0], str) and all(isinstance(document[n], int) for n in (LAYER, DISK, PULL)):
            row = list(document)
            row[PULL] = 0
            row[KIDS] = without_pull(row[KIDS])
            return row
        return [without_pull(v) for v in document]
    return document
