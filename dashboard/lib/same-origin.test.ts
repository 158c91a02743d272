// @vitest-environment node
import { expect, test } from "vitest";
import { mayAct } from "@/lib/same-origin";

const own = "https://dashboard.example";

test.each([
  ["GET", {}, true],
  ["HEAD", { "sec-fetch-site": "cross-site" }, true],
  ["POST", { "sec-fetch-site": "same-origin" }, true],
  ["POST", { "sec-fetch-site": "same-site" }, false],
  ["POST", { "sec-fetch-site": "cross-site" }, false],
  ["POST", { "sec-fetch-site": "none" }, false],
  ["DELETE", { "sec-fetch-site": "cross-site", origin: own }, false],
  ["POST", { origin: own }, true],
  ["POST", { origin: "https://dashboard.example.evil.example" }, false],
  ["POST", { origin: "http://dashboard.example" }, false],
  ["POST", { origin: "null" }, false],
  ["PUT", {}, false],
])("%s with %j may act: %s", (method, headers, may) => {
  expect(mayAct(method, new Headers(headers as Record<string, string>), own)).toBe(may);
});
