"use client";

import { Dialog } from "@/components/ui/dialog";
import { Kbd } from "@/components/ui/kbd";
import { guildSections, personalEntries } from "./navigation";

type HelpProps = { onOpenChange: (open: boolean) => void; modifier: string };

export function ShortcutHelp({ onOpenChange, modifier }: HelpProps) {
  const pages = [...guildSections.flatMap((section) => section.entries), ...personalEntries];
  const groups: [title: string, rows: [what: string, keys: string[]][]][] = [
    [
      "Anywhere",
      [
        ["Search and commands", [modifier, "K"]],
        ["Search on this page", ["/"]],
        ["This list", ["?"]],
      ],
    ],
    ["Go to", pages.map((entry) => [entry.label, ["g", entry.key]])],
  ];
  return (
    <Dialog open onOpenChange={onOpenChange} title="Keyboard shortcuts">
      <div className="grid gap-5">
        {groups.map(([title, rows]) => (
          <section key={title}>
            <h3 className="mb-1 font-medium text-muted text-xs">{title}</h3>
            <dl className="divide-y">
              {rows.map(([what, keys]) => (
                <div key={what} className="flex items-center justify-between py-1.5">
                  <dt>{what}</dt>
                  <dd className="flex gap-1">
                    {keys.map((key) => (
                      <Kbd key={key}>{key}</Kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
