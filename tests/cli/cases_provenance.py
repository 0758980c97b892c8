"""What a builder recorded of a build: the Dockerfile, its lines for the layers, the base image
(reference/formats.md 9.5). The statements are BuildKit's own, with the digests of built.image."""

import json
import re

from harness import TOP, case, check, equal
from registry import DockerRegistry

FOLDER = TOP / "testdata/provenance"
BUILT = (FOLDER / "built.image").read_text()
# Of the Dockerfile: the layers are 0 to 5 the base's, then one on each of these lines.
LINES = [None] * 6 + [6, 7, 9]
SIZES = [490_000, 0, 1_000_000, 2_000, 1_000, 200, 900_000, 100_006, 342]


def built(bench, statement="v1.json", dockerfile=FOLDER / "Dockerfile", more="", **options):
    """A layout of the image with that statement (a file's name, or the document)."""
    path = FOLDER / str(statement)
    if not isinstance(statement, str):
        path = bench.home / "statement.json"
        path.write_text(json.dumps(statement))
    bench.make_image(f"{BUILT}{more}\nattestation {path} {dockerfile}\n", f"oci:{bench.home}/built", **options)
    return bench.home / "built"


def statement_of(name="v1"):
    return json.loads((FOLDER / f"{name}.json").read_text())


def own_part(statement):
    return statement["predicate"]["runDetails"]["metadata"]["buildkit_metadata"]


def lines_of(image):
    return [layer["line"] for layer in image["layers"]]


def weights(text):
    """By line number, or by the word in brackets: pull and disk bytes."""
    found = {}
    for line in text.splitlines():
        match = re.match(r"(.{52})(.{5}) (.*)$", line)
        if not match or not match[1][:26].strip().replace(" ", "").isdigit():
            continue
        name = match[2].strip() or match[3].split("]")[0].strip("[ ")
        found[name] = tuple(map(int, match[1][:26].split()))
    return found


def check_sheet(bench, image, expected, *options):
    """Every layer's bytes on its line, exact in sum."""
    document = bench.profile(image, *options, "--no-cache")["images"][0]
    sheet = weights(bench.run(image, *options, "-o", "dockerfile", "--units", "bytes", "--no-cache").text)
    total = sheet.pop("total")
    equal("total", total, (document["totals"]["pull_bytes"], document["totals"]["disk_bytes"]))
    for size in (0, 1):
        equal("sum of the rows", sum(row[size] for row in sheet.values()), total[size], sheet)
    wanted = {}
    for place, layer in zip(expected, document["layers"]):
        pull, disk = wanted.get(place, (0, 0))
        wanted[place] = (pull + layer["pull_bytes"], disk + layer["disk_bytes"])
    equal("rows", sheet, wanted)
    return document


EXPECTED = ["base"] * 6 + ["6", "7", "9"]


def check_placed(bench, name):
    image = check_sheet(bench, built(bench, f"{name}.json"), EXPECTED)
    equal("lines", lines_of(image), LINES)
    equal("disk bytes", [layer["disk_bytes"] for layer in image["layers"]], SIZES)
    equal("file", image["dockerfile"], {"origin": "provenance", "filename": "Dockerfile"})
    equal("base", image["base"], {"origin": "provenance", "name": "registry.example/site/celerybeat:after",
                                  "digest": "sha256:91fe60d11bc731d9e9728e7a776bf194e33190df098f0b8ff4b991694272e6fb", "layers": 6})
    equal("warnings", image["warnings"], [])


@case
def lines_stand_on_pages(bench):
    """The tables of a profile's page and of a diff's, which need no script."""
    image = built(bench)
    page = bench.run(image, "-o", "html").text
    for line in (6, 7, 9):
        check(f"<td>Dockerfile:{line} " in page, f"line {line} on the profile's page")
    bench.make_image("web.image", f"oci:{bench.home}/web")
    page = bench.run("diff", f"{bench.home}/web", image, "-o", "html").text
    for line in (6, 7, 9):
        check(f"<td>Dockerfile:{line} " in page, f"line {line} on the diff's page")


