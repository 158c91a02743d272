"use client";

import { Input as BaseInput } from "@base-ui/react/input";
import { Search, X } from "lucide-react";
import { type ComponentProps, type KeyboardEvent, type Ref, useImperativeHandle, useRef } from "react";
import { cn } from "@/lib/cn";

export const controlClass =
  "h-8 w-full min-w-0 rounded-md border border-line-strong bg-surface px-2.5 text-sm text-fg shadow-card placeholder:text-subtle hover:border-control focus-visible:outline-2 focus-visible:outline-offset-0 focus-visible:outline-ring data-disabled:cursor-not-allowed data-disabled:opacity-50 data-invalid:border-danger-solid pointer-coarse:h-10 pointer-coarse:text-base";

type InputProps = Omit<ComponentProps<typeof BaseInput>, "className"> & { className?: string };

export function Input({ className, ...props }: InputProps) {
  return <BaseInput className={cn(controlClass, className)} {...props} />;
}

export function Textarea({ className, ...props }: ComponentProps<"textarea">) {
  return (
    <textarea className={cn(controlClass, "h-auto min-h-20 py-1.5 pointer-coarse:h-auto", className)} {...props} />
  );
}

type SearchProps = Omit<InputProps, "type" | "value" | "defaultValue" | "ref"> & {
  /** What is searched, read to people who do not see the glass. */
  label: string;
  value: string;
  onValueChange: (value: string) => void;
  ref?: Ref<HTMLInputElement>;
};

/** A field to search in. Escape or the cross empties it. */
export function SearchInput({ label, value, onValueChange, className, ref, onKeyDown, ...props }: SearchProps) {
  const own = useRef<HTMLInputElement>(null);
  useImperativeHandle(ref, () => own.current as HTMLInputElement);
  const clear = () => {
    onValueChange("");
    own.current?.focus();
  };
  return (
    <div className={cn("relative", className)}>
      <Search
        aria-hidden="true"
        className="pointer-events-none absolute top-1/2 left-2.5 size-4 -translate-y-1/2 text-subtle"
      />
      <Input
        ref={own}
        type="search"
        aria-label={label}
        placeholder={label}
        value={value}
        onValueChange={(next) => onValueChange(next)}
        onKeyDown={(event) => {
          if (event.key === "Escape" && value !== "") {
            event.preventDefault();
            clear();
          }
          (onKeyDown as ((e: KeyboardEvent<HTMLInputElement>) => void) | undefined)?.(event);
        }}
        className="px-8 [&::-webkit-search-cancel-button]:hidden"
        {...props}
      />
      {value !== "" && (
        <button
          type="button"
          aria-label="Clear search"
          onClick={clear}
          className="absolute top-1/2 right-1 grid size-6 -translate-y-1/2 place-items-center rounded text-subtle hover:bg-hover hover:text-fg"
        >
          <X aria-hidden="true" className="size-3.5" />
        </button>
      )}
    </div>
  );
}
