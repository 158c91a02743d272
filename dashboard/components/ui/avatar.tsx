"use client";

import { useState } from "react";
import { cn } from "@/lib/cn";

type AvatarProps = {
  name: string;
  src: string | null;
  /** Guilds and brands are squares, people and accounts circles. */
  square?: boolean;
  className?: string;
};

/** A picture over the initials, which show where there is none. The name stands beside it, so it is not read out. */
export function Avatar({ name, src, square, className }: AvatarProps) {
  const [broken, setBroken] = useState<string | null>(null);
  return (
    <span
      aria-hidden="true"
      className={cn(
        "relative grid shrink-0 select-none place-items-center overflow-hidden bg-active font-medium text-muted base:size-8 base:text-2xs",
        square ? "base:rounded-md" : "base:rounded-full",
        className,
      )}
    >
      {initials(name)}
      {src && src !== broken && (
        // biome-ignore lint/performance/noImgElement: pictures of other services, already small
        <img
          src={src}
          alt=""
          referrerPolicy="no-referrer"
          onError={() => setBroken(src)}
          className="absolute inset-0 size-full bg-surface object-cover"
        />
      )}
    </span>
  );
}

/** First letters of the first and the last word; signs such as "@" or "#" do not count. */
export function initials(name: string): string {
  const words = name
    .split(/[\s._-]+/u)
    .map((word) => word.replace(/[^\p{L}\p{N}]/gu, ""))
    .filter(Boolean);
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words.slice(0, 1);
  return ends.map((word) => [...(word ?? "")][0]?.toUpperCase() ?? "").join("") || "?";
}
