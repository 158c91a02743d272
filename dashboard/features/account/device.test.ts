import { expect, it } from "vitest";
import { deviceOf } from "./device";

const chrome = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";

it.each([
  [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${chrome}`, "Chrome on Windows", false],
  [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${chrome} Edg/140.0.0.0`, "Edge on Windows", false],
  ["Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on macOS", false],
  [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1",
    "Safari on iPhone",
    true,
  ],
  [`Mozilla/5.0 (Linux; Android 15; Pixel 9) ${chrome}`, "Chrome on Android", true],
  ["curl/8.5.0", "curl/8.5.0", false],
  [null, "Unknown device", false],
])("reads %j as %s", (userAgent, name, mobile) => {
  expect(deviceOf(userAgent)).toEqual({ name, mobile });
});
