const safe = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Tells whether a request may act with the browser's cookies: a read, or a write that a page of this very origin makes.
 * The browser says so in Sec-Fetch-Site (W3C Fetch Metadata), an older one in Origin; one that says neither may not.
 */
export function mayAct(method: string, headers: Headers, ownOrigin: string): boolean {
  if (safe.has(method)) {
    return true;
  }
  const site = headers.get("sec-fetch-site");
  return site !== null ? site === "same-origin" : headers.get("origin") === ownOrigin;
}
