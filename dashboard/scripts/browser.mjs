// Finds a Chrome or Chromium, or fetches one: CHROME_BIN, PATH, the usual places, Playwright's own download, and as root
// on Debian the package. `node scripts/browser.mjs` prints where it is.
import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "@playwright/test";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
const folders = ["/usr/bin", "/usr/local/bin", "/snap/bin", "/opt/google/chrome"];
const places = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/** For a browser that nobody watches, in a container and as root as well. */
export const browserArguments = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A stub that only tells how to install a browser is there too, but does not run. */
function runs(file) {
  try {
    accessSync(file, constants.X_OK);
    return spawnSync(file, ["--version"], { timeout: 20_000 }).status === 0;
  } catch {
    return false;
  }
}

function search() {
  const inPath = (process.env.PATH ?? "").split(path.delimiter).filter((folder) => folder !== "");
  const files = [...inPath, ...folders].flatMap((folder) => names.map((name) => path.join(folder, name)));
  return [...files, ...places, chromium.executablePath()].find(runs);
}

function attempt(tried, what, command, args) {
  console.error(`${what} …`);
  const { status, error, stderr } = spawnSync(command, args, { encoding: "utf8", timeout: 300_000 });
  if (status !== 0) {
    tried.push(`${what}: ${error?.message ?? stderr.trim().split("\n").at(-1)}`);
  }
}

/** The path of a browser. It throws when there is none and none can be fetched, and says what was tried. */
export function findBrowser() {
  const named = process.env.CHROME_BIN;
  if (named) {
    if (!runs(named)) {
      throw new Error(`CHROME_BIN names no browser that starts: ${named}`);
    }
    return named;
  }
  let found = search();
  if (found !== undefined) {
    return found;
  }
  const tried = ["CHROME_BIN, PATH and the usual places: none"];
  const cli = fileURLToPath(new URL("../node_modules/@playwright/test/cli.js", import.meta.url));
  attempt(tried, "Fetching a browser with Playwright", process.execPath, [cli, "install", "chromium"]);
  found = search();
  if (found === undefined && process.getuid?.() === 0 && existsSync("/etc/debian_version")) {
    attempt(tried, "Updating the package lists", "apt-get", ["update"]);
    attempt(tried, "Installing the package chromium", "apt-get", ["install", "-y", "chromium"]);
    found = search();
  }
  if (found === undefined) {
    throw new Error(`The browser tests need Chrome or Chromium, and there is none:\n  ${tried.join("\n  ")}`);
  }
  return found;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(findBrowser());
}
