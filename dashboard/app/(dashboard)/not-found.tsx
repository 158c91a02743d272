import { NoGuild } from "@/features/guilds/guild-scope";

export default function NotFound() {
  return <NoGuild />;
}
