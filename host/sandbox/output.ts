import type { ChildProcess } from 'node:child_process';

const KEPT_CHARACTERS = 4000;

export interface Output {
  /** The end of what was printed, where scripts say why they failed. */
  text(): string;
}

/** Keeps the end of what a program prints, and tells when it prints more than it may. */
export function collectOutput(child: ChildProcess, maxBytes: number, onTooMuch: () => void): Output {
  let kept = '';
  let bytes = 0;
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (piece: string) => {
      bytes += Buffer.byteLength(piece);
      kept = (kept + piece).slice(-KEPT_CHARACTERS);
      if (bytes > maxBytes) onTooMuch();
    });
  }
  // Control characters would garble logs and reports.
  return { text: () => kept.replace(/[^\P{Cc}\n\t]/gu, '').trim() };
}
