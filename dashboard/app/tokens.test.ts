import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const css = readFileSync(`${import.meta.dirname}/globals.css`, "utf8");

function tokens(selector: string): Record<string, string> {
  const block = css.slice(css.indexOf(`${selector} {`)).split("}")[0] ?? "";
  return Object.fromEntries(
    [...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map(([, name, value]) => [name, value]),
  );
}

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** WCAG 2.2, contrast ratio. */
function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

const grounds = ["canvas", "surface", "raised", "sunken", "hover"];
const texts = ["fg", "muted", "subtle", "accent-text", "success", "warning", "danger", "info"];
const solids = ["control", "ring", "accent", "success-solid", "warning-solid", "danger-solid", "info-solid"];
const charts = ["chart-1", "chart-2", "chart-3", "chart-4", "chart-5", "chart-6"];

describe.each([":root", ".dark"])("the colours of %s", (selector) => {
  const color = tokens(selector);
  const of = (name: string) => color[name] ?? "missing";

  it.each(texts.flatMap((text) => grounds.map((ground) => [text, ground])))("let %s be read on %s", (text, ground) => {
    expect(contrast(of(text), of(ground))).toBeGreaterThanOrEqual(4.5);
  });

  it.each([
    ["accent-fg", "accent"],
    ["accent-fg", "accent-hover"],
    ["accent-text", "accent-soft"],
    ["success", "success-soft"],
    ["warning", "warning-soft"],
    ["danger", "danger-soft"],
    ["info", "info-soft"],
    ["muted", "active"],
    ["fg", "active"],
  ])("let %s be read on %s", (text, ground) => {
    expect(contrast(of(text), of(ground))).toBeGreaterThanOrEqual(4.5);
  });

  it.each([...solids, ...charts])("let %s be told from the ground", (name) => {
    for (const ground of ["canvas", "surface"]) {
      expect(contrast(of(name), of(ground)), ground).toBeGreaterThanOrEqual(3);
    }
  });
});
