// The panel that publishes a post on any simulated source.
import { el } from "./markdown.js";
import { control } from "./forms.js";

const platforms = { feed: "Feeds", bluesky: "Bluesky", mastodon: "Mastodon", youtube: "YouTube", twitch: "Twitch" };
const kinds = {
  feed: [["post", "Article"]],
  bluesky: [["post", "Post"], ["video", "Video"], ["reply", "Reply"], ["repost", "Repost"]],
  mastodon: [["post", "Post"], ["video", "Video"], ["reply", "Reply"], ["repost", "Boost"]],
  youtube: [["video", "Video"], ["short", "Short"], ["live", "Live stream"]],
  twitch: [["video", "Video"]],
};
const ideas = [
  ["Autumn menu, first look", "Chestnut, quince and a very slow broth. From Thursday in all six houses."],
  ["How we cut build times in half", "Caching, fewer images and one brave deletion. The long version, with numbers."],
  ["Behind the scenes: launch week", "Eleven cameras, two rehearsals, one take. Here is what the stream did not show."],
  ["Tickets for the spring tour", "Twelve cities, from Porto to Tallinn. On sale tomorrow at nine."],
  ["What readers asked us in October", "We answer the ten questions that came most often, the awkward one included."],
  ["The new trail shoe is here", "Lighter by 40 grams, and it finally likes wet rock."],
];

export class Publisher {
  constructor(root, app) {
    this.root = root;
    this.app = app;
    this.seed = "";
    this.source = el("select", { name: "source", onchange: () => this.kindsOf() });
    this.kind = el("select", { name: "kind" });
    this.title = el("input", { name: "title", maxlength: 300 });
    this.text = el("textarea", { name: "text", maxlength: 3000, required: true });
    this.image = el("input", { type: "checkbox", onchange: () => this.picture() });
    this.preview = el("img", { class: "preview", alt: "The picture of the post", hidden: true });
    this.address = el("p", { class: "hint" });
    this.button = el("button", { class: "button" }, "Publish");
    this.titleField = label("Title", this.title);
    root.append(
      el("header", {}, el("h2", {}, "Publish a post"), el("button", { class: "icon", "aria-label": "Close", onclick: () => app.publishing(false) }, cross())),
      el("form", { onsubmit: (e) => { e.preventDefault(); this.send(); } },
        label("Source", this.source), this.address, label("Kind", this.kind), this.titleField, label("Text", this.text),
        el("label", { class: "check" }, this.image, "With a picture"), this.preview,
        el("div", { class: "row" }, el("button", { type: "button", class: "button quiet", onclick: () => this.idea() }, "Fill in an idea"), el("span", { class: "grow" }), this.button)),
      el("p", { class: "hint" }, "The post appears on the simulated platform at once. Whoever tracks the account finds it at the next poll."));
  }

  update(sources) {
    const key = JSON.stringify(sources.map((s) => [s.key, s.title]));
    if (key === this.key) return;
    this.key = key;
    this.sources = new Map(sources.map((s) => [s.key, s]));
    const picked = this.source.value;
    this.source.replaceChildren(...Object.entries(platforms).map(([id, name]) => {
      const mine = sources.filter((s) => s.platform === id);
      return mine.length ? el("optgroup", { label: name }, mine.map((s) => el("option", { value: s.key, selected: s.key === picked }, s.title))) : null;
    }).filter(Boolean));
    this.button.disabled = !sources.length;
    if (!sources.length) this.address.textContent = "There are no sources yet.";
    this.kindsOf();
  }

  kindsOf() {
    const s = this.sources.get(this.source.value);
    if (!s) return;
    this.kind.replaceChildren(...kinds[s.platform].map(([value, name]) => el("option", { value }, name)));
    this.titleField.hidden = s.platform === "bluesky" || s.platform === "mastodon";
    this.title.required = !this.titleField.hidden;
    this.address.textContent = "Track it as " + s.address.replace("{base}", location.origin);
  }

  picture() {
    this.seed = this.image.checked ? "/media/" + Math.random().toString(36).slice(2, 10) + ".png" : "";
    this.preview.hidden = !this.seed;
    if (this.seed) this.preview.src = this.seed;
  }

  idea() {
    const [title, text] = ideas[Math.floor(Math.random() * ideas.length)];
    this.title.value = title;
    this.text.value = this.titleField.hidden ? title + ". " + text : text;
    if (!this.image.checked) this.image.click();
  }

  async send() {
    const s = this.sources.get(this.source.value);
    this.button.disabled = true;
    try {
      await control("posts.publish", {
        source: s.key, kind: this.kind.value, text: this.text.value, imageUrl: this.seed, title: this.titleField.hidden ? "" : this.title.value,
      });
      this.app.toast("Published on " + s.title);
      this.title.value = this.text.value = "";
      if (this.image.checked) this.image.click();
    } catch (err) {
      this.app.toast(err.message, true);
    }
    this.button.disabled = false;
  }
}

function label(text, node) {
  return el("label", { class: "field" }, text, node);
}

function cross() {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", "M5 5l14 14M19 5L5 19");
  svg.append(path);
  return svg;
}
