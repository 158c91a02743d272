import type { Metadata } from "next";
import { Clause, LegalDocument } from "@/components/legal/document";

export const metadata: Metadata = { title: "Terms", description: "The terms under which you use Trackbot." };
export const dynamic = "force-static";

export default function TermsPage() {
  return (
    <LegalDocument
      title="Terms of service"
      updated="2026-11-23"
      summary="Trackbot follows public social accounts for your Discord server. Use it for what is public, stay within your plan, and do not use it to harass anybody. You can leave at any time."
    >
      <Clause title="What the service does">
        <p>
          Trackbot reads public posts and figures of accounts that a manager of a Discord server chose, announces new
          posts in that server, and shows both in this dashboard. It reads feeds and official interfaces alone; it does
          not log in as anybody and does not reach what is private.
        </p>
      </Clause>
      <Clause title="Who may use it">
        <p>
          You sign in with a Discord account and are bound by Discord's own terms, its age limit included. Managers of a
          server, who hold its Manage Server permission, decide for that server: what is tracked, where posts go, and
          whether members may read the dashboard.
        </p>
      </Clause>
      <Clause title="What you must not do">
        <ul>
          <li>Follow accounts in order to harass, stalk or expose people.</li>
          <li>Publish what you take away from here against the law or the terms of the platform it came from.</li>
          <li>Go around the limits of your plan, overload the service, or probe other servers' data.</li>
          <li>Resell access without a written agreement.</li>
        </ul>
        <p>Who does may be suspended, at once where others are in danger, and is told why.</p>
      </Clause>
      <Clause title="Plans and limits">
        <p>
          Each plan allows a number of accounts and brands, a shortest poll interval, notifications a day, rows of
          exports and a length of history; the usage page shows them with what is used. When a plan gets smaller,
          accounts beyond its limit may be paused. They are not deleted for that.
        </p>
      </Clause>
      <Clause title="Your content and that of others">
        <p>
          Posts belong to whoever wrote them. Trackbot keeps the text, addresses and figures that it needs to do its
          work and links to the original. What you enter here, such as names, routes and settings, stays yours.
        </p>
      </Clause>
      <Clause title="What we promise, and what we do not">
        <p>
          We work to announce each post once and to lose none, and the dashboard shows openly when a platform, the bot
          or the service is in trouble. Platforms may change, slow down or close their interfaces; figures are theirs
          and can be missing or late. The service comes without further warranty as far as the law allows that.
        </p>
      </Clause>
      <Clause title="Leaving">
        <p>
          Remove the bot from your server to stop. What was collected stays, so that a return loses nothing, until you
          ask for its deletion; the privacy page says how.
        </p>
      </Clause>
      <Clause title="Changes">
        <p>
          Changes to these terms are announced here at least 30 days before they apply, unless the law asks for them
          sooner.
        </p>
      </Clause>
    </LegalDocument>
  );
}
