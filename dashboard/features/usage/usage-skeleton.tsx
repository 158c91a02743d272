import { Card } from "@/components/ui/card";
import { LoadingLabel, Skeleton } from "@/components/ui/skeleton";

export function UsageSkeleton() {
  return (
    <div className="grid gap-4">
      <LoadingLabel>Loading usage</LoadingLabel>
      <Card className="grid h-60 content-start gap-5 p-4">
        <Skeleton className="w-20" />
        <Skeleton className="h-8 w-1/2" />
        <Skeleton className="h-8 w-1/2" />
        <Skeleton className="h-8 w-1/2" />
      </Card>
      <Card className="h-96 p-4">
        <Skeleton className="w-32" />
      </Card>
    </div>
  );
}
