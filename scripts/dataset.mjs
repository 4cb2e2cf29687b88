// dataset.mjs PODS NODES EVENTS FOLDER: fills a cluster of the testbed's own with so much, and leaves its data in FOLDER for
// `testbed FOLDER` to start from. About two minutes for ten thousand pods.
import { spawn } from 'node:child_process';
import { renameSync, rmSync } from 'node:fs';
import { api, join, run } from './cluster.mjs';

const [pods, nodes, events] = process.argv.slice(2, 5).map(Number);
const folder = process.argv[5];
if (!folder || !pods || !nodes) throw new Error('usage: dataset.mjs PODS NODES EVENTS FOLDER');
const namespaces = Math.min(500, Math.max(10, pods / 100));
const making = `${folder}.new`;
rmSync(making, { recursive: true, force: true });

const bed = spawn('target/debug/testbed', ['--simulated', making], { stdio: ['ignore', 'pipe', 'inherit'] });
const kubeconfig = await new Promise((resolve, reject) => {
  let printed = '';
  bed.stdout.on('data', (chunk) => {
    printed += chunk;
    const found = printed.match(/KUBECONFIG=(.+)\n/);
    if (found) resolve(found[1]);
  });
  bed.once('exit', (code) => reject(new Error(`the testbed ended with ${code}`)));
});
const { ask, close } = api(kubeconfig, 32);

const team = (index) => `team-${index % namespaces}`;
const node = (index) => ({
  apiVersion: 'v1', kind: 'Node',
  metadata: {
    name: `node-${index}`, annotations: { 'kwok.x-k8s.io/node': 'fake' },
    labels: { type: 'kwok', 'kubernetes.io/hostname': `node-${index}`, 'topology.kubernetes.io/zone': `zone-${index % 3}` },
  },
  spec: { taints: [{ key: 'kwok.x-k8s.io/node', value: 'fake', effect: 'NoSchedule' }] },
  status: { allocatable: { cpu: '32', memory: '256Gi', pods: '110' }, capacity: { cpu: '32', memory: '256Gi', pods: '110' } },
});
const container = (name, index) => ({
  name, image: `registry.example/${name}-${index % 40}:1.${index % 7}`,
  env: ['HOST', 'PORT', 'LEVEL', 'REGION'].map((key) => ({ name: key, value: `${key.toLowerCase()}-${index % 10}` })),
  resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { memory: '256Mi' } },
  ports: [{ containerPort: 8080, name: 'http' }],
  readinessProbe: { httpGet: { path: '/ready', port: 'http' }, periodSeconds: 5 },
});
const pod = (index) => ({
  apiVersion: 'v1', kind: 'Pod',
  metadata: {
    name: `app-${index % 1000}-${index.toString(36)}`, namespace: team(index),
    labels: { app: `app-${index % 1000}`, tier: ['front', 'back', 'data'][index % 3], 'pod-template-hash': `h${index % 1000}` },
  },
  spec: {
    nodeName: `node-${index % nodes}`, tolerations: [{ operator: 'Exists' }],
    containers: [container('server', index), container('sidecar', index)],
  },
});
const event = (index) => ({
  apiVersion: 'v1', kind: 'Event', metadata: { name: `event-${index}`, namespace: team(index) }, type: index % 5 ? 'Normal' : 'Warning',
  reason: ['Scheduled', 'Pulled', 'Started', 'BackOff'][index % 4], message: `What happened to pod ${index}`, count: 1 + (index % 9),
  involvedObject: { apiVersion: 'v1', kind: 'Pod', name: `app-${index % 1000}`, namespace: team(index) },
  lastTimestamp: new Date(Date.now() - (index % 3600) * 1000).toISOString(),
});

/** Makes so many, several at once. */
async function make(count, path, object) {
  let next = 0;
  const worker = async () => {
    while (next < count) {
      const index = next;
      next += 1;
      await ask('POST', path(index), object(index));
    }
  };
  await Promise.all(Array.from({ length: 32 }, worker));
}
const begun = Date.now();
await make(namespaces, () => '/api/v1/namespaces', (index) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: team(index) } }));
await make(nodes, () => '/api/v1/nodes', node);
// Pods need the account of their namespace.
for (let index = 0; index < namespaces; index += 1) {
  while ((await ask('GET', `/api/v1/namespaces/${team(index)}/serviceaccounts/default`).catch(() => null)) === null) {
    await new Promise((done) => setTimeout(done, 200));
  }
}
await make(pods, (index) => `/api/v1/namespaces/${team(index)}/pods`, pod);
await make(events, (index) => `/api/v1/namespaces/${team(index)}/events`, event);
for (;;) {
  const waiting = await ask('GET', '/api/v1/pods?fieldSelector=status.phase%3DPending&limit=500');
  const left = waiting.items.length;
  if (left === 0) break;
  console.log(`dataset: ${left === 500 ? 'more than ' : ''}${left} of ${pods} pods do not run yet (${Math.round((Date.now() - begun) / 1000)} s)`);
  await new Promise((done) => setTimeout(done, 10_000));
}
close();
await new Promise((done) => {
  bed.removeAllListeners('exit');
  bed.once('exit', done);
  bed.kill('SIGTERM');
});
run('du', '-sh', making);
renameSync(making, folder);
console.log(`dataset: ${pods} pods in ${join(folder)} after ${Math.round((Date.now() - begun) / 1000)} s`);
