import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, it, vi } from "vitest";
import { Button } from "./button";
import { Dialog, DialogClose } from "./dialog";

Element.prototype.getAnimations ??= () => [];

function Page() {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>Add</Button>
      <Dialog open={open} onOpenChange={setOpen} title="New" footer={<DialogClose render={<Button>Cancel</Button>} />}>
        <input aria-label="Name" autoFocus />
      </Dialog>
    </>
  );
}

it("gives the focus back to where a dialog was opened from, the first time too", async () => {
  const user = userEvent.setup();
  render(<Page />);
  for (const leave of [() => user.click(screen.getByText("Cancel")), () => user.keyboard("{Escape}")]) {
    await user.click(screen.getByText("Add"));
    expect(await screen.findByRole("dialog")).toBeVisible();
    await vi.waitFor(() => expect(screen.getByRole("dialog")).toContainElement(document.activeElement as HTMLElement));
    await leave();
    await vi.waitFor(() => expect(screen.getByText("Add")).toHaveFocus());
  }
});
