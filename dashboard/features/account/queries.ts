import { read } from "@/lib/read";

export const meQuery = read("/auth/me", {});
export const sessionsQuery = read("/auth/sessions", { params: { query: { limit: 100 } } });
