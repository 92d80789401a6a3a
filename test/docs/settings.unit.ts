import { settings as cliSettings } from '../../cli/settings';
import { tools } from '../../infra/tools/catalogue';
import { codeSpans, read, section, tableRows } from './support/pages';

/** Which schema says what each process reads; settings that several processes share are read by name. */
const shared = [
  'platform/settings/process.ts',
  'adapters/settings/temporal.ts',
  'adapters/settings/objects.ts',
];
const processes: Record<string, readonly string[]> = {
  API: ['api/config.ts', ...shared],
  Worker: ['worker/config.ts', ...shared],
  'Object store': ['api/objects/config.ts', 'platform/settings/process.ts'],
  'Codec endpoint': ['api/codec/config.ts', 'platform/settings/process.ts'],
  Signer: ['signer/service/config.ts', 'platform/settings/process.ts'],
  Migrations: ['adapters/db/migrateMain.ts'],
  Stack: ['infra/stack/config.ts'],
};

/** Keys of the zod schemas in a file: `NAME: <schema>`. */
const listKeys = (file: string): string[] =>
  [...read(file).matchAll(/\b[A-Z][A-Z0-9_]{3,}(?=: )/g)].map(([name]) => name);

const page = read('docs/operations.md');
const shownIn = (heading: string): string[] =>
  tableRows(section(page, heading))
    .flatMap(([names = '']) => codeSpans(names))
    .sort();
const unique = (names: readonly string[]): string[] => [...new Set(names)].sort();

describe('the settings on the page for operators', () => {
  test.each(Object.entries(processes))('are all that the schema of the process reads: %s', (name, files) => {
    expect(shownIn(`### ${name}`)).toEqual(unique(files.flatMap(listKeys)));
  });

  test('are all that a host reads', () => {
    const rows = tableRows(section(read('docs/host.md'), '## Settings'));
    expect(rows.flatMap(([names = '']) => codeSpans(names)).sort()).toEqual(
      unique(['host/config.ts', 'platform/settings/process.ts'].flatMap(listKeys)),
    );
  });

  test('are all that px-plugin reads', () => {
    expect(shownIn('### px-plugin')).toEqual(unique(Object.values(cliSettings)));
  });

  test('name the setting of every tool', () => {
    const shown = shownIn('### Tools');
    for (const { setting } of Object.values(tools)) expect(shown).toContain(setting);
  });
});
