import { describe, expect, it } from 'vitest';
import { isCitizenNumber, isCreditCode, isDnsName, isEmail, isPhone, numberKind, regionName, separated, tidyNumber } from './checks';

describe('numbers', () => {
  it('knows credit codes by their check character (GB 32100)', () => {
    expect(isCreditCode('91350100M000100Y43')).toBe(true);
    expect(isCreditCode('91350100M000100Y44')).toBe(false);
    expect(isCreditCode('91350100M000100Y4')).toBe(false);
    expect(isCreditCode('9135010OM000100Y43')).toBe(false);
  });

  it('knows citizen numbers by date and check character (GB 11643)', () => {
    expect(isCitizenNumber('11010519491231002X')).toBe(true);
    expect(isCitizenNumber('440524188001010014')).toBe(false); // before 1900
    expect(isCitizenNumber('110105194912310021')).toBe(false);
    expect(isCitizenNumber('110105194902310020')).toBe(false); // 31 February
  });

  it('tells which one a text is, as people type it', () => {
    expect(numberKind(tidyNumber(' 91350100 m000100y43'))).toBe('credit_code');
    expect(numberKind(tidyNumber('110105 19491231 002x'))).toBe('citizen_number');
    expect(numberKind('12345')).toBeNull();
  });
});

it('knows telephone numbers and addresses', () => {
  expect(['13800138000', '0471-4812345', '+8613800138000'].every(isPhone)).toBe(true);
  expect(['1380013800', 'abc', ''].some(isPhone)).toBe(false);
  expect(isEmail('a@b.cn')).toBe(true);
  expect(['a@b', 'a b@c.cn', 'a@.cn'].some(isEmail)).toBe(false);
});

it('knows names of hosts', () => {
  expect(['ca.example', 'a-b.c1.example', '*.trading.example', `${'a'.repeat(63)}.cn`].every(isDnsName)).toBe(true);
  expect(['', 'localhost', '1 2.cn', '-a.cn', 'a-.cn', 'a..cn', 'a.*.cn', 'http://a.cn', '电.cn', `${'a'.repeat(64)}.cn`].some(isDnsName)).toBe(false);
  expect(separated(' a.cn, b.cn\nc.cn，d.cn ')).toEqual(['a.cn', 'b.cn', 'c.cn', 'd.cn']);
});

it('calls leagues and cities by their names, everything else by its code', () => {
  expect(regionName('152500', 'zh')).toBe('锡林郭勒盟');
  expect(regionName('152500', 'en')).toBe('Xilingol League');
  expect(regionName('150102', 'en')).toBe('150102');
});
