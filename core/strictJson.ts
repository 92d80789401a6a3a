import { quoteName } from './foreignText';
import { MAX_DEPTH } from './plainData';

/** Why a text is no JSON that everybody reads alike; `line` counts from 1. */
export interface JsonFault {
  kind: 'syntax' | 'depth' | 'keys';
  fault: string;
  line?: number;
}

export type ReadJson = { value: unknown } | JsonFault;

/**
 * Parses JSON that has one reading: RFC 8259 leaves open which of two equal keys counts, and a `__proto__`
 * is a key to one reader and a prototype to the next. Depth is limited before anything recurses.
 */
export function parseStrictJson(text: string): ReadJson {
  const ambiguous = findAmbiguity(text);
  if (ambiguous) {
    const { kind, fault, at } = ambiguous;
    return { kind, fault, line: countLines(text, at) };
  }
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return {
      kind: 'syntax',
      fault: `is not JSON (${error instanceof Error ? error.message : String(error)})`,
    };
  }
}

const countLines = (text: string, until: number): number => text.slice(0, until).split('\n').length;

interface Ambiguity extends JsonFault {
  at: number;
}

/** Looks at brackets and keys alone, in one pass; whether the rest is JSON is for the parser to say. */
function findAmbiguity(text: string): Ambiguity | undefined {
  // The keys of each object that is open; an array has none.
  const open: (Set<string> | undefined)[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '{' || character === '[') {
      open.push(character === '{' ? new Set() : undefined);
      if (open.length > MAX_DEPTH)
        return { kind: 'depth', fault: `is nested deeper than ${MAX_DEPTH} levels`, at };
    } else if (character === '}' || character === ']') {
      open.pop();
    } else if (character === '"') {
      const end = findStringEnd(text, at);
      const fault = isKey(text, end) ? checkKey(open.at(-1), text.slice(at, end)) : undefined;
      if (fault !== undefined) return { kind: 'keys', fault, at };
      at = end - 1;
    }
  }
  return undefined;
}

/** The place after the closing quotation mark, or the end of the text. */
function findStringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}

function isKey(text: string, end: number): boolean {
  let at = end;
  while (at < text.length && ' \t\r\n'.includes(text.charAt(at))) at += 1;
  return text[at] === ':';
}

/** Keys are compared as they are read, not as they are spelled. */
function checkKey(keys: Set<string> | undefined, quoted: string): string | undefined {
  const key = decode(quoted);
  if (keys === undefined || key === undefined) return undefined;
  if (key === '__proto__') return 'has a key that must not be used: "__proto__"';
  if (keys.has(key)) return `has the key ${quoteName(key)} twice`;
  keys.add(key);
  return undefined;
}

function decode(quoted: string): string | undefined {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return undefined;
  }
}
