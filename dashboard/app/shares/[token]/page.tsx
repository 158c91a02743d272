import type { Metadata } from "next";
import { cache } from "react";
import { PlainPage } from "@/components/shell/plain-page";
import { CloudOff, Hourglass, LinkIcon } from "@/components/ui/icons";
import { openScorecard } from "@/features/shares/open-scorecard";
import { ScorecardPage } from "@/features/shares/scorecard";

type Props = { params: Promise<{ token: string }> };

const open = cache(openScorecard);

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const opened = await open((await params).token);
  return {
    title: opened.kind === "card" ? `${opened.card.brandName}: the last week` : "Shared scorecard",
    robots: { index: false, follow: false },
    referrer: "no-referrer",
  };
}

/** Light in every theme, so that it looks the same to everybody and on paper. */
export default async function SharedPage({ params }: Props) {
  const opened = await open((await params).token);
  switch (opened.kind) {
    case "card":
      return <ScorecardPage card={opened.card} />;
    case "gone":
      return (
        <PlainPage icon={LinkIcon} title="This link does not work any more" action={null}>
          It has expired or was revoked, or its address is not complete. Ask whoever gave it to you for a new one.
        </PlainPage>
      );
    case "busy":
      return (
        <PlainPage icon={Hourglass} title="Too many visits at once" action={null}>
          Wait a minute, then load the page again.
        </PlainPage>
      );
    default:
      return (
        <PlainPage icon={CloudOff} title="The figures cannot be read right now" action={null}>
          The link is all right. Load the page again in a moment.
        </PlainPage>
      );
  }
}
