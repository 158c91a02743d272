"use client";

import type { ReactNode } from "react";
import { ArrowDownRight, ArrowRight, ArrowUpRight } from "@/components/ui/icons";
import { cn } from "@/lib/cn";
import { change, compact, NONE, number, signedShare } from "@/lib/format";
import { useLocale } from "@/lib/format-hooks";

type Figure = number | null;

type StatProps = {
  label: string;
  value: Figure;
  /** The same figure of the period before; leave it out where there is none to compare with. */
  before?: Figure;
  /** What the change compares with, such as "the 7 days before". */
  comparedWith?: string;
  /** Why there is no value, where it is null. */
  missing?: string;
  /** For figures of which less is better. */
  lessIsBetter?: boolean;
  children?: ReactNode;
  className?: string;
};

/** A key figure. The full number stands on hover, the change carries its sign and its words, not its colour alone. */
export function Stat(props: StatProps) {
  const {
    label,
    value,
    before,
    comparedWith = "the period before",
    missing,
    lessIsBetter,
    children,
    className,
  } = props;
  const locale = useLocale();
  return (
    <div className={cn("min-w-0 px-4 py-3", className)}>
      <dt className="truncate text-muted text-xs">{label}</dt>
      <dd className="mt-1 flex flex-wrap items-baseline gap-x-2 gap-y-0.5">
        <span
          className="figures font-semibold text-2xl/8 tracking-tight"
          title={value === null ? missing : number(value, locale)}
        >
          {value === null ? NONE : compact(value, locale)}
          {value === null && missing && <span className="sr-only">{missing}</span>}
        </span>
        {before !== undefined && value !== null && (
          <Change value={value} before={before} comparedWith={comparedWith} lessIsBetter={lessIsBetter} />
        )}
      </dd>
      {children}
    </div>
  );
}

type ChangeProps = { value: Figure; before: Figure; comparedWith?: string; lessIsBetter?: boolean };

/** The change to the period before as a share; "new" where there was nothing before, which no share can tell. */
export function Change({ value, before, comparedWith = "the period before", lessIsBetter }: ChangeProps) {
  const locale = useLocale();
  if (value === null || before === null) return null;
  if (before === 0) {
    return value === 0 ? null : (
      <span className="font-medium text-muted text-xs">
        new<span className="sr-only">: none in {comparedWith}</span>
      </span>
    );
  }
  const share = change(value, before) ?? 0;
  const Icon = share > 0 ? ArrowUpRight : share < 0 ? ArrowDownRight : ArrowRight;
  return (
    <span
      title={`${number(before, locale)} in ${comparedWith}`}
      className={cn("figures inline-flex items-center gap-0.5 font-medium text-xs", tone(share, lessIsBetter))}
    >
      <Icon aria-hidden="true" className="size-3.5" />
      {signedShare(share, locale)}
      <span className="sr-only"> against {comparedWith}</span>
    </span>
  );
}

function tone(share: number, lessIsBetter = false): string {
  if (share === 0) return "text-muted";
  return share > 0 === !lessIsBetter ? "text-success" : "text-danger";
}
