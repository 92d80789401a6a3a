import type { SubjectKind } from '../access';
import { DAY, MINUTE } from '../duration';

/** The part before the underscore: it tells leaked tokens apart and says nothing about their holder. */
export const tokenPrefixes: Record<SubjectKind, string> = {
  publisher: 'spwpub',
  reviewer: 'spwrev',
  tenant: 'spwten',
  operator: 'spwops',
};

/** Why a token was ended. */
export const tokenEndings = ['revoked', 'rotated', 'leaked'] as const;
export type TokenEnding = (typeof tokenEndings)[number];

/** How long a token holds unless something else is asked for, in milliseconds. A host has nobody who would renew it. */
export const tokenLifetimesMs: Record<SubjectKind, number> = {
  publisher: 90 * DAY,
  reviewer: 90 * DAY,
  operator: 90 * DAY,
  tenant: 365 * DAY,
};

/** The shortest and the longest that may be asked for, in milliseconds. */
export const TOKEN_LIFETIME_MS = { least: MINUTE, most: 366 * DAY } as const;

/** How often the use of a token is noted, in milliseconds: a note a request would be a write a request. */
const USE_NOTED_EVERY_MS = MINUTE;

/** Whether the use of a token at `now` is to be noted. */
export const isUseToNote = (lastUsedAt: Date | null, now: Date): boolean =>
  lastUsedAt === null || now.getTime() - lastUsedAt.getTime() >= USE_NOTED_EVERY_MS;

/** Characters of an issued token behind its prefix: 32 bytes as base64url. */
const ISSUED_LENGTH = 43;
const TOKEN = /(?<![A-Za-z0-9])spw(?:pub|rev|ten|ops)_[A-Za-z0-9_-]{20,500}/g;
const PREFIX_LENGTH = 'spwpub_'.length;

/** A text that looks like a token of this platform. */
export interface TokenSighting {
  /** Characters from the start of the text: first, and one behind the last. */
  range: readonly [number, number];
  /** What the token may be: all of it, or as many characters as an issued one has. */
  candidates: readonly string[];
}

/** Everything in a text that has the form of a token of this platform. */
export function findTokens(text: string): TokenSighting[] {
  return [...text.matchAll(TOKEN)].map(({ 0: whole, index }) => {
    const issued = whole.slice(0, PREFIX_LENGTH + ISSUED_LENGTH);
    return {
      range: [index, index + whole.length],
      candidates: issued === whole ? [whole] : [whole, issued],
    };
  });
}
