// Makes the dashboard ready to run: installs what the lock file names and builds, each only when something changed.
//
//	node scripts/prepare.mjs            install
//	node scripts/prepare.mjs --build    install and build; then .next/standalone/server.js is whole
//
// Prints what takes time and nothing else. Several may run at once: they wait for each other.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const root = path.dirname(import.meta.dirname);
const at = (...parts) => path.join(root, ...parts);

/** What a build does not depend on, beside tests and files that begin with a dot. */
const aside = new Set([
  "Dockerfile",
  "README.md",
  "biome.json",
  "e2e",
  "next-env.d.ts",
  "node_modules",
  "playwright-report",
  "playwright.config.ts",
  "scripts",
  "test",
  "test-results",
  "vercel.json",
  "vitest.config.ts",
]);

function hashOf(folder, hash = createHash("sha256")) {
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const file = path.join(folder, entry.name);
    const name = path.relative(root, file);
    if (aside.has(name) || /\.test\.tsx?$|\.tsbuildinfo$|^\./.test(entry.name)) {
      continue;
    }
    if (entry.isDirectory()) {
      hashOf(file, hash);
    } else {
      hash.update(`\0${name}\0`).update(readFileSync(file));
    }
  }
  return hash;
}

const read = (file) => (existsSync(file) ? readFileSync(file, "utf8") : "");

function run(what, command, args) {
  const result = spawnSync(command, args, {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: undefined },
    shell: process.platform === "win32",
  });
  if (result.error || result.status !== 0) {
    const said = `${result.stdout ?? ""}${result.stderr ?? ""}`.trim().split("\n").slice(-30).join("\n");
    throw new Error(`${what} failed: ${result.error?.message ?? `exit code ${result.status}`}\n${said}`);
  }
}

function install() {
  const lock = createHash("sha256")
    .update(read(at("package-lock.json")))
    .digest("hex");
  const mark = at("node_modules", ".trackbot-lock");
  const installed = at("node_modules", ".package-lock.json");
  if (existsSync(installed)) {
    const known = read(mark);
    // Somebody who ran npm themselves left no mark; the times of the files tell then.
    if (known === lock || (known === "" && statSync(installed).mtimeMs >= statSync(at("package-lock.json")).mtimeMs)) {
      return;
    }
  }
  console.log("Installing the dashboard's packages …");
  run("npm ci", "npm", ["ci", "--include=dev", "--no-audit", "--no-fund"]);
  writeFileSync(mark, lock);
}

function build() {
  const hash = hashOf(root).update(process.version).digest("hex");
  const mark = at(".next", "trackbot-build");
  const whole = at(".next", "standalone", "server.js");
  if (read(mark) === hash && existsSync(whole)) {
    return;
  }
  console.log("Building the dashboard …");
  rmSync(mark, { force: true });
  run("next build", process.execPath, [at("node_modules", "next", "dist", "bin", "next"), "build"]);
  // What Next leaves to a CDN: the server serves it itself when it finds it here.
  cpSync(at(".next", "static"), at(".next", "standalone", ".next", "static"), { recursive: true });
  if (existsSync(at("public"))) {
    cpSync(at("public"), at(".next", "standalone", "public"), { recursive: true });
  }
  writeFileSync(mark, hash);
}

function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** Holds a lock file while work is done; one that a dead process left is taken over. */
async function alone(work) {
  const lock = at(".prepare.lock");
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: "wx" });
      break;
    } catch (error) {
      if (error.code !== "EEXIST") {
        throw error;
      }
      const holder = Number(read(lock));
      if (holder > 0 && !alive(holder)) {
        rmSync(lock, { force: true });
      } else {
        await pause(200);
      }
    }
  }
  try {
    work();
  } finally {
    rmSync(lock, { force: true });
  }
}

const [major, minor] = process.versions.node.split(".").map(Number);
try {
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new Error(`the dashboard needs Node.js 20.19 or newer; this is ${process.version}`);
  }
  await alone(() => {
    install();
    if (process.argv.includes("--build")) {
      build();
    }
  });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
