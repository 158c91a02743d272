"use client";

import { lazy, Suspense, useState } from "react";
import { IconButton } from "@/components/ui/button";
import { Download, Ellipsis, Upload } from "@/components/ui/icons";
import { Menu, MenuItem } from "@/components/ui/menu";
import type { Places, WriteAccess } from "@/features/tracking/use-tracking";

const ImportDialog = lazy(async () => ({ default: (await import("./import-dialog")).ImportDialog }));

interface ImportButtonProps {
  guildId: string;
  places: Places;
  access: WriteAccess;
}

/** Many accounts at once, in and out. */
export function ImportButton(props: ImportButtonProps) {
  const [open, setOpen] = useState<boolean>();
  const { guildId, access } = props;
  return (
    <>
      <Menu
        align="end"
        trigger={
          <IconButton label="Import and export OPML" variant="secondary">
            <Ellipsis aria-hidden />
          </IconButton>
        }
      >
        <MenuItem disabled={access.blocked !== undefined} onClick={() => setOpen(true)}>
          <Upload aria-hidden />
          Import CSV or OPML
        </MenuItem>
        <MenuItem onClick={() => window.location.assign(`/api/v1/guilds/${guildId}/accounts/export.opml`)}>
          <Download aria-hidden />
          Export OPML
        </MenuItem>
      </Menu>
      {open !== undefined && (
        <Suspense fallback={null}>
          <ImportDialog {...props} open={open} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
