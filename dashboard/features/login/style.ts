// The colours are those of app/globals.css (a test compares them); the page stands alone, so it brings its own style.

const light = {
  canvas: "#fafafa",
  surface: "#ffffff",
  sunken: "#f4f4f5",
  line: "#e6e6e9",
  fg: "#18181b",
  muted: "#52525b",
  accent: "#4f46c8",
  "accent-text": "#4a41c0",
  ring: "#5b52d6",
  danger: "#b3261e",
  "danger-soft": "#fdeceb",
};

const dark: typeof light = {
  canvas: "#0c0c0f",
  surface: "#131317",
  sunken: "#0f0f12",
  line: "#26262c",
  fg: "#ececf0",
  muted: "#adadb8",
  accent: "#6259dd",
  "accent-text": "#a9a3ff",
  ring: "#8f88ff",
  danger: "#ff9089",
  "danger-soft": "#351815",
};

export const loginColors = { light, dark };

const variables = (colors: typeof light) =>
  Object.entries(colors)
    .map(([name, value]) => `--${name}:${value}`)
    .join(";");

export const loginStyle = `
@font-face{font-family:Geist;src:url(/fonts/geist.woff2) format("woff2");font-weight:100 900;font-display:swap}
:root{color-scheme:light;${variables(light)}}
@media (prefers-color-scheme:dark){:root:not(.light){color-scheme:dark;${variables(dark)}}}
:root.dark{color-scheme:dark;${variables(dark)}}
*{box-sizing:border-box;margin:0;padding:0}
body{min-height:100dvh;display:grid;background:var(--canvas);color:var(--fg);font:400 14px/1.5 Geist,ui-sans-serif,system-ui,sans-serif;-webkit-font-smoothing:antialiased}
svg{display:block;flex:none}
strong{font-weight:500}
a:focus-visible{outline:2px solid var(--ring);outline-offset:2px}
main{display:flex;flex-direction:column;padding:32px 24px}
.name{display:flex;align-items:center;gap:8px;font-size:16px;font-weight:600}
.logo{width:28px;height:28px}
.mark{fill:var(--accent)}
.door{width:100%;max-width:384px;margin:auto;padding:48px 0}
h1{font-size:24px;line-height:1.33;font-weight:600;letter-spacing:-.025em}
h1+p{margin-top:8px}
.muted{color:var(--muted)}
.small{font-size:12px;line-height:1.4}
[role=alert]{display:flex;gap:12px;margin-top:24px;padding:12px;border-radius:8px;background:var(--danger-soft);color:var(--danger)}
[role=alert] svg{width:16px;height:16px;margin-top:2px}
.button{display:flex;align-items:center;justify-content:center;gap:10px;height:44px;margin-top:24px;border-radius:8px;background:#4752c4;color:#fff;font-weight:500;text-decoration:none;transition:background-color .15s}
.button:hover{background:#3c45a5}
.button svg{width:20px;height:20px}
.button+p{margin-top:16px}
footer{display:flex;gap:8px}
footer a{padding:6px 8px;margin-left:-8px;border-radius:4px;color:inherit;text-decoration:none}
footer a:hover{color:var(--fg);text-decoration:underline}
aside{display:none}
@media (min-width:640px){main{padding:32px 40px}}
@media (min-width:1024px){
body{grid-template-columns:minmax(0,1fr) minmax(0,1.1fr)}
aside{display:flex;flex-direction:column;justify-content:center;padding:0 48px;border-left:1px solid var(--line);background:var(--sunken)}
ul{display:grid;gap:32px;max-width:512px;list-style:none}
li{display:flex;gap:16px}
li span{display:grid;place-items:center;flex:none;width:36px;height:36px;border:1px solid var(--line);border-radius:8px;background:var(--surface);color:var(--accent-text)}
li svg{width:16px;height:16px}
li p+p{margin-top:4px}
}
@media (min-width:1280px){aside{padding:0 80px}}
@media (prefers-reduced-motion:reduce){*{transition:none!important}}
`;
