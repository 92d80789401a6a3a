import {
  restrictionAppealed,
  restrictionImposed,
  restrictionLifted,
} from '../../../core/releases/restrictionNotices';
import {
  checkAppeal,
  checkRestriction,
  describeRestriction,
  findStrictest,
  LONGEST_RESTRICTION_MS,
  type RestrictionRequest,
} from '../../../core/releases/restrictions';

const now = new Date('2026-11-28T12:00:00.000Z');
const after = (ms: number): Date => new Date(now.getTime() + ms);
const quarantine: RestrictionRequest = {
  kind: 'quarantine',
  subjectKind: 'version',
  subjectId: 'com.acme.notes@1.0.0',
  expiresAt: null,
};
const codes = (request: Partial<RestrictionRequest>): string[] =>
  checkRestriction({ ...quarantine, ...request }, now).map(({ code }) => code);

test('a restriction lasts until it is lifted, or ends in the next two years', () => {
  expect(codes({})).toEqual([]);
  expect(codes({ expiresAt: after(1) })).toEqual([]);
  expect(codes({ expiresAt: after(0) })).toEqual(['RESTRICTION_INVALID']);
  expect(codes({ expiresAt: after(LONGEST_RESTRICTION_MS) })).toEqual([]);
  expect(codes({ expiresAt: after(LONGEST_RESTRICTION_MS + 1) })).toEqual(['RESTRICTION_INVALID']);
});

test('a delay needs its end', () => {
  expect(codes({ kind: 'delay' })).toEqual(['RESTRICTION_INVALID']);
  expect(codes({ kind: 'block' })).toEqual([]);
  expect(codes({ kind: 'delay', expiresAt: after(1) })).toEqual([]);
});

test('a block is stricter than a quarantine, and that than a delay, in any order', () => {
  const [delay, held, block] = [{ kind: 'delay' }, { kind: 'quarantine' }, { kind: 'block' }] as const;
  expect(findStrictest([delay, block, held])).toBe(block);
  expect(findStrictest([held, delay])).toBe(held);
  expect(findStrictest([delay, held])).toBe(held);
  const first = { ...held };
  expect(findStrictest([first, held])).toBe(first);
  expect(findStrictest([])).toBeUndefined();
});

test('an appeal is taken once, while the restriction is in force', () => {
  expect(checkAppeal({ liftedAt: null, appealedAt: null })).toEqual([]);
  expect(checkAppeal({ liftedAt: null, appealedAt: now })).toMatchObject([{ code: 'APPEAL_GIVEN' }]);
  expect(checkAppeal({ liftedAt: now, appealedAt: now })).toMatchObject([{ code: 'RESTRICTION_OVER' }]);
});

test('a restriction says what it means, until when and why', () => {
  const because = { ...quarantine, reason: 'It mines coins.' };
  expect(describeRestriction(because)).toBe(
    'com.acme.notes@1.0.0 is quarantined: nobody new is offered it. Reason: It mines coins.',
  );
  const publisher = { subjectKind: 'publisher', subjectId: 'acme', expiresAt: now } as const;
  expect(describeRestriction({ ...because, ...publisher, kind: 'block' })).toBe(
    'Everything of publisher acme is blocked: nobody may have it until 2026-11-28T12:00:00.000Z. Reason: It mines coins.',
  );
  expect(describeRestriction({ ...because, kind: 'delay' })).toContain('is not listed yet');
});

test('notices of a restriction name the version or plugin that it is about, where it is one', () => {
  const told = { ...quarantine, reason: 'It mines coins', liftReason: null };
  expect(restrictionImposed(told)).toEqual({
    kind: 'restricted',
    pluginId: 'com.acme.notes',
    versionId: 'com.acme.notes@1.0.0',
    title: 'com.acme.notes@1.0.0 is restricted',
    message:
      'com.acme.notes@1.0.0 is quarantined: nobody new is offered it. Reason: It mines coins. You may appeal once.',
    priority: 'high',
    upgrade: null,
  });
  const plugin = { ...told, subjectKind: 'plugin', subjectId: 'com.acme.notes' } as const;
  expect(restrictionLifted(plugin)).toMatchObject({
    ...{ kind: 'restriction_lifted', pluginId: 'com.acme.notes', versionId: null, priority: 'normal' },
    message: 'The quarantine of com.acme.notes was lifted.',
  });
  const publisher = { ...told, subjectKind: 'publisher', subjectId: 'acme' } as const;
  expect(restrictionAppealed(publisher, 'It does not!')).toMatchObject({
    ...{ kind: 'restriction_appealed', pluginId: null, versionId: null, priority: 'high' },
    message: 'The publisher of acme says: It does not!',
  });
});
