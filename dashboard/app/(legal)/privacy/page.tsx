import type { Metadata } from "next";
import { Clause, LegalDocument } from "@/components/legal/document";

export const metadata: Metadata = { title: "Privacy", description: "What Trackbot stores, why, and for how long." };
export const dynamic = "force-static";

export default function PrivacyPage() {
  return (
    <LegalDocument
      title="Privacy"
      updated="2026-11-23"
      summary="Trackbot stores what it needs to follow public posts and to let you in: your Discord id, name and picture, the servers you share with the bot, your sessions, and a log of changes. It reads no messages, shows no advertising, sells nothing and tracks nobody across the web."
    >
      <Clause title="When you sign in">
        <p>
          Discord tells us your <strong>id, user name, display name and picture</strong> and the{" "}
          <strong>servers you are in with your permissions there</strong>. Of the servers only those that use Trackbot
          are kept. We do not ask for your e-mail address, and we cannot read your messages.
        </p>
        <p>
          Each session is stored with its <strong>IP address and browser</strong>, so that you can recognise it in the
          list of your sessions and end it. Tokens are stored as hashes; what Discord gives us to check your permissions
          is stored encrypted.
        </p>
      </Clause>
      <Clause title="When you use the dashboard">
        <ul>
          <li>
            <strong>One cookie</strong>, needed to keep you signed in. It is encrypted, no script can read it, and it
            goes when you sign out.
          </li>
          <li>
            <strong>Your browser's own storage</strong> holds what you last saw, the servers you visited and your theme,
            so that pages open at once and remain when the service does not answer. It stays on your device. What you
            saw and visited is removed when you sign out.
          </li>
          <li>
            <strong>A log of changes</strong>: who changed what in a server, when, from which address. Those who manage
            the server can read it. It cannot be edited, by us neither; when you delete your account, an alias takes the
            place of your name and id in it and the addresses go.
          </li>
          <li>
            <strong>Request logs</strong> with address, time and page, without contents, to find faults and stop abuse.
          </li>
        </ul>
      </Clause>
      <Clause title="From your Discord server">
        <p>
          The bot keeps the server's name and picture, the names of its channels and roles so that you can choose among
          them, and the ids of the messages that it sent itself. It does not read what people write.
        </p>
      </Clause>
      <Clause title="From tracked accounts">
        <p>
          For each account that a manager added: its public name, picture and number of followers, its public posts with
          text, addresses and times, and their public figures over time. They come from feeds and from the platforms'
          official interfaces. An author can ask to have them removed.
        </p>
      </Clause>
      <Clause title="How long">
        <ul>
          <li>
            A session ends 30 days after its sign-in at the latest, sooner when it is not used, and is deleted 30 days
            later.
          </li>
          <li>The codes of a sign-in are deleted within a day or so.</li>
          <li>Removing an account from tracking removes its posts and figures from the server's dashboard.</li>
          <li>Posts and figures are kept for as long as the server's plan says, 90 days to 3 years.</li>
          <li>Files that were exported are deleted after seven days.</li>
          <li>
            When the bot is removed from a server, its data stays for 30 days, should it return, and is then deleted but
            for the settings and the log of changes.
          </li>
          <li>
            When a manager asks for the deletion of a server's data, all of it goes after seven days in which that can
            be undone, the settings and the log of changes too, and the bot leaves the server. What remains is a number
            that stood for the server and when that was.
          </li>
          <li>Backups may hold deleted data for a limited time before they are overwritten.</li>
        </ul>
      </Clause>
      <Clause title="Who else receives it">
        <p>
          Discord, where the bot writes. The platforms see requests for the accounts that are followed, not who follows
          them. Those who host the service process data on our behalf. Nobody else, unless the law demands it.
        </p>
        <p>
          Pictures in the dashboard come from Discord and the platforms, whose servers see that your browser loads them.
        </p>
      </Clause>
      <Clause title="Your rights">
        <p>
          You may see, correct and take away your data, have it deleted, and object to its use. In your account, under{" "}
          <strong>Your data</strong>, you see all that is held about you, take it as a file, and delete your account: at
          once your sessions, profile and list of servers go and what you allowed at Discord is taken back; within
          minutes an alias takes your place in the logs of servers. What the servers track is theirs and stays. That you
          own a server is what Discord tells of the server, and is kept with it.
        </p>
        <p>
          Those who manage a server take everything of it as one file, or delete it, under <strong>Data</strong> in the
          server. For everything else write to those who run this service; they answer within a month. You may also
          complain to your data protection authority.
        </p>
      </Clause>
    </LegalDocument>
  );
}
