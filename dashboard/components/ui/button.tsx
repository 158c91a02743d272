import { cva, type VariantProps } from "class-variance-authority";
import type { ComponentProps, MouseEvent, ReactNode } from "react";
import { cn } from "@/lib/cn";
import { Link, type LinkProps } from "./link";

export const buttonVariants = cva(
  "inline-flex shrink-0 select-none items-center whitespace-nowrap border transition-colors base:justify-center base:gap-1.5 base:rounded-md base:font-medium data-disabled:cursor-not-allowed data-disabled:opacity-50 [&_svg]:size-4 [&_svg]:shrink-0",
  {
    variants: {
      variant: {
        primary: "border-transparent bg-accent text-accent-fg shadow-card hover:bg-accent-hover",
        secondary:
          "base:border-line-strong base:bg-surface base:text-fg shadow-card hover:bg-hover data-popup-open:bg-active",
        ghost:
          "border-transparent text-muted hover:bg-hover hover:text-fg data-popup-open:bg-active data-popup-open:text-fg",
        danger: "border-transparent bg-danger-soft text-danger hover:bg-danger-soft hover:brightness-95",
        link: "h-auto border-transparent px-0 text-accent-text underline-offset-4 hover:underline",
      },
      size: {
        sm: "text-xs base:h-7 base:px-2 pointer-coarse:base:h-9",
        md: "text-sm base:h-8 base:px-3 pointer-coarse:base:h-10",
        lg: "text-sm base:h-11 base:px-5",
        icon: "size-8 pointer-coarse:size-10",
        "icon-sm": "size-7 pointer-coarse:size-9",
      },
    },
    defaultVariants: { variant: "secondary", size: "md" },
  },
);

type Look = VariantProps<typeof buttonVariants>;

export type ButtonProps = ComponentProps<"button"> &
  Look & {
    /** Shows that the action runs; the button keeps its width and its focus and ignores presses. */
    pending?: boolean;
  };

export function Button({ className, variant, size, pending, disabled, onClick, children, ...props }: ButtonProps) {
  const ignore = (event: MouseEvent) => event.preventDefault();
  return (
    <button
      type="button"
      disabled={disabled && !pending}
      aria-disabled={pending || undefined}
      aria-busy={pending || undefined}
      data-disabled={disabled || pending ? "" : undefined}
      onClick={pending ? ignore : onClick}
      className={cn(buttonVariants({ variant, size }), className)}
      {...props}
    >
      {pending ? <Spinner /> : null}
      {children}
    </button>
  );
}

/** A button whose only content is an icon; `label` is its name for everybody who does not see it. */
export function IconButton({ label, size = "icon", variant = "ghost", ...props }: ButtonProps & { label: string }) {
  return <Button aria-label={label} size={size} variant={variant} {...props} />;
}

export function LinkButton({ className, variant, size, ...props }: LinkProps & Look & { children: ReactNode }) {
  return <Link className={cn(buttonVariants({ variant, size }), className)} {...props} />;
}

/** An address outside of the dashboard, in a tab of its own. */
export function ExternalButton({
  className,
  variant,
  size,
  ...props
}: Omit<ComponentProps<"a">, "className"> & Look & { className?: string }) {
  return (
    <a
      target="_blank"
      rel="noopener noreferrer"
      className={cn(buttonVariants({ variant, size }), className)}
      {...props}
    />
  );
}

export function Spinner({ className }: { className?: string }) {
  return (
    <span
      aria-hidden="true"
      className={cn(
        "size-3.5 shrink-0 animate-spin rounded-full border-2 border-current border-r-transparent",
        className,
      )}
    />
  );
}
