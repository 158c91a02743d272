import type { NextConfig } from "next";

const config: NextConfig = {
  output: "standalone",
  poweredByHeader: false,
  typedRoutes: true,
  outputFileTracingRoot: import.meta.dirname,
};

export default config;
