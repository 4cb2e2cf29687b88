import { expect, test } from '@playwright/test';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cluster } from '../support/cluster';
import { Console } from '../support/console';
import { activate, addMember, createNamespace, createUser, enter, signIn } from '../support/people';
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

test('a list of hundreds is scrolled, sorted, filtered, walked by keys and follows the cluster', async ({ page, browser }) => {
  test.setTimeout(300_000);
  const { complaints } = watch(page);
  await signIn(page, server, 'ada');
  await createUser(page, 'grace');
  await createNamespace(page, server, 'shop', 'web');
  await addMember(page, server, 'shop', 'grace', 'viewer');
  const names = Array.from({ length: 300 }, (_, number) => `item-${String(number).padStart(3, '0')}`);
  const items = names.map((name) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'shop-web' } }));
  const file = join(mkdtempSync(join(tmpdir(), 'rows-')), 'items.json');
  writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  cluster.kubectl('create', '-f', file);

  await page.getByRole('navigation').getByRole('link', { name: 'Resources' }).click();
  await expect(page.getByRole('heading', { name: 'Pods', level: 1 })).toBeVisible();
  await page.getByRole('link', { name: 'ConfigMaps' }).click();
  await expect(page.getByRole('heading', { name: 'ConfigMaps', level: 1 })).toBeVisible();
  await page.getByRole('searchbox', { name: 'Filter' }).fill('item ns:shop-web');
  await page.getByRole('button', { name: 'Filter' }).click();
  await expect(page.getByText('300 in all')).toBeVisible();
  const grid = page.getByRole('grid', { name: 'ConfigMaps' });
  await expect(grid).toHaveAttribute('aria-rowcount', '301');
  await expect(grid.getByText('item-000', { exact: true })).toBeVisible();
  await expect(page.getByText('live', { exact: true })).toBeVisible();

  // Only what is seen is there, and the rest comes when it is scrolled to.
  const there = async () => await grid.locator('tbody tr[aria-rowindex]').count();
  expect(await there()).toBeLessThan(130);
  const scroller = page.locator('.grid');
  await scroller.evaluate((element) => element.scrollTo(0, 36 * 150));
  await expect(grid.getByText('item-150', { exact: true })).toBeVisible();
  await expect(grid.locator('tr[aria-rowindex="152"]')).toContainText('item-150');
  await expect(grid.getByText('item-000', { exact: true })).toHaveCount(0);
  expect(await there()).toBeLessThan(130);
  await look(page, 'rows-middle');

  // By keys.
  await grid.focus();
  await page.keyboard.press('End');
  await expect(grid.getByText('item-299', { exact: true })).toBeVisible();
  await expect(grid).toHaveAttribute('aria-activedescendant', 'row-299');
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  await expect(grid.getByText('item-000', { exact: true })).toBeVisible();
  await expect(grid.locator('tr.active')).toContainText('item-001');

  // It follows the cluster, where it is.
  cluster.kubectl('delete', 'configmap', 'item-001', '-n', 'shop-web');
  await expect(grid.getByText('item-001', { exact: true })).toHaveCount(0);
  cluster.kubectl('create', 'configmap', 'item-000a', '-n', 'shop-web');
  await expect(grid.getByText('item-000a', { exact: true })).toBeVisible();

  // Sorted the other way; the address is the view.
  await grid.getByRole('link', { name: 'Name ↑' }).click();
  await expect(page).toHaveURL(/sort=-name/);
  await expect(grid.getByText('item-299', { exact: true })).toBeVisible();
  await page.reload();
  await expect(grid.getByText('item-299', { exact: true })).toBeVisible();
  await page.goto(`${server.address}/resources/nodes`);
  await expect(page.getByRole('grid').getByText('Ready').first()).toBeVisible();
  await look(page, 'rows-nodes');

  // What keeping all that costs.
  await page.getByRole('link', { name: 'Console health' }).click();
  await expect(page.getByRole('row', { name: /ConfigMaps local live/ })).toBeVisible();
  await look(page, 'health');

  // Whoever sees less sees less, in their language.
  const theirs = await browser.newContext({ locale: 'zh-CN', timezoneId: 'UTC' });
  const grace = await theirs.newPage();
  await enter(grace, server, 'grace');
  await grace.goto(`${server.address}/resources/configmaps`);
  await expect(grace.getByRole('grid').getByText('item-000', { exact: true })).toBeVisible();
  await expect(grace.getByText('kube-system')).toHaveCount(0);
  await look(grace, 'rows-chinese');
  await grace.goto(`${server.address}/resources/nodes`);
  await expect(grace.getByText('没有您可以查看的此类资源。')).toBeVisible();
  await theirs.close();
  expect(complaints).toEqual([]);
});

