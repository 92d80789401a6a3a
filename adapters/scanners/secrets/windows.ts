/** A piece of a text, with where in the whole it starts. */
export interface TextWindow {
  text: string;
  /** Characters before it. */
  offset: number;
  /** Line breaks before it. */
  line: number;
}

/** Characters of one window, and of the end of the window before that it repeats. */
export const WINDOW = { length: 64 * 1024, overlap: 8 * 1024 } as const;

/** A zero byte in the first bytes means that a file is no text. */
const isBinary = (head: Buffer): boolean => head.subarray(0, 8192).includes(0);

/**
 * Cuts a stream of UTF-8 text into overlapping windows, so that memory stays flat and whatever is
 * shorter than the overlap is whole in at least one window. Ends at once for binary data.
 */
export async function* textWindows(content: AsyncIterable<Buffer>): AsyncGenerator<TextWindow> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let window: TextWindow = { text: '', offset: 0, line: 0 };
  let isFirst = true;
  for await (const chunk of content) {
    if (isFirst && isBinary(chunk)) return;
    isFirst = false;
    for (const piece of piecesOf(chunk)) {
      window = { ...window, text: window.text + decoder.decode(piece, { stream: true }) };
      while (window.text.length >= WINDOW.length) {
        yield { ...window, text: window.text.slice(0, WINDOW.length) };
        window = advanced(window);
      }
    }
  }
  const text = window.text + decoder.decode();
  if (text.length > 0) yield { ...window, text };
}

/** Short texts die young: strings of whole chunks would wait for a full collection and fill the heap. */
const PIECE_BYTES = 16 * 1024;

function* piecesOf(chunk: Buffer): Generator<Buffer> {
  for (let at = 0; at < chunk.length; at += PIECE_BYTES) yield chunk.subarray(at, at + PIECE_BYTES);
}

/** Moves on by a window less the overlap, to the start of a line where there is one: a cut token misleads. */
function advanced(window: TextWindow): TextWindow {
  const least = WINDOW.length - WINDOW.overlap;
  const lineEnd = window.text.lastIndexOf('\n', least);
  const cut = lineEnd > least - WINDOW.overlap ? lineEnd + 1 : least;
  return {
    text: window.text.slice(cut),
    offset: window.offset + cut,
    line: window.line + lineBreaksIn(window.text, cut),
  };
}

/** Line breaks in the first `end` characters. */
export function lineBreaksIn(text: string, end: number): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1 && at < end; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
