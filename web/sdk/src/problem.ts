/** A problem as the agent writes it (docs/agent-protocol.md). */
export interface ProblemBody {
  code: string;
  title?: string;
  title_zh?: string;
  detail?: string;
  status?: number;
  tries_left?: number;
}

/**
 * A call that did not succeed. `code` is stable: those of the agent, its tokens and formats are listed in docs/agent-protocol.md, those
 * of the connection are the keys of `kOwn` below. `title` and `titleZh` are for the person in front of the page, `detail` is for the help
 * desk.
 */
export class AgentProblem extends Error {
  readonly code: string;
  readonly title: string;
  readonly titleZh: string;
  readonly detail: string;
  /** The HTTP status that fits; 0 when no agent answered. */
  readonly status: number;
  /** Tries left for the PIN in question. */
  readonly triesLeft: number | undefined;

  constructor(body: ProblemBody) {
    const known = kOwn[body.code];
    const title = body.title ?? known?.[0] ?? body.code;
    super(body.detail ? `${title}: ${body.detail}` : title);
    this.name = 'AgentProblem';
    this.code = body.code;
    this.title = title;
    this.titleZh = body.title_zh ?? known?.[1] ?? title;
    this.detail = body.detail ?? '';
    this.status = body.status ?? 0;
    this.triesLeft = body.tries_left;
  }
}

/** What the connection itself can say: English, Chinese. */
const kOwn: Record<string, readonly [string, string]> = {
  'agent.not_installed': [
    'No token agent has answered in this browser so far: install hutong-agent, or start it, and try again',
    '此浏览器中尚未有证书助手应答：请安装并启动证书助手（hutong-agent）后重试',
  ],
  'agent.not_running': [
    'The token agent does not answer: start hutong-agent and try again',
    '证书助手没有应答：请启动证书助手（hutong-agent）后重试',
  ],
  'agent.origin_refused': [
    'The token agent refuses this website: its address must begin with https:// and the policy must not exclude it',
    '证书助手拒绝了本网站：网址须以 https:// 开头，且未被本机策略排除',
  ],
  'agent.connection_refused': [
    'The token agent is there and takes no further connection: close other pages that use it and try again',
    '证书助手正在运行，但不再接受新的连接：请关闭其他正在使用它的网页后重试',
  ],
  'agent.other_protocol': [
    'The token agent speaks another version: update it',
    '证书助手的版本与本网站不符：请更新证书助手',
  ],
  'agent.connection_lost': [
    'The connection to the token agent broke: try again',
    '与证书助手的连接中断：请重试',
  ],
  'agent.aborted': ['The page gave the call up', '操作已取消'],
  'agent.closed': ['The page has closed the connection to the token agent', '网页已关闭与证书助手的连接'],
};

export function asAgentProblem(error: unknown): AgentProblem {
  if (error instanceof AgentProblem) return error;
  return new AgentProblem({ code: 'agent.unexpected', detail: error instanceof Error ? error.message : String(error) });
}
