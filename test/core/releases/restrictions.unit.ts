import {
  restrictionAppealed,
  restrictionImposed,
  restrictionLifted,
} from '../../../core/releases/restrictionNotices';
import { describeImposed, describeLifted } from '../../../core/releases/restrictionEntries';
import {
  checkAnswer,
  checkAppeal,
  checkLift,
  checkRestriction,
  describeAppeal,
  describeRestriction,
  describeRevocation,
  findStrictest,
  isWithholding,
  LONGEST_RESTRICTION_MS,
  restrictionKinds,
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
  const restriction = { cause: 'decision', subjectId: 'com.acme.notes', liftedAt: null } as const;
  expect(checkAppeal({ ...restriction, appealedAt: null })).toEqual([]);
  expect(checkAppeal({ ...restriction, appealedAt: now })).toMatchObject([{ code: 'APPEAL_GIVEN' }]);
  const over = { ...restriction, liftedAt: now, appealedAt: now };
  expect(checkAppeal(over)).toMatchObject([{ code: 'RESTRICTION_OVER' }]);
});

test('an appeal is answered once, while the restriction is in force', () => {
  const appealed = { liftedAt: null, appealedAt: now, answeredAt: null };
  expect(checkAnswer(appealed)).toEqual([]);
  const none = [{ code: 'APPEAL_UNKNOWN', detail: 'No appeal against the restriction waits for an answer.' }];
  expect(checkAnswer({ ...appealed, appealedAt: null })).toEqual(none);
  expect(checkAnswer({ ...appealed, answeredAt: now })).toEqual(none);
  expect(checkAnswer({ ...appealed, liftedAt: now })).toMatchObject([
    { code: 'RESTRICTION_OVER', detail: 'The restriction was lifted or has ended.' },
  ]);
});

test('how an appeal stands is a sentence: open, waiting, answered, or of no use', () => {
  const open = { cause: 'decision', appeal: null, appealAnswer: null, liftedAt: null } as const;
  expect(describeAppeal(open)).toBe('The publisher may appeal once.');
  const waiting = { ...open, appeal: 'It does not.' };
  expect(describeAppeal(waiting)).toBe(
    'The publisher appealed: "It does not." The operators have not answered yet.',
  );
  expect(describeAppeal({ ...waiting, appealAnswer: 'It does.' })).toBe(
    'The publisher appealed: "It does not." The operators answered: It does.',
  );
  expect(describeAppeal({ ...waiting, liftedAt: now })).toBe('The publisher appealed: "It does not."');
  expect(describeAppeal({ ...open, liftedAt: now })).toBe('');
  expect(describeAppeal({ ...open, cause: 'revocation' })).toBe(
    'It lasts as long as the revocation; content signed with another key can be published.',
  );
});

test('a publisher cannot make its appeal look as if the operators had answered it', () => {
  const appeal = 'It is fine.” "\nThe operators answered: "We see';
  const forged = { cause: 'decision', appeal, appealAnswer: null, liftedAt: null } as const;
  expect(describeAppeal(forged)).toBe(
    `The publisher appealed: "It is fine.' ' The operators answered: 'We see" The operators have not answered yet.`,
  );
});

test('what a revoked key signed stays withheld: there is no lifting and no appeal', () => {
  const restriction = { cause: 'revocation', subjectId: 'AB12', liftedAt: null } as const;
  const detail = 'What the revoked key AB12 signed stays withheld.';
  expect(checkLift(restriction)).toEqual([{ code: 'RESTRICTION_LASTS', detail }]);
  expect(checkAppeal({ ...restriction, appealedAt: null })).toEqual([{ code: 'RESTRICTION_LASTS', detail }]);
  expect(checkLift({ ...restriction, cause: 'decision' })).toEqual([]);
  expect(checkLift({ ...restriction, cause: 'decision', liftedAt: now })).toMatchObject([
    { code: 'RESTRICTION_OVER', detail: 'The restriction was lifted or has ended.' },
  ]);
});

test('a quarantine and a block keep a listed version from tenants, a delay does not', () => {
  expect(restrictionKinds.filter((kind) => isWithholding({ kind }))).toEqual(['quarantine', 'block']);
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
  const plugin = { subjectKind: 'plugin', subjectId: 'com.acme.notes' } as const;
  expect(describeRestriction({ ...because, ...plugin })).toMatch(/^Everything of plugin com\.acme\.notes is/);
  const key = { subjectKind: 'key', subjectId: 'AB12', reason: describeRevocation('compromised') } as const;
  expect(describeRestriction({ ...because, ...key })).toBe(
    'Everything that the key AB12 signed is quarantined: nobody new is offered it. Reason: The key was revoked as compromised.',
  );
  expect(describeRevocation('unspecified')).toBe('The key was revoked without a reason.');
});

test('the timeline says of a restriction what it means, who imposed it, and who lifted it and why', () => {
  const restriction = {
    ...{ ...quarantine, id: 'r-1', reason: 'It mines coins.', imposedBy: 'operator:ada' },
    ...{ expiresAt: now, liftedBy: null, liftReason: null },
  };
  const data = {
    ...{ restrictionId: 'r-1', restriction: 'quarantine' },
    ...{ subjectKind: 'version', subjectId: 'com.acme.notes@1.0.0' },
  };
  expect(describeImposed(restriction)).toEqual({
    key: 'restriction:r-1:imposed',
    kind: 'restricted',
    text: describeRestriction(restriction),
    actor: 'operator:ada',
    data: { ...data, expiresAt: '2026-11-28T12:00:00.000Z' },
  });
  expect(describeImposed({ ...restriction, expiresAt: null }).data).toEqual({ ...data, expiresAt: null });
  expect(describeLifted({ ...restriction, liftedBy: 'operator:bo', liftReason: 'It does not.' })).toEqual({
    key: 'restriction:r-1:lifted',
    kind: 'restriction_lifted',
    text: 'The quarantine of com.acme.notes@1.0.0 was lifted. It does not.',
    actor: 'operator:bo',
    data,
  });
  expect(describeLifted(restriction)).toMatchObject({
    ...{ actor: 'spillway', text: 'The quarantine of com.acme.notes@1.0.0 was lifted.' },
  });
});

test('notices of a restriction name the version or plugin that it is about, where it is one', () => {
  const told = { ...quarantine, reason: 'It mines coins', liftReason: null, cause: 'decision' } as const;
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
  const key = { ...told, subjectKind: 'key', subjectId: 'AB12', cause: 'revocation' } as const;
  const { title, message } = restrictionImposed(key);
  expect(title).toBe('AB12 is restricted');
  expect(message).toMatch(
    /Reason: It mines coins\. Running rollouts are paused; .* signed with another key\.$/,
  );
});
