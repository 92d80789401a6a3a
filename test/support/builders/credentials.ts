import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';

/**
 * Credentials of many kinds, made up anew for each run: no file of the repository holds what a scanner of a code host
 * would object to, and none was ever valid.
 */
export interface Sample {
  kind: string;
  path: string;
  text: string;
}

const digits = '0123456789';
const upper = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const lower = upper.toLowerCase();
const alnum = `${upper}${lower}${digits}`;

function draw(length: number, from: string = alnum): string {
  const seed = createHash('sha512').update(randomBytes(32)).digest();
  return Array.from({ length }, (_, at) => from[(seed[at % 64]! + at * 7) % from.length]).join('');
}
const hex = (length: number): string => draw(length, '0123456789abcdef');
const join = (...parts: string[]): string => parts.join('');

const pem = (key: { export(options: object): string | Buffer }, type: string): string =>
  String(key.export({ type, format: 'pem' }));
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const ed25519 = generateKeyPairSync('ed25519').privateKey;
const armor = (name: string): string =>
  ['-----BEGIN ', name, '-----\n', draw(64), '\n', draw(64), '\n-----END ', name, '-----\n'].join('');

const inCode = (kind: string, value: string): Sample => ({
  kind,
  path: 'dist/config.js',
  text: `// settings\nexports.value = "${value}";\n`,
});
const inFile = (kind: string, path: string, text: string): Sample => ({ kind, path: `dist/${path}`, text });

