// What the programs that measure share: an API server as its administrator, and programs of the testbed.
import { execFileSync } from 'node:child_process';
import { Agent, request } from 'node:https';
import { homedir } from 'node:os';
import { join } from 'node:path';

export { join };

export const tools = process.env.PILOTHOUSE_TOOLS ?? join(homedir(), '.cache/pilothouse/tools');

/** Runs a program to its end. Returns what it printed. */
export function run(program, ...flags) {
  return execFileSync(program, flags, { maxBuffer: 2e9 }).toString();
}

/** Asks the API server of a kubeconfig. */
export function api(kubeconfig, sockets) {
  const config = JSON.parse(run(join(tools, 'kubectl'), '--kubeconfig', kubeconfig, 'config', 'view', '--raw', '-o', 'json'));
  const decode = (text) => Buffer.from(text, 'base64');
  const { cluster } = config.clusters[0];
  const { user } = config.users[0];
  const agent = new Agent({
    keepAlive: true, maxSockets: sockets, ca: decode(cluster['certificate-authority-data']),
    cert: decode(user['client-certificate-data']), key: decode(user['client-key-data']),
  });
  const send = (method, path, object, whole) => new Promise((resolve, reject) => {
    const kind = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    const asked = request(`${cluster.server}${path}`, { method, agent, headers: { 'content-type': kind } }, (answer) => {
      const chunks = [];
      let bytes = 0;
      answer.on('data', (chunk) => {
        bytes += chunk.length;
        if (whole) chunks.push(chunk);
      });
      answer.on('error', reject);
      answer.on('end', () => {
        if (answer.statusCode >= 300) reject(new Error(`${method} ${path}: ${answer.statusCode} ${Buffer.concat(chunks)}`));
        else resolve(whole ? JSON.parse(Buffer.concat(chunks).toString()) : bytes);
      });
    });
    asked.on('error', reject);
    asked.end(object === undefined ? undefined : JSON.stringify(object));
  });
  return {
    server: cluster.server,
    agent,
    /** The answer as an object. */
    ask: (method, path, object) => send(method, path, object, true),
    /** Only how many bytes it has. */
    measure: (path) => send('GET', path, undefined, false),
    close: () => agent.destroy(),
  };
}
