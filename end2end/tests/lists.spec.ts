import { expect, test } from '@playwright/test';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cluster } from '../support/cluster';
import { Console } from '../support/console';
import { activate, addMember, call, createNamespace, createUser, enter, signIn } from '../support/people';
import { Relay } from '../support/relay';
import { alive, look, watch } from '../support/watch';

let cluster: Cluster;
let server: Console;

test.beforeAll(async () => {
  cluster = await Cluster.start();
});
test.afterAll(async () => {
  await cluster.stop();
});
test.beforeEach(async ({ request }) => {
  server = await Console.start(cluster.kubeconfig);
  await activate(request, server, 'ada');
});
test.afterEach(async () => {
  await server.stop();
});

function apply(...objects: object[]): void {
  const file = join(mkdtempSync(join(tmpdir(), 'lists-')), 'objects.json');
  writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
  cluster.kubectl('apply', '-f', file);
}

const certificates = {
  apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: 'certificates.pki.test' },
  spec: {
    group: 'pki.test', scope: 'Namespaced', names: { plural: 'certificates', singular: 'certificate', kind: 'Certificate' },
    versions: [{
      name: 'v1', served: true, storage: true,
      schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      additionalPrinterColumns: [
        { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
        { name: 'Issuer', type: 'string', jsonPath: '.spec.issuer' },
        { name: 'Renewal', type: 'date', jsonPath: '.status.renewed' },
      ],
    }],
  },
};

