import { EVENT_TYPES, type LiveEvent } from "./events";

// One stream of one tab.
//
//   connecting ──open, status──▶ live ──lost──▶ waiting (the browser's own, 3 s) ──▶ connecting
//        ▲                         │
//        └────── 5 s … 60 s ────── refused (an answer that is no stream: the browser gives up)
//
// The status is the end of what a stream begins with: whatever happens after it is told, what happened between the
// opening and it may not be.

export interface Handlers {
  event: (event: LiveEvent) => void;
  /** Called with true as often as it is heard that the stream is live. */
  live: (live: boolean) => void;
}

const FIRST_WAIT = 5_000;
const LONGEST_WAIT = 60_000;

/** Keeps a stream open until the returned function is called. */
export function connect(url: string, handlers: Handlers): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let refusals = 0;

  const open = () => {
    const stream = new EventSource(url);
    source = stream;
    stream.onopen = () => {
      refusals = 0;
    };
    stream.onerror = () => {
      handlers.live(false);
      if (stream.readyState !== EventSource.CLOSED) return;
      timer = setTimeout(open, Math.min(FIRST_WAIT * 2 ** refusals++, LONGEST_WAIT));
    };
    for (const type of EVENT_TYPES) {
      stream.addEventListener(type, (message: MessageEvent<string>) => {
        handlers.event({ type, data: JSON.parse(message.data) } as LiveEvent);
        if (type === "status") handlers.live(true);
      });
    }
  };
  open();
  return () => {
    clearTimeout(timer);
    source?.close();
    handlers.live(false);
  };
}
