import type { Browser } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { type App, startApp } from '../app/start-app.ts';
import { startBrowser } from '../run/browser.ts';
import { ownAccount } from '../run/own-account.ts';

/** An app with a storage of its own, and a browser: there while the tests around are run. */
export interface StartedPage {
  readonly app: App;
  readonly browser: Browser;
}

export function startedPage(settings: Readonly<Record<string, string>> = {}): StartedPage {
  let app: App;
  let browser: Browser;
  beforeAll(async () => {
    app = await startApp({ AzureWebJobsStorage: ownAccount(), ...settings });
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await app.stop();
  });
  return {
    get app() {
      return app;
    },
    get browser() {
      return browser;
    },
  };
}
