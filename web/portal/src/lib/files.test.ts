import { describe, expect, it } from 'vitest';
import { arrange } from './files';

const file = (name: string) => new File(['x'], name);
const names = (files: string[]) => {
  const selection = arrange(files.map(file));
  return selection && [selection.file.name, selection.content?.name, ...selection.chain.map((item) => item.name)];
};

describe('arrange', () => {
  it('judges a single file whatever it is called', () => {
    expect(names(['a.pdf'])).toEqual(['a.pdf', undefined]);
    expect(arrange([])).toBeNull();
  });

  it('takes the other file beside a signature for its content, in either order', () => {
    expect(names(['bid.ofd', 'bid.ofd.p7s'])).toEqual(['bid.ofd.p7s', 'bid.ofd']);
    expect(names(['bid.p7s', 'bid.ofd', 'ca.cer'])).toEqual(['bid.p7s', 'bid.ofd', 'ca.cer']);
  });

  it('takes further certificates for chain candidates', () => {
    expect(names(['leaf.cer', 'sub.crt', 'root.PEM'])).toEqual(['leaf.cer', undefined, 'sub.crt', 'root.PEM']);
  });

  it('does not guess between two possible contents', () => {
    expect(names(['a.sig', 'b.txt', 'c.txt'])).toEqual(['a.sig', undefined]);
  });
});
