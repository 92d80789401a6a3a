import { PLATFORM } from '../ids';
import type { Notice, NoticeSubject } from '../notifications/notice';
import { plural } from '../plural';
import type { TimelineEntry } from '../releases/timeline';
import type { InstallCounters } from './verdict';

/** A tenant whose host failed, as a sentence begins; null where its report has gone. */
const nameTenant = (tenantId: string | null): string => tenantId ?? 'A tenant';

const held = (name: string, text: string, data: Record<string, unknown>): TimelineEntry => ({
  key: `second_opinion:${name}`,
  kind: 'stage_held',
  text,
  actor: PLATFORM,
  data,
});

/** The offer is closed for whoever does not have the version. */
export const describeOpening = (opened: { stage: number; tenantId: string | null }): TimelineEntry =>
  held(
    'opened',
    `${nameTenant(opened.tenantId)} failed, one of few: the offer goes to one further tenant of stage ${opened.stage} at a time.`,
    { ...opened },
  );

/** A tenant is asked; `turn` counts from 1. */
export const describeTurn = (asked: { turn: number; tenantId: string; endsAt: string }): TimelineEntry =>
  held(
    `turn:${asked.turn}`,
    `${asked.tenantId} is offered the version for a second opinion, as number ${asked.turn}.`,
    { ...asked },
  );

/** Nobody is left to ask. */
export const describeExhaustion = (turns: number): TimelineEntry =>
  held(
    'exhausted',
    `Nobody is left to ask for a second opinion; ${plural(turns, 'tenant was', 'tenants were')} asked.`,
    {
      turns,
    },
  );

/** The stage's offer is open again. */
export const describeSettlement = (settled: {
  tenantId: string | null;
  total: InstallCounters;
}): TimelineEntry => ({
  key: 'second_opinion:settled',
  kind: 'alert',
  text: `The second opinion is settled: ${describeNumbers(settled.total)}. The operators were told of ${settled.tenantId ?? 'the tenant that failed'}.`,
  actor: PLATFORM,
  data: { ...settled },
});

const describeNumbers = ({ installed, failed }: InstallCounters): string =>
  `${installed} installed and ${failed} failed`;

/** To the operators: the rollout goes on, and the tenant that failed may need help. */
export const opinionSettled = (
  { pluginId, versionId, version }: NoticeSubject,
  { tenantId, total, isResumed }: { tenantId: string | null; total: InstallCounters; isResumed: boolean },
): Notice<'second_opinion'> => ({
  kind: 'second_opinion',
  pluginId,
  versionId,
  title: `${pluginId} ${version} failed at ${tenantId ?? 'one tenant'} alone`,
  message: [
    `${nameTenant(tenantId)} could not install ${pluginId} ${version}.`,
    isResumed
      ? `An operator let the rollout go on; ${describeNumbers(total)}.`
      : `Further tenants could, so the rollout goes on; ${describeNumbers(total)}.`,
    'Look at the host of the tenant that failed.',
  ].join(' '),
  priority: 'high',
  upgrade: null,
});
