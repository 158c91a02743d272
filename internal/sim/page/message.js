// Messages as Discord's client draws them.
import { ago, el, markdown, safeLink } from "./markdown.js";

const day = new Intl.DateTimeFormat(undefined, { dateStyle: "long" });
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });

export function colorOf(seed) {
  let n = 7;
  for (const c of seed) n = (n * 31 + c.charCodeAt(0)) >>> 0;
  return `hsl(${n % 360} 45% 45%)`;
}

export function avatar(user, small) {
  const name = user.global_name || user.username || user.name || "?";
  return el("span", { class: "avatar" + (small ? " small" : ""), "aria-hidden": "true", style: `background:${user.bot ? "var(--accent)" : colorOf(user.id || name)}` }, [...name][0].toUpperCase());
}

function when(date) {
  const today = new Date();
  if (date.toDateString() === today.toDateString()) return clock.format(date);
  today.setDate(today.getDate() - 1);
  if (date.toDateString() === today.toDateString()) return "Yesterday at " + clock.format(date);
  return new Intl.DateTimeFormat(undefined, { dateStyle: "short", timeStyle: "short" }).format(date);
}

const time = (date, cls, text) => el("time", { class: cls, datetime: date.toISOString(), title: date.toLocaleString() + " · " + ago(date) }, text);

function url(value) {
  return /^https?:\/\//i.test(value || "") ? value : "";
}

function picture(src, alt) {
  return el("img", { src, alt, loading: "lazy", referrerpolicy: "no-referrer", onerror: (e) => e.target.parentNode.remove() });
}

export function embed(e, names) {
  const box = el("article", { class: "embed", style: e.color === undefined ? "" : `--bar:#${e.color.toString(16).padStart(6, "0")}` });
  if (e.author) {
    const icon = url(e.author.icon_url) && el("span", {}, picture(e.author.icon_url, ""));
    box.append(el("div", { class: "e-author" }, icon || null, url(e.author.url) ? safeLink(e.author.url, e.author.name) : e.author.name));
  }
  if (e.title) {
    const title = markdown(e.title, names);
    box.append(el("div", { class: "e-title" }, url(e.url) ? safeLink(e.url, ...title) : title));
  }
  if (e.description) box.append(el("div", { class: "text" }, markdown(e.description, names)));
  if (e.thumbnail && url(e.thumbnail.url)) box.append(el("div", { class: "e-thumb" }, picture(e.thumbnail.url, "Thumbnail")));
  if (e.fields && e.fields.length) {
    box.append(el("div", { class: "e-fields" }, e.fields.map((f) =>
      el("div", { class: "e-field" + (f.inline ? " inline" : "") }, el("b", {}, f.name), el("div", { class: "text" }, markdown(f.value, names))))));
  }
  if (e.image && url(e.image.url)) box.append(el("div", { class: "e-image" }, picture(e.image.url, e.title || "Image")));
  if (e.footer || e.timestamp) {
    const stamp = e.timestamp ? time(new Date(e.timestamp), "", when(new Date(e.timestamp))) : null;
    const icon = e.footer && url(e.footer.icon_url) && el("span", {}, picture(e.footer.icon_url, ""));
    const text = e.footer ? e.footer.text : "";
    box.append(el("div", { class: "e-foot" }, icon || null, el("span", {}, text, text && stamp ? " • " : "", stamp)));
  }
  return box;
}

function components(rows) {
  return rows.map((row) => el("div", { class: "parts" }, (row.components || []).map((c) => {
    const label = (c.emoji && c.emoji.name ? c.emoji.name + " " : "") + (c.label || c.placeholder || "…");
    if (c.style === 5 && url(c.url)) return el("a", { class: "button quiet", href: c.url, target: "_blank", rel: "noreferrer noopener" }, label, " ↗");
    return el("button", { class: "button quiet", disabled: true, title: "Clicks on components are not simulated" }, label);
  })));
}

function body(m, names) {
  const parts = [];
  if (m.flags & 128) parts.push(el("div", { class: "thinking" }, m.author.username + " is thinking…"));
  if (m.content) {
    const edited = m.edited_timestamp ? el("span", { class: "edited", title: new Date(m.edited_timestamp).toLocaleString() }, " (edited)") : null;
    parts.push(el("div", { class: "text" }, markdown(m.content, names), edited));
  }
  parts.push(...(m.embeds || []).map((e) => embed(e, names)), ...components(m.components || []));
  for (const a of m.attachments || []) parts.push(el("div", { class: "foot" }, "📎 " + a.filename + " · " + a.size + " bytes"));
  return parts;
}

// message draws one; previous decides whether it joins the one above. onDismiss makes it ephemeral.
export function message(m, previous, names, onDismiss) {
  const at = new Date(m.timestamp);
  const used = m.interaction_metadata;
  const joined = previous && !used && !onDismiss && !previous.local && previous.author.id === m.author.id && at - new Date(previous.timestamp) < 420000 &&
    at.toDateString() === new Date(previous.timestamp).toDateString();
  const li = el("li", { class: "msg" + (joined ? " joined" : "") + (used ? " with-ref" : "") + (onDismiss ? " eph" : ""), "data-id": m.id });
  if (joined) {
    li.append(time(at, "small-time", clock.format(at)));
  } else {
    if (used) li.append(el("div", { class: "used" }, el("b", {}, used.user.global_name || used.user.username), " used ", el("code", {}, "/" + used.name)));
    li.append(avatar(m.author), el("div", { class: "by" }, el("b", {}, m.author.global_name || m.author.username),
      m.author.bot ? el("span", { class: "app-tag" }, "APP") : null, time(at, "", when(at))));
  }
  li.append(...body(m, names));
  if (onDismiss) li.append(el("div", { class: "foot" }, "Only you can see this ·", el("button", { onclick: onDismiss }, "Dismiss message")));
  return li;
}

export function dayLine(date) {
  return el("li", { class: "day", role: "separator" }, day.format(date));
}
