import fc from 'fast-check';
import { DAY, HOUR } from '../../../core/duration';
import { checkRest, endOfRest, takeTurn, type NameTurn } from '../../../core/releases/nameTurns';
import { checkOwner, isFree, type NameHold } from '../../../core/releases/ownership';

const start = new Date('2026-05-01T00:00:00Z');
const at = (hours: number) => new Date(start.getTime() + hours * HOUR);
const after = (moment: Date, ms: number) => new Date(moment.getTime() + ms);
const UPLOAD = DAY;

/** One plugin id, as the records of it would be. */
class Id {
  name: NameHold | null = null;
  readonly turns = new Map<string, NameTurn>();

  /** The number of the turn, null for an upload without one, undefined when it is refused. */
  announce(publisherId: string, now: Date): number | null | undefined {
    const last = this.turns.get(publisherId) ?? null;
    const asked = { publisherId, pluginId: 'wanted' };
    const problems = [
      ...checkOwner(this.name, publisherId, 'wanted', now),
      ...checkRest(this.name, last, asked, now),
    ];
    if (problems.length > 0) return undefined;
    const deadline = after(now, UPLOAD);
    const name = this.name ?? { owner: publisherId, reservedUntil: deadline, ownedSince: null };
    const { turn, reservedUntil } = takeTurn(name, last, deadline, now);
    this.name = { ...name, owner: publisherId, reservedUntil };
    if (turn === null) return null;
    const isSame = last?.number === turn;
    const { begun, opened } = isSame ? last : { begun: now, opened: deadline };
    this.turns.set(publisherId, { number: turn, begun, opened, ends: deadline });
    return turn;
  }
}

const turn: NameTurn = { number: 1, begun: at(0), opened: at(24), ends: at(40) };
const name: NameHold = { owner: 'acme', reservedUntil: at(40), ownedSince: null };

describe('A turn with a plugin id', () => {
  test('keeps each upload that is announced in its first day until that upload’s deadline, and no later one', () => {
    expect(takeTurn(name, turn, at(47), at(23))).toEqual({ turn: 1, reservedUntil: at(47) });
    expect(takeTurn(name, turn, at(48), at(24))).toEqual({ turn: null, reservedUntil: at(40) });
    expect(takeTurn({ ...name, ownedSince: at(1) }, turn, at(47), at(23)).turn).toBeNull();
  });

  test('is followed by two days without one, and by twice as many after each further turn', () => {
    expect(endOfRest(turn)).toEqual(at(40 + 48));
    expect(endOfRest({ ...turn, number: 2 })).toEqual(at(40 + 96));
    expect(takeTurn(name, turn, at(87), at(63)).turn).toBeNull();
    expect(takeTurn(name, turn, at(112), at(88))).toEqual({ turn: 2, reservedUntil: at(112) });
  });

  test('without an upload lets its publisher take nothing over until its days are over, and says when that is', () => {
    const asked = { publisherId: 'other', pluginId: 'wanted' };
    expect(checkRest(name, null, asked, at(50))).toEqual([]);
    expect(checkRest(name, turn, asked, at(88))).toEqual([]);
    expect(checkRest(name, turn, { ...asked, publisherId: 'acme' }, at(50))).toEqual([]);
    expect(checkRest(name, turn, asked, at(50))).toEqual([
      {
        code: 'PUBLISHER_MISMATCH',
        detail:
          'The plugin wanted belongs to another publisher. No upload of it by other was verified in its last turn; ' +
          'it may announce it again at 2026-05-04T16:00:00.000Z, where the id is free by then.',
        pointer: '/pluginId',
      },
    ]);
  });
});

const squatters = ['a', 'b', 'c', 'd'];
const moves = fc.array(fc.record({ who: fc.constantFrom(...squatters), hours: fc.nat({ max: 40 }) }), {
  maxLength: 80,
});

test('nobody takes an id from an upload that has its turn, whatever is announced by whom and when', () => {
  fc.assert(
    fc.property(moves, (made) => {
      const id = new Id();
      const kept: { who: string; until: Date }[] = [];
      let hour = 0;
      for (const { who, hours } of made) {
        hour += hours;
        const got = id.announce(who, at(hour));
        if (got === undefined) continue;
        expect(kept.filter((each) => each.who !== who && each.until > at(hour))).toEqual([]);
        if (got !== null) kept.push({ who, until: after(at(hour), UPLOAD) });
      }
    }),
  );
});

test('who uploads what it announces has an id within two months, however four others take turns with no upload', () => {
  const orders = fc.array(fc.shuffledSubarray(squatters), { minLength: 24 * 60, maxLength: 24 * 60 });
  const tries = fc.record({ begins: fc.nat({ max: 100 }), failed: fc.boolean() });
  fc.assert(
    fc.property(orders, tries, (hourly, { begins, failed }) => {
      const id = new Id();
      if (failed) id.announce('honest', at(-DAY / HOUR));
      const won = hourly.findIndex((order, hour) => {
        for (const who of order) id.announce(who, at(hour));
        // Last in each hour, and only every sixth.
        return hour >= begins && hour % 6 === 0 && typeof id.announce('honest', at(hour)) === 'number';
      });
      expect(won).toBeGreaterThanOrEqual(0);
      expect(isFree(id.name!, at(won + 23))).toBe(false);
    }),
    { numRuns: 20 },
  );
});
