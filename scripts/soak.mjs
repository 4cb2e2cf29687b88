// soak.mjs [SECONDS]: changes, pages and sign-ins for a while; what the console holds of memory and files must not grow with them (F50).
import { execFileSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { api, tools } from './cluster.mjs';
import { socket } from './live.mjs';
import { folder, measured, password, pause, resident, result, start, startConsole } from './measure.mjs';

const lasts = Number(process.argv[2] ?? 600);
const many = 2_000;

async function main() {
  const { found } = await start('target/debug/testbed', ['--simulated'], /KUBECONFIG=(.+)\n/);
  const upstream = api(found[1], 20);
  const map = (number) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `item-${number}`, namespace: 'default' } });
  const items = join(folder, 'items.json');
  writeFileSync(items, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: Array.from({ length: many }, (_, number) => map(number)) }));
  execFileSync(join(tools, 'kubectl'), ['--kubeconfig', found[1], 'create', '-f', items]);
  const server = await startConsole({ kubeconfig: found[1], site: 'target/site' });
  const query = { kind: 'configmaps', filter: 'ns:default', sort: [], offset: 0, length: 60 };
  while ((await server.call('rows/list', { query })).total < many) await pause(100);
  for (let tab = 0; tab < 20; tab += 1) {
    const one = await socket(`${server.address}/live`, server.headers(), () => {});
    one.say(JSON.stringify({ subscribe: { id: 1, topic: { rows: query } } }));
  }
  const done = { changes: 0, pages: 0, signIns: 0 };
  let goesOn = true;
  const again = (work) => (async () => { while (goesOn) await work(); })();
  const change = async () => {
    const number = done.changes % many;
    done.changes += 1;
    const labels = { turn: String(done.changes) };
    await upstream.ask('PATCH', `/api/v1/namespaces/default/configmaps/item-${number}`, { metadata: { labels } });
  };
  const page = async () => {
    done.pages += 1;
    const path = ['resources/configmaps?filter=turn', 'projects', 'workloads', `search?words=item-${done.pages % many}`][done.pages % 4];
    const answer = await fetch(`${server.address}/${path}`, { headers: server.headers() });
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    await answer.arrayBuffer();
  };
  const signIn = async () => {
    done.signIns += 1;
    await server.session().signIn('ada', password);
    await pause(200);
  };
  const running = [again(change), again(change), again(page), again(signIn)];
  const held = () => ({ memory: resident(server.pid()), files: readdirSync(`/proc/${server.pid()}/fd`).length });
  // Everything was met once.
  await pause(lasts * 1_000 * 0.25);
  const [before, then] = [held(), { ...done }];
  await pause(lasts * 1_000 * 0.75);
  const [after, now] = [held(), { ...done }];
  goesOn = false;
  await Promise.all(running);
  const more = (what) => now[what] - then[what];
  console.log(`meanwhile: ${more('changes')} changes, ${more('pages')} pages, ${more('signIns')} sign-ins`);
  result('soak-memory', 'memory after it, against after the first quarter', after.memory / before.memory, 'x', 1.1);
  result('soak-files', 'open files after it, more than after the first quarter', after.files - before.files, 'files', 5);
  upstream.close();
}

await measured('soak', main);
