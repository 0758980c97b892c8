# deployment/web.Dockerfile of the corpus with the printed fixes carried out, and nothing else: each changed
# line names the findings that it is for.
FROM localhost/base
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 CHROME_PATH=/usr/bin/chromium
WORKDIR /code
# DEB-DOC, DEB-MAN (F-NODOC), DEB-LOCALE (F-NOLOC)
RUN printf '%s\n' 'path-exclude=/usr/share/doc/*' 'path-include=/usr/share/doc/*/copyright' 'path-exclude=/usr/share/man/*' 'path-exclude=/usr/share/info/*' 'path-exclude=/usr/share/locale/*' >/etc/dpkg/dpkg.cfg.d/lean
# DEB-CC, DEB-SEEDDEV, DEB-NPM, DEB-NODE, PY-INSTALLER, BR-DRIVER (F-STAGE, F-DROP): gcc python3-dev python3-pip nodejs npm chromium-driver are left out
# DEB-DEBS, DEB-PKGBIN, WASTE-DELETED (F-APT), DEB-OLD (F-APTOLD), DEB-LOG (F-LOG), GEN-LDAUX (F-LDAUX): the end of the line
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates libpq5 curl gnupg chromium fonts-liberation python3-django python3-celery python3-gunicorn gunicorn python3-redis python3-psycopg2 python3-numpy python3-pil \
 && apt-get clean && rm -rf /var/lib/apt/lists/* \
 && rm -f /var/lib/dpkg/*-old /var/cache/debconf/*-old /var/backups/* \
 && rm -rf /var/cache/ldconfig/aux-cache /var/cache/man/* /var/log/apt/* /var/log/*.log
# NPM-DEV, NPM-TREE, NPM-CACHE (F-STAGE, F-NPM): the tree is only needed while building, and nothing is built from it here
# GEN-GIT, GEN-APPTEST, GEN-APPDOC, GEN-EDIT, GEN-DOCKER (F-IGNORE): web.Dockerfile.dockerignore; WASTE-OVERWRITTEN of package.json: it is copied once
COPY . /code/
CMD ["gunicorn", "--bind", ":80", "--workers", "8", "config.wsgi"]
