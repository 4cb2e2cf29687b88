import { expect, type Page, test } from '@playwright/test';
import { Cluster, tool } from '../support/cluster';
import { Console } from '../support/console';
import { write } from '../support/editor';
import { activate, call, createNamespace, enter, signIn } from '../support/people';
import { Repository } from '../support/repository';
import { alive, look, watch } from '../support/watch';

let cluster: Cluster;
let server: Console;
let repository: Repository;

test.beforeAll(async () => {
  cluster = await Cluster.start(tool('metrics-server-image.tar'));
});
test.afterAll(async () => {
  await cluster.stop();
});
test.beforeEach(async ({ request }) => {
  repository = await Repository.serve();
  server = await Console.start(cluster.kubeconfig);
  await activate(request, server, 'ada');
});
test.afterEach(async () => {
  await server.stop();
  repository.close();
});

/** Waits for the end of the job whose page is shown, and goes on to its release. */
async function done(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { name: 'Job' })).toBeVisible();
  await expect(page.getByRole('status').getByText('Done')).toBeVisible({ timeout: 120_000 });
}

test('a chart is installed, upgraded, rolled back and uninstalled', async ({ page, browser }) => {
  test.setTimeout(600_000);
  const { complaints } = watch(page, { refusals: true });
  await signIn(page, server, 'ada');
  await createNamespace(page, server, 'shop', 'web');
  await call(page, server, 'catalog/add', {
    form: { name: 'stable', address: { url: repository.address, private_addresses: true } },
  });

  await page.getByRole('navigation').getByRole('link', { name: 'Catalog' }).click();
  await page.getByRole('link', { name: 'hello' }).click();
  await page.getByRole('link', { name: 'Install' }).click();
  await expect(page.getByText('# How many pods greet.')).toBeVisible();
  await page.getByLabel('Release name').fill('Greeter');
  await write(page, 'replicas: 2\ngreeting: ahoy\n');
  await alive(page);
  await page.getByRole('button', { name: 'Review' }).click();
  await expect(page.getByText('Use lower-case letters, digits and -, beginning')).toBeVisible();
  await page.getByLabel('Release name').fill('greeter');
  await write(page, 'replicas: [');
  await page.getByRole('button', { name: 'Review' }).click();
  await expect(page.getByText('Helm does not accept this')).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Values' }), 'where the person goes on').toBeFocused();
  await look(page, 'install-refused');
  await write(page, 'replicas: 2\ngreeting: ahoy\n');
  await page.getByRole('button', { name: 'Review' }).click();
  await expect(page.getByText('Deployment/greeter accepted')).toBeVisible();
  expect(cluster.kubectl('get', 'deployments', '-n', 'shop-web', '-o', 'name')).toBe('');
  await look(page, 'install-review');
  await page.getByRole('button', { name: 'Install' }).click();
  await done(page);
  await look(page, 'job');
  await page.getByRole('link', { name: 'To the release' }).click();

  await expect(page.getByText('greeter greets with "ahoy".')).toBeVisible();
  await expect(page.getByRole('row', { name: 'Service/greeter Healthy' })).toBeVisible();
  await look(page, 'release');
  await page.getByRole('link', { name: 'Deployment/greeter' }).click();
  await expect(page.locator('.figure', { hasText: 'Ready' }).locator('strong')).toHaveText('2 / 2', { timeout: 90_000 });
  await expect(page.getByText('Helm release greeter')).toBeVisible();

  await page.getByRole('navigation').getByRole('link', { name: 'Releases' }).click();
  await expect(page.getByRole('row', { name: /greeter shop-web local deployed 1/ })).toBeVisible();
  await look(page, 'releases');
  await page.getByRole('link', { name: 'greeter' }).click();
  await page.getByRole('link', { name: 'Upgrade' }).click();
  await expect(page.locator('.cm-line').first()).toHaveText('greeting: ahoy');
  await expect(page.locator('.cm-line').nth(1)).toHaveText('replicas: 2');
  await write(page, 'greeting: ahoy\nreplicas: 3\n');
  await alive(page);
  await page.getByRole('button', { name: 'Review' }).click();
  await expect(page.getByText('+   replicas: 3')).toBeVisible();
  await look(page, 'upgrade-review');
  await page.getByRole('button', { name: 'Upgrade' }).click();
  await done(page);
  const replicas = () =>
    cluster.kubectl('get', 'deployment', 'greeter', '-n', 'shop-web', '-o', 'jsonpath={.spec.replicas}');
  expect(replicas()).toBe('3');
  await page.getByRole('link', { name: 'To the release' }).click();

  // The same in the other language, for somebody who speaks it.
  const other = await browser.newContext({ locale: 'zh-CN', timezoneId: 'UTC' });
  const second = await other.newPage();
  await enter(second, server, 'ada');
  await second.getByRole('navigation').getByRole('link', { name: '发布' }).click();
  await look(second, 'releases-chinese');
  await second.getByRole('link', { name: 'greeter' }).click();
  await expect(second.getByText('greeter greets with "ahoy".')).toBeVisible();
  await look(second, 'release-chinese');
  await second.goto(`${server.address}/clusters/local`);
  await second.getByText('设置地址').click();
  await look(second, 'cluster-chinese');
  await second.goto(`${server.address}/catalog/repositories`);
  await look(second, 'repository-form-chinese');
  await other.close();

  await alive(page);
  await page.getByRole('row', { name: /^1 superseded/ }).getByRole('button', { name: 'Roll back' }).click();
  await page.getByRole('button', { name: 'Roll back to revision 1' }).click();
  await done(page);
  expect(replicas()).toBe('2');
  await page.getByRole('link', { name: 'To the release' }).click();
  await expect(page.getByRole('row', { name: /^3 deployed/ })).toBeVisible();

  await page.locator('summary', { hasText: 'Uninstall' }).click();
  await page.getByLabel('Type greeter to confirm').fill('greeter');
  await alive(page);
  await page.getByRole('button', { name: 'Uninstall' }).click();
  await done(page);
  await page.getByRole('link', { name: 'To the release' }).click();
  await expect(page.getByText('No release yet.')).toBeVisible();
  cluster.kubectl('wait', '--for=delete', 'deployment/greeter', '-n', 'shop-web', '--timeout=60s');
  expect(complaints).toEqual([]);
});

