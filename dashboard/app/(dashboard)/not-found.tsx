import { LinkButton } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { Compass } from "@/components/ui/icons";

export default function NotFound() {
  return (
    <EmptyState
      icon={Compass}
      as="h1"
      title="Nothing here, or not yours to see"
      action={
        <LinkButton href="/" variant="primary">
          To your servers
        </LinkButton>
      }
    >
      The address may be mistyped, or what was here is gone. A server that you left, or whose managers closed its
      dashboard to members, is not shown either.
    </EmptyState>
  );
}
