// Draws components/ui/icons.svg from the icons that components/ui/icons.tsx names: `npm run icons` after adding one.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

const folder = path.join(path.dirname(import.meta.dirname), "components", "ui");

const attributes = (of) =>
  Object.entries(of)
    .filter(([name]) => name !== "key")
    .map(([name, value]) => ` ${name}="${value}"`)
    .join("");

/** The drawing of all icons that the source names, each a symbol of its name. */
export async function draw(source) {
  const names = [...source.matchAll(/icon\("([a-z0-9-]+)"\)/g)].map(([, name]) => name).sort();
  const symbols = [];
  for (const name of names) {
    const { __iconData: icon } = await import(`lucide-react/icons/${name}`);
    const shapes = icon.node.map(([tag, of]) => `<${tag}${attributes(of)}/>`).join("");
    symbols.push(`<symbol id="${name}" viewBox="0 0 24 24">${shapes}</symbol>`);
  }
  return `<!-- Lucide, ISC License; made by scripts/icons.mjs -->\n<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" aria-hidden="true">\n${symbols.join("\n")}\n</svg>\n`;
}

if (process.argv[1] === import.meta.filename) {
  const source = readFileSync(path.join(folder, "icons.tsx"), "utf8");
  writeFileSync(path.join(folder, "icons.svg"), await draw(source));
}
