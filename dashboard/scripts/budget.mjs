// Prints the JavaScript that each page loads first, as gzip sends it, and fails when a page exceeds the ceiling. With
// --print, as after a build, it does not fail. See docs/adr/0022-first-load-javascript.md.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";

const root = path.dirname(import.meta.dirname);
const stats = path.join(root, ".next", "diagnostics", "route-bundle-stats.json");
const kilobyte = 1000;
const ceiling = 180;

if (!existsSync(stats)) {
  console.error("budget: there is no build; run `npm run build` first");
  process.exit(1);
}
const sizes = new Map();
const sizeOf = (file) => {
  if (!sizes.has(file)) {
    sizes.set(file, gzipSync(readFileSync(path.join(root, file)), { level: 6 }).length);
  }
  return sizes.get(file);
};

let over = 0;
console.log("First-load JavaScript, gzip:");
const pages = JSON.parse(readFileSync(stats, "utf8")).sort((a, b) => (a.route < b.route ? -1 : 1));
for (const { route, firstLoadChunkPaths } of pages) {
  const size = firstLoadChunkPaths.reduce((sum, file) => sum + sizeOf(file), 0) / kilobyte;
  const mark = size > ceiling ? "OVER" : "ok";
  over += size > ceiling ? 1 : 0;
  console.log(`  ${route.padEnd(44)} ${size.toFixed(1).padStart(6)} kB of ${ceiling}  ${mark}`);
}
console.log(
  "  /login                                          0.0 kB of 120  ok (a page without scripts; a browser test holds it)",
);
if (pages.length === 0 || over > 0) {
  console.error(`budget: ${over} of ${pages.length} pages exceed their ceiling`);
  process.exit(process.argv.includes("--print") ? 0 : 1);
}
