import { defineConfig } from '@playwright/test';

// One browser, Debian's: the runner's own downloads are not used.
export default defineConfig({
  testDir: 'tests',
  outputDir: '../target/end2end/results',
  timeout: 240_000,
  expect: { timeout: 30_000 },
  workers: 1,
  retries: 0,
  forbidOnly: true,
  reporter: [['list'], ['./support/causes.ts']],
  use: {
    actionTimeout: 30_000,
    // A page that never comes fails as what it is, not as a test that took too long.
    navigationTimeout: 90_000,
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