@case
def provenance_v02_puts_layers_on_their_lines(bench):
    check_placed(bench, "v0.2")


@case
def provenance_v1_puts_layers_on_their_lines(bench):
    check_placed(bench, "v1")


@case
def provenance_of_recompressed_layers(bench):
    image = built(bench, compression="zstd")
    document = check_sheet(bench, image, EXPECTED)
    equal("lines", lines_of(document), LINES)
    equal("base layers", document["base"]["layers"], 6)


@case
def provenance_in_every_container(bench):
    """A layout, an archive, a stream, a registry: the same lines."""
    layout = built(bench)
    archive = bench.home / "archive.tar"
    with open(archive, "wb") as out:
        out.write(bench.tool("tar", "-C", layout, "-c", "."))
    pushed = DockerRegistry(bench)
    bench.tool("skopeo", "--insecure-policy", "copy", "-q", "--all", "--dest-tls-verify=false", f"oci:{layout}", f"docker://{pushed.host}/built:1")
    for name in (f"oci-archive:{archive}", archive, f"{pushed.host}/built:1"):
        equal(f"{name}", lines_of(bench.profile(name)["images"][0]), LINES)
    streamed = json.loads(bench.run("-", "-o", "json", stdin=archive.read_bytes()).out)
    equal("stream", lines_of(streamed["images"][0]), LINES)


@case
def provenance_of_mode_min_names_the_base(bench):
    image = built(bench, "min.json")
    document = bench.profile(image)["images"][0]
    equal("file", document["dockerfile"], {"origin": "history", "filename": None})
    equal("base", (document["base"]["origin"], document["base"]["name"], document["base"]["layers"]),
          ("provenance", "registry.example/site/celerybeat:after", 0))
    equal("lines", lines_of(document), [None] * 9)
    text = bench.run(image, "-o", "dockerfile").text
    check("rebuilt from the image's history: the build's provenance names only the base image" in text, "what it is", text)


@case
def provenance_about_another_image_is_not_used(bench):
    statement = statement_of()
    statement["subject"][0]["digest"]["sha256"] = "0" * 64
    document = bench.profile(built(bench, statement))["images"][0]
    equal("file", document["dockerfile"]["origin"], "history")
    equal("warnings", [w["code"] for w in document["warnings"]], ["provenance"])


@case
def provenance_step_without_locations(bench):
    statement = statement_of()
    del own_part(statement)["source"]["locations"]["step3"]
    check_sheet(bench, built(bench, statement), ["base"] * 6 + ["6", "not in this file", "9"])


@case
def provenance_with_no_chain_of_the_image(bench):
    """Digests alone still say whose the last layers are."""
    statement = statement_of()
    own_part(statement)["layers"] = {"step3:0": own_part(statement)["layers"]["step3:0"]}
    check_sheet(bench, built(bench, statement), ["not in this file"] * 7 + ["7", "not in this file"])


@case
def provenance_of_each_platform(bench):
    """One index, two images, each with its own statement."""
    other = bench.home / "arm.image"
    statement = statement_of("v0.2")
    own = statement["predicate"]["metadata"]["https://mobyproject.org/buildkit@v1#metadata"]
    own["source"]["locations"]["step3"]["locations"][0]["ranges"] = [{"start": {"line": 10}, "end": {"line": 10}}]
    (bench.home / "arm.json").write_text(json.dumps(statement))
    other.write_text(f"platform linux/arm64\n{BUILT}\nattestation {bench.home}/arm.json {FOLDER}/Dockerfile\n")
    image = built(bench, also=other)
    found = bench.profile(image, "--all-platforms")["images"]
    equal("platforms", [i["platform"]["architecture"] for i in found], ["amd64", "arm64"])
    equal("lines", [lines_of(i)[7] for i in found], [7, 10])


@case
def provenance_larger_than_its_limit(bench):
    statement = statement_of()
    statement["filler"] = "x" * (40 << 20)
    document = bench.profile(built(bench, statement), "--no-cache")["images"][0]
    equal("warnings", [w["code"] for w in document["warnings"]], ["provenance"])
    check("limit provenance-bytes" in document["warnings"][0]["message"], document["warnings"])
    equal("file", document["dockerfile"]["origin"], "history")


