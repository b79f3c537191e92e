import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Debian's, which `.ci/run` installs, or the one that GitHub's runners have. */
const executablePath = ['/usr/bin/chromium', '/usr/bin/google-chrome'].find((path) => existsSync(path));

export const hasBrowser = executablePath !== undefined;

/** A real browser, without a window. Its sandbox does not run as root. */
export const startBrowser = (): Promise<Browser> =>
  chromium.launch({ ...(executablePath && { executablePath }), args: ['--no-sandbox'] });
