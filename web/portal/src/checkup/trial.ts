import { asAgentProblem, type Agent, type Place, type TokenCertificate } from '@hutong/sdk';
import { item, problemEvidence, problemText, type Item, type ItemCode } from './items';

const kTrialOctets = 4096;

/** What is tried with one container, and the certificates that stand in it. */
export interface Trial {
  place: Place;
  signature: TokenCertificate;
  encryption?: TokenCertificate;
}

const samePlace = (one: Place, other: Place) =>
  one.token === other.token && one.application === other.application && one.container === other.container;

/** One trial for each container with a signature certificate. */
export function trialsOf(certificates: TokenCertificate[]): Trial[] {
  return certificates
    .filter(({ use }) => use === 'signature')
    .map((signature) => ({
      place: { token: signature.token, application: signature.application, container: signature.container },
      signature,
      encryption: certificates.find((one) => one.use === 'encryption' && samePlace(one, signature)),
    }));
}

async function timed(code: ItemCode, failed: ItemCode, work: () => Promise<boolean>): Promise<Item> {
  const start = performance.now();
  try {
    const good = await work();
    const ms = Math.round(performance.now() - start);
    return good ? item('good', code, { ms }) : item('bad', failed, { problem: { zh: '结果不符', en: 'the result is wrong' } });
  } catch (error) {
    const problem = asAgentProblem(error);
    return item('bad', failed, { problem: problemText(problem) }, problemEvidence(problem));
  }
}

/** Logs in (the agent asks for the PIN), signs and verifies, encrypts and decrypts something random. */
export async function runTrial(agent: Agent, trial: Trial, purpose: string, signal?: AbortSignal): Promise<Item[]> {
  const options = { purpose, signal };
  try {
    await agent.login(trial.place, options);
  } catch (error) {
    const problem = asAgentProblem(error);
    const tries = problem.triesLeft === undefined ? '' : ` (${problem.triesLeft})`;
    return [item('bad', 'trial.login', { problem: { zh: problem.titleZh + tries, en: problem.title + tries } }, problemEvidence(problem))];
  }
  const content = crypto.getRandomValues(new Uint8Array(kTrialOctets));
  const signed = await timed('trial.signed', 'trial.sign_failed', async () => {
    const { signature } = await agent.signData(trial.place, content, options);
    return agent.verifyData(content, signature, { certificate: trial.signature.certificate }, options);
  });
  const { encryption } = trial;
  if (!encryption) return [signed, item('note', 'trial.no_encryption')];
  const opened = await timed('trial.opened', 'trial.open_failed', async () => {
    const envelope = await agent.encrypt([encryption.certificate], content, options);
    const again = await agent.decrypt(trial.place, envelope, options);
    return again.length === content.length && again.every((octet, index) => octet === content[index]);
  });
  return [signed, opened];
}
