import { render, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { SuspensionBanner } from "./suspension-banner";

it("says since when and why the server is suspended, and what still works", () => {
  render(<SuspensionBanner since="2026-11-22T12:00:00.000Z" reason="Unpaid since March" />);
  const banner = screen.getByRole("status");
  expect(banner.textContent).toContain("Unpaid since March. Nothing");
  expect(banner.textContent).toContain("can be read and exported");
  expect(banner.querySelector("time")).not.toBeNull();
});