test('an administrator installs metrics-server from its own chart, and use is shown again', async ({ page }) => {
  test.setTimeout(400_000);
  const { complaints } = watch(page);
  // The testbed brings one of its own, which has to make way.
  cluster.kubectl('delete', 'apiservice', 'v1beta1.metrics.k8s.io');
  await signIn(page, server, 'ada');
  const clusters = [{ cluster: 'local', cpu: '', memory: '', pods: '' }];
  const project = { name: 'platform', display_name: '', description: '', clusters };
  await call(page, server, 'projects/create', { form: project });
  const bounds = { amounts: {}, security: 'restricted' };
  await call(page, server, 'namespaces/create', {
    form: { project: 'platform', cluster: 'local', name: 'metrics', bounds },
  });
  await call(page, server, 'catalog/add', {
    form: { name: 'stable', address: { url: repository.address, private_addresses: true } },
  });
  await page.goto(`${server.address}/clusters/local`);
  await expect(page.getByText('the cluster serves no metrics API')).toBeVisible();

  await page.getByRole('navigation').getByRole('link', { name: 'Catalog' }).click();
  await page.getByRole('link', { name: 'metrics-server' }).click();
  await page.getByRole('link', { name: 'Install' }).click();
  const image = 'image:\n  repository: testbed.local/metrics-server\n  tag: v0.9.0\n  pullPolicy: Never\n';
  const args = 'args:\n  - --kubelet-insecure-tls\n  - --node-selector=type!=kwok\n';
  await write(page, image + args);
  await alive(page);
  await page.getByRole('button', { name: 'Review' }).click();
  await expect(page.getByText('APIService/v1beta1.metrics.k8s.io accepted')).toBeVisible();
  await expect(page.getByText('RoleBinding/metrics-server-auth-reader accepted'), 'in kube-system').toBeVisible();
  await look(page, 'metrics-server-review');
  await page.getByRole('button', { name: 'Install' }).click();
  await done(page);
  await page.getByRole('link', { name: 'To the release' }).click();
  await expect(page.getByRole('row', { name: 'Deployment/metrics-server' }).getByText('Healthy')).toBeVisible({
    timeout: 120_000,
  });
  await expect(page.getByText('Missing')).toHaveCount(0);
  cluster.kubectl('wait', '--for=condition=Available', 'apiservice/v1beta1.metrics.k8s.io', '--timeout=120s');
  await expect(async () => {
    await page.goto(`${server.address}/clusters/local`);
    await expect(page.getByText(/used, \d+ %/).first()).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 120_000 });
  expect(complaints).toEqual([]);
});
