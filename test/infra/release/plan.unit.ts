import { listChangesets, listObstacles, stepsAfterVersion } from '../../../infra/release/plan';

describe('a release', () => {
  test('is refused with everything that stands in its way', () => {
    const facts = { changesets: [], uncommitted: ['M core/ids.ts'], branch: 'topic' };
    expect(listObstacles(facts)).toEqual([
      expect.stringContaining('there is no changeset'),
      'there are uncommitted files: M core/ids.ts',
      'the branch is topic: releases are made on main',
    ]);
    expect(listObstacles({ changesets: ['a.md'], uncommitted: [], branch: 'main' })).toEqual([]);
  });

  test('counts no document and no setting as a changeset', () => {
    expect(listChangesets(['README.md', 'config.json', 'two-owls.md', 'a-fox.md'])).toEqual([
      'a-fox.md',
      'two-owls.md',
    ]);
  });

  test('records its histories after its version is set and before it is tagged', () => {
    const commands = stepsAfterVersion('0.2.0').map(({ command }) => command.join(' '));
    const recorded = commands.findIndex((each) => each.includes('test/replay/record.ts'));
    const committed = commands.findIndex((each) => each.includes('git commit'));
    const tagged = commands.findIndex((each) => each.includes('git tag --annotate v0.2.0'));
    expect(recorded).toBeGreaterThanOrEqual(0);
    expect(committed).toBeGreaterThan(recorded);
    expect(tagged).toBeGreaterThan(committed);
  });
});
