/** How a field to write or choose in looks. */
export const controlClass =
  "min-w-0 rounded-md border text-fg shadow-card base:h-8 base:w-full base:border-line-strong base:bg-surface base:px-2.5 base:text-sm placeholder:text-subtle hover:border-control focus-visible:outline-2 focus-visible:outline-offset-0 focus-visible:outline-ring data-disabled:cursor-not-allowed data-disabled:opacity-50 data-invalid:border-danger-solid pointer-coarse:base:h-10 pointer-coarse:text-base";
