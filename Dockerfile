# syntax=docker/dockerfile:1

# Tags name a major version of Node and a release of Debian. A release build pins both by digest:
#   docker build --build-arg BUILD_IMAGE=node:24-trixie-slim@sha256:… --build-arg RUN_IMAGE=…@sha256:… .
ARG BUILD_IMAGE=node:24-trixie-slim
ARG RUN_IMAGE=gcr.io/distroless/nodejs24-debian13:nonroot

FROM ${BUILD_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN ["npm", "ci", "--ignore-scripts"]
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
RUN ["npm", "run", "build"]
RUN ["npm", "prune", "--omit=dev", "--ignore-scripts"]
# The final image has no shell to make it with.
RUN ["install", "-d", "-m", "0700", "/image/var/lib/muster"]

FROM ${RUN_IMAGE} AS run
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Muster" \
      org.opencontainers.image.description="A provable record of the long-lived credentials in your clouds, fed to your SIEM" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
# The AWS SDK looks for HOME, and fails for a user number that no passwd file knows.
ENV NODE_ENV=production \
    HOME=/home/nonroot \
    NODE_OPTIONS=--disable-proto=delete \
    TZ=UTC
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY LICENSE ./
COPY config ./config
# 65532 is `nonroot`; a number, so that Kubernetes can prove runAsNonRoot.
COPY --from=build --chown=65532:65532 /image/var/lib/muster /var/lib/muster
USER 65532:65532
VOLUME ["/var/lib/muster"]
STOPSIGNAL SIGTERM
# Alive, and ready to work: with Redis gone it is unhealthy. An orchestrator that restarts should ask /livez alone.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
  CMD ["/nodejs/bin/node", "/app/dist/daemon/health-check.js", "http://127.0.0.1:9464/livez", "http://127.0.0.1:9464/readyz"]
ENTRYPOINT ["/nodejs/bin/node", "/app/dist/cli/main.js"]
CMD ["run", "--config", "/etc/muster/muster.yaml"]
