import { passOn } from "@/lib/bff";

export const dynamic = "force-dynamic";

export { passOn as DELETE, passOn as GET, passOn as PATCH, passOn as POST, passOn as PUT };
