import type { Metadata, Route } from "next";
import { redirect } from "next/navigation";
import { LoginScreen } from "@/features/login/login-screen";
import { getSession } from "@/lib/auth";
import { safeReturnTo } from "@/lib/return-to";

export const metadata: Metadata = { title: "Sign in", description: "Sign in to Trackbot with your Discord account." };

type Props = { searchParams: Promise<{ error?: string | string[]; returnTo?: string | string[] }> };

const single = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value);

export default async function LoginPage({ searchParams }: Props) {
  const { error, returnTo } = await searchParams;
  const target = safeReturnTo(single(returnTo));
  if (single(error) === undefined && (await getSession()) !== undefined) redirect(target as Route);
  return <LoginScreen error={single(error)} returnTo={target} />;
}
