# A server in one stage with its tools beside it: what node.image beside this file was made from. npm itself (30,000 files of
# Debian) is lent by a stage of its own; what it leaves behind is real.
FROM localhost/slim AS npm
RUN apt-get update && apt-get install -y --no-install-recommends nodejs npm ca-certificates && rm -rf /var/lib/apt/lists/*

FROM localhost/slim
RUN apt-get update && apt-get install -y --no-install-recommends nodejs ca-certificates && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY package.json ./
RUN --mount=type=secret,id=ca --mount=from=npm,source=/usr/share/nodejs,target=/usr/share/nodejs NODE_EXTRA_CA_CERTS=/run/secrets/ca node /usr/share/nodejs/npm/bin/npm-cli.js install --no-audit --no-fund --ignore-scripts
COPY . ./
CMD ["node", "server.js"]
