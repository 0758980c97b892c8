# deployment/flower.Dockerfile of the corpus with the printed fixes carried out, and nothing else: a comment names the
# findings that the lines below it are for. What .dockerignore carries out stands beside this file.

# DEB-CC, DEB-SEEDDEV (F-STAGE), PY-INSTALLER (F-NOPIP): the old steps, in a stage of which only the environment is shipped
FROM localhost/base AS build
WORKDIR /code
RUN apt-get update && apt-get install -y --no-install-recommends python3-dev gcc python3-venv ca-certificates && rm -rf /var/lib/apt/lists/*
RUN --mount=type=secret,id=ca python3 -m venv /opt/flower && PIP_CERT=/run/secrets/ca /opt/flower/bin/pip install --no-cache-dir flower==2.0.1 'celery[redis]==5.5.3' \
# PY-TEST (F-PYTEST)
 && find /opt/flower/lib/python3.11/site-packages -mindepth 2 -type d \( -name tests -o -name test \) ! -path '*/h5py/tests' ! -path '*/numpy/_core/tests' ! -path '*/networkx/tests' ! -path '*/django/test' ! -path '*/twisted/test' -prune -exec rm -rf {} + \
# PY-PO, PY-PYI (F-PRUNE)
 && find /opt/flower/lib/python3.11/site-packages -type f -name '*.po' -delete \
 && rm -rf /opt/flower/lib/python3.11/site-packages/wcwidth/_wcwidth_c.pyi /opt/flower/lib/python3.11/site-packages/tornado/__init__.pyi /opt/flower/lib/python3.11/site-packages/tornado/speedups.pyi \
# GEN-STRIP (F-STRIP)
 && strip --strip-unneeded /opt/flower/lib/python3.11/site-packages/wcwidth/_wcwidth_c.abi3.so /opt/flower/lib/python3.11/site-packages/tornado/speedups.abi3.so \
# PY-INSTALLER (F-NOPIP)
 && /opt/flower/bin/pip uninstall -y pip

FROM localhost/base
WORKDIR /code
# DEB-DOC, DEB-MAN (F-NODOC), DEB-LOCALE (F-NOLOC)
RUN printf '%s\n' 'path-exclude=/usr/share/doc/*' 'path-include=/usr/share/doc/*/copyright' 'path-exclude=/usr/share/man/*' 'path-exclude=/usr/share/info/*' 'path-exclude=/usr/share/locale/*' >/etc/dpkg/dpkg.cfg.d/lean
# DEB-CC, DEB-SEEDDEV (F-STAGE), PY-STATIC (F-PYBASE): without gcc python3-dev
RUN apt-get update && apt-get install -y --no-install-recommends python3-venv ca-certificates \
# DEB-DEBS, DEB-PKGBIN (F-APT)
 && apt-get clean && rm -rf /var/lib/apt/lists/* \
# PY-STDTEST (F-PYBASE)
 && rm -rf /usr/lib/python3.11/test \
# DEB-OLD (F-APTOLD)
 && rm -f /var/lib/dpkg/*-old /var/cache/debconf/*-old /var/backups/* \
# GEN-LDAUX (F-LDAUX)
 && rm -rf /var/cache/ldconfig/aux-cache /var/cache/man/* \
# DEB-LOG (F-LOG)
 && rm -rf /var/log/dpkg.log /var/log/apt /var/log/alternatives.log
# PY-INSTALLER (F-NOPIP)
COPY --from=build /opt/flower /opt/flower
# GEN-GIT, GEN-APPTEST, GEN-APPDOC, GEN-EDIT, GEN-DOCKER (F-IGNORE): flower.Dockerfile.dockerignore
COPY . /code/
ENV PATH=/opt/flower/bin:$PATH PYTHONPATH=/code
CMD ["celery", "--app=config.celery", "flower", "--port=5555"]
