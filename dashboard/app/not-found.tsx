import { Compass } from "lucide-react";
import type { Metadata } from "next";
import { PlainPage } from "@/components/shell/plain-page";
import { ThemeProvider } from "@/components/shell/theme";
import { LinkButton } from "@/components/ui/button";

export const metadata: Metadata = { title: "Not found" };

export default function NotFound() {
  return (
    <ThemeProvider>
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
