import { version } from '@secretlint/secretlint-rule-preset-recommend/package.json';
import { findTokens } from '../../../core/identity/tokens';
import { hashToken } from '../../identity/tokenHash';
import { credentialRules, findCredentials, isVaried } from '../../../core/scans/credentials';
import type { ScanFinding, Severity } from '../../../core/scans/findings';
import { contentOf, eachEntry } from '../entries';
import { digestOfRules, type ScanInput, type Scanner } from '../scanner';
import { RULES, secretRules, type Sighting } from './rules';
import { WINDOW, lineBreaksIn, textWindows, type TextWindow } from './windows';

/** Patterns that documentation is full of; a person looks at them, they refuse nothing. */
const DOUBTFUL = ['basicauth', 'database-connection-string', 'aws/AWSAccountID'];

/** The most findings that one scan gathers; more of them say nothing new. */
const ENOUGH = 1000;

/** The rule for tokens of this platform, which are revoked as soon as they are seen. */
const OWN_TOKEN = 'spillway/TOKEN';

/**
 * Finds credentials in text files by secretlint's rules, and tokens of this platform. What is found is told,
 * never repeated.
 */
export function secretsScanner(): Scanner {
  const forms = credentialRules.map(({ id, pattern, file }) => `${id} ${pattern.source} ${file?.source}`);
  const ids = [...RULES.map((rule) => rule.meta.id), OWN_TOKEN, ...forms];
  return {
    name: 'secrets',
    version: `1.2.0+secretlint.${version}`,
    rulesDigest: digestOfRules({ version, ids, doubtful: DOUBTFUL, window: WINDOW }),
    async scan(input) {
      const findings: ScanFinding[] = [];
      const tokens = new Set<string>();
      await eachEntry(input, async ({ path }) => {
        if (findings.length < ENOUGH) findings.push(...(await findingsIn(input, path, tokens)));
      });
      if (tokens.size > 0) await input.onTokens?.([...tokens].map(hashToken));
      return findings;
    },
  };
}

/** @param tokens gathers what may be a token of this platform */
async function findingsIn(input: ScanInput, path: string, tokens: Set<string>): Promise<ScanFinding[]> {
  const look = secretRules(path);
  // By place, because what stands in an overlap is seen by two windows.
  const byPlace = new Map<string, ScanFinding>();
  for await (const window of textWindows(contentOf(input, path))) {
    const own = findTokens(window.text);
    for (const each of own) for (const candidate of each.candidates) tokens.add(candidate);
    const ownSightings = own.map(({ range }) => ({ rule: OWN_TOKEN, range }));
    const seen = [
      ...ownSightings,
      ...(await look(window.text)).filter((each) => !isPlaceholder(each, window)),
    ];
    for (const sighting of [...seen, ...listFurther(findCredentials(path, window.text), seen)]) {
      const offset = window.offset + sighting.range[0];
      byPlace.set(`${sighting.rule}@${offset}`, toFinding(sighting, window, path));
    }
    if (byPlace.size >= ENOUGH) break;
  }
  return [...byPlace.values()];
}

/** `ghp_xxxx…`: as documentation writes a token. */
const isPlaceholder = ({ rule, range: [start, end] }: Sighting, { text }: TextWindow): boolean =>
  !isDoubtful(rule) && end - start >= 20 && !isVaried(text.slice(start, end));

/** What the other rules have not seen: a credential is told once. */
const listFurther = (sightings: readonly Sighting[], seen: readonly Sighting[]): Sighting[] =>
  sightings.filter(
    ({ range: [start, end] }) =>
      !seen.some(({ rule, range }) => !isDoubtful(rule) && range[0] < end && start < range[1]),
  );

function toFinding({ rule, range: [start, end] }: Sighting, window: TextWindow, path: string): ScanFinding {
  const place = `${end - start} characters at character ${window.offset + start}`;
  return {
    rule,
    severity: rankSeverity(rule),
    path,
    line: window.line + lineBreaksIn(window.text, start) + 1,
    detail: `A credential (${rule}) of ${place}; its text is not shown.`,
  };
}

const isDoubtful = (rule: string): boolean =>
  DOUBTFUL.some((each) => rule === each || rule.startsWith(`${each}/`));

const rankSeverity = (rule: string): Severity => (isDoubtful(rule) ? 'warning' : 'critical');
