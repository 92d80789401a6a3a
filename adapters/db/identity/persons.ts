import type { Knex } from 'knex';
import type { SubjectKind } from '../../../core/access';

/**
 * For whom a subject's tokens were issued, ended ones included; the subject itself where nobody was named, and
 * always, so that a publisher's own id is no other person.
 */
export async function listPersons(
  knex: Knex,
  { kind, id }: { kind: SubjectKind; id: string },
): Promise<string[]> {
  const rows: { person: string | null }[] = await knex('api_keys')
    .where({ subject_kind: kind, subject_id: id })
    .distinct('person');
  return [...new Set([id, ...rows.flatMap(({ person }) => person ?? [])])];
}
