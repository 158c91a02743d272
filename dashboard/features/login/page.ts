import { loginStyle } from "./style";

type Page = { problem: { title: string; advice: string } | undefined; returnTo: string; nonce: string };

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Makes a text safe within an element and within a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => entities[sign] ?? "");
}

const icon = (paths: string, classes = "") =>
  `<svg aria-hidden="true" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" class="${classes}">${paths}</svg>`;

const logo = `<svg aria-hidden="true" viewBox="0 0 24 24" fill="none" class="logo"><rect width="24" height="24" rx="6" class="mark"/><path d="M5 14.5 9 10l3.2 3.6L19 7" stroke="#fff" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/><circle cx="5.75" cy="18" r="1.25" fill="#fff"/><path d="M9.5 18h9" stroke="#fff" stroke-opacity=".55" stroke-width="2" stroke-linecap="round"/></svg>`;

const discord = `<svg aria-hidden="true" viewBox="0 0 24 24" fill="currentColor"><path d="M19.6 5.6a17 17 0 0 0-4.3-1.4l-.5 1a15.7 15.7 0 0 0-5.6 0l-.5-1a17 17 0 0 0-4.3 1.4C1.7 9.7 1 13.6 1.3 17.5a17.2 17.2 0 0 0 5.3 2.7l1.1-1.8a11 11 0 0 1-1.7-.8l.4-.3a12.3 12.3 0 0 0 11.2 0l.4.3c-.5.3-1.1.6-1.7.8l1.1 1.8a17.2 17.2 0 0 0 5.3-2.7c.4-4.5-.7-8.3-3.1-11.9ZM8.7 15.2c-1 0-1.9-1-1.9-2.2s.8-2.2 1.9-2.2 1.9 1 1.9 2.2-.8 2.2-1.9 2.2Zm6.6 0c-1 0-1.9-1-1.9-2.2s.8-2.2 1.9-2.2 1.9 1 1.9 2.2-.8 2.2-1.9 2.2Z"/></svg>`;

const features = [
  {
    icon: icon('<path d="m22 2-7 20-4-9-9-4Z"/><path d="M22 2 11 13"/>'),
    title: "From the platforms to your channel",
    text: "New posts arrive in Discord once, in order, with the reason when one was held back.",
  },
  {
    icon: icon('<path d="M3 3v5h5"/><path d="M3.05 13A9 9 0 1 0 6 5.3L3 8"/><path d="M12 7v5l4 2"/>'),
    title: "Figures with a memory",
    text: "Views, likes, comments and shares are measured again and again while a post ages, so you see how it grew.",
  },
  {
    icon: icon('<path d="M22 12h-4l-3 9L9 3l-3 9H2"/>'),
    title: "Honest about its own health",
    text: "Bot, queues and platforms tell how they are. A source that fails is shown, never silently dropped.",
  },
];

/** The theme that the other pages have stored, before the first paint. */
const theme = `try{var t=localStorage.getItem("theme");if(t==="light"||t==="dark")document.documentElement.className=t}catch(e){}`;

/** The whole login page. Nothing but its texts, an address that was checked and the nonce goes into it. */
export function loginPage({ problem, returnTo, nonce }: Page): string {
  const start = returnTo === "/" ? "/auth/start" : `/auth/start?${new URLSearchParams({ returnTo })}`;
  const alert =
    problem === undefined
      ? ""
      : `<div role="alert">${icon('<circle cx="12" cy="12" r="10"/><path d="M12 8v4"/><path d="M12 16h.01"/>')}<div><p><strong>${escapeHtml(problem.title)}</strong></p><p>${escapeHtml(problem.advice)}</p></div></div>`;
  const list = features.map(
    (each) =>
      `<li><span>${each.icon}</span><div><p><strong>${each.title}</strong></p><p class="muted">${each.text}</p></div></li>`,
  );
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="description" content="Sign in to Trackbot with your Discord account.">
<title>Sign in · Trackbot</title>
<link rel="icon" href="/icon.svg" type="image/svg+xml" sizes="any">
<link rel="preload" href="/fonts/geist.woff2" as="font" type="font/woff2" crossorigin>
<style>${loginStyle}</style>
<script nonce="${escapeHtml(nonce)}">${theme}</script>
</head>
<body>
<main>
<p class="name">${logo}Trackbot</p>
<div class="door">
<h1>Sign in to your newsroom</h1>
<p class="muted">See what your accounts and your rivals publish, how it performs, and whether it reached your server.</p>
${alert}
<a class="button" href="${escapeHtml(start)}">${discord}${problem === undefined ? "Login with Discord" : "Try again with Discord"}</a>
<p class="muted small">Trackbot asks Discord for your name, your picture and the servers you are in. It cannot read your messages or write as you.</p>
</div>
<footer class="muted small"><a href="/terms">Terms</a><a href="/privacy">Privacy</a></footer>
</main>
<aside aria-label="What Trackbot does"><ul>${list.join("")}</ul></aside>
</body>
</html>
`;
}
