let handler: ((request: Request) => Promise<Response>) | undefined;

/** What a call of a test is answered. */
export function answer(request: Request): Promise<Response> {
  return handler?.(request) ?? Promise.reject(new TypeError("no network in this test"));
}

export function answerBy(next: typeof handler): void {
  handler = next;
}
