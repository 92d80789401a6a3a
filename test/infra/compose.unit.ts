import { parse } from 'yaml';
import { objectServerConfig } from '../../api/objects/config';
import { apiConfig } from '../../api/config';
import { readConfig as hostConfig } from '../../host/config';
import { programs } from '../../infra/build/programs';
import { builtEntries } from '../../infra/stack/context';
import { signerConfig } from '../../signer/service/config';
import { workerConfig } from '../../worker/config';
import { read } from '../docs/support/pages';

type Environment = Record<string, string | undefined>;

interface Service {
  image: string;
  command?: string | string[];
  environment?: Environment;
}

/** Names that the operating system or Node reads, so that no schema knows them. */
const NOT_OURS = /^(NODE_OPTIONS|NODE_ENV|MALLOC_[A-Z_]+)$/;

const text = read('docker-compose.yml');
const dockerfile = read('infra/images/Dockerfile');

/** What the image sets for every program, and the program that it runs when nothing else is said. */
const imageEnvironment: Environment = Object.fromEntries(
  [...dockerfile.matchAll(/^ENV (.+)$/gm)].flatMap(([, line = '']) =>
    line.split(' ').map((pair) => pair.split('=', 2) as [string, string]),
  ),
);
const imageCommand = JSON.parse(/^CMD (\[.*\])$/m.exec(dockerfile)?.[1] ?? '[]') as string[];

/** `${NAME:-default}` is its default; what must be set is set to something long enough for a secret. */
const filledIn = text
  .replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1')
  .replaceAll(/\$\{SPILLWAY_ADMIN_TOKEN:\?[^}]*\}/g, `spwops_${'f'.repeat(64)}`)
  .replaceAll(/\$\{\w+:\?[^}]*\}/g, 'f'.repeat(64));
const { services } = parse(filledIn, { merge: true }) as { services: Record<string, Service> };

const own = Object.entries(services).flatMap(([name, service]) => {
  if (service.image !== 'spillway:local') return [];
  const command = Array.isArray(service.command) ? service.command : imageCommand;
  const environment = { ...imageEnvironment, ...service.environment };
  return [{ name, program: command[1] ?? '', environment }];
});

/** A host is given its tenant by whoever starts it: the file leaves that open. */
const tenant = {
  SPILLWAY_TENANT_ID: 'acme',
  SPILLWAY_TENANT_TOKEN: 'f'.repeat(32),
  SPILLWAY_HOST_ADMIN_TOKEN: 'f'.repeat(32),
  SPILLWAY_TENANT_KEY: 'f'.repeat(32),
  // Any file that is there.
  SPILLWAY_TRUST_ROOT: __filename,
};

/** How each program reads its settings; the migrations' schema is part of their program. */
const readers: Record<string, (environment: Environment) => unknown> = {
  'dist/api.cjs': apiConfig,
  'dist/worker.cjs': workerConfig,
  'dist/objects.cjs': objectServerConfig,
  'dist/signer.cjs': signerConfig,
  'dist/host.cjs': (environment) => hostConfig({ ...environment, ...tenant }),
};
const MIGRATE = 'dist/migrate.cjs';
/** Programs that do their work and end: they listen nowhere, and read what they are told by the command. */
const TASKS = [MIGRATE, 'dist/trust.cjs'];
const migrateSettings =
  read('adapters/db/migrateMain.ts').match(/\b[A-Z][A-Z0-9_]{3,}(?=: (?:z\.|\w+Setting\())/g) ?? [];

/** The names that a program asks its environment for. */
function listKnown(program: string): string[] {
  if (program === MIGRATE) return migrateSettings;
  const known = new Set<string>();
  const asked = new Proxy<Environment>({}, { get: (_, name) => void known.add(String(name)) });
  const ask = { ...readers, 'dist/host.cjs': hostConfig }[program];
  try {
    ask?.(asked);
  } catch {
    // Nothing was set, so what is required is missing; the names are known all the same.
  }
  return [...known];
}

describe('docker-compose.yml', () => {
  test('starts every program of the platform', () => {
    expect(own.map(({ name }) => name)).toEqual([
      'migrate',
      'trust',
      'objects',
      'api',
      'worker',
      'signer',
      'host',
    ]);
  });

  test('names only files that the build makes', () => {
    const built = Object.values(builtEntries('.')).map((file) => file.replace(/^\.\//, ''));
    const outputs = [...programs.map(({ output }) => output), 'dist/workflows.cjs', 'web/dist'];
    expect(outputs).toEqual(expect.arrayContaining(built));
    const named = [
      ...text.matchAll(/\b(?:web\/)?dist(?:\/[\w.-]+)?\b/g),
      ...dockerfile.matchAll(/\bdist\/\w[\w.-]+/g),
    ];
    const files = named.map(([file]) => file);
    expect(files.length).toBeGreaterThan(5);
    for (const file of files) expect(outputs).toContain(file);
  });

  test.each(own)('gives $name only settings that its program knows', ({ program, environment }) => {
    const given = Object.keys(environment).filter((name) => !NOT_OURS.test(name));
    const unknown = given.filter((name) => !listKnown(program).includes(name));
    // The image sets address and port for all.
    expect(unknown.filter((name) => !TASKS.includes(program) || !['HOST', 'PORT'].includes(name))).toEqual(
      [],
    );
  });

  test.each(own.filter(({ program }) => !TASKS.includes(program)))(
    'gives $name every setting that its program requires, with a value that it takes',
    ({ program, environment }) => {
      expect(() => readers[program]?.(environment)).not.toThrow();
    },
  );

  test('gives the migrations the address of the database', () => {
    expect(own.find(({ program }) => program === MIGRATE)?.environment.DATABASE_URL).toMatch(/^postgres:/);
  });

  test('asks for nothing that .env.example does not name', () => {
    const example = [...read('.env.example').matchAll(/^(\w+)=/gm)].map(([, name]) => name);
    const required = [...text.matchAll(/\$\{(\w+):\?/g)].map(([, name]) => name);
    expect(required.length).toBeGreaterThan(3);
    expect(example).toEqual(expect.arrayContaining(required));
  });
});
