/** A call that works as it stands, for whoever has just made a key. */
export function curlExample(apiUrl: string, guildId: string, key: string): string {
  return [
    "curl --fail-with-body \\",
    `  --header 'Authorization: Bearer ${key}' \\`,
    `  '${apiUrl}/api/v1/guilds/${guildId}/posts?limit=10'`,
  ].join("\n");
}
