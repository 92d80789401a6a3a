import type { Notice } from '../notifications/notice';
import { isBreach, type SlaLevel } from './sla';
import { describeElapsed } from './timeline';

/** To the operators, once a level of the review's time (REV-18). */
export function reviewDelayed(
  { pluginId, versionId }: { pluginId: string; versionId: string },
  level: SlaLevel,
): Notice<'sla_warning' | 'sla_breach'> {
  const late = isBreach(level);
  return {
    kind: late ? 'sla_breach' : 'sla_warning',
    pluginId,
    versionId,
    title: late ? 'The review is overdue' : `${level * 100} % of the review time has passed`,
    message: describeElapsed(versionId, level),
    priority: late ? 'high' : 'normal',
    upgrade: null,
  };
}
