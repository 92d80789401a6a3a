/**
 * Text that others wrote, made fit for a person's terminal, log or page. What a server, a package or a
 * file name says may not move the cursor, recolour or rename the window, hide, or run backwards.
 */

const ESC = '\\u001b';
/**
 * Whole sequences (ECMA-48), in their 7-bit and 8-bit forms, so that nothing of them stays behind: strings
 * such as window titles and links with all that they carry, then CSI, then short ones.
 */
const SEQUENCES = new RegExp(
  [
    `(?:${ESC}[\\]PX^_]|[\\u009d\\u0090\\u0098\\u009e\\u009f])[^\\u0007\\u001b\\u009c\\n]*(?:\\u0007|${ESC}\\\\|\\u009c)?`,
    `(?:${ESC}\\[|\\u009b)[0-?]*[ -/]*[@-~]?`,
    `${ESC}[ -/]*[0-~]?`,
  ].join('|'),
  'gu',
);

/** Ends of lines and tabs, all of which become a blank. */
const BREAKS = /[\t\n\u000b\f\r\u0085\p{Zl}\p{Zp}]+/gu;
const LAST_BREAK = /[\n\u000b\f\r\u0085\p{Zl}\p{Zp}]+$/u;
/** Controls (C0, C1), what formats without being seen (bidirectional marks, tags), halves of characters. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}]/gu;
/** Joiners shape letters and emoji; they are format characters that text needs. */
const JOINERS = new Set(['\u200c', '\u200d']);

/** One line without sequences, controls and bidirectional characters; ends of lines become blanks. */
export const toPlainLine = (text: string): string =>
  text
    .replace(SEQUENCES, '')
    .replace(LAST_BREAK, '')
    .replace(BREAKS, ' ')
    .replace(UNSEEN, (each) => (JOINERS.has(each) ? each : ''));

/** The same for each line of a text, whose line feeds stay. */
export const toPlainLines = (text: string): string[] => text.split(/\r\n|\n/u).map(toPlainLine);

/** JSON with the same value and nothing in it that a terminal obeys: such characters are escaped. */
export const toPlainJson = (value: unknown, indent?: number): string =>
  JSON.stringify(value, null, indent).replace(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (each) =>
    [...each].map(escapeUnits).join(''),
  );

const escapeUnits = (character: string): string =>
  Array.from(character.split(''), (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join(
    '',
  );

/** All that may be read as the end of a quotation: straight, curly and angular marks, primes, and wide ones. */
const DOUBLE_MARKS = /["\u00ab\u00bb\u02ba\u201c-\u201f\u2033\u2036\u300c-\u300f\u301d-\u301f\uff02]|''/gu;

/** Sentences of somebody else, on one line in quotation marks that none of them can end; what could becomes a single one. */
export const quoteSentences = (text: string): string => `"${toPlainLine(text).replace(DOUBLE_MARKS, "'")}"`;

const LONGEST_QUOTE = 200;
const NEEDS_NO_CARE = /^[ !#-[\]-~]{0,200}$/;

/** A name in quotation marks, in which everything unseen is written out, and which is not endless. */
export function quoteName(name: string): string {
  if (NEEDS_NO_CARE.test(name)) return `"${name}"`;
  const shown = JSON.stringify(name.slice(0, LONGEST_QUOTE)).replace(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu,
    (each) => `\\u{${(each.codePointAt(0) ?? 0).toString(16)}}`,
  );
  return name.length > LONGEST_QUOTE ? `${shown}…` : shown;
}
