import "server-only";
import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";
import { env } from "@/lib/env";

/**
 * Appends the peer's address to X-Forwarded-For of every request, as any proxy does. The API looks for its caller from
 * the right, past the proxies it trusts: a browser that reaches this server directly cannot pass for another by sending
 * the header itself. Vercel sets the header on its own, and so does a proxy that CLIENT_ADDRESS_HEADER believes.
 */
export function noteCallers(): void {
  if (process.env.VERCEL !== undefined || env().CLIENT_ADDRESS_HEADER === "x-forwarded-for") {
    return;
  }
  subscribe("http.server.request.start", (message) => {
    const { request } = message as { request: IncomingMessage };
    const peer = request.socket.remoteAddress;
    if (peer !== undefined) {
      const before = request.headers["x-forwarded-for"];
      request.headers["x-forwarded-for"] = before === undefined ? peer : `${before}, ${peer}`;
    }
  });
}
