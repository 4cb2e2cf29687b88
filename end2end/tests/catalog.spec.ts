import { expect, test } from '@playwright/test';
import { Console } from '../support/console';
import { activate, createUser, enter, signIn } from '../support/people';
import { Repository } from '../support/repository';
import { alive, look, watch } from '../support/watch';

let server: Console;
let repository: Repository;

test.beforeEach(async ({ request }) => {
  repository = await Repository.serve();
  server = await Console.start();
  await activate(request, server, 'ada');
});
test.afterEach(async () => {
  await server.stop();
  repository.close();
});

test('an administrator adds a chart repository, and everybody finds its charts', async ({ page, browser }) => {
  const { complaints } = watch(page, { refusals: true });
  await signIn(page, server, 'ada');
  await createUser(page, 'grace');

  await page.getByRole('navigation').getByRole('link', { name: 'Catalog' }).click();
  await expect(page.getByText('No chart yet')).toBeVisible();
  await page.getByRole('link', { name: 'Repositories' }).click();
  await expect(page.getByText('No repository yet.')).toBeVisible();
  await page.getByLabel('Name', { exact: true }).fill('stable');
  await page.getByLabel('Address', { exact: true }).fill(repository.address);
  await alive(page);
  await page.getByRole('button', { name: 'Add repository' }).click();
  await expect(page.getByText('Its address is one of a private network.')).toBeVisible();
  await look(page, 'repository-refused');
  await page.getByLabel('May be at an address of a private network').check();
  await page.getByRole('button', { name: 'Add repository' }).click();
  await expect(page.getByText('up to date')).toBeVisible();

  repository.index = 'no index any more';
  await page.getByRole('button', { name: 'Refresh' }).click();
  await expect(page.getByText('What it answers is not what belongs there')).toBeVisible();
  await look(page, 'repositories');

  await page.getByRole('navigation').getByRole('link', { name: 'Catalog' }).click();
  await page.getByRole('searchbox', { name: 'Search', exact: true }).fill('greets');
  await page.getByRole('button', { name: 'Search' }).click();
  await expect(page).toHaveURL(/words=greets/);
  await look(page, 'catalog');
  await page.getByRole('link', { name: 'hello' }).click();
  await expect(page.getByText('# How many pods greet.')).toBeVisible();
  await expect(page.getByRole('rowheader', { name: '1.0.0' })).toBeVisible();
  await look(page, 'chart');

  const other = await browser.newContext({ locale: 'zh-CN', timezoneId: 'UTC' });
  const second = await other.newPage();
  const watched = watch(second);
  await enter(second, server, 'grace');
  await second.getByRole('navigation').getByRole('link', { name: '应用目录' }).click();
  await expect(second.getByRole('link', { name: 'hello' })).toBeVisible();
  await look(second, 'catalog-chinese');
  await second.getByRole('link', { name: '仓库' }).click();
  await expect(second.getByText('更改此项需要角色：平台管理员')).toBeVisible();
  await expect(second.getByRole('button', { name: '移除' })).toHaveCount(0);
  await look(second, 'repositories-chinese');
  expect(watched.complaints).toEqual([]);
  await other.close();
  expect(complaints).toEqual([]);
});
