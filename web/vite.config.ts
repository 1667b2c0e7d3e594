import react from "@vitejs/plugin-react";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "vitest/config";
import type { Plugin } from "vite";

const SERVER = process.env["BLOCKLOOM_SERVER"] ?? "http://127.0.0.1:8195";
const SOURCES = ["src", "public", "index.html", "vite.config.ts", "tsconfig.json", "package.json"];

function filesOf(path: string): string[] {
  try {
    const found = readdirSync(path, { withFileTypes: true });
    return found.flatMap((entry) => filesOf(join(path, entry.name))).toSorted();
  } catch {
    return [path];
  }
}

/** What the build was made from, so that a test without Node.js can tell whether it is fresh. */
function sourceHash(): Plugin {
  let folder = "dist";
  return {
    name: "source-hash",
    apply: "build",
    configResolved({ build }) {
      folder = build.outDir;
    },
    closeBundle() {
      const hash = createHash("sha256");
      for (const path of [...SOURCES, "package-lock.json"].flatMap(filesOf).toSorted()) {
        hash.update(`${path.replaceAll("\\", "/")}\0`);
        hash.update(readFileSync(path));
      }
      writeFileSync(join(folder, "source.sha256"), `${hash.digest("hex")}\n`);
    },
  };
}

export default defineConfig({
  plugins: [react(), sourceHash()],
  build: {
    sourcemap: false,
    rolldownOptions: {
      output: {
        entryFileNames: "assets/app.js",
        chunkFileNames: "assets/[name].js",
        assetFileNames: "assets/[name][extname]",
        codeSplitting: {
          // What the first screen needs; everything else lies with the parts that are loaded later.
          groups: [
            {
              name: "react",
              test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/,
              tags: ["$initial"],
            },
            { name: "vendor", test: /node_modules[\\/]/, tags: ["$initial"] },
            { name: "first", test: /[\\/]src[\\/]/, tags: ["$initial"] },
            { name: "late", test: /node_modules[\\/](?!@dagrejs)/, minShareCount: 2 },
          ],
        },
      },
    },
  },
  server: {
    proxy: {
      "/api": { target: SERVER, ws: true },
      "/blockloom": { target: SERVER },
    },
  },
  test: { environment: "happy-dom", include: ["test/**/*.test.{ts,tsx}"] },
});
