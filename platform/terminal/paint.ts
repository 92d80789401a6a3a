import { randomInt } from 'node:crypto';
import { toPlainLine } from '../../core/foreignText';

/** The styles in use, each by the codes that switch it on and off (SGR, ECMA-48 8.3.117). */
const STYLES = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const;

export type Paint = keyof typeof STYLES;

/** Marks text as painted, and makes lines of it for a terminal. */
export interface Painter {
  /** The text with marks that {@link Painter.clean} keeps and {@link Painter.show} turns into colour. */
  paint(style: Paint, text: string): string;
  /** One line without anything that a terminal obeys but the marks of this painter. */
  clean(text: string): string;
  /** The same with colour in place of the marks: ready to be written. */
  show(text: string): string;
}

/**
 * Colour for terminals on which foreign text is shown. A mark is a code with a number that nobody else knows,
 * so that everything else which looks like a code is foreign and goes, wherever it stands in a line; to what
 * measures or pads text, a mark is as wide as a code is: not at all.
 */
export function createPainter(isColoured: boolean): Painter {
  const secret = Array.from({ length: 4 }, () => String(randomInt(1_000, 10_000))).join(';');
  const mark = (code: number): string => `\u001b[${code};${secret}m`;
  const marks = new RegExp(`\\u001b\\[(\\d+);${secret}m`, 'u');
  // Splitting by a pattern with a group gives text and code in turns.
  const convert = (text: string, toCode: (code: string) => string): string =>
    text
      .split(marks)
      .map((each, index) => (index % 2 === 0 ? toPlainLine(each) : toCode(each)))
      .join('');
  return {
    paint: (style, text) => {
      const [on, off] = STYLES[style];
      return isColoured ? `${mark(on)}${toPlainLine(text)}${mark(off)}` : text;
    },
    clean: (text) => convert(text, (code) => mark(Number(code))),
    show: (text) => convert(text, (code) => `\u001b[${code}m`),
  };
}
