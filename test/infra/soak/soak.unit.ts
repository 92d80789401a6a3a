import { chooseSample } from '../../../infra/soak/mutants/sample';
import { renderScores, scoreByFolder } from '../../../infra/soak/mutants/score';
import { findSoak } from '../../../infra/soak/soaks';

const mutant = (status: string, line: number) => ({
  status,
  mutatorName: 'EqualityOperator',
  replacement: 'a >= b',
  location: { start: { line } },
});

describe('npm run soak', () => {
  test('answers an unknown name with the list of soaks', () => {
    expect(() => findSoak('mutant')).toThrow(
      /There is no soak "mutant"\. There are:\n {2}mutants \[--seed N\]/,
    );
    expect(findSoak('mutants').name).toBe('mutants');
  });

  test('draws the same sample for the same seed, in whatever order the files come', () => {
    const files = Array.from({ length: 40 }, (_, index) => `adapters/file${index}.ts`);
    expect(chooseSample(files, 5, 7)).toEqual(chooseSample([...files].reverse(), 5, 7));
    expect(chooseSample(files, 5, 7)).not.toEqual(chooseSample(files, 5, 8));
    expect(chooseSample(files, 5, 7)).toHaveLength(5);
  });

  test('scores mutants by folder: what no test reaches survived, what does not compile does not count', () => {
    const scores = scoreByFolder({
      files: {
        'core/a.ts': { mutants: [mutant('Killed', 1), mutant('Timeout', 2), mutant('Survived', 3)] },
        'core/b.ts': { mutants: [mutant('Killed', 1), mutant('CompileError', 2)] },
        'adapters/c.ts': { mutants: [mutant('NoCoverage', 9)] },
      },
    });
    expect(scores).toMatchObject([
      { folder: 'adapters', score: 0 },
      { folder: 'core', noticed: 3, score: 0.75 },
    ]);
    expect(renderScores(scores)).toContain('survived  core/a.ts:3 EqualityOperator → a >= b');
    expect(renderScores(scores)).toMatch(/^core +0\.75 {2}3 noticed, 1 survived$/m);
  });
});
