"""scripts/make-skeleton: what its description of an image leaves out changes nothing in the report."""

import os
import subprocess

from harness import TOP, case, check, equal

MAKE_SKELETON = TOP / "scripts/make-skeleton"


def described(bench, name):
    """The description, and what its report says otherwise than that of the image."""
    bench.make_image(name, f"oci:{bench.home}/image")
    run = subprocess.run([MAKE_SKELETON, "--check", f"oci:{bench.home}/image:demo", bench.home / "skeleton"], stdout=subprocess.PIPE,
                         env=bench.environment(IMGPROF=bench.program, PATH=os.environ["PATH"]), check=False)
    return (bench.home / "skeleton").read_text(), run.stdout.decode(), run.returncode


IMPORTING = """cmd ["serve"]
layer RUN apt-get install python3-site gcc
file usr/bin/python3 90k mode=755
text usr/bin/serve #!/usr/bin/python3\\nimport site\\n mode=755
text usr/lib/python3/dist-packages/site/__init__.py from site import views\\n
text usr/lib/python3/dist-packages/site/views.py import json, os\\n
file usr/lib/python3/dist-packages/site/__pycache__/views.cpython-311.pyc 9k
files usr/lib/python3/dist-packages/site/tests 9 2k .py
file usr/bin/gcc 900k mode=755
text usr/share/doc/gcc/copyright free\\n
package python3 3.11 python usr/bin/python3 auto=yes
package python3-site 3.2 python usr/lib/python3/dist-packages/site usr/bin/serve depends=python3
package gcc 12.2.0 devel usr/bin/gcc usr/share/doc
layer RUN chmod o-w usr/bin
again usr/bin mode=755
"""


@case
def skeleton_of_packages(bench):
    text, differences, status = described(bench, IMPORTING)
    equal("differences", differences, "")
    equal("status", status, 0)
    check("\n  import site\n" in text and "@python3-site" in text, "the program that is started, and whose it is", text)
    check(" views.py 16" in text and "json" not in text, "imports that lead nowhere are left out", text)
    check("\n#   DEB-CC" in text, "the findings of the image itself", text)


@case
def skeleton_of_odd_names(bench):
    _, differences, status = described(bench, "odd.image")
    equal("differences", differences, "")
    equal("status", status, 0)


@case
def skeleton_of_programs(bench):
    """Headers of the ELF files that it makes, as readelf reads them."""
    bench.make_image("layer one\nin lib\n x.so 9000 755 elf soname=x.so.1 need=libc.so.6,libm.so.6 runpath=$ORIGIN strip=5000\n",
                     f"dir:{bench.home}/image", compression="plain")
    layer = next(p for p in (bench.home / "image").iterdir() if p.stat().st_size > 9000)
    bench.tool("tar", "-xf", layer)
    shown = bench.tool("readelf", "-dSW", bench.home / "lib/x.so").decode()
    for part in ("NEEDED)             Shared library: [libc.so.6]", "[libm.so.6]", "Library soname: [x.so.1]", "runpath: [$ORIGIN]"):
        check(part in shown, part, shown)
    check(".debug_info       PROGBITS        0000000000000000 000fa0 001388" in shown, "a section of 5000 bytes at the end", shown)
