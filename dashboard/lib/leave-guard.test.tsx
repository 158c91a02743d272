import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it, vi } from "vitest";
import { useLeaveGuard } from "@/features/settings/use-leave-guard";
import { useGo } from "./leave-guard";

const push = vi.fn();
vi.mock("next/navigation", () => ({ useRouter: () => ({ push }) }));
beforeEach(() => push.mockClear());

function Keys() {
  const go = useGo();
  return (
    <button type="button" onClick={() => go("/account/sessions")}>
      Go
    </button>
  );
}

function Form({ dirty }: { dirty: boolean }) {
  return <p>{useLeaveGuard(dirty)}</p>;
}

const page = (dirty: boolean) => (
  <>
    <Keys />
    <Form dirty={dirty} />
  </>
);

it("asks before the palette or a key leaves changes that are not saved, and goes when that is wanted", async () => {
  render(page(true));
  await userEvent.click(screen.getByRole("button", { name: "Go" }));
  expect(push).not.toHaveBeenCalled();
  await userEvent.click(await screen.findByRole("button", { name: "Leave" }));
  expect(push).toHaveBeenCalledExactlyOnceWith("/account/sessions");
});

it("leads there at once where nothing would be lost", async () => {
  const { rerender } = render(page(true));
  rerender(page(false));
  await userEvent.click(screen.getByRole("button", { name: "Go" }));
  expect(push).toHaveBeenCalledExactlyOnceWith("/account/sessions");
  expect(screen.queryByRole("alertdialog")).toBeNull();
});