test('a list goes on after the console was restarted, and where sockets are blocked', async ({ page, context }) => {
  test.setTimeout(300_000);
  const { complaints } = watch(page, { away: true });
  await signIn(page, server, 'ada');
  await createNamespace(page, server, 'hull', 'web');
  for (const name of ['apple', 'pear']) {
    cluster.kubectl('create', 'deployment', name, '--image=testbed.local/base:1', '--replicas=0', '-n', 'hull-web');
  }
  await page.goto(`${server.address}/workloads?filter=namespace%3Ahull-web`);
  await alive(page);
  const grid = page.getByRole('grid', { name: 'Workloads' });
  await expect(page.getByText('live', { exact: true })).toBeVisible();
  await grid.getByRole('checkbox', { name: 'Choose pear' }).check();
  const draft = page.getByRole('searchbox', { name: 'Filter' });
  await draft.fill('namespace:hull-web half a thought');

  // The socket is closed before the console ends, and opened again by itself.
  const codes: number[] = [];
  await page.exposeFunction('noteClosed', (code: number) => codes.push(code));
  await page.evaluate(() => {
    const send = WebSocket.prototype.send;
    WebSocket.prototype.send = function (...all) {
      this.addEventListener('close', (event) => (window as unknown as { noteClosed: (code: number) => void }).noteClosed(event.code));
      return send.apply(this, all);
    };
  });
  await page.getByRole('link', { name: 'Stopped', exact: false }).click();
  await expect(page).toHaveURL(/status/);
  await draft.fill('half a thought');
  const took = await server.restart(2_000);
  expect(took, 'sockets keep nobody from ending').toBeLessThan(5_000);
  expect(codes).toContain(1012);
  await expect(page.getByText('not live, connecting')).toBeVisible();
  await expect(page.getByText('live', { exact: true })).toBeVisible({ timeout: 40_000 });
  cluster.kubectl('create', 'deployment', 'plum', '--image=testbed.local/base:1', '--replicas=0', '-n', 'hull-web');
  await expect(grid.getByRole('link', { name: 'plum' })).toBeVisible({ timeout: 20_000 });
  await expect(draft).toHaveValue('half a thought');

  // Behind a proxy that lets no socket through, it is asked for.
  const blocked = await context.newPage();
  await blocked.routeWebSocket(/live$/, (socket) => socket.close());
  await blocked.goto(`${server.address}/workloads?filter=namespace%3Ahull-web`);
  await alive(blocked);
  const there = blocked.getByRole('grid', { name: 'Workloads' });
  await expect(there.getByRole('link', { name: 'plum' })).toBeVisible();
  await expect(blocked.getByText('not live, connecting')).toBeVisible();
  cluster.kubectl('delete', 'deployment', 'plum', '-n', 'hull-web');
  await expect(there.getByRole('link', { name: 'plum' })).toHaveCount(0, { timeout: 20_000 });

  // A console that was updated meanwhile says what this page does not know: it tells, and is still right.
  const old = await context.newPage();
  await old.routeWebSocket(/live$/, (socket) => {
    socket.connectToServer().onMessage(() => socket.send('{"id":1,"sequence":1,"news":{"of":"tomorrow"}}'));
  });
  await old.goto(`${server.address}/workloads?filter=namespace%3Ahull-web`);
  await expect(old.getByText('not live, the console was updated')).toBeVisible();
  await look(old, 'outdated');
  cluster.kubectl('delete', 'deployment', 'apple', '-n', 'hull-web');
  await expect(old.getByRole('grid', { name: 'Workloads' }).getByRole('link', { name: 'apple' })).toHaveCount(0, { timeout: 20_000 });
  await Promise.all([old.waitForEvent('load'), old.getByRole('link', { name: 'Load this page again' }).click()]);
  expect(complaints).toEqual([]);
});
