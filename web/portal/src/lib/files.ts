/** How files dropped together are understood: which is judged, which help. */
export interface Selection {
  file: File;
  content?: File;
  chain: File[];
}

const kSignature = /\.(p7s|p7|sig|sign|tsr|tst)$/i;
const kCertificate = /\.(cer|crt|pem|der|p7b|p7c)$/i;

/**
 * One file is judged as it is. Beside a signature file one other file is its content. Otherwise the first
 * file is judged and the certificates among the rest are chain candidates. Null for nothing to judge.
 */
export function arrange(files: File[]): Selection | null {
  const [first] = files;
  if (!first) return null;
  const signature = files.find((file) => kSignature.test(file.name));
  const file = signature ?? first;
  const rest = files.filter((other) => other !== file);
  const chain = rest.filter((other) => kCertificate.test(other.name));
  const contents = rest.filter((other) => !chain.includes(other));
  return signature && contents.length === 1 ? { file, content: contents[0], chain } : { file, chain };
}
