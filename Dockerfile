# syntax=docker/dockerfile:1.7

# The tag is pinned to a release; Node 22 brings SQLite along.
FROM node:22.20.0-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts && node node_modules/esbuild/install.js
COPY tsconfig.json run.cjs schema.graphql ./
COPY src src
COPY projections projections
RUN node run.cjs --build

# The final image: the bundles, the contract, and the packages that are not bundled.
FROM node:22.20.0-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts && npm cache clean --force

FROM node:22.20.0-bookworm-slim
ENV NODE_ENV=production \
    PALIMPSEST_DATA=/data \
    PALIMPSEST_LOG=json
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json schema.graphql ./
# The root file system can be read-only: only the data directory is written to.
RUN install --directory --owner=node --group=node --mode=0700 /data
VOLUME /data
USER node
EXPOSE 4000
# SIGTERM reaches Node itself, which answers open requests before it exits.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 4000}/health/live`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "--max-semi-space-size=64", "dist/cli.js"]
CMD ["serve"]
