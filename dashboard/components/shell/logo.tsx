import { cn } from "@/lib/cn";

/** The mark: a signal that is followed. Decorative; the name stands beside it. */
export function Logo({ className }: { className?: string }) {
  return (
    <svg aria-hidden="true" viewBox="0 0 24 24" fill="none" className={cn("base:size-6", className)}>
      <rect width="24" height="24" rx="6" className="fill-accent" />
      <path d="M5 14.5 9 10l3.2 3.6L19 7" stroke="#fff" strokeWidth="2" strokeLinecap="round" strokeLinejoin="round" />
      <circle cx="5.75" cy="18" r="1.25" fill="#fff" />
      <path d="M9.5 18h9" stroke="#fff" strokeOpacity=".55" strokeWidth="2" strokeLinecap="round" />
    </svg>
  );
}
