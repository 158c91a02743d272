"use client";

import { guildHref } from "@/components/shell/navigation";
import { LinkButton } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Check } from "@/components/ui/icons";
import { guildQuery } from "@/features/guilds/queries";
import { cn } from "@/lib/cn";
import { useQuery } from "@/lib/query/use-query";
import { checklist, isOnboarding, type Step } from "./checklist";
import { latestPostsQuery } from "./queries";
import { useUsage } from "./use-usage";

/** The way to the first message, for those who can go it; gone when it is gone. */
export function ChecklistCard({ guildId }: { guildId: string }) {
  const guild = useQuery(guildQuery(guildId)).data;
  const usage = useUsage(guildId).data;
  const posts = useQuery(latestPostsQuery(guildId)).data;
  if (!guild?.canManage) return null;
  const sent =
    posts?.items.some((post) => post.delivery.state === "sent") || (usage?.totals.notificationsSent ?? 0) > 0;
  const known = { guild, delivered: usage && posts ? sent : undefined };
  const steps = checklist(known);
  if (!isOnboarding(steps, known)) return null;
  return <Checklist guildId={guildId} steps={steps} />;
}

export function Checklist({ guildId, steps }: { guildId: string; steps: readonly Step[] }) {
  const done = steps.filter((step) => step.done).length;
  const next = steps.find((step) => !step.done);
  return (
    <Card aria-labelledby="onboarding" className="mb-4">
      <header className="flex items-baseline justify-between gap-4 px-4 pt-3 pb-2">
        <h2 id="onboarding" className="font-semibold text-sm">
          Get started
        </h2>
        <p className="figures text-muted text-xs">
          {done} of {steps.length} done
        </p>
      </header>
      <ol className="grid divide-y border-t md:auto-cols-fr md:grid-flow-col md:divide-x md:divide-y-0">
        {steps.map((step, place) => (
          <li key={step.id} aria-current={step === next ? "step" : undefined} className="flex gap-3 p-4">
            <span
              className={cn(
                "grid size-5 shrink-0 place-items-center rounded-full border font-medium text-2xs",
                step.done
                  ? "border-transparent bg-success-soft text-success"
                  : step === next
                    ? "border-accent text-accent-text"
                    : "text-muted",
              )}
            >
              {step.done ? <Check aria-hidden="true" className="size-3" /> : place + 1}
            </span>
            <div className="min-w-0">
              <p className={cn("font-medium", step.done && "text-muted")}>
                {step.title}
                {step.done && <span className="sr-only"> (done)</span>}
              </p>
              {step === next && <p className="mt-1 text-muted text-xs">{step.advice}</p>}
              {step === next && step.path && (
                <LinkButton href={guildHref(guildId, step.path)} variant="link" size="sm" className="mt-2">
                  Go there
                </LinkButton>
              )}
            </div>
          </li>
        ))}
      </ol>
    </Card>
  );
}
