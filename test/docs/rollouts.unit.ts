import { verdictTable } from '../../core/rollouts/verdict';
import { read, section, tableRows } from './support/pages';

test('the page on rollouts shows the table by which stages are judged', () => {
  expect(tableRows(section(read('docs/rollouts.md'), '## The verdict'))).toEqual(
    verdictTable.map(({ judgement, when, then }) => [`\`${judgement}\``, when, then]),
  );
});
