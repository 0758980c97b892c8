# deployment/celerybeat.Dockerfile of the corpus with the printed fixes carried out, and nothing else: a comment names the
# findings that the lines below it are for. What .dockerignore carries out stands beside this file.
FROM localhost/base
WORKDIR /code
# DEB-DOC, DEB-MAN (F-NODOC), DEB-LOCALE (F-NOLOC)
RUN printf '%s\n' 'path-exclude=/usr/share/doc/*' 'path-include=/usr/share/doc/*/copyright' 'path-exclude=/usr/share/man/*' 'path-exclude=/usr/share/info/*' 'path-exclude=/usr/share/locale/*' >/etc/dpkg/dpkg.cfg.d/lean
# DEB-CC, DEB-SEEDDEV (F-STAGE), PY-STATIC (F-PYBASE): without gcc python3-dev, for nothing was built with them
RUN apt-get update && apt-get install -y --no-install-recommends celery python3-django python3-redis libpq5 python3-psycopg2 \
# DEB-DEBS, DEB-PKGBIN (F-APT)
 && apt-get clean && rm -rf /var/lib/apt/lists/* \
# PY-TEST (F-PYTEST)
 && find /usr/lib/python3/dist-packages -mindepth 2 -type d \( -name tests -o -name test \) ! -path '*/h5py/tests' ! -path '*/numpy/_core/tests' ! -path '*/networkx/tests' ! -path '*/django/test' ! -path '*/twisted/test' -prune -exec rm -rf {} + \
# PY-PO (F-PRUNE)
 && find /usr/lib/python3/dist-packages -type f -name '*.po' -delete \
# PY-STDTEST (F-PYBASE)
 && rm -rf /usr/lib/python3.11/test \
# DEB-OLD (F-APTOLD)
 && rm -f /var/lib/dpkg/*-old /var/cache/debconf/*-old /var/backups/* \
# GEN-LDAUX (F-LDAUX)
 && rm -rf /var/cache/ldconfig/aux-cache /var/cache/man/* \
# DEB-LOG (F-LOG)
 && rm -rf /var/log/dpkg.log /var/log/apt /var/log/alternatives.log
ENV PYTHONPATH=/code
# GEN-GIT, GEN-APPTEST, GEN-APPDOC, GEN-EDIT, GEN-DOCKER (F-IGNORE): celerybeat.Dockerfile.dockerignore
COPY . /code/
CMD ["celery", "--app", "config.celery", "beat"]
