# A server in an environment of its own, compiler and tests beside it: the image that python.image beside this file was made from.
FROM localhost/slim
RUN apt-get update && apt-get install -y --no-install-recommends python3-venv python3-dev gcc ca-certificates
WORKDIR /srv/app
RUN --mount=type=secret,id=ca python3 -m venv /opt/venv && PIP_CERT=/run/secrets/ca /opt/venv/bin/pip install flask==3.0.3 waitress==3.0.0 pyyaml==6.0.2 pytest==8.3.3
COPY . ./
RUN chown -R www-data /srv/app
ENV PATH=/opt/venv/bin:$PATH
CMD ["waitress-serve", "--port=8080", "app:app"]
