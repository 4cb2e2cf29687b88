import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { Cluster, tool } from '../support/cluster';
import { PASSWORD } from '../support/people';
import { alive, look, watch } from '../support/watch';

let cluster: Cluster;
let forward: ChildProcess | undefined;

test.beforeAll(async () => {
  test.setTimeout(300_000);
  const archive = 'target/end2end/image.tar';
  execFileSync('scripts/image.sh', ['target/debug/pilothouse', archive, 'testbed.local/pilothouse:test']);
  cluster = await Cluster.start(archive);
});
test.afterAll(async () => {
  forward?.kill('SIGTERM');
  await cluster.stop();
});

/** A port-forward to the Service, as the notes of the chart say; returns its local address. */
function reach(): Promise<string> {
  const flags = ['--kubeconfig', cluster.kubeconfig, '--namespace', 'pilothouse', 'port-forward', 'svc/console', ':80'];
  const child = spawn(tool('kubectl'), flags, { stdio: ['ignore', 'pipe', 'inherit'] });
  forward = child;
  return new Promise((resolve, reject) => {
    let printed = '';
    child.stdout.on('data', (chunk: Buffer) => {
      printed += chunk;
      const port = printed.match(/Forwarding from 127\.0\.0\.1:(\d+)/)?.[1];
      if (port) resolve(`http://127.0.0.1:${port}`);
    });
    child.once('exit', (code) => reject(new Error(`port-forward ended with ${code}`)));
  });
}

test('helm installs the console, a port-forward reaches it, and it manages the cluster that it runs in', async ({ page }) => {
  test.setTimeout(400_000);
  const { complaints } = watch(page);
  const install = ['install', 'console', 'deploy/chart', '--kubeconfig', cluster.kubeconfig, '--namespace', 'pilothouse'];
  const image = 'image.repository=testbed.local/pilothouse,image.tag=test,image.pullPolicy=Never';
  const keys = `keys=${randomBytes(32).toString('base64')}`;
  cluster.kubectl('create', 'namespace', 'pilothouse');
  cluster.kubectl('create', 'secret', 'generic', 'credentials', '-n', 'pilothouse', '--from-literal', keys);
  const notes = execFileSync(tool('helm'), [
    ...install, '--wait', '--timeout', '3m',
    '--set', `${image},persistence.storageClass=local,clusterName=home,credentialsKeySecret=credentials`,
  ]).toString();
  expect(notes).toContain('port-forward svc/console 8080:80');
  const kept = cluster.kubectl('get', 'secret', 'console-setup', '-n', 'pilothouse', '-o', 'jsonpath={.data.token}');
  const token = Buffer.from(kept, 'base64').toString();
  const address = await reach();

  await page.goto(`${address}/activate#token=${token}`);
  await page.getByLabel('Username').fill('ada');
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByLabel('Password again').fill(PASSWORD);
  await alive(page);
  await page.getByRole('button', { name: 'Activate' }).click();
  await expect(page).toHaveURL(/sign-in/);
  await page.getByLabel('Username').fill('ada');
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('navigation').getByRole('link', { name: 'Clusters' }).click();
  await expect(page.getByText('Connected')).toBeVisible();

  // As somebody who is no cluster administrator, with the console's own few rights.
  const post = async (endpoint: string, data: object) => {
    const answer = await page.request.post(`${address}/api/${endpoint}`, { data, headers: { origin: address } });
    expect(answer.status(), await answer.text()).toBe(200);
  };
  const clusters = [{ cluster: 'home', cpu: '2', memory: '2Gi', pods: '10' }];
  await post('projects/create', { form: { name: 'shop', display_name: '', description: '', clusters } });
  await post('projects/set-member', {
    project: 'shop',
    form: { who: { name: 'ada', group: false }, role: 'developer' },
  });
  const bounds = { amounts: { pods: '5' }, security: 'baseline' };
  await post('namespaces/create', { form: { project: 'shop', cluster: 'home', name: 'web', bounds } });
  await post('workloads/create', {
    cluster: 'home',
    namespace: 'shop-web',
    form: { name: 'checkout', image: 'testbed.local/base:1', replicas: '1' },
  });
  await page.getByRole('navigation').getByRole('link', { name: 'Workloads' }).click();
  const row = page.getByRole('row', { name: 'checkout' });
  await expect(row.getByText('Healthy')).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole('row')).toHaveCount(2);
  await look(page, 'installed');

  const account = 'system:serviceaccount:pilothouse:console';
  const may = (...what: string[]) => {
    try {
      return cluster.kubectl('auth', 'can-i', '--as', account, ...what).trim();
    } catch (denied) {
      return String((denied as { stdout: Buffer }).stdout).trim();
    }
  };
  expect(may('get', 'secrets', '-A')).toBe('no');
  expect(may('create', 'deployments', '-n', 'shop-web')).toBe('no');
  expect(may('impersonate', 'users')).toBe('no');
  expect(may('impersonate', 'groups/system:masters')).toBe('no');
  expect(may('impersonate', 'serviceaccounts', '-n', 'kube-system')).toBe('no');
  expect(may('impersonate', 'serviceaccounts', '-n', 'pilothouse-users')).toBe('yes');
  expect(complaints).toEqual([]);
});
