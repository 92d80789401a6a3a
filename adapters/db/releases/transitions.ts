import type { Knex } from 'knex';
import type { Origin } from '../../../contracts/audit/origin';
import { refusal, type Problem } from '../../../core/errors/errors';
import { canMove, isInstallable, isTerminal, type ReleaseState } from '../../../core/releases/state';
import { describeTransition } from '../../../core/releases/timeline';
import type { RowOf } from '../tables';
import { TIMELINE_CHANNEL } from './timeline';
import { inTransaction } from '../transaction';

/** A change of a release's state, naming both ends, with who made it and why. */
export interface Transition extends Origin {
  releaseId: string;
  from: ReleaseState;
  to: ReleaseState;
  reason?: string;
  /** Why the release ended as it did; kept on the release. */
  problems?: readonly Problem[];
}

/**
 * Changes a release's state where it is `from`, with its transition, timeline entry and audit row.
 * Being at `to` already counts as done, so a retry writes nothing. A release becomes approved, listed,
 * completed or superseded, or rolls out again after a pause, only where a decision, the catalogue, the rollout or an
 * operator's command says so.
 *
 * @throws Refusal RELEASE_STATE when it is in any other state; EVIDENCE_MISSING; RELEASE_NOT_FOUND
 */
export const changeState = (knex: Knex, change: Transition, now: Date): Promise<void> =>
  inTransaction(knex, (trx) => changeStateIn(trx, change, now));

/** The same within a transaction of the caller. */
export async function changeStateIn(trx: Knex.Transaction, change: Transition, now: Date): Promise<void> {
  const { from, to } = change;
  if (!canMove(from, to)) throw refusal('RELEASE_STATE', `A release cannot go from ${from} to ${to}.`);
  const { rows } = await trx.raw<{ rows: Pick<RowOf<'releases'>, 'version_id'>[] }>(
    MOVE,
    toBindings(change, now),
  );
  const versionId = rows[0]?.version_id;
  if (versionId === undefined) return expectState(trx, change);
  if (isTerminal(to) && !isInstallable(to)) await hideVersion(trx, versionId, now);
}

/**
 * One statement, because the reply to a publish waits for it. The number of the timeline entry also
 * orders the transitions, and makes the keys of the entry and of its audit row.
 */
const MOVE = `
  with moved as (
    update releases
    set state = :to, updated_at = :now,
        timeline_seq = timeline_seq + 1, timeline_at = greatest(timeline_at, :now),
        problems = coalesce(cast(:problems as jsonb), problems)
    where id = :releaseId and state = :from and case :to
      when 'approved' then exists (
        select 1 from review_decisions decided
        where decided.release_id = releases.id and decided.taken_at is not null and decided.decision = 'approve')
      when 'listed' then exists (
        select 1 from versions where versions.id = releases.version_id and versions.listed_at is not null)
      when 'superseded' then exists (
        select 1 from versions older join versions newer
          on newer.plugin_id = older.plugin_id and newer.channel = older.channel and newer.id <> older.id
        where older.id = releases.version_id and newer.listed_at is not null and newer.withdrawn_at is null)
      when 'completed' then exists (
        select 1 from rollouts where rollouts.release_id = releases.id and rollouts.state = 'completed')
      when 'rolling_out' then :from <> 'paused' or exists (
        select 1 from rollout_commands given
        where given.release_id = releases.id and given.action = 'resume'
          and given.taken_at >= releases.updated_at - interval '1 second')
      else true end
    returning id, version_id, timeline_seq as seq, timeline_at as at
  ), entry as (
    insert into timeline (release_id, seq, key, kind, text, actor, data, at)
    select id, seq, 'state:' || :to || ':' || seq, 'state', :text, :actor, :entryData, at from moved
  ), transition as (
    insert into release_transitions (release_id, seq, from_state, to_state, at, actor, request_id, reason)
    select id, seq, :from, :to, at, :actor, :requestId, :reason from moved
  ), audited as (
    insert into audit (key, at, actor, action, subject, from_state, to_state, request_id, data)
    select 'release:' || id || ':' || seq, at, :actor, 'release.state', version_id, :from, :to,
           :requestId, :auditData
    from moved
  )
  select version_id, pg_notify(:channel, cast(id as text)) from moved`;

function toBindings({ releaseId, from, to, actor, requestId, reason, problems }: Transition, now: Date) {
  const codes = problems?.map(({ code }) => code) ?? [];
  return {
    ...{ releaseId, from, to, now, actor, requestId },
    reason: reason ?? null,
    problems: problems ? JSON.stringify(problems) : null,
    text: describeTransition(from, to, reason),
    entryData: JSON.stringify({ from, to, ...(codes.length > 0 ? { codes } : {}) }),
    auditData: JSON.stringify({ releaseId, codes }),
    channel: TIMELINE_CHANNEL,
  };
}

/** Fails closed: however a release ends, a listed version that may not be installed leaves the catalogue. */
async function hideVersion(trx: Knex, versionId: string, now: Date): Promise<void> {
  await trx('versions')
    .where({ id: versionId })
    .whereNotNull('listed_at')
    .whereNull('withdrawn_at')
    .update({ withdrawn_at: now });
}

async function expectState(trx: Knex.Transaction, { releaseId, from, to }: Transition): Promise<void> {
  const found = await trx('releases').where({ id: releaseId }).first('state');
  if (!found) throw refusal('RELEASE_NOT_FOUND', `There is no release ${releaseId}.`);
  if (found.state === to) return;
  if (found.state === from) throw refusal('EVIDENCE_MISSING', `Nothing on record makes the release ${to}.`);
  throw refusal('RELEASE_STATE', `The release is ${found.state}, so it cannot become ${to}.`);
}
