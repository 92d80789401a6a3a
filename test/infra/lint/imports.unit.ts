import { createRequire } from 'node:module';
import path from 'node:path';
import { Linter, type Rule } from 'eslint';
import { repositoryRoot } from '../../../infra/build/build';

/** The linter's rule is a module of its own kind, and no program of the product reads it. */
const load = createRequire(__filename) as (file: string) => { houseImports: Rule.RuleModule };
const { houseImports } = load(path.join(repositoryRoot, 'infra/lint/houseImports.mjs'));

/** What the import rule says of one import in a file of that name. */
function refusals(file: string, source: string): string[] {
  const linter = new Linter({ cwd: repositoryRoot });
  const config = {
    files: ['**/*.ts'],
    plugins: { house: { rules: { imports: houseImports } } },
    rules: { 'house/imports': 'error' as const },
  };
  const messages = linter.verify(`import { it } from '${source}';\nit();\n`, [config], {
    filename: path.join(repositoryRoot, file),
  });
  return messages.map(({ message }) => message);
}

test.each([
  ['core/reviews/new.ts', '../releases/state'],
  ['core/reviews/new.ts', './sla'],
  ['core/reviews/new.ts', '../ids'],
  ['api/rollouts/new.ts', '../../adapters/db/releases/record'],
  ['workflows/release.ts', './rollouts/rollout'],
])('%s may import %s, which comes before it', (file, source) => {
  expect(refusals(file, source)).toEqual([]);
});

test.each([
  ['core/releases/new.ts', '../reviews/sla', 'the domain releases may not import reviews'],
  [
    'adapters/db/releases/new.ts',
    '../../../core/rollouts/verdict',
    'the domain releases may not import rollouts',
  ],
  ['api/ratings/new.ts', '../payments/prices', 'the domain ratings may not import payments'],
  ['api/http/new.ts', '../releases/publish', 'api/http/new.ts is of no domain and may not import releases'],
  ['core/releases/new.ts', '../../adapters/db/connect', 'core/ may not import adapters/'],
  ['web/releases/new.ts', 'node:fs', 'web/ may not use node:fs'],
])('%s is refused %s by name', (file, source, why) => {
  expect(refusals(file, source)).toEqual([expect.stringContaining(why)]);
});
