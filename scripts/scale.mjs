// scale.mjs [PODS…]: what lists of many pods cost, each beside the API server itself, kubectl and an informer of client-go.
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { api, run, tools } from './cluster.mjs';
import { bounded } from './bounded.mjs';
import { browser } from './browser.mjs';
import { forgetful } from './forgetful.mjs';
import { ask, folder, measured, median, password, pause, resident, result, start, startConsole, stop, timed } from './measure.mjs';

const kept = process.env.PILOTHOUSE_DATA ?? join(homedir(), '.cache/pilothouse/data');
const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [10_000, 50_000];
/** Of so many pods: simulated nodes and events. */
const beside = { 10_000: ['200', '2000'], 50_000: ['1000', '10000'] };
const MIB = 1024 * 1024;

async function main() {
  mkdirSync(kept, { recursive: true });
  for (const pods of sizes) {
    const data = join(kept, String(pods));
    if (!existsSync(data)) {
      const [nodes, events] = beside[pods] ?? ['200', '2000'];
      run('node', 'scripts/dataset.mjs', String(pods), nodes, events, data);
    }
    const copy = join(folder, `data-${pods}`);
    cpSync(data, copy, { recursive: true });
    const bed = await start('target/debug/testbed', ['--simulated', copy], /KUBECONFIG=(.+)\n/);
    await lists(pods, bed.found[1]);
    await stop(bed.child);
    rmSync(copy, { recursive: true, force: true });
    rmSync(join(folder, 'data'), { recursive: true, force: true });
  }
}

async function lists(pods, kubeconfig) {
  const name = (what) => `${what}-${pods / 1000}k`;
  const upstream = api(kubeconfig, 50);
  const raw = () => upstream.measure('/api/v1/pods');
  // Its own caches are warm before anything is measured.
  await raw();
  await pause(20_000);
  const times = { raw: [], kubectl: [], informer: [], cold: [] };
  let bytes = 0;
  for (let round = 0; round < 5; round += 1) times.raw.push(await timed(async () => { bytes = await raw(); }));
  const listed = median(times.raw);
  result(name('list'), `the list of the API server, ${Math.round(bytes / 1e6)} MB (p50)`, listed, 'ms');
  for (let round = 0; round < 3; round += 1) {
    times.kubectl.push(await timed(() => ended(join(tools, 'kubectl'), ['--kubeconfig', kubeconfig, 'get', 'pods', '-A'])));
  }
  const growths = [];
  for (let round = 0; round < 3; round += 1) {
    const { child } = await start(join(tools, 'informer'), [kubeconfig], /STARTED/);
    const empty = resident(child.pid);
    const synced = await new Promise((resolve) => {
      child.stdout.on('data', (chunk) => {
        const found = String(chunk).match(/SYNCED \d+ pods in (\d+) ms/);
        if (found) resolve(Number(found[1]));
      });
    });
    times.informer.push(synced);
    await pause(5_000);
    growths.push(resident(child.pid) - empty);
    await stop(child);
  }
  result(name('informer'), 'an informer of client-go has all pods', median(times.informer), 'ms');

  const server = await startConsole({ kubeconfig, site: 'target/site' });
  const query = (filter, offset = 0) => ({ kind: 'pods', filter, sort: [['name', false]], offset, length: 50 });
  const total = async () => (await server.call('rows/list', { query: query('') })).total;
  await pause(3_000);
  const empty = resident(server.pid());
  while (await total() < pods) await pause(20);
  await pause(10_000);
  const growth = resident(server.pid()) - empty;
  result(name('rows-rss'), 'memory of the rows of all pods, against their JSON (B05)', (growth * MIB) / bytes, 'x', 0.25);
  result(name('rows-informer'), `the same against an informer, ${Math.round(median(growths))} MiB (B06)`, growth / median(growths), 'x', 0.15);

  for (let round = 0; round < 3; round += 1) {
    const begin = performance.now();
    await server.again();
    for (;;) {
      if ((await total().catch(() => 0)) >= pods) break;
      await pause(5);
    }
    times.cold.push(performance.now() - begin);
  }
  const cold = median(times.cold);
  result(name('cold'), 'from start until all pods are rows', cold, 'ms');
  result(name('cold-list'), 'the same against the list (B03)', cold / listed, 'x', 1.6);
  result(name('cold-kubectl'), 'the same against kubectl get pods -A (B04)', cold / median(times.kubectl), 'x', 1);
  result(name('cold-informer'), 'the same against an informer', cold / median(times.informer), 'x');

  const page = { first: [], raw: [] };
  for (let round = 0; round < 30; round += 1) {
    // Another filter each time: nothing is remembered.
    const filter = `label:tier=front app-${round}`;
    page.first.push(await timed(() => server.call('rows/list', { query: query(filter) })));
    if (round % 6 === 0) page.raw.push(await timed(raw));
  }
  result(name('page'), 'a filtered, sorted page of 50 (p50)', median(page.first), 'ms');
  result(name('page-ratio'), 'the same against the list (B01)', median(page.first) / median(page.raw), 'x', 0.05);
  const headers = { 'accept-encoding': 'gzip' };
  const packed = await ask(`${upstream.server}/api/v1/pods`, { agent: upstream.agent, headers });
  const asked = { method: 'POST', headers: { ...server.headers(), ...headers, 'content-type': 'application/json' } };
  const sent = await ask(`${server.address}/api/rows/list`, asked, JSON.stringify({ query: query('') }));
  result(name('page-bytes'), 'its bytes against the list, both packed (B02)', sent / packed, 'x', 0.01);
  const jump = [];
  for (let round = 0; round < 20; round += 1) {
    jump.push(await timed(() => server.call('rows/list', { query: query('', (round * pods) / 20) })));
  }
  result(name('jump'), 'another page of the same list (p50)', median(jump), 'ms');

  const search = async () => server.call('rows/search', { typed: `server-${Math.floor(Math.random() * 40)} front` });
  await search();
  await pause(3_000);
  const found = [];
  for (let round = 0; round < 10; round += 1) found.push(await timed(search));
  result(name('search'), 'a search through everything (p50)', median(found), 'ms');
  result(name('search-ratio'), 'the same against the list', median(found) / listed, 'x');

  await restricted(pods, name, server, query);
  await browser({ pods, name, server, upstream });
  await bounded({ pods, name, server, total });

  // Everything is forgotten at once: all kinds are listed anew beside what is known.
  const way = await forgetful(upstream, folder);
  await server.again(way.kubeconfig);
  while ((await total().catch(() => 0)) < pods) await pause(50);
  await search();
  await pause(15_000);
  const steady = resident(server.pid());
  let most = steady;
  way.forget(true);
  const until = Date.now() + 20_000;
  while (Date.now() < until) {
    most = Math.max(most, resident(server.pid()));
    if (Date.now() > until - 15_000) way.forget(false);
    await pause(10);
  }
  const health = await server.call('rows/health', {});
  const anew = health.find((table) => table.kind === 'pods');
  if (anew.relists < 1 || anew.rows < pods) throw new Error(`it did not list anew: ${JSON.stringify(anew)}`);
  result(name('relist-rss'), 'most memory while everything is listed anew, against before (B07)', most / steady, 'x', 1.35);
  way.close();
  await server.stop();
  upstream.close();
}

