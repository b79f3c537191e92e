/** The api-version that a caller gives, any; like every name in ARM's queries it has any letter case. */
export function apiVersionOf(url: string): string | undefined {
  return [...new URL(url).searchParams].find(([name]) => name.toLowerCase() === 'api-version')?.[1];
}
