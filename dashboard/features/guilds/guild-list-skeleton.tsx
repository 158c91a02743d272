import { LoadingLabel, Skeleton } from "@/components/ui/skeleton";

export function GuildListSkeleton() {
  return (
    <>
      <LoadingLabel>Loading servers</LoadingLabel>
      <Skeleton className="mb-4 h-8 w-full sm:max-w-72" />
      <div className="grid gap-3 md:grid-cols-2 2xl:grid-cols-3">
        {["a", "b", "c", "d"].map((key) => (
          <div key={key} className="rounded-lg border bg-surface p-4">
            <div className="flex items-center gap-3">
              <Skeleton className="size-10 rounded-lg" />
              <div className="grid flex-1 gap-2">
                <Skeleton className="w-1/2" />
                <Skeleton className="h-3 w-1/4" />
              </div>
            </div>
            <Skeleton className="mt-4 h-4 w-3/4" />
          </div>
        ))}
      </div>
    </>
  );
}