test('kinds that a cluster was taught, a scope, saved views and what can be done with a row', async ({ page, browser }) => {
  test.setTimeout(300_000);
  const { complaints } = watch(page);
  await signIn(page, server, 'ada');
  await createUser(page, 'grace');
  for (const project of ['shop', 'bank']) await createNamespace(page, server, project, 'web');
  await addMember(page, server, 'shop', 'grace', 'viewer');
  apply(certificates);
  cluster.kubectl('wait', '--for=condition=Established', 'crd', 'certificates.pki.test');
  apply(...['shop-web', 'bank-web'].flatMap((namespace) => ['front', 'back'].map((name) => ({
    apiVersion: 'pki.test/v1', kind: 'Certificate', metadata: { name, namespace },
    spec: { issuer: 'house' }, status: { renewed: new Date(Date.now() - 7_200_000).toISOString(), conditions: [{ type: 'Ready', status: 'True' }] },
  }))));

  // From the definition to its objects, with the columns of their author.
  await page.goto(`${server.address}/resources/pods`);
  await page.getByRole('link', { name: 'Custom resource definitions' }).click();
  await page.getByRole('grid').getByRole('link', { name: 'certificates.pki.test' }).click();
  await expect(page.getByRole('heading', { name: 'certificates.pki.test' })).toBeVisible();
  const grid = page.getByRole('grid', { name: 'certificates.pki.test' });
  await expect(grid.getByRole('columnheader', { name: 'Issuer' })).toBeVisible();
  await expect(grid.getByRole('row', { name: /front shop-web local True house 12/ })).toBeVisible();
  cluster.kubectl('delete', 'certificates.pki.test', 'back', '-n', 'bank-web');
  await expect(page.getByText('3 in all')).toBeVisible();
  await look(page, 'custom');

  // Where is looked stays on the way to another kind.
  await page.getByText('Where: everywhere').click();
  await page.getByLabel('Project').selectOption('shop');
  await page.getByRole('button', { name: 'Look there' }).click();
  await expect(page).toHaveURL(/project=shop/);
  await expect(page.getByText('2 in all')).toBeVisible();
  await expect(grid.getByText('bank-web')).toHaveCount(0);
  await look(page, 'scope');
  await page.getByRole('link', { name: 'ConfigMaps' }).click();
  await expect(page).toHaveURL(/configmaps\?project=shop/);
  await expect(page.getByText('Where: shop')).toBeVisible();

  // What one row offers: by the mouse, and by keys.
  const maps = page.getByRole('grid', { name: 'ConfigMaps' });
  await maps.getByText('kube-root-ca.crt').click({ button: 'right' });
  const menu = page.getByRole('menu', { name: 'Actions of kube-root-ca.crt' });
  await expect(menu.getByRole('menuitem').first()).toBeFocused();
  await look(page, 'row-menu');
  await page.keyboard.press('Escape');
  await expect(menu).toHaveCount(0);
  await expect(maps).toBeFocused();
  await page.setViewportSize({ width: 390, height: 800 });
  await maps.getByRole('button', { name: 'Actions of kube-root-ca.crt' }).click();
  await expect(menu).toBeInViewport({ ratio: 1 });
  await page.screenshot({ path: 'target/end2end/screens/row-menu-narrow.png' });
  await page.keyboard.press('Escape');
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.keyboard.press('m');
  await expect(menu).toBeVisible();
  await menu.getByRole('menuitem', { name: 'Only this namespace' }).click();
  await expect(page).toHaveURL(/filter=namespace%3Ashop-web/);

  // A view is kept, found again, and removed.
  await page.getByText('Views', { exact: true }).click();
  await page.getByLabel('Name of this view').fill('Of the shop');
  await page.getByRole('button', { name: 'Save this view' }).click();
  await expect(page.getByRole('link', { name: 'Of the shop' })).toBeVisible();
  await look(page, 'views');
  await page.goto(`${server.address}/resources/configmaps`);
  await alive(page);
  await page.getByText('Views', { exact: true }).click();
  await page.getByRole('link', { name: 'Of the shop' }).click();
  await expect(page).toHaveURL(/project=shop&filter=namespace%3Ashop-web/);
  await page.getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByText('No view of this list is saved yet.')).toBeVisible();

  // A workload is restarted from its row, after the same look as from its page.
  cluster.kubectl('create', 'deployment', 'apple', '--image=testbed.local/base:1', '--replicas=0', '-n', 'shop-web');
  await page.goto(`${server.address}/workloads?project=shop`);
  await alive(page);
  await page.getByRole('button', { name: 'Actions of apple' }).click();
  await page.getByRole('menuitem', { name: 'Restart…' }).click();
  await page.getByRole('button', { name: 'Restart 1' }).click();
  await expect(page.getByText('Done.', { exact: true })).toBeVisible();
  const annotations = cluster.kubectl('get', 'deployment', 'apple', '-n', 'shop-web', '-o', 'jsonpath={.spec.template.metadata.annotations}');
  expect(annotations).toContain('restartedAt');

  // A long table of the console's own: what is not seen is not laid out, and words narrow it down.
  const clusters = [{ cluster: 'local', cpu: '', memory: '', pods: '' }];
  for (let number = 0; number < 70; number += 1) {
    await call(page, server, 'projects/create', { form: { name: `team-${number}`, display_name: '', description: '', clusters } });
  }
  await page.goto(`${server.address}/projects`);
  await alive(page);
  await expect(page.getByText('72 of 72')).toBeVisible();
  const table = page.getByRole('region', { name: 'Projects' });
  expect(await table.getByRole('row').count()).toBeLessThan(60);
  await look(page, 'long');
  await table.evaluate((element) => element.scrollTo(0, element.scrollHeight));
  await expect(table.getByRole('rowheader', { name: 'team-9', exact: true })).toBeVisible();
  await page.getByLabel('Narrow down').fill('team-61');
  await expect(page.getByText('1 of 72')).toBeVisible();
  await expect(table.getByRole('rowheader', { name: 'team-61' })).toBeVisible();
  await expect(table.getByRole('rowheader', { name: 'team-9', exact: true })).toHaveCount(0);

  // The address is the view, here too: words and order are still there when it is loaded again, and Back turns the order back.
  await expect(page).toHaveURL(/find=team-61/);
  await page.getByLabel('Narrow down').fill('team-6');
  await expect(page).toHaveURL(/find=team-6$/);
  const byName = table.getByRole('columnheader').first().getByRole('link');
  await byName.click();
  await expect(table.getByRole('columnheader').first()).toHaveAttribute('aria-sort', 'ascending');
  await expect(byName, 'whoever sorts stays where they are').toBeFocused();
  await byName.click();
  await expect(page).toHaveURL(/find=team-6&sort=-1|sort=-1&find=team-6/);
  await expect(table.getByRole('rowheader').first()).toHaveText('team-69');
  await page.reload();
  await alive(page);
  await expect(page.getByText('11 of 72')).toBeVisible();
  await expect(page.getByLabel('Narrow down')).toHaveValue('team-6');
  await expect(table.getByRole('rowheader')).toHaveText(['team-69', 'team-68', 'team-67', 'team-66', 'team-65', 'team-64', 'team-63', 'team-62', 'team-61', 'team-60', 'team-6']);
  await page.goBack();
  await expect(table.getByRole('columnheader').first()).toHaveAttribute('aria-sort', 'ascending');
  await expect(table.getByRole('rowheader').first()).toHaveText('team-6');
  await look(page, 'long-sorted');

  // Names of Secrets, for those who may list them; a viewer is told that they may not, in their language.
  cluster.kubectl('create', 'secret', 'generic', 'vault', '--from-literal=key=ruby-slippers', '-n', 'shop-web');
  await page.goto(`${server.address}/resources/secrets?project=shop`);
  await expect(page.getByRole('grid').getByText('vault')).toBeVisible();
  expect(await page.content()).not.toContain('ruby');
  const theirs = await browser.newContext({ locale: 'zh-CN', timezoneId: 'UTC' });
  const grace = await theirs.newPage();
  await enter(grace, server, 'grace');
  await grace.goto(`${server.address}/resources/secrets`);
  await expect(grace.getByText('您有 1 个命名空间不能列出这些资源')).toBeVisible();
  await look(grace, 'denied-chinese');
  await theirs.close();
  expect(complaints).toEqual([]);
});

