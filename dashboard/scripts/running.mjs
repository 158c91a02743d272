// The demo for scripts that look at it: the one that BASE_URL names, else one of their own.
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

const repository = path.dirname(path.dirname(import.meta.dirname));

const freeAddress = () =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(`127.0.0.1:${port}`));
    });
  });

/** A folder of its own for the demo. As root, PostgreSQL runs as another user, who must be able to enter it. */
export function demoFolder() {
  const folder = mkdtempSync(path.join(tmpdir(), "trackbot-demo-"));
  chmodSync(folder, 0o755);
  return folder;
}

/** Calls work with the address of a running dashboard, and ends what it started for that. */
export async function withDemo(work) {
  const given = process.env.BASE_URL;
  if (given) {
    return work(given);
  }
  const folder = demoFolder();
  try {
    return await withOwnDemo(folder, work);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function withOwnDemo(folder, work) {
  const program = path.join(folder, "trackbot");
  const built = spawnSync("go", ["build", "-o", program, "./cmd/trackbot"], { cwd: repository, stdio: "inherit" });
  if (built.status !== 0) {
    throw new Error("the demo does not build; name a running dashboard in BASE_URL instead");
  }
  const [api, sim, dashboard] = [await freeAddress(), await freeAddress(), await freeAddress()];
  const data = path.join(folder, "data");
  const demo = spawn(program, ["demo", "--addr", api, "--sim", sim, "--dashboard", dashboard, "--data", data], {
    cwd: repository,
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, USER_REQUESTS_PER_MIN: "10000" }, // a person does not open every page within a minute
  });
  try {
    await new Promise((resolve, reject) => {
      demo.once("exit", (code) => reject(new Error(`the demo ended with ${code}`)));
      let said = "";
      demo.stdout.on("data", (chunk) => {
        said += chunk;
        if (said.includes("Ctrl-C")) {
          resolve();
        }
      });
    });
    return await work(`http://${dashboard}`);
  } finally {
    const over = new Promise((resolve) => demo.once("exit", resolve));
    demo.kill("SIGTERM");
    await over;
  }
}

/** Signs Mara in by way of the simulated consent page. */
export async function signIn(page, base) {
  await page.goto(`${base}/login`);
  await page.getByRole("link", { name: /discord/i }).click();
  await page.getByText(/^mara/i).first().click();
  await page.getByRole("button", { name: "Authorize" }).click();
  await page.waitForURL(`${base}/`);
}

export const guild = "/guilds/400000000000000001";
