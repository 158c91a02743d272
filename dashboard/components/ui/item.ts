/** How an entry of a menu, a select or a list looks. */
export const itemClass =
  "flex cursor-default select-none items-center gap-2 rounded px-2 py-1.5 text-sm outline-none base:text-fg data-disabled:opacity-50 data-highlighted:base:bg-hover pointer-coarse:py-2.5 [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:base:text-subtle";
