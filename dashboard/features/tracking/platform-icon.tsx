import { AtSign, Camera, Cloud, type Icon, Music2, Rss, SquarePlay, Tv, X } from "@/components/ui/icons";
import { cn } from "@/lib/cn";
import { platformLabel } from "./labels";
import type { Platform } from "./types";

const icons: Record<Platform, Icon> = {
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
      className={cn("shrink-0 text-subtle base:size-4", className)}
    />
  );
}
