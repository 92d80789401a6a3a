import type { Knex } from 'knex';
import { PLATFORM } from '../../../core/ids';
import type { TimelineEntry } from '../../../core/releases/timeline';
import {
  describeExhaustion,
  describeOpening,
  describeSettlement,
  describeTurn,
  opinionSettled,
} from '../../../core/rollouts/opinionNews';
import type { OpinionState } from '../../../core/rollouts/opinionStates';
import { decideOpinion, getTurnMs, type OpinionFacts } from '../../../core/rollouts/secondOpinion';
import type { StageEvidence } from '../../../core/rollouts/verdict';
import { writeAudit } from '../audit/audit';
import { outboxKey, queueMessage } from '../notifications/outbox';
import { writeTimeline } from '../releases/timeline';
import { appendFeed } from './feed';
import { findCandidate, findFailed, readOpinionFacts, type Asking } from './opinionFacts';
import { toOfferRule } from './rollouts';

/**
 * Takes a second opinion as far as what is on record allows: opens it, gives the next tenant its turn, finds that nobody
 * is left, or settles it. All of it in the caller's transaction, in which the rollout's row is locked, so that two
 * evaluations at once, or one that is repeated, give one turn. Returns what tenants reported, with where it stands.
 */
export async function advanceOpinion(
  trx: Knex.Transaction,
  asking: Asking,
  now: Date,
): Promise<StageEvidence> {
  for (;;) {
    const facts = await readOpinionFacts(trx, asking, now);
    const step = decideOpinion(facts, asking.plan.gate, now);
    if (step === 'open') await open(trx, asking, facts, now);
    else if (step === 'ask') await ask(trx, asking, facts, now);
    else if (step === 'exhaust') await exhaust(trx, asking, facts, now);
    else if (step === 'settle') await settle(trx, asking, facts, now);
    else return withDeadline(facts);
  }
}

function withDeadline({ evidence, waitsUntil }: OpinionFacts): StageEvidence {
  const { opinion } = evidence;
  if (opinion?.state !== 'asking' || !waitsUntil) return evidence;
  return { ...evidence, opinion: { ...opinion, until: waitsUntil.toISOString() } };
}

async function open(
  trx: Knex.Transaction,
  asking: Asking,
  { evidence }: OpinionFacts,
  now: Date,
): Promise<void> {
  const { versionId } = asking.release;
  const tenantId = await findFailed(trx, versionId);
  await trx('second_opinions').insert({
    ...{ version_id: versionId, stage: asking.stage, state: 'asking', tenant_id: tenantId },
    ...{ installed_before: evidence.total.installed, opened_at: now, changed_at: now },
  });
  await offerTo(trx, asking, 'opened', { narrowedTo: null }, now);
  await tell(trx, asking, describeOpening({ stage: asking.stage, tenantId }), now);
}

async function ask(trx: Knex.Transaction, asking: Asking, facts: OpinionFacts, now: Date): Promise<void> {
  const tenantId = await findCandidate(trx, asking);
  if (tenantId === undefined) return exhaust(trx, asking, facts, now);
  const { plan, stage, release } = asking;
  const turn = facts.turns + 1;
  const endsAt = new Date(now.getTime() + getTurnMs(plan.stages[stage - 1]!, plan.gate));
  await trx('second_opinion_turns').insert({
    ...{ version_id: release.versionId, turn, tenant_id: tenantId, asked_at: now, ends_at: endsAt },
  });
  await offerTo(trx, asking, `turn:${turn}`, { narrowedTo: tenantId }, now);
  await tell(trx, asking, describeTurn({ turn, tenantId, endsAt: endsAt.toISOString() }), now);
}

async function exhaust(
  trx: Knex.Transaction,
  asking: Asking,
  { turns }: OpinionFacts,
  now: Date,
): Promise<void> {
  await changeState(trx, asking, 'exhausted', now);
  await offerTo(trx, asking, 'exhausted', { narrowedTo: null }, now);
  await tell(trx, asking, describeExhaustion(turns), now);
}

/** The stage's offer is open again, and the operators hear of the tenant that failed. */
async function settle(trx: Knex.Transaction, asking: Asking, facts: OpinionFacts, now: Date): Promise<void> {
  const { release } = asking;
  const { releaseId, versionId } = release;
  const row = await trx('second_opinions').where({ version_id: versionId }).first('tenant_id');
  const settled = { tenantId: row?.tenant_id ?? null, total: facts.evidence.total };
  await changeState(trx, asking, 'settled', now);
  await offerTo(trx, asking, 'settled', {}, now);
  await tell(trx, asking, describeSettlement(settled), now);
  const body = opinionSettled(release, { ...settled, isResumed: facts.isResumed });
  const recipient = { kind: 'operator' as const, id: 'operators' };
  const key = outboxKey('second_opinion', releaseId, 'operators');
  await queueMessage(trx, { key, recipient, releaseId, body }, now);
}

async function changeState(trx: Knex, { release }: Asking, state: OpinionState, now: Date): Promise<void> {
  await trx('second_opinions').where({ version_id: release.versionId }).update({ state, changed_at: now });
}

/**
 * Hosts learn from the feed whose turn it is; each change is an entry of its own. Comes before the timeline, because
 * every transaction that writes both locks the feed's head first.
 */
async function offerTo(
  trx: Knex.Transaction,
  { release, plan, salt, stage }: Asking,
  what: string,
  narrowing: { narrowedTo?: string | null },
  now: Date,
): Promise<void> {
  const { releaseId, versionId, previousVersion } = release;
  const rule = toOfferRule({ salt, plan }, stage);
  const key = `second_opinion:${releaseId}:${what}`;
  const change = { key, versionId, kind: 'offer' as const, rule, stage, previousVersion, ...narrowing };
  await appendFeed(trx, change, now);
}

async function tell(
  trx: Knex.Transaction,
  { release }: Asking,
  entry: TimelineEntry,
  now: Date,
): Promise<void> {
  const { releaseId, versionId } = release;
  await writeTimeline(trx, releaseId, entry, now);
  const audit = { key: `${entry.key}:${releaseId}`, action: 'rollout.second_opinion', subject: versionId };
  await writeAudit(trx, { ...audit, actor: PLATFORM, requestId: releaseId, data: { ...entry.data } }, now);
}
