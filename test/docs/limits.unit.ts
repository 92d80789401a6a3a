import { limitRows } from '../../core/limits';
import { read, section, tableRows } from './support/pages';

test('the page of limits prints the numbers that are checked', () => {
  const page = section(read('docs/limits.md'), '## Sizes of what is sent and stored');
  expect(tableRows(page)).toEqual(limitRows.map(({ limit, of }) => [limit.toLocaleString('en-US'), of]));
});
