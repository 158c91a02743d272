"use client";

import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { RelativeTime } from "@/components/data/time";
import { Badge } from "@/components/ui/badge";
import { Skeleton } from "@/components/ui/skeleton";
import { cn } from "@/lib/cn";
import { fields } from "@/lib/query/errors";
import { explain } from "@/lib/query/explain";
import { pieces } from "./discord-text";
import type { Draft, Target } from "./draft";
import type { Names } from "./names";
import { previewQuery, type RoutePreview } from "./queries";

const PAUSE = 300;

/** The value when it has rested for a moment. */
function useRested<T>(value: T): T {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), PAUSE);
    return () => clearTimeout(timer);
  }, [value]);
  return rested;
}

interface PreviewProps {
  guildId: string;
  names: Names;
  draft: Draft;
  /** A saved route, or what a new one is of; null while nothing is chosen. */
  of: { routeId: string } | { target: Target } | null;
  /** Whether what stands in the form can be asked for at all. */
  sound: boolean;
}

/** What the route would make of the latest post it covers. */
export function Preview({ guildId, names, draft, of, sound }: PreviewProps) {
  const rested = useRested(draft);
  const { data, error, isFetching } = useQuery({
    ...previewQuery(guildId, of ?? { routeId: "" }, rested),
    enabled: of !== null && sound && rested === draft,
  });
  return (
    <section aria-label="Preview" aria-busy={isFetching} className="grid content-start gap-2">
      <div className="flex min-h-5 items-center justify-between gap-2">
        <h3 className="font-medium text-sm">Preview</h3>
        {data && !error && (
          <Badge tone={data.wouldSend ? "success" : "warning"} dot>
            {data.wouldSend ? "Would be sent" : "Would not be sent"}
          </Badge>
        )}
      </div>
      {error ? (
        <p role="status" className="rounded-md border border-dashed p-4 text-muted text-sm">
          {fields(error).code === "not_found"
            ? "There is no post yet to show it with. The latest one stands here as soon as there is."
            : explain(error).advice}
        </p>
      ) : data ? (
        <Message preview={data} names={names} faded={isFetching} />
      ) : of === null ? (
        <p className="text-muted text-sm">Choose what the route is of.</p>
      ) : (
        <Skeleton className="h-40 rounded-md" />
      )}
    </section>
  );
}

function Message({ preview, names, faded }: { preview: RoutePreview; names: Names; faded: boolean }) {
  return (
    <div className={cn("grid gap-2 transition-opacity", faded && "opacity-60")}>
      {preview.reason && <p className="text-warning text-xs">{preview.reason}</p>}
      <div className="grid gap-2 rounded-md border bg-sunken p-3 text-sm" data-testid="preview-message">
        {preview.content && (
          <p className="wrap-anywhere whitespace-pre-wrap">
            <Content text={preview.content} names={names} />
          </p>
        )}
        {preview.embeds.map((embed) => (
          <Embed key={`${embed.url} ${embed.title} ${embed.description}`} embed={embed} />
        ))}
      </div>
      <p className="text-subtle text-xs">Shown with the latest post it covers. Nothing is sent.</p>
    </div>
  );
}

function Content({ text, names }: { text: string; names: Names }) {
  return pieces(text).map((piece, place) => {
    const key = `${place}`;
    if (piece.type === "bold") return <strong key={key}>{piece.text}</strong>;
    if (piece.type === "italic") return <em key={key}>{piece.text}</em>;
    if (piece.type === "time") return <RelativeTime key={key} at={piece.seconds * 1000} />;
    if (piece.type === "link")
      return (
        <span key={key} className="text-accent-text">
          {piece.url}
        </span>
      );
    if (piece.type === "text") return piece.text;
    return (
      <span key={key} className="rounded bg-accent-soft px-1 font-medium text-accent-text">
        {names.role(piece.id)}
      </span>
    );
  });
}

function Embed({ embed }: { embed: RoutePreview["embeds"][number] }) {
  return (
    <article
      className="grid gap-1.5 rounded border-l-4 bg-surface p-3"
      style={{ borderLeftColor: embed.color ?? "var(--line-strong)" }}
    >
      {embed.authorName && <p className="font-medium text-xs">{embed.authorName}</p>}
      {embed.title && <p className="wrap-anywhere font-semibold text-accent-text">{embed.title}</p>}
      {embed.description && <p className="wrap-anywhere line-clamp-6 whitespace-pre-wrap">{embed.description}</p>}
      {embed.imageUrl && (
        // biome-ignore lint/performance/noImgElement: of any host, shown once in a form
        <img src={embed.imageUrl} alt="" referrerPolicy="no-referrer" className="max-h-40 rounded object-cover" />
      )}
      {(embed.footer || embed.timestamp) && (
        <p className="text-muted text-xs">
          {embed.footer}
          {embed.footer && embed.timestamp && " · "}
          {embed.timestamp && <RelativeTime at={embed.timestamp} />}
        </p>
      )}
    </article>
  );
}
