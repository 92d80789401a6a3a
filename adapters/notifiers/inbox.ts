import { randomUUID } from 'node:crypto';
import type { Notifier } from './notifier';

/** The recipient's own list in the product; one entry a key, with the claim's transaction (NTF-01). */
export const createInboxNotifier = (): Notifier => ({
  name: 'inbox',
  deliver: async (trx, messages, now) => {
    const rows = messages.map(({ key, recipient, releaseId, body }) => ({
      id: randomUUID(),
      key,
      recipient_kind: recipient.kind,
      recipient_id: recipient.id,
      release_id: releaseId ?? null,
      body: JSON.stringify(body),
      created_at: now,
    }));
    await trx('notifications').insert(rows).onConflict('key').ignore();
  },
});
