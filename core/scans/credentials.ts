/**
 * Credentials by their form: those of well-known services, private keys, and files that hold nothing else. The
 * marketplace looks by these and by secretlint's rules; the command line looks by these before anything is sent.
 */

/** A credential that a rule saw: where, and never what. */
export interface CredentialSighting {
  /** Such as `key/PEM`. */
  rule: string;
  /** Characters from the start of the text: first, and one behind the last. */
  range: readonly [number, number];
}

interface CredentialRule {
  id: string;
  pattern: RegExp;
  /** The names of the files in which this form means a credential; anywhere when absent. */
  file?: RegExp;
}

/** A token: not a piece of a longer word. */
const token = (body: string): RegExp => new RegExp(`(?<![A-Za-z0-9_-])${body}(?![A-Za-z0-9_-])`, 'g');

const WORD = '[A-Za-z0-9_-]';

/** Each repetition is bounded or ends at a character that it does not hold, so that no text takes long. */
export const credentialRules: readonly CredentialRule[] = [
  {
    id: 'key/PEM',
    // Headers, line ends that are escaped in a source, and quotes may stand before the key itself.
    pattern:
      /-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:(?!-----)[\s\S]){0,400}?[A-Za-z0-9+/]{40}/g,
  },
  { id: 'key/AGE', pattern: token('AGE-SECRET-KEY-1[A-Z0-9]{58}') },
  { id: 'aws/ACCESS_KEY', pattern: token('(?:AKIA|ASIA)[A-Z2-7]{16}') },
  { id: 'github/TOKEN', pattern: token('gh[opsur]_[A-Za-z0-9]{36}') },
  { id: 'github/FINE_GRAINED_TOKEN', pattern: token('github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}') },
  { id: 'gitlab/TOKEN', pattern: token(`gl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|oas)-${WORD}{20,64}`) },
  { id: 'slack/TOKEN', pattern: token('xox[abeoprs]-[0-9]{8,14}-[A-Za-z0-9-]{20,80}') },
  {
    id: 'slack/WEBHOOK',
    pattern:
      /hooks\.slack\.com\/(?:services|workflows)\/T[A-Z0-9]{8,12}\/[A-Z0-9]{8,12}\/[A-Za-z0-9]{20,32}/g,
  },
  {
    id: 'discord/WEBHOOK',
    pattern: /discord(?:app)?\.com\/api\/webhooks\/[0-9]{17,20}\/[A-Za-z0-9_-]{60,72}/g,
  },
  { id: 'telegram/BOT_TOKEN', pattern: token('[0-9]{8,10}:AA[A-Za-z0-9_-]{33}') },
  { id: 'npm/TOKEN', pattern: token('npm_[A-Za-z0-9]{36}') },
  { id: 'pypi/TOKEN', pattern: token(`pypi-AgE${WORD}{50,200}`) },
  { id: 'rubygems/TOKEN', pattern: token('rubygems_[a-f0-9]{48}') },
  { id: 'crates/TOKEN', pattern: token('cio[A-Za-z0-9]{32}') },
  { id: 'nuget/TOKEN', pattern: token('oy2[a-z0-9]{43}') },
  { id: 'docker/TOKEN', pattern: token(`dckr_[po]at_${WORD}{27,60}`) },
  { id: 'google/API_KEY', pattern: token(`AIza${WORD}{35}`) },
  { id: 'openai/KEY', pattern: token(`sk-(?:proj|svcacct|admin)-${WORD}{40,200}`) },
  { id: 'anthropic/KEY', pattern: token(`sk-ant-(?:api|admin)[0-9]{2}-${WORD}{80,120}`) },
  { id: 'huggingface/TOKEN', pattern: token('hf_[A-Za-z]{34}') },
  { id: 'stripe/KEY', pattern: token('[rs]k_live_[A-Za-z0-9]{24,99}') },
  { id: 'sendgrid/KEY', pattern: token(`SG\\.${WORD}{22}\\.${WORD}{43}`) },
  { id: 'mailgun/KEY', pattern: token('key-[a-f0-9]{32}') },
  { id: 'shopify/TOKEN', pattern: token('shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}') },
  { id: 'linear/KEY', pattern: token('lin_api_[A-Za-z0-9]{40}') },
  { id: 'digitalocean/TOKEN', pattern: token('do[opr]_v1_[a-f0-9]{64}') },
  { id: 'vault/TOKEN', pattern: token(`hv[bs]\\.${WORD}{90,200}`) },
  { id: 'azure/ACCOUNT_KEY', pattern: /AccountKey=[A-Za-z0-9+/]{86}==/g },
  { id: 'kubernetes/CLIENT_KEY', pattern: /client-key-data: {0,4}[A-Za-z0-9+/]{64}/g },
  {
    id: 'docker/AUTH',
    pattern: /"auth": {0,4}"[A-Za-z0-9+/]{16,400}={0,2}"/g,
    file: /(^|\/)(\.docker\/config|\.?dockerconfig(json)?)(\.json)?$/,
  },
  {
    id: 'git/CREDENTIALS',
    pattern: /^https?:\/\/[^\s:@/]{1,200}:[^\s:@/]{4,500}@\S{1,200}$/gm,
    file: /(^|\/)\.?git-credentials$/,
  },
  {
    id: 'pypi/PASSWORD',
    pattern: /^[ \t]{0,8}password[ \t]{0,8}[=:][ \t]{0,8}[^\s${<]\S{3,500}$/gm,
    file: /(^|\/)\.?pypirc$/,
  },
  {
    id: 'web/PASSWORD_HASH',
    pattern:
      /^[^\s:#]{1,200}:(?:\$(?:apr1|1|2[abxy]|5|6)\$\S{10,200}|\{SHA\}[A-Za-z0-9+/]{27}=|[./A-Za-z0-9]{13})$/gm,
    file: /(^|\/)\.?htpasswd$/,
  },
  { id: 'net/NETRC', pattern: /\bpassword[ \t\n]{1,8}[^\s${<]\S{3,500}/g, file: /(^|\/)[._]netrc$/ },
  {
    id: 'npm/PASSWORD',
    pattern: /^[^\s=#;]{0,300}(?:_auth|_authToken|_password)[ \t]{0,4}=[ \t]{0,4}"?[^\s$"{<][^\s"]{7,500}/gm,
    file: /(^|\/)\.npmrc$/,
  },
];

/** Fewer different characters than this are a placeholder such as `xxxxxxxx`. */
const LEAST_DIFFERENT = 8;

/** What a text holds that looks like a credential, by the name of its file. */
export function findCredentials(path: string, text: string): CredentialSighting[] {
  return credentialRules
    .filter(({ file }) => file === undefined || file.test(path))
    .flatMap(({ id, pattern }) =>
      [...text.matchAll(pattern)]
        .filter(([seen]) => isVaried(seen))
        .map(({ index, 0: seen }) => ({ rule: id, range: [index, index + seen.length] as const })),
    );
}

/** Whether a text has as many different characters as a credential that was made at random. */
export const isVaried = (seen: string): boolean => new Set(seen.slice(-40)).size >= LEAST_DIFFERENT;
