// @vitest-environment node
import { rmSync, statSync } from "node:fs";
import { expect, it } from "vitest";
import { demoFolder } from "./running.mjs";

it("gives the demo a folder that PostgreSQL can enter as another user", () => {
  const folder = demoFolder();
  expect(statSync(folder).mode & 0o005).toBe(0o005);
  rmSync(folder, { recursive: true });
});