@case
def provenance_that_is_missing(bench):
    image = built(bench)
    index = json.loads((image / "index.json").read_text())["manifests"][0]["digest"][7:]
    attestation = json.loads((image / "blobs/sha256" / index).read_text())["manifests"][1]["digest"][7:]
    statement = json.loads((image / "blobs/sha256" / attestation).read_text())["layers"][0]["digest"][7:]
    (image / "blobs/sha256" / statement).unlink()
    document = bench.profile(image)["images"][0]
    equal("warnings", [w["code"] for w in document["warnings"]], ["provenance-missing"])
    bench.run(image)
    check(not list((bench.cache / "imgprof").glob("v*/report/*")), "kept although it may come back")


@case
def provenance_with_hostile_text(bench):
    text = b"FROM registry.example/a\x1b[31m AS \xe2\x80\xae\nRUN \x1b]0;x\x07 <<EOF\n\xff\xfe\n\tx\n" + b"RUN a \\\n" * 2000 + b"# escape=`\nEOF"
    hostile = bench.home / "hostile"
    hostile.write_bytes(text)
    image = built(bench, dockerfile=hostile)
    sheet = bench.run(image, "-o", "dockerfile")
    for line in sheet.text.splitlines():
        check(line.isprintable(), "a control character", repr(line))
    equal("lines of the file", len(re.findall(r"^.{32} *\d+ ", sheet.text, re.M)), text.count(b"\n") + 1)
    many = bench.home / "many"
    many.write_bytes(b"\n" * 200_000)
    document = bench.profile(built(bench, dockerfile=many), "--no-cache")["images"][0]
    equal("warnings", [w["code"] for w in document["warnings"]], ["provenance"])


@case
def no_build_argument_is_shown(bench):
    secret = "hunter2-hunter2"
    statement = statement_of()
    request = statement["predicate"]["buildDefinition"]["externalParameters"]["request"]
    request["args"] = {"build-arg:TOKEN": secret}
    file = bench.home / "args"
    file.write_text((FOLDER / "Dockerfile").read_text().replace("mkdir /out", f"echo {secret}"))
    recorded = built(bench, statement, dockerfile=file)
    described = BUILT.replace("empty CMD [\"celery\" \"beat\"]", f"empty ARG TOKEN={secret}\nempty ENV HELD={secret}")
    described = described.replace("RUN /bin/sh -c echo hello", f"RUN |1 TOKEN={secret} /bin/sh -c echo hello").replace("COPY Dockerfile /x/", f"COPY {secret} /x/")
    check(described.count(secret) == 4, described)
    bench.make_image(described, f"oci:{bench.home}/plain")
    for image in (recorded, bench.home / "plain"):
        for form in ("text", "dockerfile", "json", "ndjson"):
            out = bench.run(image, "-o", form, "-v").text
            check(secret not in out, f"{image} as {form}", out)
        check("***" in bench.run(image, "-o", "dockerfile").text, "masked")


@case
def a_file_is_matched_with_the_history(bench):
    bench.make_image(BUILT, f"oci:{bench.home}/plain")
    image = bench.home / "plain"
    file = bench.home / "docker/Dockerfile.web"
    file.parent.mkdir()
    file.write_text("# first\n" + (FOLDER / "Dockerfile").read_text())
    # Neither does anybody say how much is the base's: the history looks like six layers.
    document = check_sheet(bench, image, ["base"] * 6 + ["7", "8", "10"], "--dockerfile", file)
    equal("file", document["dockerfile"], {"origin": "file", "filename": str(file)})
    equal("base", (document["base"]["origin"], document["base"]["layers"]), ("guessed", 6))
    text = bench.run(image, "--dockerfile", file, "--top", "9").text
    check("Dockerfile.web:8 RUN echo hello" in text, "on the screen", text)
    text = bench.run(image, "--dockerfile", file, "--why", "var/big").text
    check(f"{file}:8 RUN echo hello" in text, "why", text)
    bench.fails(6, "--dockerfile", arguments=[image, "--dockerfile", bench.home / "none"])


