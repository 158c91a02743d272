import { expect, fieldNotes, suspended, test } from "./world";

test("a suspended server says why, can be read and taken away, and is as before afterwards", async ({
  mara,
  request,
  problems,
}) => {
  const at = (path: string) => `/guilds/${fieldNotes.id}${path}`;
  await suspended(request, "suspend");
  try {
    await mara.goto(at("/tracking/accounts"));
    await expect(mara.getByText("Unpaid since March")).toBeVisible();
    await expect(mara.getByRole("heading", { level: 1, name: "Accounts" })).toBeVisible();
    await expect(mara.getByRole("button", { name: /Track an account/ }).first()).toBeDisabled();
    await mara.goto(at(""));
    await expect(mara.getByText("This server is suspended").first()).toBeVisible();
    await mara.goto(at("/settings"));
    await expect(mara.getByRole("switch").first()).toBeDisabled();
    await mara.goto(at("/data"));
    await expect(mara.getByText("Unpaid since March")).toBeVisible();
    await expect(mara.getByRole("button", { name: "Delete everything", exact: true })).toBeEnabled();
  } finally {
    await suspended(request, "resume");
  }
  await mara.goto(at("/tracking/accounts"));
  await expect(mara.getByText("Unpaid since March")).toHaveCount(0);
  await expect(mara.getByRole("button", { name: /Track an account/ }).first()).toBeEnabled();
  expect(problems).toEqual([]);
});
