import { readSchema } from '../../../infra/docs/readSchema';
import { renderSchema } from '../../../infra/docs/renderSchema';
import { schemaDomains } from '../../../infra/docs/schemaDomains';
import { read, unpadded } from '../../docs/support/pages';
import { useDatabase } from '../../support/servers/database';

const database = useDatabase();

const drawNow = async (): Promise<string> => renderSchema(await readSchema(database.url), schemaDomains);

test('the drawing of the schema is what the migrations make (npm run docs:schema renews it)', async () => {
  expect(unpadded(read('docs/schema.md'))).toBe(unpadded(await drawNow()));
});

test('a table, a column, a foreign key and a policy that are new all change the drawing', async () => {
  const before = await drawNow();
  await database.knex.raw(`
    create table badges (id text primary key, plugin_id text references plugins (id), awarded_at timestamptz not null);
    alter table badges enable row level security;
    alter table badges force row level security;
    create policy platform on badges for select to spillway_api using (true);
    alter table plugins add column homepage varchar(200);
    alter table rate_limits enable row level security`);
  const added = (await drawNow()).split('\n').filter((line) => !before.includes(`${line}\n`));
  expect(added).toEqual([
    '    varchar(200) homepage "nullable"',
    '  plugins |o--o{ badges : "plugin_id"',
    '  badges {',
    '    text plugin_id FK "nullable"',
    '    timestamptz awarded_at',
    '| `badges` | forced | `platform` (select) for `spillway_api` |',
  ]);
});
