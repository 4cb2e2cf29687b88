// What things cost, each beside its reference in the same run. Writes target/bench/results.json and prints it as a table.
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { Agent as HttpAgent, createServer } from 'node:http';
import { join } from 'node:path';
import { api, tools } from './cluster.mjs';
import { fanOut, rates } from './live.mjs';
import { ask, folder, measured, median, p99, password, pause, resident, result, start, startConsole, timed } from './measure.mjs';

async function main() {
  const size = execFileSync('node', ['scripts/size.mjs']).toString();
  result('transfer', 'first route, brotli', Number(size.match(/total (\d+)/)[1]), 'bytes', 300_000);

  const { found } = await start('target/debug/testbed', [], /KUBECONFIG=(.+)\n/);
  const kubeconfig = found[1];

  // The same bytes as the page, as a file of the same server.
  const site = join(folder, 'site');
  cpSync('target/site', site, { recursive: true });
  const name = readFileSync(join(site, 'package'), 'utf8').trim();

  const ready = (after) => result('start', 'start to /readyz, empty database', after, 'ms');
  const { address, call, headers, pid } = await startConsole({ kubeconfig, site, ready });
  const clusters = [{ cluster: 'local', cpu: '', memory: '', pods: '' }];
  await call('projects/create', { form: { name: 'shop', display_name: '', description: '', clusters } });
  const bounds = { amounts: {}, security: 'baseline' };
  await call('namespaces/create', { form: { project: 'shop', cluster: 'local', name: 'web', bounds } });

  // A window full of rows.
  const deployments = Array.from({ length: 60 }, (_, index) => ({
    apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: `app-${index}`, namespace: 'shop-web' },
    spec: {
      replicas: 0, selector: { matchLabels: { app: `app-${index}` } },
      template: {
        metadata: { labels: { app: `app-${index}` } },
        spec: { containers: [{ name: 'app', image: 'registry.example/app:1' }] },
      },
    },
  }));
  const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: deployments });
  execFileSync(join(tools, 'kubectl'), ['--kubeconfig', kubeconfig, 'apply', '-f', '-'], { input: list });
  const page = () => fetch(`${address}/workloads?filter=namespace%3Ashop-web`, { headers: headers() }).then((answer) => answer.text());
  while (!(await page()).includes('app-59')) await pause(200);
  writeFileSync(join(site, 'pkg', name, 'page.html'), await page());
  const file = () => fetch(`${address}/pkg/${name}/page.html`).then((answer) => answer.text());
  const rounds = { page: [], file: [] };
  for (let round = 0; round < 200; round += 1) {
    rounds.page.push(await timed(page));
    rounds.file.push(await timed(file));
  }
  result('list-ssr', 'workloads list of 60 rows, rendered (p50)', median(rounds.page), 'ms');
  result('list-ratio', 'the same against a file of the same bytes', median(rounds.page) / median(rounds.file), 'x');

  await pause(30_000);
  result('rss', 'resident, idle, one cluster', resident(pid()), 'MiB', 40);

  await overhead(address, headers);
  await manyPods({ address, kubeconfig, call, headers });
  await signIns({ address, pid: pid() });

  const repository = createServer((asked, answer) => {
    const entry = { name: 'hello', version: '1.0.0', urls: ['hello.tgz'] };
    if (asked.url === '/index.yaml') answer.end(JSON.stringify({ entries: { hello: [entry] } }));
    else answer.end(readFileSync(join(folder, 'hello.tgz')));
  });
  await new Promise((done) => repository.listen(0, '127.0.0.1', done));
  execFileSync('tar', ['-czf', join(folder, 'hello.tgz'), '-C', 'end2end/charts', 'hello']);
  const url = `http://127.0.0.1:${repository.address().port}`;
  await call('catalog/add', { form: { name: 'stable', address: { url, private_addresses: true } } });
  const ours = async (release) => {
    const chart = { repository: 'stable', name: 'hello', version: '1.0.0' };
    const values = 'replicas: 0';
    const place = { cluster: 'local', namespace: 'shop-web' };
    const id = await call('releases/install', { form: { chart, ...place, name: release, values } });
    for (;;) {
      const job = await call('releases/job', { id });
      if (job.state === 'failed') throw new Error(job.said);
      if (job.ended_at) return;
      await pause(5);
    }
  };
  const plain = (release) => new Promise((resolve, reject) => {
    const child = spawn(join(tools, 'helm'), [
      'install', release, join(folder, 'hello.tgz'), '--kubeconfig', kubeconfig, '--namespace', 'shop-web', '--set', 'replicas=0',
    ], { stdio: 'ignore' });
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`helm ended with ${code}`))));
  });
  const installs = { ours: [], plain: [] };
  for (let round = 0; round < 9; round += 1) {
    installs.ours.push(await timed(() => ours(`ours-${round}`)));
    installs.plain.push(await timed(() => plain(`plain-${round}`)));
  }
  repository.close();
  result('helm', 'helm install through the console (p50)', median(installs.ours), 'ms');
  result('helm-ratio', 'the same against plain helm', median(installs.ours) / median(installs.plain), 'x', 1.15);
}

