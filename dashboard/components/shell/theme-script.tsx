// Runs before the first paint, again when the system's choice, another tab or a page changes the theme.
const script = `(()=>{
const dark=matchMedia("(prefers-color-scheme: dark)");
const apply=()=>{
let chosen;try{chosen=localStorage.getItem("theme")}catch{}
document.documentElement.classList.toggle("dark",chosen==="dark"||chosen!=="light"&&dark.matches);
};
apply();
dark.addEventListener("change",apply);
addEventListener("storage",apply);
addEventListener("theme",apply);
})()`;

/** Keeps the class on <html> that the colours go by; `nonce` lets it pass the page's policy. */
export function ThemeScript({ nonce }: { nonce?: string }) {
  // biome-ignore lint/security/noDangerouslySetInnerHtml: a constant
  return <script nonce={nonce} suppressHydrationWarning dangerouslySetInnerHTML={{ __html: script }} />;
}
