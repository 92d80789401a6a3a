import { secretsScanner } from '../../../adapters/scanners/secrets/scanner';
import { credentialRules, findCredentials } from '../../../core/scans/credentials';
import { listCredentials, listLookAlikes, type Sample } from '../../support/builders/credentials';
import { scanFiles } from '../../support/scans';
import { temporaryFolder } from '../../support/temporaryFolder';

const folder = temporaryFolder('credentials');
const scan = ({ path, text }: Sample) => scanFiles(folder, secretsScanner(), { [path]: text });
const named = (samples: Sample[]) => samples.map((sample) => [sample.kind, sample] as const);

describe('The secrets scanner', () => {
  test('knows at least forty kinds of credentials, and as many things that look like one', () => {
    const [kinds, alike] = [listCredentials(), listLookAlikes()].map(
      (samples) => new Set(samples.map(({ kind }) => kind)).size,
    );
    expect(kinds).toBeGreaterThanOrEqual(40);
    expect(alike).toBeGreaterThanOrEqual(kinds!);
  });

  test.each(named(listCredentials()))(
    'finds a credential once, and does not repeat it: %s',
    async (_, sample) => {
      const findings = (await scan(sample)).filter(({ severity }) => severity === 'critical');
      expect(findings).toHaveLength(1);
      expect(findings[0]?.path).toBe(sample.path);
      const secret = /[A-Za-z0-9+/]{20}/.exec(sample.text.replaceAll(/BEGIN [A-Z ]+|[A-Z ]+-----/g, ''))?.[0];
      if (secret) expect(JSON.stringify(findings)).not.toContain(secret);
    },
  );

  test.each(named(listLookAlikes()))(
    'refuses nothing for what only looks like one: %s',
    async (_, sample) => {
      const findings = await scan(sample);
      expect(findings.filter(({ severity }) => severity === 'critical')).toEqual([]);
    },
  );
});

describe('The forms of credentials', () => {
  test('have an id each', () => {
    const ids = credentialRules.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)]);
  });

  test('say where a credential stands, and nothing else of it', () => {
    const { text, path } = listCredentials().find(({ kind }) => kind === 'npm token')!;
    const [seen] = findCredentials(path, text);
    expect(seen).toEqual({ rule: 'npm/TOKEN', range: [text.indexOf('npm_'), text.indexOf('npm_') + 40] });
  });
});
