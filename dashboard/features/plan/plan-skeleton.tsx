import { Card } from "@/components/ui/card";
import { LoadingLabel, Skeleton } from "@/components/ui/skeleton";

export function PlanSkeleton() {
  return (
    <div className="grid gap-4">
      <LoadingLabel>Loading the plan</LoadingLabel>
      <Card className="grid h-64 content-start gap-5 p-4">
        <Skeleton className="w-24" />
        <Skeleton className="h-8 w-1/2" />
        <Skeleton className="h-8 w-1/2" />
        <Skeleton className="h-8 w-1/2" />
      </Card>
      <Card className="grid h-96 content-start gap-4 p-4">
        <Skeleton className="w-32" />
        <Skeleton className="h-64" />
      </Card>
    </div>
  );
}
