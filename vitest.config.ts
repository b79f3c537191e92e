import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/azurite.ts'],
    // Real servers are started in tests; on a small machine a start can take seconds.
    testTimeout: 60_000,
    // Most files wait for servers rather than compute: one more than the cores of a small machine.
    maxWorkers: 3,
    hookTimeout: 60_000,
  },
});
