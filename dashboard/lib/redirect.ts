import { serializeCookie } from "@/lib/set-cookie";

/** Sends a browser elsewhere with a GET. A path stays on this dashboard, whatever name it was reached by. */
export function leadTo(location: string, ...cookies: Parameters<typeof serializeCookie>[0][]): Response {
  const headers = new Headers({ location, "cache-control": "no-store", "referrer-policy": "no-referrer" });
  for (const cookie of cookies) {
    headers.append("set-cookie", serializeCookie(cookie));
  }
  return new Response(null, { status: 303, headers });
}
