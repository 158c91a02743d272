/**
 * Tells whether a value is a path on this dashboard and can be nothing else to any browser: it begins with one slash,
 * holds no backslash and only visible ASCII, and has at most 512 characters. The API holds the same rule.
 */
export function isReturnTo(value: unknown): value is string {
  return typeof value === "string" && value.length <= 512 && /^\/(?!\/)[!-[\]-~]*$/.test(value);
}

/** The path to come back to: the value when it is one, else the start page. A way back to the sign-in is none. */
export function safeReturnTo(value: unknown): string {
  return isReturnTo(value) && !/^\/(login|auth|api)(?![\w-])/.test(value) ? value : "/";
}

/** The login page that leads back to path. */
export function loginPath(path: string, error?: string): string {
  const query = new URLSearchParams();
  if (error !== undefined) {
    query.set("error", error);
  }
  const target = safeReturnTo(path);
  if (target !== "/") {
    query.set("returnTo", target);
  }
  return query.size === 0 ? "/login" : `/login?${query}`;
}
