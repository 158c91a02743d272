"use client";

import { Menu as Base } from "@base-ui/react/menu";
import type { Route } from "next";
import type { ComponentProps, ReactElement, ReactNode } from "react";
import { Check } from "@/components/ui/icons";
import { Link } from "@/components/ui/link";
import { cn } from "@/lib/cn";
import { itemClass } from "./item";

export type MenuPopupProps = {
  /** The button that opens it. */
  trigger: ReactElement;
  align?: "start" | "center" | "end";
  side?: "top" | "bottom" | "left" | "right";
  /** Open as soon as it is there. */
  defaultOpen?: boolean;
  className?: string;
  children: ReactNode;
};

export function MenuPopup({
  trigger,
  defaultOpen,
  align = "start",
  side = "bottom",
  className,
  children,
}: MenuPopupProps) {
  return (
    <Base.Root defaultOpen={defaultOpen}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner align={align} side={side} sideOffset={4} className="z-50">
          <Base.Popup className={cn("popup max-h-(--available-height) min-w-44 overflow-y-auto p-1", className)}>
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

type ItemProps = Omit<ComponentProps<typeof Base.Item>, "className"> & { danger?: boolean; className?: string };

export function MenuItem({ danger, className, ...props }: ItemProps) {
  return (
    <Base.Item
      className={cn(itemClass, danger && "text-danger data-highlighted:bg-danger-soft [&_svg]:text-danger", className)}
      {...props}
    />
  );
}

export function MenuLink({ href, children }: { href: Route; children: ReactNode }) {
  return (
    <Base.LinkItem closeOnClick className={itemClass} render={<Link href={href} />}>
      {children}
    </Base.LinkItem>
  );
}

type RadioProps<T extends string> = {
  label: string;
  value: T;
  onValueChange: (value: T) => void;
  options: readonly { value: T; label: string; icon?: ReactNode }[];
};

export function MenuRadioGroup<T extends string>({ label, value, onValueChange, options }: RadioProps<T>) {
  return (
    <Base.RadioGroup value={value} onValueChange={onValueChange} aria-label={label}>
      {options.map((option) => (
        <Base.RadioItem key={option.value} value={option.value} closeOnClick className={itemClass}>
          {option.icon}
          <span className="flex-1">{option.label}</span>
          <Base.RadioItemIndicator>
            <Check aria-hidden="true" />
          </Base.RadioItemIndicator>
        </Base.RadioItem>
      ))}
    </Base.RadioGroup>
  );
}

type CheckProps = {
  checked: boolean;
  onCheckedChange: (checked: boolean) => void;
  disabled?: boolean;
  children: ReactNode;
};

/** Stays open when pressed, so that several can be set in one go. */
export function MenuCheckbox({ checked, onCheckedChange, disabled, children }: CheckProps) {
  return (
    <Base.CheckboxItem checked={checked} onCheckedChange={onCheckedChange} disabled={disabled} className={itemClass}>
      <span className="grid size-4 place-items-center">
        <Base.CheckboxItemIndicator>
          <Check aria-hidden="true" />
        </Base.CheckboxItemIndicator>
      </span>
      {children}
    </Base.CheckboxItem>
  );
}

export function MenuGroup({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Base.Group>
      <Base.GroupLabel className="px-2 py-1.5 text-subtle text-xs">{label}</Base.GroupLabel>
      {children}
    </Base.Group>
  );
}

export function MenuSeparator() {
  return <Base.Separator className="-mx-1 my-1 h-px bg-line" />;
}
