import { tables } from '../../adapters/db/tables';
import { DAY } from '../../core/duration';
import { keptForGood, retention, stateFolders } from '../../core/operations/retention';
import { isOwnName } from '../../infra/stack/state';
import { read, section, tableRows } from './support/pages';

test('every table of the schema is kept for a time that is named, or for good for a reason', () => {
  const named = [...retention.map(({ table }) => table), ...Object.keys(keptForGood)];
  expect(named.sort()).toEqual(Object.keys(tables).sort());
});

test('the operators’ page says how long each table and folder is kept', () => {
  const page = section(read('docs/operations.md'), '## What is kept, and how long');
  const [ofTables = '', ofFolders = ''] = page.split('| folder of the state');
  expect(tableRows(ofTables)).toEqual([
    ...retention.map(({ table, keptMs, why }) => [`\`${table}\``, `${keptMs / DAY} days`, why]),
    ...Object.entries(keptForGood).map(([table, why]) => [`\`${table}\``, 'for good', why]),
  ]);
  expect(tableRows(`| folder of the state${ofFolders}`)).toEqual(
    stateFolders.map(({ name, holds, kept }) => [`\`${name}/\``, holds, kept]),
  );
});

test('a fresh start removes the folders that are named, and nothing that is somebody else’s', () => {
  expect(stateFolders.every(({ name }) => isOwnName(name))).toBe(true);
  expect(['notes.txt', 'src', '.git', 'objects2', 'postgres.bak'].filter(isOwnName)).toEqual([]);
});
