import { carryOut } from '../../../adapters/scanners/checker/carryOut';
import { jobSchema, READY } from '../../../adapters/scanners/checker/protocol';
import type { Scanner } from '../../../adapters/scanners/scanner';
import type { ScanFinding } from '../../../core/scans/findings';

/**
 * A checker whose rules do what a package may make the product's rules do, for want of a package that still can.
 * Each scanner is named after what it does.
 */
const attacks: Record<string, () => Promise<ScanFinding[]> | ScanFinding[]> = {
  'fills the heap': () => {
    const kept: object[] = [];
    for (;;) kept.push(Array.from({ length: 1000 }, (_, index) => ({ index })));
  },
  'fills memory outside of the heap': () => {
    const kept: Buffer[] = [];
    for (;;) kept.push(Buffer.alloc(16 * 1024 * 1024, 1));
  },
  'recurses without end': () => {
    const recurse = (depth: number): number => recurse(depth + 1) + 1;
    return [{ rule: 'depth', severity: 'info', detail: String(recurse(0)) }];
  },
  'never comes to an end': () => {
    for (;;);
  },
  'answers without end': async () => {
    const piece = 'x'.repeat(1024 * 1024);
    for (;;) await new Promise<unknown>((resolve) => process.stdout.write(piece, resolve));
  },
  'answers twice': () => {
    process.stdout.write('{"kind":"exhausted"}\n{"kind":"exhausted"}\n');
    return [];
  },
  'answers what was not asked': () => {
    process.stdout.write('{"kind":"refused","problems":[]}\n');
    return new Promise(() => undefined);
  },
  'breaks off': () => process.kill(process.pid, 'SIGSEGV') as never,
  'is stopped by somebody': () => {
    process.kill(process.pid, 'SIGTERM');
    return new Promise(() => undefined);
  },
  'tells its environment': () =>
    Object.keys(process.env).map((name) => ({ rule: 'environment', severity: 'info', detail: name })),
  'tells its process': () => [{ rule: 'process', severity: 'info', detail: String(process.pid) }],
};

const scanners: Scanner[] = Object.entries(attacks).map(([name, attack]) => ({
  name,
  version: '1.0.0',
  rulesDigest: '0'.repeat(64),
  scan: async () => attack(),
}));

let rest = '';
process.stdin.setEncoding('utf8').on('data', (text: string) => {
  const lines = (rest + text).split('\n');
  rest = lines.pop()!;
  for (const line of lines) {
    void carryOut(jobSchema.parse(JSON.parse(line)), scanners).then((answer) =>
      process.stdout.write(`${JSON.stringify(answer)}\n`),
    );
  }
});
process.stdin.on('end', () => process.exit());
process.stdout.write(`${READY}\n`);
