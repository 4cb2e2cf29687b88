import { expect, type Page, test } from '@playwright/test';
import { Cluster } from '../support/cluster';
import { Console } from '../support/console';
import { Prometheus } from '../support/prometheus';
import { activate, addMember, call, createNamespace, createUser, enter, signIn } from '../support/people';
import { alive, look, watch } from '../support/watch';

let cluster: Cluster;
let prometheus: Prometheus;
let server: Console;

test.beforeAll(async () => {
  cluster = await Cluster.start();
  prometheus = await Prometheus.start(cluster);
});
test.afterAll(async () => {
  await prometheus.stop();
  await cluster.stop();
});
test.beforeEach(async ({ request }) => {
  server = await Console.start(cluster.kubeconfig);
  await activate(request, server, 'ada');
});
test.afterEach(async () => {
  await server.stop();
});

/** The figure above the pods, such as `3 / 3`. */
async function ready(page: Page, figure: string): Promise<void> {
  await expect(page.locator('.figure', { hasText: 'Ready' }).locator('strong')).toHaveText(figure, { timeout: 90_000 });
}

test('an image is deployed, watched, scaled, broken, explained, rolled back and deleted', async ({ page, browser }) => {
  test.setTimeout(600_000);
  const { complaints } = watch(page, { refusals: true });
  await signIn(page, server, 'ada');
  await createUser(page, 'grace');
  await createNamespace(page, server, 'shop', 'web');
  await addMember(page, server, 'shop', 'grace', 'viewer');

  // This console has no https, which is said where it matters.
  await page.goto(`${server.address}/account`);
  await alive(page);
  await page.getByLabel('Name', { exact: true }).fill('laptop');
  await page.getByRole('button', { name: 'Make a token' }).click();
  await expect(page.getByText('kubectl sends tokens over https only.')).toBeVisible();
  await page.goto(server.address);

  // Deploy, with a look before anything happens.
  await page.getByRole('navigation').getByRole('link', { name: 'Namespaces' }).click();
  await page.getByRole('link', { name: 'shop-web' }).click();
  await page.getByRole('link', { name: 'Deploy an image' }).click();
  await page.getByLabel('Name', { exact: true }).fill('checkout');
  await page.getByLabel('Image', { exact: true }).fill('https://testbed.local/base:1');
  await page.getByLabel('Ports', { exact: true }).fill('http:8080');
  await page.getByLabel('Environment variables').fill('GREETING=hello');
  await page.getByLabel('Make a Service').check();
  await alive(page);
  await page.getByRole('button', { name: 'Review' }).click();
  await expect(page.getByText('Write the image as registries name it')).toBeVisible();
  await expect(page.getByLabel('Environment variables'), 'what was typed stays').toHaveValue('GREETING=hello');
  await look(page, 'deploy-refused');
  await page.getByLabel('Image', { exact: true }).fill('testbed.local/base:1');
  await page.getByRole('button', { name: 'Review' }).click();
  await expect(page.getByText('Deployment/checkout accepted')).toBeVisible();
  await expect(page.getByText('Service/checkout accepted')).toBeVisible();
  await expect(page.getByRole('row', { name: 'limits.cpu 0 200m 2' })).toBeVisible();
  expect(cluster.kubectl('get', 'deployments', '-n', 'shop-web', '-o', 'name')).toBe('');
  await look(page, 'deploy-review');
  await page.getByRole('button', { name: 'Back to the form' }).click();
  await expect(page.getByLabel('Image', { exact: true })).toHaveValue('testbed.local/base:1');
  await page.getByRole('button', { name: 'Review' }).click();
  await page.getByRole('button', { name: 'Create' }).click();

  // It becomes healthy while it is looked at.
  await expect(page.getByRole('heading', { name: 'checkout', exact: true })).toBeVisible();
  await ready(page, '1 / 1');
  await expect(page.getByText('Healthy').first()).toBeVisible();
  await expect(page.getByRole('cell', { name: 'Running' })).toBeVisible();
  await expect(page.getByText('live', { exact: true })).toBeVisible();
  await expect(page.locator('.figure', { hasText: 'Memory used now' }).locator('strong')).toHaveText(/[1-9].*i/, {
    timeout: 120_000,
  });

  await page.getByRole('button', { name: 'Scale' }).click();
  await page.getByLabel('Replicas').fill('3');
  await page.getByRole('button', { name: 'Review' }).click();
  await expect(page.getByText('+   replicas: 3')).toBeVisible();
  await page.getByRole('button', { name: 'Apply' }).click();
  await ready(page, '3 / 3');
  await look(page, 'workload');

  await page.getByRole('link', { name: 'Metrics' }).click();
  const memory = page.locator('figure', { hasText: 'Memory' });
  await expect(memory.getByText(/^checkout-/)).toHaveCount(3, { timeout: 90_000 });
  await expect(memory.locator('path.line-0')).toHaveAttribute('d', /^M/);
  await look(page, 'workload-metrics');

  // Further back, once there is a Prometheus.
  await page.getByRole('link', { name: '6 h', exact: true }).click();
  await expect(page.getByText('takes a Prometheus that measures this cluster')).toBeVisible();
  const metrics = page.url();
  await page.goto(`${server.address}/clusters/local`);
  await page.getByText('Set its address').click();
  await page.getByLabel('Address', { exact: true }).fill(`${prometheus.address}/elsewhere`);
  await alive(page);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Its address is one of a private network')).toBeVisible();
  await page.getByLabel('May be at an address of a private network').check();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('It answers with the status 404')).toBeVisible();
  await look(page, 'prometheus-refused');
  await page.getByLabel('Address', { exact: true }).fill(prometheus.address);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('come from')).toBeVisible();
  await page.getByRole('link', { name: '1 day', exact: true }).click();
  await expect(page.locator('figure', { hasText: 'last 1 day' })).toHaveCount(2);
  await expect(page.locator('figure', { hasText: 'Memory' }).getByText('real', { exact: true })).toBeVisible();
  await look(page, 'cluster-past');
  await page.goto(metrics);
  await expect(memory.getByText(/^checkout-/)).toHaveCount(3, { timeout: 60_000 });
  await expect(memory.getByText('last 6 h')).toBeVisible();
  await look(page, 'workload-past');
  await page.getByRole('link', { name: 'Overview' }).last().click();

  // Broken, explained, and back.
  await page.getByRole('button', { name: 'Change image' }).click();
  await page.getByLabel('Image', { exact: true }).fill('testbed.local/missing:9');
  await page.getByRole('button', { name: 'Review' }).click();
  await expect(page.getByText('image: testbed.local/missing:9')).toBeVisible();
  await look(page, 'workload-review');
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(page.getByText('The image testbed.local/missing:9 cannot be pulled')).toBeVisible({ timeout: 90_000 });
  await look(page, 'workload-broken');
  await page.getByRole('link', { name: 'Events' }).click();
  await expect(page.getByText('Failed to pull image').first()).toBeVisible({ timeout: 60_000 });
  await look(page, 'workload-events');
  await page.getByRole('button', { name: 'Go back to revision 1' }).click();
  await expect(page.getByRole('heading', { name: 'Roll back to revision 1' })).toBeVisible();
  await page.getByRole('button', { name: 'Apply' }).click();
  await page.getByRole('link', { name: 'Overview' }).last().click();
  await ready(page, '3 / 3');
  await expect(page.getByText('Why is it not ready?')).toHaveCount(0);
  await page.getByRole('link', { name: 'History' }).click();
  await expect(page.getByText('current')).toBeVisible();
  await look(page, 'workload-history');
  await page.getByRole('link', { name: 'YAML' }).click();
  await expect(page.getByText('kind: Deployment')).toBeVisible();
  await look(page, 'workload-yaml');

  // A log that goes on while it is looked at.
  const speak = 'n=0; while true; do n=$((n+1)); echo "line $n"; sleep 1; done';
  cluster.kubectl('create', 'deployment', 'talker', '--image=testbed.local/base:1', '-n', 'shop-web', '--', 'sh', '-c', speak);
  await page.getByRole('navigation').getByRole('link', { name: 'Workloads' }).click();
  await expect(page.getByRole('rowheader', { name: 'talker' })).toBeVisible();
  await page.getByRole('searchbox', { name: 'Filter' }).fill('namespace:shop-web');
  await page.getByRole('button', { name: 'Filter' }).click();
  await expect(page.getByRole('row')).toHaveCount(3);
  await expect(page).toHaveURL(/filter=namespace/);
  await expect(page.getByRole('row', { name: 'talker' }).getByText('Healthy')).toBeVisible({ timeout: 60_000 });
  await look(page, 'workloads');
  await page.getByRole('link', { name: 'talker' }).click();
  await page.getByRole('link', { name: 'Log', exact: true }).first().click();
  const log = page.getByRole('log');
  await expect(log).toContainText('line 1\n');
  const before = ((await log.textContent()) ?? '').split('\n').length;
  await expect(async () => {
    expect(((await log.textContent()) ?? '').split('\n').length).toBeGreaterThan(before + 3);
  }).toPass({ timeout: 20_000 });
  expect(((await log.textContent()) ?? '').match(/line 1\n/g), 'nothing comes twice').toHaveLength(1);
  await look(page, 'workload-log');

  // Somebody who may only look.
  const other = await browser.newContext({ locale: 'zh-CN', timezoneId: 'UTC' });
  const second = await other.newPage();
  const watched = watch(second);
  await enter(second, server, 'grace');
  await second.getByRole('navigation').getByRole('link', { name: '工作负载' }).click();
  await expect(second.getByRole('rowheader', { name: 'checkout' })).toBeVisible();
  await look(second, 'workloads-chinese');
  await second.getByRole('link', { name: 'checkout' }).click();
  await expect(second.getByText('健康').first()).toBeVisible();
  await expect(second.getByRole('button', { name: '扩缩容' })).toHaveCount(0);
  await look(second, 'workload-viewer');
  expect(watched.complaints).toEqual([]);
  await other.close();

  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByLabel('Type talker to confirm').fill('talker');
  await page.getByRole('main').getByRole('button', { name: 'Delete' }).last().click();
  await expect(page.getByRole('heading', { name: 'shop-web' })).toBeVisible();
  cluster.kubectl('wait', '--for=delete', 'deployment/talker', '-n', 'shop-web', '--timeout=60s');
  expect(complaints).toEqual([]);
});
