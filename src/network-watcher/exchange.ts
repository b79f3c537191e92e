/** What one HTTP call to Azure Resource Manager came to. */
export type Exchange =
  | { readonly kind: 'answer'; readonly status: number; readonly headers: Headers; readonly body: string }
  /** A result that is larger than can be kept; the rest was not read. */
  | { readonly kind: 'oversized'; readonly status: number; readonly headers: Headers }
  /** JSON that is nested so deep that it is not kept. */
  | { readonly kind: 'too deep'; readonly status: number; readonly headers: Headers }
  | {
      readonly kind: 'no-response';
      readonly mishap: 'no token' | 'no answer' | 'foreign URL';
      readonly detail: string;
    };
