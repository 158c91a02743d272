"use client";

import { type ComponentProps, type Ref, useImperativeHandle, useRef } from "react";
import { Search, X } from "@/components/ui/icons";
import { cn } from "@/lib/cn";
import { controlClass } from "./control";

type SearchProps = Omit<ComponentProps<"input">, "type" | "value" | "defaultValue" | "ref"> & {
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
      <input
        ref={own}
        type="search"
        aria-label={label}
        placeholder={label}
        value={value}
        onChange={(event) => onValueChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape" && value !== "") {
            event.preventDefault();
            clear();
          }
          onKeyDown?.(event);
        }}
        className={cn(controlClass, "px-8 [&::-webkit-search-cancel-button]:hidden")}
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
