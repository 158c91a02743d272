import { Card } from "@/components/ui/card";
import { LoadingLabel, Skeleton, SkeletonRows } from "@/components/ui/skeleton";

export function AnalyticsSkeleton() {
  return (
    <div className="grid grid-cols-1 gap-4">
      <LoadingLabel>Loading analytics</LoadingLabel>
      <Card className="h-96 p-4">
        <Skeleton className="h-10 w-full" />
      </Card>
      <Card>
        <SkeletonRows rows={5} />
      </Card>
    </div>
  );
}
