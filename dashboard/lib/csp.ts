/**
 * What a page may load. Scripts need the nonce of their request; what they load in turn is trusted with them. A page
 * without a nonce was made at build time out of our own text alone: its scripts are ours, inline ones too.
 */
export function contentSecurityPolicy(options: {
  nonce: string | undefined;
  imageOrigins: readonly string[];
  secure: boolean;
  development: boolean;
}): string {
  const { nonce, imageOrigins, secure, development } = options;
  const scripts = nonce === undefined ? "'self' 'unsafe-inline'" : `'nonce-${nonce}' 'strict-dynamic'`;
  const directives = [
    "default-src 'self'",
    `script-src ${scripts}${development ? " 'unsafe-eval'" : ""}`,
    // Charts and virtual rows place themselves by style attributes, and toasts bring their style element along.
    "style-src 'self' 'unsafe-inline'",
    // Avatars and previews come from wherever the platforms keep them.
    ["img-src 'self' data: blob: https:", ...imageOrigins].join(" "),
    "font-src 'self'",
    `connect-src 'self'${development ? " ws:" : ""}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-src 'none'",
    "frame-ancestors 'none'",
  ];
  if (secure) {
    directives.push("upgrade-insecure-requests");
  }
  return directives.join("; ");
}
