# deployment/celery.Dockerfile of the corpus with the printed fixes carried out, and nothing else: a comment names the
# findings that the lines below it are for. What .dockerignore carries out stands beside this file.

# NPM-TREE (F-STAGE), PY-INSTALLER (F-NOPIP): the old steps, in a stage of which only what pip installed is shipped
FROM localhost/base AS build
WORKDIR /code
RUN apt-get update && apt-get install -y --no-install-recommends nodejs npm gnupg curl gcc python3-dev python3-pip ca-certificates libpq5
RUN --mount=type=secret,id=ca PIP_CERT=/run/secrets/ca pip install --break-system-packages --no-cache-dir pyppeteer==2.0.0 \
# GEN-STRIP (F-STRIP)
 && strip --strip-unneeded /usr/local/lib/python3.11/dist-packages/websockets/speedups.cpython-311-x86_64-linux-gnu.so \
# PY-CYSRC (F-PRUNE)
 && rm -rf /usr/local/lib/python3.11/dist-packages/websockets/speedups.c \
# PY-TEST (F-PYTEST)
 && find /usr/local/lib/python3.11/dist-packages -mindepth 2 -type d \( -name tests -o -name test \) ! -path '*/h5py/tests' ! -path '*/numpy/_core/tests' ! -path '*/networkx/tests' ! -path '*/django/test' ! -path '*/twisted/test' -prune -exec rm -rf {} +
COPY package.json ./
# NPM-CACHE, NPM-LOG (F-NPMC)
RUN --mount=type=secret,id=ca --mount=type=cache,target=/root/.npm NODE_EXTRA_CA_CERTS=/run/secrets/ca npm install --legacy-peer-deps --no-audit --no-fund --ignore-scripts
# NPM-DEV (F-NPM)
RUN npm prune --omit=dev --legacy-peer-deps

FROM localhost/base
ENV CHROME_PATH=/usr/bin/chromium PYPPETEER_HOME=/opt/pyppeteer
WORKDIR /code
# DEB-DOC, DEB-MAN (F-NODOC), DEB-LOCALE (F-NOLOC)
RUN printf '%s\n' 'path-exclude=/usr/share/doc/*' 'path-include=/usr/share/doc/*/copyright' 'path-exclude=/usr/share/man/*' 'path-exclude=/usr/share/info/*' 'path-exclude=/usr/share/locale/*' >/etc/dpkg/dpkg.cfg.d/lean
# DEB-CC, DEB-SEEDDEV, DEB-NPM, DEB-NODE (F-STAGE), PY-STATIC (F-PYBASE), PY-INSTALLER (F-NOPIP): without gcc python3-dev python3-pip nodejs npm
RUN apt-get update && apt-get install -y --no-install-recommends chromium gnupg curl ca-certificates libpq5 celery python3-django python3-redis python3-psycopg2 python3-numpy python3-pil \
# DEB-DEBS, DEB-PKGBIN (F-APT)
 && apt-get clean && rm -rf /var/lib/apt/lists/* \
# PY-TEST (F-PYTEST)
 && find /usr/lib/python3/dist-packages -mindepth 2 -type d \( -name tests -o -name test \) ! -path '*/h5py/tests' ! -path '*/numpy/_core/tests' ! -path '*/networkx/tests' ! -path '*/django/test' ! -path '*/twisted/test' -prune -exec rm -rf {} + \
# PY-PO (F-PRUNE)
 && find /usr/lib/python3/dist-packages -type f -name '*.po' -delete \
# PY-PYI (F-PRUNE)
 && find /usr/lib/python3/dist-packages/numpy -type f -name '*.pyi' ! -path '*/numpy/testing/*' -delete \
# PY-PKGINC (F-PRUNE)
 && find /usr/lib/python3/dist-packages/numpy/core -type f -name '*.h' -delete \
# ML-A (F-PRUNE)
 && rm -rf /usr/lib/python3/dist-packages/numpy/random/lib/libnpyrandom.a /usr/lib/python3/dist-packages/numpy/core/lib/libnpymath.a \
# PY-CYSRC (F-PRUNE)
 && rm -rf /usr/lib/python3/dist-packages/numpy/random/_common.pxd /usr/lib/python3/dist-packages/numpy/random/_bounded_integers.pxd /usr/lib/python3/dist-packages/numpy/random/bit_generator.pxd \
# PY-STDTEST (F-PYBASE)
 && rm -rf /usr/lib/python3.11/test \
# DEB-OLD (F-APTOLD)
 && rm -f /var/lib/dpkg/*-old /var/cache/debconf/*-old /var/backups/* \
# GEN-LDAUX (F-LDAUX)
 && rm -rf /var/cache/ldconfig/aux-cache /var/cache/man/* \
# DEB-LOG (F-LOG)
 && rm -rf /var/log/dpkg.log /var/log/apt /var/log/alternatives.log /var/log/fontconfig.log
# PY-INSTALLER (F-NOPIP)
COPY --from=build /usr/local/lib/python3.11/dist-packages /usr/local/lib/python3.11/dist-packages
# BR-DUP (F-CHROME): without the step that copied a browser to /opt/pyppeteer; omas/tasks.py passes executablePath already
# WASTE-RESHIPPED of /code/package.json (F-TWICE): copied once
ENV PYTHONPATH=/code
# GEN-GIT, GEN-APPTEST, GEN-APPDOC, GEN-EDIT, GEN-DOCKER (F-IGNORE): celery.Dockerfile.dockerignore
COPY . /code/
CMD ["celery", "--app", "config.celery", "worker", "--concurrency", "200"]
