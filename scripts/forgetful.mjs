// A way to an API server that can be told to forget: it ends all watches, and answers 410 to those that go on from a version.
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { request } from 'node:https';
import { join } from 'node:path';

/** Speaks http on loopback and goes on as the administrator of the kubeconfig; who is impersonated stays. */
export async function forgetful({ server, agent }, folder) {
  let forgets = false;
  const watches = new Set();
  const way = createServer((asked, answer) => {
    const query = new URL(asked.url, server).searchParams;
    const goesOn = query.get('watch') === 'true' && query.get('sendInitialEvents') !== 'true';
    if (forgets && goesOn) {
      answer.writeHead(410, { 'content-type': 'application/json' });
      answer.end(JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'Expired', code: 410 }));
      return;
    }
    const headers = { ...asked.headers, host: new URL(server).host };
    const sent = request(`${server}${asked.url}`, { method: asked.method, headers, agent }, (given) => {
      answer.writeHead(given.statusCode, given.headers);
      given.pipe(answer);
      if (query.get('watch') === 'true') {
        watches.add(answer);
        given.once('close', () => watches.delete(answer));
      }
    });
    sent.on('error', () => answer.destroy());
    answer.on('close', () => sent.destroy());
    asked.pipe(sent);
  });
  await new Promise((done) => way.listen(0, '127.0.0.1', done));
  const kubeconfig = join(folder, 'forgetful.json');
  writeFileSync(kubeconfig, JSON.stringify({
    apiVersion: 'v1', kind: 'Config', 'current-context': 'c', users: [{ name: 'u', user: {} }],
    clusters: [{ name: 'c', cluster: { server: `http://127.0.0.1:${way.address().port}` } }],
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
  }));
  return {
    kubeconfig,
    /** Forgets everything now; goes on remembering when it is called with false. */
    forget: (now) => {
      forgets = now;
      if (now) for (const watch of watches) watch.destroy();
    },
    close: () => way.close(),
  };
}
