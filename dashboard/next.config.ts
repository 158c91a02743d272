import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { NextConfig } from "next";

// Data that browsers stored under another contract is thrown away: see lib/query/persist.ts.
const contract = createHash("sha256")
  .update(readFileSync(new URL("./lib/schema.d.ts", import.meta.url)))
  .digest("hex");

// The policy of what a page may load is made for each request in proxy.ts; these stand on every answer, files included.
const headers = [
  { key: "Strict-Transport-Security", value: "max-age=63072000; includeSubDomains" },
  { key: "X-Content-Type-Options", value: "nosniff" },
  { key: "X-Frame-Options", value: "DENY" },
  { key: "Referrer-Policy", value: "same-origin" },
  { key: "Cross-Origin-Opener-Policy", value: "same-origin" },
  { key: "Cross-Origin-Resource-Policy", value: "same-origin" },
  { key: "Permissions-Policy", value: "camera=(), geolocation=(), microphone=(), payment=(), usb=()" },
];

const config: NextConfig = {
  output: "standalone",
  poweredByHeader: false,

  typedRoutes: true,
  // Pictures are shown as they are. The optimizer would fetch addresses that anybody names, this server's own too.
  images: { unoptimized: true },
  outputFileTracingExcludes: { "*": ["node_modules/@img/**", "node_modules/sharp/**"] },
  outputFileTracingRoot: import.meta.dirname,
  experimental: {
    // Fewer, bigger chunks: gzip finds more in them. See docs/adr/0022-first-load-javascript.md.
    turbopackChunking: { firstPageLoadPriority: 0.8, minChunkSize: 200_000, maxMergeChunkSize: 1_000_000 },
  },
  env: { NEXT_PUBLIC_CONTRACT_HASH: contract.slice(0, 16) },
  headers: async () => [{ source: "/:path*", headers }],
};

export default config;
