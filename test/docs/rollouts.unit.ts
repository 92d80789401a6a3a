import { failureKinds, listCodes } from '../../core/rollouts/failureKinds';
import { verdictTable } from '../../core/rollouts/verdict';
import { read, section, tableRows } from './support/pages';

test('the page on rollouts shows the table by which stages are judged', () => {
  expect(tableRows(section(read('docs/rollouts.md'), '## The verdict'))).toEqual(
    verdictTable.map(({ judgement, when, then }) => [`\`${judgement}\``, when, then]),
  );
});

test('the page on rollouts shows the kind of every code that a host can report', () => {
  const rows = tableRows(section(read('docs/rollouts.md'), '## Whose a failure is'));
  expect(rows.map(([kind, , codes]) => [kind, codes])).toEqual(
    failureKinds.map((kind) => [
      `\`${kind}\``,
      listCodes(kind)
        .map((code) => `\`${code}\``)
        .join(' '),
    ]),
  );
});
