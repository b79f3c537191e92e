import { defineConfig } from 'vitest/config';

declare module 'vitest' {
  interface ProvidedContext {
    /** `fast`: each kind of thing once, as `npm test` does. `all`: everything. */
    tier: 'fast' | 'all';
  }
}

/** What `npm test` leaves to `npm run test:all`: more of a kind that it proves once, elsewhere or with a sample. */
const slow = [
  // Crashes, faults, stalls and cancellation at every request are in test/check/interruptions.test.ts, in memory.
  'test/faults/{audit-outage,azure-trouble,cancel,chaos,crash-of-caretakers,pause}.test.ts',
  'test/faults/{io-faults,queue-messages,several-instances,stalled-worker}.test.ts',
  // What becomes of shared runs and of sets, process by process, is in test/check/join.test.ts and test/set.
  'test/faults/{joining,crash-of-joined,sets}.test.ts',
  'test/storage/sets/set-cost.test.ts',
  // Odd answers of storage to a running app are in test/faults/odd-storage-answers.test.ts.
  'test/storage/table/odd-answers.test.ts',
  // Each form of the command line is run by the other files of test/cli; what words of a flow mean is in test/http/flows.
  'test/cli/{exit-codes,flow}.test.ts',
  // That people sign in is in test/page/sign-in and, at the stand-in, in test/stand-ins/entra; the CLI's other tests give it a token.
  'test/cli/sign-in.test.ts',
  // What a server may answer to the command line is in test/client; what a terminal is shown in test/rendering.
  'test/cli/odd-world.test.ts',
  // When the list of machines is read, and what is said while it cannot be, is in test/http/search and test/http/flows;
  // what is in it in test/http/sources/search-by-machine.
  'test/http/sources/{list-of-machines,list-sources}.test.ts',
  // That the document is whole is in document.test.ts; every answer in every test is held to it.
  'test/http/openapi/examples.test.ts',
  // Requests and tokens from outside are in abuse and tokens, callbacks in test/webhook and test/notify; settings in test/settings.test.ts and test/start.test.ts.
  // Rows that somebody changed are in test/security/forged-storage.test.ts, test/storage/malformed-rows.test.ts and test/check/proof.
  'test/security/{callbacks,forged-own-rows,forged-sight,fuzz,limits,policy,rotated-key,secrets,settings}.test.ts',
  // What the verdict makes of each of these answers is in test/verdict; a check of each kind of end in test/journey.test.ts.
  'test/simulator-table.test.ts',
  // Starting, stopping and settings are in test/start.test.ts; queues and timers of the local host in test/journey.test.ts.
  'test/stand-ins/run-local.test.ts',
  'test/stand-ins/storage/azurite.test.ts',
  'test/stand-ins/host/{timer,queue/queue}.test.ts',
  // That the client is built, served and runs is in test/client/examples.test.ts.
  'test/client/npm-package.test.ts',
  // Scripts for others' pipelines; what they call is in test/http and test/cli.
  'test/recipes.test.ts',
  // That the page is served, that one signs in on it and that axe looks at it is in test/page/sign-in.test.ts; its sentences are in test/rendering.
  'test/page/{ask,audit,check,flows,foreign-sign-in,link,lists-and-sets,me,trouble}.test.ts',
  // Slack, links and the worker, with a clock of the test's own, are in test/chat; what Teams sends is in test/teams/teams.test.ts.
  'test/{slack,teams}/running-app.test.ts',
  // Crashes, lost messages, and a Slack or Teams that is down, with a clock of the test's own, are in test/chat/slack.test.ts and test/teams/teams.test.ts.
  'test/faults/chat-chaos.test.ts',
  // That `npm start` starts with nothing given, and not with what is wrong, is in test/start.test.ts.
  'test/start-with-given.test.ts',
  // What a restart finds kept is in test/stand-ins/kept and test/stand-ins/arm.
  'test/restart.test.ts',
  // What the libraries of Azure go by is in test/http/arm.
  'test/sdk/*.test.ts',
  // Verification itself is in test/audit/verify.test.ts.
  'test/audit/{append-under-faults,invented-events,verify-offline,verify-periods}.test.ts',
  // Whoever deploys, or writes a policy, changes these seldom.
  'test/infra/{scripts,template}.test.ts',
  'test/scripts/policy/policy.test.ts',
  // What a policy decides, case by case, is in the other files of test/policy.
  'test/policy/decide-properties.test.ts',
  // That the client runs in Node is in test/client/client.test.ts, that the build runs in every test of the app.
  'test/client/examples.test.ts',
  'test/{build,package}.test.ts',
];

/** Its tests start apps in their own process, which registers functions, or caches tokens, once for all. */
const isolated = ['test/stand-ins/**/*.test.ts'];
const all = ['test/**/*.test.ts'];
const never = ['**/node_modules/**'];

// `npx vitest run test/check` is not `--mode fast`: whoever names a file gets all of it.
export default defineConfig(({ mode }) => {
  const isFast = mode === 'fast';
  const left = isFast ? slow : [];
  // Told to each project: what one takes from here with `extends`, it reads without the mode.
  const provide = { tier: isFast ? ('fast' as const) : ('all' as const) };
  return {
    test: {
      globalSetup: ['test/support/run/azurite.ts'],
      // On a busy machine each wait of a test may take its whole time, which says what was waited for: the test's own is
      // longer than a start of the app (40 s) and its waits together. Where these are more, the test says its own.
      testTimeout: 240_000,
      // Most files wait for servers rather than compute: one more than the cores of a small machine.
      maxWorkers: 3,
      hookTimeout: 240_000,
      projects: [
        // A module is loaded once in each worker, not again for each of a hundred files: nothing in src keeps state in one.
        {
          extends: true,
          test: { name: 'app', include: all, exclude: [...never, ...isolated, ...left], isolate: false, provide },
        },
        { extends: true, test: { name: 'stand-ins', include: isolated, exclude: [...never, ...left], provide } },
      ],
    },
  };
});
