import { DAY } from '../../../core/duration';
import {
  AUDIT_KEPT_AT_LEAST_MS,
  keptForGood,
  retention,
  stateFolders,
} from '../../../core/operations/retention';

describe('What is kept', () => {
  test('for a time is kept as long as the operators are told, from a moment of its own', () => {
    expect(retention.map(({ table, from, keptMs }) => `${table}: ${keptMs / DAY} days from ${from}`)).toEqual(
      [
        'outbox: 90 days from delivered_at',
        'notifications: 365 days from created_at',
        'reports: 180 days from received_at',
        'download_grants: 400 days from granted_at',
        'install_troubles: 400 days from at',
        'audit: 365 days from at',
        'api_keys: 180 days from least(revoked_at, expires_at)',
        'submissions: 2 days from submitted_at',
        'key_challenges: 2 days from created_at',
        'check_turns: 2 days from expires_at',
      ],
    );
  });

  test('of the audit is kept for longer than the database demands', () => {
    const audit = retention.find(({ table }) => table === 'audit');
    expect(AUDIT_KEPT_AT_LEAST_MS).toBe(180 * DAY);
    expect(audit?.keptMs).toBeGreaterThan(AUDIT_KEPT_AT_LEAST_MS);
  });

  test('says why, in sentences, for every table', () => {
    const reasons = [...retention.map(({ why }) => why), ...Object.values(keptForGood)];
    expect(reasons.length).toBeGreaterThan(retention.length);
    expect(reasons.filter((why) => !/^[A-Z]\w*[ :].+\.$/.test(why))).toEqual([]);
    expect(new Set(reasons).size).toBe(reasons.length);
  });

  test('is either deleted after a time or kept for good, never both', () => {
    expect(retention.filter(({ table }) => table in keptForGood)).toEqual([]);
    expect(Object.keys(keptForGood)).toEqual(
      expect.arrayContaining(['versions', 'releases', 'installations']),
    );
  });

  test('in a folder of the state says what it holds and until when', () => {
    expect(stateFolders.map(({ name }) => name)).toEqual([
      'logs',
      'objects',
      'scratch',
      'hosts',
      'temporal',
      'trust',
      'postgres',
      'demo',
    ]);
    expect(stateFolders.filter(({ holds, kept }) => !/\w+ \w+/.test(holds) || !/\w+ .+/.test(kept))).toEqual(
      [],
    );
  });
});
