"use client";

import { useEffect, useState } from "react";
import { Check, Copy } from "@/components/ui/icons";
import { IconButton } from "./button";
import { notify } from "./toast";

type CopyProps = { value: string; label?: string; className?: string };

/** Puts a value on the clipboard and says so, to the eye and to a screen reader. */
export function CopyButton({ value, label = "Copy", className }: CopyProps) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);

  const copy = () => {
    navigator.clipboard.writeText(value).then(
      () => setCopied(true),
      () => notify.error("The browser did not allow copying", { description: value }),
    );
  };
  return (
    <>
      <IconButton label={label} size="icon-sm" onClick={copy} className={className}>
        {copied ? <Check aria-hidden="true" className="text-success" /> : <Copy aria-hidden="true" />}
      </IconButton>
      <span role="status" className="sr-only">
        {copied ? "Copied" : ""}
      </span>
    </>
  );
}
