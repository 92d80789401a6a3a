import { subjectKinds } from '../../../core/access';
import {
  findTokens,
  isUseToNote,
  TOKEN_LIFETIME_MS,
  tokenEndings,
  tokenLifetimesMs,
  tokenPrefixes,
} from '../../../core/identity/tokens';

const DAY = 86_400_000;
const body = 'Ab_9-'.repeat(9).slice(0, 43);

describe('A token', () => {
  test('expires unless something else is asked for, and never later than in about a year', () => {
    expect(tokenLifetimesMs).toEqual({
      publisher: 90 * DAY,
      reviewer: 90 * DAY,
      operator: 90 * DAY,
      tenant: 365 * DAY,
    });
    expect(TOKEN_LIFETIME_MS).toEqual({ least: 60_000, most: 366 * DAY });
    expect(tokenEndings).toEqual(['revoked', 'rotated', 'leaked']);
  });

  test('is noted as used at most once a minute', () => {
    const now = new Date('2026-11-28T12:00:00Z');
    const ago = (ms: number) => new Date(now.getTime() - ms);
    expect([null, ago(60_000), ago(59_999), now].map((last) => isUseToNote(last, now))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  test('of every kind of subject is found in a text by its prefix, with its place', () => {
    for (const kind of subjectKinds) {
      const token = `${tokenPrefixes[kind]}_${body}`;
      expect(findTokens(`token: "${token}"\n`)).toEqual([{ range: [8, 8 + 50], candidates: [token] }]);
    }
  });

  test('that other characters follow is tried with and without them', () => {
    const token = `spwpub_${body}`;
    expect(findTokens(`${token}-suffix`)).toEqual([
      { range: [0, 57], candidates: [`${token}-suffix`, token] },
    ]);
  });

  test('is not seen in words that only begin like one, and several are seen', () => {
    expect(findTokens(`spwpub_short spwabc_${body} xspwpub_${body}`)).toEqual([]);
    expect(findTokens(`spwpub_${'a'.repeat(19)}`)).toEqual([]);
    expect(findTokens(`spwops_${'a'.repeat(20)}`)).toHaveLength(1);
    expect(findTokens(`spwpub_${body} spwten_${body}`).map(({ range }) => range)).toEqual([
      [0, 50],
      [51, 101],
    ]);
  });
});
