import { LineCounter, Lexer, Parser, isNode, isScalar, parseDocument, visit, type Document } from 'yaml';
import { quoteName } from '../core/foreignText';
import { MAX_DEPTH, findUnsafe } from '../core/plainData';

/** A text that was read: its plain value, and on which line a path of it stands. */
export interface TextDocument {
  value: unknown;
  findLine(path: readonly PropertyKey[]): number | undefined;
}

/** Something that is wrong with a text; `line` counts from 1. */
export interface TextFault {
  message: string;
  line?: number;
}

export type ReadText = TextDocument | { faults: TextFault[] };

/** Tokens of one file: a plugin description of several thousand lines; more takes seconds to judge. */
const MAX_TOKENS = 50_000;
/** The parser keeps at most three open things for a level that people see. */
const MAX_OPEN = 3 * MAX_DEPTH;
/** How often one anchor may be repeated, all that it repeats counted too. */
const MAX_ALIASES = 100;
/** A broken file is wrong everywhere; a person reads the first few. */
const MAX_FAULTS = 20;

/**
 * Reads one YAML document within limits on its size, its depth and what its aliases stand for, none of which
 * a reader would survive otherwise. Keys are texts, each at most once, and none reaches a prototype.
 */
export function readYaml(text: string): ReadText {
  const excess = findExcess(text);
  if (excess) return { faults: [excess] };
  const lines = new LineCounter();
  const parsed = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  // Another version has other truths, numbers and merging of keys.
  if (parsed.directives?.yaml.version !== '1.2') return { faults: [{ message: 'is not YAML 1.2', line: 1 }] };
  const errors = parsed.errors.map(({ message, pos }) => ({ message, line: lines.linePos(pos[0]).line }));
  const faults = errors.length > 0 ? errors : findAmbiguousKeys(parsed, lines);
  if (faults.length > 0) return { faults: faults.slice(0, MAX_FAULTS) };
  const value = toPlain(parsed);
  if (value instanceof Error) return { faults: [{ message: value.message }] };
  const findLine = (path: readonly PropertyKey[]) => locateLine(parsed, lines, path);
  const unsafe = findUnsafe(value).map(({ path, kind }) => ({
    message: unsafeWords[kind],
    line: findLine(path),
  }));
  if (unsafe.length > 0)
    return {
      faults: unsafe.map(({ message, line }) => (line === undefined ? { message } : { message, line })),
    };
  return { value, findLine };
}

const unsafeWords = {
  depth: `is nested deeper than ${MAX_DEPTH} levels`,
  key: 'has a key that must not be used',
  text: 'contains a character that is not allowed',
};

/** Runs the parser's first half, which keeps a stack of its own, and stops where the second would suffer. */
function findExcess(text: string): TextFault | undefined {
  const parser = new Parser();
  let tokens = 0;
  for (const token of new Lexer().lex(text)) {
    // What it yields are finished documents, which the second half builds again.
    for (const _ of parser.next(token)) void _;
    tokens += 1;
    if (parser.stack.length > MAX_OPEN) return { message: unsafeWords.depth };
    if (tokens > MAX_TOKENS) return { message: `has more than ${MAX_TOKENS} tokens` };
  }
  return undefined;
}

/** Keys that another reader could take for the same: `1` and `"1"` are one name of an object. */
function findAmbiguousKeys(parsed: Document, lines: LineCounter): TextFault[] {
  const faults: TextFault[] = [];
  visit(parsed, {
    Map: (_, map) => {
      const seen = new Set<string>();
      for (const { key } of map.items) {
        const line = isNode(key) && key.range ? { line: lines.linePos(key.range[0]).line } : {};
        const name = isScalar(key) ? String(key.value) : undefined;
        if (name === undefined) faults.push({ message: 'has a key that is no text', ...line });
        else if (seen.has(name)) faults.push({ message: `has the key ${quoteName(name)} twice`, ...line });
        else seen.add(name);
      }
    },
  });
  return faults;
}

/** The plain value, or why there is none: an alias without an anchor, or too many of them. */
function toPlain(parsed: Document): unknown {
  try {
    return parsed.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    if (error instanceof ReferenceError) return error;
    throw error;
  }
}

/** The line of the value, or of the closest thing around it when it is missing. */
function locateLine(parsed: Document, lines: LineCounter, path: readonly PropertyKey[]): number | undefined {
  for (let length = path.length; length >= 0; length -= 1) {
    const node = length === 0 ? parsed.contents : parsed.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return undefined;
}
