import fc from 'fast-check';
import { DAY } from '../../../core/duration';
import { limits } from '../../../core/limits';
import {
  checkNameQuota,
  checkOwner,
  isFree,
  mayAnnounce,
  type NameHold,
  type ReservedName,
} from '../../../core/releases/ownership';

const now = new Date('2026-05-01T00:00:00Z');
const later = new Date(now.getTime() + DAY);
const reserved: NameHold = { owner: 'acme', reservedUntil: later, ownedSince: null };
const free: NameHold = { ...reserved, reservedUntil: now };
const owned: NameHold = { ...free, ownedSince: '2026-01-01T00:00:00Z' };

const moments = fc.date({ min: new Date(0), max: new Date('9000-01-01'), noInvalidDate: true });
const holds = fc.record({
  owner: fc.constantFrom('acme', 'other'),
  reservedUntil: moments,
  ownedSince: fc.option(moments),
});

describe('A plugin id', () => {
  test.each([
    ['is anybody’s while nobody has announced it', null, 'other', []],
    ['stays its publisher’s while it is reserved', reserved, 'acme', []],
    ['is refused to others while it is reserved', reserved, 'other', ['PUBLISHER_MISMATCH']],
    ['is anybody’s from the end of its reservation on', free, 'other', []],
    ['is refused to others for good once an upload was verified', owned, 'other', ['PUBLISHER_MISMATCH']],
    ['is its publisher’s for good once an upload was verified', owned, 'acme', []],
  ])('%s', (_what, name, publisherId, codes) => {
    expect(checkOwner(name, publisherId, 'notes', now).map(({ code }) => code)).toEqual(codes);
  });

  test('never leaves a publisher under whose upload it was verified, at whatever time somebody asks', () => {
    fc.assert(
      fc.property(holds, moments, moments, (hold, since, at) => {
        const kept = { ...hold, ownedSince: since };
        expect(isFree(kept, at)).toBe(false);
        expect(mayAnnounce(kept, hold.owner, at)).toBe(true);
        expect(mayAnnounce(kept, 'third', at)).toBe(false);
      }),
    );
  });

  test('that was free once stays free until somebody takes it', () => {
    fc.assert(
      fc.property(holds, moments, fc.nat(), (hold, at, passedMs) => {
        fc.pre(isFree(hold, at));
        expect(isFree(hold, new Date(at.getTime() + passedMs))).toBe(true);
      }),
    );
  });
});

describe('The ids that a publisher has reserved', () => {
  const names = (count: number): ReservedName[] =>
    Array.from({ length: count }, (_none, index) => ({
      pluginId: `p-${index}`,
      until: new Date(later.getTime() - index).toISOString(),
    }));
  const check = (pluginId: string, name: NameHold | null, count: number) =>
    checkNameQuota({ publisherId: 'acme', pluginId }, name, names(count), now);

  test('may be ten, and the eleventh is refused with what is reserved and when the first of it ends', () => {
    expect(check('new', null, limits.reservedNames - 1)).toEqual([]);
    expect(check('new', null, limits.reservedNames)).toEqual([
      {
        code: 'NAME_QUOTA',
        detail:
          'acme has reserved 10 plugin ids under which no upload was verified; 10 are the most. ' +
          'Reserved: p-9, p-8, p-7, p-6, p-5 and 5 more; the first reservation ends at 2026-05-01T23:59:59.991Z.',
        pointer: '/pluginId',
      },
    ]);
  });

  test('never stand in the way of an id that is among them, verified, or free and its own', () => {
    expect(check('p-3', reserved, limits.reservedNames)).toEqual([]);
    expect(check('known', owned, limits.reservedNames)).toEqual([]);
    expect(check('lapsed', free, limits.reservedNames)).toEqual([]);
  });

  test('count where a free id is taken over, and say nothing of one that is another publisher’s', () => {
    const codes = (name: NameHold) => check('new', name, limits.reservedNames).map(({ code }) => code);
    expect(codes({ ...free, owner: 'other' })).toEqual(['NAME_QUOTA']);
    expect(codes({ ...reserved, owner: 'other' })).toEqual([]);
    expect(codes({ ...owned, owner: 'other' })).toEqual([]);
  });

  test('are never more than ten after any number of announcements', () => {
    const ids = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 60 });
    fc.assert(
      fc.property(ids, (announced) => {
        const held = new Map<string, ReservedName>();
        for (const number of announced) {
          const pluginId = `p-${number}`;
          const name = held.has(pluginId) ? reserved : null;
          const problems = checkNameQuota({ publisherId: 'acme', pluginId }, name, [...held.values()], now);
          if (problems.length === 0) held.set(pluginId, { pluginId, until: later.toISOString() });
        }
        expect(held.size).toBe(Math.min(limits.reservedNames, new Set(announced).size));
      }),
    );
  });
});
