/** A cookie as a Set-Cookie line (RFC 6265bis §4.1). Names and values are our own and need no escaping. */
export function serializeCookie(cookie: {
  name: string;
  value: string;
  maxAge: number;
  path: string;
  httpOnly: boolean;
  secure: boolean;
  sameSite: "lax";
}): string {
  const parts = [`${cookie.name}=${cookie.value}`, `Path=${cookie.path}`, `Max-Age=${cookie.maxAge}`];
  if (cookie.httpOnly) {
    parts.push("HttpOnly");
  }
  if (cookie.secure) {
    parts.push("Secure");
  }
  return [...parts, "SameSite=Lax"].join("; ");
}
