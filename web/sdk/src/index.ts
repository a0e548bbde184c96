export { Agent, type AgentOptions, type CallOptions, type Content, type FileOptions } from './agent';
export { fromBase64, toBase64, toHex, type Octets } from './bytes';
export { kAddress, kAddressKey, kSubprotocol, type ConnectionOptions, type Socket } from './connection';
export { AgentProblem, asAgentProblem, type ProblemBody } from './problem';
export type { ProgressListener } from './stream';
export type * from './types';
export { SofClient, type SofOptions } from './sof/client';
export { SofError, describeSofError, type SofErrorText } from './sof/errors';
export { installSof, sofObjects, type SofAnswer, type SofObjects, type VendorShape } from './sof/shapes';
