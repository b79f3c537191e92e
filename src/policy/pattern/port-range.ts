export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/** Reads `443` or `8000-8099`; `undefined` for what is no port or no range. */
export function parsePortRange(text: string): PortRange | undefined {
  const found = /^(?<first>[1-9]\d{0,4})(?:-(?<last>[1-9]\d{0,4}))?$/.exec(text)?.groups;
  const from = Number(found?.['first']);
  const to = Number(found?.['last'] ?? from);
  return from <= to && to <= 65_535 ? { from, to } : undefined;
}
