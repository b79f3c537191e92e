import { armRules, unforeseenByArm } from '../../src/check/state/retry-rules.ts';
import { failureAdvice } from '../../src/check/state/failure-advice.ts';
import type { Reason } from '../../src/contract/verdict.ts';
import { fill } from '../../src/contract/fill.ts';
import { issueMeanings, unknownIssue } from '../../src/verdict/issue/issue-meanings.ts';
import { statusMeanings } from '../../src/verdict/status-reasons.ts';

type Row = Pick<Reason, 'code' | 'message' | 'action' | 'owner'> & { readonly when?: string };

// What stands in a sentence where a check's own names would be.
const samples: Readonly<Record<string, string>> = {
  ...{ hop: 'the hop', source: 'the source', destination: 'the destination', what: 'the port', sourcePort: 'n' },
  ...{ nsgRule: 'NSG rule "…"', route: 'the route "…"', type: '…', status: '…', appliance: 'the appliance' },
  ...{ armCode: 'code', detail: 'detail', right: '…' },
};

/** The page with its tables made anew, each between its two marks, from the tables in `src`. */
export function withVerdictTables(page: string): string {
  // What Azure answered is in docs/api.md; here it is what that comes to.
  const failed = [...armRules, unforeseenByArm].map(({ code, message, action, owner }) => ({
    code,
    message,
    action,
    owner,
  }));
  const codes = Object.entries(failureAdvice).map(([code, advice]) => ({ code, message: '', ...advice }));
  const tables: Readonly<Record<string, string>> = {
    issues: table([...issueMeanings, unknownIssue]),
    statuses: table(Object.values(statusMeanings)),
    failures: table(failed),
    codes: `| code | what to do | who |\n|---|---|---|\n${codes.map(({ code, action, owner }) => `| \`${code}\` | ${action} | ${owner} |`).join('\n')}`,
  };
  return page.replace(
    /<!-- (\w+) -->[\s\S]*?<!-- end -->/g,
    (_, name: string) => `<!-- ${name} -->\n\n${tables[name] ?? ''}\n\n<!-- end -->`,
  );
}

function table(rows: readonly Row[]): string {
  return ['| code | what it means | what to do | who |', '|---|---|---|---|', ...new Set(rows.map(line))].join('\n');
}

function line({ code, message, action, owner, when }: Row): string {
  const about = when === undefined ? '' : ` (${when})`;
  return `| \`${code}\`${about} | ${cell(message)} | ${cell(action)} | ${owner} |`;
}

const cell = (text: string): string => fill(text, samples).replaceAll('|', '\\|');
