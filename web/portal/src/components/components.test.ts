import { mount } from '@vue/test-utils';
import { afterEach, describe, expect, it } from 'vitest';
import { Problem } from '@/api/problem';
import { setLocale } from '@/i18n';
import { certificates, makeFinding, makeReport } from '@/testing/report';
import CertificateDrawer from './CertificateDrawer.vue';
import ChainDiagram from './ChainDiagram.vue';
import DropZone from './DropZone.vue';
import FindingList from './FindingList.vue';
import ProblemNotice from './ProblemNotice.vue';
import TimestampDetails from './TimestampDetails.vue';
import VerdictCard from './VerdictCard.vue';

const { leaf, sub, root } = certificates;
const at = '2027-01-01T00:00:00Z';
afterEach(() => setLocale('zh'));

describe('VerdictCard', () => {
  it('says the verdict as word, sentence, time and list number', () => {
    const text = mount(VerdictCard, { props: { report: makeReport() } }).text();
    for (const part of ['有效', '未被吊销', '2027-01-01 08:00:00', '第 7 号']) expect(text).toContain(part);
  });

  it('gives the deciding finding as the reason, in the language chosen', () => {
    const report = makeReport({ indication: 'invalid', findings: [makeFinding('error', 'path.expired', 'chain[0]')] });
    expect(mount(VerdictCard, { props: { report } }).find('.reason').text()).toBe('中文 path.expired');
    setLocale('en');
    expect(mount(VerdictCard, { props: { report } }).find('.reason').text()).toBe('English path.expired');
  });

  it('admits that there was no trust list', () => {
    const report = makeReport({ indication: 'indeterminate', trust_list: null });
    expect(mount(VerdictCard, { props: { report } }).text()).toContain('无可用的信任列表');
  });
});

describe('ChainDiagram', () => {
  const draw = (props: { chain: (typeof leaf)[]; findings?: ReturnType<typeof makeFinding>[] }) =>
    mount(ChainDiagram, { props: { findings: [], at, ...props }, global: { stubs: { CertificateDrawer: true } } });

  it('draws every certificate and every signature between them', () => {
    const diagram = draw({ chain: [leaf, sub, root] });
    expect(diagram.findAll('.card')).toHaveLength(3);
    expect(diagram.findAll('.link.ok')).toHaveLength(2);
    expect(diagram.find('.open-end').exists()).toBe(false);
  });

  it('breaks the link whose signature is wrong', () => {
    const diagram = draw({ chain: [leaf, sub, root], findings: [makeFinding('error', 'path.signature_invalid', 'chain[0]')] });
    expect(diagram.findAll('.link').map((link) => link.classes().includes('bad'))).toEqual([true, false]);
    expect(diagram.find('.card').classes()).toContain('wrong');
  });

  it('leaves the end open when no trusted issuer was found', () => {
    const diagram = draw({ chain: [leaf] });
    expect(diagram.find('.open-end').text()).toContain('演示CA甲 SM2 CA1');
    expect(diagram.findAll('.link.unknown')).toHaveLength(1);
  });

  it('draws a root of the trust list as the anchor, even when it is what was judged', () => {
    const diagram = draw({ chain: [root], findings: [makeFinding('warning', 'profile.criticality', 'chain[0]')] });
    expect(diagram.find('.open-end').exists()).toBe(false);
    expect(diagram.find('.card').text()).toContain('受信任');
  });

  it('does not call a self-signed certificate the missing issuer of itself', () => {
    const text = draw({ chain: [{ ...root, role: 'end_entity' }], findings: [makeFinding('undecided', 'path.untrusted_root', 'chain[0]')] }).find('.open-end').text();
    expect(text).toContain('不在信任列表中');
    expect(text).not.toContain('缺少');
  });

  it('opens a certificate whose bytes were not kept', () => {
    const drawn = (certificate: typeof leaf) =>
      mount(CertificateDrawer, {
        props: { certificate, findings: [], at },
        global: { stubs: { ElDrawer: { template: '<div><slot name="header" title-id="x" /><slot /></div>' } } },
      }).text();
    expect(drawn(leaf)).toContain('下载证书');
    const kept = drawn({ ...leaf, der: undefined });
    expect(kept).toContain('保护个人信息');
    expect(kept).not.toContain('下载证书');
  });

  it('says "revoked" in words', () => {
    expect(draw({ chain: [{ ...leaf, status: 'revoked' }, sub, root] }).find('.card').text()).toContain('已吊销');
  });

  it('says "trusted" of an anchor only', () => {
    const cards = draw({ chain: [leaf, sub, root] }).findAll('.card');
    expect(cards.map((card) => card.text().includes('受信任'))).toEqual([false, false, true]);
  });
});

describe('FindingList', () => {
  it('puts the gravest first and shows code, clause and place in words', () => {
    const findings = [makeFinding('info', 'i'), makeFinding('error', 'e', 'chain[1].validity')];
    const list = mount(FindingList, { props: { findings, chain: [leaf, sub, root] } });
    expect(list.findAll('li').map((item) => item.attributes('data-code'))).toEqual(['e', 'i']);
    for (const part of ['RFC 5280 6.1', '演示CA甲 SM2 CA1', 'chain[1].validity']) expect(list.find('li').text()).toContain(part);
  });
});

describe('ProblemNotice', () => {
  it('says what to do next and the number to quote', () => {
    const problem = new Problem({ code: 'upload.too_large', status: 413, reference: 'req-9' });
    const text = mount(ProblemNotice, { props: { problem } }).text();
    expect(text).toContain('请选择较小的文件');
    expect(text).toContain('req-9');
  });

  it('has advice for codes it has never heard of', () => {
    const advice = (status: number) => mount(ProblemNotice, { props: { problem: new Problem({ code: 'new.code', status }) } }).text();
    expect(advice(500)).toContain('平台内部出错');
    expect(advice(422)).toContain('平台未接受这次请求');
    expect(advice(404)).toContain('没有这项内容');
  });

  it('offers to try again only what may succeed', () => {
    const button = (status: number) => mount(ProblemNotice, { props: { problem: new Problem({ code: 'x', status }), retry: true } }).find('button');
    expect([0, 413, 422, 503].map((status) => button(status).exists())).toEqual([true, false, false, true]);
  });
});

describe('DropZone', () => {
  it('hands over the files dropped on it', async () => {
    const zone = mount(DropZone);
    const file = new File(['x'], 'a.cer');
    await zone.find('.holder').trigger('drop', { dataTransfer: { files: [file] } });
    expect(zone.emitted('files')).toEqual([[[file]]]);
  });

  it('ignores a drop without files', async () => {
    const zone = mount(DropZone);
    await zone.find('.holder').trigger('drop', { dataTransfer: { files: [] } });
    expect(zone.emitted('files')).toBeUndefined();
  });
});

describe('TimestampDetails', () => {
  const stamp = { time: at, serial: '01', policy: '1.2.3', imprint_algorithm: 'SM3', tsa: 'CN=TSA' };

  it.each([
    [true, '一致'],
    [false, '不一致'],
    [null, '未提供原文，未核对'],
  ])('says whether the content fits: %s', (matches, words) => {
    const text = mount(TimestampDetails, { props: { timestamp: { ...stamp, imprint_matches: matches } } }).text();
    expect(text).toContain(`与原文 ${words}`);
  });
});