test('a list goes on where it was after its port-forward died, and after the browser slept', async ({ page }) => {
  test.setTimeout(300_000);
  const relay = await Relay.to(server.address);
  const { complaints } = watch(page, { away: true });
  await page.goto(`${relay.address}/sign-in`);
  await page.getByLabel('Username').fill('ada');
  await page.getByLabel('Password').fill('walnut-harbour-42');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { name: 'Overview' })).toBeVisible();
  await page.request.post(`${relay.address}/api/projects/create`, {
    data: { form: { name: 'hull', display_name: '', description: '', clusters: [{ cluster: 'local', cpu: '', memory: '', pods: '' }] } },
    headers: { origin: relay.address },
  });
  cluster.kubectl('create', 'namespace', 'plain');
  apply(...Array.from({ length: 200 }, (_, number) => ({
    apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `item-${String(number).padStart(3, '0')}`, namespace: 'plain' },
  })));
  await page.goto(`${relay.address}/resources/configmaps?filter=ns%3Aplain+item`);
  await alive(page);
  const grid = page.getByRole('grid', { name: 'ConfigMaps' });
  const live = page.getByText('live', { exact: true });
  await expect(live).toBeVisible();
  await page.locator('.grid').evaluate((element) => element.scrollTo(0, 36 * 100));
  await expect(grid.getByText('item-100', { exact: true })).toBeVisible();
  const draft = page.getByRole('searchbox', { name: 'Filter' });
  await draft.fill('half a thought');

  await relay.cut();
  await expect(page.getByText('not live, connecting')).toBeVisible();
  cluster.kubectl('delete', 'configmap', 'item-105', '-n', 'plain');
  await page.waitForTimeout(2_000);
  await relay.open();
  await expect(live).toBeVisible({ timeout: 40_000 });
  await expect(grid.getByText('item-105', { exact: true })).toHaveCount(0);
  await expect(grid.getByText('item-100', { exact: true })).toBeVisible();
  await expect(draft).toHaveValue('half a thought');

  // Nothing of the page runs while it is frozen; the console goes on, and away, and comes back.
  const session = await page.context().newCDPSession(page);
  await session.send('Page.setWebLifecycleState', { state: 'frozen' });
  for (const name of ['item-101', 'item-102']) cluster.kubectl('delete', 'configmap', name, '-n', 'plain');
  await server.restart();
  cluster.kubectl('create', 'configmap', 'item-100a', '-n', 'plain');
  await session.send('Page.setWebLifecycleState', { state: 'active' });
  await expect(grid.getByText('item-100a', { exact: true })).toBeVisible({ timeout: 40_000 });
  await expect(grid.getByText('item-101', { exact: true })).toHaveCount(0);
  await expect(grid.getByText('item-103', { exact: true })).toHaveCount(1);
  await expect(draft).toHaveValue('half a thought');
  await relay.cut();
  expect(complaints).toEqual([]);
});
