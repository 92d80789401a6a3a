import { lintSource } from '@secretlint/core';
import { rules } from '@secretlint/secretlint-rule-preset-recommend';
import { version } from '@secretlint/secretlint-rule-preset-recommend/package.json';
import type { ScanFinding, Severity } from '../../../core/scans';
import { contentOf, eachEntry } from '../entries';
import { digestOfRules, type ScanInput, type Scanner } from '../scanner';
import { WINDOW, textWindows, type TextWindow } from './windows';

const PREFIX = '@secretlint/secretlint-rule-';

/**
 * The rules one by one and not as their preset: the preset brings a rule by which a comment in the
 * scanned file switches the others off, also where its options say that it must not.
 */
const RULES = rules.filter((rule) => rule.meta.id !== `${PREFIX}filter-comments`);
const CONFIG = { rules: RULES.map((rule) => ({ id: rule.meta.id, rule })) };

/** Patterns that documentation is full of; a person looks at them, they refuse nothing. */
const DOUBTFUL = ['basicauth', 'database-connection-string', 'aws/AWSAccountID'];

/** The most findings that one scan gathers; more of them say nothing new. */
const ENOUGH = 1000;

/** Finds credentials in text files by secretlint's rules. What is found is told, never repeated. */
export function secretsScanner(): Scanner {
  const ids = RULES.map((rule) => rule.meta.id);
  return {
    name: 'secrets',
    version: `1.0.0+secretlint.${version}`,
    rulesDigest: digestOfRules({ version, ids, doubtful: DOUBTFUL, window: WINDOW }),
    async scan(input) {
      const findings: ScanFinding[] = [];
      await eachEntry(input, async ({ path }) => {
        if (findings.length < ENOUGH) findings.push(...(await findingsIn(input, path)));
      });
      return findings;
    },
  };
}

async function findingsIn(input: ScanInput, path: string): Promise<ScanFinding[]> {
  // By place, because what stands in an overlap is seen by two windows.
  const byPlace = new Map<string, ScanFinding>();
  for await (const window of textWindows(contentOf(input, path))) {
    for (const message of await messagesOf(window, path)) {
      byPlace.set(`${message.rule}@${message.offset}`, findingOf(message, window, path));
    }
    if (byPlace.size >= ENOUGH) break;
  }
  return [...byPlace.values()];
}

interface SecretMessage {
  /** Such as `github/GITHUB_TOKEN`. */
  rule: string;
  /** Characters before it in the whole file. */
  offset: number;
  length: number;
  /** Counted from 1 within the window. */
  line: number;
}

async function messagesOf(window: TextWindow, path: string): Promise<SecretMessage[]> {
  const { messages } = await lintSource({
    source: { content: window.text, filePath: path, contentType: 'text' },
    options: { noPhysicFilePath: true, maskSecrets: true, config: CONFIG },
  });
  return messages.map(({ ruleId, messageId, range, loc }) => ({
    rule: `${ruleId.replace(PREFIX, '')}/${messageId}`,
    offset: window.offset + range[0],
    length: range[1] - range[0],
    line: loc.start.line,
  }));
}

/** The library masks by replacing values in its sentence; ours has no room for one to slip through. */
function findingOf(
  { rule, offset, length, line }: SecretMessage,
  window: TextWindow,
  path: string,
): ScanFinding {
  return {
    rule,
    severity: severityOf(rule),
    path,
    line: window.line + line,
    detail: `A credential (${rule}) of ${length} characters at character ${offset}; its text is not shown.`,
  };
}

const severityOf = (rule: string): Severity =>
  DOUBTFUL.some((each) => rule === each || rule.startsWith(`${each}/`)) ? 'warning' : 'critical';
