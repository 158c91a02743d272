import { Card } from "@/components/ui/card";
import { Skeleton, SkeletonRows } from "@/components/ui/skeleton";

export function FiguresSkeleton() {
  return (
    <Card>
      <div className="grid min-h-12 gap-1.5 px-4 pt-3.5 pb-3.5">
        <Skeleton className="h-3.5 w-20" />
        <Skeleton className="h-3 w-48" />
      </div>
      <div className="grid grid-cols-2 border-t lg:grid-cols-4">
        {["a", "b", "c", "d"].map((key) => (
          <div key={key} className="grid gap-2 px-4 py-3.5">
            <Skeleton className="h-3 w-24" />
            <Skeleton className="h-7 w-28" />
          </div>
        ))}
      </div>
    </Card>
  );
}

export function OverviewSkeleton() {
  return (
    <div className="grid gap-4">
      <FiguresSkeleton />
      <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <div className="grid gap-4">
          <Card className="h-80">
            <Skeleton className="m-4 w-32" />
          </Card>
          <Card>
            <SkeletonRows rows={5} />
          </Card>
        </div>
        <Card className="h-64">
          <Skeleton className="m-4 w-24" />
        </Card>
      </div>
    </div>
  );
}