/** Each is found, and refuses a package. */
export const listCredentials = (): Sample[] => [
  inFile('RSA key, PKCS#1', 'a.pem', pem(rsa, 'pkcs1')),
  inFile('RSA key, PKCS#8', 'b.pem', pem(rsa, 'pkcs8')),
  inFile('EC key, SEC1', 'c.pem', pem(ec, 'sec1')),
  inFile('EC key, PKCS#8', 'd.pem', pem(ec, 'pkcs8')),
  inFile('Ed25519 key, PKCS#8', 'e.pem', pem(ed25519, 'pkcs8')),
  inCode('Ed25519 key in a source', pem(ed25519, 'pkcs8').replaceAll('\n', '\\n')),
  inFile('encrypted key', 'f.pem', armor('ENCRYPTED PRIVATE KEY')),
  inFile('OpenSSH key', 'id_ed25519', armor('OPENSSH PRIVATE KEY')),
  inFile('OpenPGP key', 'key.asc', armor('PGP PRIVATE KEY BLOCK')),
  inCode('age key', join('AGE-SECRET', '-KEY-1', draw(58, upper + digits))),
  inCode('AWS access key', join('AK', 'IA', draw(16, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'))),
  inCode('GitHub personal token', join('gh', 'p_', draw(36))),
  inCode('GitHub OAuth token', join('gh', 'o_', draw(36))),
  inCode('GitHub server token', join('gh', 's_', draw(36))),
  inCode('GitHub fine-grained token', join('github', '_pat_', draw(22), '_', draw(59))),
  inCode('GitLab token', join('gl', 'pat-', draw(20))),
  inCode('Slack bot token', join('xo', 'xb-', draw(12, digits), '-', draw(12, digits), '-', draw(24))),
  inCode(
    'Slack webhook',
    join('https://hooks.', 'slack.com/services/T', draw(9, upper), '/B', draw(9, upper), '/', draw(24)),
  ),
  inCode('Discord webhook', join('https://discord', '.com/api/webhooks/', draw(18, digits), '/', draw(68))),
  inCode('Telegram bot token', join(draw(9, digits), ':A', 'A', draw(33))),
  inCode('npm token', join('np', 'm_', draw(36))),
  inCode('PyPI token', join('py', 'pi-AgE', draw(80))),
  inCode('RubyGems token', join('ruby', 'gems_', hex(48))),
  inCode('crates.io token', join('ci', 'o', draw(32))),
  inCode('NuGet token', join('oy', '2', draw(43, lower + digits))),
  inCode('Docker Hub token', join('dckr', '_pat_', draw(27))),
  inCode('Google API key', join('AI', 'za', draw(35))),
  inCode('OpenAI key', join('sk', '-proj-', draw(64))),
  inCode('Anthropic key', join('sk', '-ant-api03-', draw(93))),
  inCode('Hugging Face token', join('h', 'f_', draw(34, upper + lower))),
  inCode('Stripe secret key', join('sk', '_live_', draw(24))),
  inCode('Stripe restricted key', join('rk', '_live_', draw(24))),
  inCode('SendGrid key', join('S', 'G.', draw(22), '.', draw(43))),
  inCode('Mailgun key', join('ke', 'y-', hex(32))),
  inCode('Shopify token', join('shp', 'at_', hex(32))),
  inCode('Linear key', join('lin', '_api_', draw(40))),
  inCode('DigitalOcean token', join('do', 'p_v1_', hex(64))),
  inCode('Vault token', join('hv', 's.', draw(95))),
  inCode('Azure storage key', join('DefaultEndpointsProtocol=https;Account', 'Key=', draw(86), '==')),
  inFile('kubeconfig', 'kubeconfig.yaml', `users:\n- user:\n    client-key-data: ${draw(120)}\n`),
  inFile('Docker login', '.dockerconfigjson', `{"auths":{"r.example":{"auth": "${draw(40)}"}}}`),
  inFile('Git credentials', '.git-credentials', join('https://', 'me', ':', draw(30), '@git.example.org\n')),
  inFile('.pypirc', '.pypirc', `[pypi]\nusername = me\npassword = ${draw(16)}\n`),
  inFile('.htpasswd, apr1', '.htpasswd', `me:${['$apr', '1$'].join('')}${draw(8)}$${draw(22)}\n`),
  inFile('.htpasswd, bcrypt', 'web/.htpasswd', `me:${['$2', 'y$05$'].join('')}${draw(53)}\n`),
  inFile('.netrc', '.netrc', `machine git.example.org login me password ${draw(20)}\n`),
  inFile('.npmrc password', '.npmrc', `//r.example/:_password=${draw(24)}\n`),
  inFile('.npmrc token', 'sub/.npmrc', `//r.example/:_authToken=${draw(36)}\n`),
];

/** Each looks like one, and refuses nothing. */
export const listLookAlikes = (): Sample[] => [
  inFile('public key', 'a.pem', armor('PUBLIC KEY')),
  inFile('certificate', 'b.pem', armor('CERTIFICATE')),
  inFile('OpenPGP public key', 'key.asc', armor('PGP PUBLIC KEY BLOCK')),
  inFile('certificate request', 'c.csr', armor('CERTIFICATE REQUEST')),
  inCode('key without a body', '-----BEGIN PRIVATE KEY-----\\n...\\n-----END PRIVATE KEY-----'),
  inCode(
    'key of placeholders',
    `-----BEGIN PRIVATE KEY-----\\n${'x'.repeat(64)}\\n-----END PRIVATE KEY-----`,
  ),
  inCode('code that looks for keys', 'if (text.includes(\\"-----BEGIN PRIVATE KEY-----\\")) refuse(text);'),
  inCode('age recipient', join('age', '1', draw(58, lower + digits))),
  inCode('AWS placeholder', join('AK', 'IA', 'X'.repeat(16))),
  inCode('AWS prefix in a longer word', join('XAK', 'IA', draw(30, upper))),
  inCode('AWS region', 'eu-central-1'),
  inCode('GitHub prefix alone', join('gh', 'p_')),
  inCode('GitHub token that is cut', join('gh', 'p_', draw(12))),
  inCode('GitHub placeholder', join('gh', 'p_', 'x'.repeat(36))),
  inCode('GitLab placeholder', join('gl', 'pat-', 'x'.repeat(20))),
  inCode('Slack app id', join('A', draw(10, upper))),
  inCode('Slack prefix in a text', 'tokens begin with xoxb- or xoxp-'),
  inCode('Discord invitation', join('https://discord.gg/', draw(8))),
  inCode('Telegram address', 'https://t.me/some_channel'),
  inCode('npm package', '@scope/npm_helper'),
  inCode('PyPI package', 'pypi-AgEncy'),
  inCode('Ruby gem', 'rubygems_helper'),
  inCode('word with cio', 'social-bracioles'),
  inCode('NuGet package id', 'Newtonsoft.Json'),
  inCode('Docker image', 'docker.io/library/node:22'),
  inCode('Google client id', join(draw(12, digits), '-abc.apps.googleusercontent.com')),
  inCode('OpenAI model', 'gpt-4o-mini'),
  inCode('OpenAI placeholder', join('sk', '-proj-', 'x'.repeat(48))),
  inCode('Stripe publishable key', join('pk', '_live_', draw(24))),
  inCode('Stripe test key', join('sk', '_test_', 'x'.repeat(24))),
  inCode('MD5 of a file', hex(32)),
  inCode('SHA-256 of a file', hex(64)),
  inCode('commit', hex(40)),
  inCode('UUID', '123e4567-e89b-42d3-a456-426614174000'),
  inCode('integrity of a lock file', join('sha512-', draw(86), '==')),
  inCode('public key of OpenSSH', join('ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI', draw(43))),
  inCode('data address', join('data:image/png;base64,', draw(200))),
  inFile('Git settings', '.gitconfig', '[credential]\n  helper = store\n'),
  inFile('Git credentials without a password', '.git-credentials', 'https://git.example.org\n'),
  inFile('.pypirc that reads the environment', '.pypirc', '[pypi]\npassword = ${PYPI_PASSWORD}\n'),
  inFile('.htpasswd of comments', '.htpasswd', '# made by htpasswd\n'),
  inFile('.netrc without a password', '.netrc', 'machine git.example.org login me\n'),
  inFile('.npmrc that reads the environment', '.npmrc', '//r.example/:_authToken=${NPM_TOKEN}\n'),
  inFile('.npmrc of settings', 'sub/.npmrc', 'registry=https://registry.example.org/\nalways-auth=true\n'),
  inFile('kubeconfig without a key', 'kubeconfig.yaml', 'users:\n- user:\n    client-key: /etc/key.pem\n'),
  inFile('Docker settings', '.docker/config.json', '{"credsStore": "desktop", "auths": {"r.example": {}}}'),
  inFile('password in a form', 'form.html', '<input type="password" name="password" value="">\n'),
  inFile('documentation of a .netrc', 'README.md', 'machine example.com login me password <your password>\n'),
];
