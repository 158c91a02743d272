import { countOf, type Undone } from "./use-bulk";

const NAMED = 5;

/** What a change of many accounts did not reach, by name and with the reason. */
export function BulkUndone({ did, report: { failures, left } }: Undone) {
  return (
    <div role="alert" className="basis-full rounded-md bg-danger-soft px-3 py-2 text-danger text-sm">
      <p className="font-medium">
        {countOf(failures.length + left.length)} not {did}. They are still selected.
      </p>
      <ul>
        {failures.slice(0, NAMED).map(({ item, name, why }) => (
          <li key={item.id} className="wrap-anywhere">
            {name}: {why}
          </li>
        ))}
        {failures.length > NAMED && <li>and {failures.length - NAMED} more</li>}
        {left.length > 0 && <li>{countOf(left.length)} not tried: Trackbot does not answer.</li>}
      </ul>
    </div>
  );
}
