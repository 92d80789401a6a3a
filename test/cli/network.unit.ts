import { createServer as createHttps } from 'node:https';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import path from 'node:path';
import { readNetwork } from '../../cli/network';
import { openPublishBench, type PublishBench } from '../support/cli/publishFixture';
import { runCli, type Env } from '../support/cli/runCli';
import { createAuthority, issueCertificate } from '../support/servers/certificates';
import { writeTree } from '../support/writeTree';

let bench: PublishBench;
beforeEach(async () => (bench = await openPublishBench()));
afterEach(() => bench.close());

const listen = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};

/** A proxy that notes where it was asked to lead. */
async function openProxy(): Promise<{ url: string; targets: string[]; close: () => void }> {
  const targets: string[] = [];
  const proxy = createServer();
  proxy.on('connect', (request, socket, head) => {
    targets.push(request.url ?? '');
    const { hostname, port } = new URL(`http://${request.url}`);
    const onward = connect(Number(port), hostname, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      onward.write(head);
      onward.pipe(socket);
      socket.pipe(onward);
    });
    onward.on('error', () => socket.destroy());
    socket.on('error', () => onward.destroy());
  });
  const port = await listen(proxy);
  return { url: `http://127.0.0.1:${port}`, targets, close: () => void proxy.close() };
}

describe('The way to the marketplace', () => {
  test('leads through the proxy of HTTP_PROXY, parts included, unless NO_PROXY names the address', async () => {
    const proxy = await openProxy();
    const { exit } = await bench.publish([], { HTTP_PROXY: proxy.url });
    expect(exit).toBe(0);
    expect(new Set(proxy.targets)).toEqual(new Set([new URL(bench.marketplace.url).host]));
    const before = proxy.targets.length;
    await bench.publish([], { HTTP_PROXY: proxy.url, NO_PROXY: '127.0.0.1' });
    expect(proxy.targets).toHaveLength(before);
    proxy.close();
  });

  test.each([
    ['npm_config_cafile', (file: string): Env => ({ npm_config_cafile: file })],
    ['.npmrc', (file: string): Env => ({ HOME: path.dirname(file) })],
  ])('trusts the certificates of npm’s cafile, from %s', async (_, env) => {
    const authority = await createAuthority('an authority');
    const { crt: cert, key } = await issueCertificate(authority, { name: 'localhost', use: 'server' });
    const asked: (string | undefined)[] = [];
    const server = createHttps({ cert, key }, (request, response) => {
      asked.push(request.url);
      response.writeHead(404, { 'content-type': 'application/json' }).end('{}');
    });
    const url = `https://127.0.0.1:${await listen(server)}`;
    const folder = writeTree(path.join(bench.folder, 'home'), { 'ca.pem': authority.crt });
    const file = path.join(folder, 'ca.pem');
    writeTree(folder, { '.npmrc': `cafile=${file}\n` });
    const settings = { PX_MARKETPLACE_API_URL: url, PX_MARKETPLACE_TOKEN: 't' };
    const read = (more: Env) =>
      runCli(['status', 'a@1.0.0'], { cwd: bench.folder, env: { ...settings, ...more } });
    await read(env(file));
    expect(asked).toHaveLength(1);
    server.close();
  });

  test('names a file of certificates that is not there', async () => {
    const { exit, err } = await bench.publish([], { npm_config_cafile: '/not/there.pem' });
    expect([exit, err]).toEqual([2, expect.stringContaining('SETTING_INVALID  npm')]);
  });

  test('is that of lower case before upper case', () => {
    const env = { http_proxy: 'http://low', HTTP_PROXY: 'http://up', NO_PROXY: 'localhost' };
    expect(readNetwork(env)).toEqual({
      ...{ httpProxy: 'http://low', httpsProxy: undefined, noProxy: 'localhost', caFile: undefined },
    });
  });
});

describe('A token', () => {
  test('counts without the newline that a file had behind it', async () => {
    const { exit } = await bench.publish([], { PX_MARKETPLACE_TOKEN: `${bench.marketplace.token}\n` });
    expect(exit).toBe(0);
  });

  test('with a blank in it is refused at once, and not repeated', async () => {
    const { exit, all } = await bench.publish([], { PX_MARKETPLACE_TOKEN: 'px_one two' });
    expect(exit).toBe(2);
    expect(all).toContain('SETTING_INVALID  PX_MARKETPLACE_TOKEN has blanks');
    expect(all).not.toContain('px_one');
    expect(bench.marketplace.requests).toEqual([]);
  });
});
