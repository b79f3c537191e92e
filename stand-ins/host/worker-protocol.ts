import type { LogLevel } from './log.ts';

// The part of the contract between the Functions worker and '@azure/functions' that this host uses. Source:
// https://github.com/Azure/azure-functions-nodejs-worker/tree/v3.x/types-core

/** A value on its way in or out of a function. */
export interface TypedData {
  readonly string?: string | null;
  readonly json?: string | null;
  readonly bytes?: Uint8Array | null;
  readonly http?: HttpData | null;
}

type Values = Readonly<Record<string, { readonly value: string }>>;

/** A request on its way in (`method`, `url`, `nullable…`) or an answer on its way out (`statusCode`, `headers`). */
export interface HttpData {
  readonly method?: string;
  readonly url?: string;
  readonly nullableHeaders?: Values;
  readonly nullableQuery?: Values;
  readonly nullableParams?: Values;
  readonly body?: TypedData | null;
  readonly statusCode?: string | null;
  readonly headers?: Readonly<Record<string, string>> | null;
  readonly cookies?: readonly unknown[] | null;
}

export type TriggerMetadata = Readonly<Record<string, TypedData>>;

export type FunctionCallback = (...args: unknown[]) => unknown;

export interface CoreInvocationContext {
  readonly invocationId: string;
  readonly metadata: unknown;
  readonly request: {
    readonly invocationId: string;
    readonly functionId: string;
    readonly inputData: readonly { readonly name: string; readonly data: TypedData }[];
    readonly triggerMetadata: TriggerMetadata;
    /** W3C trace context; an empty text is none. */
    readonly traceContext: { readonly traceParent: string };
  };
  /** The library moves it on and compares it, to warn of logging after the end. */
  state?: 'invocation' | 'postInvocationHooks';
  log(level: LogLevel, category: string, message: string): void;
}

/** One invocation, as the library sees it: it does all conversion. */
export interface InvocationModel {
  getArguments(): Promise<{ context: unknown; inputs: unknown[] }>;
  invokeFunction(context: unknown, inputs: unknown[], callback: FunctionCallback): Promise<unknown>;
  getResponse(context: unknown, result: unknown): Promise<{ readonly returnValue?: TypedData | null }>;
}

export interface ProgrammingModel {
  getInvocationModel(context: CoreInvocationContext): InvocationModel | Promise<InvocationModel>;
  getCapabilities?(known: Record<string, string>): Record<string, string> | Promise<Record<string, string>>;
}
