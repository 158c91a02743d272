import { expect, it } from "vitest";
import { initials } from "./avatar";

it.each([
  ["Harbour Studio", "HS"],
  ["Mara (manager)", "MM"],
  ["@field.notes", "FN"],
  ["solo", "S"],
  ["über alles sein", "ÜS"],
  ["", "?"],
  ["###", "?"],
])("makes of %j the initials %s", (name, want) => {
  expect(initials(name)).toBe(want);
});
