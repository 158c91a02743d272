// The part of Discord's markdown that messages use, built as DOM nodes: text
// from a feed can never become markup of this page.

export function el(tag, attrs, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attrs || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "class") node.className = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((c) => c !== null && c !== undefined && c !== false));
  return node;
}

export function safeLink(href, ...children) {
  if (!/^https?:\/\//i.test(href)) return el("span", {}, ...children);
  return el("a", { href, target: "_blank", rel: "noreferrer noopener" }, ...children);
}

// Each rule: pattern and what its match becomes. The first match in the text wins.
function inlineRules(names) {
  const wrap = (tag, cls) => (m) => el(tag, { class: cls }, ...inline(m[1], names));
  return [
    [/`([^`\n]+)`/, (m) => el("code", {}, m[1])],
    [/\[([^\]\n]+)\]\((https?:\/\/[^\s)]+)\)/, (m) => safeLink(m[2], ...inline(m[1], names))],
    [/<(https?:\/\/[^\s>]+)>/, (m) => safeLink(m[1], m[1])],
    [/https?:\/\/[^\s<>]+[^\s<>.,:;"')\]]/, (m) => safeLink(m[0], m[0])],
    [/<(@[!&]?|#)(\d+)>/, (m) => el("span", { class: "mention" }, names.get(m[2]) || (m[1] === "#" ? "#unknown" : "@unknown"))],
    [/<\/([^:>]+):\d+>/, (m) => el("span", { class: "mention" }, "/" + m[1])],
    [/<t:(-?\d+)(?::([a-zA-Z]))?>/, (m) => stamp(Number(m[1]), m[2])],
    [/@(everyone|here)\b/, (m) => el("span", { class: "mention" }, m[0])],
    [/\*\*([^]+?)\*\*/, wrap("strong")],
    [/__([^]+?)__/, wrap("u")],
    [/~~([^]+?)~~/, wrap("s")],
    [/\|\|([^]+?)\|\|/, wrap("span", "spoiler")],
    [/\*([^*\s][^*]*?)\*/, wrap("em")],
    [/(?<![A-Za-z0-9])_([^_]+?)_(?![A-Za-z0-9])/, wrap("em")],
  ];
}

function inline(text, names) {
  const out = [];
  let rest = text;
  const rules = inlineRules(names);
  while (rest) {
    let best = null;
    for (const [pattern, make] of rules) {
      const m = pattern.exec(rest);
      if (m && (!best || m.index < best.m.index)) best = { m, make };
    }
    const escaped = /\\([*_~`|>\[\]()#<\-\\])/.exec(rest);
    if (escaped && (!best || escaped.index <= best.m.index)) {
      out.push(rest.slice(0, escaped.index), escaped[1]);
      rest = rest.slice(escaped.index + 2);
      continue;
    }
    if (!best) { out.push(rest); break; }
    if (best.m.index) out.push(rest.slice(0, best.m.index));
    out.push(best.make(best.m));
    rest = rest.slice(best.m.index + best.m[0].length);
  }
  return out;
}

function stamp(seconds, style) {
  const date = new Date(seconds * 1000);
  const options = {
    t: { timeStyle: "short" }, T: { timeStyle: "medium" }, d: { dateStyle: "short" }, D: { dateStyle: "long" },
    F: { dateStyle: "full", timeStyle: "short" },
  }[style] || { dateStyle: "long", timeStyle: "short" };
  const text = style === "R" ? ago(date) : new Intl.DateTimeFormat(undefined, options).format(date);
  return el("time", { class: "stamp", datetime: date.toISOString(), title: date.toLocaleString() }, text);
}

export function ago(date) {
  const steps = [[60, "second"], [60, "minute"], [24, "hour"], [30, "day"], [12, "month"], [1e9, "year"]];
  let n = (date - Date.now()) / 1000;
  for (const [size, unit] of steps) {
    if (Math.abs(n) < size) return new Intl.RelativeTimeFormat(undefined, { numeric: "auto" }).format(Math.round(n), unit);
    n /= size;
  }
  return "";
}

// markdown turns a whole text into block nodes. names maps ids to "@name" and "#channel".
export function markdown(text, names) {
  const out = [];
  text.split(/```(?:[a-z0-9]+\n)?([^]*?)```/).forEach((part, i) => {
    if (i % 2) out.push(el("pre", {}, el("code", {}, part.replace(/^\n|\n$/g, ""))));
    else if (part.trim()) out.push(...blocks(part.replace(/^\n+|\n+$/g, ""), names));
  });
  return out;
}

function blocks(text, names) {
  const out = [];
  let plain = [];
  const flush = () => {
    if (plain.length) out.push(el("div", {}, ...inline(plain.join("\n"), names)));
    plain = [];
  };
  const single = (node) => { flush(); out.push(node); };
  for (const line of text.split("\n")) {
    let m;
    if ((m = /^(#{1,3}) +(.+)/.exec(line))) single(el("h4", { class: "h" + m[1].length }, ...inline(m[2], names)));
    else if ((m = /^-# +(.+)/.exec(line))) single(el("div", {}, el("small", {}, ...inline(m[1], names))));
    else if ((m = /^> ?(.*)/.exec(line))) quote(out, flush, inline(m[1], names));
    else if ((m = /^\s*[-*] +(.+)/.exec(line))) item(out, flush, inline(m[1], names));
    else plain.push(line);
  }
  flush();
  return out;
}

function quote(out, flush, nodes) {
  flush();
  const last = out[out.length - 1];
  if (last && last.tagName === "BLOCKQUOTE") last.append("\n", ...nodes);
  else out.push(el("blockquote", {}, ...nodes));
}

function item(out, flush, nodes) {
  flush();
  let last = out[out.length - 1];
  if (!last || last.tagName !== "UL") out.push((last = el("ul", {})));
  last.append(el("li", {}, ...nodes));
}
