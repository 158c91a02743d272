// The page's state: which guild and channel is open, what the stream says is new.
import { el } from "./markdown.js";
import { avatar, dayLine, message } from "./message.js";
import { Composer, control } from "./forms.js";
import { Publisher } from "./publish.js";

const $ = (id) => document.getElementById(id);
const signs = { 0: "#", 2: "♪", 5: "📣", 15: "☰" };

class App {
  constructor() {
    this.state = { guilds: [], sources: [], names: [] };
    this.names = new Map();
    this.seen = new Map(); // last message id by channel
    this.local = []; // answers that only the member sees: {channelId, node | message}
    this.shown = "";
    this.composer = new Composer($("composer"), this);
    this.publisher = new Publisher($("publish"), this);
    $("menu").onclick = () => this.browsing(true);
    $("shade").onclick = () => { this.browsing(false); if (innerWidth < 1080) this.publishing(false); };
    $("open-publish").onclick = () => this.publishing(!document.querySelector(".publishing"));
    $("to-end").onclick = () => this.toEnd();
    $("messages").onscroll = () => { if (this.atEnd()) $("to-end").hidden = true; };
    addEventListener("popstate", () => this.refresh());
    addEventListener("keydown", (e) => {
      if (e.key === "Escape") { this.browsing(false); }
      if (e.key === "/" && !/INPUT|TEXTAREA|SELECT/.test(document.activeElement.tagName)) {
        const box = document.querySelector(".line input");
        if (box) { e.preventDefault(); box.focus(); box.value = "/"; box.dispatchEvent(new Event("input")); }
      }
    });
    this.publishing(innerWidth >= 1280);
    this.listen();
  }

  // listen refreshes on each event; when the stream fails it polls until it is back.
  listen() {
    const stream = new EventSource("/sim/events");
    stream.onmessage = () => { clearInterval(this.poll); this.poll = 0; this.refresh(); };
    stream.onerror = () => {
      $("bot-state").textContent = "simulator unreachable";
      if (!this.poll) this.poll = setInterval(() => this.refresh(), 1000);
    };
  }

  async refresh() {
    if (this.busy) { this.again = true; return; }
    this.busy = true;
    try {
      this.state = await (await fetch("/sim/state")).json();
      this.names = new Map(this.state.names.map((n) => [n.id, n.text]));
      this.locate();
      this.drawNav();
      await Promise.all([this.drawMessages(), this.composer.update()]);
      this.publisher.update(this.state.sources);
    } catch {
      // the stream's error handler tells that the simulator is away
    }
    this.busy = false;
    if (this.again) { this.again = false; this.refresh(); }
  }

  guild() { return this.state.guilds.find((g) => g.id === this.guildId); }
  channel() { const g = this.guild(); return g && g.channels.find((c) => c.id === this.channelId); }

  locate() {
    const q = new URLSearchParams(location.search);
    const guild = this.state.guilds.find((g) => g.id === q.get("guild")) || this.state.guilds[0];
    this.guildId = guild && guild.id;
    const texts = guild ? guild.channels.filter((c) => c.type === 0 || c.type === 5) : [];
    const busiest = [...texts].sort((a, b) => b.messages - a.messages)[0];
    const channel = texts.find((c) => c.id === q.get("channel")) || busiest;
    this.channelId = channel && channel.id;
  }

  go(guildId, channelId) {
    const q = new URLSearchParams({ guild: guildId });
    if (channelId) q.set("channel", channelId);
    history.pushState(null, "", "?" + q);
    this.browsing(Boolean(!channelId && innerWidth <= 760));
    this.refresh();
  }

  unread(c) { return c.lastId && this.seen.has(c.id) && this.seen.get(c.id) !== c.lastId && c.id !== this.channelId; }

  drawNav() {
    const g = this.guild();
    for (const c of this.state.guilds.flatMap((x) => x.channels)) {
      if (!this.seen.has(c.id) || c.id === this.channelId) this.seen.set(c.id, c.lastId);
    }
    $("guilds").replaceChildren(...this.state.guilds.map((x) => el("button", {
      class: "guild" + (x.channels.some((c) => this.unread(c)) ? " unread" : "") + (x.hasBot && !x.unavailable ? "" : " away"),
      title: x.name, "aria-label": x.name, "aria-current": x.id === this.guildId ? "true" : null, onclick: () => this.go(x.id),
    }, el("b", {}, x.initials))));
    $("guild-name").textContent = g ? g.name : "No servers yet";
    $("guild-note").textContent = !g || (g.hasBot && !g.unavailable) ? "" : g.unavailable ? "Unavailable" : this.state.app + " is not in this server";
    const list = (title, channels) => (channels.length ? [el("h3", {}, title), ...channels.map((c) => this.channelButton(c))] : []);
    const channels = g ? g.channels : [];
    $("channels").replaceChildren(
      ...list("Text channels", channels.filter((c) => c.type === 0 || c.type === 5)), ...list("Voice channels", channels.filter((c) => c.type === 2)));
    this.drawPeople(g);
    document.querySelector(".bot-avatar").classList.toggle("online", this.state.online);
    $("bot-state").textContent = this.state.online ? `online · ${this.state.sessions} ${this.state.sessions === 1 ? "shard" : "shards"} · ${this.state.commands} commands` : "offline";
    const c = this.channel();
    document.title = (c ? "#" + c.name + " · " : "") + (g ? g.name : this.state.app) + " · simulated Discord";
    $("channel-name").replaceChildren(...(c ? [el("span", { class: "sign" }, signs[c.type] || "#"), c.name] : []));
    $("topic").textContent = c ? c.topic : "";
  }