@case
def a_file_that_the_builder_read_has_its_facts(bench):
    """The same text: the record's lines, under the user's name for it."""
    document = bench.profile(built(bench), "--dockerfile", FOLDER / "Dockerfile")["images"][0]
    equal("file", document["dockerfile"], {"origin": "provenance", "filename": str(FOLDER / "Dockerfile")})
    equal("lines", lines_of(document), LINES)


@case
def without_a_record_the_history_is_shown(bench):
    bench.make_image(BUILT, f"oci:{bench.home}/plain")
    text = bench.run(bench.home / "plain", "-o", "dockerfile", "--units", "bytes").text
    check("Dockerfile: rebuilt from the image's history\n" in text, "what it is", text)
    sheet = weights(text)
    equal("disk", [sheet[k][1] for k in ("2", "4", "5", "6", "7", "8", "10", "11", "12")], SIZES)
    document = bench.profile(bench.home / "plain")["images"][0]
    equal("lines", lines_of(document), [None] * 9)
    equal("file", document["dockerfile"], {"origin": "history", "filename": None})


@case
def the_base_is_known_by_annotation_or_label(bench):
    name, digest = "docker.io/library/debian:12", "sha256:" + "ab" * 32
    for more in (f"annotation org.opencontainers.image.base.name={name}\nannotation org.opencontainers.image.base.digest={digest}",
                 f"label org.opencontainers.image.base.name={name}\nlabel org.opencontainers.image.base.digest={digest}"):
        bench.make_image(f"{BUILT}\n{more}\n", f"oci:{bench.home}/named")
        equal("base", bench.profile(bench.home / "named", "--no-cache")["images"][0]["base"],
              {"origin": "annotation", "name": name, "digest": digest, "layers": 0})


@case
def a_kept_report_has_lines_and_asks_for_nothing(bench):
    registry = DockerRegistry(bench)
    layout = built(bench)
    bench.tool("skopeo", "--insecure-policy", "copy", "-q", "--all", "--dest-tls-verify=false", f"oci:{layout}", f"docker://{registry.host}/built:1")
    image = f"{registry.host}/built:1"
    first = bench.run(image, "--top", "9")
    check("Dockerfile:7 RUN echo hello" in first.text, "line", first)
    before = len(registry.fetched())
    second = bench.run(image, "--top", "9")
    equal("second", second.out, first.out)
    # Of blobs the config alone.
    equal("blobs fetched", len(registry.fetched()) - before, 1)
    bench.run(image, "--dockerfile", FOLDER / "Dockerfile", "--top", "9")


@case
def fixes_stand_below_their_lines(bench):
    described = BUILT.replace("file var/big 100k kind=random", "file var/lib/apt/lists/x_Packages 400k\nfile var/big 100k kind=random")
    bench.make_image(f"{described}\nattestation {FOLDER}/v1.json {FOLDER}/Dockerfile\n", f"oci:{bench.home}/fix")
    lines = bench.run(bench.home / "fix", "-o", "dockerfile").lines
    at = next(n for n, line in enumerate(lines) if "head -c 1000000" in line)
    check("# fix: 700 kB certain [DEB-LISTS]" in lines[at + 1], "below the instruction's last line", *lines)
    found = bench.profile(bench.home / "fix")["images"][0]["findings"]
    equal("lines of findings", {f["rule"]: (f["layers"], f["line"]) for f in found if f["line"]}, {"DEB-LISTS": ([2, 7], 7)})
    check("fix: Dockerfile:7: " in bench.run(bench.home / "fix").text, "on the screen")
    check("Dockerfile:7 RUN echo" in bench.run(bench.home / "fix", "--fixes").text, "in fixes")
    wide = [line for line in bench.run(bench.home / "fix", "-o", "dockerfile", "--width", "80").lines if len(line) > 80]
    equal("wider than 80", wide, [])
