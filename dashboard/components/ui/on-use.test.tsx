import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { lazy } from "react";
import { expect, it, vi } from "vitest";
import { OnUse } from "./on-use";

it("fetches the control when its button is pointed at and shows it when that is pressed", async () => {
  const load = vi.fn(async () => ({ default: () => <p>the menu</p> }));
  const Control = lazy(load);
  const ahead = vi.fn(load);
  render(
    <OnUse
      load={ahead}
      button={(on) => (
        <button type="button" {...on}>
          Open
        </button>
      )}
    >
      <Control />
    </OnUse>,
  );
  expect(ahead).not.toHaveBeenCalled();
  const user = userEvent.setup();
  await user.hover(screen.getByRole("button"));
  expect(ahead).toHaveBeenCalled();
  expect(screen.queryByText("the menu")).toBeNull();
  await user.click(screen.getByRole("button"));
  expect(await screen.findByText("the menu")).toBeVisible();
});
