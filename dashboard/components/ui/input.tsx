"use client";

import { Input as BaseInput } from "@base-ui/react/input";
import type { ComponentProps } from "react";
import { cn } from "@/lib/cn";
import { controlClass } from "./control";

type InputProps = Omit<ComponentProps<typeof BaseInput>, "className"> & { className?: string };

export function Input({ className, ...props }: InputProps) {
  return <BaseInput className={cn(controlClass, className)} {...props} />;
}

export function Textarea({ className, ...props }: ComponentProps<"textarea">) {
  return <textarea className={cn(controlClass, "h-auto min-h-20 py-1.5", className)} {...props} />;
}
