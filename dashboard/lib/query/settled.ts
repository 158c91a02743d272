/** Work that a browser does when it has nothing else to do; browsers without it wait a little. */
const idle = () =>
  new Promise<void>((resolve) => {
    if (typeof requestIdleCallback === "function") requestIdleCallback(() => resolve(), { timeout: 1_000 });
    else setTimeout(resolve, 50);
  });

/**
 * Resolves when the page that the server sent is taken over. Parts of it arrive and are taken over late, one by one;
 * stored data that came in between would differ from the markup that they are compared with.
 */
export async function pageSettled(): Promise<void> {
  if (document.readyState !== "complete") {
    await new Promise((resolve) => window.addEventListener("load", resolve, { once: true }));
  }
  await idle();
  await idle();
}
