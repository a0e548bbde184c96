/**
 * Copies text. Pages served over plain HTTP have no clipboard API; there the older command does it. False
 * when the browser refuses both.
 */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

function copyBySelection(text: string): boolean {
  const holder = document.createElement('textarea');
  const focused = document.activeElement as HTMLElement | null;
  holder.value = text;
  holder.className = 'visually-hidden';
  document.body.append(holder);
  holder.select();
  try {
    return document.execCommand('copy');
  } catch {
    return false;
  } finally {
    holder.remove();
    focused?.focus();
  }
}

const kPem = /-----BEGIN [A-Z0-9 ]+-----/;
const kBase64 = /^[A-Za-z0-9+/\s]{64,}={0,2}\s*$/;

/** What a paste brings to be judged: files, or text that is PEM or base64; empty when neither. */
export function pastedFiles(data: DataTransfer | null): File[] {
  const files = Array.from(data?.files ?? []);
  if (files.length > 0) return files;
  const text = data?.getData('text/plain') ?? '';
  return kPem.test(text) || kBase64.test(text) ? [new File([text], 'pasted.txt', { type: 'text/plain' })] : [];
}
