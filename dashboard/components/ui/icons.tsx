import type { ReactNode, SVGProps } from "react";
import drawing from "./icons.svg";

export type Icon = (props: SVGProps<SVGSVGElement>) => ReactNode;

/**
 * One of Lucide's icons. Pages hold their names alone: the shapes are one file for all, which the browser keeps. After a
 * line is added here, `npm run icons` draws it.
 */
function icon(name: string): Icon {
  const href = `${drawing.src}#${name}`;
  return (props) => (
    <svg
      aria-hidden="true"
      width="24"
      height="24"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
      {...props}
    >
      <use href={href} />
    </svg>
  );
}

export const Archive = /* @__PURE__ */ icon("archive");
export const ArrowDown = /* @__PURE__ */ icon("arrow-down");
export const ArrowDownRight = /* @__PURE__ */ icon("arrow-down-right");
export const ArrowRight = /* @__PURE__ */ icon("arrow-right");
export const ArrowUp = /* @__PURE__ */ icon("arrow-up");
export const ArrowUpRight = /* @__PURE__ */ icon("arrow-up-right");
export const AtSign = /* @__PURE__ */ icon("at-sign");
export const BadgeCheck = /* @__PURE__ */ icon("badge-check");
export const CalendarDays = /* @__PURE__ */ icon("calendar-days");
export const CalendarRange = /* @__PURE__ */ icon("calendar-range");
export const Camera = /* @__PURE__ */ icon("camera");
export const ChartNoAxesCombined = /* @__PURE__ */ icon("chart-no-axes-combined");
export const Check = /* @__PURE__ */ icon("check");
export const ChevronLeft = /* @__PURE__ */ icon("chevron-left");
export const ChevronRight = /* @__PURE__ */ icon("chevron-right");
export const ChevronsUpDown = /* @__PURE__ */ icon("chevrons-up-down");
export const CircleAlert = /* @__PURE__ */ icon("circle-exclamation-point");
export const CircleCheck = /* @__PURE__ */ icon("circle-check");
export const CirclePause = /* @__PURE__ */ icon("circle-pause");
export const Cloud = /* @__PURE__ */ icon("cloud");
export const CloudAlert = /* @__PURE__ */ icon("cloud-exclamation-point");
export const CloudOff = /* @__PURE__ */ icon("cloud-off");
export const Columns3 = /* @__PURE__ */ icon("columns-3");
export const Compass = /* @__PURE__ */ icon("compass");
export const Copy = /* @__PURE__ */ icon("copy");
export const Database = /* @__PURE__ */ icon("database");
export const Download = /* @__PURE__ */ icon("download");
export const Ellipsis = /* @__PURE__ */ icon("ellipsis");
export const ExternalLink = /* @__PURE__ */ icon("external-link");
export const FileDown = /* @__PURE__ */ icon("file-down");
export const FileText = /* @__PURE__ */ icon("file-text");
export const FileUp = /* @__PURE__ */ icon("file-up");
export const Gauge = /* @__PURE__ */ icon("gauge");
export const Hourglass = /* @__PURE__ */ icon("hourglass");
export const House = /* @__PURE__ */ icon("house");
export const ImageIcon = /* @__PURE__ */ icon("image");
export const Info = /* @__PURE__ */ icon("info");
export const KeyRound = /* @__PURE__ */ icon("key-round");
export const Keyboard = /* @__PURE__ */ icon("keyboard");
export const Laptop = /* @__PURE__ */ icon("laptop");
export const LayoutGrid = /* @__PURE__ */ icon("layout-grid");
export const Link2 = /* @__PURE__ */ icon("link-2");
export const LinkIcon = /* @__PURE__ */ icon("link");
export const List = /* @__PURE__ */ icon("list");
export const Lock = /* @__PURE__ */ icon("lock");
export const LogOut = /* @__PURE__ */ icon("log-out");
export const MenuIcon = /* @__PURE__ */ icon("menu");
export const Minus = /* @__PURE__ */ icon("minus");
export const Monitor = /* @__PURE__ */ icon("monitor");
export const MonitorSmartphone = /* @__PURE__ */ icon("monitor-smartphone");
export const Moon = /* @__PURE__ */ icon("moon");
export const Music2 = /* @__PURE__ */ icon("eighth-note");
export const Newspaper = /* @__PURE__ */ icon("newspaper");
export const Pause = /* @__PURE__ */ icon("pause");
export const Pencil = /* @__PURE__ */ icon("pencil");
export const Play = /* @__PURE__ */ icon("play");
export const Plus = /* @__PURE__ */ icon("plus");
export const RefreshCw = /* @__PURE__ */ icon("refresh-cw");
export const RotateCw = /* @__PURE__ */ icon("rotate-cw");
export const Rss = /* @__PURE__ */ icon("rss");
export const ScrollText = /* @__PURE__ */ icon("scroll-text");
export const Search = /* @__PURE__ */ icon("search");
export const SearchX = /* @__PURE__ */ icon("search-x");
export const Server = /* @__PURE__ */ icon("server");
export const Settings = /* @__PURE__ */ icon("settings");
export const Share2 = /* @__PURE__ */ icon("share-2");
export const ShieldAlert = /* @__PURE__ */ icon("shield-exclamation-point");
export const ShieldCheck = /* @__PURE__ */ icon("shield-check");
export const Signpost = /* @__PURE__ */ icon("signpost");
export const SlidersHorizontal = /* @__PURE__ */ icon("sliders-horizontal");
export const Smartphone = /* @__PURE__ */ icon("smartphone");
export const SquarePlay = /* @__PURE__ */ icon("square-play");
export const Sun = /* @__PURE__ */ icon("sun");
export const Table2 = /* @__PURE__ */ icon("table-2");
export const Trash2 = /* @__PURE__ */ icon("trash");
export const TriangleAlert = /* @__PURE__ */ icon("triangle-exclamation-point");
export const Tv = /* @__PURE__ */ icon("tv");
export const Upload = /* @__PURE__ */ icon("upload");
export const UserRoundCog = /* @__PURE__ */ icon("user-round-cog");
export const Users = /* @__PURE__ */ icon("users");
export const X = /* @__PURE__ */ icon("x");
