import fc from 'fast-check';
import { DAY, HOUR, MINUTE, SECOND, formatDuration, parseDuration } from '../../core/duration';

describe('A duration', () => {
  test.each([
    ['250ms', 250],
    ['90s', 90_000],
    ['10m', 600_000],
    ['4h', 14_400_000],
    ['2d', 172_800_000],
    ['1.25h', 4_500_000],
    ['0.25s', 250],
    ['12.75s', 12_750],
    ['0.6ms', 1],
    ['  5  s ', 5_000],
    ['5 s', 5_000],
  ])('written %j is %d ms', (text, ms) => expect(parseDuration(text)).toBe(ms));

  test.each([
    '',
    '5',
    's',
    '-5s',
    '1.s',
    '.5s',
    '1.2.3s',
    '1e3s',
    '5S',
    '5 weeks',
    'in 5s',
    '5s later',
    '5xs',
  ])('written %j is none', (text) => expect(parseDuration(text)).toBeUndefined());

  test.each([
    [0, '0 ms'],
    [250.4, '250 ms'],
    [999, '999 ms'],
    [SECOND, '1 s'],
    [6_500, '6.5 s'],
    [6_540, '6.5 s'],
    [MINUTE, '1 m'],
    [61 * SECOND, '1 m 1 s'],
    [90 * MINUTE, '1 h 30 m'],
    [4 * HOUR, '4 h'],
    [HOUR + SECOND, '1 h 1 s'],
    [DAY, '1 d'],
    [DAY + HOUR + MINUTE + SECOND, '1 d 1 h'],
    [3 * DAY + 5 * MINUTE, '3 d 5 m'],
  ])('of %d ms reads %j', (ms, text) => expect(formatDuration(ms)).toBe(text));

  test('of one unit is read back as it was written', () => {
    const units = fc.constantFrom(
      { ms: SECOND, below: 60 },
      { ms: MINUTE, below: 60 },
      { ms: HOUR, below: 24 },
      { ms: DAY, below: 1_000 },
    );
    fc.assert(
      fc.property(units, fc.nat(), (unit, any) => {
        const duration = (1 + (any % (unit.below - 1))) * unit.ms;
        expect(parseDuration(formatDuration(duration))).toBe(duration);
      }),
    );
  });
});
