# One image for everything: the API, the workers (ROLE) and the migration.
#   docker build -t nodue .
#   docker run --env-file .env nodue                              the application
#   docker run --env-file .env nodue node scripts/migrate.ts      the migration

FROM node:24-bookworm-slim AS build
WORKDIR /app
# The packages change less often than the sources. None of them needs its install script here: the binaries come inside packages,
# and Node is the image's own.
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
RUN node scripts/nodue.mjs build

FROM node:24-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts && npm cache clean --force

FROM node:24-bookworm-slim
ENV NODE_ENV=production NODUE_DATA_DIR=/data
WORKDIR /app
COPY --from=packages /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json LICENSE ./
COPY prisma/migrations ./prisma/migrations
COPY scripts/migrate.ts scripts/schema-engine.ts ./scripts/
# Media files; the only place that the application writes to.
RUN install -d -o node -g node /data
VOLUME /data
USER node
EXPOSE 3000
# A worker answers where WORKER_PORT is set; its restart policy alone watches it otherwise.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "const { ROLE, PORT, WORKER_PORT } = process.env; const port = ROLE === 'worker' ? WORKER_PORT : PORT || 3000; if (port) fetch(`http://127.0.0.1:${port}/health/live`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--enable-source-maps", "dist/src/main.js"]
