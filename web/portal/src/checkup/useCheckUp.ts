import { Agent, asAgentProblem, type TokenCertificate, type TokenList } from '@hutong/sdk';
import { computed, ref, shallowRef } from 'vue';
import { agentItems, browserItems, permissionItem, unreachableItem } from './agentItems';
import { driverItems } from './driverItems';
import { worst, type Group, type GroupId, type Item } from './items';
import { makeReport, newReference } from './report';
import { runTrial, trialsOf, type Trial } from './trial';
import { askPlatform } from './trust';
import { certificateItems, pinItems, tokenItems } from './tokenItems';

const kMostJudged = 8; // certificates sent to the platform

/** One examination of this machine, step by step; a second start replaces the first. `purpose` is what the agent's windows show. */
export function useCheckUp(purpose: () => string) {
  const groups = ref<Group[]>([]);
  const running = ref<GroupId | null>(null);
  const reference = ref('');
  const startedAt = shallowRef(new Date());
  const trials = shallowRef<Trial[]>([]);
  const trying = ref(false);
  let agent: Agent | null = null;
  let round = 0;

  async function start(): Promise<void> {
    const mine = ++round;
    end();
    startedAt.value = new Date();
    reference.value = newReference(startedAt.value, crypto.getRandomValues(new Uint8Array(2)));
    [groups.value, trials.value] = [[], []];
    const put = (id: GroupId, items: Item[]) => {
      if (mine === round) groups.value = [...groups.value.filter((one) => one.id !== id), { id, items }];
    };
    const step = (id: GroupId) => {
      if (mine === round) running.value = id;
    };
    try {
      step('browser');
      put('browser', browserItems(isSecureContext, 'WebSocket' in globalThis, navigator.userAgent));
      step('agent');
      if (!(await meet(put))) return;
      step('drivers');
      await lookAround(mine, put, step);
    } finally {
      if (mine === round) running.value = null;
    }
  }

  /** The agent, and its permission; false when the rest makes no sense without. */
  async function meet(put: (id: GroupId, items: Item[]) => void): Promise<boolean> {
    const found: Item[] = [];
    agent = new Agent({ reconnect: false });
    const { address } = agent;
    try {
      const hello = await agent.connect();
      found.push(...agentItems(hello, await agent.status()));
      put('agent', found);
      const refusal = hello.allowed ? null : await agent.requestOrigin({ purpose: purpose() }).then(() => null, asAgentProblem);
      put('agent', [...found, permissionItem(refusal, hello.origin)]);
      return refusal === null;
    } catch (error) {
      put('agent', [...found, unreachableItem(asAgentProblem(error), address)]);
      return false;
    }
  }

  async function lookAround(mine: number, put: (id: GroupId, items: Item[]) => void, step: (id: GroupId) => void): Promise<void> {
    let list: TokenList;
    let certificates: TokenCertificate[];
    try {
      list = await agent!.listTokens({ refresh: true });
      put('drivers', driverItems(list));
      put('tokens', tokenItems(list));
      if (list.tokens.length === 0) return;
      put('pins', pinItems(list));
      step('certificates');
      certificates = await agent!.listCertificates();
    } catch (error) {
      put('tokens', [unreachableItem(asAgentProblem(error), agent!.address)]);
      return;
    }
    put('certificates', certificateItems(list, certificates, Date.now()));
    step('trust');
    const judged = await Promise.all(certificates.slice(0, kMostJudged).map(askPlatform));
    if (judged.length > 0) put('trust', judged);
    if (mine === round) trials.value = trialsOf(certificates);
  }

  async function tryOut(trial: Trial): Promise<void> {
    const mine = round;
    if (!agent || trying.value) return;
    trying.value = true;
    try {
      const items = await runTrial(agent, trial, purpose());
      const pins = await agent.listTokens().then(pinItems, () => null); // the trial may have used up tries
      if (mine !== round) return;
      const others = groups.value.map((one) => (one.id === 'pins' && pins ? { ...one, items: pins } : one)).filter(({ id }) => id !== 'trial');
      groups.value = [...others, { id: 'trial', items }];
    } finally {
      trying.value = false;
    }
  }

  function end(): void {
    agent?.close();
    agent = null;
  }

  return {
    groups,
    running,
    reference,
    startedAt,
    trials,
    trying,
    items: computed(() => groups.value.flatMap(({ items }) => items)),
    deciding: computed(() => worst(groups.value.flatMap(({ items }) => items))),
    start,
    tryOut,
    end,
    report: () => makeReport(reference.value, startedAt.value, groups.value),
  };
}
