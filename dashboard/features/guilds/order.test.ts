import { expect, it } from "vitest";
import { listed } from "./order";
import type { Guild } from "./queries";

const guilds = ["Field Notes", "Harbour Studio", "Atelier"].map(
  (name, place) => ({ id: String(place), name }) as Guild,
);
const names = (search: string, recent: string[] = []) => listed(guilds, search, recent).map((guild) => guild.name);

it("lists the visited last first and the others by name", () => {
  expect(names("")).toEqual(["Atelier", "Field Notes", "Harbour Studio"]);
  expect(names("", ["1", "0"])).toEqual(["Harbour Studio", "Field Notes", "Atelier"]);
});

it("finds every word of a search wherever it stands, in any case", () => {
  expect(names(" STUDIO har ")).toEqual(["Harbour Studio"]);
  expect(names("nothing")).toEqual([]);
});
