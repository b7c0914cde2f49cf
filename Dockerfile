# Two images: `production`, and `with-chromium` for WhatsApp Web. docker-compose.yml runs the first.

FROM node:20-bookworm-slim AS node
WORKDIR /app

FROM node AS install
# For SQLite's binding, where its finished binary cannot be had from GitHub.
RUN apt-get update \
 && apt-get install -y --no-install-recommends python3 make g++ \
 && rm -rf /var/lib/apt/lists/*
COPY package.json package-lock.json .npmrc ./
RUN npm ci

FROM install AS build
COPY src ./src
COPY bots ./bots
COPY locales ./locales
RUN npm run build

FROM install AS dependencies
# TypeScript stays as somebody's optional peer. Of the fonts, pictures use two weights (src/pictures/fonts.ts).
RUN npm prune --omit=dev \
 && rm -rf node_modules/typescript node_modules/@typescript \
           node_modules/better-sqlite3/deps node_modules/better-sqlite3/build/Release/obj* \
 && find node_modules/@expo-google-fonts -name '*.ttf' ! -name '*_400Regular.ttf' ! -name '*_700Bold.ttf' -delete

FROM node AS program
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    DATA_DIR=/data \
    ALIVE_FILE=/tmp/stampcast-alive
RUN install -d -o node -g node /data
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/package.json ./
COPY --from=build /app/dist ./dist
USER node
VOLUME /data
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s CMD ["node", "dist/src/health-check.js"]
# Never through npm: it would stand between the program and its signals.
CMD ["node", "--max-semi-space-size=8", "dist/src/main.js"]

FROM program AS with-chromium
USER root
RUN apt-get update \
 && apt-get install -y --no-install-recommends chromium fonts-liberation \
 && rm -rf /var/lib/apt/lists/*
ENV CHROMIUM_PATH=/usr/bin/chromium
USER node

# The last stage is what a build without --target gives.
FROM program AS production
