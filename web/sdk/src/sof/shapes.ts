import { SofClient, type SofOptions } from './client';
import { describeSofError } from './errors';

/** The object form of GB/T 43694 annex E. */
export interface SofAnswer<Value> {
  ErrorCode: number;
  ErrorMsg: string;
  Result: Value;
}

type SofNames = Extract<keyof SofClient, `SOF_${string}`>;
type Answered<Function> = Function extends (...parameters: infer Parameters) => Promise<infer Value>
  ? (...parameters: Parameters) => Promise<SofAnswer<Value>>
  : never;
export type SofObjects = { [Name in SofNames]: Answered<SofClient[Name]> };

type AnyFunction = (...parameters: unknown[]) => Promise<unknown>;

export function sofNames(): SofNames[] {
  return Object.getOwnPropertyNames(SofClient.prototype).filter((name) => name.startsWith('SOF_')) as SofNames[];
}

/** Functions whose answer is itself about the error before it. */
const kAboutErrors = new Set<string>(['SOF_GetLastError', 'SOF_GetLastErrMsg']);

/** The functions one after the other, so that the last error belongs to the call that it is asked for. */
function inTurn(client: SofClient): (name: SofNames, parameters: unknown[]) => Promise<{ value: unknown; error: number }> {
  let last: Promise<unknown> = Promise.resolve();
  return (name, parameters) => {
    const work = last.then(async () => {
      const value = await (client[name] as AnyFunction).apply(client, parameters);
      return { value, error: await client.SOF_GetLastError() };
    });
    last = work.catch(() => {});
    return work;
  };
}

/** Every function with an answer {ErrorCode, ErrorMsg, Result}. */
export function sofObjects(client: SofClient): SofObjects {
  const run = inTurn(client);
  const answered = (name: SofNames) => async (...parameters: unknown[]): Promise<SofAnswer<unknown>> => {
    const { value, error } = await run(name, parameters);
    const code = kAboutErrors.has(name) ? 0 : error;
    return { ErrorCode: code, ErrorMsg: describeSofError(code).zh, Result: value };
  };
  return Object.fromEntries(sofNames().map((name) => [name, answered(name)])) as unknown as SofObjects;
}

export interface VendorShape extends SofOptions {
  /** How booleans come back: as they are, or as the texts "true" and "false" of some vendors' agents. */
  booleans?: 'boolean' | 'text';
}

/** Other spellings in vendors' scripts. */
const kAliases: Record<string, SofNames> = { SOF_ExportExChangeUserCert: 'SOF_ExportExchangeUserCert' };

/**
 * Puts the functions where a vendor's script had them, `window` as a rule. Called as that script was, `SOF_Login(container, pin, callback,
 * context)`, the callback gets {retVal, ctx}; without a callback the function returns a promise of the value. Returns the client.
 */
export function installSof(target: object, options: VendorShape = {}): SofClient {
  const client = new SofClient(options);
  const run = inTurn(client);
  const shaped = (value: unknown) => (options.booleans === 'text' && typeof value === 'boolean' ? String(value) : value);
  const vendors = (name: SofNames) => (...parameters: unknown[]): Promise<unknown> | undefined => {
    const at = parameters.findIndex((one) => typeof one === 'function');
    const plain = at < 0 ? parameters : parameters.slice(0, at);
    const answer = run(name, plain).then(({ value }) => shaped(value));
    if (at < 0) return answer;
    const callback = parameters[at] as (answer: { retVal: unknown; ctx: unknown }) => void;
    void answer.then((retVal) => callback({ retVal, ctx: parameters[at + 1] }));
    return undefined;
  };
  const functions = Object.fromEntries(sofNames().map((name) => [name, vendors(name)]));
  for (const [alias, name] of Object.entries(kAliases)) functions[alias] = functions[name]!;
  Object.assign(target, functions);
  return client;
}
