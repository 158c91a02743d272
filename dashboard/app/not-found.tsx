import { Compass } from "lucide-react";
import type { Metadata } from "next";
import { headers } from "next/headers";
import { PlainPage } from "@/components/shell/plain-page";
import { ThemeProvider } from "@/components/shell/theme";
import { LinkButton } from "@/components/ui/button";

export const metadata: Metadata = { title: "Not found" };

export default async function NotFound() {
  const nonce = (await headers()).get("x-nonce") ?? undefined;
  return (
    <ThemeProvider nonce={nonce}>
      <PlainPage
        icon={Compass}
        title="There is no page here"
        action={
          <LinkButton href="/" variant="primary">
            To your servers
          </LinkButton>
        }
      >
        The address may be mistyped, or what was here is gone.
      </PlainPage>
    </ThemeProvider>
  );
}
