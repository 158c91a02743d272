import { expect, harbour, test } from "./world";

test("every answer carries the headers that close a browser's doors", async ({ mara, request }) => {
  const page = await mara.goto(`/guilds/${harbour.id}`);
  const policy = page?.headers()["content-security-policy"] ?? "";
  expect(policy).toMatch(/script-src 'nonce-[A-Za-z0-9+/]{22}==' 'strict-dynamic';/);
  for (const part of [
    "default-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "connect-src 'self'",
    "form-action 'self'",
  ]) {
    expect(policy).toContain(part);
  }
  expect(policy).not.toMatch(/script-src[^;]*unsafe/);
  const again = await mara.goto(`/guilds/${harbour.id}`);
  expect(again?.headers()["content-security-policy"]).not.toBe(policy);
  const asset = await mara.evaluate(() => document.querySelector<HTMLLinkElement>("link[rel=stylesheet]")?.href ?? "");
  for (const address of ["/login", "/terms", "/no-such-page", `/guilds/${harbour.id}`, "/api/v1/guilds", asset]) {
    const headers = (await request.get(address)).headers();
    expect(headers, address).toMatchObject({
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "referrer-policy": "same-origin",
      "cross-origin-opener-policy": "same-origin",
    });
    expect(headers["strict-transport-security"], address).toContain("max-age=63072000");
    expect(headers["x-powered-by"], address).toBeUndefined();
  }
});

test("a page with data is in no shared cache, a legal page may be", async ({ mara, request }) => {
  expect((await mara.goto("/"))?.headers()["cache-control"]).toMatch(/private|no-store/);
  expect((await request.get("/login")).headers()["cache-control"]).toContain("no-store");
  expect((await request.get("/terms")).headers()["cache-control"]).toMatch(/s-maxage/);
});

test("a page of another origin can neither read nor write with the cookie", async ({ mara }) => {
  const write = await mara.request.post(`/api/v1/guilds/${harbour.id}/brands`, {
    data: { name: "Forged" },
    headers: { origin: "https://evil.example", "sec-fetch-site": "cross-site" },
  });
  expect(write.status()).toBe(403);
  const logout = await mara.request.post("/auth/logout", { headers: { origin: "https://evil.example" } });
  expect(logout.status()).toBe(403);
  const read = await mara.request.get("/api/v1/guilds", { headers: { origin: "https://evil.example" } });
  expect(read.headers()["access-control-allow-origin"]).toBeUndefined();
});

test("a cookie that was tampered with is no session, and goes", async ({ page, baseURL }) => {
  const domain = new URL(baseURL ?? "").hostname;
  const forged = { name: "__Host-tb_session", value: "eyJhbGciOiJkaXIifQ..a.b.c", domain, path: "/" };
  await page.context().addCookies([{ ...forged, secure: true, httpOnly: true, sameSite: "Lax" }]);
  await page.goto("/");
  await expect(page).toHaveURL("/login");
  expect((await page.context().cookies()).filter(({ name }) => name === forged.name)).toEqual([]);
});

test("a session that looks alive and is not ends at the login page, without a circle", async ({ page }) => {
  await page.goto("/auth/resume?returnTo=/guilds/1");
  await expect(page).toHaveURL("/login?returnTo=%2Fguilds%2F1");
  await page.goto("/auth/resume?returnTo=//evil.example");
  await expect(page).toHaveURL("/login");
});

test("no address, header or answer of a page gives a token away", async ({ mara }) => {
  const texts: string[] = [];
  mara.on("response", async (response) => {
    const body = await response.text().catch(() => "");
    texts.push(response.url(), JSON.stringify(response.headers()), body);
  });
  await mara.goto(`/guilds/${harbour.id}`, { waitUntil: "networkidle" });
  expect(texts.join("\n")).not.toMatch(/tb_rt_|eyJ[\w-]{20,}\.eyJ/);
});

test("the server fetches no address that a visitor names", async ({ request }) => {
  for (const named of ["/api/v1/guilds", "/login", "http://127.0.0.1:1/", "https://example.com/a.png"]) {
    const address = `/_next/image?url=${encodeURIComponent(named)}&w=64&q=75`;
    expect((await request.get(address, { maxRedirects: 0 })).status(), named).toBe(404);
  }
});
