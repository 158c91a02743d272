"use client";

import { Badge } from "@/components/ui/badge";
import { Button, IconButton } from "@/components/ui/button";
import { ArrowRight, Ellipsis, Pause, Pencil, Play, Trash2 } from "@/components/ui/icons";
import { Menu, MenuItem, MenuSeparator } from "@/components/ui/menu";
import type { WriteAccess } from "@/features/tracking/use-tracking";
import { kindAndId } from "./draft";
import { filterWords, type Names } from "./names";
import type { PostRoute } from "./queries";

interface RouteRowProps {
  route: PostRoute;
  names: Names;
  access: WriteAccess;
  onEdit: () => void;
  onRemove: () => void;
  onState: (state: PostRoute["state"]) => void;
}

export function RouteRow({ route, names, access, onEdit, onRemove, onState }: RouteRowProps) {
  const paused = route.state === "paused";
  const blocked = access.blocked !== undefined;
  const name = `${names.target(route)} to ${names.channel(route.channelId)}`;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3" data-testid="route" data-state={route.state}>
      <div className="min-w-0 flex-1 basis-40">
        <p className="flex flex-wrap items-center gap-x-2 font-medium text-sm">
          <span className="text-muted text-xs capitalize">{kindAndId(route).kind}</span>
          <span className="min-w-0 truncate">{names.target(route)}</span>
          <ArrowRight aria-label="to" role="img" className="size-3.5 shrink-0 text-subtle" />
          <span className="min-w-0 truncate">{names.channel(route.channelId)}</span>
        </p>
        <p className="wrap-anywhere text-muted text-xs">
          {filterWords(route)}
          {route.mentionRoleId !== null && ` · pings ${names.role(route.mentionRoleId)}`}
          {route.template !== null && " · own text"}
        </p>
      </div>
      <div className="flex items-center gap-2">
        <Badge tone={paused ? "warning" : "success"} dot>
          {paused ? "Paused" : "Active"}
        </Badge>
        {access.canManage && (
          <Menu
            align="end"
            trigger={
              <IconButton label={`Actions for the route ${name}`} size="icon-sm">
                <Ellipsis aria-hidden />
              </IconButton>
            }
          >
            <MenuItem disabled={blocked} onClick={onEdit}>
              <Pencil aria-hidden />
              Edit
            </MenuItem>
            <MenuItem disabled={blocked} onClick={() => onState(paused ? "active" : "paused")}>
              {paused ? <Play aria-hidden /> : <Pause aria-hidden />}
              {paused ? "Resume" : "Pause"}
            </MenuItem>
            <MenuSeparator />
            <MenuItem danger disabled={blocked} onClick={onRemove}>
              <Trash2 aria-hidden />
              Delete
            </MenuItem>
          </Menu>
        )}
      </div>
      {paused && (
        <div className="flex basis-full flex-wrap items-center gap-x-3 gap-y-1 text-xs">
          <p className="text-warning">{route.stateReason ?? "It takes no new posts."}</p>
          {access.canManage && (
            <Button size="sm" disabled={blocked} title={access.blocked} onClick={() => onState("active")}>
              <Play aria-hidden />
              Resume
            </Button>
          )}
        </div>
      )}
    </li>
  );
}
