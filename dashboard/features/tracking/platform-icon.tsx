import { AtSign, Camera, Cloud, type LucideIcon, Music2, Rss, SquarePlay, Tv, X } from "lucide-react";
import { cn } from "@/lib/cn";
import { platformLabel } from "./labels";
import type { Platform } from "./types";

const icons: Record<Platform, LucideIcon> = {
  rss: Rss,
  bluesky: Cloud,
  mastodon: AtSign,
  youtube: SquarePlay,
  twitch: Tv,
  x: X,
  instagram: Camera,
  tiktok: Music2,
};

interface PlatformIconProps {
  platform: Platform;
  /** The name stands beside it. */
  decorative?: boolean;
  className?: string;
}

/** A sign for a platform, of our own: the platforms' logos are theirs. */
export function PlatformIcon({ platform, decorative, className }: PlatformIconProps) {
  const Icon = icons[platform];
  return (
    <Icon
      {...(decorative ? { "aria-hidden": true } : { role: "img", "aria-label": platformLabel[platform] })}
      className={cn("size-4 shrink-0 text-subtle", className)}
    />
  );
}
