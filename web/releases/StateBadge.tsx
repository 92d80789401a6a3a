import type { ReleaseState } from '../../core/releases/state';
import { Badge } from '../ui/Badge';
import { describeState } from './states';

export function StateBadge({ state }: { state: ReleaseState }) {
  const { label, tone } = describeState(state);
  return <Badge tone={tone}>{label}</Badge>;
}
