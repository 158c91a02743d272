"use client";

import { Avatar as Base } from "@base-ui/react/avatar";
import { cn } from "@/lib/cn";

type AvatarProps = {
  name: string;
  src: string | null;
  /** Guilds and brands are squares, people and accounts circles. */
  square?: boolean;
  className?: string;
};

/** A picture, or the initials where there is none. The name stands beside it, so it is not read out. */
export function Avatar({ name, src, square, className }: AvatarProps) {
  return (
    <Base.Root
      aria-hidden="true"
      className={cn(
        "grid size-8 shrink-0 select-none place-items-center overflow-hidden bg-active font-medium text-2xs text-muted",
        square ? "rounded-md" : "rounded-full",
        className,
      )}
    >
      {src && <Base.Image src={src} alt="" referrerPolicy="no-referrer" className="size-full object-cover" />}
      <Base.Fallback>{initials(name)}</Base.Fallback>
    </Base.Root>
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
