import { describe, expect, it } from "vitest";
import { toQuery } from "./queries";
import { actionLabel, fieldLabel, integrityWords, subjectOf, valueText } from "./words";

describe("words", () => {
  it.each([
    ["account.channel_changed", "Account: channel changed"],
    ["api_key.revoked", "API key: revoked"],
    ["access.refused", "Access: refused"],
    ["odd", "Odd"],
  ])("%s is %s", (action, want) => expect(actionLabel(action)).toBe(want));

  it.each([
    ["quietHours", "Quiet hours"],
    ["default_channel_id", "Default channel"],
    ["mentionRoleId", "Mention role"],
    ["name", "Name"],
  ])("%s is %s", (field, want) => expect(fieldLabel(field)).toBe(want));

  it.each([
    [null, null],
    ["", null],
    [[], null],
    [true, "on"],
    [0, "0"],
    [["post", "video"], "post, video"],
    [{ start: "22:00", end: null }, "start 22:00, end –"],
  ])("%o is %s", (value, want) => expect(valueText(value as never)).toBe(want));

  it("names what was changed where the change does", () => {
    const change = (field: string, old: unknown, now: unknown) => ({ field, old, new: now }) as never;
    expect(subjectOf([change("platform", null, "rss"), change("handle", null, "blog.example")])).toBe("blog.example");
    expect(subjectOf([change("name", "North", null)])).toBe("North");
    expect(subjectOf([change("digest", "off", "daily")])).toBeNull();
  });

  it("names the entry that is not as it was", () => {
    const broken = { state: "broken", entries: 9, checkedEntries: 3, brokenSeq: 4, checkedAt: null } as const;
    expect(integrityWords(broken).meaning).toContain("Entry 4");
  });
});

describe("toQuery", () => {
  const none = { target: null, action: null, actor: null, from: null, to: null };
  it("leaves out what is not set and turns a range the wrong way round", () => {
    expect(toQuery(none)).toEqual({});
    expect(toQuery({ ...none, target: "account", from: "2026-11-09", to: "2026-11-01" })).toEqual({
      targetType: "account",
      from: "2026-11-01",
      to: "2026-11-09",
    });
  });
});
