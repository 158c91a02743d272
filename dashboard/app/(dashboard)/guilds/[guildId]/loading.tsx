import { LoadingLabel, Skeleton } from "@/components/ui/skeleton";

export default function Loading() {
  return (
    <>
      <LoadingLabel>Loading the page</LoadingLabel>
      <Skeleton className="mb-6 h-7 w-48" />
      <div className="grid gap-4">
        <Skeleton className="h-28 w-full rounded-lg" />
        <Skeleton className="h-72 w-full rounded-lg" />
      </div>
    </>
  );
}
