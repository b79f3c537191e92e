import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Debian's, which `.ci/run` installs. */
const executablePath = '/usr/bin/chromium';

export const hasBrowser = existsSync(executablePath);

/** A real browser, without a window. Its sandbox does not run as root. */
export const startBrowser = (): Promise<Browser> => chromium.launch({ executablePath, args: ['--no-sandbox'] });
