import { checkStages } from '../../../core/releases/rolloutPlan';
import { defaultChannel, publishYmlSchema, rolloutFor } from '../../../contracts/releases/publishYml';
import { toStages } from '../../../contracts/releases/rolloutInput';

const parseStages = (batches: object[]) => {
  const file = publishYmlSchema.parse({ channels: [{ name: 'stable', rollout: { batches } }] });
  return toStages(rolloutFor(file, 'stable')!);
};

describe('publish.yml', () => {
  test('all three forms of a batch are understood', () => {
    const stages = parseStages([
      { percentage: 10, startAt: '2026-12-01T00:00:00Z' },
      { percentage: 50, waitMinutes: 5 },
      { percentage: 100, wait: '10m' },
    ]);
    expect(stages).toMatchObject([
      { basisPoints: 1000, startAt: '2026-12-01T00:00:00Z' },
      { basisPoints: 5000, durationMs: 300_000 },
      { basisPoints: 10_000, durationMs: 600_000 },
    ]);
    expect(checkStages(stages)).toEqual([]);
  });

  test.each([
    [{ chanels: [] }, []],
    [{ channels: [{ name: 'stable', rollout: { stagess: [] } }] }, ['channels', 0, 'rollout']],
    [{ rollout: { batches: [{ percentage: 10, wait: '1m', until: 'x' }] } }, ['rollout', 'batches', 0]],
    [{ tenantFilters: { allowed: [] } }, ['tenantFilters']],
  ])('an unknown key is refused where it stands: %j', (file, where) => {
    const result = publishYmlSchema.safeParse(file);
    expect(result.success).toBe(false);
    expect(result.error!.issues.map((issue) => issue.path.slice(0, where.length))).toContainEqual(where);
  });

  test('the first channel is the default one, and a plain name is enough', () => {
    expect(defaultChannel(publishYmlSchema.parse({ channels: ['beta', 'stable'] }))).toBe('beta');
    expect(defaultChannel(publishYmlSchema.parse({}))).toBe('stable');
  });

  test('a tenant filter becomes allow and deny of the rollout, unless it is switched off', () => {
    const filters = { tenants: ['acme'], allow: ['globex'], deny: ['initech'] };
    expect(rolloutFor(publishYmlSchema.parse({ tenantFilters: filters }), 'stable')).toEqual({
      tenants: { allow: ['globex', 'acme'], deny: ['initech'] },
    });
    const off = publishYmlSchema.parse({ tenantFilters: { ...filters, enabled: false } });
    expect(rolloutFor(off, 'stable')).toBeUndefined();
  });
});