  // drawPeople lists everybody who can sign in, with what they are in the server that is open.
  drawPeople(g) {
    const roles = new Map(g ? g.members.map((m) => [m.id, m.role]) : []);
    $("people").replaceChildren(el("h3", {}, "People"), el("ul", {}, ...this.state.people.map((p) => el("li", { title: "@" + p.username },
      avatar(p, true), el("span", { class: "person" }, p.name), el("span", { class: "role" }, roles.get(p.id) || "not here")))));
  }

  channelButton(c) {
    const silent = c.type === 2;
    return el("button", {
      class: "channel" + (this.unread(c) ? " unread" : ""), "aria-current": c.id === this.channelId ? "page" : null, disabled: silent,
      onclick: () => this.go(this.guildId, c.id),
    }, el("span", { class: "sign", "aria-hidden": "true" }, signs[c.type] || "#"), el("span", {}, c.name), c.messages ? el("span", { class: "count" }, c.messages) : null);
  }

  async drawMessages() {
    const box = $("messages");
    const c = this.channel();
    if (!c) {
      box.replaceChildren(el("li", { class: "welcome" }, el("h3", {}, "Nothing here yet"), el("p", {}, "Servers appear as soon as the simulator has some.")));
      return;
    }
    const list = await (await fetch("/sim/messages?channel=" + c.id)).json();
    const mine = this.local.filter((l) => l.channelId === c.id);
    const key = JSON.stringify([c.id, list, mine.map((l) => l.n), this.state.names.length]);
    if (key === this.shown) return;
    const moved = !this.shown.startsWith(JSON.stringify([c.id]).slice(0, -1));
    const follow = moved || this.atEnd();
    const known = new Set([...box.querySelectorAll("[data-id]")].map((n) => n.dataset.id));
    this.shown = key;
    const all = [...list, ...mine.map((l) => ({ ...l.message, local: l, timestamp: l.message.timestamp }))].sort((a, b) => new Date(a.timestamp) - new Date(b.timestamp));
    const nodes = list.length < 80 ? [this.welcome(c)] : [];
    let previous = null;
    for (const m of all) {
      const at = new Date(m.timestamp);
      if (!previous || new Date(previous.timestamp).toDateString() !== at.toDateString()) nodes.push(dayLine(at));
      const node = message(m, previous, this.names, m.local && (() => this.dismiss(m.local)));
      if (!moved && known.size && !known.has(m.id)) node.classList.add("fresh");
      nodes.push(node);
      previous = m;
    }
    box.replaceChildren(...nodes);
    if (follow) this.toEnd();
    else if (all.some((m) => !known.has(m.id))) $("to-end").hidden = false;
  }

  welcome(c) {
    return el("li", { class: "welcome" }, el("span", { class: "sign", "aria-hidden": "true" }, "#"), el("h3", {}, "Welcome to #" + c.name), el("p", {}, c.topic || "This is the start of the channel."));
  }

  atEnd() { const b = $("messages"); return b.scrollHeight - b.scrollTop - b.clientHeight < 80; }

  toEnd() { const b = $("messages"); b.scrollTop = b.scrollHeight; $("to-end").hidden = true; }

  dismiss(local) {
    this.local = this.local.filter((l) => l !== local);
    this.shown = "?" + this.shown;
    this.drawMessages();
  }

  // ran sends a slash command and shows what comes back to the member alone.
  async ran(call) {
    const bot = { id: this.state.botId, username: this.state.app, bot: true };
    const member = this.guild().members.find((m) => m.id === call.userId);
    const local = { channelId: call.channelId, n: 0, message: {
      id: "local" + Date.now(), author: bot, content: "", flags: 128, timestamp: new Date().toISOString(),
      interaction_metadata: { name: call.path, user: { global_name: member.name } },
    } };
    const show = (message) => { local.message = { ...local.message, ...message }; local.n++; this.drawMessages(); };
    this.local.push(local);
    show({});
    this.toEnd();
    try {
      const out = await control("interactions.run", call);
      if (!out.answered) show({ flags: 0, content: "**The application did not respond.**" });
      else if (out.ephemeral && out.message) { show({ ...out.message, timestamp: local.message.timestamp, interaction_metadata: local.message.interaction_metadata }); this.watch(out, local, show); }
      else this.dismiss(local);
    } catch (err) {
      show({ flags: 0, content: err.message });
    }
    this.toEnd();
  }

  // watch follows later edits and ephemeral followups for a while.
  async watch(out, local, show) {
    let last = JSON.stringify(out);
    for (let i = 0; i < 20 && this.local.includes(local); i++) {
      await new Promise((done) => setTimeout(done, 1000));
      const now = await control("interactions.get", { id: out.interactionId }).catch(() => null);
      if (!now || JSON.stringify(now) === last) continue;
      last = JSON.stringify(now);
      const extra = now.followups.filter((f) => f.flags & 64);
      if (now.message) {
        show({ ...now.message, timestamp: local.message.timestamp, interaction_metadata: local.message.interaction_metadata,
          embeds: [...now.message.embeds, ...extra.flatMap((f) => f.embeds)], content: [now.message.content, ...extra.map((f) => f.content)].filter(Boolean).join("\n") });
      }
    }
  }

  browsing(on) {
    document.querySelector(".app").classList.toggle("browsing", on);
    $("menu").setAttribute("aria-expanded", String(on));
    $("shade").hidden = !on;
  }

  publishing(on) {
    document.querySelector(".app").classList.toggle("publishing", on);
    $("open-publish").setAttribute("aria-expanded", String(on));
    $("open-publish").hidden = on && innerWidth > 1080;
    if (innerWidth <= 1080) $("shade").hidden = !on;
  }

  toast(text, bad) {
    const node = el("div", { class: "toast" + (bad ? " bad" : "") }, text);
    $("toasts").append(node);
    setTimeout(() => node.remove(), 4000);
  }
}

new App();
