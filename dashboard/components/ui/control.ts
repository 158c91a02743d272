/** How a field to write or choose in looks. */
export const controlClass =
  "h-8 w-full min-w-0 rounded-md border border-line-strong bg-surface px-2.5 text-sm text-fg shadow-card placeholder:text-subtle hover:border-control focus-visible:outline-2 focus-visible:outline-offset-0 focus-visible:outline-ring data-disabled:cursor-not-allowed data-disabled:opacity-50 data-invalid:border-danger-solid pointer-coarse:h-10 pointer-coarse:text-base";