/** What it costs to know who asks: the same open route without a session and with one, turn by turn. */
async function overhead(address, headers) {
  const ask = (more) => fetch(`${address}/api/providers/ways`, {
    method: 'POST', body: '{}', headers: { origin: address, 'content-type': 'application/json', ...more },
  }).then((answer) => answer.text());
  const rounds = { stranger: [], known: [] };
  for (let round = 0; round < 1_000; round += 1) {
    rounds.stranger.push(await timed(() => ask({})));
    rounds.known.push(await timed(() => ask(headers())));
  }
  result('session', 'a request of somebody who is signed in (p50)', median(rounds.known), 'ms');
  result('session-ratio', 'the same route without a session', median(rounds.known) / median(rounds.stranger), 'x', 1.5);
}

/** Ten thousand pods, listed from the API server itself and through the console, turn by turn. */
async function manyPods({ address, kubeconfig, call, headers }) {
  const kubectl = (...flags) => execFileSync(join(tools, 'kubectl'), ['--kubeconfig', kubeconfig, ...flags]).toString();
  const { server, agent: direct } = api(kubeconfig, 50);
  const pods = '/api/v1/namespaces/many/pods';
  kubectl('create', 'namespace', 'many');
  const pod = (index) => JSON.stringify({
    apiVersion: 'v1', kind: 'Pod', metadata: { name: `pod-${index}`, namespace: 'many', labels: { app: `app-${index % 100}` } },
    spec: { schedulerName: 'nobody', containers: [{ name: 'app', image: 'registry.example/app:1', env: [{ name: 'A', value: 'b' }] }] },
  });
  let next = 0;
  const create = async () => {
    while (next < 10_000) {
      const body = pod(next);
      next += 1;
      await ask(`${server}${pods}`, { method: 'POST', agent: direct, headers: { 'content-type': 'application/json' } }, body);
    }
  };
  await Promise.all(Array.from({ length: 50 }, create));
  const { text: token } = await call('tokens/create', { form: { name: 'bench', days: '1', read_only: true } });
  const kept = new HttpAgent({ keepAlive: true });
  const through = { agent: kept, headers: { authorization: `Bearer ${token}` } };
  const rounds = { direct: [], through: [] };
  let sizes = [];
  for (let round = 0; round < 9; round += 1) {
    rounds.direct.push(await timed(async () => { sizes = [await ask(`${server}${pods}`, { agent: direct })]; }));
    rounds.through.push(await timed(async () => { sizes.push(await ask(`${address}/k8s/clusters/local${pods}`, through)); }));
  }
  if (sizes[0] !== sizes[1]) throw new Error(`other bytes: ${sizes}`);
  kubectl('create', 'namespace', 'fan');
  await fanOut({ address, headers, kubectl: ['--kubeconfig', kubeconfig], direct, server });
  const { agent: wide } = api(kubeconfig, 400);
  await rates({ address, headers, direct: wide, server });
  wide.destroy();
  for (const agent of [direct, kept]) agent.destroy();
  result('proxy', `10,000 pods through the console, ${Math.round(sizes[0] / 1e6)} MB (p50)`, median(rounds.through), 'ms');
  result('proxy-ratio', 'throughput against the API server itself', median(rounds.direct) / median(rounds.through), 'x', 0.8, 'higher');
  kubectl('delete', 'namespace', 'many', '--wait=false');
}

/** A hundred sign-ins at once: what they cost in memory, and whoever looks at a page meanwhile. */
async function signIns({ address, pid }) {
  const look = () => timed(() => fetch(`${address}/sign-in`).then((answer) => answer.text()));
  const alone = [];
  for (let round = 0; round < 300; round += 1) alone.push(await look());
  const before = resident(pid);
  let most = before;
  let done = false;
  const all = Promise.all(Array.from({ length: 100 }, () => fetch(`${address}/auth/sign-in`, {
    method: 'POST', redirect: 'manual', headers: { origin: address }, body: new URLSearchParams({ username: 'ada', password }),
  }).then((answer) => answer.status))).finally(() => { done = true; });
  const beside = [];
  while (!done) {
    beside.push(await look());
    most = Math.max(most, resident(pid));
  }
  const statuses = await all;
  if (!statuses.every((status) => status === 303)) throw new Error(`sign-ins: ${statuses}`);
  result('sign-ins-rss', '100 sign-ins at once, more resident', most - before, 'MiB', 80);
  result('sign-ins-p99', 'another page meanwhile, p99 against alone', p99(beside) / p99(alone), 'x', 2);
}

await measured('results', main);
