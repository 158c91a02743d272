import { Activity, CircleAlert, History, type LucideIcon, Send } from "lucide-react";
import Link from "next/link";
import { Logo } from "@/components/shell/logo";
import { DiscordMark } from "./discord-mark";
import { loginError } from "./errors";

type LoginProps = { error: string | undefined; returnTo: string };

/** The front door: what the product does, and the one way in. */
export function LoginScreen({ error, returnTo }: LoginProps) {
  const problem = loginError(error);
  const start = returnTo === "/" ? "/auth/start" : `/auth/start?${new URLSearchParams({ returnTo })}`;
  return (
    <div className="grid min-h-dvh lg:grid-cols-[minmax(0,1fr)_minmax(0,1.1fr)]">
      <main className="flex flex-col px-6 py-8 sm:px-10">
        <p className="flex items-center gap-2 font-semibold">
          <Logo className="size-7" />
          Trackbot
        </p>
        <div className="m-auto w-full max-w-sm py-12">
          <h1 className="font-semibold text-2xl tracking-tight">Sign in to your newsroom</h1>
          <p className="mt-2 text-muted">
            See what your accounts and your rivals publish, how it performs, and whether it reached your server.
          </p>
          {problem && (
            <div role="alert" className="mt-6 flex gap-3 rounded-lg bg-danger-soft p-3 text-danger">
              <CircleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0" />
              <div>
                <p className="font-medium">{problem.title}</p>
                <p className="mt-0.5">{problem.advice}</p>
              </div>
            </div>
          )}
          {/* A full request on purpose: the answer leads to Discord. */}
          <a
            href={start}
            className="mt-6 flex h-11 w-full items-center justify-center gap-2.5 rounded-lg bg-[#4752c4] font-medium text-white shadow-card transition-colors hover:bg-[#3c45a5]"
          >
            <DiscordMark className="size-5" />
            {problem ? "Try again with Discord" : "Login with Discord"}
          </a>
          <p className="mt-4 text-muted text-xs">
            Trackbot asks Discord for your name, your picture and the servers you are in. It cannot read your messages
            or write as you.
          </p>
        </div>
        <footer className="flex flex-wrap gap-x-4 gap-y-1 text-muted text-xs">
          <Link href="/terms" prefetch={false} className="hover:text-fg hover:underline">
            Terms
          </Link>
          <Link href="/privacy" prefetch={false} className="hover:text-fg hover:underline">
            Privacy
          </Link>
        </footer>
      </main>
      <aside
        aria-label="What Trackbot does"
        className="hidden flex-col justify-center border-l bg-sunken px-12 xl:px-20 lg:flex"
      >
        <ul className="grid max-w-lg gap-8">
          <Feature icon={Send} title="From the platforms to your channel">
            New posts from feeds, Bluesky, Mastodon, YouTube and Twitch arrive in Discord once, in order, with the
            reason when one was held back.
          </Feature>
          <Feature icon={History} title="Figures with a memory">
            Views, likes, comments and shares are measured again and again while a post ages, so you see how it grew.
          </Feature>
          <Feature icon={Activity} title="Honest about its own health">
            Bot, queues and platforms tell how they are. A source that fails is shown, never silently dropped.
          </Feature>
        </ul>
      </aside>
    </div>
  );
}

function Feature({ icon: Icon, title, children }: { icon: LucideIcon; title: string; children: string }) {
  return (
    <li className="flex gap-4">
      <span className="grid size-9 shrink-0 place-items-center rounded-lg border bg-surface text-accent-text shadow-card">
        <Icon aria-hidden="true" className="size-4" />
      </span>
      <div>
        <p className="font-medium">{title}</p>
        <p className="mt-1 text-muted">{children}</p>
      </div>
    </li>
  );
}
