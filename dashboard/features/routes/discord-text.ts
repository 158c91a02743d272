/** A piece of a message as Discord shows it. */
export type Piece =
  | { type: "text"; text: string }
  | { type: "bold"; text: string }
  | { type: "italic"; text: string }
  | { type: "time"; seconds: number }
  | { type: "role"; id: string }
  | { type: "link"; url: string };

const SIGNS =
  /\\([\\*_~`|>[\]()#\-+.!:<@{}])|\*\*(?=\S)((?:\\.|[^\\])+?)\*\*|\*(?=\S)((?:\\.|[^\\*])+?)\*|<t:(\d+)(?::[a-zA-Z])?>|<@&(\d+)>|(https?:\/\/[^\s<>]+)/g;

const bare = (text: string) => text.replace(/\\([^A-Za-z0-9\s])/g, "$1");

/** The parts of Discord's markdown that templates are written in; all else stays as it is written. */
export function pieces(content: string): Piece[] {
  const out: Piece[] = [];
  let end = 0;
  const text = (part: string) => {
    const last = out.at(-1);
    if (part === "") return;
    if (last?.type === "text") last.text += part;
    else out.push({ type: "text", text: part });
  };
  for (const match of content.matchAll(SIGNS)) {
    text(content.slice(end, match.index));
    end = match.index + match[0].length;
    const [, escaped, bold, italic, time, role, url] = match;
    if (escaped !== undefined) text(escaped);
    else if (bold !== undefined) out.push({ type: "bold", text: bare(bold) });
    else if (italic !== undefined) out.push({ type: "italic", text: bare(italic) });
    else if (time !== undefined) out.push({ type: "time", seconds: Number(time) });
    else if (role !== undefined) out.push({ type: "role", id: role });
    else if (url !== undefined) out.push({ type: "link", url });
  }
  text(content.slice(end));
  return out;
}
