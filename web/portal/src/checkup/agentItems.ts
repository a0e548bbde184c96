import type { AgentProblem, AgentStatus, Hello } from '@hutong/sdk';
import { item, problemEvidence, problemText, type Item, type ItemCode } from './items';

const kSoonDays = 30;

export function browserItems(secure: boolean, webSocket: boolean, agentName: string): Item[] {
  if (!webSocket) return [item('bad', 'browser.old', {}, { user_agent: agentName })];
  if (!secure) return [item('bad', 'browser.insecure', {}, { user_agent: agentName })];
  return [item('good', 'browser.good', {}, { user_agent: agentName })];
}

const kUnreachable: Record<string, ItemCode> = {
  'agent.not_installed': 'agent.not_installed',
  'agent.not_running': 'agent.not_running',
  'agent.origin_refused': 'agent.origin_refused',
  'agent.connection_refused': 'agent.busy',
  'agent.other_protocol': 'agent.other_protocol',
};

export function unreachableItem(problem: AgentProblem, address: string): Item {
  const code = kUnreachable[problem.code] ?? 'agent.failed';
  return item('bad', code, { problem: problemText(problem), address }, problemEvidence(problem));
}

export function agentItems(hello: Hello, status: AgentStatus): Item[] {
  const items = [item('good', 'agent.good', { version: hello.version }, { ...hello, ...status })];
  if (!status.prompt.found) items.push(item('bad', 'agent.no_prompt', { program: status.prompt.program }));
  const days = status.tls.days_left;
  if (days < 0) items.push(item('bad', 'agent.tls_expired'));
  else if (days < kSoonDays) items.push(item('warning', 'agent.tls_soon', { days }));
  return items;
}

export function permissionItem(problem: AgentProblem | null, origin: string): Item {
  if (!problem) return item('good', 'permission.granted', { origin });
  return item('bad', 'permission.refused', { origin, problem: problemText(problem) }, problemEvidence(problem));
}
