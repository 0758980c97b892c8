"""What an image runs keeps what it needs: whole images, from bytes to the screen's evidence."""

from harness import case, check, equal

SYSTEM = """platform linux/amd64
workdir /app
layer RUN apt-get install
text etc/os-release ID=debian\\nVERSION_ID="12"\\n
"""
PYTHON = SYSTEM + """cmd ["python3", "app.py"]
file usr/bin/python3 60k mode=755
files usr/lib/gcc/x86_64-linux-gnu/12 8 90k
files usr/include/python3.11 20 1k .h
file usr/bin/chromedriver 200k mode=755
text usr/lib/python3/dist-packages/NAME-3.0.dist-info/METADATA Metadata-Version: 2.1\\nName: NAME\\nVersion: 3.0\\n
text usr/lib/python3/dist-packages/NAME-3.0.dist-info/RECORD NAME/__init__.py,,\\nNAME-3.0.dist-info/METADATA,,\\n
text usr/lib/python3/dist-packages/NAME/__init__.py import os\\n
package gcc 12 devel usr/lib/gcc
package python3 3.11 python usr/bin/python3
package python3-dev 3.11 python usr/include/python3.11 depends=python3
package chromium-driver 120 web usr/bin/chromedriver
layer COPY . /app
text app/app.py import NAME\\n
"""
NODE = SYSTEM + """cmd COMMAND
file usr/bin/node 90k mode=755
file usr/bin/python3 60k mode=755
package nodejs 18 javascript usr/bin/node
package python3 3.11 python usr/bin/python3
layer COPY . /app
text app/package.json {"dependencies": {"express": "1"}, "devDependencies": {"jest": "1"}}\\n
text app/server.js const e = require("express")\\n
text app/app.py import http.server\\n
text app/node_modules/.package-lock.json {"lockfileVersion": 3, "packages": {"node_modules/express": {"version": "1.0.0"}, "node_modules/jest": {"version": "1.0.0", "dev": true}}}\\n
files app/node_modules/express/lib 10 2k .js
files app/node_modules/jest/lib 10 2k .js
"""


def judged(bench, text):
    """The rules that take bytes surely enough to be summed, and those held back with their reasons."""
    bench.make_image(text, f"oci:{bench.home}/image")
    image = bench.profile(f"oci:{bench.home}/image")["images"][0]
    taken = {f["rule"] for f in image["findings"] if f["confidence"] != "possible"}
    return taken, {d["rule"]: d["anchor"] for d in image["dropped"]}


@case
def triton_keeps_the_compiler_and_the_headers(bench):
    taken, kept = judged(bench, PYTHON.replace("NAME", "triton"))
    equal("compiler", (kept.get("DEB-CC"), "DEB-CC" in taken), ("A-CC", False))
    equal("headers", (kept.get("DEB-SEEDDEV"), "DEB-SEEDDEV" in taken), ("A-CC", False))


@case
def selenium_keeps_its_driver(bench):
    taken, kept = judged(bench, PYTHON.replace("NAME", "selenium"))
    equal("driver", (kept.get("BR-DRIVER"), "BR-DRIVER" in taken), ("A-DRIVER", False))
    check("DEB-CC" in taken, "the compiler is not needed", taken)


@case
def a_server_in_node_keeps_what_it_opens(bench):
    taken, kept = judged(bench, NODE.replace("COMMAND", '["node", "server.js"]'))
    equal("node and its tree", (kept.get("DEB-NODE"), kept.get("NPM-TREE")), ("A-NODE", "A-NODE"))
    equal("taken", taken, {"NPM-DEV"})


@case
def what_cannot_be_followed_is_at_most_possible(bench):
    """The interpreter here is no program: what it would start is not known."""
    taken, kept = judged(bench, NODE.replace("COMMAND", '["python3", "app.py"]'))
    equal("taken", taken, {"NPM-DEV"})
    equal("kept", kept, {})
    found = {f["rule"]: f["confidence"] for f in bench.profile(f"oci:{bench.home}/image")["images"][0]["findings"]}
    equal("possible", (found["NPM-TREE"], found["DEB-NODE"]), ("possible", "possible"))
