/** Before the first request: a faulty environment stops the start, and requests carry the address they came from. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") {
    return;
  }
  const { env } = await import("@/lib/env");
  env();
  const { noteCallers } = await import("@/lib/forwarded");
  noteCallers();
}
