"use client";

import type { ReactNode } from "react";
import { Dialog } from "@/components/ui/dialog";
import { later } from "@/components/ui/in-browser";
import type { NameFormProps } from "./name-form";

const NameForm = later(async () => (await import("./name-form")).NameForm);

interface ConfirmByNameProps extends NameFormProps {
  open: boolean;
  onClose: () => void;
  title: string;
  description: ReactNode;
}

/** Asks for a name to be typed before something is deleted for good. */
export function ConfirmByName({ open, onClose, title, description, ...form }: ConfirmByNameProps) {
  return (
    <Dialog open={open} onOpenChange={(next) => !next && onClose()} title={title} description={description}>
      <NameForm {...form} />
    </Dialog>
  );
}
