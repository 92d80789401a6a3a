import path from 'node:path';
import { rules } from '@secretlint/secretlint-rule-preset-recommend';
import type { SecretLintRuleContext as Context, SecretLintSourceCode as Source } from '@secretlint/types';

const PREFIX = '@secretlint/secretlint-rule-';

/** Lets an author switch rules off by a comment in the scanned file: not in a store that others rely on. */
const SWITCH = `${PREFIX}filter-comments`;

/** The rules that look for credentials. */
export const RULES = rules.filter(({ meta }) => meta.id !== SWITCH && meta.type === 'scanner');

/** A credential that a rule saw: where, and never what. */
export interface Sighting {
  /** Rule and message, such as `github/GITHUB_TOKEN`. */
  rule: string;
  /** Characters from the start of the text: first, and one behind the last. */
  range: readonly [number, number];
}

/**
 * Makes the rules ready to look at the texts of one file.
 *
 * They are run here and not by `@secretlint/core`, whose built-in profiler keeps a mark of every call
 * for good and searches them all at each: in a long-lived worker neither memory nor time stays flat.
 */
export function secretRules(filePath: string): (text: string) => Promise<Sighting[]> {
  let sightings: Sighting[] = [];
  const handlers = RULES.map((rule) => {
    const name = rule.meta.id.replace(PREFIX, '');
    return rule.create(
      makeContext((id, range) => sightings.push({ rule: `${name}/${id}`, range })),
      {},
    );
  });
  return async (text) => {
    sightings = [];
    const source = makeSource(text, filePath);
    for (const handler of handlers) await handler.file?.(source);
    return sightings;
  };
}

/** What a rule reports to. Its translator drops the data, which is where the credential's text would be. */
function makeContext(saw: (messageId: string, range: Sighting['range']) => void): Context {
  const translate = (messageId: PropertyKey) => ({ message: '', messageId: String(messageId), data: {} });
  return {
    sharedOptions: {},
    createTranslator: (() => translate) as unknown as Context['createTranslator'],
    report: ({ message, range }) => saw(message.messageId, range),
    ignore: () => undefined,
  };
}

/** The part of a source that the rules read. */
const makeSource = (text: string, filePath: string): Source =>
  ({ content: text, contentType: 'text', filePath, ext: path.extname(filePath), hasBOM: false }) as Source;
