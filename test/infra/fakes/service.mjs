/**
 * Stands in for API, objects, worker and host while the supervisor is tested: answers its health checks, gives
 * tokens like the API's admin endpoints, counts its starts in a file, and ends with its parent like the real ones.
 */
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';

const { PORT, HOST, SPILLWAY_EXIT_WITH_PARENT, FAKE_DEAF } = process.env;
const known = new Set();

const server = createServer((request, response) => {
  if (request.method === 'POST') return give(request, response);
  if (request.url === '/api/v1/trust-key') return response.end('{"tenantKey":"key"}');
  const isRefused = FAKE_DEAF && request.url === '/readyz';
  response.writeHead(isRefused ? 503 : 200).end(`<div id="root">${request.url}</div>`);
});

function give(request, response) {
  let text = '';
  request.on('data', (chunk) => (text += chunk));
  request.on('end', () => {
    const body = JSON.parse(text);
    const id = body.tenantId ?? body.reviewerId ?? body.publisherId ?? request.url;
    const isNew = !known.has(id);
    known.add(id);
    response.writeHead(isNew ? 201 : 200).end(JSON.stringify(isNew ? { token: `token-of-${id}` } : {}));
  });
}

if (SPILLWAY_EXIT_WITH_PARENT === '1') process.stdin.on('end', () => process.exit(0)).resume();
process.on('SIGTERM', () => server.close(() => process.exit(0)) && server.closeAllConnections());
server.listen(Number(PORT), HOST, () =>
  console.log(`listening on ${path.basename(process.argv[1])} ${PORT}`),
);
if (process.env.SPILLWAY_HOST_DIR)
  appendFileSync(`${process.env.SPILLWAY_HOST_DIR}.starts`, `${process.pid}\n`);
