// Twenty clusters in one list, beside twenty lists of one cluster each (B29). Half of a control plane serves under twenty names.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tools } from './cluster.mjs';
import { folder, measured, median, pause, result, start, startConsole, timed } from './measure.mjs';

const clusters = 20;

async function main() {
  const { found } = await start('target/debug/testbed', ['--simulated'], /KUBECONFIG=(.+)\n/);
  const kubectl = (...flags) => execFileSync(join(tools, 'kubectl'), ['--kubeconfig', found[1], ...flags]).toString();
  const item = (number) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `item-${number}`, namespace: 'default' } });
  const items = join(folder, 'items.json');
  writeFileSync(items, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: Array.from({ length: 500 }, (_, number) => item(number)) }));
  kubectl('create', '-f', items);
  const program = (...flags) => execFileSync('target/release/pilothouse', flags).toString();
  const { licence, trusted } = issue(program);
  const server = await startConsole({ kubeconfig: found[1], site: 'target/site', more: ['--trusted-keys', trusted], licence });
  const kubeconfig = kubectl('config', 'view', '--raw', '-o', 'json');
  const context = JSON.parse(kubeconfig)['current-context'];
  for (let number = 1; number < clusters; number += 1) {
    await server.call('clusters/add', { form: { name: `c${number}`, kubeconfig, context, administrators: true } });
  }
  const names = ['local', ...Array.from({ length: clusters - 1 }, (_, number) => `c${number + 1}`)];
  const look = (filter, scope) => server.call('rows/list', {
    query: { kind: 'configmaps', filter, sort: [['age', false]], offset: 0, length: 50, scope },
  });
  while ((await look('item', {})).total < clusters * 500) await pause(100);
  const times = { all: [], each: [] };
  for (let round = 0; round < 9; round += 1) {
    // Another filter each time: nothing is remembered.
    times.all.push(await timed(() => look(`item-${round}`, {})));
    times.each.push(await timed(async () => {
      for (const name of names) await look(`item-${round} item`, { clusters: [name] });
    }));
  }
  result('fleet', 'a page of 50 of ten thousand rows on twenty clusters (p50)', median(times.all), 'ms');
  result('fleet-ratio', 'the same against one page of each cluster in turn (B29)', median(times.all) / median(times.each), 'x', 0.3);
}

/** A licence without limits, and the file of the key that it is signed with. */
function issue(program) {
  const [key, trusted] = [join(folder, 'vendor.key'), join(folder, 'vendor.keys')];
  writeFileSync(trusted, program('license', 'keygen', '--id', 'bench', '--out', key));
  return { licence: program('license', 'issue', '--key', key, '--licensee', 'Bench').trim(), trusted };
}

await measured('fleet', main);
