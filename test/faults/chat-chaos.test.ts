import { expect, it } from 'vitest';
import { runChatChaos } from '../support/chat/chat-chaos.ts';
import { ownAccount } from '../support/run/own-account.ts';

// `CHAOS_SEED=2 npx vitest run test/faults/chat-chaos.test.ts` is another run of it.
const SEED = Number(process.env['CHAOS_SEED'] ?? 1);

it('whoever asks or clicks in Slack or Teams is told what it came to, while three processes are killed and chats and storage fail; only a kill, or an answer that a chat lost, doubles a message', async () => {
  const report = await runChatChaos({
    storage: ownAccount(),
    rounds: 5,
    processes: 3,
    mostKills: 16,
    storageFaults: 0.005,
    seed: SEED,
  });
  console.log({ seed: SEED, ...report });
  expect(report.breaches).toEqual([]);
  expect(report.notTold).toBe(0);
  expect(report.shown.withoutEvent).toBe(0);
  expect(report.shown.messages).toBeGreaterThan(0);
  expect(report.failedAddresses).toBeGreaterThan(0);
  expect(report.kills).toBeGreaterThan(4);
}, 360_000);
