import type { Metadata } from "next";
import { headers } from "next/headers";
import { PlainPage } from "@/components/shell/plain-page";
import { ThemeScript } from "@/components/shell/theme-script";
import { buttonVariants } from "@/components/ui/button";
import { Compass } from "@/components/ui/icons";

export const metadata: Metadata = { title: "Not found" };

export default async function NotFound() {
  const nonce = (await headers()).get("x-nonce") ?? undefined;
  return (
    <>
      <ThemeScript nonce={nonce} />
      <PlainPage
        icon={Compass}
        title="There is no page here"
        action={
          <a href="/" className={buttonVariants({ variant: "primary" })}>
            To your servers
          </a>
        }
      >
        The address may be mistyped, or what was here is gone.
      </PlainPage>
    </>
  );
}
