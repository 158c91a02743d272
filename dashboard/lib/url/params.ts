// What an address may hold of a page's state. Read on the server, for the page's first data, and in the browser.

/** One part of the state in the query of an address. What is not there, or is nothing that it could be, is `fallback`. */
export interface Param<T> {
  parse(value: string): NonNullable<T> | null;
  format(value: NonNullable<T>): string;
  fallback: T;
}

export type Params = Record<string, Param<unknown>>;
export type Values<P extends Params> = { [K in keyof P]: P[K] extends Param<infer T> ? T : never };

/** What Next.js hands a page as its query. */
export type SearchParams = Record<string, string | string[] | undefined>;

/** A part that its own functions read and write; absent is null unless `fallback` says otherwise. */
export function param<T>(parse: (value: string) => T | null, format: (value: T) => string): Param<T | null>;
export function param<T>(parse: (value: string) => T | null, format: (value: T) => string, fallback: T): Param<T>;
export function param<T>(parse: (value: string) => T | null, format: (value: T) => string, fallback: T | null = null) {
  return { parse, format, fallback };
}

const same = (value: string) => value;

export function text(): Param<string | null>;
export function text(fallback: string): Param<string>;
export function text(fallback: string | null = null): Param<string | null> {
  return param<string | null>(same, (value) => value ?? "", fallback);
}

/** One of a closed list. */
export function oneOf<const T extends string>(values: readonly T[]): Param<T | null>;
export function oneOf<const T extends string>(values: readonly T[], fallback: NoInfer<T>): Param<T>;
export function oneOf<const T extends string>(values: readonly T[], fallback: T | null = null): Param<T | null> {
  return param<T | null>(
    (value) => values.find((each) => each === value) ?? null,
    (value) => value ?? "",
    fallback,
  );
}

/** A calendar day such as 2026-11-22. */
export const day = param<string>(
  (value) => (/^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value)) ? value : null),
  same,
);

/** The state that an address holds; of a name that is repeated the first counts. */
export function readParams<P extends Params>(params: P, search: URLSearchParams | SearchParams): Values<P> {
  const at = (name: string) => {
    const found = search instanceof URLSearchParams ? search.get(name) : search[name];
    return Array.isArray(found) ? found[0] : found;
  };
  const read = ([name, { parse, fallback }]: [string, Param<unknown>]) => {
    const value = at(name);
    return [name, (value === undefined || value === null ? null : parse(value)) ?? fallback];
  };
  return Object.fromEntries(Object.entries(params).map(read)) as Values<P>;
}

/** The query with the change made: what is the fallback has no place in it, what belongs to others stays. */
export function changedSearch<P extends Params>(params: P, search: string, change: Partial<Values<P>>): string {
  const next = new URLSearchParams(search);
  for (const [name, value] of Object.entries(change)) {
    const { format, fallback } = params[name] as Param<unknown>;
    const written = value === null || value === undefined ? null : format(value);
    if (written === null || (fallback !== null && written === format(fallback as NonNullable<unknown>)))
      next.delete(name);
    else next.set(name, written);
  }
  return next.size > 0 ? `?${next}` : "";
}
