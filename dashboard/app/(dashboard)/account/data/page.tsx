import type { Metadata } from "next";
import { PageHeader } from "@/components/shell/page-header";
import { MyData } from "@/features/leaving/my-data";

export const metadata: Metadata = { title: "Your data" };

export default function DataPage() {
  return (
    <div className="max-w-4xl">
      <PageHeader title="Your data" hint="What Trackbot holds about you, to take away or to delete." />
      <MyData />
    </div>
  );
}
