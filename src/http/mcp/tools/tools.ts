import { checkConnectivity } from './check-connectivity.ts';
import { compareCheck } from './compare-check.ts';
import { explainPolicy } from './explain-policy.ts';
import { getCheck } from './get-check.ts';
import { listChecks } from './list-checks.ts';
import { listEndpoints } from './list-endpoints.ts';
import type { Tool } from './tool.ts';

/** All tools, in the order in which clients list them. */
export const tools: readonly Tool[] = [
  checkConnectivity,
  explainPolicy,
  getCheck,
  compareCheck,
  listChecks,
  listEndpoints,
];
