import type { Knex } from 'knex';
import type { Origin } from '../../../contracts/audit/origin';

/** Something that was done to a subject: who, what, and under which request. */
export interface AuditEntry extends Origin {
  /** The key by which a retried write is written once. */
  key: string;
  action: string;
  /** Id of a version, publisher, tenant or key. */
  subject: string;
  from?: string;
  to?: string;
  data?: Record<string, unknown>;
}

/** Writes one row into the audit, in the transaction of what it tells about; a repetition adds nothing. */
export async function writeAudit(trx: Knex, entry: AuditEntry, now: Date): Promise<void> {
  await trx('audit')
    .insert({
      key: entry.key,
      at: now,
      actor: entry.actor,
      action: entry.action,
      subject: entry.subject,
      from_state: entry.from ?? null,
      to_state: entry.to ?? null,
      request_id: entry.requestId,
      data: JSON.stringify(entry.data ?? {}),
    })
    .onConflict('key')
    .ignore();
}
