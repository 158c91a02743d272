import { describe, expect, it } from "vitest";
import { detect } from "./detect";

describe("what a person pastes", () => {
  it.each([
    "https://bsky.app/profile/roast.example",
    "http://host.example/feed.xml",
    "host.example/blog",
    "host.example",
    "@roast.example",
    "@brew@host.example",
    "brew@127.0.0.1:8443",
    "did:plc:abc",
    "UC1234567890123456789012",
  ])("%s finds its platform by itself", (input) => {
    expect(detect(` ${input} `, "auto")).toEqual({ url: input });
  });

  it.each(["", "   ", "two words", "@name", "name"])("%j needs more", (input) => {
    expect(detect(input, "auto")).toHaveProperty("fault");
  });

  it("is a handle or an address where the platform is chosen", () => {
    expect(detect("@name", "mastodon")).toEqual({ handle: "@name" });
    expect(detect("https://www.youtube.com/@name", "youtube")).toEqual({ url: "https://www.youtube.com/@name" });
  });
});
