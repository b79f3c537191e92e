/** What is left of one limit, as answers and `GET /api/me` tell it. */
export interface LimitState {
  readonly name: 'requests' | 'active' | 'ports';
  readonly quota: number;
  readonly remaining: number;
  /** Absent for `active`, which has no window. */
  readonly windowSeconds?: number;
  /** Until more is left than now. */
  readonly resetSeconds: number;
}
