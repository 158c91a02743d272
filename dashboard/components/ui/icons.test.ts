// @vitest-environment node
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { draw } from "@/scripts/icons.mjs";

const read = (name: string) => readFileSync(new URL(name, import.meta.url), "utf8");

it("draws every icon that has a name, as `npm run icons` does", async () => {
  expect(read("./icons.svg")).toBe(await draw(read("./icons.tsx")));
});
