import type { Reporter, TestCase, TestError, TestResult } from '@playwright/test/reporter';

/** Says at the very end why each test failed, in a few lines: of a long log often no more than its end is kept. */
export default class Causes implements Reporter {
  private readonly failed: string[] = [];

  onTestEnd(test: TestCase, result: TestResult): void {
    if (result.status === test.expectedStatus) return;
    for (const error of result.errors) this.note(`${test.title} (${result.duration} ms)`, error);
  }

  onError(error: TestError): void {
    this.note('Outside of tests', error);
  }

  private note(what: string, error: TestError): void {
    const plain = (error.message ?? '').replace(/\u001b\[[0-9;]*m/g, '');
    const lines = plain.split('\n').filter((line) => line.trim());
    this.failed.push(`  ${what}`, ...lines.slice(0, LINES).map((line) => `    ${line}`));
  }

  onExit(): Promise<void> {
    if (this.failed.length) console.log(['', 'Why:', ...this.failed].join('\n'));
    return Promise.resolve();
  }

  printsToStdio(): boolean {
    return false;
  }
}

/** Of each error. */
const LINES = 6;
