// What a long list costs a browser, beside the same list of fifty rows: how soon it answers, and what it keeps.
import { chromium } from '@playwright/test';
import { median, password, pause, result } from './measure.mjs';

const flags = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
];
const MIB = 1024 * 1024;
/** How long a tab is left with fifty changes a second. Seconds. */
const left = Number(process.env.PILOTHOUSE_BENCH_LEFT ?? 120);
const p98 = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length * 0.98)] ?? 0;

export async function browser({ pods, name, server, upstream }) {
  const program = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: flags });
  try {
    const page = await program.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(`${server.address}/sign-in`);
    await page.locator('#username').fill('ada');
    await page.locator('#password').fill(password);
    await page.locator('main button[type=submit]').click();
    await page.waitForURL(`${server.address}/`);
    const times = { all: [], few: [] };
    for (let round = 0; round < 3; round += 1) {
      times.all.push(await answers(page, `${server.address}/resources/pods`));
      times.few.push(await answers(page, `${server.address}/resources/pods?filter=label%3Aapp%3Dapp-1`));
    }
    result(name('inp'), 'from a key to the next frame while a list is walked and filtered, p98 (B18)', median(times.all), 'ms', 100);
    result(name('inp-ratio'), 'the same against a list of a few rows', median(times.all) / Math.max(median(times.few), 1), 'x');
    await keeps(page, { pods, name, server, upstream });
  } finally {
    await program.close();
  }
}

/** p98 of what the browser itself says of each key, from the key to the frame that shows what it did. */
async function answers(page, address) {
  await page.goto(address);
  await page.getByRole('grid').waitFor();
  await page.waitForLoadState('networkidle');
  await page.evaluate(() => {
    window.took = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (entry.interactionId) window.took.push(entry.duration);
    }).observe({ type: 'event', durationThreshold: 16, buffered: false });
  });
  await page.getByRole('grid').focus();
  for (let press = 0; press < 60; press += 1) await page.keyboard.press('PageDown');
  await page.keyboard.press('End');
  await page.keyboard.press('Home');
  for (let turn = 0; turn < 60; turn += 1) await page.mouse.wheel(0, 1_800);
  await page.locator('#filter').pressSequentially('app-7', { delay: 20 });
  await page.keyboard.press('Enter');
  await page.waitForURL(/app-7/);
  await page.waitForLoadState('networkidle');
  // What is quicker than sixteen milliseconds the browser does not tell.
  const took = await page.evaluate(() => window.took);
  return p98([...took, ...Array(120).fill(16)].slice(0, Math.max(120, took.length)));
}

/** What a tab holds of memory, before and after fifty changes a second for a while. */
async function keeps(page, { pods, name, server, upstream }) {
  await page.goto(`${server.address}/resources/pods`);
  await page.getByRole('grid').waitFor();
  const session = await page.context().newCDPSession(page);
  const held = async () => {
    await session.send('HeapProfiler.collectGarbage');
    const { usedSize, embedderHeapUsedSize = 0, backingStorageSize = 0 } = await session.send('Runtime.getHeapUsage');
    return (usedSize + embedderHeapUsedSize + backingStorageSize) / MIB;
  };
  const seen = await upstream.ask('GET', '/api/v1/pods?limit=50');
  const some = seen.items.map(({ metadata }) => metadata);
  let number = 0;
  const change = async () => {
    const { namespace, name: pod } = some[number % some.length];
    number += 1;
    const status = { containerStatuses: [{ name: 'server', ready: true, restartCount: number, image: 'a', imageID: '' }] };
    await upstream.ask('PATCH', `/api/v1/namespaces/${namespace}/pods/${pod}/status`, { status });
  };
  const during = async (milliseconds) => {
    const until = performance.now() + milliseconds;
    while (performance.now() < until) {
      const next = performance.now() + 1_000;
      for (let one = 0; one < 50; one += 1) await change();
      const wait = next - performance.now();
      if (wait > 0) await pause(wait);
    }
  };
  await during(15_000);
  const before = await held();
  await during(left * 1_000);
  const after = await held();
  result(name('tab'), `memory of a tab of ${pods} rows after ${left} s of 50 changes a second (B19)`, after, 'MiB', 60);
  result(name('tab-growth'), 'the same against its beginning', after / before, 'x', 1.15);
}
