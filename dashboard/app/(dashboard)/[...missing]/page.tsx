import { notFound } from "next/navigation";

/** Addresses that lead nowhere, inside of the frame, which is the way on. */
export default function MissingPage() {
  notFound();
}
