import { computed, reactive, ref, shallowRef } from 'vue';
import { fetchExampleFile, validate, type ValidationInput } from '@/api/client';
import { asProblem, type Problem } from '@/api/problem';
import type { Example, Indication, Report, RevocationMode } from '@/api/types';
import { arrange } from '@/lib/files';
import { beijingToRfc3339 } from '@/lib/time';

export interface Options {
  /** Wall clock in Beijing, "2026-11-22T18:00:00"; empty for now. */
  at: string;
  revocation: RevocationMode | '';
  content: File | null;
  chain: File[];
}

type Stage = 'idle' | 'preparing' | 'uploading' | 'judging';

const options = reactive<Options>({ at: '', revocation: '', content: null, chain: [] });
const stage = ref<Stage>('idle');
const uploaded = ref(0);
const fileName = ref('');
const problem = shallowRef<Problem | null>(null);
const report = shallowRef<Report | null>(null);
const lastInput = shallowRef<ValidationInput | null>(null);
const expected = ref<Indication | null>(null);
let running: AbortController | null = null;
let retryLast: (() => Promise<Report | null>) | null = null;

function inputFor(files: File[]): ValidationInput | null {
  const selection = arrange(files);
  if (!selection) return null;
  return withOptions({ file: selection.file, content: selection.content, chain: selection.chain });
}

function withOptions(base: ValidationInput): ValidationInput {
  return {
    file: base.file,
    content: options.content ?? base.content,
    chain: [...(base.chain ?? []), ...options.chain.filter((file) => !base.chain?.includes(file))],
    at: options.at ? beijingToRfc3339(options.at) : undefined,
    revocation: options.revocation || undefined,
  };
}

async function run(makeInput: () => Promise<ValidationInput | null>, expects: Indication | null): Promise<Report | null> {
  running?.abort();
  const mine = (running = new AbortController());
  retryLast = () => run(makeInput, expects);
  problem.value = null;
  uploaded.value = 0;
  stage.value = 'preparing';
  try {
    const input = await makeInput();
    if (!input || mine.signal.aborted) return null;
    fileName.value = input.file.name;
    stage.value = 'uploading';
    const result = await validate(input, (sent) => showProgress(mine, sent), mine.signal);
    if (running !== mine) return null;
    [report.value, lastInput.value, expected.value] = [result, input, expects];
    return result;
  } catch (error) {
    const found = asProblem(error);
    if (running === mine && found.code !== 'portal.cancelled') problem.value = found;
    return null;
  } finally {
    if (running === mine) stage.value = 'idle';
  }
}

function showProgress(owner: AbortController, sent: number): void {
  if (running !== owner) return;
  uploaded.value = sent;
  if (sent >= 1) stage.value = 'judging';
}

async function exampleInput(example: Example): Promise<ValidationInput> {
  fileName.value = example.name;
  const [file, content] = await Promise.all([
    fetchExampleFile(example.name),
    example.content ? fetchExampleFile(example.content) : undefined,
  ]);
  return { file, content };
}

/**
 * The one verification in progress or just finished. State is shared by the start page, where it begins,
 * and the report page, where it ends; a second start replaces the first.
 */
export function useVerification() {
  return {
    options,
    stage,
    uploaded,
    fileName,
    problem,
    report,
    lastInput,
    expected,
    busy: computed(() => stage.value !== 'idle'),
    optionCount: computed(
      () => Number(options.at !== '') + Number(options.revocation !== '') + Number(options.content !== null) + Number(options.chain.length > 0),
    ),
    verifyFiles: (files: File[]) => run(async () => inputFor(files), null),
    verifyExample: (example: Example) => run(() => exampleInput(example), example.expected),
    verifyAgain: (content?: File) => {
      const previous = lastInput.value;
      if (!previous) return Promise.resolve(null);
      return run(async () => withOptions({ file: previous.file, content: content ?? previous.content, chain: previous.chain }), null);
    },
    retry: () => (retryLast ? retryLast() : Promise.resolve(null)),
    cancel: () => running?.abort(),
    resetOptions: () => Object.assign(options, { at: '', revocation: '', content: null, chain: [] }),
    forget: () => {
      running?.abort();
      [report.value, lastInput.value, expected.value, problem.value] = [null, null, null, null];
    },
  };
}
