import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ProcessIdentity } from '../../platform/processes/identity';
import { tokenPrefixes } from '../../core/identity/tokens';
import { stateFolders } from '../../core/operations/retention';

/** What is known of one component; `px-plugin doctor` shows it. */
export interface ComponentRecord {
  name: string;
  title: string;
  origin: string;
  version?: string | undefined;
  state: 'waiting' | 'starting' | 'ready' | 'restarting' | 'failed' | 'stopped';
  address?: string | undefined;
  logFile?: string | undefined;
  /** The running process, and the signal that asks it to end: what a later start needs to clean up. */
  process?: ProcessIdentity | undefined;
  stopSignal?: NodeJS.Signals | undefined;
  restarts: number;
}

export interface StackAddresses {
  web: string;
  api: string;
  docs: string;
  objects?: string | undefined;
  temporal: string;
  temporalUi?: string | undefined;
  worker: string;
  hosts: Record<string, string>;
}

export interface StackRecord {
  startedAt: string;
  supervisor?: ProcessIdentity | undefined;
  ports: Record<string, number>;
  addresses?: StackAddresses | undefined;
  components: ComponentRecord[];
}

export interface StackSecrets {
  /** As the owner of the tables: for migrations, never for the programs. */
  databaseUrl: string;
  postgresPassword: string;
  /** Of the roles that API, worker and signer connect as. */
  apiDatabasePassword: string;
  workerDatabasePassword: string;
  signerDatabasePassword: string;
  objectsSecret: string;
  adminToken: string;
  tenantTokens: Record<string, string>;
  /** By which signed rules name the tenants. */
  tenantKeys: Record<string, string>;
  hostAdminTokens: Record<string, string>;
  reviewerTokens: Record<string, string>;
  publisherTokens: Record<string, string>;
}

/** What `--fresh` removes: only names that the stack itself makes, whatever folder it was pointed at. */
const OWN_FILES = ['format.json', 'stack.json', 'secrets.json', 'startup.json', 'postgres.password'];
const OWN_FOLDERS = stateFolders.map(({ name }) => name);

export const isOwnName = (name: string): boolean => [...OWN_FILES, ...OWN_FOLDERS].includes(name);

const PRIVATE_FOLDERS = ['logs', 'objects', 'hosts', 'scratch', 'temporal', 'trust'];

/**
 * Makes the state folder, open to be passed through, because the database may run as another user below it; all else
 * in it is closed to others.
 */
export function makeStateDir(stateDir: string): void {
  mkdirSync(stateDir, { recursive: true });
  chmodSync(stateDir, 0o711);
}

export function makePrivateFolders(stateDir: string): void {
  for (const name of PRIVATE_FOLDERS) mkdirSync(path.join(stateDir, name), { recursive: true, mode: 0o700 });
}

export function readStackRecord(stateDir: string): StackRecord | undefined {
  return readJson<StackRecord>(path.join(stateDir, 'stack.json'));
}

/** Written before the caller goes on: a process that is not recorded could not be cleaned up after a crash. */
export function writeStackRecord(stateDir: string, record: StackRecord): void {
  writeJson(path.join(stateDir, 'stack.json'), record);
}

const OPERATOR_PREFIX = `${tokenPrefixes.operator}_`;
const secret = (): string => randomBytes(32).toString('base64url');
const operatorToken = (): string => OPERATOR_PREFIX + secret();

/** Secrets of this state folder; what is missing is made now and kept. */
export function ensureSecrets(stateDir: string): StackSecrets {
  const kept = readJson<Partial<StackSecrets>>(path.join(stateDir, 'secrets.json'));
  const secrets: StackSecrets = {
    databaseUrl: '',
    postgresPassword: secret(),
    apiDatabasePassword: secret(),
    workerDatabasePassword: secret(),
    signerDatabasePassword: secret(),
    objectsSecret: secret(),
    adminToken: operatorToken(),
    tenantTokens: {},
    tenantKeys: {},
    hostAdminTokens: {},
    reviewerTokens: {},
    publisherTokens: {},
    ...kept,
  };
  // Kept from before operators' tokens had a prefix.
  if (!secrets.adminToken.startsWith(OPERATOR_PREFIX)) secrets.adminToken = operatorToken();
  writeSecrets(stateDir, secrets);
  return secrets;
}

export function writeSecrets(stateDir: string, secrets: StackSecrets): void {
  writeJson(path.join(stateDir, 'secrets.json'), secrets);
}

export function writeJson(file: string, value: unknown): void {
  const temporary = `${file}.${process.pid}.part`;
  try {
    writeFileSync(temporary, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
    renameSync(temporary, file);
  } finally {
    rmSync(temporary, { force: true });
  }
}

function readJson<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
