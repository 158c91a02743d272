import { render, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { Change, Stat } from "./stat";

it("tells the change as a share with its sign and what it compares with", () => {
  render(<Change value={150} before={100} comparedWith="the 7 days before" />);
  expect(screen.getByTitle("100 in the 7 days before")).toHaveTextContent("+50% against the 7 days before");
});

it("colours a fall as bad, and as good where less is better", () => {
  const { rerender } = render(<Change value={50} before={100} />);
  expect(screen.getByTitle(/^100/)).toHaveClass("text-danger");
  rerender(<Change value={50} before={100} lessIsBetter />);
  expect(screen.getByTitle(/^100/)).toHaveClass("text-success");
});

it("says new where nothing was before, and nothing where nothing is", () => {
  const { rerender, container } = render(<Change value={3} before={0} />);
  expect(container).toHaveTextContent(/^new/);
  rerender(<Change value={0} before={0} />);
  expect(container).toBeEmptyDOMElement();
});

it("compares nothing with a figure that the platform does not offer", () => {
  const { container, rerender } = render(<Change value={3} before={null} />);
  expect(container).toBeEmptyDOMElement();
  rerender(<Change value={null} before={3} />);
  expect(container).toBeEmptyDOMElement();
});

it("shortens the figure, keeps the whole one for whoever points, and never shows null as 0", () => {
  render(
    <dl>
      <Stat label="Views" value={12_345} />
      <Stat label="Likes" value={null} missing="The platform does not tell" />
    </dl>,
  );
  expect(screen.getByTitle("12,345")).toHaveTextContent("12.3K");
  expect(screen.getByTitle("The platform does not tell")).toHaveTextContent("–The platform does not tell");
});