/** Somebody who may see two hundred namespaces, in none of which a pod is, beside somebody who sees all. */
async function restricted(pods, name, server, query) {
  const clusters = [{ cluster: 'local', cpu: '', memory: '', pods: '' }];
  await server.call('projects/create', { form: { name: 'shop', display_name: '', description: '', clusters } });
  const bounds = { amounts: {}, security: 'baseline' };
  for (let index = 0; index < 200; index += 1) {
    await server.call('namespaces/create', { form: { project: 'shop', cluster: 'local', name: `n${index}`, bounds } });
  }
  await server.call('identity/create', { form: { username: 'grace', password, role: 'member' } });
  await server.call('projects/set-member', { project: 'shop', form: { who: { name: 'grace', group: false }, role: 'viewer' } });
  const grace = server.session();
  await grace.signIn('grace', password);
  const look = (who, filter) => who.call('rows/list', { query: query(filter) });
  await look(grace, '');
  const times = { all: [], some: [] };
  for (let round = 0; round < 30; round += 1) {
    times.all.push(await timed(() => look(server, `app-${round} tier:all`)));
    times.some.push(await timed(() => look(grace, `app-${round} tier:some`)));
  }
  result(name('restricted'), 'a page for who may see 200 namespaces, against who may see all (B28)', median(times.some) / median(times.all), 'x', 2);
}

/** Runs a program to its end, and drops what it prints. */
function ended(program, flags) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, flags, { stdio: ['ignore', 'pipe', 'inherit'] });
    child.stdout.resume();
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${program} ended with ${code}`))));
  });
}

await measured('scale', main);
