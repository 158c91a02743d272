// The two things a person does here: run a slash command, publish a post.
import { el } from "./markdown.js";

export async function control(op, body) {
  const res = await fetch("/sim/control/" + op, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body || {}) });
  const out = await res.json().catch(() => ({}));
  if (!res.ok) throw new Error(out.error || "The simulator answered " + res.status);
  return out;
}

const types = { 3: "text", 4: "whole number", 5: "yes or no", 6: "member", 7: "channel", 8: "role", 9: "member or role", 10: "number" };

// flatten lists every command that can be run: "track add" with its parameters.
export function flatten(commands) {
  const out = [];
  const walk = (path, node) => {
    const subs = (node.options || []).filter((o) => o.type <= 2);
    if (subs.length) subs.forEach((o) => walk(path + " " + o.name, o));
    else out.push({ path, description: node.description, options: node.options || [] });
  };
  commands.forEach((c) => walk(c.name, c));
  return out;
}

// Composer is the box under the messages: first a filter with a palette, then the command's fields.
export class Composer {
  constructor(root, app) {
    this.root = root;
    this.app = app;
    this.member = "";
    this.list = [];
    this.at = 0;
    this.idle();
  }

  // update keeps the member list and the commands in step with the guild.
  async update() {
    const guild = this.app.guild();
    if (!guild) return;
    const people = guild.members.filter((m) => m.role !== "bot");
    if (!people.some((m) => m.id === this.member)) this.member = (people.find((m) => m.role !== "member") || people[0] || {}).id || "";
    const key = JSON.stringify([guild.id, people, this.member]);
    if (this.select && this.key !== key) {
      this.select.replaceChildren(...people.map((m) => el("option", { value: m.id, selected: m.id === this.member }, `as ${m.name} · ${m.role}`)));
      this.key = key;
    }
    const res = await fetch(`/sim/commands?guild=${guild.id}&user=${this.member}`);
    this.list = flatten(await res.json());
    if (this.palette && !this.palette.hidden) this.filter();
  }

  idle() {
    this.key = "";
    this.select = el("select", { "aria-label": "Run as", onchange: (e) => { this.member = e.target.value; this.key = ""; this.update(); } });
    this.input = el("input", {
      placeholder: "Type / to run a command", "aria-label": "Command", autocomplete: "off", spellcheck: "false", role: "combobox", "aria-expanded": "false", "aria-controls": "palette",
      oninput: () => this.filter(), onfocus: () => this.filter(), onkeydown: (e) => this.keys(e), onblur: () => setTimeout(() => this.show(false), 150),
    });
    this.palette = el("ul", { id: "palette", class: "palette", role: "listbox", hidden: true });
    this.root.replaceChildren(this.palette, el("div", { class: "line" }, this.select, this.input));
    this.update();
  }

  show(open) {
    if (!this.palette) return; // a command has been chosen meanwhile
    this.palette.hidden = !open;
    this.input.setAttribute("aria-expanded", String(open));
  }

  filter() {
    const words = this.input.value.replace(/^\//, "").toLowerCase().split(/\s+/).filter(Boolean);
    this.found = this.list.filter((c) => words.every((w) => c.path.includes(w)));
    this.at = Math.max(0, Math.min(this.at, this.found.length - 1));
    this.palette.replaceChildren(...this.found.map((c, i) => el("li", {
      role: "option", "aria-selected": String(i === this.at), onmousedown: (e) => { e.preventDefault(); this.choose(c); },
    }, el("div", {}, el("b", {}, "/" + c.path), c.options.map((o) => el("i", {}, o.name + (o.required ? "" : "?")))), el("span", {}, c.description))));
    if (!this.found.length) {
      this.palette.append(el("p", {}, this.list.length ? "No command matches." : "No commands for this member here. They appear once the bot has registered them."));
    }
    this.show(true);
  }

  keys(e) {
    if (e.key === "Escape") return this.show(false);
    if (e.key === "ArrowDown" || e.key === "ArrowUp") {
      e.preventDefault();
      this.at += e.key === "ArrowDown" ? 1 : -1;
      this.filter();
      const row = this.palette.children[this.at];
      if (row) row.scrollIntoView({ block: "nearest" });
    }
    if ((e.key === "Enter" || e.key === "Tab") && this.found && this.found[this.at] && !this.palette.hidden) {
      e.preventDefault();
      this.choose(this.found[this.at]);
    }
  }

  choose(command) {
    this.command = command;
    this.select = this.palette = null;
    const fields = command.options.map((o) => this.field(o));
    const form = el("form", {
      class: "filled", onsubmit: (e) => { e.preventDefault(); this.run(form); }, onkeydown: (e) => { if (e.key === "Escape") this.idle(); },
    },
    el("div", { class: "filled-head" }, el("strong", {}, "/" + command.path), el("span", {}, command.description)),
    fields.length ? el("div", { class: "fields" }, fields) : null,
    el("div", { class: "row" }, el("button", { type: "button", class: "button quiet", onclick: () => this.idle() }, "Cancel"), el("button", { class: "button" }, "Run")));
    const follow = this.app.atEnd();
    this.root.replaceChildren(form);
    if (follow) this.app.toEnd();
    (form.querySelector("input, select") || form.querySelector(".button:not(.quiet)")).focus();
  }

  field(o) {
    const guild = this.app.guild();
    const label = [o.name, o.required ? el("em", {}, " *") : null];
    const pick = (items) => el("select", { name: o.name, required: o.required }, el("option", { value: "" }, o.required ? "choose…" : "—"), items.map(([v, t]) => el("option", { value: v }, t)));
    const people = guild.members.map((m) => [m.id, "@" + m.name]);
    const roles = guild.roles.map((r) => [r.id, r.name]);
    let control;
    if (o.choices && o.choices.length) control = pick(o.choices.map((c) => [c.value, c.name]));
    else if (o.type === 5) control = pick([["true", "yes"], ["false", "no"]]);
    else if (o.type === 6) control = pick(people);
    else if (o.type === 7) control = pick(guild.channels.filter((c) => !o.channel_types || o.channel_types.includes(c.type)).map((c) => [c.id, "#" + c.name]));
    else if (o.type === 8) control = pick(roles);
    else if (o.type === 9) control = pick([...people, ...roles]);
    else control = this.typed(o);
    return el("label", { class: "field", title: types[o.type] || "" }, el("span", {}, label), control, el("span", {}, o.description));
  }

  typed(o) {
    const number = o.type === 4 || o.type === 10;
    const input = el("input", {
      name: o.name, required: o.required, type: number ? "number" : "text", step: o.type === 4 ? 1 : "any", min: o.min_value, max: o.max_value,
      minlength: o.min_length, maxlength: o.max_length, autocomplete: "off",
    });
    if (!o.autocomplete) return input;
    const list = el("datalist", { id: "list-" + o.name });
    input.setAttribute("list", list.id);
    let timer;
    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(async () => {
        const out = await control("interactions.autocomplete", { ...this.invocation(input.form), focused: o.name }).catch(() => ({}));
        list.replaceChildren(...(out.choices || []).map((c) => el("option", { value: c.value }, c.name)));
      }, 250);
    });
    return el("div", {}, input, list);
  }

  invocation(form) {
    const options = {};
    for (const [name, value] of new FormData(form)) if (value !== "") options[name] = value;
    return { guildId: this.app.guild().id, channelId: this.app.channelId, userId: this.member, path: this.command.path, options };
  }

  run(form) {
    const call = this.invocation(form);
    this.idle();
    this.app.ran(call);
  }
}
