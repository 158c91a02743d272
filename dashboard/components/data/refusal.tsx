import { guildHref } from "@/components/shell/navigation";
import { LinkButton } from "@/components/ui/button";
import { fields } from "@/lib/query/errors";
import { explain } from "@/lib/query/explain";

interface RefusalProps {
  error: unknown;
  /** Whose plan may be what refuses. */
  guildId?: string;
  /** Fields of the form that show their own message: a refusal that names one of them is not told twice. */
  named?: readonly string[];
}

/** Why a form was refused, and what to do about it. */
export function Refusal({ error, guildId, named = [] }: RefusalProps) {
  const { title, advice, requestId } = explain(error);
  const { code, errors } = fields(error);
  if (errors?.some(({ field }) => named.includes(rootOf(field)))) return null;
  return (
    <div role="alert" className="rounded-md bg-danger-soft px-3 py-2 text-danger text-sm">
      <p className="font-medium">{title}</p>
      <p>{errors?.length ? errors.map(({ field, message }) => `${field}: ${message}`).join("; ") : advice}</p>
      {code === "tier_limit" && guildId && (
        <LinkButton variant="link" href={guildHref(guildId, "/plan")}>
          See what the plan allows
        </LinkButton>
      )}
      {requestId && code === "internal" && <p className="mt-1 font-mono text-xs">Request {requestId}</p>}
    </div>
  );
}

/** "include" of "include[3]" and "include.3". */
const rootOf = (field: string) => field.split(/[.[]/)[0] ?? field;

/** The message of a refusal that names this field or an item of it. */
export function faultOf(error: unknown, name: string): string | undefined {
  return fields(error).errors?.find(({ field }) => rootOf(field) === name)?.message;
}
